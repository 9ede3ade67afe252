"""What differs between two configurations (contexts, configs), field by field."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

ChangeKind = Literal["added", "removed", "changed", "equal"]


@dataclass(frozen=True, slots=True)
class Change:
    """One field of two configurations. `path` is to show, `keys` is the same exactly: a key may contain dots."""

    path: str
    kind: ChangeKind
    left: Any
    right: Any
    keys: tuple[str, ...] = ()


def diff_config(left: Mapping[str, Any], right: Mapping[str, Any]) -> list[Change]:
    """Every field of both, those that differ first, each group in the order of the fields.

    Objects on both sides are compared field by field; lists are compared whole. Values are equal if they are the same
    JSON: `1`, `1.0` and `true` differ, as they do for `refs.context_hash`.
    """
    return sorted(_changes(left, right, ()), key=lambda change: change.kind == "equal")


def differences(left: Mapping[str, Any], right: Mapping[str, Any]) -> list[Change]:
    """`diff_config` without the equal fields."""
    return [change for change in _changes(left, right, ()) if change.kind != "equal"]


def apply_changes(left: Mapping[str, Any], changes: Iterable[Change]) -> dict[str, Any]:
    """The right configuration, from the left one and their changes. Neither is modified."""
    result = _copy(left)
    for change in changes:
        *parents, last = change.keys
        target = result
        for key in parents:
            target = target[key]
        if change.kind == "removed":
            del target[last]
        elif change.kind != "equal":
            target[last] = change.right
    return result


def _changes(left: Mapping[str, Any], right: Mapping[str, Any], parents: tuple[str, ...]) -> Iterator[Change]:
    for key in [*left, *(key for key in right if key not in left)]:
        keys = (*parents, key)
        if key not in right:
            yield Change(_path(keys), "removed", left[key], None, keys)
        elif key not in left:
            yield Change(_path(keys), "added", None, right[key], keys)
        else:
            yield from _compare(left[key], right[key], keys)


def _compare(left: Any, right: Any, keys: tuple[str, ...]) -> Iterator[Change]:
    if isinstance(left, Mapping) and isinstance(right, Mapping) and (left or right):
        yield from _changes(left, right, keys)
    else:
        yield Change(_path(keys), "equal" if _canonical(left) == _canonical(right) else "changed", left, right, keys)


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=repr)


def _path(keys: tuple[str, ...]) -> str:
    return ".".join(json.dumps(key, ensure_ascii=False) if "." in key or not key else key for key in keys)


def _copy(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _copy(inner) if isinstance(inner, Mapping) else inner for key, inner in value.items()}
