"""Deletes or prunes threads whose time to live is over."""

import asyncio
import logging
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from playground.runs.engine import Engine
from playground.store.database import Database
from playground.store.errors import NotFound, StoreError

log = logging.getLogger(__name__)

LONGEST_WAIT = 60.0  # seconds: a thread in use when its time is over is looked at again


class Expiry:
    """Waits for the next thread whose time is over. Belongs to the API's loop."""

    def __init__(self, database: Database, engine: Engine) -> None:
        self._database = database
        self._engine = engine
        self._changed = asyncio.Event()

    def reconsider(self) -> None:
        """A time to live was set."""
        self._changed.set()

    async def run(self) -> None:
        """Until cancelled. What the disk refuses is logged, and tried again."""
        while True:
            self._changed.clear()
            try:
                seconds = await self._sweep()
            except StoreError as error:
                log.warning("Threads whose time is over could not be removed: %s", error)
                seconds = LONGEST_WAIT
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), seconds)

    async def _sweep(self) -> float:
        """Remove what is over and not in use; the seconds until something may be again."""
        for row in await self._database.call(self._database.threads.expiring):
            left = (datetime.fromisoformat(row["ttl"]["expires_at"]) - datetime.now(UTC)).total_seconds()
            if left > 0:
                return min(left, LONGEST_WAIT)
            if not self._engine.is_busy(row["thread_id"]):
                with suppress(NotFound):  # deleted meanwhile
                    await self._end(row)
        return LONGEST_WAIT

    async def _end(self, row: dict[str, Any]) -> None:
        if row["ttl"]["strategy"] == "delete":
            await self._database.call(self._database.threads.delete, row["thread_id"])
            return
        # On a thread of its own: it may import langgraph.
        await asyncio.to_thread(lambda: self._database.checkpoints.prune([row["thread_id"]]))
        kept = {"updated_at": row["updated_at"], "ttl": None}
        await self._database.call(self._database.threads.patch, row["thread_id"], **kept)
