"""A durable TinyDB storage: a plain TinyDB JSON file, the base, and a journal of what changed since it was written.

A commit is one line of the journal: one write and one fsync, whatever the size of the store. Now and then, and when it
is closed, the base is written anew and an empty journal begun. What the files look like: `content.py`.
"""

import os
import zlib
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from typing import Any, cast

from tinydb.storages import Storage

from playground.store.content import (
    Content,
    Delta,
    Tables,
    base_bytes,
    journal_header,
    journal_line,
    journal_path,
    read_content,
    refuse_too_deep,
)
from playground.store.errors import Conflict, StoreDamaged, StoreError, StoreFailed, StoreTooNew
from playground.store.files import (
    failure,
    open_to_append,
    read_bytes,
    replace_file,
    sync_directory,
    write_all,
    write_atomically,
)
from playground.store.order import Order
from playground.store.plain import JSON, dumps, plain

Key = Callable[[JSON], Hashable]  # what must be unique among a table's documents
Guard = Callable[[Tables, Delta], None]  # raises Conflict if a table's rule forbids the change
Check = Callable[[Path, Tables], None]  # raises StoreDamaged if the documents aren't what they should be
Migration = Callable[[Tables], None]  # changes the tables in place, from one schema to the next

COMPACT_ABOVE = 1_000_000  # bytes of journal
CLOSED, NOT_BEGUN = -1, -2  # in the place of a journal's descriptor; the first commit begins one


@dataclass
class Rules:
    """What a storage holds to, whoever writes."""

    schema: int = 1
    migrations: Mapping[int, Migration] = field(default_factory=dict)  # from schema n to n + 1
    keys: Mapping[str, Key] = field(default_factory=dict)  # table → its unique key
    orders: Mapping[str, tuple[Key, Key]] = field(default_factory=dict)  # table → what groups it, what sorts a group
    append_only: frozenset[str] = frozenset()  # tables that can't be dropped or emptied as a whole
    guard: Guard | None = None
    lazy: bool = False  # a new file is made with its first commit: one wait for the disk less
    check: Check | None = None


class JournalStorage(Storage):
    """The tables of one file in memory, every change on disk when the call returns.

    Documents are JSON; ids are strings of digits, as in TinyDB's own files. The file has one owner: whoever
    opens it for writing holds the store's lock. Safe from any thread.
    Raises StoreDamaged or StoreTooNew when opened, and has changed nothing then.
    """

    def __init__(self, path: str | Path, rules: Rules | None = None, *, read_only: bool = False) -> None:
        self.path = Path(path)
        self.rules = rules or Rules()
        self.lock = RLock()
        self.notice: str | None = None
        self.read_only = read_only
        self.defer: Callable[[Callable[[], None]], object] = lambda compact: compact()  # when to compact: now
        self._waiting = False  # a compaction was deferred
        self._removed = 0  # bytes of documents that are gone, since the base was written
        self._undo: list[tuple[str, str, JSON | None]] = []
        self._depth = 0
        self._together: list[tuple[str, str, JSON | None]] | None = None  # to undo, if what waits to be synced can't be
        self._broken: str | None = None
        self._journal = CLOSED  # file descriptor
        content = read_content(self.path)
        refuse_too_deep(self.path, content.tables)
        backup = _migrate(self.path, content, self.rules)
        self._tables, self.meta, self._generation = content.tables, content.meta, content.generation
        self._size, self._base_size, self._dirty = content.journal_size, content.base_size, content.dirty
        self._index = _build_index(self.path, self._tables, self.rules.keys)
        self._orders = _build_orders(self.path, self._tables, self.rules.orders)
        if self.rules.check:
            self.rules.check(self.path, self._tables)
        if not read_only:
            self._open_journal(content, backup)

    # Reading

    def read(self) -> Tables:
        """The live tables by name: to look at under the lock, never to change."""
        with self.lock:
            return {name: table for name, table in self._tables.items() if table}

    def table(self, name: str) -> dict[str, JSON]:
        """The live documents of a table by id: to look at under the lock, never to change."""
        return self._tables.get(name, {})

    def id_of(self, table: str, key: Hashable) -> str | None:
        """The id of the document with this unique key."""
        return self._index[table].get(key)

    def ids(self, table: str) -> Mapping[Hashable, str]:
        """The live ids of a table's documents by unique key: to look at under the lock."""
        return self._index[table]

    def order(self, table: str) -> Order:
        """The ids of a table's documents in their groups."""
        return self._orders[table]

    def whole(self) -> bytes:
        """All of it as a base: what a backup keeps."""
        with self.lock:
            return base_bytes(self._tables, {**self.meta, "schema": self.rules.schema})

    # Writing

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is committed inside is on disk together, or nothing is. Nests: an inner one undoes only itself."""
        with self.lock:
            self._refuse_unwritable()
            mark = len(self._undo)
            self._depth += 1
            try:
                yield
                if self._depth == 1:
                    self._append(self._touched())
                    self._removed += sum(
                        len(dumps(old)) for table, id, old in self._undo if self._is_gone(table, id, old)
                    )
                    if self._together is not None:
                        self._together += self._undo
                    self._undo = []  # it is on disk, or will be with the others: nothing else takes it back any more
            except BaseException:
                self._roll_back(mark)
                raise
            finally:
                self._depth -= 1
                if not self._depth:
                    self._undo = []
            if not self._depth and self._is_due() and not self._waiting:
                self._waiting = True
                self.defer(self._compact_if_due)

    @contextmanager
    def together(self) -> Iterator[None]:
        """The transactions inside go to disk at its end, together; nobody sees them before. Raises StoreFailed."""
        with self.lock:
            self._together = []
            try:
                yield
                if self._together:
                    self._sync()
            except BaseException:
                self._undo, self._together = [*self._together, *self._undo], None
                self._roll_back(0)
                raise
            finally:
                self._together = None

    def commit(self, delta: Mapping[str, Mapping[str, Mapping[str, Any] | None]], *, owned: bool = False) -> None:
        """Set (or with None remove) documents by table and id.

        `owned`: the documents are plain JSON already, and nobody else has them: they are stored as they are.
        Raises Invalid for what JSON can't hold, Conflict for a taken key or what the rules forbid, StoreFailed.
        """
        changes: Delta = (
            cast(Delta, delta)
            if owned
            else {
                table: {id: None if document is None else plain(dict(document), table) for id, document in rows.items()}
                for table, rows in delta.items()
            }
        )
        with self.transaction():
            if self.rules.guard:
                self.rules.guard(self._tables, changes)
            for table, rows in changes.items():
                for id, document in rows.items():
                    old = self.table(table).get(id)
                    self._undo.append((table, id, old))
                    self._set(table, id, document)

    def write(self, data: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> None:
        """Replace everything: what TinyDB's `drop_table` and `drop_tables` call."""
        with self.lock:
            for name in self.rules.append_only:
                if self.table(name) and not data.get(name):
                    raise Conflict(f"The table {name} is append-only: it can't be dropped.")
            delta: dict[str, dict[str, Mapping[str, Any] | None]] = {}
            for name in {*self._tables, *data}:
                old, new = self.table(name), data.get(name, {})
                changed = {id: new.get(id) for id in {**old, **new} if old.get(id) != new.get(id)}
                if changed:
                    delta[name] = changed
            if delta:
                self.commit(delta)

    @property
    def dirty(self) -> bool:
        """Whether the journal has something that the base doesn't."""
        return self._dirty

    def compact(self) -> None:
        """Write the base anew and begin an empty journal. Raises StoreFailed; nothing is lost then."""
        with self.lock:
            self._refuse_unwritable()
            meta = {**self.meta, "schema": self.rules.schema, "generation": self._generation + 1}
            base = base_bytes(self._tables, meta)
            replace_file(self.path, base)
            try:
                sync_directory(self.path.parent)
                self._start_journal(meta["generation"], zlib.crc32(base))
            except StoreFailed as error:
                # The old journal no longer belongs to the base: what went into it would be lost.
                self._broken = str(error)
                raise
            self.meta, self._generation, self._base_size = meta, meta["generation"], len(base)
            self._removed = 0

    def tidy(self) -> None:
        """Compact if there is anything to fold in. A failure is a notice: it costs nothing but space."""
        with self.lock:
            if self._journal >= 0 and self._dirty and not self._broken:
                self._compact_later_if_it_fails()

    def close(self, *, compact: bool = True) -> None:
        """Fold the journal into the base and let go. Everything is on disk already, so a failure costs nothing."""
        with self.lock:
            if self._journal >= 0:
                if compact:
                    self.tidy()
                os.close(self._journal)
            self._journal = CLOSED

    # Inside

    def _open_journal(self, content: Content, backup: tuple[str, bytes] | None) -> None:
        if content.torn:
            self._keep_torn(content.torn)
        if not content.journal_size:
            base = read_bytes(self.path)
            if base is None and self.rules.lazy:
                self._journal = NOT_BEGUN
                return
            self._start_journal(content.generation, zlib.crc32(base) if base is not None else 0)
        else:
            self._journal = open_to_append(journal_path(self.path))
            if content.torn:
                os.ftruncate(self._journal, content.journal_size)
                os.fsync(self._journal)
        if backup:
            suffix, base = backup
            write_atomically(self.path.with_name(self.path.name + suffix), base)
            self.compact()

    def _keep_torn(self, torn: bytes) -> None:
        aside = self.path.with_name(self.path.name + ".torn")
        write_atomically(aside, torn)
        self.notice = f"The last write to {self.path.name} was cut off before it counted; its bytes are in {aside}."

    def _start_journal(self, generation: int, base_crc: int, first: bytes = b"") -> None:
        """Begin a journal, with a first commit if there is one already."""
        data = journal_header(generation, base_crc) + first
        if self._journal >= 0:
            os.close(self._journal)  # Windows can't replace an open file
            self._journal = CLOSED
        path = journal_path(self.path)
        write_atomically(path, data)
        self._journal = open_to_append(path)
        self._size, self._dirty = len(data), bool(first)

    def _refuse_unwritable(self) -> None:
        if self.read_only:
            raise Conflict(f"{self.path.name} was opened to be read only.")
        if self._broken:
            raise StoreFailed(f"{self._broken} Nothing more is written until the store is opened again.")
        if self._journal == CLOSED:
            raise StoreFailed(f"{self.path.name} is closed.")

    def _touched(self) -> Delta:
        delta: Delta = {}
        for table, id, _ in self._undo:
            delta.setdefault(table, {})[id] = self.table(table).get(id)
        return delta

    def _is_gone(self, table: str, id: str, old: JSON | None) -> bool:
        return old is not None and id not in self.table(table)

    def _append(self, delta: Delta) -> None:
        if not delta:
            return
        line = journal_line(delta)
        if self._journal == NOT_BEGUN:
            self._start_journal(self._generation, 0, line)
            return
        try:
            write_all(self._journal, line)
        except BaseException as error:
            self._cut_back()
            if isinstance(error, OSError):
                raise failure(self.path, error) from error
            raise
        if self._together is None:
            self._sync()
        self._size, self._dirty = self._size + len(line), True

    def _sync(self) -> None:
        try:
            os.fsync(self._journal)
        except OSError as error:
            # Whether what was written is on disk is unknown until it is read again.
            self._broken = str(failure(self.path, error))
            raise StoreFailed(self._broken) from error

    def _cut_back(self) -> None:
        try:
            os.ftruncate(self._journal, self._size)  # needs no space
        except OSError as error:
            self._broken = str(failure(self.path, error))

    def _roll_back(self, mark: int) -> None:
        while len(self._undo) > mark:
            table, id, old = self._undo.pop()
            self._set(table, id, old)

    def _set(self, table: str, id: str, document: JSON | None) -> None:
        rows = self._tables.setdefault(table, {})
        old = rows.get(id)
        if key := self.rules.keys.get(table):
            index = self._index[table]
            if document is not None and index.get(key(document), id) != id:
                raise Conflict(f"{table} has {key(document)!r} already.")
            if old is not None:
                index.pop(key(old), None)
            if document is not None:
                index[key(document)] = id
        if order := self._orders.get(table):
            if old is not None:
                order.discard(id, old)
            if document is not None:
                order.add(id, document)
        if document is None:
            rows.pop(id, None)
        else:
            rows[id] = document

    def _is_due(self) -> bool:
        """Whether the journal has outgrown the base, or so much was removed that half of the base is waste."""
        return (
            self._size > max(COMPACT_ABOVE, self._base_size) or self._removed > max(COMPACT_ABOVE, self._base_size) / 2
        )

    def _compact_if_due(self) -> None:
        with self.lock:
            self._waiting = False
            if self._is_due():
                self.tidy()

    def _compact_later_if_it_fails(self) -> None:
        try:
            self.compact()
        except StoreFailed as error:
            self.notice = f"{self.path.name} could not be compacted: {error}"
            self._base_size = max(self._base_size, 2 * self._size)  # try again once the journal has doubled
            self._removed = 0


def _migrate(path: Path, content: Content, rules: Rules) -> tuple[str, bytes] | None:
    """Bring the tables in memory to the schema of the rules. Returns what to keep of the old ones, and its suffix."""
    stored = int(content.meta.setdefault("schema", rules.schema))
    if stored > rules.schema:
        raise StoreTooNew(
            f"{path} was written by a newer version of the playground (schema {stored}, this one knows"
            f" {rules.schema}): update it to open this store."
        )
    if stored == rules.schema:
        return None
    before = base_bytes(content.tables, content.meta)
    for schema in range(stored, rules.schema):
        try:
            rules.migrations[schema](content.tables)
        except (LookupError, TypeError, AttributeError, StoreError) as error:
            raise StoreDamaged(
                f"{path} could not be brought from schema {schema} to {schema + 1}: {error!r}."
            ) from error
    return f".v{stored}.bak", before


def _build_index(path: Path, tables: Tables, keys: Mapping[str, Key]) -> dict[str, dict[Hashable, str]]:
    index: dict[str, dict[Hashable, str]] = {}
    for table, key in keys.items():
        rows = tables.get(table, {})
        try:
            index[table] = {key(document): id for id, document in rows.items()}
        except (KeyError, TypeError) as error:
            raise StoreDamaged(
                f"{path} has a row without its key in {table} ({error!r}): put a copy of it back."
            ) from None
        if len(index[table]) != len(rows):
            raise StoreDamaged(f"{path} has two rows with the same key in {table}: put a copy of it back.")
    return index


def _build_orders(path: Path, tables: Tables, orders: Mapping[str, tuple[Key, Key]]) -> dict[str, Order]:
    built = {table: Order(*keys) for table, keys in orders.items()}
    for table, order in built.items():
        try:
            order.fill(tables.get(table, {}).items())
        except (KeyError, TypeError) as error:
            raise StoreDamaged(
                f"{path} has a row that can't be put in order in {table} ({error!r}): put a copy of it back."
            ) from None
    return built
