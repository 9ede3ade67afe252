"""TinyDB tables over a JournalStorage: durable, without aliasing, found by their unique key in O(1)."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, MutableMapping
from typing import Any

from tinydb import TinyDB
from tinydb.queries import QueryLike
from tinydb.table import Document, Table

from playground.store.journal import JournalStorage
from playground.store.plain import JSON, copy

Fields = Mapping[str, Any] | Callable[[MutableMapping[str, Any]], None]


class CopiedDocument(Document):
    """A document that shares nothing with the table."""

    def __init__(self, value: Mapping[str, Any], doc_id: int) -> None:
        super().__init__(copy(dict(value)), doc_id)


class KeyedTable(Table):
    """A TinyDB table whose reads never touch the disk and whose writes cost what they change."""

    document_class = CopiedDocument
    _storage: JournalStorage

    def __init__(self, storage: JournalStorage, name: str, **options: Any) -> None:
        # TinyDB's query cache hands out the same documents again, edited ones too.
        super().__init__(storage, name, **{**options, "cache_size": 0, "persist_empty": False})

    # By key

    def find(self, *key: Hashable) -> JSON | None:
        """A copy of the document with this unique key."""
        with self._storage.lock:
            id = self._storage.id_of(self.name, key)
            return None if id is None else copy(self._storage.table(self.name)[id])

    def put(self, key: tuple[Hashable, ...], document: Mapping[str, Any], *, owned: bool = False) -> None:
        """Insert the document, or replace the one with its key. `owned`: as `JournalStorage.commit` has it."""
        with self._storage.lock:
            id = self._storage.id_of(self.name, key)
            self._storage.commit({self.name: {id or self._next_key(): document}}, owned=owned)

    def drop(self, *key: Hashable) -> bool:
        """Remove the document with this unique key; False if there is none."""
        with self._storage.lock:
            id = self._storage.id_of(self.name, key)
            if id is not None:
                self._storage.commit({self.name: {id: None}})
            return id is not None

    def ids_of(self, keys: Iterable[tuple[Hashable, ...]]) -> list[str]:
        """The ids of the documents with these keys; of those that there are."""
        found = (self._storage.id_of(self.name, key) for key in keys)
        return [id for id in found if id is not None]

    def group(self, group: Hashable) -> list[JSON]:
        """The live documents of a group in its order: to be paged, then copied, under the lock."""
        rows = self._storage.table(self.name)
        return [rows[id] for id in self._storage.order(self.name).ids(group)]

    def pick(self, condition: Callable[[JSON], bool]) -> list[JSON]:
        """The live documents that match, in the order they were made: to be paged, then copied, under the lock."""
        return [row for row in self._storage.table(self.name).values() if condition(row)]

    def _next_key(self) -> str:
        return str(self._get_next_id())  # type: ignore[no-untyped-call]

    # TinyDB's own, under the lock

    def get(self, *args: Any, **kwargs: Any) -> Any:
        with self._storage.lock:
            return super().get(*args, **kwargs)

    def search(self, cond: QueryLike) -> list[Document]:
        with self._storage.lock:
            return super().search(cond)

    def __iter__(self) -> Iterator[Document]:
        with self._storage.lock:
            return iter(list(super().__iter__()))

    def update(self, fields: Fields, cond: QueryLike | None = None, doc_ids: Iterable[int] | None = None) -> list[int]:
        with self._storage.lock:
            return super().update(fields, cond, self._matching(cond) if doc_ids is None and cond else doc_ids)

    def remove(self, cond: QueryLike | None = None, doc_ids: Iterable[int] | None = None) -> list[int]:
        with self._storage.lock:
            return super().remove(cond, self._matching(cond) if doc_ids is None and cond else doc_ids)

    def _matching(self, cond: QueryLike) -> list[int]:
        """Resolved first, so that only what is changed is copied."""
        return [int(id) for id, row in self._storage.table(self.name).items() if cond(row)]

    def _read_table(self) -> dict[str, Mapping[str, Any]]:
        return self._storage.table(self.name)  # type: ignore[return-value]

    def _update_table(self, updater: Callable[[dict[int, Mapping[str, Any]]], None]) -> None:
        with self._storage.lock:
            overlay = _Overlay(self._storage.table(self.name))
            updater(overlay)  # type: ignore[arg-type]
            if delta := overlay.delta():
                self._storage.commit({self.name: delta})


class _Overlay(MutableMapping[int, JSON]):
    """A table as TinyDB's updaters see it: they get copies, and what they changed is known."""

    def __init__(self, table: dict[str, JSON]) -> None:
        self._table = table
        self._touched: dict[str, JSON | None] = {}

    def delta(self) -> dict[str, JSON | None]:
        return {id: row for id, row in self._touched.items() if row != self._table.get(id)}

    def __getitem__(self, id: int) -> JSON:
        key = str(id)
        if key not in self._touched:
            self._touched[key] = copy(self._table[key])
        row = self._touched[key]
        if row is None:
            raise KeyError(id)
        return row

    def __setitem__(self, id: int, row: JSON) -> None:
        self._touched[str(id)] = row

    def __delitem__(self, id: int) -> None:
        self[id]
        self._touched[str(id)] = None

    def __contains__(self, id: object) -> bool:
        key = str(id)
        return self._touched[key] is not None if key in self._touched else key in self._table

    def __iter__(self) -> Iterator[int]:
        return (int(key) for key in {**self._table, **self._touched} if self._touched.get(key, self) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def clear(self) -> None:
        for id in list(self):
            self._touched[str(id)] = None


class Tables(TinyDB):
    """A TinyDB whose tables are KeyedTables."""

    table_class = KeyedTable  # type: ignore[assignment]

    def __init__(self, storage: JournalStorage) -> None:
        super().__init__(storage=lambda: storage)
        self.journal = storage

    def keyed(self, name: str) -> KeyedTable:
        """The table of this name."""
        table = self.table(name)
        assert isinstance(table, KeyedTable)
        return table
