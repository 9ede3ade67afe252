"""Changes of the main store that come at the same time wait for the disk together, and stand or fall each by itself."""

import asyncio
import os
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from playground.store.database import Database
from playground.store.errors import NotFound, StoreFailed


@pytest.fixture
def syncs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Every wait for the disk from here on."""
    seen: list[int] = []
    fsync = os.fsync

    def counted(descriptor: int) -> None:
        seen.append(descriptor)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", counted)
    return seen


async def all_at_once(database: Database, *changes: Any) -> list[Any]:
    """What came of changes that are all there before the first is run."""
    free = Event()
    held = asyncio.ensure_future(database.call(free.wait))
    asked = [asyncio.ensure_future(database.change(change)) for change in changes]
    await asyncio.sleep(0)  # they have been handed over
    free.set()
    await held
    return await asyncio.gather(*asked, return_exceptions=True)


async def test_they_wait_once_and_are_on_disk(database: Database, directory: Path, syncs: list[int]) -> None:
    made = await all_at_once(database, *[database.threads.create] * 20)
    assert len(syncs) == 1
    database.close()
    again = Database.open(directory)
    assert {row["thread_id"] for row in again.threads.search(limit=50)[0]} == {row["thread_id"] for row in made}
    again.close()


async def test_one_that_is_refused_takes_no_other_along(database: Database) -> None:
    def refused() -> None:
        with database.transaction():
            database.threads.create(metadata={"topic": "refused"})
            database.threads.update("no such thread", metadata={})

    first, error, last = await all_at_once(database, database.threads.create, refused, database.threads.create)
    assert isinstance(error, NotFound)
    assert {row["thread_id"] for row in database.threads.search()[0]} == {first["thread_id"], last["thread_id"]}


async def test_a_disk_that_fails_fails_all_of_them_and_shows_none(
    database: Database, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = database.threads.create()

    def failing(descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", failing)
        outcomes = await all_at_once(database, *[database.threads.create] * 3)
    assert [type(outcome) for outcome in outcomes] == [StoreFailed] * 3
    assert [row["thread_id"] for row in database.threads.search()[0]] == [before["thread_id"]]
    with pytest.raises(StoreFailed, match="Nothing more is written until the store is opened again"):
        await database.change(database.threads.create)


async def test_nobody_sees_what_is_not_on_disk(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting, go_on = Event(), Event()
    fsync = os.fsync

    def slow(descriptor: int) -> None:
        waiting.set()
        assert go_on.wait(10)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", slow)
    change = asyncio.ensure_future(database.change(database.threads.create))
    assert await asyncio.to_thread(waiting.wait, 10)
    seen = asyncio.ensure_future(asyncio.to_thread(database.threads.count))
    done, _ = await asyncio.wait([seen], timeout=0.05)
    assert not done
    go_on.set()
    await change
    assert await seen == 1
