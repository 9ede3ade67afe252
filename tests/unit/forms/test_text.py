"""Values ⇄ text: what one types becomes the value it says, and every value that fits comes back as it was."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.tui.forms.document import UNSET, same
from playground.tui.forms.fields import Choice, Field, Kind
from playground.tui.forms.text import TextError, editable, fits, format_value, parse, summary, to_json

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
NOT_TYPED = (Kind.GROUP, Kind.CHOICE, Kind.CHECKLIST, Kind.BOOLEAN, Kind.SECRET)
fields = st.builds(
    lambda kind, nullable: Field(("x",), kind, "x", nullable=nullable, choices=(Choice("a", "a"), Choice(1, "1"))),
    st.sampled_from([kind for kind in Kind if kind not in NOT_TYPED]),
    st.booleans(),
)
likely = (
    st.text() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.lists(st.text()) | json_values
)


@given(fields, likely)
def test_every_value_that_fits_its_field_comes_back_as_it_was(field: Field, value: Any) -> None:
    if not fits(field, value):
        field = Field(("x",), Kind.JSON, "x")
    if value is None and field.kind is not Kind.JSON:
        assert format_value(field, value) == ""
    else:
        assert same(parse(field, format_value(field, value)), value)


@given(json_values)
def test_json_on_the_screen_has_nothing_that_acts_on_the_terminal(value: Any) -> None:
    assert editable(to_json(value))
    assert editable(summary(value))


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind.INTEGER, " 12 ", 12),
        (Kind.INTEGER, "2.0", 2.0),
        (Kind.NUMBER, "2", 2),
        (Kind.NUMBER, "1e3", 1000.0),
        (Kind.NUMBER, ".5", 0.5),
        (Kind.NUMBER, "", UNSET),
        (Kind.TEXT, "", ""),
        (Kind.TEXT, " 2 ", " 2 "),
        (Kind.LIST, '["a", 1]', ["a", 1]),
        (Kind.MAP, '{"a": 1}', {"a": 1}),
        (Kind.JSON, '{"a": [1, null]}', {"a": [1, None]}),
        (Kind.JSON, " ", UNSET),
    ],
)
def test_text_is_read_as_its_field_means_it(kind: Kind, text: str, value: Any) -> None:
    assert same(parse(Field(("x",), kind, "x"), text), value)


@pytest.mark.parametrize(
    ("kind", "text", "sentence"),
    [
        (Kind.NUMBER, "warm", "must be a number"),
        (Kind.NUMBER, "0,5", "must be a number"),
        (Kind.NUMBER, "nan", "must be a number"),
        (Kind.NUMBER, "1_0.5", "must be a number"),
        (Kind.NUMBER, "٣", "must be a number"),
        (Kind.INTEGER, "1e999", "must be a whole number"),
        (Kind.JSON, "{", "is not JSON: a key in double quotes must come here (line 1, column 2)"),
        (Kind.JSON, "NaN", "is not JSON: NaN is not a JSON number"),
        (Kind.JSON, '{"a": 1, "a": 2}', "has the key 'a' twice"),
        (Kind.JSON, "[" * 100_000, "is nested too deeply"),
        (Kind.JSON, "1" * 5000, "has a number that is too long"),
    ],
)
def test_text_that_means_no_value_is_refused_in_a_sentence(kind: Kind, text: str, sentence: str) -> None:
    with pytest.raises(TextError) as raised:
        parse(Field(("x",), kind, "x"), text)
    assert str(raised.value) == sentence


def test_clearing_an_optional_number_means_null_unless_that_is_the_default() -> None:
    assert parse(Field(("x",), Kind.NUMBER, "x", nullable=True, default=5), "") is None
    assert parse(Field(("x",), Kind.NUMBER, "x", nullable=True, default=None), "") is UNSET


@pytest.mark.parametrize("text", ["\x1b[31m", "a\rb", "a\nb\r\nc", "\u2028", "\u202e", "\ud800", "\x00", "\x85"])
def test_text_that_a_terminal_would_act_on_or_an_editor_would_change_is_edited_as_json(text: str) -> None:
    assert not fits(Field(("x",), Kind.PROMPT, "x"), text)


@pytest.mark.parametrize("text", ["", "a\tb", "a\nb", "a\r\nb\r\n", "🧑‍🚀 नमस्ते", "[/bold]"])
def test_other_text_is_edited_as_it_is(text: str) -> None:
    assert fits(Field(("x",), Kind.PROMPT, "x"), text)
