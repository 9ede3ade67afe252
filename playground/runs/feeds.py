"""What happens on a thread, for who follows it: the events of its runs, one run after the other, and state updates."""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine
from weakref import WeakSet

from playground.runs.encode import to_json
from playground.runs.engine import Engine
from playground.runs.events import Event
from playground.runs.job import Job

BATCHES = 16  # held for a follower who reads slowly; more waits in the run's log

Batch = list[tuple[Event, str]]
"""Events with their ids."""


class Feeds:
    """Everyone who follows a thread. Belongs to the API's loop."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._followers: WeakSet[Follower] = WeakSet()
        self._closed = asyncio.Event()
        engine.on_run = self._begin

    def follow(self, thread_id: str, last_event_id: str | None = None) -> "Follower":
        """Follow a thread from now on; after `last_event_id` (`-` or `0`: from the start) if its runs are resumable."""
        follower = Follower(thread_id, self._closed)
        self._followers.add(follower)
        for job in self._engine.jobs_on(thread_id):
            unseen = None if last_event_id is None else _unseen(job, last_event_id)
            if unseen is not None or not job.log.closed:
                follower.add(job, len(job.log) if unseen is None else unseen)
        return follower

    def is_followed(self, thread_id: str) -> bool:
        """Whether anyone follows the thread."""
        return any(follower.thread_id == thread_id for follower in self._followers)

    def publish(self, thread_id: str, event: Event) -> None:
        """Tell everyone who follows the thread."""
        for follower in self._followers:
            if follower.thread_id == thread_id:
                follower.tell(event)

    def close(self) -> None:
        """The server ends: so does everything that is followed."""
        self._closed.set()

    def _begin(self, job: Job) -> None:
        for follower in self._followers:
            if follower.thread_id == job.thread_id:
                follower.add(job, 0)


class Follower:
    """One who follows a thread. Reads events from when it was made."""

    def __init__(self, thread_id: str, closed: asyncio.Event) -> None:
        self.thread_id = thread_id
        self._closed = closed
        self._batches: asyncio.Queue[Batch] = asyncio.Queue(BATCHES)
        self._last: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def add(self, job: Job, start: int) -> None:
        """A run whose events are to come, from a position on, after those of the runs before it."""
        self._later(self._pump(job, start, self._last))

    def tell(self, event: Event) -> None:
        """An event that is no run's."""
        self._later(self._put([(event, f"{int(time.time() * 1000)}-0")], self._last))

    async def read(self) -> AsyncIterator[Batch]:
        """Batches of events, until the server ends or the reader is cancelled."""
        closed = asyncio.ensure_future(self._closed.wait())
        try:
            while not self._closed.is_set():
                batch = asyncio.ensure_future(self._batches.get())
                await asyncio.wait([batch, closed], return_when=asyncio.FIRST_COMPLETED)
                if not batch.done():
                    batch.cancel()
                    return
                yield batch.result()
        finally:
            closed.cancel()
            for task in self._tasks:
                task.cancel()

    def _later(self, work: Coroutine[None, None, None]) -> None:
        self._last = task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _pump(self, job: Job, start: int, before: asyncio.Task[None] | None) -> None:
        async for first, events in job.log.read(start):
            await self._put([(event, job.log.event_id(place)) for place, event in enumerate(events, first)], before)
            start = first + len(events)
        if start == len(job.log):  # or it was too far behind
            done = Event("metadata", to_json({"status": "run_done", "run_id": job.run_id}))
            await self._put([(done, job.log.event_id(start))], before)

    async def _put(self, batch: Batch, before: asyncio.Task[None] | None) -> None:
        if before is not None and not before.done():
            await asyncio.wait([before])
        await self._batches.put(batch)


def _unseen(job: Job, last_event_id: str) -> int | None:
    """Where in a run's kept events one goes on who saw this event last; None if that was later, or they aren't kept."""
    if not job.request.stream_resumable:
        return None
    if last_event_id in ("-", ""):
        return 0
    if job.log.has(last_event_id):
        return job.log.position(last_event_id)
    moment, _, _ = last_event_id.partition("-")
    return None if job.log.began is not None and int(moment) > job.log.began else 0
