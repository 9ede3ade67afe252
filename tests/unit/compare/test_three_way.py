"""Two edits of one configuration: whatever they are, nothing that only one side changed is lost."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.compare.three_way import MISSING, merge, merge_text

KEYS = st.sampled_from(["prompt", "model", "a.b", ""])
SCALARS = st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from([0.0, 1.0, "", "x", "a\nb", "a\nc"])
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=6
)
DOCUMENTS = st.dictionaries(KEYS, VALUES, max_size=4)
TEXTS = st.lists(st.sampled_from("abcd"), max_size=8).map("\n".join)


def canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


@given(DOCUMENTS, DOCUMENTS)
def test_what_one_side_changed_is_the_result(base: Any, edited: Any) -> None:
    assert canonical(merge(base, base, edited).result) == canonical(edited)
    assert canonical(merge(base, edited, base).result) == canonical(edited)
    assert canonical(merge(base, edited, edited).result) == canonical(edited)
    assert not merge(base, base, edited).undecided


@given(DOCUMENTS, DOCUMENTS, DOCUMENTS)
def test_sides_may_be_swapped_where_nothing_conflicts(base: Any, theirs: Any, mine: Any) -> None:
    one, other = merge(base, theirs, mine), merge(base, mine, theirs)
    assert {field.keys for field in one.undecided} == {field.keys for field in other.undecided}
    if not one.undecided:
        assert canonical(one.result) == canonical(other.result)


@given(DOCUMENTS, DOCUMENTS, DOCUMENTS)
def test_choosing_one_side_everywhere_is_that_side(base: Any, theirs: Any, mine: Any) -> None:
    keys = [field.keys for field in merge(base, theirs, mine).fields]
    all_theirs, all_mine = (
        merge(base, theirs, mine, dict.fromkeys(keys, "theirs")),
        merge(base, theirs, mine, dict.fromkeys(keys, "mine")),
    )
    assert canonical(_pruned(all_theirs.result)) == canonical(_pruned(theirs))
    assert canonical(_pruned(all_mine.result)) == canonical(_pruned(mine))
    assert not all_theirs.undecided


def _pruned(value: Any) -> Any:
    """Without objects that have nothing in them: they are no field that one could choose."""
    if not isinstance(value, dict):
        return value
    inner = {key: _pruned(one) for key, one in value.items()}
    return {key: one for key, one in inner.items() if one != {}}


@given(TEXTS, TEXTS)
def test_texts_that_one_side_changed(base: str, edited: str) -> None:
    assert merge_text(base, base, edited) == edited
    assert merge_text(base, edited, base) == edited
    assert merge_text(base, edited, edited) == edited


@given(TEXTS, TEXTS, TEXTS)
def test_merged_texts_are_the_same_from_both_sides(base: str, theirs: str, mine: str) -> None:
    assert merge_text(base, theirs, mine) == merge_text(base, mine, theirs)


@given(TEXTS, TEXTS, TEXTS)
def test_disjoint_parts_of_a_text_merge(first: str, second: str, new: str) -> None:
    base = f"{first}\n--\n==\n{second}"
    merged = merge_text(base, f"{new}\n--\n==\n{second}", f"{first}\n--\n==\n{new}")
    assert merged == f"{new}\n--\n==\n{new}"


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "outcome"),
    [
        ({"k": 1}, {"k": 1}, {"k": 1}, "equal"),
        ({"k": 1}, {"k": 2}, {"k": 1}, "theirs"),
        ({"k": 1}, {}, {"k": 1}, "theirs"),
        ({"k": 1}, {"k": 1}, {}, "mine"),
        ({"k": 1}, {"k": 2}, {"k": 2}, "same"),
        ({"k": 1}, {"k": 2}, {"k": 3}, "conflict"),
        ({"k": 1}, {"k": 1.0}, {"k": True}, "conflict"),
        ({"k": {"x": 1}}, {}, {"k": {"x": 2}}, "conflict"),
        ({}, {"k": 1}, {"k": 2}, "conflict"),
        ({"k": "a\nb\nc"}, {"k": "A\nb\nc"}, {"k": "a\nb\nC"}, "merged"),
        ({"k": "a\nb"}, {"k": "x\nb"}, {"k": "y\nb"}, "conflict"),
        ({"k": "one line"}, {"k": "one lines"}, {"k": "a line"}, "conflict"),
    ],
)
def test_what_became_of_a_field(base: Any, theirs: Any, mine: Any, outcome: str) -> None:
    assert [field.outcome for field in merge(base, theirs, mine).fields] == [outcome]


def test_what_is_missing_is_not_null() -> None:
    (field,) = merge({}, {"k": None}, {}).fields
    assert (field.base, field.theirs, field.mine, field.value) == (MISSING, None, MISSING, None)


def test_both_added_an_object_and_keep_all_of_it() -> None:
    assert merge({}, {"k": {"a": 1}}, {"k": {"b": 2}}).result == {"k": {"b": 2, "a": 1}}


def test_an_object_that_was_emptied_stays_empty() -> None:
    assert merge({"k": {"a": 1}}, {"k": {}}, {"k": {"a": 1}}).result == {"k": {}}


def test_a_choice_takes_back_also_what_only_one_side_changed() -> None:
    merged = merge({"k": 1, "l": 1}, {"k": 1, "l": 2}, {"k": 5, "l": 1}, {("k",): "theirs", ("l",): "mine"})
    assert merged.result == {"k": 1, "l": 1}
