"""Configurations compared field by field."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.compare.config_diff import Change, apply_changes, diff_config, differences
from playground.refs import context_hash

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)
configs = st.dictionaries(st.text(max_size=3), values, max_size=5)


def test_fields_that_differ_come_first_nested_ones_by_path() -> None:
    left = {"prompt": "short", "model": "a", "limits": {"words": 10, "lines": 3}, "old": 1}
    right = {"prompt": "short", "model": "b", "limits": {"words": 20, "lines": 3}, "new": [1]}
    assert [(change.kind, change.path, change.left, change.right) for change in diff_config(left, right)] == [
        ("changed", "model", "a", "b"),
        ("changed", "limits.words", 10, 20),
        ("removed", "old", 1, None),
        ("added", "new", None, [1]),
        ("equal", "prompt", "short", "short"),
        ("equal", "limits.lines", 3, 3),
    ]


@pytest.mark.parametrize(("left", "right"), [(1, True), (0, False), (1, 1.0), ([1], [True]), (None, "null")])
def test_values_of_other_types_differ(left: Any, right: Any) -> None:
    assert [change.kind for change in diff_config({"a": left}, {"a": right})] == ["changed"]


def test_a_null_is_not_an_absent_field() -> None:
    assert differences({"a": None}, {}) == [Change("a", "removed", None, None, ("a",))]
    assert differences({}, {"a": None}) == [Change("a", "added", None, None, ("a",))]


def test_a_key_with_a_dot_is_quoted() -> None:
    (dotted,) = differences({"a.b": 1}, {"a.b": 2})
    (nested,) = differences({"a": {"b": 1}}, {"a": {"b": 2}})
    assert (dotted.path, nested.path) == ('"a.b"', "a.b")


@given(configs, configs)
def test_the_changes_make_the_right_from_the_left(left: dict[str, Any], right: dict[str, Any]) -> None:
    before = repr(left)
    assert context_hash(apply_changes(left, diff_config(left, right))) == context_hash(right)
    assert context_hash(apply_changes(left, differences(left, right))) == context_hash(right)
    assert repr(left) == before


@given(configs, configs)
def test_no_differences_means_the_same_hash(left: dict[str, Any], right: dict[str, Any]) -> None:
    assert (not differences(left, right)) == (context_hash(left) == context_hash(right))
    assert differences(left, left) == []
