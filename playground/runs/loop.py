"""The event loop, in a thread of its own, on which the user's code runs."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


class GraphLoop:
    """Runs coroutines apart from the API's loop: a node that blocks delays other graphs, never an answer of the API."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._stopping = False
        self._thread = threading.Thread(target=self._run_forever, name="graphs", daemon=True)
        self._thread.start()

    def submit(self, coroutine: Coroutine[Any, Any, T]) -> "Future[T]":
        """Start `coroutine` on the graph loop; cancelling the future cancels it there. Callable from any thread."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    async def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Await `coroutine`, executed on the graph loop."""
        return await asyncio.wrap_future(self.submit(coroutine))

    def call(self, function: Any, *args: Any) -> None:
        """Call `function` soon, on the graph loop."""
        self._loop.call_soon_threadsafe(function, *args)

    def stop(self, timeout: float = 2.0) -> None:
        """End the loop. Code that blocks it is left behind: the thread is a daemon and ends with the process."""
        self._stopping = True
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout)
        if not self._thread.is_alive():
            self._loop.close()

    def _run_forever(self) -> None:
        asyncio.set_event_loop(self._loop)
        while not self._stopping:
            try:
                self._loop.run_forever()
            except (SystemExit, KeyboardInterrupt):
                # asyncio re-raises these out of the loop after storing them in the task that raised: a node that calls
                # sys.exit() fails its run and nothing else.
                continue
