"""/threads: create, read, search, change, copy, prune, delete."""

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query
from pydantic import BaseModel
from starlette.responses import Response

from playground.runs.supersteps import create_from
from playground.server.answers import answer, checked_id, page
from playground.server.bodies import JSONRoute
from playground.server.fields import JSON, Id, Minutes, ThreadId, left_out
from playground.server.services import Services, Use
from playground.server.shapes import PAGE_HEADERS, Pruned, SelectedThread, Thread, ok
from playground.server.thread_search import ThreadFilter, ThreadSearch, found
from playground.store.errors import Conflict, NotFound
from playground.store.threads import FIELDS

router = APIRouter(prefix="/threads", tags=["threads"], route_class=JSONRoute)


class TimeToLive(BaseModel):
    """When a thread is deleted, or pruned to its latest state: `ttl` minutes from now."""

    strategy: Literal["delete", "keep_latest"] = "delete"
    ttl: Minutes


class SuperstepUpdate(BaseModel):
    """One write to a state."""

    values: JSON | list[JSON] | None = None
    command: JSON | None = None
    as_node: str


class Superstep(BaseModel):
    """Writes that are applied together, as one step."""

    updates: list[SuperstepUpdate]


class ThreadCreate(BaseModel):
    """`supersteps`: the history that it begins with; they need `metadata.graph_id`."""

    thread_id: Id = left_out()
    metadata: JSON = {}
    if_exists: Literal["raise", "do_nothing"] = "raise"
    ttl: TimeToLive = left_out()
    supersteps: list[Superstep] = []


class ThreadChange(BaseModel):
    """`metadata` is merged, a `ttl` counts from now."""

    metadata: JSON = {}
    ttl: TimeToLive = left_out()


class ThreadPrune(BaseModel):
    """`delete` the threads, or of each `keep_latest` its newest state."""

    thread_ids: list[Id]
    strategy: Literal["delete", "keep_latest"] = "delete"


@router.post("", responses=ok(Thread))
async def create(body: ThreadCreate, use: Use) -> Response:
    """A new thread; `if_exists` says what to do about an id that is taken."""
    thread_id = checked_id("thread", body.thread_id) if body.thread_id else None
    given: JSON = {"metadata": body.metadata, "ttl": body.ttl.model_dump() if body.ttl else None}
    if body.supersteps and not (body.if_exists == "do_nothing" and _exists(use, thread_id)):
        supersteps = [step.model_dump()["updates"] for step in body.supersteps]
        row = await create_from(use.database, use.states, supersteps, thread_id=thread_id, **given)
    else:
        make = use.database.threads.create
        row = await use.database.call(make, thread_id=thread_id, if_exists=body.if_exists, **given)
    use.expiry.reconsider()
    return answer(await _whole(use, row))


@router.post("/search", responses=ok(list[SelectedThread], headers=PAGE_HEADERS))
async def search(body: ThreadSearch, use: Use) -> Response:
    """A page of threads, the last changed first."""
    # Reading many files must not hold up what waits for the store's own thread.
    in_thread = asyncio.to_thread if body.values else use.database.call
    rows, next_offset = await in_thread(found, use.database, body)
    return page(rows, offset=body.offset, next_offset=next_offset)


@router.post("/count", responses=ok(int))
async def count(body: ThreadFilter, use: Use) -> Response:
    """How many threads match."""
    in_thread = asyncio.to_thread if body.values else use.database.call
    return answer(await in_thread(use.database.threads.count, **body.model_dump()))


@router.post("/prune", responses=ok(Pruned))
async def prune(body: ThreadPrune, use: Use) -> Response:
    """Delete threads, or their history; those that aren't there are left out of the count."""
    ids = list(dict.fromkeys(checked_id("thread", thread_id) for thread_id in body.thread_ids))
    there = [thread_id for thread_id in ids if _exists(use, thread_id)]
    if body.strategy == "keep_latest":
        if busy := [thread_id for thread_id in there if use.engine.is_busy(thread_id)]:
            raise Conflict(f"Thread {busy[0]} has in-flight runs: wait for them to finish or stop them first.")
        await asyncio.to_thread(lambda: use.database.checkpoints.prune(there))
    else:
        for thread_id in there:
            await _delete(use, thread_id)
    return answer({"pruned_count": len(there)})


@router.get("/{thread_id}", responses=ok(Thread))
async def get(thread_id: ThreadId, use: Use, include: Annotated[str, Query()] = "") -> Response:
    """A thread; `include=ttl` adds its time to live."""
    row = use.database.threads.get(checked_id("thread", thread_id))
    with_ttl = "ttl" in [name.strip() for name in include.split(",")]
    return answer(await _whole(use, row, with_ttl=with_ttl))


@router.patch("/{thread_id}", responses=ok(Thread) | {204: {"description": "With the header Prefer: return=minimal"}})
async def update(thread_id: ThreadId, body: ThreadChange, use: Use, prefer: Annotated[str, Header()] = "") -> Response:
    """Change a thread's metadata, or its time to live."""
    thread_id = checked_id("thread", thread_id)
    ttl = body.ttl.model_dump() if body.ttl else None
    row = await use.database.call(use.database.threads.update, thread_id, metadata=body.metadata, ttl=ttl)
    use.expiry.reconsider()
    return Response(status_code=204) if prefer == "return=minimal" else answer(await _whole(use, row))


@router.delete("/{thread_id}", status_code=204)
async def delete(thread_id: ThreadId, use: Use) -> Response:
    """Delete a thread with its runs and checkpoints; a run in flight is stopped."""
    thread_id = checked_id("thread", thread_id)
    use.database.threads.get(thread_id)
    await _delete(use, thread_id)
    return Response(status_code=204)


@router.post("/{thread_id}/copy", responses=ok(Thread))
async def copy(thread_id: ThreadId, use: Use) -> Response:
    """A new thread with the metadata and the whole history of this one."""
    row = await asyncio.to_thread(use.database.threads.copy, checked_id("thread", thread_id))
    return answer(await _whole(use, row))


async def _delete(use: Services, thread_id: str) -> None:
    while use.engine.is_busy(thread_id):  # one may be started while another one is being stopped
        await use.engine.stop_thread(thread_id)
    # Taken up in this very moment: a run that is started from now on finds no thread.
    await use.database.call(use.database.threads.delete, thread_id)


def _exists(use: Services, thread_id: str | None) -> bool:
    try:
        return thread_id is not None and bool(use.database.threads.get(thread_id))
    except NotFound:
        return False


async def _whole(use: Services, row: JSON, *, with_ttl: bool = False) -> JSON:
    """A thread's row with its values, which are kept in the thread's own file."""
    values = await use.database.call(use.database.threads.values, row["thread_id"])
    shown = (*FIELDS, "ttl") if with_ttl else FIELDS
    return {key: row[key] for key in shown if row.get(key) is not None or key in FIELDS} | {"values": values}
