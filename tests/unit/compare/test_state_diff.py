"""What differs between two states of a thread."""

from typing import Any

import pytest

from playground.compare.state_diff import state_changes


def message(identifier: str, content: str) -> dict[str, Any]:
    return {"type": "human", "id": identifier, "content": content}


def found(left: Any, right: Any) -> list[tuple[tuple[str | int, ...], str]]:
    return [(change.path, change.kind) for change in state_changes(left, right)]


def test_messages_are_held_against_each_other_by_their_ids() -> None:
    left = {"messages": [message("1", "one"), message("2", "two"), message("3", "three")], "n": 1}
    right = {"messages": [message("1", "one"), message("3", "THREE"), message("4", "four")], "n": 1}
    assert found(left, right) == [
        (("messages", 1), "removed"),
        (("messages", 1, "content"), "changed"),
        (("messages", 2), "added"),
    ]


@pytest.mark.parametrize(
    ("left", "right", "changes"),
    [
        ([1, 2, 3], [1, 2, 3], []),
        ([1, 2, 3], [1, 5, 3, 4], [((1,), "changed"), ((3,), "added")]),
        ([1, 2, 3], [3], [((0,), "removed"), ((1,), "removed")]),
        ({"a": 1}, {"a": True}, [(("a",), "changed")]),
        ({"a": 1}, {"a": 1.0}, [(("a",), "changed")]),
        ({"a": {"b": None}}, {"a": {}}, [(("a", "b"), "removed")]),
        ({}, {"a": None}, [(("a",), "added")]),
        (None, {"a": 1}, [((), "changed")]),
        ({"a": [{"x": 1}]}, {"a": [{"x": 2}, {"x": 3}]}, [(("a", 0, "x"), "changed"), (("a", 1), "added")]),
        ([message("1", "a"), message("1", "b")], [message("1", "a"), message("1", "c")], [((1, "content"), "changed")]),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, []),
    ],
)
def test_values_are_compared_as_json(left: Any, right: Any, changes: list[Any]) -> None:
    assert found(left, right) == changes


def test_thousands_of_messages_of_which_one_changed() -> None:
    left = [message(str(number), f"text {number}") for number in range(3_000)]
    right = [*left[:1_500], message("1500", "changed"), *left[1_501:], message("new", "added")]
    assert found(left, right) == [((1_500, "content"), "changed"), ((3_000,), "added")]
