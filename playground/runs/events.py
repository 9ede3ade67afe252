"""A run's event log: what a stream, a join or a resumed stream reads, from any position, while it is made."""

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """One event as it goes over the wire: its name and its data as JSON."""

    name: str
    data: bytes


class EventLog:
    """The events of one run, in order. `append` may be called from any thread; reading belongs to one loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._events: list[Event] = []
        self._closed = False
        self._readers: set[asyncio.Event] = set()
        self._lock = threading.Lock()
        self._wake_pending = False

    @property
    def closed(self) -> bool:
        """Whether the run has ended: nothing is appended any more."""
        return self._closed

    def __len__(self) -> int:
        return len(self._events)

    def append(self, event: Event) -> None:
        """Add an event. Many appends between two turns of the loop wake its readers once."""
        self._events.append(event)
        self._wake()

    def close(self) -> None:
        """Say that the run has ended; readers finish what there is."""
        self._closed = True
        self._wake()

    async def read(self, start: int = 0) -> AsyncIterator[tuple[int, list[Event]]]:
        """Batches of (position of the first, events) from `start` to the end of the run."""
        changed = asyncio.Event()
        self._readers.add(changed)
        try:
            while True:
                changed.clear()
                closed = self._closed  # before the slice: an event appended before closing is never missed
                batch = self._events[start:]
                if batch:
                    yield start, batch
                    start += len(batch)
                elif closed:
                    return
                else:
                    await changed.wait()
        finally:
            self._readers.discard(changed)

    def _wake(self) -> None:
        with self._lock:
            if self._wake_pending:
                return
            self._wake_pending = True
        self._loop.call_soon_threadsafe(self._notify)

    def _notify(self) -> None:
        with self._lock:
            self._wake_pending = False
        for reader in self._readers:
            reader.set()
