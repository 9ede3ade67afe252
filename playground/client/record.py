"""What a server sent of runs, event by event: kept as JSON within bounds, for whoever wants to see it as it was."""

import json
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from playground.client.steps import RunSteps

LIMIT: Final = 16 * 1024 * 1024
"""Characters of JSON that are kept; then the oldest events go."""
_NOBODY_SO_LATE: Final = 10**12
"""Milliseconds: an id that begins with less is a count, not a time."""


@dataclass(frozen=True, slots=True)
class RawEvent:
    """One server-sent event: its name (a stream mode, with `|node:task_id` for each subgraph), its data, its id."""

    event: str
    data: Any
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event as it is kept: `data` is JSON on one line. A `note` is the client's own word, with a sentence as data.

    `position` counts from 0 and never changes. `at` are seconds on the server's clock where its ids tell the time, else
    on ours: only differences within a run mean anything. `run` is the index of its run.
    """

    position: int
    event: str
    data: str
    id: str | None
    at: float
    run: int
    note: bool = False

    @property
    def line(self) -> str:
        """All of it as JSON on one line."""
        if self.note:
            return json.dumps({"note": self.data}, ensure_ascii=False)
        head = {"id": self.id, "event": self.event} if self.id is not None else {"event": self.event}
        return f'{json.dumps(head, ensure_ascii=False)[:-1]}, "data": {self.data}}}'


@dataclass(slots=True)
class RecordedRun:
    """A run of the record. `began` is when its first event was made, `delay` how many seconds later one came here.

    `modes` are those of its events.
    """

    run_id: str
    steps: RunSteps
    began: float | None = None
    delay: float | None = None
    over: bool = False
    modes: set[str] = field(default_factory=set)


class RunRecord:
    """The events of the runs that were followed, oldest first.

    `listener` is called after each change: it may be called a thousand times a second, and should only take note.
    """

    def __init__(self, clock: Callable[[], float] = time.time, limit: int = LIMIT) -> None:
        self.runs: list[RecordedRun] = []
        self.lost = ""
        self.listener: Callable[[], None] = _nobody
        self._clock = clock
        self._limit = limit
        self._events: deque[Recorded] = deque()
        self._size = 0
        self._next = 0

    # What is told

    def begin(self, run_id: str) -> None:
        """What comes from now on is of this run."""
        if not self.runs or self.runs[-1].run_id != run_id:
            self.runs.append(RecordedRun(run_id, RunSteps(run_id)))
        self.runs[-1].over = False

    def add(self, part: RawEvent) -> Recorded:
        """The server sent this."""
        run, now = self._run, self._clock()
        at = time_of(part.id)
        at = now if at is None else at
        run.began = at if run.began is None else min(run.began, at)
        run.delay = now - at if run.delay is None else min(run.delay, now - at)
        run.modes.add(part.event.partition("|")[0])
        run.steps.apply(part.event, part.data, at, self._next)
        return self._keep(part.event, to_line(part.data), part.id, at)

    def disconnected(self, sentence: str) -> None:
        """The stream broke off; what follows is sought."""
        self.lost = sentence
        self.note(sentence)

    def connected(self, sentence: str) -> None:
        """The stream goes on."""
        self.lost = ""
        self.note(sentence)

    def end(self, status: str = "") -> None:
        """The run is over with this status of the API, or isn't followed any more."""
        self.lost = ""
        if self.runs and not self.runs[-1].over:
            self.runs[-1].over = True
            self.runs[-1].steps.end(status, self.now())
        self.listener()

    # What is kept

    def __len__(self) -> int:
        return len(self._events)

    def __iter__(self) -> Iterator[Recorded]:
        return iter(self._events)

    @property
    def first(self) -> int:
        """The position of the first event that is kept: so many went."""
        return self._next - len(self._events)

    def get(self, position: int) -> Recorded | None:
        """The event at a position; None if it went, or never was."""
        index = position - self.first
        return self._events[index] if 0 <= index < len(self._events) else None

    def since(self, position: int) -> list[Recorded]:
        """The kept events from a position on."""
        count = min(len(self._events), max(0, self._next - position))
        newest = [self._events[-1 - index] for index in range(count)]
        return newest[::-1]

    def seconds(self, recorded: Recorded) -> float:
        """Since its run began."""
        began = self.runs[recorded.run].began
        return 0.0 if began is None else max(0.0, recorded.at - began)

    def now(self) -> float:
        """What the clock that `at` is taken from says now, about."""
        delay = self.runs[-1].delay if self.runs else None
        return self._clock() - (delay or 0.0)

    def note(self, sentence: str) -> None:
        """The client has something to say of the run."""
        self._run.steps.note(sentence, self.now())
        self._keep("", sentence, None, self.now(), note=True)

    @property
    def _run(self) -> RecordedRun:
        if not self.runs:
            self.begin("")
        return self.runs[-1]

    def _keep(self, event: str, data: str, id: str | None, at: float, *, note: bool = False) -> Recorded:
        recorded = Recorded(self._next, event, data, id, at, len(self.runs) - 1, note)
        self._next += 1
        self._events.append(recorded)
        self._size += len(data)
        while self._size > self._limit and len(self._events) > 1:
            self._size -= len(self._events.popleft().data)
        self.listener()
        return recorded


def to_line(value: Any) -> str:
    """A value as JSON on one line."""
    import orjson

    try:
        return orjson.dumps(value).decode()
    except (TypeError, ValueError):  # a lone surrogate, an integer of more than 64 bits
        return json.dumps(value, default=str)


def time_of(event_id: str | None) -> float | None:
    """When an event was made, in seconds, if its id says so: LangGraph's are `<milliseconds>-<number>`."""
    head, _, tail = (event_id or "").partition("-")
    if not (head.isdecimal() and tail.isdecimal()) or int(head) < _NOBODY_SO_LATE:
        return None
    return int(head) / 1000


def _nobody() -> None:
    """Listens to a record that isn't shown."""
