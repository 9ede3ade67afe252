"""Checkpoints of several threads, written at the same time; what removes them waits for those on their way."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from langgraph.checkpoint.base import empty_checkpoint

from playground.store.database import Database


def config(thread_id: str) -> Any:
    return {"configurable": {"thread_id": thread_id, "checkpoint_ns": ""}}


async def put(database: Database, thread_id: str, **metadata: Any) -> str:
    checkpoint = empty_checkpoint()
    await database.checkpoints.aput(config(thread_id), checkpoint, metadata, {})  # type: ignore[arg-type]
    return checkpoint["id"]


@contextmanager
def held_back(monkeypatch: pytest.MonkeyPatch, thread_id: str) -> Iterator[Event]:
    """The disk takes nothing of one thread's file until the end; the event says that it was asked to."""
    asked, go_on = Event(), Event()
    fsync = os.fsync
    theirs = f"/threads/{thread_id}.json"

    def slow(descriptor: int) -> None:
        if theirs in str(Path(f"/proc/self/fd/{descriptor}").readlink()):
            asked.set()
            assert go_on.wait(10)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", slow)
    try:
        yield asked
    finally:
        go_on.set()


pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="tells files apart by /proc")


async def test_a_thread_waits_for_no_other_threads_disk(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with held_back(monkeypatch, "slow") as asked:
        slow = asyncio.ensure_future(put(database, "slow"))
        assert await asyncio.to_thread(asked.wait, 10)
        made = await put(database, "quick")
        found = await database.checkpoints.aget_tuple(config("quick"))
        assert found is not None
        assert found.checkpoint["id"] == made
        assert not slow.done()
    await slow


async def test_what_is_on_its_way_is_removed_too(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = await put(database, "t", run_id="first")
    with held_back(monkeypatch, "t") as asked:
        late = asyncio.ensure_future(put(database, "t", run_id="undone"))
        assert await asyncio.to_thread(asked.wait, 10)
        late.cancel()  # as its run is: the write goes on
        undo = asyncio.ensure_future(
            database.call(lambda: database.checkpoints.delete_for_runs(["undone"], thread_id="t"))
        )
        assert not (await asyncio.wait([undo], timeout=0.05))[0]
    await undo
    assert [one.checkpoint["id"] async for one in database.checkpoints.alist(config("t"))] == [kept]


async def test_a_deleted_thread_does_not_come_back(
    database: Database, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await put(database, "t")
    with held_back(monkeypatch, "t") as asked:
        late = asyncio.ensure_future(put(database, "t"))
        assert await asyncio.to_thread(asked.wait, 10)
        late.cancel()
        gone = asyncio.ensure_future(database.call(lambda: database.checkpoints.delete_thread("t")))
        assert not (await asyncio.wait([gone], timeout=0.05))[0]
    await gone
    assert list((directory / "threads").iterdir()) == []
