"""Following a run's stream to its end, however often the connection breaks: nothing twice, nothing lost unsaid."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Any, Final

from playground.client import decode
from playground.client.errors import ApiError, PlaygroundError, ServerGone
from playground.client.events import (
    Accepted,
    Disconnected,
    Ended,
    Failed,
    Interrupted,
    Reconnected,
    RunEvent,
    Values,
)
from playground.client.record import RawEvent, RunRecord
from playground.client.stream import failed, run_events
from playground.client.values import Run
from playground.client.wire import Wire

if TYPE_CHECKING:
    from langgraph_sdk.schema import RunCreateMetadata, StreamPart

Start = Callable[[Callable[["RunCreateMetadata"], None]], AsyncIterator["StreamPart"]]
"""Begins a stream; what it is given is called once the server has accepted the run."""

_PATIENCE: Final = (15.0, 60.0)  # seconds without a server on this machine, or elsewhere, until the run is given up
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0  # seconds between attempts
_TRIES: Final = 3  # to get the rest of the stream of a run that is over
_UNFINISHED: Final = ("pending", "running")
_BROKE: Final = "The stream broke off before the run was over."
_BACK: Final = "The connection is back: the stream goes on where it was."
_ONLY_BACK: Final = "The connection is back."
_GAP: Final = "What was streamed while the connection was lost can't be had again: the state says what came of it."
_GAVE_UP: Final = (
    "The server didn't come back within {seconds:.0f} seconds. What it had answered until then is kept; open the "
    "thread again to see how the run went on."
)
_FORGOTTEN: Final = "The server that came back doesn't know this run any more: it ended with the one before."


class Following:
    """One run, from its start or from where somebody else is. `record` gets every event as it was sent."""

    def __init__(self, wire: Wire, what: str, thread_id: str, record: RunRecord | None, *, values: bool) -> None:
        self._wire = wire
        self._what = what
        self._thread_id = thread_id
        self._run_id: str | None = None
        self._record = record
        self._values = values
        self._place = _Place()
        self._seen = _Seen()

    async def events(self, start: Start, run_id: str | None = None) -> AsyncGenerator[RunEvent]:
        """What happens, to the end of the run. Raises ApiError, ServerGone."""
        self._accept(run_id)
        try:
            async with aclosing(self._followed(start)) as events:
                async for event in events:
                    yield event
        finally:
            if self._record is not None:
                self._record.end()

    async def _followed(self, start: Start) -> AsyncGenerator[RunEvent]:
        attempts, run = 0, None
        while True:
            before = self._place.count
            try:
                async with aclosing(self._streamed(start)) as events:
                    async for event in events:
                        yield event
                run = await self._run()
                if run is None or run.status not in _UNFINISHED:
                    break
                reason = _BROKE
            except ServerGone as error:
                if self._run_id is None:
                    raise
                reason = error.sentence
            except ApiError as error:
                if not self._place.rejoined or error.status < 500:
                    raise
                reason = error.sentence
            attempts = 1 if self._place.count > before else attempts + 1
            is_told = reason != _BROKE or attempts > 1  # a stream may end a moment before its run is over
            if is_told:
                yield self._tell(Disconnected(reason))
            if (run := await self._server_back(attempts)) is None:
                break
            if run.status not in _UNFINISHED and attempts > _TRIES:
                self._place.gap = True
                break
            if is_told:
                yield self._tell(Reconnected(_BACK if self._place.has_ids else _ONLY_BACK))
            start = self._again
        self._place.end()
        async for event in self._end(run):
            yield event

    def _accept(self, run_id: str | None) -> None:
        self._run_id = run_id
        if run_id is not None and self._record is not None:
            self._record.begin(run_id)

    async def _streamed(self, start: Start) -> AsyncGenerator[RunEvent]:
        """One connection's events: acceptance comes before the first of them, the server's end at once."""
        queue: asyncio.Queue[StreamPart | Accepted | Exception | None] = asyncio.Queue()

        def accepted(made: "RunCreateMetadata") -> None:
            queue.put_nowait(Accepted(made["run_id"], made.get("thread_id") or self._thread_id))

        tasks = [asyncio.create_task(_pump(start(accepted), queue)), asyncio.create_task(self._end_if_gone(queue))]
        try:
            while (item := await queue.get()) is not None:
                if isinstance(item, Accepted):
                    self._thread_id = item.thread_id
                    self._accept(item.run_id)
                    yield item
                elif isinstance(item, Exception):
                    what = self._what if self._run_id is None else "follow the run"
                    raise self._wire.translate(what, item) or item from item
                elif self._place.is_new(item):
                    for event in self._take(item):
                        yield event
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _take(self, part: "StreamPart") -> list[RunEvent]:
        if self._record is not None:
            self._record.add(RawEvent(part.event, part.data, part.id))
        return [event for event in run_events(part.event, part.data) if self._seen.is_new(event)]

    def _again(self, accepted: Callable[["RunCreateMetadata"], None]) -> "AsyncIterator[StreamPart]":
        """The stream from where it broke off."""
        assert self._run_id is not None
        last = self._place.rejoin()
        return self._wire.sdk.runs.join_stream(self._thread_id, self._run_id, last_event_id=last)

    async def _server_back(self, attempts: int) -> Run | None:
        """The run, as soon as the server answers again. Raises ServerGone if it doesn't for a long time."""
        patience = _PATIENCE[not self._wire.is_local]
        deadline = time.monotonic() + patience
        pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(attempts - 1, 10))
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await (self._wire.back.wait() if self._wire.gone.is_set() else asyncio.sleep(pause + 1))
            try:
                if not self._wire.gone.is_set():
                    return await self._run()
            except ServerGone:
                pass
            except ApiError as error:
                if error.status < 500:
                    raise
            if time.monotonic() > deadline:
                raise ServerGone(_GAVE_UP.format(seconds=patience))
            pause = min(_LONGEST_PAUSE, pause * 2)

    async def _run(self) -> Run | None:
        """The run as the server has it; None if it has none. Raises ServerGone if it said no run at all."""
        if self._run_id is None:
            raise ServerGone("The server ended the stream before it said which run it was.")
        sdk = self._wire.sdk
        row = await self._wire.ask_or(None, "read the run", sdk.runs.get(self._thread_id, self._run_id))
        return None if row is None else decode.run(row)

    async def _end(self, run: Run | None) -> AsyncGenerator[RunEvent]:
        if run is None:  # rolled back by another run: it is as if it had never been
            if self._place.rejoined:
                yield failed({"error": "", "message": _FORGOTTEN})
            yield Ended("interrupted")
            return
        if self._place.gap:
            if self._record is not None:
                self._record.note(_GAP)
            if self._values and (values := await self._state(run)) is not None:
                yield values
        if run.status == "error" and not self._seen.failed:
            yield failed(run.error or {"error": "Error", "message": "The run failed; the server keeps no reason."})
        if self._record is not None:
            for notice in run.notices:
                self._record.note(notice)
            self._record.end(run.status)
        yield Ended(run.status)

    async def _state(self, run: Run) -> Values | None:
        """The state that the run left, if nothing else has changed it since."""
        sdk = self._wire.sdk
        try:
            state = decode.state(await self._wire.ask("read the state", sdk.threads.get_state(self._thread_id)))
        except PlaygroundError:
            return None
        return Values(state.values) if state.metadata.get("run_id") == run.run_id else None

    async def _end_if_gone(self, queue: "asyncio.Queue[Any]") -> None:
        await self._wire.gone.wait()
        queue.put_nowait(ServerGone("The server went away during the run."))

    def _tell(self, event: Disconnected | Reconnected) -> RunEvent:
        if self._record is not None:
            (self._record.disconnected if isinstance(event, Disconnected) else self._record.connected)(event.sentence)
        return event


class _Place:
    """Where one is in a stream, to be found again by the ids of its events.

    Some servers give one id to all events of a millisecond: a new connection begins after the id before the last one,
    and what was seen of the last one is dropped. Such a server may also repeat, after it told what it kept, what came
    while it did. `count` events were new; `gap`: some between two connections are lost.
    """

    def __init__(self) -> None:
        self.count = 0
        self.gap = False
        self.rejoined = False
        self._before: str | None = None
        self._last: str | None = None
        self._of_last = 0  # so many events had the last id
        self._to_skip = 0  # so many of those are to come again
        self._unproven = False  # nothing shows yet that the new connection begins where the one before it broke off

    @property
    def has_ids(self) -> bool:
        """Whether the place can be found again."""
        return self.count == 0 or self._last is not None

    def is_new(self, part: "StreamPart") -> bool:
        """Whether an event that came wasn't there before."""
        if self.rejoined and part.id is not None:
            if part.id == self._last and self._to_skip:
                self._to_skip -= 1
                self._unproven = False
                return False
            if _order(part.id) < _order(self._last):
                self._to_skip = self._of_last
                return False
        self.end()
        self.count += 1
        if part.id != self._last:
            self._before, self._last, self._of_last = self._last, part.id, 0
        self._of_last += 1
        self._to_skip = 0
        return True

    def rejoin(self) -> str | None:
        """After which event a new connection is to begin; None where the server has no ids."""
        self.rejoined = True
        self._unproven = self.count > 0
        self._to_skip = self._of_last
        return None if not self.has_ids else self._before or "-1"

    def end(self) -> None:
        """The connection goes on with something new, or comes to its end."""
        self.gap = self.gap or self._unproven
        self._unproven = False


def _order(event_id: str | None) -> tuple[int, int]:
    """Ids that tell the time, in their order; all others at once."""
    moment, _, number = (event_id or "").partition("-")
    return (int(moment), int(number)) if moment.isdecimal() and number.isdecimal() else (0, 0)


class _Seen:
    """What was yielded already: an interrupt in a subgraph is told by each graph above it, too."""

    def __init__(self) -> None:
        self.failed = False
        self._interrupts: set[str | None] = set()

    def is_new(self, event: RunEvent) -> bool:
        if isinstance(event, Failed):
            self.failed = True
        if not isinstance(event, Interrupted) or not event.interrupts:
            return True
        ids = {interrupt.id for interrupt in event.interrupts}
        new = not ids <= self._interrupts
        self._interrupts |= ids
        return new


async def _pump(parts: "AsyncIterator[StreamPart]", queue: "asyncio.Queue[Any]") -> None:
    """Moves the stream into the queue; None is its end, an exception is what ended it."""
    try:
        async for part in parts:
            queue.put_nowait(part)
    except Exception as error:  # noqa: BLE001 - raised again where the events are read
        queue.put_nowait(error)
    else:
        queue.put_nowait(None)
