"""Sequences aligned: as many equal items as there can be, in the order of both."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.compare import alignment
from playground.compare.alignment import align

sequences = st.lists(st.sampled_from("abcd"), max_size=40)


def longest(left: list[str], right: list[str]) -> int:
    """The length of the longest common subsequence, as textbooks have it."""
    row = [0] * (len(right) + 1)
    for mine in left:
        above, row = row, [0]
        for column, theirs in enumerate(right):
            row.append(above[column] + 1 if mine == theirs else max(above[column + 1], row[column]))
    return row[-1]


def holds(pairs: list[tuple[int, int]], left: list[str], right: list[str]) -> bool:
    """Whether the pairs are equal items, rising on both sides."""
    rises = all(i < after_i and j < after_j for (i, j), (after_i, after_j) in pairwise(pairs))
    return rises and all(left[i] == right[j] for i, j in pairs)


@given(sequences, sequences)
def test_as_many_as_there_can_be(left: list[str], right: list[str]) -> None:
    pairs = align(left, right)
    assert holds(pairs, left, right)
    assert len(pairs) == longest(left, right)


@given(sequences, sequences, st.integers(1, 60))
def test_huge_sequences_are_cut(left: list[str], right: list[str], most: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alignment, "_MOST_PAIRS", most)
        assert holds(align(left, right), left, right)


def test_what_is_unique_holds_huge_sequences_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alignment, "_MOST_PAIRS", 100)
    middle = [f"word {number}" for number in range(100)]
    left, right = ["x"] * 30 + middle + ["y"] * 5, ["y"] * 5 + middle + ["x"] * 30
    assert [(i, j) for i, j in align(left, right) if left[i].startswith("word")] == [
        (30 + at, 5 + at) for at in range(100)
    ]
