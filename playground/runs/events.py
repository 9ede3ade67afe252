"""A run's event log: what a stream, a join or a resumed stream reads, from any position, while it is made."""

import asyncio
import threading
import time
from array import array
from collections.abc import AsyncIterator
from typing import NamedTuple

# Bytes that a run's log holds at most: about 100,000 tokens.
LIMIT = 32 * 1024 * 1024


class Event(NamedTuple):
    """One event as it goes over the wire: its name and its data as JSON.

    `more` are further pieces of the data, which many events share: a log of 4,000 tokens keeps their metadata once.
    """

    name: str
    data: bytes
    more: tuple[bytes | memoryview, ...] = ()


class EventLog:
    """The events of one run, in order. `append` may be called from any thread; reading belongs to one loop.

    A log that `keeps` its events can be read from any position, also after the run's end. Any other holds what its
    readers have not read yet, and everything until the one that is `awaited` begins to read. Neither holds more than
    `LIMIT`: then the oldest go, and a reader that is so far behind comes to its end.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, *, keeps: bool = False, awaited: bool = False) -> None:
        self._loop = loop
        self._keeps = keeps
        self._awaited = awaited
        self._times = array("q")  # milliseconds: when each event came, also of those that went
        self._events: list[Event] = []
        self._first = 0  # the position of the first that is still held
        self._size = 0
        self._readers: dict[object, int] = {}  # the position that each is at
        self._closed = False
        self._lock = threading.Lock()
        self._changed = asyncio.Event()  # a new one after each time it was set
        self._sleeping = False  # a reader sleeps: the loop is woken only then, not for every event

    @property
    def closed(self) -> bool:
        """Whether the run has ended: nothing is appended any more."""
        return self._closed

    @property
    def size(self) -> int:
        """Roughly, the bytes that it holds."""
        return self._size

    def __len__(self) -> int:
        """How many events there were; the position of the next one."""
        return self._first + len(self._events)

    @property
    def began(self) -> int | None:
        """When the first event came, in milliseconds; None before it."""
        return self._times[0] if self._times else None

    def event_id(self, position: int) -> str:
        """The id of the event at a position, in the form of LangGraph Server's: when it came, and a number.

        That of the last one for what a reader is told after it.
        """
        times = self._times
        return f"{times[min(position, len(times) - 1)] if times else 0}-{position}"

    def has(self, event_id: str) -> bool:
        """Whether it is the id of one of the events, or of what is told after the last."""
        moment, _, position = event_id.partition("-")
        if not (moment.isdecimal() and position.isdecimal()) or int(position) > len(self._times):
            return False
        return self.event_id(int(position)) == event_id

    def position(self, last_event_id: str) -> int:
        """Where a reader goes on that saw this event last; at the start, if it is none of this log."""
        return int(last_event_id.partition("-")[2]) + 1 if self.has(last_event_id) else 0

    def append(self, event: Event) -> None:
        """Add an event; nothing after `close`, where code goes on that could not be stopped."""
        with self._lock:
            if self._closed:
                return
            now = int(time.time() * 1000)
            self._times.append(max(now, self._times[-1]) if self._times else now)  # a clock may be set back
            if not (self._keeps or self._awaited or self._readers):
                self._first += 1
                return
            self._events.append(event)
            self._size += _size(event)
            if self._size > LIMIT:
                self._drop(len(self._events) // 4 or 1)
            sleeping, self._sleeping = self._sleeping, False
        if sleeping:
            self._loop.call_soon_threadsafe(self._notify)

    def close(self) -> None:
        """Say that the run has ended; readers finish what there is."""
        with self._lock:
            self._closed = True
            sleeping, self._sleeping = self._sleeping, False
        if sleeping:
            self._loop.call_soon_threadsafe(self._notify)

    async def read(self, start: int = 0, *, awaited: bool = False) -> AsyncIterator[tuple[int, list[Event]]]:
        """Batches of (position of the first, events) from `start`, or the first that is held, to the end of the run.

        `awaited`: this is the reader for whom the log was held.
        """
        reader = object()
        start = self._enter(reader, start, awaited=awaited)
        try:
            while True:
                batch, end = self._look(reader, start)
                if batch:
                    yield start, batch
                    start += len(batch)
                elif end:
                    return
                else:
                    await self._changed.wait()
        finally:
            self._leave(reader)

    def _enter(self, reader: object, start: int, *, awaited: bool) -> int:
        with self._lock:
            self._awaited = self._awaited and not awaited
            self._readers[reader] = start = max(start, self._first)
        return start

    def _leave(self, reader: object) -> None:
        with self._lock:
            del self._readers[reader]
            self._drop_read()

    def _look(self, reader: object, start: int) -> tuple[list[Event], bool]:
        """What there is from `start` on, and whether it is the end. If neither, the reader is woken by what comes."""
        with self._lock:
            self._readers[reader] = start
            if start < self._first:
                return [], True
            self._drop_read()
            batch, end = self._events[start - self._first :], self._closed
            self._sleeping = self._sleeping or not (batch or end)
        return batch, end

    def _drop_read(self) -> None:
        """Let go of what every reader has read."""
        if not (self._keeps or self._awaited):
            self._drop(min(self._readers.values(), default=len(self)) - self._first)

    def _drop(self, count: int) -> None:
        if count > 0:
            self._size -= sum(map(_size, self._events[:count]))
            del self._events[:count]
            self._first += count

    def _notify(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()


def _size(event: Event) -> int:
    """The bytes of an event without those that it shares with others."""
    return 200 + len(event.data)
