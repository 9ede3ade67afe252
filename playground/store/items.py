"""Items of the Store API: values under a namespace and a key, for graphs, the user's app, and our own notes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from playground.store.clock import iso, now
from playground.store.errors import BadRequest, Invalid
from playground.store.plain import JSON, copy, plain, plain_object
from playground.store.search import page
from playground.store.tables import KeyedTable, Tables
from playground.store.unset import UNSET, Unset

FIELDS = ("namespace", "key", "value", "created_at", "updated_at")

Namespace = Sequence[str]
Fields = Sequence[str] | Literal[False] | None
"""What of an item is searched by meaning: paths in its value, nothing, or what is usual."""


@dataclass(frozen=True, slots=True)
class TimeToLive:
    """How long items are kept if a request doesn't say: `store.ttl` of langgraph.json. Times are in minutes."""

    default: float | None = None
    refresh_on_read: bool = True
    sweep_interval: float = 5


class Items:
    """Put, get, search and delete items. Dicts have the API's shape and are the caller's own."""

    def __init__(self, tables: Tables, ttl: TimeToLive | None = None) -> None:
        self.ttl = ttl or TimeToLive()
        self.tables = tables
        self._storage = tables.journal
        self._table: KeyedTable = tables.keyed("items")

    def transaction(self) -> AbstractContextManager[None]:
        """All that is done inside is on disk together, or nothing is."""
        return self._storage.transaction()

    def put(
        self,
        namespace: Namespace,
        key: str,
        value: Mapping[str, Any],
        ttl: float | Unset | None = UNSET,
        index: Fields = None,
    ) -> JSON:
        """Store a value, an object. With `ttl`, in minutes, it is gone after that time. Raises Invalid."""
        path = _checked(namespace)
        minutes = self.ttl.default if ttl is UNSET else ttl
        with self._storage.transaction():
            old = self._table.find(path, key)
            moment = now()
            row = {
                "namespace": list(path),
                "key": plain(key, "The key"),
                "value": plain_object(value, "The value"),
                "created_at": old["created_at"] if old and not _expired(old, moment) else moment,
                "updated_at": moment,
                "ttl": minutes,
                "expires_at": expiry(minutes),
                **({} if index is None else {"index": plain(index, "index")}),
            }
            self._table.put((path, key), row)
            return _public(row)

    def get(self, namespace: Namespace, key: str, *, refresh_ttl: bool | None = None) -> JSON | None:
        """The item, or None. If it has a time to live, that begins anew, unless told otherwise."""
        with self._storage.lock:
            row = self._table.find(tuple(namespace), key)
            if row is None or _expired(row, now()):
                return None
            self.read([row], refresh_ttl)
            return _public(row)

    def delete(self, namespace: Namespace, key: str) -> bool:
        """Remove an item; False if there is none."""
        return self._table.drop(tuple(namespace), key)

    def search(
        self,
        prefix: Namespace = (),
        filter: JSON | None = None,
        limit: int = 10,
        offset: int = 0,
        refresh_ttl: bool | None = None,
    ) -> list[JSON]:
        """A page of the items under a namespace, last changed first. Raises Invalid.

        `filter` maps fields of the value to what they have, or to `{"$gt": 3}` and the like ($eq, $ne, $gt, $gte,
        $lt, $lte), as in LangGraph.
        """
        with self._storage.lock:
            rows, _ = page(self._matching(prefix, filter), limit, offset)
            self.read(rows, refresh_ttl)
            return [_public(row) | {"score": None} for row in rows]

    def candidates(self, prefix: Namespace, filter: JSON | None = None) -> list[JSON]:
        """All items that a search by meaning chooses from, each with its `index` if it has its own. Raises Invalid."""
        with self._storage.lock:
            found = self._matching(prefix, filter)
            return [_public(row) | ({"index": copy(row["index"])} if "index" in row else {}) for row in found]

    def read(self, rows: Iterable[JSON], refresh_ttl: bool | None = None) -> None:
        """Let the time of these items begin anew, if reading does that."""
        if not (self.ttl.refresh_on_read if refresh_ttl is None else refresh_ttl):
            return
        with self._storage.lock:
            found = (self._table.find(tuple(row["namespace"]), row["key"]) for row in rows)
            if not (limited := [row for row in found if row and row.get("ttl")]):
                return
            with self._storage.transaction():
                for row in limited:
                    self._table.put((tuple(row["namespace"]), row["key"]), row | {"expires_at": expiry(row["ttl"])})

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

    def _matching(self, prefix: Namespace, filter: JSON | None) -> list[JSON]:
        """The live rows, last changed first."""
        start, wanted, moment = list(prefix), filter or {}, now()
        rows = self._table.pick(
            lambda row: (
                row["namespace"][: len(start)] == start
                and not _expired(row, moment)
                and all(_fits(row["value"].get(name), condition) for name, condition in wanted.items())
            )
        )
        return sorted(rows, key=lambda row: str(row["updated_at"]))[::-1]

    def sweep(self) -> None:
        """Remove the items whose time is over."""
        with self._storage.lock:
            moment = now()
            rows = self._storage.table("items").items()
            if expired := {id: None for id, row in rows if _expired(row, moment)}:
                self._storage.commit({"items": expired})


def _checked(namespace: Namespace) -> tuple[str, ...]:
    """LangGraph's rules for the namespaces one may write to, in its words."""
    path = tuple(namespace)
    if not path:
        raise BadRequest("Namespace cannot be empty.")
    check_labels(path)
    for label in path:
        plain(label, "The namespace")
    if path[0] == "langgraph":
        raise BadRequest(f'Root label for namespace cannot be "langgraph". Got: {path}')
    return path


def check_labels(namespace: Iterable[Any]) -> None:
    """Raise Invalid unless every label is one that a namespace can have."""
    for label in namespace:
        if not isinstance(label, str) or not label or "." in label:
            raise Invalid(f"Namespace label {label!r} must be a non-empty string without periods")
        if "\0" in label:
            raise BadRequest(f"Invalid namespace label {label!r}: namespace labels cannot contain NUL bytes.")


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


_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "$gt": lambda value, wanted: value > wanted,
    "$gte": lambda value, wanted: value >= wanted,
    "$lt": lambda value, wanted: value < wanted,
    "$lte": lambda value, wanted: value <= wanted,
}


def _fits(value: Any, condition: Any) -> bool:
    """Whether a value has what is wanted: objects by containment, the rest by equality or by operators."""
    if isinstance(condition, Mapping):
        if any(key.startswith("$") for key in condition):
            return all(_compares(value, operator, wanted) for operator, wanted in condition.items())
        return isinstance(value, Mapping) and all(_fits(value.get(key), item) for key, item in condition.items())
    if isinstance(condition, list) and isinstance(value, list):
        return len(value) == len(condition) and all(map(_fits, value, condition))
    return _equals(value, condition)


def _compares(value: Any, operator: str, wanted: Any) -> bool:
    if operator in ("$eq", "$ne"):
        return _equals(value, wanted) == (operator == "$eq")
    if operator not in _ORDER:
        raise BadRequest(f"Unsupported operator: {operator}")
    try:
        return _ORDER[operator](float(value), float(wanted))
    except (TypeError, ValueError, OverflowError):  # not both are numbers: only texts have an order, too
        return isinstance(value, str) and isinstance(wanted, str) and _ORDER[operator](value, wanted)


def _equals(value: Any, wanted: Any) -> bool:
    return bool(value == wanted) and isinstance(value, bool) == isinstance(wanted, bool)  # 1 == True
