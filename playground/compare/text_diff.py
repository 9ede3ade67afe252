"""What differs between two texts, by word and by line."""

import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Generic, Literal, TypeVar

T = TypeVar("T", bound=Hashable)

SpanKind = Literal["equal", "insert", "delete"]
RowKind = Literal["equal", "changed", "added", "removed"]

# A word takes the white space before it along: a text that grew at its end keeps all its words.
_WORD = re.compile(r"\s*\w+|\s*[^\w\s]|\s+")

# SequenceMatcher is quadratic. Above this product of lengths texts are compared by line, then as wholes.
_MOST_PAIRS = 4_000_000


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
    """Spans which, without the inserts, are the left text, and without the deletes the right one."""
    pieces = diff_sequence(_WORD.findall(left), _WORD.findall(right))
    if pieces is None:
        pieces = diff_sequence(left.splitlines(keepends=True), right.splitlines(keepends=True))
    if pieces is None:
        return [span for span in (Span("delete", left), Span("insert", right)) if span.text]
    return [Span(piece.kind, "".join(piece.items)) for piece in pieces]


def diff_lines(left: str, right: str) -> list[Row]:
    """The lines of both texts side by side. A line that was replaced by another one is one `changed` row."""
    left_lines, right_lines = left.splitlines(), right.splitlines()
    pieces = diff_sequence(left_lines, right_lines)
    if pieces is None:
        pieces = [Piece("delete", tuple(left_lines)), Piece("insert", tuple(right_lines))]
    return list(_number(_rows(pieces)))


def count_changed_lines(rows: Iterable[Row]) -> tuple[int, int]:
    """Lines added and removed; a changed line counts as both."""
    kinds = [row.kind for row in rows if row.kind != "equal"]
    return sum(kind != "removed" for kind in kinds), sum(kind != "added" for kind in kinds)


def diff_sequence(left: Sequence[T], right: Sequence[T]) -> list[Piece[T]] | None:
    """The pieces that make both sequences; None if they are too long to compare in reasonable time."""
    start = _common(left, right)
    end = _common(left[start:][::-1], right[start:][::-1])
    left_middle, right_middle = left[start : len(left) - end], right[start : len(right) - end]
    if len(left_middle) * len(right_middle) > _MOST_PAIRS:
        return None
    pieces = [
        Piece("equal", tuple(left[:start])),
        *_middle(left_middle, right_middle),
        Piece("equal", tuple(left[len(left) - end :])),
    ]
    return [piece for piece in pieces if piece.items]


def _middle(left: Sequence[T], right: Sequence[T]) -> Iterator[Piece[T]]:
    for operation, i, j, m, n in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if operation == "equal":
            yield Piece("equal", tuple(left[i:j]))
        else:
            yield Piece("delete", tuple(left[i:j]))
            yield Piece("insert", tuple(right[m:n]))


def _common(left: Sequence[T], right: Sequence[T]) -> int:
    """How many items both begin with."""
    count = 0
    for mine, theirs in zip(left, right, strict=False):
        if mine != theirs:
            break
        count += 1
    return count


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
