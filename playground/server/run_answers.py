"""What runs answer: their rows, their events, their values once they have ended."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any, Literal

from starlette.responses import Response, StreamingResponse

from playground.runs.answer import INTERRUPT
from playground.runs.encode import to_json
from playground.runs.execute import Outcome
from playground.runs.job import Job
from playground.server import sse
from playground.server.services import Services
from playground.store.errors import Invalid

JSON = dict[str, Any]


def shown(row: JSON) -> JSON:
    """A run's row; it has an `error` only if there was one."""
    return row if row.get("error") else {key: value for key, value in row.items() if key != "error"}


def streamed(use: Services, job: Job, *, cancels: bool) -> AsyncIterator[bytes]:
    """The run's events from the first on, for the client that started it."""
    events = sse.frames(job.log, awaited=True, ids=job.request.stream_resumable)
    return cancelling(use, job, events) if cancels else events


def rejoined(job: Job, last_event_id: str | None, modes: frozenset[str] | None) -> AsyncIterator[bytes]:
    """The events that come, of a resumable run also those after the one that the client saw last."""
    resumable = job.request.stream_resumable
    start = job.log.position(last_event_id) if resumable and last_event_id else len(job.log)
    return sse.frames(job.log, start=start, ids=resumable, modes=modes)


async def cancelling(use: Services, job: Job, events: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """`events`; a client that leaves before their end takes the run with it."""
    try:
        async for piece in events:
            yield piece
    finally:
        if not job.done.done():
            await use.engine.cancel(job.thread_id, job.run_id)


async def nothing() -> AsyncIterator[bytes]:
    """No events."""
    for piece in tuple[bytes, ...]():
        yield piece


def waiting(use: Services, job: Job, *, cancels: bool) -> Response:
    """The run's values, or its error, once it has ended; `cancels`: a client that leaves takes the run with it."""
    content = _result(job)
    if cancels:
        content = cancelling(use, job, content)
    return StreamingResponse(content, media_type="application/json", headers=headers_of(job, "join"))


async def _result(job: Job) -> AsyncIterator[bytes]:
    """The run's answer, with a line break now and then before it, so that no proxy gives up on a long run."""
    while not (await asyncio.wait([job.done], timeout=sse.HEARTBEAT))[0]:
        yield b"\n"
    yield to_json(_answered(job.done.result()))


def _answered(outcome: Outcome) -> Any:
    if outcome.error:
        return {"__error__": outcome.error}
    return {} if outcome.values is None else outcome.values


def ended(use: Services, run: JSON) -> Any:
    """What joining a run answers that is over: what its thread holds now."""
    if run.get("error"):
        return {"__error__": run["error"]}
    thread = use.database.threads.get(run["thread_id"])
    if thread["status"] == "interrupted" and thread["interrupts"]:
        return {INTERRUPT: [one for interrupts in thread["interrupts"].values() for one in interrupts]}
    return use.database.threads.values(run["thread_id"])


def headers_of(job: Job, also: Literal["join", "stream"]) -> dict[str, str]:
    """Where the run is, and where a client that lost its connection goes on."""
    return {"Content-Location": path_of(job), "Location": f"{path_of(job)}/{also}"}


def path_of(job: Job) -> str:
    """Where the run is."""
    return f"/threads/{job.thread_id}/runs/{job.run_id}"


def chosen_modes(given: list[str] | None) -> frozenset[str] | None:
    """The modes to stream, of `?stream_mode=a&stream_mode=b` or `?stream_mode=["a","b"]`; None for all.

    Raises Invalid.
    """
    modes: set[str] = set()
    for text in filter(None, given or ()):  # the SDK sends `stream_mode=` for all
        modes |= set(_listed(text)) if text.startswith("[") else {text}
    if not modes:
        return None
    if "messages-tuple" in modes:
        modes.add("messages")
    return frozenset(modes | {"error"})


def _listed(text: str) -> list[str]:
    try:
        listed = json.loads(text)
    except ValueError:
        listed = None
    if not isinstance(listed, list) or not all(isinstance(mode, str) for mode in listed):
        raise Invalid("stream_mode must be a mode, or a JSON list of modes.")
    return listed
