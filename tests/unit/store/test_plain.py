"""What JSON in UTF-8 can hold, and the sentence for what it can't."""

from enum import StrEnum
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.store.errors import Invalid
from playground.store.plain import copy, dumps, plain

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()) | st.binary(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=3),
    max_leaves=8,
)


@given(values)
def test_a_value_is_stored_as_it_is_or_refused(value: Any) -> None:
    try:
        kept = plain(value)
    except Invalid:
        return
    assert orjson.loads(dumps(kept)) == kept == value


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ({"a": [1, float("nan")]}, "The value.a[1] is nan, which JSON can't hold."),
        ({"a": float("-inf")}, "The value.a is -inf, which JSON can't hold."),
        ({"a": 2**64}, "The value.a is an integer beyond 64 bits, which can't be stored; give it as a string."),
        ({"a": "x\ud83d"}, "The value.a has half of a surrogate pair at position 1, which UTF-8 can't hold."),
        ({"\ud83d": 1}, "A key of The value has half of a surrogate pair at position 0, which UTF-8 can't hold."),
        ({1: 2}, "The value has the key 1; keys must be strings."),
        ({"a": b"x"}, "The value.a is a bytes, which JSON can't hold."),
        ({"a": {1}}, "The value.a is a set, which JSON can't hold."),
    ],
)
def test_what_cannot_be_stored_is_named(value: Any, sentence: str) -> None:
    with pytest.raises(Invalid) as error:
        plain(value)
    assert str(error.value) == sentence


def test_nesting_without_end_is_refused() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(Invalid, match="nested more than 200 levels"):
        plain(value)


def test_the_deepest_value_taken_can_be_written() -> None:
    value: Any = 1
    for _ in range(200):
        value = [value]
    assert dumps({"table": {"1": {"field": plain(value)}}})


def test_tuples_become_lists_and_subclasses_plain() -> None:
    class Tone(StrEnum):
        DRY = "dry"

    kept = plain({"t": (1, 2), "tone": Tone.DRY})

    assert kept == {"t": [1, 2], "tone": "dry"}
    assert type(kept["tone"]) is str


def test_the_largest_integers_survive() -> None:
    assert orjson.loads(dumps([2**64 - 1, -(2**63)])) == [2**64 - 1, -(2**63)]


def test_copies_share_nothing() -> None:
    value = {"a": [{"b": 1}]}
    other = copy(value)
    other["a"][0]["b"] = 2
    assert value == {"a": [{"b": 1}]}
