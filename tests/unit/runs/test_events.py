"""A run's event log: every reader gets every event once, in order; what nobody may ask for again is let go."""

import asyncio
import threading
from collections.abc import Iterable

import pytest

from playground.runs import events as module
from playground.runs.events import Event, EventLog


def events(count: int) -> list[Event]:
    return [Event("custom", str(number).encode()) for number in range(count)]


def written(log: EventLog, given: Iterable[Event]) -> EventLog:
    for event in given:
        log.append(event)
    log.close()
    return log


async def read(log: EventLog, start: int = 0) -> list[bytes]:
    return [event.data async for _, batch in log.read(start) for event in batch]


async def test_readers_before_during_and_after_see_the_same() -> None:
    log = EventLog(asyncio.get_running_loop(), keeps=True)
    early = asyncio.create_task(read(log))
    await asyncio.sleep(0)
    thread = threading.Thread(target=written, args=(log, events(5_000)))
    thread.start()
    middle = await read(log)
    thread.join()
    expected = [event.data for event in events(5_000)]
    assert await early == middle == await read(log) == expected


async def test_reading_from_a_position_skips_what_was_seen() -> None:
    log = written(EventLog(asyncio.get_running_loop(), keeps=True), events(4))
    assert await read(log, start=3) == [b"3"]
    assert [first async for first, _ in log.read(2)] == [2]


async def test_a_reader_that_leaves_is_forgotten() -> None:
    log = EventLog(asyncio.get_running_loop())
    task = asyncio.create_task(read(log))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    written(log, events(1))
    assert (len(log), log.size, await read(log)) == (1, 0, [])


async def test_what_nobody_reads_is_not_held() -> None:
    log = written(EventLog(asyncio.get_running_loop()), events(1_000))
    assert (len(log), log.size) == (1_000, 0)


async def test_what_everybody_has_read_is_let_go() -> None:
    log = EventLog(asyncio.get_running_loop())
    fast, slow = log.read(), log.read()
    waiting = [asyncio.create_task(anext(reader)) for reader in (fast, slow)]
    await asyncio.sleep(0)
    log.append(Event("custom", b"0"))
    await asyncio.gather(*waiting)
    log.append(Event("custom", b"1"))
    assert await anext(fast) == (1, [Event("custom", b"1")])
    both = log.size
    assert await anext(slow) == (1, [Event("custom", b"1")])
    assert 0 < log.size < both
    log.close()
    assert [part async for part in fast] == [part async for part in slow] == []
    assert log.size == 0


async def test_an_awaited_log_holds_its_beginning_for_the_reader_that_it_awaits() -> None:
    log = written(EventLog(asyncio.get_running_loop(), awaited=True), events(3))
    for _ in range(2):
        assert await read(log) == [b"0", b"1", b"2"]
    assert [first async for first, _ in log.read(awaited=True)] == [0]
    assert (log.size, await read(log)) == (0, [])


async def test_a_log_never_outgrows_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LIMIT", 10_000)
    log = EventLog(asyncio.get_running_loop(), keeps=True)
    behind = log.read()
    log.append(Event("custom", b"0"))
    assert (await anext(behind))[0] == 0
    written(log, events(1_000))
    assert log.size <= 10_000
    assert [part async for part in behind] == []  # ends, instead of skipping what it missed
    kept = await read(log)
    assert kept == [event.data for event in events(1_000)][-len(kept) :]


async def test_ids_name_positions_of_this_log_only() -> None:
    log = written(EventLog(asyncio.get_running_loop(), keeps=True), events(60))
    assert log.position(log.event_id(41)) == 42
    assert log.position(log.event_id(60)) == 61  # what is told after the last event
    others = ("0", "-1", "", "17", "1-5", log.event_id(1) + "x", "é-²", log.event_id(60).replace("-60", "-61"))
    assert {log.position(other) for other in others} == {0}


async def test_ids_say_when_an_event_came(monkeypatch: pytest.MonkeyPatch) -> None:
    log = EventLog(asyncio.get_running_loop(), keeps=True)
    for now in (1_700_000_000.0, 1_700_000_000.25, 1_600_000_000.0):
        monkeypatch.setattr(module.time, "time", lambda now=now: now)
        log.append(Event("custom", b"1"))
    assert [log.event_id(position) for position in range(3)] == [
        "1700000000000-0",
        "1700000000250-1",
        "1700000000250-2",
    ]
