"""What differs between two states of a thread: values field by field, messages by their ids, lists entry by entry."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from playground.compare.alignment import align

Kind = Literal["added", "removed", "changed"]
_DEEPEST: Final = 100  # levels below which a value is compared whole


@dataclass(frozen=True, slots=True)
class StateChange:
    """One place that differs. Entries of lists are counted as in the right state; those that are gone as in the left.

    `left` means nothing of what was added, `right` nothing of what was removed.
    """

    path: tuple[str | int, ...]
    kind: Kind
    left: Any
    right: Any


def state_changes(left: Any, right: Any) -> list[StateChange]:
    """From `left` to `right`, in the order of their fields. `1`, `1.0` and `true` differ, as they do in JSON.

    Raises RecursionError for values that are nested deeper than Python compares.
    """
    return list(_changes(left, right, ()))


def same_json(left: Any, right: Any) -> bool:
    """Whether two values are the same JSON, in whatever order their keys are."""
    return bool(left == right) and _canonical(left) == _canonical(right)  # most differ in what `==` sees at once


def _changes(left: Any, right: Any, path: tuple[str | int, ...]) -> Iterator[StateChange]:
    if same_json(left, right):
        return
    if len(path) < _DEEPEST and isinstance(left, dict) and isinstance(right, dict):
        yield from _fields(left, right, path)
    elif len(path) < _DEEPEST and isinstance(left, list) and isinstance(right, list):
        yield from _entries(left, right, path)
    else:
        yield StateChange(path, "changed", left, right)


def _fields(left: dict[str, Any], right: dict[str, Any], path: tuple[str | int, ...]) -> Iterator[StateChange]:
    for key in [*left, *(key for key in right if key not in left)]:
        place = (*path, key)
        if key not in right:
            yield StateChange(place, "removed", left[key], None)
        elif key not in left:
            yield StateChange(place, "added", None, right[key])
        else:
            yield from _changes(left[key], right[key], place)


def _entries(left: list[Any], right: list[Any], path: tuple[str | int, ...]) -> Iterator[StateChange]:
    for at_left, at_right in _pairs(left, right):
        if at_right is None and at_left is not None:
            yield StateChange((*path, at_left), "removed", left[at_left], None)
        elif at_left is None and at_right is not None:
            yield StateChange((*path, at_right), "added", None, right[at_right])
        elif at_left is not None and at_right is not None:
            yield from _changes(left[at_left], right[at_right], (*path, at_right))


def _pairs(left: list[Any], right: list[Any]) -> Iterator[tuple[int | None, int | None]]:
    """Which entries are held against each other: those with the same id, else those that are equal, else in order."""
    ids = _ids(left), _ids(right)
    by_id = ids[0] is not None and ids[1] is not None
    names = ids if by_id else ([_canonical(one) for one in left], [_canonical(one) for one in right])
    matches = align(names[0] or (), names[1] or ())
    old = new = 0
    for at_old, at_new in [*matches, (len(left), len(right))]:
        # Entries without ids that stand in the same gap may be the same ones, changed; those with ids are others.
        while not by_id and old < at_old and new < at_new:
            yield old, new
            old, new = old + 1, new + 1
        yield from ((gone, None) for gone in range(old, at_old))
        yield from ((None, come) for come in range(new, at_new))
        if at_old < len(left):
            yield at_old, at_new
        old, new = at_old + 1, at_new + 1


def _ids(entries: list[Any]) -> list[str] | None:
    """The ids of the entries, if each has one of its own."""
    ids = [one for entry in entries if isinstance(entry, dict) and isinstance(one := entry.get("id"), str) and one]
    return ids if len(ids) == len(entries) == len(set(ids)) else None


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=repr)
