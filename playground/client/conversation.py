"""A thread and what runs on it: send, follow, stop, answer, reopen. No widgets: a listener gets the changed blocks."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

from playground.client.blocks import Block, Turn
from playground.client.errors import PlaygroundError
from playground.client.events import Accepted, Disconnected, Interrupted, Reconnected, RunEvent
from playground.client.message_json import messages_of
from playground.client.record import RunRecord
from playground.client.run_options import RunOptions
from playground.client.saved_history import SavedHistory, by_what_they_added, read_history
from playground.client.thread_text import first_text, given_title
from playground.client.transcript import Transcript
from playground.client.values import VARIANT, Interrupt, Run, Runnable, State, Thread, Unsaved, ran_title

if TYPE_CHECKING:
    from playground.client.client import Client


@dataclass(frozen=True, slots=True)
class Ran:
    """What the server says ran. `differs`: how that isn't what was asked for; None if it is."""

    name: str
    version: int | None
    context_hash: str | None
    draft: Unsaved = False
    differs: str | None = None

    @property
    def title(self) -> str:
        """`support@v7`; without a version where the server doesn't tell."""
        return ran_title(self.name, self.version, self.draft)


@dataclass(frozen=True, slots=True)
class _Next:
    """A run that the server has and that is followed when the one before it is over; of another client's no more."""

    run_id: str
    input: Any = None
    runnable: Runnable | None = None


class Conversation:
    """One thread. Only one run of it is followed at a time.

    `listener` gets the blocks that changed, and an empty list if something else did (the status, what ran).
    `before_run` is awaited before a run is sent, when its thread has an id: whoever keeps it, keeps it first.
    """

    def __init__(
        self,
        runnable: Runnable | None = None,
        listener: Callable[[list[Block]], None] = lambda blocks: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.runnable = runnable
        self.thread_id: str | None = None
        self.thread: Thread | None = None
        self.transcript = Transcript(clock)
        self.whole = True  # the transcript goes back to the thread's beginning, with its runs
        self.ran: Ran | None = None
        self.record = RunRecord()
        self.modes: tuple[str, ...] = ()  # streamed beside the usual ones, for the record
        self.listener = listener
        self.before_run: Callable[[], Awaitable[None]] = _at_once
        self.clock = clock
        self.quiet = False  # its end is no news: one of many samples
        self._opened = 0  # turns that it had when it was opened
        self._stopping = False
        self._next: list[_Next] = []

    @property
    def turn(self) -> Turn | None:
        """The last run, None before the first one."""
        return self.transcript.turns[-1] if self.transcript.turns else None

    @property
    def status(self) -> str:
        """ "ready" before the first run, then the last run's status."""
        return self.turn.status if self.turn else "ready"

    @property
    def active(self) -> bool:
        """Whether a run is in flight."""
        return self.turn is not None and self.turn.active

    @property
    def added(self) -> int:
        """So many runs wait behind the one in flight."""
        return len(self._next)

    @property
    def interrupts(self) -> tuple[Interrupt | None, ...]:
        """What the run waits for; None is a breakpoint."""
        return tuple(block.interrupt for block in self.transcript.waiting)

    async def send(
        self,
        client: "Client",
        input: Any,
        *,
        checkpoint_id: str | None = None,
        metadata: dict[str, Any] | None = None,
        options: RunOptions | None = None,
    ) -> None:
        """Run `input` on the thread and follow it to its end. Failures become part of the transcript.

        From the thread's last checkpoint, or from another one; `metadata` is the run's.
        """
        self.listener(self.transcript.begin(input))
        await self._send(client, options, input=input, checkpoint_id=checkpoint_id, metadata=metadata)

    async def answer(
        self,
        client: "Client",
        answers: dict[str, Any],
        *,
        checkpoint_id: str | None = None,
        options: RunOptions | None = None,
    ) -> None:
        """Go on after interrupts, with an answer for each id; at a breakpoint without any."""
        waiting = [interrupt for interrupt in self.interrupts if interrupt is not None]
        self.listener(self.transcript.resume(answers))
        command: dict[str, Any] | None = None
        if waiting:
            alone = len(waiting) == 1 and len(answers) == 1
            command = {"resume": next(iter(answers.values())) if alone else answers}
        await self._send(client, options, command=command, checkpoint_id=checkpoint_id)

    async def rerun(
        self,
        client: "Client",
        *,
        checkpoint_id: str | None = None,
        command: dict[str, Any] | None = None,
        options: RunOptions | None = None,
    ) -> None:
        """Run again what comes after a checkpoint, without an input; `command` may update the state or go to a node.

        What was asked there is asked anew.
        """
        self.listener(self.transcript.resume())
        await self._send(client, options, command=command, checkpoint_id=checkpoint_id)

    async def add(self, client: "Client", input: Any, options: RunOptions) -> None:
        """Send another input while a run is in flight: `options` say what becomes of that one.

        Whoever follows the run in flight follows this one after it. Raises PlaygroundError if the server refuses it.
        """
        if self.runnable is None or self.thread_id is None:
            raise ValueError("nothing is in flight")
        run = await client.runs.create(self.runnable, self.thread_id, input=input, options=options)
        self._next.append(_Next(run.run_id, input, options.runnable(self.runnable)))
        self.listener([])

    async def stop(self, client: "Client") -> None:
        """Stop the run in flight. What it has said stays."""
        turn = self.turn
        if turn is None or not turn.active:
            return
        if turn.run_id is None or self.thread_id is None:
            self._stopping = True  # as soon as the server has told the run's id
        else:
            await client.runs.cancel(self.thread_id, turn.run_id)

    async def open(self, client: "Client", thread_id: str, checkpoint_id: str | None = None) -> str | None:
        """Read a thread, or what it was at a checkpoint. The id of the run in flight on it, to be joined, or None."""
        self.thread_id = thread_id
        if checkpoint_id is not None:
            await self._read_at(client, thread_id, checkpoint_id)
            return None
        await self._read(client, thread_id)
        if self.thread is None or self.thread.status != "busy":
            return None
        runs = await client.runs.list(thread_id, limit=20)
        flying = [run for run in runs if run.status in ("pending", "running")]
        if not flying:  # it has ended meanwhile
            await self._read(client, thread_id)
            return None
        *waiting, first = flying
        self._next = [_Next(run.run_id) for run in reversed(waiting)]
        self.transcript.join(first.run_id, started=first.status == "running")
        return first.run_id

    async def _read(self, client: "Client", thread_id: str) -> None:
        thread = await client.threads.get(thread_id)
        self._take(await read_history(client, thread_id, thread.values), thread)

    async def _read_at(self, client: "Client", thread_id: str, checkpoint_id: str) -> None:
        thread, state = await asyncio.gather(
            client.threads.get(thread_id), client.threads.state(thread_id, checkpoint_id)
        )
        there = replace(thread, error=None, status="idle")  # what the thread's own status says is of its newest place
        self._take(await read_history(client, thread_id, state.values, state), there)

    def _take(self, history: SavedHistory, thread: Thread) -> None:
        self.thread, self.whole = thread, history.whole
        paused = thread.status == "interrupted"
        self.transcript = Transcript.from_history(
            history.states, thread.error, self.clock, history.older, paused=paused
        )
        self._opened = len(self.transcript.turns)

    async def complete(self, states: Sequence[State]) -> bool:
        """Name the runs of older messages, too, by all of the thread's states; False where that can't be told.

        For a thread on which nothing ran since it was opened. Tenths of a second for thousands, beside the screen.
        """
        thread, before = self.thread, self.transcript
        messages = messages_of(thread.values) if thread is not None else None
        if thread is None or not messages:
            return False
        found = await asyncio.to_thread(by_what_they_added, states, messages)
        if found is None or not found.whole:
            return False
        paused = thread.status == "interrupted"
        made = await asyncio.to_thread(Transcript.from_history, found.states, thread.error, self.clock, paused=paused)
        if self.transcript is not before or len(before.turns) != self._opened or self.active:
            return False  # something ran meanwhile
        self.transcript, self.whole = made, True
        return True

    async def join(self, client: "Client", run_id: str, asked: Runnable | None = None) -> None:
        """Follow a run that was already there. `asked` is what it was to run, if that is known."""
        self._stopping = False
        await self._follow(client, client.runs.join(cast(str, self.thread_id), run_id, self.record), asked)
        await self._follow_next(client)

    async def _follow_next(self, client: "Client") -> None:
        """The runs that were added meanwhile, in their order."""
        while self._next:
            added = self._next.pop(0)
            self.transcript.join(added.run_id)
            if added.input is not None:
                self.listener(self.transcript.take_input(added.input))
            self._stopping = False
            events = client.runs.join(cast(str, self.thread_id), added.run_id, self.record)
            await self._follow(client, events, added.runnable)

    async def _send(self, client: "Client", options: RunOptions | None = None, **what: Any) -> None:
        if self.runnable is None:
            raise ValueError("nothing to run")
        self._stopping = False
        self.thread_id = self.thread_id or str(uuid4())
        await self.before_run()
        self.transcript.sent_now()
        what |= {"options": options, "modes": self.modes, "record": self.record}
        run = client.runs.stream(self.runnable, thread_id=self.thread_id, values=True, **what)
        await self._follow(client, run, options.runnable(self.runnable) if options else self.runnable)
        await self._follow_next(client)

    async def _follow(self, client: "Client", events: AsyncIterator[RunEvent], asked: Runnable | None) -> None:
        asking: asyncio.Task[None] | None = None
        client.flights.began(self)
        try:
            async with aclosing(cast(Any, events)) as stream:
                async for event in stream:
                    self.listener(self.transcript.apply(event))
                    if isinstance(event, Accepted):
                        asking = asyncio.create_task(self._accepted(client, event, self.transcript.turns[-1], asked))
                    elif isinstance(event, Interrupted | Disconnected | Reconnected):
                        self.listener([])
            if asking is not None:
                await asking
        except PlaygroundError as error:
            self.listener(self.transcript.lost(error.sentence, error.detail))
        finally:
            if asking is not None and not asking.done():
                asking.cancel()
            client.flights.ended(self)
        self.listener([])

    async def _accepted(self, client: "Client", event: Accepted, turn: Turn, asked: Runnable | None) -> None:
        """Ask what runs there, which only the server knows; stop the run if that was wanted meanwhile.

        By the time the server answers another turn may have begun.
        """
        self.thread_id = event.thread_id
        if self._stopping:
            await client.runs.cancel(event.thread_id, event.run_id)
        run = await client.runs.get(event.thread_id, event.run_id)
        turn.assistant_id, turn.version, turn.draft = run.assistant_id, run.version, run.draft
        turn.context_hash = run.context_hash or ""
        if asked is not None:
            ran = what_ran(run, asked)
            turn.title = ran.title
            if turn is self.turn:
                self.ran = ran
        self.listener([])


async def _at_once() -> None:
    """Nothing is to be done before a run."""


def what_ran(run: Run, asked: Runnable) -> Ran:
    """The run's own word on what it runs, held against what was asked for."""
    name = asked.name if run.assistant_id == asked.assistant_id else run.assistant_id
    return Ran(name, run.version, run.context_hash, run.draft, _difference(run, asked))


def _difference(run: Run, asked: Runnable) -> str | None:
    if run.assistant_id != asked.assistant_id:
        return f"another assistant ran: {run.assistant_id}"
    if run.version is not None and (run.version, run.draft) != (asked.version, asked.draft):
        return f"{_which(run)} ran, not {_which(asked)}"
    if run.context_hash and asked.context_hash and not _same_hash(run.context_hash, asked.context_hash):
        return f"another context ran: {run.context_hash[:6]}, not {asked.context_hash[:6]}"
    return "the server doesn't say which version ran" if run.version is None else None


def _which(what: Run | Runnable) -> str:
    kind = "a variant" if what.draft == VARIANT else "a draft"
    return f"{kind} of v{what.version}" if what.draft else f"v{what.version}"


def _same_hash(one: str, other: str) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def title_of(thread: Thread) -> str:
    """The thread's name: as somebody named it, else the first thing the user said, else its first text, else ""."""
    return given_title(thread.metadata) or first_text(thread.values)
