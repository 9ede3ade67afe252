"""Texts compared by word and by line."""

import time

from hypothesis import given
from hypothesis import strategies as st

from playground.compare.text_diff import Piece, Row, Span, count_changed_lines, diff_lines, diff_sequence, diff_words

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
    assert "".join(span.text for span in spans if span.kind != "insert") == left
    assert "".join(span.text for span in spans if span.kind != "delete") == right
    assert all(span.text for span in spans)


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


def test_long_texts_do_not_take_long() -> None:
    left, right = "spam eggs " * 50_000, "eggs spam " * 50_000
    before = time.process_time()
    spans = diff_words(left, right)
    assert time.process_time() - before < 2
    assert "".join(span.text for span in spans if span.kind != "delete") == right
