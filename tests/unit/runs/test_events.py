"""A run's event log: every reader gets every event once, in order, whenever it comes."""

import asyncio
import threading

from playground.runs.events import Event, EventLog


def events(count: int) -> list[Event]:
    return [Event("custom", str(number).encode()) for number in range(count)]


async def read(log: EventLog, start: int = 0) -> list[bytes]:
    return [event.data async for _, batch in log.read(start) for event in batch]


async def test_readers_before_during_and_after_see_the_same() -> None:
    log = EventLog(asyncio.get_running_loop())
    early = asyncio.create_task(read(log))
    await asyncio.sleep(0)

    def write() -> None:
        for event in events(5_000):
            log.append(event)
        log.close()

    thread = threading.Thread(target=write)
    thread.start()
    middle = await read(log)
    thread.join()
    expected = [event.data for event in events(5_000)]
    assert await early == middle == await read(log) == expected


async def test_reading_from_a_position_skips_what_was_seen() -> None:
    log = EventLog(asyncio.get_running_loop())
    for event in events(4):
        log.append(event)
    log.close()
    assert await read(log, start=3) == [b"3"]
    assert [first async for first, _ in log.read(2)] == [2]


async def test_a_reader_that_leaves_is_forgotten() -> None:
    log = EventLog(asyncio.get_running_loop())
    task = asyncio.create_task(read(log))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    log.append(events(1)[0])
    log.close()
    assert await read(log) == [b"0"]
