"""The pieces of an edit that are pure: steps of a number, undo, secrets in texts, rows, and what a value may be."""

from dataclasses import replace
from typing import Any

import pytest

from playground.client.validation import Checker
from playground.tui.forms.document import UNSET, drop, get, put
from playground.tui.forms.editing import Editing
from playground.tui.forms.fields import Bounds, Field, Kind
from playground.tui.forms.history import MOST, Before, History
from playground.tui.forms.kinds import options
from playground.tui.forms.schema import fields_of
from playground.tui.forms.secrets import MASK, blotted
from playground.tui.forms.steps import stepped
from playground.tui.forms.text import TextError

NUMBER = Field(("x",), Kind.NUMBER, "x")
SCHEMA: dict[str, Any] = {
    "properties": {
        "words": {"type": "array", "items": {"type": "string"}, "default": ["a", "b"]},
        "heat": {"type": "number"},
        "map": {"type": "object", "additionalProperties": {"type": "integer"}},
        "pet": {"oneOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}], "discriminator": {"propertyName": "kind"}},
        "key": {"type": "string", "format": "password", "writeOnly": True},
        "open": {"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": {"type": "number"}},
    },
    "$defs": {
        "Cat": {"title": "Cat", "properties": {"kind": {"const": "cat"}, "lives": {"type": "integer"}}},
        "Dog": {"title": "Dog", "properties": {"kind": {"const": "dog"}, "name": {"type": "string"}}},
    },
}


def editing(clock: Any = lambda: 0.0, **context: Any) -> Editing:
    return Editing(SCHEMA, {"name": "a", "description": None, "context": context, "config": {}}, clock=clock)


def path(*keys: str | int) -> tuple[str | int, ...]:
    return ("context", *keys)


# Documents


def test_a_path_goes_through_lists() -> None:
    document = {"rows": [{"a": 1}, {"a": 2}]}
    assert get(document, ("rows", 1, "a")) == 2
    assert get(document, ("rows", 2, "a")) is UNSET
    assert put(document, ("rows", 1, "a"), 3) == {"rows": [{"a": 1}, {"a": 3}]}
    assert put({}, ("rows", 0, "a"), 3) == {"rows": [{"a": 3}]}
    assert drop(document, ("rows", 0)) == {"rows": [{"a": 2}]}
    assert drop(document, ("rows", 0, "a")) == {"rows": [{}, {"a": 2}]}


# Numbers


@pytest.mark.parametrize(
    ("bounds", "step", "kind", "value", "by", "expected"),
    [
        (Bounds(0, 2), None, Kind.NUMBER, 0.2, 1, 0.3),
        (Bounds(0, 2), None, Kind.NUMBER, 2, 1, 2),
        (Bounds(0, 2), 0.25, Kind.NUMBER, 0.3, 1, 0.5),
        (Bounds(0, 2), 0.25, Kind.NUMBER, 0.3, -1, 0.25),
        (Bounds(1, 9), 5, Kind.INTEGER, 7, -1, 5),
        (Bounds(1, 9), 5, Kind.INTEGER, 5, 1, 5),
        (Bounds(above=0), None, Kind.INTEGER, 1, -1, 1),
        (Bounds(), None, Kind.INTEGER, UNSET, 1, 1),
        (Bounds(), None, Kind.NUMBER, "warm", -1, -0.1),
        (Bounds(), None, Kind.INTEGER, 10**20, 1, 10**20 + 1),
        (Bounds(-1000, 1000), None, Kind.NUMBER, 0.5, 1, 1.0),
    ],
)
def test_a_number_is_stepped_on_its_grid_and_within_its_bounds(
    bounds: Bounds, step: float | None, kind: Kind, value: Any, by: int, expected: float
) -> None:
    assert stepped(replace(NUMBER, bounds=bounds, step=step, kind=kind), value, by) == expected


@pytest.mark.parametrize(("value", "fits"), [(0.3, True), (0.35, False), (10**400, True), (-0.7, True)])
def test_what_is_stepped_is_valid(value: float, fits: bool) -> None:
    assert (Checker({"multipleOf": 0.1}).problems(value) == []) is fits


# Undo


def test_a_burst_of_typing_is_one_step_and_a_pause_or_another_field_begins_the_next() -> None:
    now = [0.0]
    edit = editing(lambda: now[0])
    for at, text in ((0.0, "1"), (0.5, "12"), (1.2, "123"), (5.0, "1234")):
        now[0] = at
        edit.write(path("heat"), text)
    edit.write(("name",), "b")
    assert edit.undo(path("heat"))
    assert get(edit.document, path("heat")) == 123
    assert edit.undo(path("heat"))
    assert get(edit.document, path("heat")) is UNSET
    assert not edit.undo(path("heat"))
    assert edit.document["name"] == "b"
    assert edit.redo(path("heat"))
    assert get(edit.document, path("heat")) == 123


def test_undo_of_a_row_restores_its_list_also_one_that_was_a_default() -> None:
    edit = editing()
    edit.remove(path("words", 0))
    edit.write(path("words", 0), "c")
    assert get(edit.document, path("words")) == ["c"]
    assert edit.undo(path("words", 0))
    assert edit.undo(path("words"))
    assert get(edit.document, path("words")) is UNSET


def test_undo_survives_another_schema_and_leaves_alone_what_it_could_not_put_back() -> None:
    edit = editing(open={"a": "x"})
    edit.write(path("heat"), "1")
    edit.write(path("open", "a"), "y")
    edit.follow({"properties": {"heat": {"type": "number"}, "open": {"type": "string"}}})
    edit.assign(path("open"), "text")
    edit.history.undo(path("open"), lambda at: Before(at, "text", {}))
    assert not edit.undo(path("open", "a"))
    assert get(edit.document, path("open")) == "text"
    assert edit.undo(path("heat"))
    assert get(edit.document, path("heat")) is UNSET


def test_a_step_around_a_later_one_waits_for_it() -> None:
    history = History()
    for at in ((1,), (1, 2)):
        history.remember(Before(at, 0, {}))
    undone = [history.undo((1, 3), lambda at: Before(at, 1, {})) for _ in range(3)]
    assert [step.path if step else None for step in undone] == [(1, 2), (1,), None]


def test_history_is_bounded() -> None:
    history = History()
    for number in range(MOST + 50):
        history.remember(Before((number,), 0, {}))
    assert not history.can_undo((49,))
    assert history.can_undo((50,))


# Rows, keys and kinds


def test_keys_are_added_renamed_in_place_and_never_twice() -> None:
    edit = editing(map={"a": 1, "b": 2})
    assert edit.rename(path("map", "a"), "c") == path("map", "c")
    assert list(edit.document["context"]["map"]) == ["c", "b"]
    assert edit.add(path("map", "b"), "d") == path("map", "d")
    for taken in ("b", " "):
        with pytest.raises(TextError):
            edit.add(path("map"), taken)
    assert edit.remove(path("map", "c")) == path("map", "b")
    assert edit.add(path("open"), "more") == path("open")  # it isn't there: it comes first
    assert edit.add(path("open"), "more") == path("open", "more")
    assert edit.document["context"]["open"] == {"more": 0.0}


def test_a_union_is_told_by_its_tag_and_keeps_what_fits() -> None:
    edit = editing(pet={"kind": "dog", "name": "Rex"})
    pet = edit.entry(path("pet"))
    assert pet is not None
    assert [variant.label for variant in pet.field.variants] == ["Cat", "Dog"]
    assert pet.field.variant == 1
    edit.choose_variant(path("pet"), 0)
    assert edit.document["context"]["pet"]["kind"] == "cat"
    edit.undo(path("pet"))
    assert edit.document["context"]["pet"] == {"kind": "dog", "name": "Rex"}


def test_empty_none_and_not_set_are_three_things() -> None:
    schema = {"properties": {"x": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": "d"}}}
    edit = Editing(schema, {"name": "a", "context": {}, "config": {}})
    entry = edit.entry(path("x"))
    assert entry is not None
    assert [(one.label, one.value, one.current) for one in options(entry)] == [
        ("empty", "", False),
        ("none", None, False),
        ("not set", UNSET, True),
    ]


# Secrets


def test_a_secret_stays_where_it_is_and_goes_nowhere_else() -> None:
    edit = editing(key="sk-1", heat=1)
    edit.write(path("key"), "sk-2")
    edit.assign(path("key"), "sk-3")
    edit.write_text("yaml", edit.text_of("yaml").replace("1", "2"))
    assert edit.document["context"] == {"key": "sk-1", "heat": 2}
    assert "sk-" not in str(edit.content())
    again = editing(key="sk-1", heat=1)
    again.restore(edit.content())
    assert again.document == edit.document
    edit.write_text("json", '{"key": "sk-4", "heat": 2}')
    assert edit.document["context"]["key"] == "sk-1"
    assert "isn't kept here" in edit.problems()[path("key")]
    edit.reset(path("key"))
    assert edit.document["context"] == {"heat": 2}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"key": "sk-1", "heat": 1', f'{{"key": {MASK}, "heat": 1'),
        ('{"key": "sk-1', f'{{"key": {MASK}'),
        ("key: sk-1\nheat: [", f"key: {MASK}\nheat: ["),
        ("key: |\n  sk-1\n  sk-2\nheat: [", f"key: {MASK}\n  {MASK}\n  {MASK}\nheat: ["),
        ("key:\n- sk-1\nheat: [", f"key:{MASK}\n{MASK}\nheat: ["),
        ("monkey: sk-1", "monkey: sk-1"),
    ],
)
def test_a_text_that_can_not_be_read_is_kept_without_its_secrets(text: str, expected: str) -> None:
    assert blotted(text, ["key"]) == expected


# What a schema says


def test_hints_limits_and_examples_are_read() -> None:
    fields = {
        field.path[0]: field
        for field in fields_of(
            {
                "properties": {
                    "switch": {"x_oap_ui_config": {"type": "switch"}},
                    "agents": {"type": "object", "x_oap_ui_config": {"type": "agents"}},
                    "many": {
                        "type": "array",
                        "items": {"type": "string"},
                        "x_oap_ui_config": {"type": "select", "options": [{"label": "A", "value": "a"}]},
                    },
                    "name": {"type": "string", "minLength": 2, "maxLength": 9, "examples": ["Rex"]},
                    "rows": {"type": "array", "items": {"type": "string"}, "maxItems": 3},
                    "both": {"allOf": [{"properties": {"a": {}}}, {"properties": {"b": {}}, "type": "object"}]},
                    "keys": {"type": "array", "items": {"type": "string", "format": "password"}},
                }
            }
        )
    }
    assert fields["switch"].kind is Kind.BOOLEAN
    assert (fields["agents"].kind, fields["agents"].hint) == (Kind.JSON, "agents")
    assert (fields["many"].kind, fields["many"].choices[0].label) == (Kind.CHECKLIST, "A")
    assert (fields["name"].limits, fields["name"].placeholder) == ("2 – 9 characters", "e.g. Rex")
    assert fields["rows"].limits == "at most 3 entries"
    assert [inner.path for inner in fields["both"].fields] == [("both", "a"), ("both", "b")]
    assert fields["keys"].kind is Kind.SECRET
