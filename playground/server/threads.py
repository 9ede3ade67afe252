"""/threads: create, read, search, change; state, history."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from playground.runs.threads import BadUpdate
from playground.server.answers import answer, checked_id, page
from playground.server.services import Services, Use
from playground.store.errors import Conflict, Invalid

JSON = dict[str, Any]

router = APIRouter(prefix="/threads", tags=["threads"])


class Create(BaseModel):
    thread_id: str | None = None
    metadata: JSON = {}
    if_exists: Literal["raise", "do_nothing"] = "raise"
    supersteps: list[Any] | None = None


class Change(BaseModel):
    metadata: JSON = {}


class Filter(BaseModel):
    metadata: JSON | None = None
    values: JSON | None = None
    status: Literal["idle", "busy", "interrupted", "error"] | None = None
    ids: list[str] | None = None


class Search(Filter):
    limit: Annotated[int, Field(ge=1, le=1000)] = 10
    offset: Annotated[int, Field(ge=0)] = 0
    sort_by: Literal["thread_id", "status", "created_at", "updated_at", "state_updated_at"] | None = None
    sort_order: Literal["asc", "desc"] | None = None
    select: list[str] | None = None


class StateUpdate(BaseModel):
    values: JSON | list[JSON] | None = None
    as_node: str | None = None
    checkpoint: JSON | None = None
    checkpoint_id: str | None = None


class AtCheckpoint(BaseModel):
    checkpoint: JSON
    subgraphs: bool = False


class History(BaseModel):
    limit: Annotated[int, Field(ge=1, le=1000)] = 1
    before: JSON | None = None
    metadata: JSON | None = None
    checkpoint: JSON | None = None


@router.post("")
async def create(body: Create, use: Use) -> Response:
    if body.supersteps:
        raise Invalid("Making a thread from supersteps is not supported: create it, then update its state.")
    row = await use.database.call(
        use.database.threads.create, thread_id=body.thread_id, metadata=body.metadata, if_exists=body.if_exists
    )
    return answer(await _whole(use, row))


@router.post("/search")
async def search(body: Search, use: Use) -> Response:
    with_values = body.select is None or "values" in body.select
    # Values live in the threads' own files; the id finds them, whatever is selected.
    select = body.select and [*body.select, "thread_id"]
    rows, next_offset = await use.database.call(use.database.threads.search, **body.model_dump() | {"select": select})
    if with_values:
        rows = [await _whole(use, row) for row in rows]
    if body.select:
        rows = [{key: row[key] for key in body.select} for row in rows]
    return page(rows, offset=body.offset, next_offset=next_offset)


@router.post("/count")
async def count(body: Filter, use: Use) -> Response:
    return answer(await use.database.call(use.database.threads.count, **body.model_dump(exclude={"ids"})))


@router.get("/{thread_id}")
async def get(thread_id: str, use: Use) -> Response:
    return answer(await _whole(use, use.database.threads.get(checked_id("thread", thread_id))))


@router.patch("/{thread_id}")
async def update(thread_id: str, body: Change, use: Use) -> Response:
    thread_id = checked_id("thread", thread_id)
    row = await use.database.call(use.database.threads.update, thread_id, metadata=body.metadata)
    return answer(await _whole(use, row))


@router.delete("/{thread_id}", status_code=204)
async def delete(thread_id: str, use: Use) -> Response:
    thread_id = checked_id("thread", thread_id)
    use.database.threads.get(thread_id)
    await use.engine.stop_thread(thread_id)
    await use.database.call(use.database.threads.delete, thread_id)
    return Response(status_code=204)


@router.get("/{thread_id}/state")
async def state(thread_id: str, use: Use, subgraphs: bool = False) -> Response:
    return answer(await use.states.get(checked_id("thread", thread_id), subgraphs=subgraphs))


@router.get("/{thread_id}/state/{checkpoint_id}")
async def state_at(thread_id: str, checkpoint_id: str, use: Use, subgraphs: bool = False) -> Response:
    checkpoint = {"checkpoint_id": checkpoint_id}
    return answer(await use.states.get(checked_id("thread", thread_id), checkpoint, subgraphs=subgraphs))


@router.post("/{thread_id}/state/checkpoint")
async def state_at_checkpoint(thread_id: str, body: AtCheckpoint, use: Use) -> Response:
    return answer(await use.states.get(checked_id("thread", thread_id), body.checkpoint, subgraphs=body.subgraphs))


@router.post("/{thread_id}/state")
async def update_state(thread_id: str, body: StateUpdate, use: Use) -> Response:
    thread_id = checked_id("thread", thread_id)
    if use.engine.is_busy(thread_id):
        raise Conflict(f"Thread {thread_id} has in-flight runs: wait for them to finish or stop them first.")
    if isinstance(body.values, list):
        raise BadUpdate("State values must be an object; several updates at once are not supported.")
    checkpoint = body.checkpoint or ({"checkpoint_id": body.checkpoint_id} if body.checkpoint_id else None)
    return answer(await use.states.update(thread_id, body.values, as_node=body.as_node, checkpoint=checkpoint))


@router.post("/{thread_id}/history")
async def history(thread_id: str, body: History, use: Use) -> Response:
    return answer(await use.states.history(checked_id("thread", thread_id), **body.model_dump()))


@router.get("/{thread_id}/history")
async def get_history(
    thread_id: str,
    use: Use,
    limit: Annotated[int, Query(ge=1, le=1000)] = 1,
    before: Annotated[str | None, Query()] = None,
) -> Response:
    checkpoint = {"checkpoint_id": before} if before else None
    return answer(await use.states.history(checked_id("thread", thread_id), limit=limit, before=checkpoint))


async def _whole(use: Services, row: JSON) -> JSON:
    """A thread's row with its values, which are kept in the thread's own file."""
    return {**row, "values": await use.database.call(use.database.threads.values, row["thread_id"])}
