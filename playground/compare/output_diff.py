"""What differs between two outputs: line by line, by word within them, and how much of them is equal."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from playground.compare.text_diff import Span, diff_words, percent_equal

Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class LinePair:
    """A line of both texts, without its end. None where a side has no line. A side's line is what its spans say."""

    left: Line | None
    right: Line | None

    @property
    def differs(self) -> bool:
        return self.left != self.right


@dataclass(frozen=True, slots=True)
class TextDiff:
    """Two texts: their lines, and how much of them is equal, in per cent (100 only if nothing differs)."""

    spans: tuple[Span, ...]
    lines: tuple[LinePair, ...]
    percent: int


@dataclass(frozen=True, slots=True)
class OutputDiff:
    """A text diff for each turn that both have, and how much is equal in all of them."""

    turns: tuple[TextDiff, ...]
    percent: int


def diff_text(left: str, right: str) -> TextDiff:
    """Two texts by word."""
    spans = tuple(diff_words(left, right))
    return TextDiff(spans, tuple(line_pairs(spans)), percent_equal(spans))


def diff_outputs(left: Sequence[str], right: Sequence[str]) -> OutputDiff:
    """The outputs of two conversations, turn by turn, as many as both have."""
    turns = tuple(diff_text(ours, theirs) for ours, theirs in zip(left, right, strict=False))
    return OutputDiff(turns, percent_equal([span for turn in turns for span in turn.spans]))


def line_pairs(spans: Iterable[Span]) -> Iterator[LinePair]:
    """The lines of both texts, those beside each other that have something in common."""
    left: list[list[Span]] = [[]]
    right: list[list[Span]] = [[]]
    for span in spans:
        if span.kind == "delete":
            _write(left, span)
        elif span.kind == "insert":
            _write(right, span)
        else:
            yield from _equal(span.text, left, right)
    yield from _beside(left, right)


def _equal(text: str, left: list[list[Span]], right: list[list[Span]]) -> Iterator[LinePair]:
    """What both go on with: their last lines then belong together. At a line's end their first ones do."""
    first, *rest = text.split("\n")
    if first:
        yield from _beside(left[:-1], right[:-1])
        del left[:-1], right[:-1]
        _write(left, Span("equal", first))
        _write(right, Span("equal", first))
    for piece in rest:
        yield from _beside(left, right)
        left[:], right[:] = [[]], [[]]
        _write(left, Span("equal", piece))
        _write(right, Span("equal", piece))


def _write(lines: list[list[Span]], span: Span) -> None:
    """The span's text at the end of the lines."""
    for number, piece in enumerate(span.text.split("\n")):
        if number:
            lines.append([])
        if piece:
            lines[-1].append(Span(span.kind, piece))


def _beside(left: Sequence[list[Span]], right: Sequence[list[Span]]) -> Iterator[LinePair]:
    for ours, theirs in zip_longest(left, right):
        yield LinePair(None if ours is None else tuple(ours), None if theirs is None else tuple(theirs))
