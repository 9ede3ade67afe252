"""A JSON schema as fields that one can read: name, type, default, what they are for. Pure; its texts are data."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from playground.tui.text import count, one_line

_DEEPEST: Final = 3
"""Objects in objects whose fields are listed."""
_MOST_FIELDS: Final = 300
_TYPES: Final = {
    "string": "text",
    "integer": "whole number",
    "boolean": "yes or no",
    "object": "object",
    "null": "none",
}
_BOUNDS: Final = (("minimum", "≥"), ("exclusiveMinimum", ">"), ("maximum", "≤"), ("exclusiveMaximum", "<"))


@dataclass(frozen=True, slots=True)
class SchemaField:
    """A property: `depth` objects down; `default` as JSON, "" if it has none; `nodes` of the graph that use it."""

    name: str
    type: str
    depth: int = 0
    default: str = ""
    required: bool = False
    description: str = ""
    nodes: tuple[str, ...] = ()


def schema_fields(schema: Mapping[str, Any] | None) -> list[SchemaField]:
    """The schema's properties in order, those of objects below them."""
    found: list[SchemaField] = []
    root = schema or {}
    top, reference = _followed(root, root)  # a type that has itself in it is a reference already at the top
    for field in _fields(top, root, 0, frozenset({reference} - {""})):
        found.append(field)
        if len(found) >= _MOST_FIELDS:
            break
    return found


def type_name(schema: Any, root: Mapping[str, Any]) -> str:
    """`text`, `number ≥ 0 ≤ 2`, `one of: a, b`, `list of text`, `text or none`."""
    return _type(schema, root, 0)


def _fields(
    schema: Mapping[str, Any], root: Mapping[str, Any], depth: int, seen: frozenset[str]
) -> Iterator[SchemaField]:
    properties = schema.get("properties")
    required = schema.get("required")
    for name, given in properties.items() if isinstance(properties, Mapping) else ():
        target, reference = _followed(given, root)
        default = given.get("default", target.get("default")) if isinstance(given, Mapping) else None
        has_default = isinstance(given, Mapping) and ("default" in given or "default" in target)
        hints = {**target, **given} if isinstance(given, Mapping) else target
        yield SchemaField(
            one_line(str(name), 80),
            type_name(given, root),
            depth,
            one_line(json.dumps(default, ensure_ascii=False), 80) if has_default else "",
            isinstance(required, list) and name in required,
            one_line(str(hints.get("description") or ""), 300),
            _nodes(hints),
        )
        if depth < _DEEPEST and reference not in seen:
            yield from _fields(target, root, depth + 1, seen | ({reference} if reference else set()))


def _nodes(hints: Mapping[str, Any]) -> tuple[str, ...]:
    nodes = hints.get("langgraph_nodes")
    return tuple(one_line(str(node), 60) for node in nodes) if isinstance(nodes, list) else ()


def _followed(schema: Any, root: Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
    """What a `$ref` leads to, through an only alternative beside null, and the reference; {} if it leads nowhere."""
    reference = ""
    for _ in range(8):
        if not isinstance(schema, Mapping):
            return {}, reference
        alternatives = [
            one for one in _alternatives(schema) if not (isinstance(one, Mapping) and one.get("type") == "null")
        ]
        if "$ref" in schema:
            reference = str(schema["$ref"])
            schema = _at(reference, root)
        elif len(alternatives) == 1:
            schema = alternatives[0]
        else:
            return schema, reference
    return {}, reference


def _at(reference: str, root: Mapping[str, Any]) -> Any:
    found: Any = root
    for part in reference.removeprefix("#/").split("/"):
        found = found.get(part.replace("~1", "/").replace("~0", "~")) if isinstance(found, Mapping) else None
    return found


def _alternatives(schema: Mapping[str, Any]) -> list[Any]:
    for key in ("anyOf", "oneOf", "allOf"):
        if isinstance(schema.get(key), list):
            return list(schema[key])
    return []


def _type(schema: Any, root: Mapping[str, Any], depth: int) -> str:
    if not isinstance(schema, Mapping) or depth > 6:
        return "anything"
    if "$ref" in schema:
        target = _at(str(schema["$ref"]), root)
        name = target.get("title") if isinstance(target, Mapping) and target.get("type") == "object" else None
        return one_line(str(name), 40) if name else _type(target, root, depth + 1)
    if isinstance(schema.get("enum"), list):
        return one_line(f"one of: {', '.join(map(str, schema['enum']))}", 120)
    if "const" in schema:
        return one_line(f"always {json.dumps(schema['const'], ensure_ascii=False)}", 60)
    if alternatives := _alternatives(schema):
        names = list(dict.fromkeys(_type(one, root, depth + 1) for one in alternatives))
        if len(names) > 3 and all(name.removesuffix("Chunk").endswith("Message") for name in names):
            return "message"
        return " or ".join(names) if len(names) <= 4 else f"one of {count(len(names), 'kind')}"
    return _plain_type(schema, root, depth)


def _plain_type(schema: Mapping[str, Any], root: Mapping[str, Any], depth: int) -> str:
    kind = schema.get("type")
    if isinstance(kind, list):
        return " or ".join(_TYPES.get(str(one), str(one)) for one in kind)
    if kind == "array":
        return f"list of {_type(schema['items'], root, depth + 1)}" if "items" in schema else "list"
    if kind == "object" and isinstance(schema.get("additionalProperties"), Mapping):
        return f"map of {_type(schema['additionalProperties'], root, depth + 1)}"
    name = _TYPES.get(str(kind), str(kind)) if kind else "anything"
    bounds = [f"{sign} {schema[key]}" for key, sign in _BOUNDS if isinstance(schema.get(key), int | float)]
    return one_line(" ".join([name, *bounds]), 80)
