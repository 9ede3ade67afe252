"""Items of the Store API: values under a namespace and a key, for graphs, the user's app, and our own notes."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

from playground.store.clock import iso, now
from playground.store.errors import Invalid
from playground.store.plain import JSON, copy, plain, plain_object
from playground.store.search import page
from playground.store.tables import KeyedTable, Tables

FIELDS = ("namespace", "key", "value", "created_at", "updated_at")

Namespace = Sequence[str]


class Items:
    """Put, get, search and delete items. Dicts have the API's shape and are the caller's own."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._storage = tables.journal
        self._table: KeyedTable = tables.keyed("items")

    def transaction(self) -> AbstractContextManager[None]:
        """All that is done inside is on disk together, or nothing is."""
        return self._storage.transaction()

    def put(self, namespace: Namespace, key: str, value: Mapping[str, Any], ttl: float | None = None) -> JSON:
        """Store a value, an object. With `ttl`, in minutes, it is gone after that time. Raises Invalid."""
        path = _checked(namespace)
        with self._storage.transaction():
            old = self._table.find(path, key)
            moment = now()
            row = {
                "namespace": list(path),
                "key": plain(key, "The key"),
                "value": plain_object(value, "The value"),
                "created_at": old["created_at"] if old and not _expired(old, moment) else moment,
                "updated_at": moment,
                "ttl": ttl,
                "expires_at": expiry(ttl),
            }
            self._table.put((path, key), row)
            return _public(row)

    def get(self, namespace: Namespace, key: str, *, refresh_ttl: bool = False) -> JSON | None:
        """The item, or None. With `refresh_ttl` its time begins anew."""
        path = tuple(namespace)
        with self._storage.lock:
            row = self._table.find(path, key)
            if row is None or _expired(row, now()):
                return None
            if refresh_ttl and row.get("ttl"):
                self._table.put((path, key), row | {"expires_at": expiry(row["ttl"])})
            return _public(row)

    def delete(self, namespace: Namespace, key: str) -> bool:
        """Remove an item; False if there is none."""
        return self._table.drop(tuple(namespace), key)

    def search(
        self, prefix: Namespace = (), filter: JSON | None = None, limit: int = 10, offset: int = 0
    ) -> list[JSON]:
        """A page of the items under a namespace, last changed first.

        `filter` maps fields of the value to what they equal, or to `{"$gt": 3}` and the like ($eq, $ne, $gt, $gte,
        $lt, $lte), as in LangGraph. Raises Invalid.
        """
        start, wanted = list(prefix), dict(filter or {})
        with self._storage.lock:
            moment = now()
            rows = self._table.pick(
                lambda row: (
                    row["namespace"][: len(start)] == start
                    and not _expired(row, moment)
                    and all(_fits(row["value"].get(name), condition) for name, condition in wanted.items())
                )
            )
            rows = sorted(rows, key=lambda row: str(row["updated_at"]))[::-1]
            return [_public(row) for row in page(rows, limit, offset)[0]]

    def namespaces(
        self,
        prefix: Namespace | None = None,
        suffix: Namespace | None = None,
        max_depth: int | None = None,
        limit: int = 100,
        offset: int = 0,
    ) -> list[list[str]]:
        """A page of the namespaces in order, cut to `max_depth` parts. `*` in prefix or suffix is any one part."""
        with self._storage.lock:
            moment = now()
            paths = {tuple(row["namespace"]) for row in self._table.pick(lambda row: not _expired(row, moment))}
        found = sorted({path[:max_depth] for path in paths if _begins(path, prefix) and _ends(path, suffix)})
        return [list(path) for path in found[offset : offset + limit]]

    def sweep(self) -> None:
        """Remove the items whose time is over."""
        with self._storage.lock:
            moment = now()
            rows = self._storage.table("items").items()
            if expired := {id: None for id, row in rows if _expired(row, moment)}:
                self._storage.commit({"items": expired})


def _checked(namespace: Namespace) -> tuple[str, ...]:
    """LangGraph's rules for the namespaces one may write to."""
    path = tuple(namespace)
    if not path:
        raise Invalid("The namespace can't be empty.")
    for label in path:
        if not isinstance(label, str) or not label or "." in label:
            raise Invalid(f"The namespace label {label!r} must be text, not empty and without periods.")
        plain(label, "The namespace")
    if path[0] == "langgraph":
        raise Invalid('The first label of a namespace can\'t be "langgraph".')
    return path


def expiry(ttl: float | None) -> str | None:
    """When what is stored now for so many minutes is over. Raises Invalid."""
    if ttl is None:
        return None
    try:
        return iso(datetime.now(UTC) + timedelta(minutes=ttl))
    except (OverflowError, ValueError):
        raise Invalid(f"An item can't be kept for {ttl} minutes.") from None


def _expired(row: JSON, moment: str) -> bool:
    return row.get("expires_at") is not None and bool(row["expires_at"] <= moment)


def _public(row: JSON) -> JSON:
    return {name: copy(row[name]) for name in FIELDS}


def _begins(path: tuple[str, ...], pattern: Namespace | None) -> bool:
    return not pattern or (len(path) >= len(pattern) and _same(path[: len(pattern)], pattern))


def _ends(path: tuple[str, ...], pattern: Namespace | None) -> bool:
    return not pattern or (len(path) >= len(pattern) and _same(path[-len(pattern) :], pattern))


def _same(path: Sequence[str], pattern: Namespace) -> bool:
    return all(wanted in ("*", part) for part, wanted in zip(path, pattern, strict=True))


_COMPARISONS = {
    "$eq": lambda value, wanted: value == wanted,
    "$ne": lambda value, wanted: value != wanted,
    "$gt": lambda value, wanted: value > wanted,
    "$gte": lambda value, wanted: value >= wanted,
    "$lt": lambda value, wanted: value < wanted,
    "$lte": lambda value, wanted: value <= wanted,
}


def _fits(value: Any, condition: Any) -> bool:
    """Whether a value equals the condition or, if that is an object of operators, fulfils all of them."""
    if not isinstance(condition, Mapping) or not any(str(key).startswith("$") for key in condition):
        return bool(value == condition)
    return all(_compares(value, operator, wanted) for operator, wanted in condition.items())


def _compares(value: Any, operator: str, wanted: Any) -> bool:
    if operator not in _COMPARISONS:
        raise Invalid(f"There is no operator {operator!r}; there are {', '.join(_COMPARISONS)}.")
    try:
        return bool(_COMPARISONS[operator](value, wanted))
    except TypeError:  # 3 > "a"
        return False
