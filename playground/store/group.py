"""Changes that wait for the disk at the same time wait once."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from typing import Any, ParamSpec, TypeVar

from playground.store.journal import JournalStorage

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(slots=True)
class _Call:
    function: Callable[[], Any]
    future: Future[Any] = field(default_factory=Future)
    result: Any = None
    error: BaseException | None = None

    def run(self) -> None:
        try:
            self.result = self.function()
        except BaseException as error:  # noqa: BLE001 - it is raised where the result is awaited
            self.error = error

    def answer(self) -> None:
        if self.error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.error)


class Group:
    """Runs changes of one storage on the store's thread; those that came while it waited go to disk together.

    Each is a transaction of its own, or several: one that raises takes nothing back but its own.
    """

    def __init__(self, storage: JournalStorage, worker: Executor) -> None:
        self._storage = storage
        self._worker = worker
        self._guard = Lock()
        self._waiting: list[_Call] = []

    def submit(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        """The result, once it is on disk."""
        call = _Call(partial(function, *args, **kwargs))
        with self._guard:
            self._waiting.append(call)
            if len(self._waiting) == 1:
                self._worker.submit(self._run)
        return call.future

    def _run(self) -> None:
        with self._guard:
            calls, self._waiting = self._waiting, []
        try:
            with self._storage.together():
                for call in calls:
                    call.run()
        except BaseException as error:  # noqa: BLE001 - the disk's, or a bug of ours: nobody may wait for ever
            for call in calls:
                call.error = call.error or error
        for call in calls:
            call.answer()
