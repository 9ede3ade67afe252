"""The loop that graphs run on: threads for what blocks, and whose code blocks the loop itself."""

import asyncio
import threading
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError, wait
from pathlib import Path
from queue import Queue

import pytest

from playground.runs import loop as graph_loop
from playground.runs.loop import GraphLoop, LoopBlocked
from playground.runs.origin import RUN, Origin
from playground.runs.watchdog import Blocked, Watchdog
from playground.runs.workers import Workers


@pytest.fixture
def graphs() -> Iterator[GraphLoop]:
    loop = GraphLoop((Path(__file__).parent,))
    yield loop
    loop.stop()


def test_as_many_calls_as_are_made_run_at_once_up_to_the_limit() -> None:
    workers, gate, begun = Workers(limit=3), threading.Event(), threading.Semaphore(0)

    def work(number: int) -> int:
        begun.release()
        gate.wait()
        return number

    futures = [workers.submit(work, number) for number in range(8)]
    for _ in range(3):
        assert begun.acquire(timeout=5)
    assert not begun.acquire(timeout=0.05)
    gate.set()
    assert {future.result(5) for future in futures} == set(range(8))
    assert {workers.submit(threading.get_ident).result(5) for _ in range(20)} <= {
        thread.ident for thread in threading.enumerate()
    }


def test_a_call_that_was_cancelled_before_its_turn_is_not_made_and_one_that_raises_says_so() -> None:
    workers, gate = Workers(limit=1), threading.Event()
    called = []
    first, second = workers.submit(gate.wait), workers.submit(called.append, "second")
    failing = workers.submit(int, "no number")
    assert second.cancel()
    gate.set()
    wait([first, failing], 5)
    with pytest.raises(CancelledError):
        second.result(5)
    with pytest.raises(ValueError, match="no number"):
        failing.result(5)
    assert called == []


def test_threads_never_keep_the_process_and_know_whose_they_are() -> None:
    workers, gate, seen = Workers(), threading.Event(), Queue[bool]()

    def work() -> None:
        seen.put(threading.current_thread().daemon)
        gate.wait()

    token = RUN.set("run one")
    future = workers.submit(work)
    RUN.reset(token)
    assert seen.get(timeout=5)
    ((origin, returned),) = workers.at_work_for("run one")
    assert origin == Origin("run one", None)
    assert workers.at_work_for("run two") == []
    gate.set()
    future.result(5)
    returned.result(5)
    assert workers.at_work_for("run one") == []


def test_what_blocks_the_loop_is_reported_with_its_line_and_its_end(graphs: GraphLoop) -> None:
    reports = Queue[Blocked]()
    watchdog = Watchdog(graphs, reports.put, busy=lambda: True)
    watchdog.start()

    async def block() -> None:
        RUN.set("a run")
        time.sleep(1.7)  # noqa: ASYNC251 - that is what it is about

    graphs.submit(block()).result(10)
    first, last = reports.get(timeout=5), reports.get(timeout=5)
    watchdog.stop()
    assert (first.over, last.over) == (False, True)
    assert (first.origin.run_id, first.origin.node) == ("a run", None)
    assert str(first.origin.line).startswith("test_graph_loop.py:")
    assert last.origin == first.origin
    assert 1 < last.seconds < 3


def test_a_loop_that_turns_is_not_reported(graphs: GraphLoop) -> None:
    reports = Queue[Blocked]()
    watchdog = Watchdog(graphs, reports.put, busy=lambda: True)
    watchdog.start()

    async def turn() -> None:
        for _ in range(15):
            time.sleep(0.1)  # noqa: ASYNC251
            await asyncio.sleep(0)

    graphs.submit(turn()).result(10)
    watchdog.stop()
    assert reports.empty()


async def test_a_request_does_not_wait_for_ever_for_a_blocked_loop(
    graphs: GraphLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graph_loop, "PATIENCE", 0.05)
    gate = threading.Event()

    async def block() -> None:
        gate.wait(10)

    async def answer() -> int:
        return 7

    blocking = graphs.submit(block())
    graphs.blocking = Origin("a run", "hog", "agent.py:3")
    with pytest.raises(LoopBlocked, match=r"node `hog` \(agent.py:3\) blocks it"):
        await graphs.run(answer())
    graphs.blocking = None
    gate.set()
    await asyncio.wrap_future(blocking)
    assert await graphs.run(answer()) == 7
