"""JSON schema → fields. Whatever a schema says that a form has no field for becomes a JSON field: nothing is hidden.

Schemas are those of a LangGraph server (pydantic, dataclass, TypedDict), with the hints of LangGraph Studio
(`langgraph_type`, `langgraph_nodes`) and of the Open Agent Platform (`x_oap_ui_config`, also under `metadata`).
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from playground.tui.forms.document import UNSET, Path, same
from playground.tui.forms.fields import Bounds, Choice, Field, Kind

JSON = dict[str, Any]
DEPTH = 4  # of nested groups; what is deeper is JSON
LONG = 100  # characters: a text that can be longer gets the big editor
NULL: JSON = {"type": "null"}
UNREADABLE = "?"  # the type of a reference that leads nowhere, or back to itself
TYPES = {"string": Kind.TEXT, "integer": Kind.INTEGER, "number": Kind.NUMBER, "boolean": Kind.BOOLEAN}
HINTED = {
    "text": Kind.TEXT,
    "textarea": Kind.PROMPT,
    "number": Kind.NUMBER,
    "slider": Kind.NUMBER,
    "boolean": Kind.BOOLEAN,
}


def fields_of(schema: JSON | None, path: Path = ()) -> tuple[Field, ...]:
    """The fields of an object's schema. Without a usable schema: one JSON field, the whole object at `path`."""
    reader = _Reader(schema if isinstance(schema, dict) else {})
    root = reader.resolve(reader.root)
    properties = root.schema.get("properties")
    if not isinstance(properties, dict) or not properties:
        return (Field(path, Kind.JSON, path[-1] if path else "value", _text(root.schema, "description")),)
    return reader.fields(root.schema, path, nodes=(), seen=root.seen)


@dataclass(frozen=True, slots=True)
class _Resolved:
    """A schema without `$ref`, and without the null it may allow."""

    schema: JSON
    nullable: bool = False
    seen: frozenset[str] = frozenset()  # the references followed to it: a schema may contain itself


class _Reader:
    """Reads one schema document; `$ref` is looked up in it."""

    def __init__(self, root: JSON) -> None:
        self.root = root

    def fields(self, schema: JSON, path: Path, nodes: tuple[str, ...], seen: frozenset[str]) -> tuple[Field, ...]:
        required = _list(schema.get("required"))
        return tuple(
            self.field((*path, key), prop, key in required, nodes, seen)
            for key, prop in schema["properties"].items()
            if isinstance(prop, dict) and isinstance(key, str)
        )

    def field(self, path: Path, prop: JSON, required: bool, nodes: tuple[str, ...], seen: frozenset[str]) -> Field:
        resolved = self.resolve(prop, seen)
        schema, hints = resolved.schema, _hints(resolved.schema)
        own_nodes = tuple(node for node in _list(schema.get("langgraph_nodes")) if isinstance(node, str)) or nodes
        items = self.items(schema, resolved.seen)
        choices = _hinted_choices(schema, hints) or tuple(self.choices(schema, resolved.seen))
        kind = self.kind(schema, hints, choices, path)
        children = self.fields(schema, path, own_nodes, resolved.seen) if kind is Kind.GROUP else ()
        if kind is Kind.CHECKLIST:
            choices = tuple(self.choices(items.schema, items.seen))
        if kind is Kind.CHOICE and resolved.nullable and all(choice.value is not None for choice in choices):
            choices = (*choices, Choice(None, "none"))
        return Field(
            path=path,
            kind=kind,
            label=_text(hints, "label") or path[-1],
            description=_text(hints, "description") or _text(schema, "description"),
            default=schema.get("default", hints.get("default", UNSET)),
            required=required and "default" not in schema,
            nullable=resolved.nullable,
            choices=choices,
            bounds=_bounds(schema, hints),
            item=TYPES.get(str(items.schema.get("type")), Kind.TEXT),
            nodes=own_nodes,
            is_prompt=schema.get("langgraph_type") == "prompt",
            placeholder=_text(hints, "placeholder"),
            fields=children,
        )

    def resolve(self, schema: JSON, seen: frozenset[str] = frozenset()) -> _Resolved:
        """Follows `$ref`, a lone `allOf` and `anyOf` with null; what stands beside them wins over what they name."""
        schema, nullable = dict(schema), False
        while True:
            ref = schema.get("$ref")
            if isinstance(ref, str):
                target = self.lookup(ref)
                beside = {key: value for key, value in schema.items() if key != "$ref"}
                if target is None or ref in seen:
                    return _Resolved({**beside, "type": UNREADABLE}, nullable, seen)
                seen |= {ref}
                schema = {**target, **beside}
                continue
            branch, null = _only_branch(schema)
            if branch is None:
                break
            nullable |= null
            rest = {key: value for key, value in schema.items() if key not in ("anyOf", "oneOf", "allOf")}
            schema = {**branch, **rest}
        types = schema.get("type")
        if isinstance(types, list) and "null" in types:
            others = [name for name in types if name != "null"]
            schema, nullable = {**schema, "type": others[0] if len(others) == 1 else others}, True
        return _Resolved(schema, nullable, seen)

    def lookup(self, ref: str) -> JSON | None:
        """What a reference inside this document (`#/$defs/Color`) names."""
        if not ref.startswith("#"):
            return None
        target: Any = self.root
        for part in ref.removeprefix("#").split("/")[1:]:
            key = part.replace("~1", "/").replace("~0", "~")
            if not isinstance(target, dict) or key not in target:
                return None
            target = target[key]
        return target if isinstance(target, dict) else None

    def kind(self, schema: JSON, hints: JSON, choices: tuple[Choice, ...], path: Path) -> Kind:
        hint, type_ = hints.get("type"), schema.get("type")
        if choices:
            return Kind.CHOICE if all(_is_scalar(choice.value) for choice in choices) else Kind.JSON
        if hint == "json" or isinstance(type_, list):
            return Kind.JSON
        if type_ is None and not any(key in schema for key in ("anyOf", "oneOf", "allOf", "not")):
            return HINTED.get(str(hint), Kind.JSON)
        if type_ == "string":
            return Kind.PROMPT if hint != "text" and _is_long(schema, hint) else Kind.TEXT
        if type_ == "array":
            return self.list_kind(schema)
        if type_ == "object":
            properties = schema.get("properties")
            return Kind.GROUP if isinstance(properties, dict) and properties and len(path) <= DEPTH else Kind.JSON
        return TYPES.get(str(type_), Kind.JSON)

    def list_kind(self, schema: JSON) -> Kind:
        items = self.items(schema, frozenset())
        if items.nullable or "prefixItems" in schema:
            return Kind.JSON
        choices = tuple(self.choices(items.schema, items.seen))
        if choices:
            return Kind.CHECKLIST if all(_is_scalar(choice.value) for choice in choices) else Kind.JSON
        return Kind.ROWS if items.schema.get("type") in ("string", "integer", "number") else Kind.JSON

    def items(self, schema: JSON, seen: frozenset[str]) -> _Resolved:
        items = schema.get("items")
        return self.resolve(items, seen) if isinstance(items, dict) else _Resolved({})

    def choices(self, schema: JSON, seen: frozenset[str]) -> Iterator[Choice]:
        """The values of `enum`, `const`, or of an `anyOf`/`oneOf` whose branches all are one or the other."""
        if "const" in schema:
            yield Choice(schema["const"], label_of(schema["const"]))
        elif isinstance(schema.get("enum"), list):
            yield from _unique(Choice(value, label_of(value)) for value in schema["enum"])
        else:
            branches = _list(schema.get("oneOf")) or _list(schema.get("anyOf"))
            resolved = [self.resolve(branch, seen) for branch in branches if isinstance(branch, dict)]
            found = [list(self.choices(branch.schema, branch.seen)) for branch in resolved]
            if found and all(found):
                yield from _unique(choice for choices in found for choice in choices)


def label_of(value: Any) -> str:
    """A value as it is called in a list of choices."""
    if value is None:
        return "none"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _only_branch(schema: JSON) -> tuple[JSON | None, bool]:
    """The one alternative there is beside null, and whether there is null."""
    all_of = _list(schema.get("allOf"))
    if len(all_of) == 1 and isinstance(all_of[0], dict):
        return all_of[0], False
    for key in ("anyOf", "oneOf"):
        branches = _list(schema.get(key))
        others = [branch for branch in branches if branch != NULL]
        if len(others) == 1 and isinstance(others[0], dict):
            return others[0], len(others) < len(branches)
    return None, False


def _hints(schema: JSON) -> JSON:
    metadata = schema.get("metadata")
    for holder in (schema, metadata if isinstance(metadata, dict) else {}):
        if isinstance(holder.get("x_oap_ui_config"), dict):
            return holder["x_oap_ui_config"]  # type: ignore[no-any-return]
    return {}


def _hinted_choices(schema: JSON, hints: JSON) -> tuple[Choice, ...]:
    if hints.get("type") != "select" or schema.get("type") in ("array", "object"):
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
