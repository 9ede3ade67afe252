"""Our server answers as the real one does, scenario by scenario; where it doesn't, on purpose, the row says why."""

import asyncio

import pytest

from tests.compatibility import rows_assistants, rows_items, rows_runs, rows_streams, rows_threads
from tests.compatibility.differential import Row, Side, comparable

TABLES = (rows_assistants, rows_threads, rows_runs, rows_streams, rows_items)
ROWS = [
    pytest.param(row, id=f"{table.__name__.rpartition('_')[2]}: {row.name}") for table in TABLES for row in table.rows
]


def test_there_are_enough_rows_each_of_its_own_name() -> None:
    ids = [str(row.id) for row in ROWS]
    assert len(ids) >= 120
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("row", ROWS)
async def test_row(row: Row, real_side: Side, our_side: Side) -> None:
    real, ours = await asyncio.gather(row.play(real_side), row.play(our_side))
    real, ours = comparable(real, real_side.mark), comparable(ours, our_side.mark)
    if row.differs is None:
        assert ours == real
    else:
        assert ours == comparable(row.ours), row.differs
        assert ours != real, "the real server does the same by now: make it a row of what is the same"
