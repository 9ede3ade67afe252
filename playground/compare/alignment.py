"""Which items of two sequences belong together: a longest common subsequence, fast at any length. Pure.

The rows of the classic table are whole numbers with a bit a column (Crochemore et al., "A fast and practical bit-vector
algorithm for the longest common subsequence problem", 2001), so that a row costs a few operations on one number. Rows
are kept at intervals and made again between them on the way back: the memory grows with n·√n bits.
"""

from bisect import bisect_left
from collections.abc import Hashable, Iterator, Sequence
from itertools import chain, pairwise
from math import isqrt
from typing import Final

_MOST_PAIRS: Final = 500_000_000
"""Pairs of items up to which the alignment is a longest one: some hundredths of a second."""
_RUN: Final = 4
"""Items in a row which, if they occur once on both sides, belong together in sequences longer than that."""

Pair = tuple[int, int]


def align(left: Sequence[Hashable], right: Sequence[Hashable]) -> list[Pair]:
    """The indexes of equal items, rising on both sides. As many as possible, where the sequences aren't huge."""
    return list(_trimmed(left, right, 0, 0))


def _trimmed(left: Sequence[Hashable], right: Sequence[Hashable], at_left: int, at_right: int) -> Iterator[Pair]:
    """What both begin and end with belongs together. `at_left`, `at_right`: where the sequences begin."""
    shorter = min(len(left), len(right))
    start = next((at for at in range(shorter) if left[at] != right[at]), shorter)
    end = next((at for at in range(shorter - start) if left[-1 - at] != right[-1 - at]), shorter - start)
    yield from ((at_left + at, at_right + at) for at in range(start))
    middle = left[start : len(left) - end], right[start : len(right) - end]
    yield from _middle(*middle, at_left + start, at_right + start)
    left_end, right_end = at_left + len(left) - end, at_right + len(right) - end
    yield from ((left_end + at, right_end + at) for at in range(end))


def _middle(left: Sequence[Hashable], right: Sequence[Hashable], at_left: int, at_right: int) -> Iterator[Pair]:
    if not left or not right:
        return
    if len(left) * len(right) <= _MOST_PAIRS:
        yield from ((at_left + i, at_right + j) for i, j in _longest(left, right))
        return
    anchors = _anchors(left, right)
    cuts = anchors or _parts(len(left), len(right))
    for (i, j), (after_i, after_j) in pairwise(chain([(0, 0)], cuts, [(len(left), len(right))])):
        yield from _trimmed(left[i:after_i], right[j:after_j], at_left + i, at_right + j)


def _parts(left: int, right: int) -> list[Pair]:
    """Where to cut sequences that have nothing to hold on to, so that what is left is small enough."""
    parts = isqrt(left * right // _MOST_PAIRS) + 2
    return [(left * part // parts, right * part // parts) for part in range(1, parts)]


def _anchors(left: Sequence[Hashable], right: Sequence[Hashable]) -> list[Pair]:
    """Where runs begin that occur once on both sides, in the order of both: what moved elsewhere is left out."""
    ours, theirs = _single_runs(left), _single_runs(right)
    pairs = [(at, theirs[run]) for run, at in ours.items() if run in theirs]
    return [pair for pair in _rising(pairs) if pair != (0, 0)]


def _single_runs(items: Sequence[Hashable]) -> dict[tuple[Hashable, ...], int]:
    first: dict[tuple[Hashable, ...], int] = {}
    repeated = set[tuple[Hashable, ...]]()
    for at, run in enumerate(zip(*(items[offset:] for offset in range(_RUN)), strict=False)):
        if first.setdefault(run, at) != at:
            repeated.add(run)
    return {run: at for run, at in first.items() if run not in repeated}


def _rising(pairs: Sequence[Pair]) -> list[Pair]:
    """The longest part of the pairs, which rise on the left, that rises on the right, too."""
    ends: list[int] = []  # the least right index that ends a chain of each length
    last: list[int] = []  # which pair that is
    before: list[int | None] = []
    for at, (_, j) in enumerate(pairs):
        length = bisect_left(ends, j)
        before.append(last[length - 1] if length else None)
        ends[length : length + 1] = [j]
        last[length : length + 1] = [at]
    found: list[Pair] = []
    step = last[-1] if last else None
    while step is not None:
        found.append(pairs[step])
        step = before[step]
    return found[::-1]


def _longest(left: Sequence[Hashable], right: Sequence[Hashable]) -> list[Pair]:
    """A longest common subsequence; what occurs only on one side is never in it."""
    mine, theirs = set(left), set(right)
    rows = [i for i, item in enumerate(left) if item in theirs]
    columns = [j for j, item in enumerate(right) if item in mine]
    where = _bits([right[j] for j in columns])
    masks = [where[left[i]] for i in rows]
    return [(rows[i], columns[j]) for i, j in _traced(masks, len(columns))]


def _bits(items: Sequence[Hashable]) -> dict[Hashable, int]:
    """The places of each item, as a number with those bits set."""
    places: dict[Hashable, list[int]] = {}
    for at, item in enumerate(items):
        places.setdefault(item, []).append(at)
    found: dict[Hashable, int] = {}
    for item, ats in places.items():
        octets = bytearray(ats[-1] // 8 + 1)
        for at in ats:
            octets[at >> 3] |= 1 << (at & 7)
        found[item] = int.from_bytes(octets, "little")
    return found


def _row(row: int, mask: int, all_columns: int) -> int:
    """The next row of the table. A bit that is 0: the subsequence is longer with this column than without it."""
    common = row & mask
    return ((row + common) | (row - common)) & all_columns


def _traced(masks: Sequence[int], columns: int) -> list[Pair]:
    """The way back through the table, from its last row and column. `masks`: the matching columns of each row."""
    every = isqrt(len(masks)) + 1
    kept = _kept_rows(masks, columns, every)
    found: list[Pair] = []
    j = columns
    for number in range(len(kept) - 1, -1, -1):
        first = number * every
        all_columns = (1 << j) - 1  # the columns behind are done with
        table = [kept[number] & all_columns]
        for mask in masks[first : first + every]:
            table.append(_row(table[-1], mask & all_columns, all_columns))
        i = len(table) - 1
        while i and j:
            if table[i] >> (j - 1) & 1:
                j -= 1
            elif table[i - 1] >> (j - 1) & 1:
                i, j = i - 1, j - 1
                found.append((first + i, j))
            else:
                i -= 1
    return found[::-1]


def _kept_rows(masks: Sequence[int], columns: int, every: int) -> list[int]:
    """Each row before `every` others."""
    row = all_columns = (1 << columns) - 1
    kept: list[int] = []
    for at, mask in enumerate(masks):
        if at % every == 0:
            kept.append(row)
        row = _row(row, mask, all_columns)
    return kept
