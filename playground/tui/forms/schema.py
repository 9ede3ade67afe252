"""JSON schema → fields. Whatever a schema says that a form has no field for becomes a JSON field: nothing is hidden.

Schemas are those of a LangGraph server (pydantic, dataclass, TypedDict), with the hints of LangGraph Studio
(`langgraph_type`, `langgraph_nodes`) and of the Open Agent Platform (`x_oap_ui_config`, also under `metadata`;
https://docs.langchain.com/labs/oap/custom-agents/configuration).
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from playground.tui.forms.document import UNSET, Path, same
from playground.tui.forms.fields import Bounds, Choice, Field, Kind
from playground.tui.forms.references import References, Resolved

JSON = dict[str, Any]
DEPTH = 12  # keys and indices down to a field; what is deeper is JSON
LONG = 100  # characters: a text that can be longer gets the big editor
TYPES = {"string": Kind.TEXT, "integer": Kind.INTEGER, "number": Kind.NUMBER, "boolean": Kind.BOOLEAN}
HINTED = {
    "text": Kind.TEXT,
    "textarea": Kind.PROMPT,
    "number": Kind.NUMBER,
    "slider": Kind.NUMBER,
    "boolean": Kind.BOOLEAN,
    "switch": Kind.BOOLEAN,
}
OWN_EDITORS = {*HINTED, "select", "json", "prompt", ""}
BLANKS: JSON = {"object": {}, "array": [], "string": "", "integer": 0, "number": 0, "boolean": False}
NAMES = {
    Kind.TEXT: "text",
    Kind.PROMPT: "long text",
    Kind.INTEGER: "whole number",
    Kind.NUMBER: "number",
    Kind.BOOLEAN: "yes or no",
    Kind.CHOICE: "one of a few",
    Kind.CHECKLIST: "any of a few",
    Kind.LIST: "list",
    Kind.MAP: "map",
    Kind.GROUP: "object",
    Kind.SECRET: "secret",
    Kind.JSON: "JSON",
}


def fields_of(schema: JSON | None, path: Path = ()) -> tuple[Field, ...]:
    """The fields of an object's schema. Without a usable schema: one JSON field, the whole object at `path`."""
    reader = _Reader(schema if isinstance(schema, dict) else {})
    root = reader.references.resolve(reader.references.root)
    properties = root.schema.get("properties")
    if not isinstance(properties, dict) or not properties:
        description = _text(root.schema, "description")
        return (Field(path, Kind.JSON, str(path[-1]) if path else "value", description, blank={}),)
    return _Inside(reader, root, ()).fields(path)


class _Inside:
    """What is in a group, a list or a map. Each field is made once, so that it can be told from another by `is`."""

    def __init__(self, reader: "_Reader", resolved: Resolved, nodes: tuple[str, ...]) -> None:
        self._reader = reader
        self._resolved = resolved
        self._nodes = nodes
        self._fields: tuple[Field, ...] | None = None
        self._items: dict[Path, Field | None] = {}

    def fields(self, path: Path) -> tuple[Field, ...]:
        """The fields of a group, whose schema has properties."""
        if self._fields is None:
            schema, trail = self._resolved.schema, self._resolved.trail
            required = _list(schema.get("required"))
            self._fields = tuple(
                self._reader.field((*path, key), prop, key in required, self._nodes, trail)
                for key, prop in schema["properties"].items()
                if isinstance(prop, dict) and isinstance(key, str)
            )
        return self._fields

    def item(self, path: Path) -> Field | None:
        """The field at an index of a list, or at a key that isn't a property."""
        if path not in self._items:
            schema, trail = items_of(self._resolved.schema), self._resolved.trail
            self._items[path] = self._reader.item(path, schema, self._nodes, trail) if schema else None
        return self._items[path]


class _Reader:
    """Reads one schema document."""

    def __init__(self, root: JSON) -> None:
        self.references = References(root)

    def field(self, path: Path, prop: JSON, required: bool, nodes: tuple[str, ...], seen: frozenset[str]) -> Field:
        """The field of a property; `seen` are the references that were followed to what it is in."""
        resolved = self.references.resolve(prop)
        schema, hints = resolved.schema, _hints(resolved.schema)
        default = schema.get("default", hints.get("default", UNSET))
        required = required and "default" not in schema
        about = self.shape(path, resolved, nodes, seen)
        return replace(
            about,
            label=_text(hints, "label") or str(path[-1]),
            default=default,
            default_made=not required and default is UNSET,
            required=required,
        )

    def item(self, path: Path, schema: JSON, nodes: tuple[str, ...], seen: frozenset[str]) -> Field:
        """The field of a row, called by its number, or of a user's key. Its default is only what it begins with."""
        key = path[-1]
        found = self.shape(path, self.references.resolve(schema), nodes, seen)
        return replace(found, label=str(key + 1) if isinstance(key, int) else key)

    def shape(self, path: Path, resolved: Resolved, nodes: tuple[str, ...], seen: frozenset[str]) -> Field:
        """A field as its schema makes it, wherever it stands; named as one names a kind of value."""
        schema, hints = resolved.schema, _hints(resolved.schema)
        own_nodes = tuple(node for node in _list(schema.get("langgraph_nodes")) if isinstance(node, str)) or nodes
        inside = Resolved(schema, resolved.nullable, seen | resolved.trail)
        choices = self.choices(schema, hints, resolved.trail)
        kind = self.kind(schema, hints, choices, path, resolved.trail)
        variants = self.variants(path, resolved, own_nodes, seen) if kind is Kind.JSON and not choices else ()
        if kind is Kind.CHOICE and resolved.nullable and all(choice.value is not None for choice in choices):
            choices = (*choices, Choice(None, "none"))
        return Field(
            path=path,
            kind=kind,
            label=_text(schema, "title") or NAMES[kind],
            description=_text(hints, "description") or _text(schema, "description"),
            nullable=resolved.nullable or _is_anything(schema),
            choices=choices if kind in (Kind.CHOICE, Kind.CHECKLIST) else (),
            bounds=_bounds(schema, hints),
            step=_step(schema, hints),
            limits=_limits(schema),
            format=_text(schema, "format"),
            nodes=own_nodes,
            is_prompt=schema.get("langgraph_type") == "prompt",
            hint=_unknown_hint(schema, hints),
            placeholder=_text(hints, "placeholder") or _example(schema),
            variants=variants if len(variants) > 1 else (),
            recursive=bool(resolved.trail & seen),
            blank=BLANKS.get(str(schema.get("type"))),
            inside=_Inside(self, inside, own_nodes) if kind in (Kind.GROUP, Kind.LIST, Kind.MAP) else None,
        )

    def variants(
        self, path: Path, resolved: Resolved, nodes: tuple[str, ...], seen: frozenset[str]
    ) -> tuple[Field, ...]:
        """The kinds of value that a union allows; null isn't one of them."""
        found = self.references.branches(resolved.schema, resolved.trail)
        return tuple(self.shape(path, branch, nodes, seen) for branch in found if branch.schema.get("type") != "null")

    def kind(self, schema: JSON, hints: JSON, choices: tuple[Choice, ...], path: Path, trail: frozenset[str]) -> Kind:
        """How a value of this schema is edited."""
        hint, type_ = hints.get("type"), schema.get("type")
        if _is_secret(schema):
            return Kind.SECRET
        if type_ == "array":
            return Kind.JSON if hint == "json" else self.list_kind(schema, choices, trail, path)
        if choices:
            return Kind.CHOICE if all(_is_scalar(choice.value) for choice in choices) else Kind.JSON
        if hint == "json" or isinstance(type_, list):
            return Kind.JSON
        if type_ is None and not any(key in schema for key in ("anyOf", "oneOf", "allOf", "not")):
            return Kind.GROUP if _has_properties(schema) else HINTED.get(str(hint), Kind.JSON)
        if type_ == "string":
            return Kind.PROMPT if hint != "text" and _is_long(schema, hint) else Kind.TEXT
        if type_ == "object" and len(path) <= DEPTH:
            return self.object_kind(schema, trail)
        return TYPES.get(str(type_), Kind.JSON)

    def object_kind(self, schema: JSON, trail: frozenset[str]) -> Kind:
        """A group of known fields, a map of the user's keys, or an object of which the schema says nothing."""
        if _has_properties(schema):
            return Kind.GROUP
        values = items_of(schema)
        if not values:
            return Kind.JSON
        return Kind.SECRET if self.is_secret(values, trail) else Kind.MAP

    def list_kind(self, schema: JSON, choices: tuple[Choice, ...], trail: frozenset[str], path: Path) -> Kind:
        """A checklist of a few values, rows to edit one by one, or JSON for lists whose places mean something."""
        if choices:
            return Kind.CHECKLIST if all(_is_scalar(choice.value) for choice in choices) else Kind.JSON
        items = schema.get("items", {})
        if "prefixItems" in schema or not isinstance(items, dict) or len(path) > DEPTH:
            return Kind.JSON
        return Kind.SECRET if self.is_secret(items, trail) else Kind.LIST

    def is_secret(self, schema: JSON, trail: frozenset[str]) -> bool:
        """Whether each entry of a list or map is a secret."""
        return _is_secret(self.references.resolve(schema, trail).schema)

    def choices(self, schema: JSON, hints: JSON, trail: frozenset[str]) -> tuple[Choice, ...]:
        """What there is to choose from: of a hint's options, else of the schema; of a list, for its entries."""
        hinted = _hinted_choices(hints)
        if schema.get("type") != "array":
            return hinted if hinted and schema.get("type") != "object" else tuple(self._values(schema, trail))
        items = self.references.resolve(schema["items"], trail) if isinstance(schema.get("items"), dict) else None
        if items is None or items.nullable:
            return ()
        return hinted or tuple(self._values(items.schema, items.trail))

    def _values(self, schema: JSON, trail: frozenset[str]) -> Iterator[Choice]:
        """The values of `enum`, `const`, or of a union whose branches all are one or the other."""
        if "const" in schema:
            yield Choice(schema["const"], label_of(schema["const"]))
        elif isinstance(schema.get("enum"), list):
            yield from _unique(Choice(value, label_of(value)) for value in schema["enum"])
        else:
            found = [list(self._values(one.schema, one.trail)) for one in self.references.branches(schema, trail)]
            if found and all(found):
                yield from _unique(choice for choices in found for choice in choices)


def items_of(schema: JSON) -> JSON:
    """The schema of a list's rows, or of the values at keys that the user chooses; empty where it says nothing."""
    if schema.get("type") == "array":
        return schema.get("items") or {"title": "JSON"}
    patterns = schema.get("patternProperties")
    if isinstance(patterns, dict) and len(patterns) == 1:
        (values,) = patterns.values()
    else:
        values = schema.get("additionalProperties")
    return values if isinstance(values, dict) else {}


def label_of(value: Any) -> str:
    """A value as it is called in a list of choices."""
    if value is None:
        return "none"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _has_properties(schema: JSON) -> bool:
    properties = schema.get("properties")
    return isinstance(properties, dict) and bool(properties)


def _is_secret(schema: JSON) -> bool:
    return schema.get("format") == "password" or schema.get("writeOnly") is True


def _is_anything(schema: JSON) -> bool:
    """Whether null is allowed because nothing is said."""
    said = ("type", "enum", "const", "anyOf", "oneOf", "allOf", "not", "properties")
    return not any(key in schema for key in said)


def _hints(schema: JSON) -> JSON:
    metadata = schema.get("metadata")
    for holder in (schema, metadata if isinstance(metadata, dict) else {}):
        if isinstance(holder.get("x_oap_ui_config"), dict):
            return holder["x_oap_ui_config"]  # type: ignore[no-any-return]
    return {}


def _unknown_hint(schema: JSON, hints: JSON) -> str:
    """What a schema asks to be edited with and that there is no editor for here."""
    return next(
        (name for name in (_text(hints, "type"), _text(schema, "langgraph_type")) if name not in OWN_EDITORS), ""
    )


def _hinted_choices(hints: JSON) -> tuple[Choice, ...]:
    if hints.get("type") != "select":
        return ()
    options = [option for option in _list(hints.get("options")) if isinstance(option, dict) and "value" in option]
    return tuple(
        _unique(Choice(option["value"], _text(option, "label") or label_of(option["value"])) for option in options)
    )


def _bounds(schema: JSON, hints: JSON) -> Bounds:
    return Bounds(
        minimum=_number(schema, "minimum", _number(hints, "min")),
        maximum=_number(schema, "maximum", _number(hints, "max")),
        above=_number(schema, "exclusiveMinimum"),
        below=_number(schema, "exclusiveMaximum"),
    )


def _step(schema: JSON, hints: JSON) -> float | None:
    step = _number(schema, "multipleOf", _number(hints, "step"))
    return step if step is not None and step > 0 else None


def _limits(schema: JSON) -> str:
    """How long a value may be: `3 – 20 characters`, `at most 5 entries`."""
    for least, most, noun in (
        ("minLength", "maxLength", "characters"),
        ("minItems", "maxItems", "entries"),
        ("minProperties", "maxProperties", "keys"),
    ):
        low, high = _number(schema, least), _number(schema, most)
        if low and high is not None:
            return f"{low:g} {noun}" if low == high else f"{low:g} – {high:g} {noun}"
        if low or high is not None:
            return f"at least {low:g} {noun}" if low else f"at most {high:g} {noun}"
    return ""


def _example(schema: JSON) -> str:
    examples = _list(schema.get("examples"))
    return f"e.g. {label_of(examples[0])}" if examples and _is_scalar(examples[0]) else ""


def _is_long(schema: JSON, hint: Any) -> bool:
    default = schema.get("default")
    return (
        schema.get("langgraph_type") == "prompt"
        or hint == "textarea"
        or (isinstance(schema.get("maxLength"), int) and schema["maxLength"] > 10 * LONG)
        or (isinstance(default, str) and ("\n" in default or len(default) > LONG))
    )


def _unique(choices: Iterable[Choice]) -> list[Choice]:
    found: list[Choice] = []
    for choice in choices:
        if not any(same(choice.value, other.value) for other in found):
            found.append(choice)
    return found


def _is_scalar(value: Any) -> bool:
    return value is None or isinstance(value, (str, int, float, bool))


def _number(holder: Mapping[str, Any], key: str, other: float | None = None) -> float | None:
    value = holder.get(key)
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else other


def _text(holder: Mapping[str, Any], key: str) -> str:
    value = holder.get(key)
    return value.strip() if isinstance(value, str) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
