"""/threads/{id}/runs and /runs: create, stream, wait, join, list, cancel."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query
from pydantic import Field
from starlette.responses import Response

from playground.runs.job import Job
from playground.server import sse
from playground.server.answers import answer, checked_id
from playground.server.bodies import JSONRoute
from playground.server.fields import RunId, ThreadId
from playground.server.own_client import ASKING
from playground.server.run_answers import (
    cancelling,
    chosen_modes,
    ended,
    headers_of,
    nothing,
    path_of,
    rejoined,
    shown,
    streamed,
    waiting,
)
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
    return answer(shown(job.row), headers={"Content-Location": path_of(job)})


@router.post("/threads/{thread_id}/runs/stream", responses=EVENTS)
async def stream(thread_id: ThreadId, body: RunCreate, use: Use, asking: Asking = None) -> Response:
    """Start a run on a thread, and stream its events."""
    job = await _start(use, thread_id, body, streamed=True, within=asking)
    return sse.respond(streamed(use, job, cancels=body.on_disconnect == "cancel"), headers_of(job, "stream"))


@router.post("/threads/{thread_id}/runs/wait", responses=ok(Any))
async def wait(thread_id: ThreadId, body: RunCreate, use: Use, asking: Asking = None) -> Response:
    """Start a run on a thread, and answer with the values it ends with, or its error."""
    job = await _start(use, thread_id, body, also="values", within=asking)
    return waiting(use, job, cancels=body.on_disconnect == "cancel")


@router.post("/runs", responses=ok(Run))
async def create_stateless(body: RunCreate, use: Use) -> Response:
    """Start a run on a thread of its own, which is deleted afterwards unless it is to be kept."""
    job = await _start(use, None, body)
    return answer(shown(job.row), headers={"Content-Location": f"/runs/{job.run_id}"})


@router.post("/runs/stream", responses=EVENTS)
async def stream_stateless(body: RunCreate, use: Use, asking: Asking = None) -> Response:
    """Start a run on a thread of its own, and stream its events."""
    job = await _start(use, None, body, streamed=True, within=asking)
    path = f"/runs/{job.run_id}"
    return sse.respond(
        streamed(use, job, cancels=body.on_disconnect == "cancel"),
        {"Content-Location": path, "Location": f"{path}/stream"},
    )


@router.post("/runs/wait", responses=ok(Any))
async def wait_stateless(body: RunCreate, use: Use, asking: Asking = None) -> Response:
    """Start a run on a thread of its own, and answer with the values it ends with, or its error."""
    job = await _start(use, None, body, also="values", within=asking)
    return waiting(use, job, cancels=body.on_disconnect == "cancel")


@router.post("/runs/batch", responses=ok(list[Run]))
async def batch(bodies: Annotated[list[RunCreate], Field(min_length=1)], use: Use) -> Response:
    """Runs without threads, all of them or, if one of them is refused, none."""
    requests = [body.request(stateless=True) for body in bodies if _checked(body)]
    jobs = await use.engine.start_all(requests)
    return answer([shown(job.row) for job in jobs])


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
    return answer([shown(row) for row in rows])


@router.get("/threads/{thread_id}/runs/{run_id}", responses=ok(Run))
async def get(thread_id: ThreadId, run_id: RunId, use: Use) -> Response:
    """A run."""
    thread_id, run_id = checked_id("thread", thread_id), checked_id("run", run_id)
    use.database.threads.get(thread_id)
    run, job = use.database.runs.get(thread_id, run_id), use.engine.job(run_id)
    if run["status"] == "pending" and job is not None and job.phase == "executing":
        run = {**run, "status": "running"}  # a busy disk has not written yet what the run itself may ask for
    return answer(shown(run))


@router.get("/threads/{thread_id}/runs/{run_id}/join", responses=ok(Any))
async def join(thread_id: ThreadId, run_id: RunId, use: Use, cancel_on_disconnect: bool = False) -> Response:
    """Wait for a run's end; answers with its values, or its error. Of one that is over: what its thread holds now."""
    thread_id, run_id = checked_id("thread", thread_id), checked_id("run", run_id)
    if (job := use.engine.job(run_id)) and job.thread_id == thread_id and not job.done.done():
        return waiting(use, job, cancels=cancel_on_disconnect)
    run = use.database.runs.get(thread_id, run_id)
    path = f"/threads/{thread_id}/runs/{run_id}"
    headers = {"Content-Location": path, "Location": f"{path}/join"}
    return answer(await use.database.call(ended, use, run), headers=headers)


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
        return sse.respond(nothing(), headers)
    events = rejoined(job, last_event_id, chosen_modes(stream_mode))
    return sse.respond(cancelling(use, job, events) if cancel_on_disconnect else events, headers)


@router.get("/runs/{run_id}/stream", responses=EVENTS)
async def join_stateless_stream(
    run_id: RunId, use: Use, last_event_id: Annotated[str | None, Header()] = None
) -> Response:
    """Where the SDK goes on with the stream of a run without a thread, if it has lost its connection."""
    job = use.engine.job(checked_id("run", run_id))
    if job is None:
        raise NotFound("Run not found")
    return sse.respond(rejoined(job, last_event_id, None))


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
    await use.database.call(_remove, use, thread_id, run_id)
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


def _remove(use: Services, thread_id: str, run_id: str) -> None:
    """Not on the graph loop: the project's code may be blocking it."""
    use.database.checkpoints.delete_for_runs([run_id], thread_id=thread_id)
    use.database.runs.delete(run_id)


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
