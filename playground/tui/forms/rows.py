"""What adding, removing, moving and renaming make of lists and maps. Pure."""

from collections.abc import Callable
from typing import Any

from playground.tui.forms.document import Path
from playground.tui.forms.fields import Kind
from playground.tui.forms.form import Entry
from playground.tui.forms.text import TextError, summary


def field_path(path: Path) -> Path:
    """The path itself, or that of the outermost list whose row it is."""
    while path and isinstance(path[-1], int):
        path = path[:-1]
    return path


def holder(entry_at: Callable[[Path], Entry | None], path: Path) -> Entry | None:
    """What an addition at `path` goes to: the list, map or group there that can take it, else the one it is in."""
    entry = entry_at(path)
    if entry is None:
        return None
    if entry.field.kind in (Kind.LIST, Kind.MAP):
        return entry
    if entry.field.kind is Kind.GROUP and (not isinstance(entry.effective, dict) or entry.field.item("")):
        return entry
    if entry.holder is not None:
        return entry_at(path[:-1])
    return holder(entry_at, path[:-1]) if len(path) > 1 and entry_at(path[:-1]) is not None else None


def place_of(holder: Entry, at: Path, key: str | None) -> Path | None:
    """Where an addition stands: behind the row at `at`, at the end, or at a key that isn't taken yet."""
    path = holder.field.path
    if holder.field.kind is Kind.LIST:
        count = len(holder.effective) if isinstance(holder.effective, list) else 0
        index = at[len(path)] if len(at) > len(path) else None
        return (*path, index + 1 if isinstance(index, int) else count)
    if key is None:
        return None
    check_key(holder, key)
    return (*path, key)


def check_key(holder: Entry, key: str) -> None:
    """Raises TextError if a map can't take the key."""
    if not key.strip():
        raise TextError("A key must not be empty.")
    if isinstance(holder.effective, dict) and key in holder.effective:
        raise TextError(f"There is a key {summary(key, 40)!r} already.")


def inserted(held: Any, key: str | int, value: Any) -> Any:
    """The list or map with one value more."""
    if isinstance(key, int):
        rows = held if isinstance(held, list) else []
        return [*rows[:key], value, *rows[key:]]
    return {**(held if isinstance(held, dict) else {}), key: value}


def moved(rows: list[Any], at: int, by: int) -> list[Any]:
    """The list with one row at another place."""
    rest = [*rows[:at], *rows[at + 1 :]]
    return [*rest[: at + by], rows[at], *rest[at + by :]]


def renamed(held: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    """The map with another key in the place of one."""
    return {new if key == old else key: value for key, value in held.items()}


def neighbour(path: Path, before: Any, rest: Any) -> Path:
    """Where the cursor goes from a row that was removed: to the one that took its place, else up."""
    parent, key = path[:-1], path[-1]
    if not rest:
        return parent
    if isinstance(key, int):
        return (*parent, min(key, len(rest) - 1))
    keys = list(before)
    index = min(keys.index(key), len(rest) - 1)
    return (*parent, list(rest)[index])
