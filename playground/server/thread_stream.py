"""/threads/{id}/stream: what happens on a thread, as it happens."""

import re
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Query
from orjson import loads
from starlette.responses import Response

from playground.runs.events import Event
from playground.runs.feeds import Follower
from playground.server import sse
from playground.server.answers import checked_id
from playground.server.bodies import JSONRoute
from playground.server.fields import ThreadId
from playground.server.services import Use
from playground.store.errors import Invalid

MODES = ("run_modes", "lifecycle", "state_update")
_EVENT_ID = re.compile(r"\d{1,15}(-(\d{1,10}|\*))?|-")

router = APIRouter(prefix="/threads/{thread_id}", tags=["threads"], route_class=JSONRoute)


@router.get("/stream", responses={200: {"description": "Server-sent events", "content": {"text/event-stream": {}}}})
async def join_stream(
    thread_id: ThreadId,
    use: Use,
    stream_mode: Annotated[list[str] | None, Query()] = None,
    stream_modes: Annotated[str | None, Query()] = None,
    last_event_id: Annotated[str | None, Header()] = None,
) -> Response:
    """The events of the thread's runs, and its state updates, from now on or after the event with an id."""
    thread_id = checked_id("thread", thread_id)
    if last_event_id and not _EVENT_ID.fullmatch(last_event_id):
        raise Invalid("Invalid last-event-id: must be a valid Redis stream ID")
    # The SDK sends the first, LangGraph Server reads the second.
    chosen = [*(stream_mode or ()), *(mode.strip() for mode in (stream_modes or "").split(","))]
    modes = frozenset(filter(None, chosen)) or frozenset({"run_modes"})
    if unknown := modes.difference(MODES):
        raise Invalid(f"Invalid stream mode: {min(unknown)}")
    use.database.threads.get(thread_id)
    return sse.respond(_frames(use.feeds.follow(thread_id, last_event_id or None), modes))


async def _frames(follower: Follower, modes: frozenset[str]) -> AsyncIterator[bytes]:
    async for batch in follower.read():
        pieces = [sse.frame(event, event_id) for event, event_id in batch if _wanted(event, modes)]
        if pieces:
            yield b"".join(pieces)


def _wanted(event: Event, modes: frozenset[str]) -> bool:
    if event.name == "state_update":
        return "state_update" in modes
    return "run_modes" in modes or ("lifecycle" in modes and event.name == "metadata" and "run_id" in loads(event.data))
