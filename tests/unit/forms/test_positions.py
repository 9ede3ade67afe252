"""The place of every value, in both notations; and of what can't be read."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.client.yaml_text import dump
from playground.tui.forms.document import Path
from playground.tui.forms.positions import fault, place_of, places

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    ['"', "\\", ",", "a: b", "x\ny"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=10,
)


def paths(value: Any, at: Path = ()) -> set[Path]:
    found = {at}
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ()):
        found |= paths(inner, (*at, key))
    return found


@given(VALUES, st.sampled_from([None, 2, "\t"]))
@settings(deadline=None)
def test_each_value_of_a_json_text_has_a_place(value: Any, indent: int | None) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    known = places(text, "json")
    assert known.keys() == paths(value)
    for path, (line, column) in known.items():
        if path and isinstance(path[-1], str):
            assert text.split("\n")[line][column:].startswith(json.dumps(path[-1], ensure_ascii=False))


@given(VALUES)
@settings(deadline=None)
def test_each_value_of_a_yaml_text_has_a_place(value: Any) -> None:
    assert places(dump(value), "yaml").keys() == paths(value)


def test_places_are_those_of_the_keys() -> None:
    value = {"prompt": "one\ntwo", "tools": ["a", {"b": 1}], "heat": 2}
    known = places(dump(value), "yaml")
    assert known[("prompt",)] == (0, 0)
    assert known[("tools", 1, "b")] == (5, 2)
    assert known[("heat",)] == (6, 0)
    assert place_of(("tools", 1, "missing"), known) == (5, 2)
    known = places(json.dumps(value, indent=2), "json")
    assert known[("heat",)] == (8, 2)
    assert place_of(("nothing",), known) == (0, 0)
    assert place_of(("nothing",), {}) == (0, 0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": 1,\n "b" 2}', "line 2, column 6: a colon is missing"),
        ('{"a": 1\n "b": 2}', "line 2, column 2: a comma or"),
        ('{"a": x}', "line 1, column 7: a value must come here"),
        ('{"a": "b\n"}', "line 1, column 9: a line end"),
        ('{"a": 1} x', "line 1, column 10: nothing may follow"),
        ('{"a": {"b": 1,\n  "b": 2}}', "line 2, column 3: the key “b” is there twice"),
        ('{"a": 1,\n  "b": NaN}', "line 2, column 8: NaN is no number"),
        ("[" + "9" * 5000 + "]", "line 1, column 2: this number is too long"),
        ("[" * 100_000, "line 1, column 1: is nested too deeply"),
    ],
)
def test_what_is_wrong_with_json_and_where(text: str, said: str) -> None:
    assert str(fault(text, "json")).startswith(said)
    assert places(text, "json") == {}


def test_what_is_wrong_with_yaml_and_where() -> None:
    assert str(fault("a: 1\nb: [1", "yaml")).startswith("line 2, column")
    assert fault("a: 1", "yaml") is None
    assert fault("", "json") is None


@given(st.text('{}[]",:\\ 1ae\n', max_size=30))
@settings(max_examples=300)
def test_any_text_is_read_or_refused_with_a_place_in_it(text: str) -> None:
    found = fault(text, "json")
    if found is None:
        places(text, "json")
    else:
        assert found.place[0] <= text.count("\n")
