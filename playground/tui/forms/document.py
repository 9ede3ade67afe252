"""Reading and changing a JSON document by path. Every change returns a new document that shares what is unchanged."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

Path = tuple[str | int, ...]  # keys of objects, indices of lists


class Unset(Enum):
    """The type of `UNSET`: there is no value, which is not the same as null."""

    UNSET = "unset"


UNSET: Final = Unset.UNSET


def get(document: Any, path: Path) -> Any:
    """The value at `path`, or `UNSET`."""
    for key in path:
        if not _has(document, key):
            return UNSET
        document = document[key]
    return document


def put(document: Any, path: Path, value: Any, seeds: Mapping[Path, Any] | None = None, at: Path = ()) -> Any:
    """`document` with `value` at `path`. A missing parent begins as its entry in `seeds`, else empty.

    An index behind the end of a list appends.
    """
    if not path:
        return value
    key, rest = path[0], path[1:]
    holder = list if isinstance(key, int) else dict
    if not isinstance(document, holder):
        seed = (seeds or {}).get(at)
        document = seed if isinstance(seed, holder) else holder()
    new = put(document[key] if _has(document, key) else UNSET, rest, value, seeds, (*at, key))
    if isinstance(key, int):
        return [*document[:key], new, *document[key + 1 :]]
    return {**document, key: new}


def drop(document: Any, path: Path) -> Any:
    """`document` without `path`; what is behind a dropped row of a list moves up."""
    key, rest = path[0], path[1:]
    if not _has(document, key):
        return document
    if rest:
        return put(document, (key,), drop(document[key], rest))
    if isinstance(key, int):
        return [*document[:key], *document[key + 1 :]]
    return {name: value for name, value in document.items() if name != key}


def same(left: Any, right: Any) -> bool:
    """JSON equality that tells 1 from true and from 1.0, and ignores the order of keys."""
    if left is right:
        return True
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(value, right[key]) for key, value in left.items())
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right)


def _has(document: Any, key: str | int) -> bool:
    if isinstance(key, int):
        return isinstance(document, list) and 0 <= key < len(document)
    return isinstance(document, dict) and key in document
