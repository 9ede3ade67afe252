"""Outputs line by line and by word."""

from hypothesis import given
from hypothesis import strategies as st

from playground.compare.output_diff import Line, LinePair, diff_outputs, diff_text
from playground.compare.text_diff import Span

texts = st.text(st.sampled_from("ab .\n"), max_size=60)


def said(lines: list[Line | None]) -> str:
    """The text of one side."""
    return "\n".join("".join(span.text for span in line) for line in lines if line is not None)


def test_words_in_their_lines() -> None:
    found = diff_text("Dear Ann,\nI like green tea.\nBye", "Dear Ann,\nI like black tea.\nAnd cake.\nBye")
    same, tea, cake, bye = found.lines
    assert not same.differs
    assert tea.left == (Span("equal", "I like"), Span("delete", " green"), Span("equal", " tea."))
    assert tea.right == (Span("equal", "I like"), Span("insert", " black"), Span("equal", " tea."))
    assert cake == LinePair(None, (Span("insert", "And cake."),))
    assert not bye.differs


def test_a_line_that_begins_alike_stands_beside_its_like() -> None:
    (first, second) = diff_text("Write a post, for all.\nEnd well.", "Write a post…").lines
    assert first.left == (Span("equal", "Write a post"), Span("delete", ", for all."))
    assert first.right == (Span("equal", "Write a post"), Span("insert", "…"))
    assert second == LinePair((Span("delete", "End well."),), None)


@given(texts, texts)
def test_the_lines_hold_both_texts(left: str, right: str) -> None:
    lines = diff_text(left, right).lines
    assert said([line.left for line in lines]) == left
    assert said([line.right for line in lines]) == right


@given(texts, texts)
def test_equal_words_are_on_both_sides(left: str, right: str) -> None:
    for line in diff_text(left, right).lines:
        assert all(span.kind != "insert" for span in line.left or ())
        assert all(span.kind != "delete" for span in line.right or ())
        assert line.differs or line.left == line.right


@given(texts)
def test_equal_texts_do_not_differ(text: str) -> None:
    found = diff_text(text, text)
    assert found.percent == 100
    assert not any(line.differs for line in found.lines)


def test_turns_that_both_have() -> None:
    found = diff_outputs(["same", "abc", "more"], ["same", "xyz"])
    assert [turn.percent for turn in found.turns] == [100, 0]
    assert found.percent == 57  # 8 of 14 characters
