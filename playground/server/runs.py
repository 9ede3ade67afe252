"""/threads/{id}/runs and /runs: create, stream, wait, join, list, cancel."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query
from pydantic import BaseModel, Field, field_validator
from starlette.responses import Response, StreamingResponse

from playground.runs.encode import to_json
from playground.runs.engine import Job
from playground.runs.execute import Outcome
from playground.runs.request import STREAM_MODES, RunRequest
from playground.server import sse
from playground.server.answers import answer, checked_id
from playground.server.services import Services, Use
from playground.store.errors import Conflict, Invalid, NotFound

JSON = dict[str, Any]

router = APIRouter(tags=["runs"])

RECORDED = {"input", "command", "stream_mode", "interrupt_before", "interrupt_after", "checkpoint", "checkpoint_id"}
PASSED_ON = {
    *("assistant_id", "input", "command", "config", "context", "metadata", "checkpoint", "checkpoint_id"),
    *("stream_subgraphs", "stream_resumable", "interrupt_before", "interrupt_after"),
    *("multitask_strategy", "after_seconds"),
}


class Create(BaseModel):
    """A run as the SDK sends it. What is accepted but has no effect here: feedback_keys, langsmith_tracer."""

    assistant_id: str
    input: Any = None
    command: JSON | None = None
    config: JSON | None = None
    context: JSON | None = None
    metadata: JSON | None = None
    checkpoint: JSON | None = None
    checkpoint_id: str | None = None
    stream_mode: str | list[str] | None = None
    stream_subgraphs: bool = False
    stream_resumable: bool = False
    interrupt_before: Literal["*"] | list[str] | None = None
    interrupt_after: Literal["*"] | list[str] | None = None
    webhook: str | None = None
    on_disconnect: Literal["cancel", "continue"] = "continue"
    on_completion: Literal["delete", "keep"] = "delete"
    multitask_strategy: Literal["reject", "enqueue", "interrupt", "rollback"] = "enqueue"
    if_not_exists: Literal["create", "reject"] = "reject"
    after_seconds: Annotated[float, Field(ge=0)] = 0
    durability: Literal["sync", "async", "exit"] | None = None
    checkpoint_during: bool | None = None

    @field_validator("stream_mode")
    @classmethod
    def _known_modes(cls, value: str | list[str] | None) -> str | list[str] | None:
        unknown = [mode for mode in ([value] if isinstance(value, str) else value or []) if mode not in STREAM_MODES]
        if unknown:
            raise ValueError(f"{unknown[0]!r} is not one of {', '.join(sorted(STREAM_MODES))}")
        return value

    def request(self, *, also: str | None = None, temporary: bool = False) -> RunRequest:
        """The engine's request; `also` adds a stream mode that the route itself reads."""
        if self.webhook:
            raise Invalid("Webhooks are not supported by this server: leave `webhook` out.")
        modes = [self.stream_mode] if isinstance(self.stream_mode, str) else self.stream_mode or ["values"]
        durability = self.durability or ("exit" if self.checkpoint_during is False else "async")
        return RunRequest(
            **self.model_dump(include=PASSED_ON),
            stream_modes=tuple(dict.fromkeys([*modes, also] if also else modes)),
            durability=durability,
            temporary=temporary,
            kwargs=self.model_dump(include=RECORDED)
            | {"subgraphs": self.stream_subgraphs, "resumable": self.stream_resumable, "durability": durability},
        )


@router.post("/threads/{thread_id}/runs")
async def create(thread_id: str, body: Create, use: Use) -> Response:
    job = await _start(use, thread_id, body)
    return answer(job.row, headers={"Content-Location": _path(job)})


@router.post("/threads/{thread_id}/runs/stream")
async def stream(thread_id: str, body: Create, use: Use) -> Response:
    job = await _start(use, thread_id, body)
    headers = {"Content-Location": _path(job), "Location": f"{_path(job)}/stream"}
    return sse.respond(_stream(use, job, body), headers)


@router.post("/threads/{thread_id}/runs/wait")
async def wait(thread_id: str, body: Create, use: Use) -> Response:
    job = await _start(use, thread_id, body, also="values")
    return _waiting(job, {"Content-Location": _path(job), "Location": f"{_path(job)}/join"})


@router.post("/runs")
async def create_stateless(body: Create, use: Use) -> Response:
    job = await _start(use, None, body)
    return answer(job.row, headers={"Content-Location": f"/runs/{job.run_id}"})


@router.post("/runs/stream")
async def stream_stateless(body: Create, use: Use) -> Response:
    job = await _start(use, None, body)
    return sse.respond(_stream(use, job, body), {"Content-Location": f"/runs/{job.run_id}"})


@router.post("/runs/wait")
async def wait_stateless(body: Create, use: Use) -> Response:
    job = await _start(use, None, body, also="values")
    return _waiting(job, {"Content-Location": f"/runs/{job.run_id}"})


@router.get("/threads/{thread_id}/runs")
async def list_runs(
    thread_id: str,
    use: Use,
    limit: Annotated[int, Query(ge=1, le=1000)] = 10,
    offset: Annotated[int, Query(ge=0)] = 0,
    status: str | None = None,
    select: Annotated[list[str] | None, Query()] = None,
) -> Response:
    thread_id = checked_id("thread", thread_id)
    use.database.threads.get(thread_id)
    rows = await use.database.call(use.database.runs.list, thread_id, limit, offset, status, select)
    return answer(rows)


@router.get("/threads/{thread_id}/runs/{run_id}")
async def get(thread_id: str, run_id: str, use: Use) -> Response:
    return answer(use.database.runs.get(checked_id("thread", thread_id), checked_id("run", run_id)))


@router.get("/threads/{thread_id}/runs/{run_id}/join")
async def join(thread_id: str, run_id: str, use: Use) -> Response:
    thread_id, run_id = checked_id("thread", thread_id), checked_id("run", run_id)
    if job := use.engine.job(run_id):
        return _waiting(job, {"Location": f"{_path(job)}/join"})
    run = use.database.runs.get(thread_id, run_id)
    if run.get("error"):
        return answer({"__error__": run["error"]})
    return answer(await use.database.call(use.database.threads.values, thread_id))


@router.get("/threads/{thread_id}/runs/{run_id}/stream")
async def join_stream(
    thread_id: str,
    run_id: str,
    use: Use,
    stream_mode: Annotated[list[str] | None, Query()] = None,
    cancel_on_disconnect: bool = False,
    last_event_id: Annotated[str | None, Header()] = None,
) -> Response:
    thread_id, run_id = checked_id("thread", thread_id), checked_id("run", run_id)
    job = use.engine.job(run_id)
    if job is None:
        use.database.runs.get(thread_id, run_id)  # 404 for an unknown one; an ended one has nothing to say any more
        return sse.respond(_nothing())
    chosen = frozenset(filter(None, stream_mode or ()))  # the SDK sends `stream_mode=` for all
    modes = chosen | {"metadata", "error"} if chosen else None
    start = _position(last_event_id, len(job.log))
    events = sse.frames(job.log, start=start, ids=job.request.stream_resumable, modes=modes)
    return sse.respond(_cancelling(use, job, events) if cancel_on_disconnect else events)


@router.post("/threads/{thread_id}/runs/{run_id}/cancel")
async def cancel(
    thread_id: str,
    run_id: str,
    use: Use,
    wait: bool = False,
    action: Literal["interrupt", "rollback"] = "interrupt",
) -> Response:
    await use.engine.cancel(checked_id("thread", thread_id), checked_id("run", run_id), action, wait=wait)
    return answer({}) if wait else Response(status_code=202)


@router.delete("/threads/{thread_id}/runs/{run_id}", status_code=204)
async def delete(thread_id: str, run_id: str, use: Use) -> Response:
    thread_id, run_id = checked_id("thread", thread_id), checked_id("run", run_id)
    use.database.runs.get(thread_id, run_id)
    job = use.engine.job(run_id)
    if job is not None and not job.done.done():
        raise Conflict(f"Run {run_id} is in flight: cancel it first.")
    await use.graph_loop.run(use.database.checkpoints.adelete_for_runs([run_id], thread_id=thread_id))
    await use.database.call(use.database.runs.delete, run_id)
    return Response(status_code=204)


async def _start(use: Services, thread_id: str | None, body: Create, *, also: str | None = None) -> Job:
    if thread_id is None:
        if body.command and body.command.get("resume") is not None:
            raise Invalid("You must provide a thread_id when resuming.")
        return await use.engine.start(None, body.request(also=also, temporary=body.on_completion == "delete"))
    checked = checked_id("thread", thread_id)
    try:
        return await use.engine.start(checked, body.request(also=also), create_thread=body.if_not_exists == "create")
    except NotFound as error:
        raise NotFound(f"Thread or assistant not found. {error}") from None


def _stream(use: Services, job: Job, body: Create) -> AsyncIterator[bytes]:
    events = sse.frames(job.log, ids=body.stream_resumable)
    return _cancelling(use, job, events) if body.on_disconnect == "cancel" else events


async def _cancelling(use: Services, job: Job, events: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """`events`; a client that leaves before their end takes the run with it."""
    try:
        async for piece in events:
            yield piece
    finally:
        if not job.done.done():
            await use.engine.cancel(job.thread_id, job.run_id)


async def _nothing() -> AsyncIterator[bytes]:
    return
    yield


def _waiting(job: Job, headers: dict[str, str]) -> Response:
    return StreamingResponse(_result(job), media_type="application/json", headers=headers)


async def _result(job: Job) -> AsyncIterator[bytes]:
    """The run's answer, with a line break now and then before it, so that no proxy gives up on a long run."""
    while not (await asyncio.wait([job.done], timeout=sse.HEARTBEAT))[0]:
        yield b"\n"
    yield to_json(_answered(job.done.result()))


def _answered(outcome: Outcome) -> Any:
    return {"__error__": outcome.error} if outcome.error else outcome.values


def _path(job: Job) -> str:
    return f"/threads/{job.thread_id}/runs/{job.run_id}"


def _position(last_event_id: str | None, end: int) -> int:
    """Where a joining client goes on: behind the event it saw last, or, if it names none, at what comes now."""
    if last_event_id is None:
        return end
    return max(0, int(last_event_id)) if last_event_id.lstrip("-").isdecimal() else 0
