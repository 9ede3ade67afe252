"""What a graph's screen says of schemas, nodes, notices and places; and how editors are told a line."""

from typing import Any

import pytest
from pydantic import BaseModel, Field

from playground.client.values import Graph
from playground.tui.drawing.model import read
from playground.tui.editor import at_line
from playground.tui.graphs.facts import about_content, node_content, notices_about, schema_content, source_content
from playground.tui.graphs.schema_fields import schema_fields, type_name


class Place(BaseModel):
    street: str
    number: int | None = None


class Node(BaseModel):
    """One that has more of its kind."""

    name: str = Field("x", description="What it is called.")
    inner: "list[Node]" = Field(default_factory=list)
    parent: "Node | None" = None


class Context(BaseModel):
    prompt: str = Field("Be kind.\nAsk.", json_schema_extra={"langgraph_nodes": ["plan", "write"]})
    heat: float = Field(0.7, ge=0, le=2)
    place: Place
    words: dict[str, int] = {}
    either: str | list[str] = ""


def test_fields_are_named_typed_and_explained() -> None:
    fields = schema_fields(Context.model_json_schema())
    assert [(field.name, field.type, field.depth, field.required) for field in fields] == [
        ("prompt", "text", 0, False),
        ("heat", "number ≥ 0 ≤ 2", 0, False),
        ("place", "Place", 0, True),
        ("street", "text", 1, True),
        ("number", "whole number or none", 1, False),
        ("words", "map of whole number", 0, False),
        ("either", "text or list of text", 0, False),
    ]
    assert (fields[0].default, fields[0].nodes) == ('"Be kind.\\nAsk."', ("plan", "write"))


def test_a_type_that_has_itself_in_it_ends() -> None:
    names = [field.name for field in schema_fields(Node.model_json_schema())]
    assert names[:3] == ["name", "inner", "parent"]
    assert len(names) <= 12


@pytest.mark.parametrize(
    ("schema", "name"),
    [
        ({"enum": ["a", 1, None]}, "one of: a, 1, None"),
        ({"const": "x"}, 'always "x"'),
        ({"type": ["string", "null"]}, "text or none"),
        ({"type": "array"}, "list"),
        ({}, "anything"),
        (True, "anything"),
        ({"$ref": "#/$defs/Nowhere"}, "anything"),
        ({"$ref": "#/$defs/Loop"}, "anything"),
        ({"anyOf": [{"type": kind} for kind in ("string", "integer", "number", "boolean", "null")]}, "one of 5 kinds"),
    ],
)
def test_types_in_words(schema: Any, name: str) -> None:
    assert type_name(schema, {"$defs": {"Loop": {"$ref": "#/$defs/Loop"}}}) == name


def test_fields_fit_their_width_and_keep_their_place() -> None:
    lines = schema_content("context", Node.model_json_schema(), 30).plain.splitlines()
    assert max(map(len, lines)) <= 30
    assert "    What it is called." in lines


def test_what_is_no_schema_is_said() -> None:
    assert schema_content("input", None).plain.startswith("The graph declares no input")
    assert "J shows it" in schema_content("input", {"type": "integer"}).plain
    schema_fields({"properties": {"x": 1, "y": None}, "required": 3})


def test_a_node_tells_its_edges_and_where_it_is() -> None:
    drawing = {
        "nodes": [{"id": name} for name in ("__start__", "sub:plan", "sub:check", "__end__")],
        "edges": [
            {"source": "__start__", "target": "sub:plan"},
            {"source": "sub:plan", "target": "sub:check", "conditional": True, "data": "yes"},
            {"source": "sub:check", "target": "__end__"},
        ],
    }
    graph = read(drawing)
    assert node_content(graph, "sub:plan").plain.splitlines() == [
        "plan  in sub",
        "from  → start",
        "to    ⇢ check (yes)",
    ]
    assert node_content(graph, "sub").plain.splitlines() == ["sub  subgraph", "from  → start", "to    → end"]
    assert node_content(graph, None).plain.strip() == ""


def test_notices_are_those_that_name_the_graph() -> None:
    notices = ["Graph 'writer' has no JSON schema of its input: x", "The key 'http' is not applied."]
    assert notices_about(notices, "writer") == notices[:1]
    text = about_content(Graph("writer", description="[/x] \x1b[31mWrites."), notices[:1], "xray is unknown").plain
    assert text.splitlines() == [
        "[/x] [31mWrites.",
        f"! {notices[0]}",
        "! Subgraphs stay closed: xray is unknown",
    ]


def test_source_that_is_elsewhere_or_unknown_is_said() -> None:
    assert "doesn't tell" in source_content(Graph("writer"), None).plain
    assert "can't be read from here" in source_content(Graph("writer", source="/far/graphs.py", line=3), None).plain
    shown = source_content(Graph("writer", source="graphs.py", line=3), "a = 1\n\ngraph = 2\n").plain
    assert "▌3  graph = 2" in shown
    long = source_content(Graph("writer", source="graphs.py", line=900), "x = 1\n" * 2_000).plain
    assert "… 859 lines above" in long
    assert "▌ 900  x = 1" in long


@pytest.mark.parametrize(
    ("editor", "arguments"),
    [
        ("/usr/bin/vim", ["+7", "a.py"]),
        ("hx", ["a.py:7"]),
        ("code", ["--goto", "a.py:7"]),
        ("ed", ["a.py"]),
    ],
)
def test_editors_are_told_a_line_in_their_own_way(editor: str, arguments: list[str]) -> None:
    assert at_line(editor, "a.py", 7) == arguments
    assert at_line(editor, "a.py", None) == ["a.py"]
