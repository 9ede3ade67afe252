"""Reading and changing a JSON document by path. Every change returns a new document that shares what is unchanged."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

Path = tuple[str, ...]


class Unset(Enum):
    """The type of `UNSET`: there is no value, which is not the same as null."""

    UNSET = "unset"


UNSET: Final = Unset.UNSET


def get(document: Any, path: Path) -> Any:
    """The value at `path`, or `UNSET`."""
    for key in path:
        if not isinstance(document, dict) or key not in document:
            return UNSET
        document = document[key]
    return document


def put(document: Any, path: Path, value: Any, seeds: Mapping[Path, Any] | None = None, at: Path = ()) -> Any:
    """`document` with `value` at `path`. A missing parent begins as its entry in `seeds`, else as an empty object."""
    if not path:
        return value
    if not isinstance(document, dict):
        document = (seeds or {}).get(at, {})
    key, rest = path[0], path[1:]
    return {**document, key: put(document.get(key, UNSET), rest, value, seeds, (*at, key))}


def drop(document: Any, path: Path) -> Any:
    """`document` without `path`."""
    if not isinstance(document, dict) or path[0] not in document:
        return document
    key, rest = path[0], path[1:]
    if rest:
        return {**document, key: drop(document[key], rest)}
    return {name: value for name, value in document.items() if name != key}


def same(left: Any, right: Any) -> bool:
    """JSON equality that tells 1 from true and from 1.0, and ignores the order of keys."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(value, right[key]) for key, value in left.items())
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right)
