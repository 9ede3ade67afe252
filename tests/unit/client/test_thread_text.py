"""What a thread is called, and words found in it."""

from typing import Any

import pytest

from playground.client.thread_text import first_text, found_in, given_title, message_count


@pytest.mark.parametrize(
    ("metadata", "title"),
    [
        ({"title": "  Parcels "}, "Parcels"),
        ({"thread_title": "of a canvas"}, "of a canvas"),
        ({"title": "", "custom_name": "mine"}, "mine"),
        ({"title": 7}, ""),
        ({}, ""),
    ],
)
def test_a_thread_is_called_as_somebody_named_it(metadata: dict[str, Any], title: str) -> None:
    assert given_title(metadata) == title


def test_else_it_is_called_by_what_the_user_said_first() -> None:
    values = {
        "topic": "x",
        "messages": [{"type": "system", "content": "Be kind."}, {"type": "human", "content": " Hi "}],
    }
    assert first_text(values) == "Hi"
    assert first_text({"n": 1, "blank": " ", "question": "why?"}) == "why?"
    assert first_text(None) == first_text([1]) == ""
    assert len(first_text({"text": "x" * 1_000_000})) == 400


def test_words_are_found_in_texts_and_not_in_what_surrounds_them() -> None:
    message = {"type": "ai", "id": "run-refund", "content": [{"type": "text", "text": "A" * 100 + " REFUND issued"}]}
    values = {"messages": [message], "refund": 1}
    found = found_in(values, "refund")
    assert found is not None
    assert found.startswith("…AAA")
    assert "REFUND issued" in found
    assert found_in(values, "run-") is None
    assert found_in({"notes": [["deep", {"er": "still refund"}]]}, "REFUND") == "still refund"


def test_a_state_in_circles_of_depth_is_searched_as_far_as_makes_sense() -> None:
    deep: Any = "needle"
    for _ in range(500):
        deep = [deep]
    assert found_in({"deep": deep}, "needle") is None


def test_messages_are_counted_where_there_are_any() -> None:
    assert message_count({"messages": [{"type": "human", "content": "x"}] * 3}) == 3
    assert message_count({"text": "x"}) is None
