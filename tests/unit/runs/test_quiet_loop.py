"""The loop keeps the order of what it is given, from whichever thread, and is woken only when it may sleep."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future

import pytest

from playground.runs.quiet_loop import QuietLoop


class Counting(QuietLoop):
    """Counts how often it is woken."""

    wakings = 0

    def _write_to_self(self) -> None:
        self.wakings += 1
        super()._write_to_self()


@pytest.fixture
def loop() -> Iterator[Counting]:
    loop = Counting()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield loop
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def test_its_own_thread_doesnt_wake_it(loop: Counting) -> None:
    order: list[int] = []
    done: Future[int] = Future()

    def first() -> None:
        before = loop.wakings
        for number in range(100):
            loop.call_soon_threadsafe(order.append, number)
        loop.call_soon(order.append, 100)
        loop.call_soon_threadsafe(lambda: done.set_result(loop.wakings - before))

    loop.call_soon_threadsafe(first)
    assert done.result(5) == 0
    assert order == list(range(101))


def test_another_thread_wakes_it_when_it_sleeps(loop: Counting) -> None:
    for _ in range(3):
        done: Future[None] = Future()
        loop.call_soon_threadsafe(done.set_result, None)
        done.result(5)
    assert loop.wakings >= 3
