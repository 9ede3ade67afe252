"""/threads/{id}/state and /threads/{id}/history: what a thread's graph sees, now and at every checkpoint."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.responses import Response

from playground.runs.encode import to_json
from playground.runs.events import Event
from playground.server.answers import answer, checked_id
from playground.server.bodies import JSONRoute
from playground.server.fields import JSON, Limit, ThreadId, left_out
from playground.server.services import Use
from playground.server.shapes import ThreadState, WrittenState, ok
from playground.store.errors import Conflict, Invalid

Select = Annotated[list[str] | None, Query()]

STATE_FIELDS = (
    *("values", "next", "tasks", "metadata", "created_at", "checkpoint", "parent_checkpoint", "interrupts"),
    *("checkpoint_id", "parent_checkpoint_id"),
)

router = APIRouter(prefix="/threads/{thread_id}", tags=["threads"], route_class=JSONRoute)


class Checkpoint(BaseModel):
    """Which checkpoint: of the thread itself or of a subgraph (`checkpoint_ns`), the newest or the one with the id."""

    thread_id: str | None = None
    checkpoint_ns: str | None = None
    checkpoint_id: str | None = None
    checkpoint_map: JSON | None = None


class Before(Checkpoint):
    """A checkpoint, or a config that names one."""

    configurable: Checkpoint = left_out()


class StateUpdate(BaseModel):
    """`values` as the node `as_node` would write them, at the thread's head or, as a fork, at a checkpoint."""

    values: JSON | list[Any] | None = None
    as_node: str | None = None
    checkpoint: Checkpoint | None = None
    checkpoint_id: str | None = None


class StateAt(BaseModel):
    """`select`: fields of the state, `values.<key>` for one of its values."""

    checkpoint: Checkpoint
    subgraphs: bool = False
    select: list[str] | None = None


class HistorySearch(BaseModel):
    """`before`: a checkpoint, or its id; `metadata`: what a checkpoint's must have; `checkpoint`: of which subgraph."""

    limit: Limit = 1
    before: str | Before = left_out()
    metadata: JSON = left_out()
    checkpoint: Checkpoint = left_out()
    select: list[str] | None = None


@router.get("/state", responses=ok(ThreadState))
async def state(thread_id: ThreadId, use: Use, subgraphs: bool = False, select: Select = None) -> Response:
    """The newest state; `subgraphs` adds those of subgraphs that are waiting."""
    _check(select)
    found = await use.states.get(checked_id("thread", thread_id), subgraphs=subgraphs)
    return answer(selected(found, select))


@router.get("/state/{checkpoint_id}", responses=ok(ThreadState))
async def state_at(
    thread_id: ThreadId, checkpoint_id: str, use: Use, subgraphs: bool = False, select: Select = None
) -> Response:
    """The state at a checkpoint."""
    _check(select)
    checkpoint = {"checkpoint_id": checkpoint_id}
    found = await use.states.get(checked_id("thread", thread_id), checkpoint, subgraphs=subgraphs)
    return answer(selected(found, select))


@router.post("/state/checkpoint", responses=ok(ThreadState))
async def state_at_checkpoint(thread_id: ThreadId, body: StateAt, use: Use) -> Response:
    """The state at a checkpoint, of the thread or of a subgraph."""
    _check(body.select)
    thread_id, checkpoint = checked_id("thread", thread_id), body.checkpoint.model_dump()
    found = await use.states.get(thread_id, checkpoint, subgraphs=body.subgraphs)
    return answer(selected(found, body.select))


@router.post("/state", responses=ok(WrittenState))
async def update_state(thread_id: ThreadId, body: StateUpdate, use: Use) -> Response:
    """Write to the state, as a node of the graph would."""
    thread_id = checked_id("thread", thread_id)
    use.database.threads.get(thread_id)
    if use.engine.is_busy(thread_id):
        raise Conflict(f"Thread {thread_id} has in-flight runs: wait for them to finish or stop them first.")
    checkpoint = {"checkpoint_id": body.checkpoint_id}
    if body.checkpoint:
        checkpoint |= body.checkpoint.model_dump(exclude_none=True)
    written = await use.states.update(thread_id, body.values, as_node=body.as_node, checkpoint=checkpoint)
    if use.feeds.is_followed(thread_id):
        news = {"state": await use.states.get(thread_id), "thread_id": thread_id}
        use.feeds.publish(thread_id, Event("state_update", to_json(news)))
    return answer(written)


@router.post("/history", responses=ok(list[ThreadState]))
async def history(thread_id: ThreadId, body: HistorySearch, use: Use) -> Response:
    """States, newest first."""
    _check(body.select)
    values = not body.select or any(name.partition(".")[0] == "values" for name in body.select)
    search = body.model_dump(exclude={"select"})
    states = await use.states.history(checked_id("thread", thread_id), values=values, **search)
    return answer([selected(found, body.select) for found in states])


@router.get("/history", responses=ok(list[ThreadState]))
async def get_history(
    thread_id: ThreadId,
    use: Use,
    limit: Annotated[int, Query(ge=1, le=1000)] = 1,
    before: Annotated[str | None, Query()] = None,
) -> Response:
    """States, newest first; those older than the checkpoint `before`."""
    return answer(await use.states.history(checked_id("thread", thread_id), limit=limit, before=before))


def selected(state: JSON, select: list[str] | None) -> JSON:
    """The chosen fields of a state; `values.messages` is the one value."""
    if not select:
        return state
    shown = {name: state[name] for name in state if name in select}
    keys = [name.removeprefix("values.") for name in select if name.startswith("values.")]
    if keys and "values" not in shown:
        values = state["values"] if isinstance(state["values"], dict) else {}
        shown["values"] = {key: values[key] for key in keys if key in values}
    return shown


def _check(select: list[str] | None) -> None:
    for name in select or ():
        if name not in STATE_FIELDS and not name.startswith("values."):
            raise Invalid(f"Can't select {name!r}; choose among {', '.join(STATE_FIELDS)} and values.<key>.")
