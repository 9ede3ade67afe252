"""Documents of a table in groups, sorted in each: the newest of a group without looking at the others."""

from bisect import bisect_left, insort
from collections.abc import Callable, Hashable, Iterable
from typing import Any

from playground.store.plain import JSON


class Order:
    """Ids by `group(document)`, in the order of `sort(document)`; of equal ones the one made first comes first."""

    def __init__(self, group: Callable[[JSON], Hashable], sort: Callable[[JSON], Any]) -> None:
        self._group = group
        self._sort = sort
        self._entries: dict[Hashable, list[tuple[Any, int]]] = {}

    def fill(self, rows: Iterable[tuple[str, JSON]]) -> None:
        """Take all documents of a table at once. Raises KeyError or TypeError for one without these fields."""
        self._entries = {}
        for id, row in rows:
            self._entries.setdefault(self._group(row), []).append((self._sort(row), int(id)))
        for entries in self._entries.values():
            entries.sort()

    def add(self, id: str, row: JSON) -> None:
        """A document that the table has now."""
        insort(self._entries.setdefault(self._group(row), []), (self._sort(row), int(id)))

    def discard(self, id: str, row: JSON) -> None:
        """A document that the table had."""
        group, entry = self._group(row), (self._sort(row), int(id))
        entries = self._entries.get(group, [])
        position = bisect_left(entries, entry)
        if entries[position : position + 1] == [entry]:
            del entries[position]
        if not entries:
            self._entries.pop(group, None)

    def ids(self, group: Hashable) -> list[str]:
        """The ids of a group's documents, in order."""
        return [str(id) for _, id in self._entries.get(group, ())]

    def last(self, group: Hashable) -> str | None:
        """The id of a group's last document."""
        entries = self._entries.get(group)
        return str(entries[-1][1]) if entries else None
