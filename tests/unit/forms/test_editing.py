"""An edit as a whole: nothing is lost, nothing changes by itself, and what changed is known."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.tui.forms.document import get, same
from playground.tui.forms.editing import CONTEXT, Editing
from playground.tui.forms.fields import Kind
from playground.tui.forms.text import fits

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "prompt": {"type": "string", "default": "Be brief", "langgraph_type": "prompt", "langgraph_nodes": ["call"]},
        "heat": {"type": "number", "default": 0.5, "maximum": 2, "langgraph_nodes": ["call"]},
        "tools": {"type": "array", "items": {"enum": ["a", "b"]}, "default": ["a"], "langgraph_nodes": ["tools"]},
        "company": {"type": "string"},
        "limit": {"anyOf": [{"type": "integer"}, {"type": "null"}], "default": 7},
        "nested": {"$ref": "#/$defs/Nested", "default": {"k": 9, "j": 1}},
        "maybe": {"anyOf": [{"$ref": "#/$defs/Nested"}, {"type": "null"}], "default": None},
    },
    "$defs": {
        "Nested": {
            "type": "object",
            "properties": {"k": {"type": "integer", "default": 4}, "j": {"type": "integer", "default": 5}},
        }
    },
}


def base(**context: Any) -> dict[str, Any]:
    return {"name": "support", "description": None, "context": context, "config": {}}


def path(*keys: str) -> tuple[str, ...]:
    return ("context", *keys)


def entry(editing: Editing, *keys: str) -> Any:
    found = editing.entry(path(*keys))
    assert found is not None
    return found


# What is shown


def test_fields_are_grouped_by_node_and_the_rest_comes_last() -> None:
    titles = [section.title for section in Editing(SCHEMA, base(extra=1)).sections()]
    assert titles == ["call", "tools", "not tied to a node", "not in the schema", "assistant", "config of its runs"]


def test_a_value_is_told_from_a_default() -> None:
    editing = Editing(SCHEMA, base(heat=1.0))
    assert (entry(editing, "heat").is_set, entry(editing, "heat").text) == (True, "1.0")
    assert (entry(editing, "prompt").is_set, entry(editing, "prompt").text) == (False, "Be brief")


def test_the_default_of_a_group_holds_for_its_fields_until_the_group_is_set() -> None:
    assert entry(Editing(SCHEMA, base()), "nested", "k").default == 9
    assert entry(Editing(SCHEMA, base(nested={})), "nested", "k").default == 4


def test_values_that_do_not_fit_and_unknown_keys_are_shown_as_json() -> None:
    editing = Editing(SCHEMA, base(heat="warm", prompt="\x1b[2J", extra={"a": 1}, nested=[1]))
    for name, text in [
        ("heat", '"warm"'),
        ("prompt", '"\\u001b[2J"'),
        ("extra", '{\n  "a": 1\n}'),
        ("nested", "[\n  1\n]"),
    ]:
        assert (entry(editing, name).field.kind, entry(editing, name).text) == (Kind.JSON, text)


def test_without_a_schema_the_whole_context_is_json() -> None:
    editing = Editing(None, base(a=1))
    assert editing.sections()[0].entries[0].field.path == CONTEXT
    editing.write(CONTEXT, '{"a": 2}')
    assert editing.document["context"] == {"a": 2}


# What changes


def test_nothing_changed_at_first() -> None:
    assert Editing(SCHEMA, base(heat=1.0, extra=1)).changes() == []


def test_typing_changes_only_its_field_and_not_the_base() -> None:
    given_base = base(heat=1.0, extra=1)
    before = deepcopy(given_base)
    editing = Editing(SCHEMA, given_base)
    editing.write(path("heat"), "1.5")
    assert editing.document["context"] == {"heat": 1.5, "extra": 1}
    assert editing.changes() == [path("heat")]
    assert given_base == before


@pytest.mark.parametrize("context", [{}, {"limit": None}, {"limit": 7}, {"limit": 3}])
def test_typing_back_what_the_base_shows_is_no_change(context: dict[str, Any]) -> None:
    editing = Editing(SCHEMA, base(**context))
    shown = entry(editing, "limit").text
    editing.write(path("limit"), "44")
    editing.write(path("limit"), shown)
    assert editing.changes() == []


def test_an_empty_text_can_be_set_where_the_default_is_not_empty() -> None:
    editing = Editing(SCHEMA, base())
    editing.write(path("prompt"), "")
    assert editing.document["context"] == {"prompt": ""}


def test_text_that_means_nothing_is_kept_and_refused() -> None:
    editing = Editing(SCHEMA, base(heat=1.0))
    editing.write(path("heat"), "1.x")
    assert editing.problems() == {path("heat"): "must be a number"}
    assert editing.text(entry(editing, "heat")) == "1.x"
    assert editing.is_changed(path("heat"))


def test_reset_goes_to_the_default_and_revert_to_the_base() -> None:
    editing = Editing(SCHEMA, base(heat=1.0))
    editing.reset(path("heat"))
    assert editing.document["context"] == {}
    assert editing.changes() == [path("heat")]
    editing.revert(path("heat"))
    assert editing.changes() == []


def test_a_field_of_a_group_that_is_not_set_brings_the_groups_default_along() -> None:
    editing = Editing(SCHEMA, base())
    editing.write(path("nested", "k"), "3")
    assert editing.add(path("maybe")) == path("maybe")
    editing.write(path("maybe", "k"), "3")
    assert editing.document["context"] == {"nested": {"k": 3, "j": 1}, "maybe": {"k": 3}}
    editing.reset(path("maybe", "k"))
    assert "maybe" not in editing.document["context"]


def test_an_unknown_key_can_be_removed_and_that_is_a_change() -> None:
    editing = Editing(SCHEMA, base(extra=1))
    editing.reset(path("extra"))
    assert editing.changes() == [path("extra")]


def test_a_field_keeps_its_editor_while_one_types_in_it() -> None:
    editing = Editing(SCHEMA, base(company="x"))
    list(editing.entries())
    editing.write(path("company"), "x" * 500)
    assert entry(editing, "company").field.kind is Kind.TEXT


def test_a_value_that_was_chosen_gets_the_editor_that_it_needs() -> None:
    editing = Editing(SCHEMA, base(company="x"))
    list(editing.entries())
    editing.assign(path("company"), "two\nlines")
    assert entry(editing, "company").field.kind is Kind.PROMPT
    editing.undo(path("company"))
    assert entry(editing, "company").field.kind is Kind.TEXT


def test_an_unreadable_context_is_kept_too() -> None:
    editing = Editing(SCHEMA, base(heat=1.0))
    editing.write(CONTEXT, '{"heat": ')
    assert editing.document["context"] == {"heat": 1.0}
    assert editing.text_of("json") == '{"heat": '
    assert editing.changes() == [CONTEXT]
    assert CONTEXT in editing.problems()


# A draft


def test_a_draft_comes_back_whole() -> None:
    editing = Editing(SCHEMA, base(heat=1.0))
    editing.write(path("heat"), "oops")
    editing.write(path("company"), "ACME")
    editing.write(("name",), "new name")
    again = Editing(SCHEMA, base(heat=1.0))
    again.restore(editing.content())
    assert again.content() == editing.content()
    assert again.changes() == editing.changes()
    assert again.problems() == editing.problems()


@pytest.mark.parametrize(
    "content", [{}, {"context": None}, {"texts": 3}, {"texts": [3, [1, 2], ["x"]]}, {"context": [1]}]
)
def test_a_strange_draft_is_read_as_far_as_it_goes(content: dict[str, Any]) -> None:
    editing = Editing(SCHEMA, base(heat=1.0))
    editing.restore(content)
    assert editing.document["name"] == "support"
    list(editing.entries())
    editing.problems()


# The form is the identity, for any schema and any values

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
keys = st.sampled_from(["a", "b", "c", "", "[/x]"])
scalar_schemas = st.sampled_from(
    [
        {"type": "string"},
        {"type": "string", "langgraph_type": "prompt", "langgraph_nodes": ["n"]},
        {"type": "integer", "minimum": 0},
        {"type": "number"},
        {"type": "boolean", "default": True},
        {"type": "null"},
        {"enum": ["x", 1, None]},
        {"const": "x"},
        {"type": ["string", "null"], "default": None},
        {},
    ]
)
schemas = st.recursive(
    scalar_schemas,
    lambda inner: st.one_of(
        st.builds(lambda items: {"type": "array", "items": items}, inner),
        st.builds(lambda branch: {"anyOf": [branch, {"type": "null"}], "default": None}, inner),
        st.builds(lambda props: {"type": "object", "properties": props}, st.dictionaries(keys, inner, max_size=3)),
    ),
    max_leaves=6,
)
contexts = st.dictionaries(
    keys, st.sampled_from(["x", 1, [], ["x"], [""], {"a": None}, {"a": {"b": 1}}]) | json_values, max_size=4
)


@given(st.dictionaries(keys, schemas, max_size=4), contexts)
def test_values_come_back_through_the_form_as_they_were(properties: dict[str, Any], context: dict[str, Any]) -> None:
    editing = Editing({"type": "object", "properties": properties}, base(**context))
    for found in list(editing.entries()):
        # As if each field had been typed anew, after something else.
        if not found.is_set or found.field.kind in (Kind.GROUP, Kind.CHOICE, Kind.CHECKLIST, Kind.BOOLEAN):
            continue
        editing.write(found.field.path, found.text + "1")
        editing.write(found.field.path, found.text)
    assert same(editing.document, base(**context))
    assert editing.changes() == []
    editing.problems()


@given(st.dictionaries(keys, schemas, max_size=4), contexts)
def test_every_value_is_in_the_form_and_in_an_editor_that_fits_it(
    properties: dict[str, Any], context: dict[str, Any]
) -> None:
    editing = Editing({"type": "object", "properties": properties}, base(**context))
    shown = {found.field.path: found for found in editing.entries()}
    for key, value in context.items():
        where = path(key) if path(key) in shown else CONTEXT
        assert same(get(editing.document, path(key)), value)
        assert fits(shown[where].field, shown[where].value)


@given(st.dictionaries(keys, schemas, max_size=3), contexts, contexts)
def test_the_json_of_a_context_is_the_identity_too(
    properties: dict[str, Any], first: dict[str, Any], second: dict[str, Any]
) -> None:
    editing = Editing({"type": "object", "properties": properties}, base(**first))
    editing.write(CONTEXT, Editing(None, base(**second)).text_of("json"))
    assert same(editing.document["context"], second)
    assert bool(editing.changes()) is not same(first, second)
