"""The main store: its tables, its owner, and the one thread that waits for the disk."""

import asyncio
import gc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from playground.store.assistants import Assistants, refuse_changed_versions
from playground.store.files import finish_restore, make_directory, remove_temporaries
from playground.store.group import Group
from playground.store.items import Items
from playground.store.journal import JournalStorage, Rules
from playground.store.lock import OwnerLock
from playground.store.rows import STORE_ROWS, check_rows
from playground.store.runs import Runs
from playground.store.tables import Tables
from playground.store.thread_files import ThreadFiles
from playground.store.threads import Threads

if TYPE_CHECKING:
    from playground.store.base_store import ItemStore
    from playground.store.checkpoints import JournalSaver

P = ParamSpec("P")
T = TypeVar("T")

SAVERS = 16  # threads' files that are written at the same time: each write waits for the disk

RULES = Rules(
    schema=1,
    keys={
        "assistants": lambda row: (row["assistant_id"],),
        "versions": lambda row: (row["assistant_id"], row["version"]),
        "threads": lambda row: (row["thread_id"],),
        "runs": lambda row: (row["run_id"],),
        "items": lambda row: (tuple(row["namespace"]), row["key"]),
        "deletions": lambda row: (row["thread_id"],),
    },
    orders={"runs": (lambda row: row["thread_id"], lambda row: str(row["created_at"]))},
    append_only=frozenset({"versions"}),
    guard=refuse_changed_versions,
    check=partial(check_rows, STORE_ROWS),
)


class Database:
    """Everything of one project, in one directory: `store.json` and a file per thread, each with its journal.

    Methods are synchronous, safe from any thread, and durable when they return; `call` and `change` run one on the
    store's own thread. All that goes in and out is a plain dict in the API's shape, shared with nobody.
    """

    def __init__(self, directory: Path, storage: JournalStorage, lock: OwnerLock | None) -> None:
        self.directory = directory
        self._storage = storage
        self._lock = lock
        self._files = ThreadFiles(directory / "threads", read_only=storage.read_only)
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._savers = ThreadPoolExecutor(SAVERS, thread_name_prefix="checkpoints")
        storage.defer = self._soon
        self._group = Group(storage, self._worker)
        tables = Tables(storage)
        self.assistants = Assistants(tables)
        self.threads = Threads(tables, self._files)
        self.runs = Runs(tables)
        self.items = Items(tables)

    @classmethod
    def open(cls, directory: Path, *, read_only: bool = False) -> "Database":
        """Open the store in a directory, made if it is missing.

        With `read_only` it may belong to another process; what that writes later isn't seen.
        Raises StoreLocked, StoreDamaged, StoreTooNew, StoreFailed, and has changed nothing then.
        """
        if not read_only:
            make_directory(directory)
        path = directory / "store.json"
        lock = None if read_only else OwnerLock(directory / "store.json.lock")
        try:
            if lock:
                finish_restore(directory)
            with _uncollected():
                storage = JournalStorage(path, RULES, read_only=read_only)
            database = cls(directory, storage, lock)
            if not read_only:
                remove_temporaries(directory, directory / "threads")
                database.threads.finish_deletions()
                database.items.sweep()
        except BaseException:
            if lock:
                lock.release()
            raise
        return database

    @property
    def notices(self) -> tuple[str, ...]:
        """What the user should know of how the store was found."""
        return (*filter(None, [self._storage.notice]), *self._files.notices)

    @cached_property
    def checkpoints(self) -> "JournalSaver":
        """The LangGraph checkpointer (imports langgraph)."""
        from playground.store.checkpoints import JournalSaver

        return JournalSaver(self._files, self._savers)

    @cached_property
    def base_store(self) -> "ItemStore":
        """The LangGraph store over `items` (imports langgraph)."""
        from playground.store.base_store import ItemStore

        return ItemStore(self.items, self._worker)

    def transaction(self) -> AbstractContextManager[None]:
        """Several changes as one write: all of them are stored, or, if anything raises, none."""
        return self._storage.transaction()

    async def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a function on the store's thread. A caller who is cancelled doesn't undo it."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, partial(function, *args, **kwargs))

    async def change(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """As `call`, for changes of the main store alone: many at once wait for the disk together."""
        return await asyncio.wrap_future(self._group.submit(function, *args, **kwargs))

    def _soon(self, compact: Callable[[], None]) -> None:
        """Compact on the store's thread: the write that made it necessary is answered first."""
        try:
            self._worker.submit(compact)
        except RuntimeError:  # it is closing, and compacts then
            return

    def check(self) -> list[str]:
        """A sentence for everything that isn't as it was written; `playground doctor` shows them."""
        return [*self.assistants.check(), *self._files.check()]

    def close(self) -> None:
        """Wait for what is being written, compact, and let go of the files."""
        self._savers.shutdown()
        self._worker.shutdown()
        self._files.close()
        self._storage.close()
        if self._lock:
            self._lock.release()


@contextmanager
def _uncollected() -> Iterator[None]:
    """No garbage collection meanwhile: each would look at all documents read so far, and find nothing."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
