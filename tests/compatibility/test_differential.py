"""Our server answers as the real one does, scenario by scenario; where it doesn't, on purpose, the row says why."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.compatibility import rows_assistants, rows_items, rows_runs, rows_streams, rows_threads
from tests.compatibility.conftest import side
from tests.compatibility.differential import Row, comparable

TABLES = (rows_assistants, rows_threads, rows_runs, rows_streams, rows_items)
ROWS = [
    pytest.param(row, id=f"{table.__name__.rpartition('_')[2]}: {row.name}") for table in TABLES for row in table.rows
]
AHEAD = 8  # rows that are played while one is looked at: most of a row's time is the real server's queue

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Player:
    """Plays rows on both servers, those that come next at the same time."""

    def __init__(self, real: str, ours: str, rows: list[Row]) -> None:
        self._servers = real, ours
        self._rows = rows
        self._free = asyncio.Semaphore(AHEAD)
        self._gate = asyncio.Lock()  # one takes its places at a time
        self._played: dict[int, asyncio.Task[list[Any]]] = {}

    async def outcomes(self, row: Row) -> list[Any]:
        """What came out on the real server, and on ours."""
        here = self._rows.index(row)
        for place in range(here, min(here + AHEAD, len(self._rows))):
            if place not in self._played:
                self._played[place] = asyncio.create_task(self._play(self._rows[place]))
        return await self._played[here]

    async def close(self) -> None:
        """Let go of what nobody waits for: another worker took the rest of the rows."""
        for task in self._played.values():
            task.cancel()
        await asyncio.gather(*self._played.values(), return_exceptions=True)

    async def _play(self, row: Row) -> list[Any]:
        places = AHEAD if row.alone else 1
        async with self._gate:
            for _ in range(places):
                await self._free.acquire()
        try:
            return list(await asyncio.gather(*(_on(url, row) for url in self._servers)))
        finally:
            for _ in range(places):
                self._free.release()


async def _on(url: str, row: Row) -> Any:
    async with side(url) as here:
        return comparable(await row.play(here), here.mark)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def player(request: pytest.FixtureRequest, real_server: str, our_server: str) -> AsyncIterator[Player]:
    given = [
        item.callspec.params
        for item in request.session.items
        if isinstance(item, pytest.Function) and hasattr(item, "callspec")
    ]
    player = Player(real_server, our_server, [params["row"] for params in given if "row" in params])
    yield player
    await player.close()


async def test_there_are_enough_rows_each_of_its_own_name() -> None:
    ids = [str(row.id) for row in ROWS]
    assert len(ids) >= 120
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("row", ROWS)
async def test_row(row: Row, player: Player) -> None:
    real, ours = await player.outcomes(row)
    if row.differs is None:
        assert ours == real
    else:
        assert ours == comparable(row.ours), row.differs
        assert ours != real, "the real server does the same by now: make it a row of what is the same"
