"""A run's event log: what a stream, a join or a resumed stream reads, from any position, while it is made."""

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import NamedTuple


class Event(NamedTuple):
    """One event as it goes over the wire: its name and its data as JSON.

    `more` are further pieces of the data, which many events share: a log of 4,000 tokens keeps their metadata once.
    """

    name: str
    data: bytes
    more: tuple[bytes | memoryview, ...] = ()


class EventLog:
    """The events of one run, in order. `append` may be called from any thread; reading belongs to one loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._events: list[Event] = []
        self._closed = False
        self._lock = threading.Lock()
        self._changed = asyncio.Event()  # a new one after each time it was set
        self._awaited = False  # a reader sleeps: the loop is woken only then, not for every event

    @property
    def closed(self) -> bool:
        """Whether the run has ended: nothing is appended any more."""
        return self._closed

    def __len__(self) -> int:
        return len(self._events)

    def append(self, event: Event) -> None:
        """Add an event."""
        with self._lock:
            self._events.append(event)
            awaited, self._awaited = self._awaited, False
        if awaited:
            self._loop.call_soon_threadsafe(self._notify)

    def close(self) -> None:
        """Say that the run has ended; readers finish what there is."""
        with self._lock:
            self._closed = True
            awaited, self._awaited = self._awaited, False
        if awaited:
            self._loop.call_soon_threadsafe(self._notify)

    async def read(self, start: int = 0) -> AsyncIterator[tuple[int, list[Event]]]:
        """Batches of (position of the first, events) from `start` to the end of the run."""
        while True:
            batch, end = self._look(start)
            if batch:
                yield start, batch
                start += len(batch)
            elif end:
                return
            else:
                await self._changed.wait()

    def _look(self, start: int) -> tuple[list[Event], bool]:
        """What there is from `start` on, and whether it is the end. If neither, the reader is woken by what comes."""
        with self._lock:
            batch, end = self._events[start:], self._closed
            self._awaited = self._awaited or not (batch or end)
        return batch, end

    def _notify(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
