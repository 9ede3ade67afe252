"""/threads/{id}/runs and /runs: create, stream, wait, join, list, cancel."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query
from pydantic import Field
from starlette.responses import Response, StreamingResponse

from playground.runs.answer import INTERRUPT
from playground.runs.encode import to_json
from playground.runs.engine import Job
from playground.runs.execute import Outcome
from playground.server import sse
from playground.server.answers import answer, checked_id
from playground.server.bodies import JSONRoute
from playground.server.fields import RunId, ThreadId
from playground.server.own_client import ASKING
from playground.server.run_requests import RunCancel, RunCreate
from playground.server.services import Services, Use
from playground.server.shapes import EVENTS, Run, SelectedRun, ok
from playground.store.errors import BadRequest, Conflict, Invalid, NotFound

JSON = dict[str, Any]
Action = Literal["interrupt", "rollback"]
Asking = Annotated[str | None, Header(alias=ASKING, include_in_schema=False)]

router = APIRouter(tags=["runs"], route_class=JSONRoute)


@router.post("/threads/{thread_id}/runs", responses=ok(Run))
async def create(thread_id: ThreadId, body: RunCreate, use: Use) -> Response:
    """Start a run on a thread, and return at once."""
    job = await _start(use, thread_id, body)
    return answer(_shown(job.row), headers={"Content-Location": _path(job)})


@router.post("/threads/{thread_id}/runs/stream", responses=EVENTS)
async def stream(thread_id: ThreadId, body: RunCreate, use: Use, asking: Asking = None) -> Response:
    """Start a run on a thread, and stream its events."""
    job = await _start(use, thread_id, body, streamed=True, within=asking)
    return sse.respond(_stream(use, job, body), _headers(job, "stream"))


@router.post("/threads/{thread_id}/runs/wait", responses=ok(Any))
async def wait(thread_id: ThreadId, body: RunCreate, use: Use, asking: Asking = None) -> Response:
    """Start a run on a thread, and answer with the values it ends with, or its error."""
    job = await _start(use, thread_id, body, also="values", within=asking)
    return _waiting(use, job, cancelling=body.on_disconnect == "cancel")


@router.post("/runs", responses=ok(Run))
async def create_stateless(body: RunCreate, use: Use) -> Response:
    """Start a run on a thread of its own, which is deleted afterwards unless it is to be kept."""
    job = await _start(use, None, body)
    return answer(_shown(job.row), headers={"Content-Location": f"/runs/{job.run_id}"})


@router.post("/runs/stream", responses=EVENTS)
async def stream_stateless(body: RunCreate, use: Use, asking: Asking = None) -> Response:
    """Start a run on a thread of its own, and stream its events."""
    job = await _start(use, None, body, streamed=True, within=asking)
    path = f"/runs/{job.run_id}"
    return sse.respond(_stream(use, job, body), {"Content-Location": path, "Location": f"{path}/stream"})


@router.post("/runs/wait", responses=ok(Any))
async def wait_stateless(body: RunCreate, use: Use, asking: Asking = None) -> Response:
    """Start a run on a thread of its own, and answer with the values it ends with, or its error."""
    job = await _start(use, None, body, also="values", within=asking)
    return _waiting(use, job, cancelling=body.on_disconnect == "cancel")


@router.post("/runs/batch", responses=ok(list[Run]))
async def batch(bodies: Annotated[list[RunCreate], Field(min_length=1)], use: Use) -> Response:
    """Runs without threads, all of them or, if one of them is refused, none."""
    requests = [body.request(stateless=True) for body in bodies if _checked(body)]
    jobs = await use.engine.start_all(requests)
    return answer([_shown(job.row) for job in jobs])


@router.post("/runs/cancel", status_code=204)
async def cancel_many(body: RunCancel, use: Use, action: Action = "interrupt") -> Response:
    """Cancel runs of one thread, or all that are pending, running, or either."""
    for job in _chosen(use, body):
        await use.engine.cancel(job.thread_id, job.run_id, action)
    return Response(status_code=204)


@router.get("/threads/{thread_id}/runs", responses=ok(list[SelectedRun]))
async def list_runs(
    thread_id: ThreadId,
    use: Use,
    limit: Annotated[int, Query(ge=1, le=1000)] = 10,
    offset: Annotated[int, Query(ge=0)] = 0,
    status: str | None = None,
    select: Annotated[list[str] | None, Query()] = None,
) -> Response:
    """A page of a thread's runs, newest first."""
    thread_id = checked_id("thread", thread_id)
    use.database.threads.get(thread_id)
    rows = await use.database.call(use.database.runs.list, thread_id, limit, offset, status, select)
    return answer([_shown(row) for row in rows])


@router.get("/threads/{thread_id}/runs/{run_id}", responses=ok(Run))
async def get(thread_id: ThreadId, run_id: RunId, use: Use) -> Response:
    """A run."""
    thread_id, run_id = checked_id("thread", thread_id), checked_id("run", run_id)
    use.database.threads.get(thread_id)
    return answer(_shown(use.database.runs.get(thread_id, run_id)))


@router.get("/threads/{thread_id}/runs/{run_id}/join", responses=ok(Any))
async def join(thread_id: ThreadId, run_id: RunId, use: Use, cancel_on_disconnect: bool = False) -> Response:
    """Wait for a run's end; answers with its values, or its error. Of one that is over: what its thread holds now."""
    thread_id, run_id = checked_id("thread", thread_id), checked_id("run", run_id)
    if (job := use.engine.job(run_id)) and job.thread_id == thread_id and not job.done.done():
        return _waiting(use, job, cancelling=cancel_on_disconnect)
    run = use.database.runs.get(thread_id, run_id)
    path = f"/threads/{thread_id}/runs/{run_id}"
    headers = {"Content-Location": path, "Location": f"{path}/join"}
    return answer(await use.database.call(_ended, use, run), headers=headers)


@router.get("/threads/{thread_id}/runs/{run_id}/stream", responses=EVENTS)
async def join_stream(
    thread_id: ThreadId,
    run_id: RunId,
    use: Use,
    stream_mode: Annotated[list[str] | None, Query()] = None,
    cancel_on_disconnect: bool = False,
    last_event_id: Annotated[str | None, Header()] = None,
) -> Response:
    """The events that come, in the chosen modes; of a resumable run also those after `Last-Event-ID` (-1: all)."""
    thread_id, run_id = checked_id("thread", thread_id), checked_id("run", run_id)
    job = use.engine.job(run_id)
    path = f"/threads/{thread_id}/runs/{run_id}"
    headers = {"Content-Location": path, "Location": f"{path}/stream"}
    if job is None or job.thread_id != thread_id:
        use.database.runs.get(thread_id, run_id)  # 404 for an unknown one; an ended one has nothing to say any more
        return sse.respond(_nothing(), headers)
    events = _rejoined(job, last_event_id, _modes(stream_mode))
    return sse.respond(_cancelling(use, job, events) if cancel_on_disconnect else events, headers)


@router.get("/runs/{run_id}/stream", responses=EVENTS)
async def join_stateless_stream(
    run_id: RunId, use: Use, last_event_id: Annotated[str | None, Header()] = None
) -> Response:
    """Where the SDK goes on with the stream of a run without a thread, if it has lost its connection."""
    job = use.engine.job(checked_id("run", run_id))
    if job is None:
        raise NotFound("Run not found")
    return sse.respond(_rejoined(job, last_event_id, None))


@router.post(
    "/threads/{thread_id}/runs/{run_id}/cancel", responses=ok(JSON) | {202: {"description": "It is being stopped."}}
)
async def cancel(
    thread_id: ThreadId, run_id: RunId, use: Use, wait: bool = False, action: Action = "interrupt"
) -> Response:
    """Stop a run, or undo it with `rollback`; with `wait`, answer when it has stopped."""
    thread_id, run_id = checked_id("thread", thread_id), checked_id("run", run_id)
    await use.engine.cancel(thread_id, run_id, action, wait=wait)
    path = f"/threads/{thread_id}/runs/{run_id}"
    headers = {"Content-Location": path, "Location": f"{path}/join"}
    return answer({}, headers=headers) if wait else Response(status_code=202)


@router.delete("/threads/{thread_id}/runs/{run_id}", status_code=204)
async def delete(thread_id: ThreadId, run_id: RunId, use: Use) -> Response:
    """Remove a run that is over, with its checkpoints."""
    thread_id, run_id = checked_id("thread", thread_id), checked_id("run", run_id)
    use.database.runs.get(thread_id, run_id)
    job = use.engine.job(run_id)
    if job is not None and not job.done.done():
        raise Conflict(f"Run {run_id} is in flight: cancel it first.")
    await use.graph_loop.run(use.database.checkpoints.adelete_for_runs([run_id], thread_id=thread_id))
    await use.database.call(use.database.runs.delete, run_id)
    return Response(status_code=204)


async def _start(
    use: Services,
    thread_id: str | None,
    body: RunCreate,
    *,
    also: str | None = None,
    streamed: bool = False,
    within: str | None = None,
) -> Job:
    """The run, started; one that is `streamed` holds its events until they are read, by the run `within`, maybe."""
    if thread_id is None:
        request = _checked(body).request(also=also, stateless=True)
        return await use.engine.start(None, request, streamed=streamed, within=within)
    checked = checked_id("thread", thread_id)
    request, create = body.request(also=also), body.if_not_exists == "create"
    try:
        return await use.engine.start(checked, request, create_thread=create, streamed=streamed, within=within)
    except NotFound as error:
        raise NotFound(f"Thread or assistant not found. {error}") from None


def _checked(body: RunCreate) -> RunCreate:
    """What is asked for without a thread. Raises BadRequest."""
    if body.command and body.command.resume is not None:
        raise BadRequest("You must provide a thread_id when resuming.")
    return body


def _chosen(use: Services, body: RunCancel) -> list[Job]:
    """The runs to cancel. Raises Invalid, NotFound."""
    given, unfinished = body.model_fields_set, use.engine.unfinished
    if given == {"status"}:
        executing = {"pending": (False,), "running": (True,), "all": (False, True)}[body.status]
        found = [job for job in unfinished if (job.phase != "queued") in executing]
    elif given == {"thread_id", "run_ids"}:
        thread_id = checked_id("thread", body.thread_id)
        run_ids = {checked_id("run", run_id) for run_id in body.run_ids}
        found = [job for job in unfinished if job.thread_id == thread_id and job.run_id in run_ids]
    else:
        raise Invalid("Which runs? Give a thread_id and run_ids, or a status, which is about the runs of all threads.")
    if not found:
        raise NotFound("No runs found to cancel.")
    return found


def _shown(row: JSON) -> JSON:
    """A run's row; it has an `error` only if there was one."""
    return row if row.get("error") else {key: value for key, value in row.items() if key != "error"}


def _stream(use: Services, job: Job, body: RunCreate) -> AsyncIterator[bytes]:
    events = sse.frames(job.log, awaited=True, ids=body.stream_resumable)
    return _cancelling(use, job, events) if body.on_disconnect == "cancel" else events


def _rejoined(job: Job, last_event_id: str | None, modes: frozenset[str] | None) -> AsyncIterator[bytes]:
    """The events that come, of a resumable run also those after the one that the client saw last."""
    resumable = job.request.stream_resumable
    start = job.log.position(last_event_id) if resumable and last_event_id else len(job.log)
    return sse.frames(job.log, start=start, ids=resumable, modes=modes)


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


def _waiting(use: Services, job: Job, *, cancelling: bool) -> Response:
    content = _result(job)
    if cancelling:
        content = _cancelling(use, job, content)
    return StreamingResponse(content, media_type="application/json", headers=_headers(job, "join"))


async def _result(job: Job) -> AsyncIterator[bytes]:
    """The run's answer, with a line break now and then before it, so that no proxy gives up on a long run."""
    while not (await asyncio.wait([job.done], timeout=sse.HEARTBEAT))[0]:
        yield b"\n"
    yield to_json(_answered(job.done.result()))


def _answered(outcome: Outcome) -> Any:
    if outcome.error:
        return {"__error__": outcome.error}
    return {} if outcome.values is None else outcome.values


def _ended(use: Services, run: JSON) -> Any:
    """What joining a run answers that is over: what its thread holds now."""
    if run.get("error"):
        return {"__error__": run["error"]}
    thread = use.database.threads.get(run["thread_id"])
    if thread["status"] == "interrupted" and thread["interrupts"]:
        return {INTERRUPT: [one for interrupts in thread["interrupts"].values() for one in interrupts]}
    return use.database.threads.values(run["thread_id"])


def _headers(job: Job, also: Literal["join", "stream"]) -> dict[str, str]:
    """Where the run is, and where a client that lost its connection goes on."""
    return {"Content-Location": _path(job), "Location": f"{_path(job)}/{also}"}


def _path(job: Job) -> str:
    return f"/threads/{job.thread_id}/runs/{job.run_id}"


def _modes(given: list[str] | None) -> frozenset[str] | None:
    """The modes to stream, of `?stream_mode=a&stream_mode=b` or `?stream_mode=["a","b"]`; None for all."""
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
