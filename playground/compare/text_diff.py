"""What differs between two texts, by word and by line."""

import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Final, Generic, Literal, TypeVar

from playground.compare.alignment import align

T = TypeVar("T", bound=Hashable)

SpanKind = Literal["equal", "insert", "delete"]
RowKind = Literal["equal", "changed", "added", "removed"]

_LONGER: Final = 3
"""How many times as long as an equal text the changes around it are for it to be part of them."""

_FARTHEST: Final = 100
"""Words by which a change is moved at most, to begin and end with whole lines."""

# A word takes the blanks before it along: a text that grew at its end keeps all its words. A line end is a word by
# itself, so that lines can be held against each other.
_WORD: Final = re.compile(r"[^\S\n]*\w+|[^\S\n]*[^\w\s]|[^\S\n]*\n|[^\S\n]+")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text: in both, only in the right one (`insert`), or only in the left one (`delete`)."""

    kind: SpanKind
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a side-by-side diff, without line ends. None where a side has no line; numbers start at 1."""

    kind: RowKind
    left: str | None
    right: str | None
    left_number: int | None
    right_number: int | None


@dataclass(frozen=True, slots=True)
class Piece(Generic[T]):
    """Consecutive items of two sequences: in both, or only in one of them."""

    kind: SpanKind
    items: tuple[T, ...]


def diff_words(left: str, right: str) -> list[Span]:
    """Spans which, without the inserts, are the left text, and without the deletes the right one.

    A few words between two much longer changes are part of the change, though they are in both texts.
    """
    pieces = _whole_lines(diff_sequence(_WORD.findall(left), _WORD.findall(right)))
    return _readable([Span(piece.kind, "".join(piece.items)) for piece in pieces])


def left_text(spans: Iterable[Span]) -> str:
    """The text that the spans lead from."""
    return "".join(span.text for span in spans if span.kind != "insert")


def right_text(spans: Iterable[Span]) -> str:
    """The text that the spans lead to."""
    return "".join(span.text for span in spans if span.kind != "delete")


def percent_equal(spans: Sequence[Span]) -> int:
    """How much of both texts is equal, by characters. 100 only if nothing differs, 0 only if nothing is equal."""
    equal = 2 * sum(len(span.text) for span in spans if span.kind == "equal")
    total = equal + sum(len(span.text) for span in spans if span.kind != "equal")
    if equal == total:
        return 100
    return max(1, min(99, round(100 * equal / total))) if equal else 0


def diff_lines(left: str, right: str) -> list[Row]:
    """The lines of both texts side by side. A line that was replaced by another one is one `changed` row."""
    left_lines, right_lines = left.splitlines(), right.splitlines()
    return list(_number(_rows(diff_sequence(left_lines, right_lines))))


def count_changed_lines(rows: Iterable[Row]) -> tuple[int, int]:
    """Lines added and removed; a changed line counts as both."""
    kinds = [row.kind for row in rows if row.kind != "equal"]
    return sum(kind != "removed" for kind in kinds), sum(kind != "added" for kind in kinds)


def diff_sequence(left: Sequence[T], right: Sequence[T]) -> list[Piece[T]]:
    """The pieces that make both sequences; what was replaced comes as deleted, then inserted."""
    return [piece for piece in _pieces(left, right) if piece.items]


def _pieces(left: Sequence[T], right: Sequence[T]) -> Iterator[Piece[T]]:
    at_left = at_right = 0
    equal: list[T] = []
    for i, j in [*align(left, right), (len(left), len(right))]:
        if i > at_left or j > at_right:
            yield Piece("equal", tuple(equal))
            yield Piece("delete", tuple(left[at_left:i]))
            yield Piece("insert", tuple(right[at_right:j]))
            equal = []
        equal += left[i : i + 1]
        at_left, at_right = i + 1, j + 1
    yield Piece("equal", tuple(equal))


def _whole_lines(pieces: Sequence[Piece[str]]) -> list[Piece[str]]:
    """The same pieces, where something came or went moved so that it ends where a line ends.

    Where a line `c.` came before a line `b.`, it may as well be `.`, a line end and `c`: that isn't what one means.
    """
    found = list(pieces)
    for at in range(1, len(found) - 1):
        before, edit, after = found[at - 1 : at + 2]
        if before.kind == after.kind == "equal" != edit.kind and not edit.items[-1].endswith("\n"):
            by = _way_to_line_end(before.items, edit.items, after.items, at_end=at + 2 == len(found))
            if by:
                together = before.items + edit.items + after.items
                start = len(before.items) + by
                end = start + len(edit.items)
                found[at - 1 : at + 2] = [
                    Piece("equal", together[:start]),
                    Piece(edit.kind, together[start:end]),
                    Piece("equal", together[end:]),
                ]
    return [piece for piece in found if piece.items]


def _way_to_line_end(before: Sequence[str], edit: Sequence[str], after: Sequence[str], *, at_end: bool) -> int:
    """By how many words the edit can move for its last one to be a line's end, or the text's; 0 if it can't."""
    for by in range(min(len(after), _FARTHEST)):
        if after[by] != edit[by % len(edit)]:
            break
        if after[by].endswith("\n") or (at_end and by + 1 == len(after)):
            return by + 1
    for by in range(min(len(before), _FARTHEST)):
        if before[-1 - by] != edit[-1 - by % len(edit)]:
            break
        if edit[(-2 - by) % len(edit)].endswith("\n"):
            return -1 - by
    return 0


@dataclass(slots=True)
class _Change:
    """What was replaced by what, in pieces, and the equal text before it."""

    before: str = ""
    deleted: list[str] = field(default_factory=list)
    inserted: list[str] = field(default_factory=list)
    gone: int = 0  # characters
    come: int = 0

    @property
    def size(self) -> int:
        return max(self.gone, self.come)

    def delete(self, pieces: Sequence[str], length: int) -> None:
        self.deleted += pieces
        self.gone += length

    def insert(self, pieces: Sequence[str], length: int) -> None:
        self.inserted += pieces
        self.come += length

    def spans(self) -> list[Span]:
        return [
            Span("equal", self.before),
            Span("delete", "".join(self.deleted)),
            Span("insert", "".join(self.inserted)),
        ]


def _readable(spans: Sequence[Span]) -> list[Span]:
    """The spans, without the odd word that two different sentences happen to share."""
    changes = [_Change()]
    for span in spans:
        if span.kind == "delete":
            changes[-1].delete([span.text], len(span.text))
        elif span.kind == "insert":
            changes[-1].insert([span.text], len(span.text))
        else:
            _absorb(changes)
            changes.append(_Change(span.text))
    _absorb(changes)
    return [span for change in changes for span in change.spans() if span.text]


def _absorb(changes: list[_Change]) -> None:
    """Put the last two changes together, as long as what is equal between them is short beside both."""
    while len(changes) > 1:
        former, last = changes[-2:]
        shorter = min(former.size, last.size)
        if not shorter or "\n" in last.before or _LONGER * len(last.before.strip()) > shorter:
            return
        former.delete([last.before, *last.deleted], len(last.before) + last.gone)
        former.insert([last.before, *last.inserted], len(last.before) + last.come)
        changes.pop()


def _rows(pieces: list[Piece[str]]) -> Iterator[tuple[RowKind, str | None, str | None]]:
    removed: tuple[str, ...] = ()
    for piece in [*pieces, Piece("equal", ())]:
        if piece.kind == "delete":
            removed = piece.items
            continue
        if piece.kind == "insert":
            yield from _paired(removed, piece.items)
        else:
            yield from _paired(removed, ())
            yield from (("equal", line, line) for line in piece.items)
        removed = ()


def _paired(removed: tuple[str, ...], added: tuple[str, ...]) -> Iterator[tuple[RowKind, str | None, str | None]]:
    for left, right in zip_longest(removed, added):
        yield "removed" if right is None else "added" if left is None else "changed", left, right


def _number(rows: Iterable[tuple[RowKind, str | None, str | None]]) -> Iterator[Row]:
    left_number = right_number = 0
    for kind, left, right in rows:
        left_number += left is not None
        right_number += right is not None
        yield Row(
            kind,
            left,
            right,
            left_number if left is not None else None,
            right_number if right is not None else None,
        )
