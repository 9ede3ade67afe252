"""JSON schema → fields, with the schemas that pydantic, dataclasses, TypedDicts and the two hint conventions make."""

from enum import Enum
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel
from pydantic import Field as PydanticField

from playground.tui.forms.document import UNSET
from playground.tui.forms.fields import Field, Kind
from playground.tui.forms.schema import DEPTH, fields_of


class Color(Enum):
    RED = "red"
    BLUE = "blue"


class Nested(BaseModel):
    k: int = 1
    deep: "Nested | None" = None


class Context(BaseModel):
    system_prompt: str = PydanticField(
        "You are a writer", json_schema_extra={"langgraph_type": "prompt", "langgraph_nodes": ["call"]}
    )
    model: Literal["a", "b"] = "a"
    only: Literal["x"] = "x"
    color: Color = Color.RED
    maybe_color: Color | None = None
    temperature: float = PydanticField(0.5, ge=0, le=2, description="How random")
    steps: int | None = PydanticField(None, gt=0)
    flag: bool = False
    name: str
    long: str = "one\ntwo"
    tools: list[Literal["lookup", "refund"]] = ["lookup"]
    tags: list[str] = []
    numbers: list[float] = []
    nested: Nested = Nested()
    optional_nested: Nested | None = None
    either: int | str = 1
    free: dict[str, Any] = {}
    pairs: list[Nested] = []


def by_name(schema: dict[str, Any]) -> dict[str, Field]:
    return {field.path[-1]: field for field in fields_of(schema)}


FIELDS = by_name(Context.model_json_schema())


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("system_prompt", Kind.PROMPT),
        ("model", Kind.CHOICE),
        ("only", Kind.CHOICE),
        ("color", Kind.CHOICE),
        ("maybe_color", Kind.CHOICE),
        ("temperature", Kind.NUMBER),
        ("steps", Kind.INTEGER),
        ("flag", Kind.BOOLEAN),
        ("name", Kind.TEXT),
        ("long", Kind.PROMPT),
        ("tools", Kind.CHECKLIST),
        ("tags", Kind.LIST),
        ("numbers", Kind.LIST),
        ("nested", Kind.GROUP),
        ("optional_nested", Kind.GROUP),
        ("either", Kind.JSON),
        ("free", Kind.JSON),
        ("pairs", Kind.LIST),
    ],
)
def test_a_pydantic_field_gets_its_editor(name: str, kind: Kind) -> None:
    assert FIELDS[name].kind is kind


def test_a_field_knows_what_the_schema_says() -> None:
    prompt, temperature, steps = FIELDS["system_prompt"], FIELDS["temperature"], FIELDS["steps"]
    assert (prompt.is_prompt, prompt.nodes, prompt.default) == (True, ("call",), "You are a writer")
    assert (temperature.description, str(temperature.bounds)) == ("How random", "0 – 2")
    assert (steps.nullable, steps.default, str(steps.bounds)) == (True, None, "> 0")
    assert FIELDS["name"].required
    assert FIELDS["name"].default is UNSET
    row = FIELDS["numbers"].item(0)
    assert row is not None
    assert (row.kind, row.path, row.label) == (Kind.NUMBER, ("numbers", 0), "1")


def test_choices_come_from_literal_enum_and_reference() -> None:
    assert [choice.value for choice in FIELDS["model"].choices] == ["a", "b"]
    assert [choice.value for choice in FIELDS["color"].choices] == ["red", "blue"]
    assert [(choice.value, choice.label) for choice in FIELDS["maybe_color"].choices][-1] == (None, "none")
    assert [choice.value for choice in FIELDS["tools"].choices] == ["lookup", "refund"]
    assert FIELDS["color"].default == "red"


def test_a_schema_that_contains_itself_is_read_as_deep_as_one_looks_and_then_json() -> None:
    group, depth = FIELDS["nested"], 0
    while group.kind is Kind.GROUP:
        nested = {field.path[-1]: field for field in group.fields}
        assert nested["k"].path == (*group.path, "k")
        group, depth = nested["deep"], depth + 1
        assert group.recursive
    assert group.kind is Kind.JSON
    assert depth == DEPTH


def test_the_hints_of_open_agent_platform_are_honoured_also_under_metadata() -> None:
    class Hinted(BaseModel):
        model: Annotated[
            str | None,
            PydanticField(
                json_schema_extra={
                    "metadata": {
                        "x_oap_ui_config": {
                            "type": "select",
                            "label": "The model",
                            "description": "Which one",
                            "default": "a:b",
                            "options": [{"label": "AB", "value": "a:b"}, {"label": "CD", "value": "c:d"}],
                        }
                    }
                }
            ),
        ] = None
        heat: Annotated[
            float,
            PydanticField(json_schema_extra={"x_oap_ui_config": {"type": "slider", "min": 0, "max": 2, "step": 0.1}}),
        ] = 0.7
        text: Annotated[
            str, PydanticField(json_schema_extra={"x_oap_ui_config": {"type": "textarea", "placeholder": "Say"}})
        ] = ""
        anything: Annotated[Any, PydanticField(json_schema_extra={"x_oap_ui_config": {"type": "boolean"}})] = None
        mcp: Annotated[Any, PydanticField(json_schema_extra={"x_oap_ui_config": {"type": "mcp"}})] = None

    fields = by_name(Hinted.model_json_schema())
    assert (fields["model"].kind, fields["model"].label) == (Kind.CHOICE, "The model")
    assert [choice.label for choice in fields["model"].choices] == ["AB", "CD", "none"]
    assert (fields["heat"].kind, str(fields["heat"].bounds)) == (Kind.NUMBER, "0 – 2")
    assert (fields["text"].kind, fields["text"].placeholder) == (Kind.PROMPT, "Say")
    assert fields["anything"].kind is Kind.BOOLEAN
    assert fields["mcp"].kind is Kind.JSON


@pytest.mark.parametrize(
    "schema", [None, {}, {"type": "object"}, {"properties": {}}, {"properties": []}, {"$ref": "#/nowhere"}]
)
def test_without_a_usable_schema_the_whole_object_is_json(schema: dict[str, Any] | None) -> None:
    (field,) = fields_of(schema, ("context",))
    assert (field.path, field.kind) == (("context",), Kind.JSON)


@pytest.mark.parametrize(
    "prop",
    [
        {"$ref": "#/$defs/Missing"},
        {"$ref": "https://example.com/schema.json"},
        {"$ref": 3},
        {"type": 3},
        {"type": []},
        {"type": "array", "items": "x"},
        {"type": "array", "items": {"$ref": "#/$defs/Loop"}},
        {"oneOf": [{"$ref": "#/$defs/Loop"}, {"const": 1}]},
        {"enum": "x"},
        {"enum": [{"a": 1}, {"b": 2}]},
        {"anyOf": []},
        {"anyOf": [3]},
        {"allOf": [{}, {}]},
        {"x_oap_ui_config": {"type": "select", "options": [3, {}]}},
        {"description": 3, "title": [], "langgraph_nodes": "x"},
        {"type": "object", "properties": {"deeper": "x"}, "required": "x"},
    ],
)
def test_a_strange_schema_is_json_and_never_an_error(prop: dict[str, Any]) -> None:
    schema = {"properties": {"x": prop}, "$defs": {"Loop": {"oneOf": [{"$ref": "#/$defs/Loop"}]}}}
    (field,) = fields_of(schema)
    assert field.kind in (Kind.JSON, Kind.GROUP, Kind.LIST)


def test_typed_choices_keep_their_types() -> None:
    (field,) = fields_of({"properties": {"x": {"enum": [1, "1", True, 1.0, None, 1]}}})
    assert [choice.value for choice in field.choices] == [1, "1", True, 1.0, None]
    assert [choice.label for choice in field.choices] == ["1", "1", "true", "1.0", "none"]
