"""Runs from request to end: order on a thread, a limit on how many at once, cancelling."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from playground.graphs.loader import Graphs
from playground.runs.assistants import named_assistant
from playground.runs.config import merge
from playground.runs.encode import to_json
from playground.runs.events import Event, EventLog
from playground.runs.execute import Outcome, execute
from playground.runs.job import Action, Closing, Job, RunEnded, error_of
from playground.runs.loop import GraphLoop
from playground.runs.notices import KEPT, in_thread_sentence, left_sentence, recovered_sentence
from playground.runs.origin import RUN, Origin
from playground.runs.records import record_end, record_start, recover, roll_back
from playground.runs.reports import Reports
from playground.runs.request import RunRequest
from playground.runs.watchdog import Blocked, Watchdog
from playground.store.clock import uuid7
from playground.store.database import Database
from playground.store.errors import Conflict, NotFound

JSON = dict[str, Any]

BUSY = "Thread is already running a task. Wait for it to finish or choose a different multitask strategy."
# How many resumable runs keep their events after their end, for clients that come back late, and of what size in all.
KEPT_LOGS = 100
KEPT_BYTES = 128 * 1024 * 1024
STOP_GRACE = 1.0  # seconds that cancelled code has to end when the server ends
NAMING_SECONDS = 0.5
CLOSING_SECONDS = 2.0


class Engine:
    """Everything that runs. Belongs to the API's loop; the graphs themselves execute on `graph_loop`.

    `on_run` is called with every new run. What concerns no answer goes to `reports`.
    """

    def __init__(self, database: Database, graphs: Graphs, graph_loop: GraphLoop, *, limit: int = 10) -> None:
        self.database = database
        self.graphs = graphs
        self.graph_loop = graph_loop
        self.limit = limit
        self.reports = Reports()
        self.on_run: Callable[[Job], None] = lambda _: None
        self._slots = asyncio.Semaphore(limit)
        self._line: list[Job] = []  # those that wait for a slot, the next one first
        self._queues: dict[str, list[Job]] = {}  # thread id → its unfinished runs, oldest first
        self._jobs: dict[str, Job] = {}
        self._finished: dict[str, Job] = {}
        self._closing = False
        self._watchdog: Watchdog | None = None

    @property
    def active(self) -> int:
        """How many runs are queued or executing."""
        return len(self._jobs)

    @property
    def unfinished(self) -> list[Job]:
        """The runs that are queued or executing, oldest first."""
        return list(self._jobs.values())

    def position(self, job: Job) -> int | None:
        """Where a run stands among those that wait for a slot, from 1; None if it waits for none."""
        return self._line.index(job) + 1 if job in self._line else None

    def check_running(self) -> None:
        """Raise RunEnded if the calling code belongs to a run that is over: what it does is kept no more."""
        run_id = RUN.get(None)
        if run_id is not None and ((job := self._jobs.get(run_id)) is None or job.phase == "ending"):
            raise RunEnded(f"Run {run_id} is over: nothing more is kept of what it does.")

    def close(self) -> None:
        """Take no more runs."""
        self._closing = True

    async def drained(self) -> None:
        """Returns when nothing is queued or executing."""
        while self._jobs:
            await asyncio.wait([job.done for job in self._jobs.values()])

    def is_busy(self, thread_id: str) -> bool:
        """Whether a run is queued or executing on the thread."""
        return thread_id in self._queues

    def job(self, run_id: str) -> Job | None:
        """The run, if it is unfinished or if its events are still kept."""
        return self._jobs.get(run_id) or self._finished.get(run_id)

    def jobs_on(self, thread_id: str) -> list[Job]:
        """The thread's runs that are unfinished, or whose events are still kept, oldest first."""
        kept = [job for job in self._finished.values() if job.thread_id == thread_id]
        return kept + [job for job in self._queues.get(thread_id, ()) if job.run_id not in self._finished]

    async def start(
        self,
        thread_id: str | None,
        request: RunRequest,
        *,
        create_thread: bool = False,
        streamed: bool = False,
        within: str | None = None,
    ) -> Job:
        """Record a run and queue it; without a thread, on a new one that is deleted afterwards if it is temporary.

        `streamed`: its events are held until somebody reads them. `within`: the run whose code waits for it, which
        holds a slot for both. Raises Invalid or NotFound for an unknown assistant, version or thread, BothGiven for
        context twice, Conflict for a busy thread that rejects, Closing.
        """
        thread = self._thread(thread_id, create=create_thread)
        job = self._new_job(thread, thread_id or uuid7(), request, streamed=streamed)
        job.is_within = within in self._jobs
        return await self._begin(job, is_new_thread=thread is None)

    async def start_all(self, requests: list[RunRequest]) -> list[Job]:
        """Start runs on new threads: none of them, if one can't be. Raises as `start` does."""
        jobs = [self._new_job(None, uuid7(), request) for request in requests]
        return [await self._begin(job, is_new_thread=True) for job in jobs]

    async def _begin(self, job: Job, *, is_new_thread: bool) -> Job:
        if self._closing:
            raise Closing("The server is restarting or about to end: ask again in a moment.")
        request = job.request
        ahead = list(self._queues.get(job.thread_id, ()))
        if ahead and request.multitask_strategy == "reject":
            raise Conflict(BUSY)
        self._register(job)
        try:
            await self.database.change(record_start, self.database, job, is_new_thread)
        except BaseException:
            self._forget(job)
            raise
        if request.multitask_strategy in ("interrupt", "rollback"):
            for other in ahead:
                self._cancel(other, "rollback" if request.multitask_strategy == "rollback" else "interrupt")
        self.on_run(job)
        job.task = asyncio.create_task(self._live(job, ahead), name=f"run {job.run_id}")
        return job

    async def cancel(self, thread_id: str, run_id: str, action: Action = "interrupt", *, wait: bool = False) -> None:
        """Stop a run; with `wait`, until it has stopped. Raises NotFound if it is unknown or has finished."""
        job = self._jobs.get(run_id)
        if job is None or job.thread_id != thread_id:
            self._refuse_cancel(thread_id, run_id)
            return
        self._cancel(job, action)
        if wait:
            await asyncio.shield(job.done)

    async def stop_thread(self, thread_id: str) -> None:
        """Stop every run on a thread, and wait until they have stopped."""
        jobs = list(self._queues.get(thread_id, ()))
        for job in jobs:
            self._cancel(job, "interrupt")
        await asyncio.gather(*(asyncio.shield(job.done) for job in jobs))

    async def stop(self) -> None:
        """Interrupt what runs, because the server ends; what doesn't stop soon is recorded at the next start."""
        self.close()
        jobs = list(self._jobs.values())
        for job in jobs:
            job.reason = error_of("ServerStopped", "The server was stopped while this run was in flight.")
            job.grace = STOP_GRACE
            self._cancel(job, "interrupt")
        if jobs:
            await asyncio.wait([job.done for job in jobs], timeout=STOP_GRACE + CLOSING_SECONDS)

    def recover(self) -> None:
        """Mark, and report, the runs that a server left unfinished when it died."""
        if left := recover(self.database):
            self.reports.tell("recovered", recovered_sentence(left))

    def tried_again(self, run_id: str, sentence: str) -> None:
        """A node of a run failed and is run again. From any thread."""
        job = self._jobs.get(run_id)
        if job is not None and len(job.notices) < KEPT:
            job.notices.append(sentence)

    def watch(self) -> Watchdog:
        """A watchdog, not started, that reports here what blocks the graph loop."""
        loop = asyncio.get_running_loop()

        def report(blocked: Blocked) -> None:
            loop.call_soon_threadsafe(self._loop_blocked, blocked)

        self._watchdog = Watchdog(self.graph_loop, report, busy=lambda: bool(self._jobs))
        return self._watchdog

    def _loop_blocked(self, report: Blocked) -> None:
        self.graph_loop.blocking = None if report.over else report.origin
        self.reports.loop_blocked(report, self._jobs.get(report.origin.run_id or ""))

    def _thread(self, thread_id: str | None, *, create: bool) -> JSON | None:
        """The thread to run on; None for one that is made with the run."""
        if thread_id is None:
            return None
        try:
            return self.database.threads.get(thread_id)
        except NotFound:
            if create:
                return None
            raise

    def _new_job(self, thread: JSON | None, thread_id: str, request: RunRequest, *, streamed: bool = False) -> Job:
        assistant = named_assistant(self.database, tuple(self.graphs.specs), request.assistant_id)
        run_id = uuid7()
        merged = merge(
            assistant=assistant,
            thread=thread,
            context=request.context,
            config=request.config,
            metadata=request.metadata,
            thread_id=thread_id,
            run_id=run_id,
            checkpoint=request.start_checkpoint(),
        )
        row = {
            "run_id": run_id,
            "thread_id": thread_id,
            "assistant_id": assistant["assistant_id"],
            "metadata": merged.metadata,
            "status": "pending",
            "kwargs": {**request.kwargs, "context": merged.context, "config": merged.config},
            "multitask_strategy": request.multitask_strategy,
        }
        loop = asyncio.get_running_loop()
        events = EventLog(loop, keeps=request.stream_resumable, awaited=streamed)
        return Job(row, request, merged, events, loop.create_future())

    def _register(self, job: Job) -> None:
        if self._watchdog is not None and not self._jobs:
            self._watchdog.wake()
        self._jobs[job.run_id] = job
        self._queues.setdefault(job.thread_id, []).append(job)

    def _forget(self, job: Job) -> None:
        self._jobs.pop(job.run_id, None)
        queue = self._queues.get(job.thread_id, [])
        if job in queue:
            queue.remove(job)
        if not queue:
            self._queues.pop(job.thread_id, None)

    async def _live(self, job: Job, ahead: list[Job]) -> None:
        """A run's life: wait for its turn, execute, record how it ended, tell everyone who reads."""
        try:
            await self._turn(job, ahead)
            outcome = await self._in_slot(job)
        except asyncio.CancelledError:
            outcome = Outcome("interrupted")
        except Exception as error:  # noqa: BLE001 - a fault of ours ends the run with its reason, not the server
            outcome = Outcome("error", error=error_of(type(error).__name__, str(error)))
        await self._finish(job, outcome)

    async def _turn(self, job: Job, ahead: list[Job]) -> None:
        if job.request.after_seconds > 0:
            job.waits_for = "time"
            await asyncio.sleep(job.request.after_seconds)
        if ahead:
            job.waits_for = "thread"
            await asyncio.wait([other.done for other in ahead])

    async def _in_slot(self, job: Job) -> Outcome:
        """Execute as soon as fewer runs than the limit do; at once, if a run that does is waiting for this one."""
        if job.is_within:
            job.waits_for = None
            return await self._execute(job)
        job.waits_for = "slot"
        self._line.append(job)
        try:
            await self._slots.acquire()
        finally:
            self._line.remove(job)
        try:
            job.waits_for = None
            return await self._execute(job)
        finally:
            self._slots.release()

    async def _execute(self, job: Job) -> Outcome:
        job.phase, job.since = "executing", time.monotonic()
        started = asyncio.create_task(self.database.change(self.database.runs.patch, job.run_id, status="running"))
        job.log.append(Event("metadata", to_json({"run_id": job.run_id, "attempt": 1})))
        try:
            return await self._until_stopped(job)
        finally:
            await started  # before the run's end is recorded, or "running" would overwrite it

    async def _until_stopped(self, job: Job) -> Outcome:
        """What the graph came to; of one that was cancelled and doesn't end in time, that it was interrupted."""
        running = asyncio.wrap_future(self.graph_loop.submit(self._on_graph_loop(job)))
        stopping = asyncio.create_task(job.stopping.wait())
        await asyncio.wait((running, stopping), return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not job.cancelling:
            return await running
        await asyncio.wait((running,), timeout=job.grace)
        self._tell_of_threads(job)
        if running.done():
            return running.result()
        await self._tell_of_code_that_goes_on(job, running)
        return Outcome("interrupted", pending=True)

    def _tell_of_threads(self, job: Job) -> None:
        """Of a cancelled run: the nodes that go on in a thread."""
        for origin, returned in self.graph_loop.workers.at_work_for(job.run_id):
            self.reports.tell_until(returned, job, in_thread_sentence(origin))

    async def _tell_of_code_that_goes_on(self, job: Job, running: "asyncio.Future[Outcome]") -> None:
        """Of a cancelled run: the code that doesn't let itself be cancelled, or that keeps the loop from doing so."""
        left: list[Origin] = []
        blocked = self.reports.blocked
        if blocked is None:
            with suppress(TimeoutError):
                async with asyncio.timeout(NAMING_SECONDS):
                    left = await self.graph_loop.run(self._tasks_of(job.run_id))
        blocking = blocked.origin if blocked else None
        running.add_done_callback(lambda late: late.cancelled() or late.exception())
        self.reports.tell_until(running, job, left_sentence(job.run_id, left=left, blocking=blocking))

    async def _tasks_of(self, run_id: str) -> list[Origin]:
        return self.graph_loop.tasks_of(run_id)

    async def _on_graph_loop(self, job: Job) -> Outcome:
        RUN.set(job.run_id)
        job.graph_task = asyncio.current_task()
        if job.cancelling:
            return Outcome("interrupted")
        return await execute(self.graphs, job.merged.metadata["graph_id"], job.request, job.merged, job.log.append)

    def _cancel(self, job: Job, action: Action) -> None:
        if job.cancelling or job.phase == "ending":
            return
        job.cancelling = action
        if job.phase == "executing":
            job.stopping.set()
            self.graph_loop.call(_cancel_graph_task, job)
        elif job.task is not None:
            job.task.cancel()

    async def _finish(self, job: Job, outcome: Outcome) -> None:
        job.phase = "ending"
        try:
            others = len(self._queues.get(job.thread_id, ())) > 1
            if job.cancelling == "rollback":
                outcome = Outcome("interrupted")
                await self.database.call(roll_back, self.database, job)
            await self.database.change(record_end, self.database, job, outcome, others=others)
        finally:
            self._forget(job)
            if outcome.error:
                job.log.append(Event("error", to_json(outcome.error)))
            if job.request.stream_resumable:
                self._keep(job)
            # Last: a client that sees the stream end asks for the run's status, and must not find it running.
            job.log.close()
            job.done.set_result(outcome)
        if job.request.temporary:
            await self.database.call(self.database.threads.delete, job.thread_id)

    def _keep(self, job: Job) -> None:
        self._finished[job.run_id] = job
        while len(self._finished) > KEPT_LOGS or sum(kept.log.size for kept in self._finished.values()) > KEPT_BYTES:
            del self._finished[next(iter(self._finished))]

    def _refuse_cancel(self, thread_id: str, run_id: str) -> None:
        try:
            run = self.database.runs.get(thread_id, run_id)
        except NotFound:
            raise NotFound("No runs found to cancel.") from None
        raise NotFound(f"No matching runs to cancel. Run {run_id} has already ended: {run['status']}.")


def _cancel_graph_task(job: Job) -> None:
    """On the graph loop. A task that has not started yet sees `cancelling` itself."""
    if job.graph_task is not None:
        job.graph_task.cancel()
