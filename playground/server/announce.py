"""Tells attached clients that something about the server changed."""

import asyncio
from collections.abc import AsyncIterator


class Announcements:
    """A counter that clients wait on; belongs to the API's loop.

    `restarting`: why the server ends only to begin again; None if it doesn't.
    """

    def __init__(self) -> None:
        self.restarting: str | None = None
        self._changed = asyncio.Event()
        self._closed = False

    def announce(self) -> None:
        """Something changed: everyone who waits looks again."""
        self._changed.set()
        self._changed = asyncio.Event()

    def close(self) -> None:
        """The server ends: everyone who waits is let go."""
        self._closed = True
        self.announce()

    async def changes(self) -> AsyncIterator[None]:
        """Once now, then once per change (changes that happen meanwhile count as one), until the server ends."""
        while not self._closed:
            changed = self._changed
            yield
            await changed.wait()
