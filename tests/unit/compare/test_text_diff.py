"""Texts compared by word and by line."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.compare.text_diff import (
    Piece,
    Row,
    Span,
    count_changed_lines,
    diff_lines,
    diff_sequence,
    diff_words,
    left_text,
    percent_equal,
    right_text,
)

texts = st.text(st.sampled_from("ab .,\n\té"), max_size=60)


def test_words_that_changed() -> None:
    assert diff_words("Be friendly and thorough.", "Be brief and thorough, always.") == [
        Span("equal", "Be"),
        Span("delete", " friendly"),
        Span("insert", " brief"),
        Span("equal", " and thorough"),
        Span("insert", ", always"),
        Span("equal", "."),
    ]


def test_lines_side_by_side() -> None:
    assert diff_lines("one\ntwo\nfour", "one\n2\nthree\nfour") == [
        Row("equal", "one", "one", 1, 1),
        Row("changed", "two", "2", 2, 2),
        Row("added", None, "three", None, 3),
        Row("equal", "four", "four", 3, 4),
    ]


def test_lines_are_counted() -> None:
    assert count_changed_lines(diff_lines("a\nb\nc", "a\nB")) == (1, 2)


def test_paths_are_compared_like_words() -> None:
    assert diff_sequence(["plan", "write"], ["plan", "check", "write"]) == [
        Piece("equal", ("plan",)),
        Piece("insert", ("check",)),
        Piece("equal", ("write",)),
    ]


@given(texts, texts)
def test_the_spans_hold_both_texts(left: str, right: str) -> None:
    spans = diff_words(left, right)
    assert left_text(spans) == left
    assert right_text(spans) == right
    assert all(span.text for span in spans)


@given(texts, texts)
def test_the_spans_back_hold_them_the_other_way_round(left: str, right: str) -> None:
    there, back = diff_words(left, right), diff_words(right, left)
    assert (left_text(back), right_text(back)) == (right_text(there), left_text(there))


@given(texts, texts)
def test_two_changes_have_something_equal_between_them(left: str, right: str) -> None:
    kinds = " ".join(span.kind for span in diff_words(left, right))
    assert not any(pair in kinds for pair in ("insert delete", "insert insert", "delete delete", "equal equal"))


@given(texts, texts)
def test_all_is_equal_only_if_nothing_differs(left: str, right: str) -> None:
    assert (percent_equal(diff_words(left, right)) == 100) == (left == right)


def test_per_cent_of_the_characters_of_both() -> None:
    assert percent_equal([Span("equal", "abc"), Span("insert", "de")]) == 75
    assert percent_equal([Span("delete", "abc")]) == 0
    assert percent_equal([Span("equal", "a" * 9999), Span("delete", "b")]) == 99
    assert percent_equal([Span("equal", "a"), Span("delete", "b" * 9999)]) == 1
    assert percent_equal([]) == 100


def test_a_word_that_two_sentences_share_by_chance_is_part_of_the_change() -> None:
    left, right = "Your parcel left our warehouse and arrives tomorrow.", "Please send photographs and receipts."
    assert [span.kind for span in diff_words(left, right)] == ["delete", "insert", "equal"]


def test_lines_are_never_part_of_a_change() -> None:
    spans = diff_words("one two three\nfour five six", "seven eight nine\nten eleven twelve")
    assert [span.text for span in spans if span.kind == "equal"] == ["\n"]


@given(texts, texts)
def test_the_rows_hold_both_texts(left: str, right: str) -> None:
    rows = diff_lines(left, right)
    assert [row.left for row in rows if row.left is not None] == left.splitlines()
    assert [row.right for row in rows if row.right is not None] == right.splitlines()
    assert [row.left_number for row in rows if row.left_number] == list(range(1, len(left.splitlines()) + 1))


@given(texts)
def test_equal_texts_have_no_differences(text: str) -> None:
    assert {span.kind for span in diff_words(text, text)} <= {"equal"}
    assert {row.kind for row in diff_lines(text, text)} <= {"equal"}


def _prose(seed: int, size: int) -> str:
    """Words as often as in a language: a few of them all the time."""
    words = random.Random(seed)
    ranks = [words.paretovariate(0.6) for _ in range(size // 3)]
    return " ".join(f"w{int(rank) % 9000}" for rank in ranks)[:size]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (_prose(1, 200_000), _prose(2, 200_000)),
        (_prose(1, 200_000), _prose(1, 200_000).replace("w3 ", "w4 w5 ")),
        (_prose(1, 200_000), _prose(1, 200_000)[100_000:] + _prose(1, 100_000)),
        ("spam eggs " * 20_000, "eggs spam " * 20_000),
        ("x" * 200_000, "y" * 200_000),
        (" " * 200_000, "\n" * 200_000),
    ],
    ids=["entirely", "often", "moved", "repetitive", "a word", "white"],
)
def test_long_texts(left: str, right: str) -> None:
    before = time.process_time()
    spans = diff_words(left, right)
    assert time.process_time() - before < 5  # a quadratic one takes minutes; the figure is in tests/benchmarks
    assert left_text(spans) == left
    assert right_text(spans) == right


def test_what_goes_at_the_end_ends_with_the_text() -> None:
    spans = diff_words("Buy some today.\n\nWithout sugar.", "Buy some today.")
    assert spans == [Span("equal", "Buy some today."), Span("delete", "\n\nWithout sugar.")]
