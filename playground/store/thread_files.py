"""A file per thread, with its checkpoints in readable JSON. Nothing here imports langgraph.

`checkpoints` are the steps, `blobs` the value of a channel at one of its versions, `writes` what tasks wrote after a
checkpoint, `items` the elements of lists, each kept once: a chat of 400 messages is 400 numbers in every checkpoint.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from threading import RLock
from typing import Any

from playground.store.content import Tables as StoredTables
from playground.store.content import journal_path
from playground.store.errors import Conflict, StoreDamaged, StoreError
from playground.store.files import failure, make_directory, sync_directory
from playground.store.journal import JournalStorage, Rules
from playground.store.plain import JSON, dumps, plain
from playground.store.rows import THREAD_ROWS, check_rows
from playground.store.tables import KeyedTable, Tables
from playground.store.tagged import TAG, shown_state, tagged

_SAFE = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")
_LONGEST = 120  # letters of a file's name
UNFOLDED_AT_MOST = 200  # closed with a journal; folding one waits for the disk four times
OPEN_AT_MOST = 64  # above the usual number of runs at once; each takes a descriptor, and its state in memory


def _digest(row: JSON) -> tuple[bytes]:
    return (hashlib.blake2b(dumps(row["value"]), digest_size=16).digest(),)


RULES = Rules(
    schema=1,
    keys={
        "thread": lambda row: (row["thread_id"],),
        "checkpoints": lambda row: (row["ns"], row["id"]),
        "blobs": lambda row: (row["ns"], row["channel"], row["version"]),
        "writes": lambda row: (row["ns"], row["checkpoint"], row["task"], row["index"]),
        "items": _digest,
    },
    orders={
        "checkpoints": (lambda row: row["ns"], lambda row: row["id"]),  # ids sort by time
        # as langgraph's `writes_sort_key` sorts them
        "writes": (lambda row: (row["ns"], row["checkpoint"]), lambda row: (row["path"], row["task"], row["index"])),
    },
    check=partial(check_rows, THREAD_ROWS),
    lazy=True,
)


@dataclass(frozen=True, slots=True)
class Element:
    """An element of a list, about to be stored; `value` is None if its file knows it by the fingerprint."""

    fingerprint: bytes
    value: JSON | None


class ThreadFile:
    """The tables of one thread."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.storage = JournalStorage(path, RULES, read_only=read_only)
        tables = Tables(self.storage)
        self.thread: KeyedTable = tables.keyed("thread")
        self.checkpoints: KeyedTable = tables.keyed("checkpoints")
        self.blobs: KeyedTable = tables.keyed("blobs")
        self.writes: KeyedTable = tables.keyed("writes")
        self.items: KeyedTable = tables.keyed("items")
        self.users = 0  # that it may not be closed for
        self._known: dict[bytes, int] = {}  # fingerprint → item

    @property
    def thread_id(self) -> str | None:
        """Whose file it is; None before its first checkpoint."""
        return next((str(row["thread_id"]) for row in self.storage.table("thread").values()), None)

    def name(self, thread_id: str) -> None:
        """Say whose file it is, unless it says so already."""
        if self.thread_id is None:
            self.thread.put((thread_id,), {"thread_id": thread_id})

    def head(self, ns: str) -> JSON | None:
        """The newest checkpoint of a namespace, to look at."""
        id = self.storage.order("checkpoints").last(ns)
        return None if id is None else self.storage.table("checkpoints")[id]

    def ordered(self, table: str, group: Hashable) -> Iterator[JSON]:
        """The live rows of a group, the last one first: checkpoints of a namespace, writes after a checkpoint."""
        rows = self.storage.table(table)
        return (rows[id] for id in reversed(self.storage.order(table).ids(group)))

    def rows(self, table: str) -> list[JSON]:
        """The live rows of a table, to look at."""
        return list(self.storage.table(table).values())

    def row(self, table: str, *key: Any) -> JSON | None:
        """The live row with this key, to look at."""
        id = self.storage.id_of(table, key)
        return None if id is None else self.storage.table(table)[id]

    def channels(self, checkpoint: JSON) -> dict[str, Any]:
        """The stored value of every channel that has one at this checkpoint."""
        versions = checkpoint["checkpoint"]["channel_versions"]
        blobs = {name: self.row("blobs", checkpoint["ns"], name, version) for name, version in versions.items()}
        return {name: self.unfold(blob["value"]) for name, blob in blobs.items() if blob is not None}

    def unfold(self, value: Any) -> Any:
        """What was given to `fold`. Raises StoreDamaged."""
        return _unfold(value, self.storage.table("items"))

    def fold(self, value: Any) -> Any:
        """A list of objects as references to items, stored if they are new: inside a transaction."""
        if isinstance(value, list) and value and all(isinstance(item, dict | Element) for item in value):
            return tagged("items", [self._item(item) for item in value])
        if isinstance(value, dict) and value.get(TAG) == "DeltaSnapshot":
            return tagged("DeltaSnapshot", self.fold(value["v"]))
        return value

    def known(self, fingerprint: bytes) -> bool:
        """Whether this element was stored before."""
        return str(self._known.get(fingerprint)) in self.storage.table("items")

    def _item(self, value: JSON | Element) -> int:
        if isinstance(value, Element):
            if value.value is not None:
                self._known[value.fingerprint] = self._item(value.value)
            return self._known[value.fingerprint]
        key = _digest({"value": value})
        if self.storage.id_of("items", key) is None:
            self.items.put(key, {"value": value})
        return int(self.storage.id_of("items", key) or 0)


class ThreadFiles:
    """The files of all threads; the ones used last stay open. Safe from any thread.

    `using` is the way to one: it holds the file's own lock, so that nobody waits for another thread's disk. What needs
    several files, or removes one, holds `lock`, and takes the locks of files inside it.
    """

    def __init__(self, directory: Path, *, read_only: bool = False) -> None:
        self.lock = RLock()
        self.notices: list[str] = []
        self._directory = directory
        self._read_only = read_only
        self.opened: OrderedDict[Path, ThreadFile] = OrderedDict()
        self._writing: set[Future[Any]] = set()
        self._unfolded: dict[Path, None] = {}  # closed with their journals as they were, the oldest first

    @contextmanager
    def using(self, thread_id: str, *, make: bool = False) -> Iterator[ThreadFile | None]:
        """The thread's file, nobody else's meanwhile; None if it has none and none is to be made. Raises as `get`."""
        with self.lock:
            file = self.get(thread_id) if make else self.find(thread_id)
            if file is not None:
                file.users += 1
        if file is None:
            yield None
            return
        try:
            with file.storage.lock:
                yield file
        finally:
            with self.lock:
                file.users -= 1

    def writes(self, future: "Future[Any]") -> None:
        """A write is on its way: what removes something waits for it."""
        self._writing.add(future)
        future.add_done_callback(self._writing.discard)

    def settle(self) -> None:
        """Returns when the writes that are on their way have arrived. Not to be called under a lock."""
        wait(list(self._writing))

    def find(self, thread_id: str) -> ThreadFile | None:
        """The thread's file, None if it has no checkpoints. Raises StoreDamaged, StoreTooNew."""
        path = self.path(thread_id)
        return self._use(path) if path in self.opened or _exists(path) else None

    def get(self, thread_id: str) -> ThreadFile:
        """The thread's file, made if there is none. Raises Invalid, StoreDamaged, StoreTooNew, StoreFailed."""
        plain(thread_id, "The thread ID")
        make_directory(self._directory)
        return self._use(self.path(thread_id))

    def all(self) -> Iterator[tuple[str, ThreadFile]]:
        """Every thread that has checkpoints, with its file."""
        for path in self.paths():
            file = self._use(path)
            if file.thread_id is not None:
                yield file.thread_id, file

    def values(self, thread_id: str) -> Any:
        """The thread's newest state as plain JSON, None if it has none. Raises StoreDamaged, StoreTooNew."""
        return self._look(thread_id, _state)

    def steps(self, thread_id: str) -> tuple[Any, list[JSON]]:
        """Its newest state, and the metadata of every checkpoint of it, newest first. Raises as `values`."""
        found: tuple[Any, list[JSON]] | None = self._look(thread_id, _steps)
        return found or (None, [])

    def size(self, thread_id: str) -> int:
        """Bytes that the thread takes on disk."""
        path = self.path(thread_id)
        return sum(_size(file) for file in (path, journal_path(path)))

    def _look(self, thread_id: str, look: Callable[[StoredTables], Any]) -> Any:
        """What `look` makes of the thread's tables, without opening the file to write; None if it has none."""
        with self.lock:
            path = self.path(thread_id)
            if path not in self.opened and not _exists(path):
                return None
            opened = self.opened.get(path)
            try:
                if opened is None:
                    return look(read_plain(path))
                with opened.storage.lock:
                    return look(opened.storage.read())
            except (LookupError, TypeError, ValueError, AttributeError) as error:
                raise StoreDamaged(f"{path} is not what was written ({error!r}): put a copy back.") from None

    def copy(self, source: str, target: str) -> None:
        """Copy all checkpoints to a thread that has none; the metadata names it. Raises Conflict."""
        with self.lock:
            if (file := self.find(source)) is None:
                return
            copied = self.get(target)
            if copied.rows("checkpoints"):
                raise Conflict(f"Thread {target} has checkpoints already.")
            with file.storage.lock, copied.storage.transaction():
                tables = file.storage.read()
                steps = {id: _renamed(row, source, target) for id, row in tables.get("checkpoints", {}).items()}
                copied.storage.commit({**tables, "checkpoints": steps, "thread": {}})
                copied.name(target)

    def delete(self, thread_id: str) -> None:
        """Remove the thread's file, if it has one. Raises StoreFailed."""
        self.settle()
        with self.lock:
            path = self.path(thread_id)
            self._unfolded.pop(path, None)
            if opened := self.opened.pop(path, None):
                opened.storage.close(compact=False)
            if not self._directory.is_dir():
                return
            copies = [path.with_name(f"{path.name}.v{schema}.bak") for schema in range(1, RULES.schema)]
            try:
                for file in (*copies, path.with_name(f"{path.name}.torn"), journal_path(path), path):
                    file.unlink(missing_ok=True)
            except OSError as error:
                raise failure(path, error) from error
            sync_directory(self._directory)

    def check(self) -> list[str]:
        """A sentence for every file that can't be read."""
        problems: list[str] = []
        for path in self.paths():
            try:
                with self.lock:
                    file = self.opened.get(path) or ThreadFile(path, read_only=True)
                with file.storage.lock:
                    for row in file.rows("checkpoints"):
                        shown_state(file.channels(row))
                    if file.thread_id is not None and self.path(file.thread_id) != path:
                        problems.append(f"{path} is the file of thread {file.thread_id}: put a copy of its own back.")
            except StoreError as error:
                problems.append(str(error))
            except (LookupError, TypeError, ValueError, AttributeError) as error:
                problems.append(f"{path} is not what was written ({error!r}): put a copy of it back.")
        return problems

    def close(self) -> None:
        """Fold all journals and let go."""
        with self.lock:
            while self.opened:
                self.opened.popitem()[1].storage.close()
            while self._unfolded:
                self._fold(self._unfolded.popitem()[0])

    def path(self, thread_id: str) -> Path:
        """The thread's file: names that differ only in case, or that mean something to a file system, stay apart."""
        letters = (chr(byte) if chr(byte) in _SAFE else f"%{byte:02X}" for byte in _utf8(thread_id))
        name = "".join(letters)
        if len(name) > _LONGEST:
            name = "sha256-" + hashlib.sha256(_utf8(thread_id)).hexdigest()
        return self._directory / f"{name}.json"

    def paths(self) -> list[Path]:
        """The file of every thread."""
        names = {path.name.removesuffix(".journal") for path in self._directory.glob("*.json*")}
        return [self._directory / name for name in sorted(names) if name.endswith(".json")]

    def _use(self, path: Path) -> ThreadFile:
        file = self.opened.get(path)
        if file is None:
            idle = [at for at, other in self.opened.items() if not other.users]
            for at in idle[: max(0, len(self.opened) + 1 - OPEN_AT_MOST)]:
                self._shut(at, self.opened.pop(at))
            self._unfolded.pop(path, None)
            file = self.opened[path] = ThreadFile(path, read_only=self._read_only)
            if file.storage.notice:
                self.notices.append(file.storage.notice)
        self.opened.move_to_end(path)
        return file

    def _shut(self, path: Path, file: ThreadFile) -> None:
        """Close a file that was not used for long; its journal is folded later, all the same."""
        if file.storage.dirty:
            self._unfolded[path] = None
        file.storage.close(compact=False)
        if len(self._unfolded) > UNFOLDED_AT_MOST:
            oldest = next(iter(self._unfolded))
            del self._unfolded[oldest]
            self._fold(oldest)

    def _fold(self, path: Path) -> None:
        with suppress(StoreError):  # who opens it next is told
            if _exists(path):
                JournalStorage(path, RULES).close()


def read_thread(path: Path) -> JournalStorage | None:
    """A thread's file as it is now, to be read only; None if it is gone. Raises StoreDamaged, StoreTooNew."""
    return JournalStorage(path, RULES, read_only=True) if _exists(path) else None


def read_plain(path: Path) -> StoredTables:
    """The tables of a file that isn't open, without what it takes to write. Raises StoreDamaged, StoreTooNew."""
    return JournalStorage(path, replace(RULES, keys={}, orders={}), read_only=True).read()


def _renamed(checkpoint: JSON, source: str, target: str) -> JSON:
    """A checkpoint whose metadata names the thread it was copied to."""
    metadata = checkpoint["metadata"]
    if metadata.get("thread_id") != source:
        return checkpoint
    return {**checkpoint, "metadata": {**metadata, "thread_id": target}}


def _state(tables: StoredTables) -> Any:
    """The newest state as plain JSON, None if there is none."""
    steps = [row for row in tables.get("checkpoints", {}).values() if row["ns"] == ""]
    if not steps:
        return None
    versions = max(steps, key=lambda row: str(row["id"]))["checkpoint"]["channel_versions"]
    blobs = [row for row in tables.get("blobs", {}).values() if row["ns"] == ""]
    items = tables.get("items", {})
    return shown_state(
        {
            row["channel"]: _unfold(row["value"], items)
            for row in blobs
            if versions.get(row["channel"]) == row["version"]
        }
    )


def _steps(tables: StoredTables) -> tuple[Any, list[JSON]]:
    rows = [row for row in tables.get("checkpoints", {}).values() if row["ns"] == ""]
    newest_first = sorted(rows, key=lambda row: str(row["id"]), reverse=True)
    return _state(tables), [row["metadata"] for row in newest_first]


def _unfold(value: Any, items: dict[str, JSON]) -> Any:
    if isinstance(value, dict) and value.get(TAG) == "DeltaSnapshot":
        return tagged("DeltaSnapshot", _unfold(value["v"], items))
    if not isinstance(value, dict) or value.get(TAG) != "items":
        return value
    try:
        return [items[str(number)]["value"] for number in value["v"]]
    except (KeyError, TypeError):
        raise StoreDamaged(
            "A checkpoint refers to a list element that its file doesn't have: put a copy back."
        ) from None


def _exists(path: Path) -> bool:
    with suppress(OSError):  # a name too long
        return path.exists() or journal_path(path).exists()
    return False


def _size(path: Path) -> int:
    with suppress(OSError):  # there is none, or its name is too long
        return path.stat().st_size
    return 0


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
