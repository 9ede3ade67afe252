"""What differs between a saved version and an edit, line by line, and what each change was made from. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any, Final, Literal

from playground.compare.config_diff import Change, diff_config
from playground.compare.text_diff import Piece, diff_sequence
from playground.tui.forms.document import UNSET, Path, same
from playground.tui.forms.text import to_json

Kind = Literal["added", "removed", "changed"]
NEAR: Final = 2
"""Equal lines shown before and after a change."""
SHORT: Final = 32
"""Characters up to which a value is told on one line, with its arrow."""


@dataclass(frozen=True, slots=True)
class Hunk:
    """One change that can be taken back alone: a field, or some lines of its text.

    `restored` is the field's value without it, `UNSET` if the field isn't set then.
    """

    path: Path
    restored: Any


@dataclass(frozen=True, slots=True)
class Head:
    """The line that names a field. `left` and `right` are told on it if they are short, else they follow as rows."""

    path: Path
    kind: Kind
    left: Any
    right: Any
    is_short: bool
    was_default: bool
    added: int
    removed: int
    hunk: int | None  # set if the field is one change


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a text on both sides. None where a side has no such line; numbers start at 1."""

    left: str | None
    right: str | None
    left_number: int | None
    right_number: int | None
    hunk: int | None  # None: it is equal


@dataclass(frozen=True, slots=True)
class Gap:
    """Equal lines that aren't shown."""

    lines: int


@dataclass(frozen=True, slots=True)
class Differences:
    """Lines to show, and the changes among them. `equal` are the fields that are the same."""

    lines: tuple[Head | Row | Gap, ...]
    hunks: tuple[Hunk, ...]
    equal: tuple[Path, ...]


def differences(left: Mapping[str, Any], right: Mapping[str, Any], defaults: Mapping[Path, Any]) -> Differences:
    """From the document `left` to the document `right`. A text that isn't set is held against its default."""
    lines: list[Head | Row | Gap] = []
    hunks: list[Hunk] = []
    changes = diff_config(left, right)
    for change in changes:
        if change.kind != "equal":
            lines += _field(change, defaults.get(change.keys, UNSET), hunks)
    return Differences(tuple(lines), tuple(hunks), tuple(change.keys for change in changes if change.kind == "equal"))


def differences_of(changes: Iterable[tuple[Path, Any, Any]]) -> Differences:
    """Of changes that are known: their paths and both values, `UNSET` where there is none."""
    lines: list[Head | Row | Gap] = []
    hunks: list[Hunk] = []
    for path, left, right in changes:
        lines += _values(path, left, right, UNSET, hunks)
    return Differences(tuple(lines), tuple(hunks), ())


def _field(change: Change, default: Any, hunks: list[Hunk]) -> Iterator[Head | Row | Gap]:
    left = UNSET if change.kind == "added" else change.left
    right = UNSET if change.kind == "removed" else change.right
    yield from _values(change.keys, left, right, default, hunks)


def _values(path: Path, left: Any, right: Any, default: Any, hunks: list[Hunk]) -> Iterator[Head | Row | Gap]:
    texts = _texts(left, right, default)
    if texts is None:
        yield from _whole(path, left, right, hunks)
        return
    rows = list(_rows(*texts, hunks, path, left, default))
    found = [row for row in rows if row.hunk is not None]
    head = _head(path, left, right, found)
    one = {row.hunk for row in found}
    yield replace(head, was_default=left is UNSET, hunk=found[0].hunk if len(one) == 1 else None)
    yield from _folded(rows)


def _whole(path: Path, left: Any, right: Any, hunks: list[Hunk]) -> Iterator[Head | Row | Gap]:
    """A value that changes as a whole."""
    at = len(hunks)
    hunks.append(Hunk(path, left))
    if _is_short(left) and _is_short(right):
        yield replace(_head(path, left, right, []), is_short=True, hunk=at)
        return
    rows = [replace(row, hunk=None if row.hunk is None else at) for row in _rows(_shown(left), _shown(right), [], path)]
    yield replace(_head(path, left, right, [row for row in rows if row.hunk is not None]), hunk=at)
    yield from _folded(rows)


def _head(path: Path, left: Any, right: Any, rows: list[Row]) -> Head:
    kind: Kind = "added" if left is UNSET else "removed" if right is UNSET else "changed"
    added, removed = sum(row.right is not None for row in rows), sum(row.left is not None for row in rows)
    return Head(path, kind, left, right, False, False, added, removed, None)


def _texts(left: Any, right: Any, default: Any) -> tuple[str, str] | None:
    """Both sides, if they are texts with lines or words to compare."""
    shown = default if left is UNSET else left
    if not isinstance(shown, str) or not isinstance(right, str) or (_is_short(shown) and _is_short(right)):
        return None
    return shown, right


def _rows(
    left: str, right: str, hunks: list[Hunk], path: Path, base: Any = None, default: Any = UNSET
) -> Iterator[Row]:
    """The lines of both texts side by side, with the changes among them put in `hunks`."""
    left_lines, right_lines = left.split("\n") if left else [], right.split("\n") if right else []
    pieces = diff_sequence(left_lines, right_lines)
    at_left = at_right = 0
    for old, new, equal in _groups(pieces):
        if old or new:
            lines = [*right_lines[:at_right], *old, *right_lines[at_right + len(new) :]]
            hunks.append(Hunk(path, _restored("\n".join(lines), base, default)))
        for one, other in zip_longest(old, new):
            at_left, at_right = at_left + (one is not None), at_right + (other is not None)
            numbers = (at_left if one is not None else None, at_right if other is not None else None)
            yield Row(one, other, *numbers, len(hunks) - 1)
        for line in equal:
            at_left, at_right = at_left + 1, at_right + 1
            yield Row(line, line, at_left, at_right, None)


def _restored(text: str, base: Any, default: Any) -> Any:
    return UNSET if base is UNSET and same(text, default) else text


def _groups(pieces: list[Piece[str]]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]]:
    """What goes, what comes, and the equal lines behind that."""
    old: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    for piece in pieces:
        if piece.kind == "delete":
            old += piece.items
        elif piece.kind == "insert":
            new += piece.items
        else:
            yield old, new, piece.items
            old = new = ()
    if old or new:
        yield old, new, ()


def _folded(rows: list[Row]) -> Iterator[Row | Gap]:
    """The rows that change, with a few around them; the others as gaps."""
    near = {around for at, row in enumerate(rows) if row.hunk is not None for around in range(at - NEAR, at + NEAR + 1)}
    hidden = 0
    for at, row in enumerate(rows):
        if at in near:
            if hidden == 1:
                yield rows[at - 1]
            elif hidden:
                yield Gap(hidden)
            hidden = 0
            yield row
        else:
            hidden += 1
    if hidden:
        yield Gap(hidden)


def _is_short(value: Any) -> bool:
    return value is UNSET or (len(_shown(value)) <= SHORT and "\n" not in _shown(value))


def _shown(value: Any) -> str:
    if value is UNSET:
        return ""
    if isinstance(value, str):
        return value
    text = to_json(value, indent=None)
    return text if len(text) <= SHORT else to_json(value)
