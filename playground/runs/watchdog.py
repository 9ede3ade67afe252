"""Notices code that blocks the graphs' event loop, and says whose it is."""

import sys
import threading
import time
from asyncio import Handle
from collections.abc import Callable
from contextvars import Context
from dataclasses import dataclass
from types import FrameType

from playground.runs.loop import GraphLoop
from playground.runs.origin import Origin, line_of, origin

INTERVAL = 0.25  # seconds between two beats while something runs
IDLE_INTERVAL = 2.0
PATIENCE = 4  # beats that go unanswered before it counts; not seconds: a process that is starved counts none


@dataclass(frozen=True, slots=True)
class Blocked:
    """Code that doesn't let the loop turn: since how many seconds, and whether that is over."""

    origin: Origin
    seconds: float
    over: bool


class Watchdog:
    """A thread that asks the graph loop for a sign of life.

    `report` is called once it is late, on that thread, and when the loop turns again, there. Costs nothing that can be
    measured while it turns. `busy` says whether something runs; tell it with `wake` when that begins.
    """

    def __init__(self, loop: GraphLoop, report: Callable[[Blocked], None], busy: Callable[[], bool]) -> None:
        self._loop = loop
        self._report = report
        self._busy = busy
        self._stopped = False
        self._woken = threading.Event()
        self._sent = self._answered = time.monotonic()  # when a beat was sent, and when the last one was answered
        self._missed = 0
        self._blocking: Origin | None = None
        self._guard = threading.Lock()  # of `_blocking`
        self._thread = threading.Thread(target=self._watch, name="graph-watchdog", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._beat()
        self._thread.start()

    def wake(self) -> None:
        """Something begins to run: look closely from now on."""
        self._woken.set()

    def stop(self) -> None:
        """Watch no more. Returns when that is so."""
        self._stopped = True
        self._woken.set()
        self._thread.join()

    def _watch(self) -> None:
        while True:
            self._woken.wait(INTERVAL if self._missed or self._busy() else IDLE_INTERVAL)
            self._woken.clear()
            if self._stopped:
                return
            if self._answered >= self._sent:
                self._beat()
            else:
                self._missed += 1
                if self._missed >= PATIENCE and self._blocking is None:
                    self._look()

    def _beat(self) -> None:
        self._missed = 0
        self._sent = time.monotonic()
        self._loop.call(self._answer)

    def _answer(self) -> None:
        """On the graph loop: before the run that blocked it goes on, so that the run knows."""
        with self._guard:
            self._answered = time.monotonic()
            was, self._blocking = self._blocking, None
        if was is not None:
            self._report(Blocked(was, self._answered - self._sent, over=True))

    def _look(self) -> None:
        frame = sys._current_frames().get(self._loop.thread_id)
        context = _context_of(frame)
        if context is None:
            return  # nothing runs on the loop: it only isn't given the processor
        found = origin(context, line_of(frame, self._loop.roots))
        with self._guard:
            if self._answered >= self._sent:
                return  # it turned meanwhile
            self._blocking = found
            self._report(Blocked(found, time.monotonic() - self._sent, over=False))


def _context_of(frame: FrameType | None) -> Context | None:
    """The context variables of the task or callback that a loop's thread is in; None if it is in none.

    asyncio runs each step of a task through a Handle, which has the task's context.
    """
    while frame is not None:
        if frame.f_code is Handle._run.__code__:
            context: Context = frame.f_locals["self"]._context
            return context
        frame = frame.f_back
    return None
