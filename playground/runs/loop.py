"""The event loop, in a thread of its own, on which the user's code runs."""

import asyncio
import sys
import threading
from collections.abc import Collection, Coroutine
from concurrent.futures import Future
from contextvars import Context
from pathlib import Path
from typing import Any, TypeVar

from playground.runs.origin import Origin, line_of, origin
from playground.runs.quiet_loop import QuietLoop
from playground.runs.workers import Workers

T = TypeVar("T")

PATIENCE = 10.0  # seconds that a request waits for code that blocks the loop


class LoopBlocked(Exception):
    """What was asked for needs the loop, and code of the project doesn't let it turn."""

    def __init__(self, origin: Origin) -> None:
        super().__init__(
            f"This needs the event loop of the graphs, and {origin.who} blocks it: ask again when that has returned, "
            "or restart the server."
        )


class GraphLoop:
    """Runs coroutines apart from the API's loop: a node that blocks delays other graphs, never an answer of the API.

    `roots`: the project's folders, to tell its code from that of libraries.
    """

    def __init__(self, roots: Collection[Path] = ()) -> None:
        self.roots = roots
        self.workers = Workers()
        self.blocking: Origin | None = None  # whose code blocks the loop, as far as is known
        self._loop = QuietLoop()
        self._loop.set_default_executor(self.workers)
        self._stopping = False
        self._thread = threading.Thread(target=self._run_forever, name="graphs", daemon=True)
        self._thread.start()

    @property
    def thread_id(self) -> int:
        """Of the loop's thread, as `threading.get_ident` has it."""
        return self._thread.ident or 0

    def submit(self, coroutine: Coroutine[Any, Any, T]) -> "Future[T]":
        """Start `coroutine` on the graph loop; cancelling the future cancels it there. Callable from any thread."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    async def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Await `coroutine`, executed on the graph loop. Raises LoopBlocked if code that blocks it doesn't return."""
        answer = asyncio.wrap_future(self.submit(coroutine))
        try:
            while not (await asyncio.wait((answer,), timeout=PATIENCE))[0]:
                if self.blocking is not None:
                    raise LoopBlocked(self.blocking)
        finally:
            answer.cancel()  # for callers who are cancelled, too; nothing if it is done
        return answer.result()

    def call(self, function: Any, *args: Any) -> None:
        """Call `function` soon, on the graph loop."""
        self._loop.call_soon_threadsafe(function, *args)

    def tasks_of(self, run_id: str) -> list[Origin]:
        """The nodes of a run whose coroutines have not ended. To be called on the graph loop."""
        contexts = [(task, _context(task)) for task in asyncio.all_tasks(self._loop)]
        found = [origin(context, self._line_of(task)) for task, context in contexts if context is not None]
        return [one for one in found if one.run_id == run_id and one.node and one.line]

    def stop(self, timeout: float = 2.0) -> None:
        """End the loop. Code that blocks it is left behind: the thread is a daemon and ends with the process."""
        self._stopping = True
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout)
        if not self._thread.is_alive():
            self._loop.close()

    def _line_of(self, task: "asyncio.Task[Any]") -> str | None:
        """The innermost line of the project's code that a task waits in."""
        line: str | None = None
        awaited: Any = task.get_coro()
        while (frame := getattr(awaited, "cr_frame", None)) is not None:
            line = line_of(frame, self.roots) or line
            awaited = getattr(awaited, "cr_await", None)
        return line

    def _run_forever(self) -> None:
        asyncio.set_event_loop(self._loop)
        while not self._stopping:
            try:
                self._loop.run_forever()
            except (SystemExit, KeyboardInterrupt):
                # asyncio re-raises these out of the loop after storing them in the task that raised: a node that calls
                # sys.exit() fails its run and nothing else.
                continue


def _context(task: "asyncio.Task[Any]") -> Context | None:
    """A suspended task's context. Python 3.11 doesn't tell it: there, what wakes the task up has it."""
    if sys.version_info >= (3, 12):
        return task.get_context()
    callbacks = getattr(getattr(task, "_fut_waiter", None), "_callbacks", None) or ()
    return next((context for wake, context in callbacks if getattr(wake, "__self__", None) is task), None)
