"""Samples: the same input run several times, some at once, each on a thread of its own, none from a cache."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, cast

from playground.client.blocks import ErrorBlock, ToolBlock, Turn
from playground.client.conversation import Conversation
from playground.client.errors import PlaygroundError
from playground.client.questions import question_text
from playground.client.transcript import Transcript, answer_in
from playground.client.values import SAMPLE, Interrupt, Runnable, State
from playground.compare.samples import Sample, SampleStatus
from playground.refs import FRESH

if TYPE_CHECKING:
    from playground.client.client import Client

AT_MOST: Final = 4
"""Samples that run at once, of all panes together: providers limit how much one may ask."""
_HISTORY: Final = 100  # checkpoints in which the beginning of a turn is looked for


@dataclass(frozen=True, slots=True)
class Job:
    """A sample to take. `key` says whose it is: a pane's, a ref's.

    With a thread it goes on from `before`, which are that thread's states up to there, newest first; without any it is
    the first turn of a thread.
    """

    key: str
    runnable: Runnable
    input: Any
    thread_id: str | None = None
    before: tuple[State, ...] = ()


class Sampling:
    """Runs jobs, at most so many at once, in their order. `samples` has one a job: None as long as it isn't over.

    `listener` is called with a job's key when it begins and when it is over. A job that fails, or asks something, is a
    sample that says so.
    """

    def __init__(
        self,
        client: "Client",
        jobs: Sequence[Job],
        at_most: int = AT_MOST,
        *,
        comparison_id: str = "",
        listener: Callable[[str], None] = lambda key: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.jobs = list(jobs)
        self.samples: list[Sample | None] = [None] * len(self.jobs)
        self.listener = listener
        self._client = client
        self._at_most = max(1, at_most)
        self._metadata = {"playground": SAMPLE, **({"comparison": comparison_id} if comparison_id else {})}
        self._clock = clock
        self._waiting = list(range(len(self.jobs)))
        self._running: dict[int, Conversation] = {}
        self._stopped: set[str] = set()

    async def run(self) -> list[Sample]:
        """Take them all; those that ended, in the order of the jobs. What `stop` kept from beginning is none."""
        async with asyncio.TaskGroup() as group:
            for _ in range(min(self._at_most, len(self.jobs))):
                group.create_task(self._work())
        return [sample for sample in self.samples if sample is not None]

    async def stop(self, key: str | None = None) -> None:
        """Begin no more of them, and stop those that run; of one key, or all. What has ended stays."""
        keys = {job.key for job in self.jobs} if key is None else {key}
        self._stopped |= keys
        running = [conversation for index, conversation in self._running.items() if self.jobs[index].key in keys]
        await asyncio.gather(*(conversation.stop(self._client) for conversation in running))

    def of(self, key: str) -> list[Sample]:
        """The samples of a key that are over."""
        pairs = zip(self.jobs, self.samples, strict=True)
        return [sample for job, sample in pairs if job.key == key and sample is not None]

    def wanted(self, key: str) -> int:
        """How many of a key were asked for."""
        return sum(job.key == key for job in self.jobs)

    def active(self, key: str | None = None) -> bool:
        """Whether any, of a key or at all, runs or has yet to."""
        return any(
            key is None or self.jobs[index].key == key
            for index in (*self._running, *(index for index in self._waiting if not self._is_stopped(index)))
        )

    def _is_stopped(self, index: int) -> bool:
        return self.jobs[index].key in self._stopped

    async def _work(self) -> None:
        while self._waiting:
            index = self._waiting.pop(0)
            if self._is_stopped(index):
                continue
            job = self.jobs[index]
            self._running[index] = conversation = Conversation(job.runnable, clock=self._clock)
            conversation.quiet = True
            self.listener(job.key)
            try:
                self.samples[index] = await self._take(index, job, conversation)
            finally:
                del self._running[index]
                self.listener(job.key)

    async def _take(self, index: int, job: Job, conversation: Conversation) -> Sample | None:
        client = self._client
        try:
            thread_id = conversation.thread_id = await self._thread(job)
            if self._is_stopped(index):
                await client.threads.delete(thread_id)
                return None
        except PlaygroundError as error:
            return Sample("", status="failed", note=error.sentence)
        start = None
        if job.before:
            conversation.transcript = Transcript.from_history(job.before, clock=self._clock)
            start = job.before[0].checkpoint_id
        await conversation.send(client, job.input, checkpoint_id=start, metadata={FRESH: True})
        return sample_of(conversation, self._clock())

    async def _thread(self, job: Job) -> str:
        threads = self._client.threads
        if job.thread_id is None or not job.before:
            return (await threads.create(self._metadata)).thread_id
        copy = await threads.copy(job.thread_id)
        await threads.update(copy.thread_id, self._metadata)
        return copy.thread_id


async def states_before(client: "Client", thread_id: str, run_id: str | None) -> tuple[State, ...]:
    """A thread's states up to where the run began, newest first; none if that was its beginning.

    A run that left no checkpoint began at the newest.
    """
    states = await client.threads.history(thread_id, limit=_HISTORY)
    ours = [index for index, state in enumerate(states) if run_id and state.metadata.get("run_id") == run_id]
    if not ours:
        return tuple(states)
    parent = states[ours[-1]].parent_checkpoint_id
    if parent is None:
        return ()
    at = next((index for index, state in enumerate(states) if state.checkpoint_id == parent), None)
    return (await client.threads.state(thread_id, parent),) if at is None else tuple(states[at:])


def sample_of(conversation: Conversation, now: float) -> Sample:
    """The conversation's last run as a sample; one that is not over by now failed."""
    sample = sample_of_turn(conversation, cast(Turn, conversation.turn), now)
    return replace(sample, status="failed") if sample.status == "running" else sample


def sample_of_turn(conversation: Conversation, turn: Turn, now: float) -> Sample:
    """A run of the conversation as a sample. `now` is its clock."""
    transcript = conversation.transcript
    mine = [block for block in transcript.blocks if block.turn == turn.index]
    errors = [block for block in mine if isinstance(block, ErrorBlock)]
    asked = conversation.interrupts if turn is conversation.turn else ()
    wrong = [f"{block.error}: {block.message}" if block.error else block.message for block in errors]
    return Sample(
        answer=answer_in(mine),
        calls=tuple(block.name for block in mine if isinstance(block, ToolBlock) and block.name),
        status="running" if turn.active else cast(SampleStatus, turn.status),
        metrics=turn.metrics(now),
        title=turn.title,
        context_hash=turn.context_hash,
        run_id=turn.run_id,
        thread_id=conversation.thread_id,
        cached=turn.cached,
        note="\n".join([*wrong, *(_question(interrupt) for interrupt in asked)]),
    )


def _question(interrupt: Interrupt | None) -> str:
    if interrupt is None:
        return "It waits at a breakpoint."
    return f"It asks: {question_text(interrupt.value)}"
