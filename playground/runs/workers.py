"""Threads for the blocking parts of graphs: sync nodes, `asyncio.to_thread`."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import Context, copy_context
from functools import partial
from typing import Any, ParamSpec, TypeVar

from playground.runs.origin import Origin, origin

P = ParamSpec("P")
T = TypeVar("T")

IDLE_SECONDS = 10.0


class Workers(ThreadPoolExecutor):
    """A pool whose threads never keep the process alive, since the user's code may block in one for good.

    A ThreadPoolExecutor by name only: a loop takes no other. `limit` is far above Python's default of cores + 4, at
    which ten runs with sync nodes would wait for each other; calls beyond it wait.
    """

    def __init__(self, limit: int = 256) -> None:
        super().__init__(1)
        self._limit = limit
        self._calls: queue.SimpleQueue[_Call] = queue.SimpleQueue()
        self._busy: dict[int, _Call] = {}  # thread id → what it works on
        self._count = 0
        self._waiting = 0  # threads without a call
        self._unclaimed = 0  # calls that no thread was woken or started for
        self._guard = threading.Lock()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        """Call `fn` on a thread."""
        call = _Call(partial(fn, *args, **kwargs), copy_context())
        with self._guard:
            if self._waiting:
                self._waiting -= 1
            elif self._count < self._limit:
                self._count += 1
                threading.Thread(target=self._work, name="graph-worker", daemon=True).start()
            else:
                self._unclaimed += 1
            self._calls.put(call)
        return call.future

    def at_work_for(self, run_id: str) -> "list[tuple[Origin, Future[Any]]]":
        """The calls of a run that have not returned, and when they have."""
        calls = [(origin(call.context), call.returned) for call in list(self._busy.values())]
        return [(found, returned) for found, returned in calls if found.run_id == run_id]

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Nothing is waited for: the threads end when they are idle, or with the process."""

    def _work(self) -> None:
        me = threading.get_ident()
        while True:
            try:
                call = self._calls.get(timeout=IDLE_SECONDS)
            except queue.Empty:
                with self._guard:
                    if self._calls.empty():
                        self._count -= 1
                        self._waiting -= 1
                        return
                continue
            self._busy[me] = call
            try:
                call.run()
            finally:
                del self._busy[me]
                call.returned.set_result(None)
                del call
                with self._guard:
                    if self._unclaimed:
                        self._unclaimed -= 1
                    else:
                        self._waiting += 1


class _Call:
    """A function to call, and where its result goes."""

    def __init__(self, function: Callable[[], Any], context: Context) -> None:
        self.future: Future[Any] = Future()
        self.returned: Future[None] = Future()  # not `future`: that one may be cancelled while the call goes on
        self.context = context
        self._function = function

    def run(self) -> None:
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            result = self._function()
        except BaseException as error:  # noqa: BLE001 - it is raised where the result is awaited
            self.future.set_exception(error)
        else:
            self.future.set_result(result)
