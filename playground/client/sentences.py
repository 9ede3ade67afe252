"""What a JSON schema wants of a value, in words. Pure.

A sentence goes on from a field's name: `must be ≤ 2`. It never quotes the value, but where it speaks of one that was
saved (`now`), and there it is short, and never a secret.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from playground.client.formats import NAMES as FORMATS
from playground.client.secret_values import is_secret, without_secrets

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

JSON = dict[str, Any]
Path = tuple[str | int, ...]
Problem = tuple[Path, str]  # where in the value, and the sentence

TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}
LIMITS: dict[Any, str] = {"minimum": "≥", "maximum": "≤", "exclusiveMinimum": ">", "exclusiveMaximum": "<"}
_HOPS = 30  # references that are followed: a schema may refer to itself
_HARMFUL = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")  # to a terminal, or to a line


def problems_of(error: "ValidationError", root: JSON, now: bool) -> Iterator[Problem]:
    """An error of jsonschema as sentences at their places; `now`: the value was saved under another schema."""
    if error.validator in ("anyOf", "oneOf"):
        yield from _of_union(error, root, now)
        return
    place, value, want = tuple(error.absolute_path), error.instance, error.validator_value
    match error.validator:
        case "required":
            # jsonschema makes one error for each missing key, and names it only in its message.
            missing = [key for key in _list(want) if key not in _dict(value)]
            for key in [key for key in missing if error.message.startswith(repr(key))] or missing:
                # Never "now": who saved nothing may have done so when it was required already.
                yield (*place, key), "is required: it has no default"
        case "dependentRequired":
            for key, needed in _dict(want).items():
                for other in [other for other in _list(needed) if key in _dict(value) and other not in _dict(value)]:
                    yield (*place, other), f"is required where {shown(key)} is set"
        case "additionalProperties" | "unevaluatedProperties" if want is False:
            for key in _extra(_dict(value), _dict(error.schema)) or [None]:
                at = place if key is None else (*place, key)
                what = "is no longer a field of this graph" if now else "is not a field of this graph"
                yield at, what if key is not None else "has a field that this graph doesn't have"
        case _ if "propertyNames" in error.absolute_schema_path:
            yield place, f"has the key {shown(value)}, which {_sentence(error, root, now=False)}"
        case _:
            yield place, _sentence(error, root, now)


def extra_keys(value: Any, root: JSON) -> list[Path]:
    """Keys that no field of the schema has. A schema lets them pass; a graph doesn't use them, or fails on them."""
    found = list[Path]()
    for place, inner, schema in _walk(value, root, root, (), 0):
        properties = _dict(schema.get("properties"))
        closed = any(key in schema for key in ("additionalProperties", "patternProperties", "unevaluatedProperties"))
        if isinstance(inner, dict) and properties and not closed:
            found += [(*place, key) for key in inner if key not in properties]
    return found


def secret_places(value: Any, root: JSON) -> list[Path]:
    """Where a value stands that the schema says is a secret."""
    return [place for place, inner, schema in _walk(value, root, root, (), 0) if is_secret(schema) and inner]


def shown(value: Any, width: int = 40) -> str:
    """A value in one short line, as JSON has it; nothing that a terminal would act on."""
    cut = value[: width + 1] if isinstance(value, str) else value
    return _short(_HARMFUL.sub(_escape, json.dumps(cut, ensure_ascii=False, default=str)), width)


def listed(values: Iterable[Any], width: int = 80) -> str:
    """Values that one can choose from, texts without quotes."""
    names = ["none" if value is None else value if isinstance(value, str) else shown(value) for value in values]
    return _short(_HARMFUL.sub(_escape, ", ".join(names)), width)


def _of_union(error: "ValidationError", root: JSON, now: bool) -> Iterator[Problem]:
    """What is wrong with the alternative that was meant, as far as one can tell which; else what there is."""
    branches: dict[Any, list[ValidationError]] = {}
    for inner in error.context or ():
        branches.setdefault(inner.schema_path[0], []).append(inner)
    place, value = tuple(error.absolute_path), error.instance
    if not branches:
        yield place, "fits more than one of the forms it may have" + (" now" if now else "")
        return
    schemas = {index: resolve(root, _list(error.validator_value)[index]) for index in branches}
    real = [index for index in branches if schemas[index].get("type") != "null"]
    tag = _tag(error.schema, [schemas[index] for index in real])
    if tag is not None and isinstance(value, dict) and len(real) > 1:
        kinds = {index: _constants(resolve(root, _dict(schemas[index].get("properties")).get(tag))) for index in real}
        meant = [index for index in real if value.get(tag) in kinds[index]]
        if not meant:
            names = listed(kind for kinds_ in kinds.values() for kind in kinds_)
            said = f"must be one of: {names}" if tag in value else f"is required, one of: {names}"
            if now and tag in value:
                said = f"{shown(value[tag])} is no longer one of: {names}"
            yield (*place, tag), said
            return
    else:
        meant = [index for index in real if not any(_is_of_another_type(inner) for inner in branches[index])]
        if len(real) == 1:
            meant = real
    if len(meant) == 1:
        for inner in branches[meant[0]]:
            yield from problems_of(inner, root, now)
        return
    yield place, _none_fits(error, [schemas[index] for index in real or branches], now)


def _none_fits(error: "ValidationError", schemas: list[JSON], now: bool) -> str:
    constants = [_constants(schema) for schema in schemas]
    if all(constants):
        return _one_of(error, [value for values in constants for value in values], now)
    kinds = list(dict.fromkeys(_kind(schema) for schema in schemas))
    wanted = _short(f"must be {either(kinds)}", 120) if len(kinds) > 1 else "fits none of the forms it may have"
    return _changed(error, wanted) if now else wanted


def _is_of_another_type(error: "ValidationError") -> bool:
    """Whether the value isn't even of the alternative's type, or is none of its constants."""
    return not error.path and error.validator in ("type", "const", "enum")


def _tag(schema: Any, branches: list[JSON]) -> str | None:
    """The key whose value says which of several objects is meant: a discriminator, or what works as one."""
    name = _dict(_dict(schema).get("discriminator")).get("propertyName")
    if isinstance(name, str):
        return name
    shared = set.intersection(*({*_dict(one.get("properties"))} for one in branches)) if branches else set()
    kinds = {key: [_constants(_dict(one["properties"][key])) for one in branches] for key in shared}
    return min((key for key, found in kinds.items() if all(found) and _all_differ(found)), default=None)


def _all_differ(groups: list[list[Any]]) -> bool:
    texts = [shown(value) for group in groups for value in group]
    return len(set(texts)) == len(texts)


def _kind(schema: JSON) -> str:
    if isinstance(schema.get("title"), str) and schema.get("type") == "object":
        return _short(_HARMFUL.sub(_escape, schema["title"]), 40)
    if schema.get("format") in FORMATS:
        return FORMATS[schema["format"]]
    if constants := _constants(schema):
        return listed(constants)
    return _type(schema.get("type"))


def _sentence(error: "ValidationError", root: JSON, now: bool) -> str:
    want: Any = error.validator_value
    if error.validator in ("enum", "const"):
        return _one_of(error, want if error.validator == "enum" else [want], now)
    wanted = _wanted(error, root)
    return _changed(error, wanted) if now else wanted


def _wanted(error: "ValidationError", root: JSON) -> str:
    value: Any = error.instance
    want: Any = error.validator_value
    schema = _dict(error.schema)
    match error.validator or "false":  # None is of the schema `false`
        case "type":
            return f"must be {_type(want)}"
        case "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum":
            return f"must be {LIMITS[error.validator]} {_number(want)}"
        case "multipleOf":
            return f"must be a multiple of {_number(want)}"
        case "format":
            return f"must be {FORMATS.get(want, want)}"
        case "pattern":
            return f"must match {listed([want])}"
        case "minLength" | "minItems" | "minProperties" if want == 1:
            return "must not be empty"
        case "minItems" | "maxItems" if schema.get("minItems") == schema.get("maxItems"):
            return f"must have {_count(want, 'entry', 'entries')}"
        case "minLength":
            return f"must have at least {_count(want, 'character')}"
        case "maxLength":
            return f"must have at most {_count(want, 'character')}, has {len(value):,}"
        case "minItems" | "minProperties":
            return f"must have at least {_count(want, 'entry', 'entries')}"
        case "maxItems" | "maxProperties":
            return f"must have at most {_count(want, 'entry', 'entries')}"
        case "items" | "unevaluatedItems" if want is False:
            return f"must have at most {_count(len(_list(schema.get('prefixItems'))), 'entry', 'entries')}"
        case "uniqueItems":
            return "must not have an entry twice"
        case "contains":
            return f"must have at least {schema.get('minContains', 1)} {_entries_that_are(schema, root)}"
        case "minContains":
            return f"must have at least {want} {_entries_that_are(schema, root)}"
        case "maxContains":
            return f"must have at most {want} {_entries_that_are(schema, root)}"
        case "not":
            return f"must not be {_kind(resolve(root, want))}"
        case "false":
            return "has a value where there must be none"
        case _:
            return "isn't what the graph's schema wants"


def _entries_that_are(schema: JSON, root: JSON) -> str:
    return f"of its entries be {_kind(resolve(root, schema.get('contains')))}"


def _changed(error: "ValidationError", wanted: str) -> str:
    """As `wanted`, of a value that was saved: with the value, if it may be shown."""
    value: Any = error.instance
    want: Any = error.validator_value
    if error.validator in ("minLength", "maxLength"):
        return f"{wanted.partition(',')[0]} now, has {len(value):,}"
    if _is_hidden(error):
        return f"{wanted} now"
    match error.validator:
        case "minimum" | "exclusiveMinimum" if value < want:
            return f"{_number(value)} is less than the {_number(want)} it must be now"
        case "maximum" | "exclusiveMaximum" if value > want:
            return f"{_number(value)} is more than the {_number(want)} it may be now"
    return f"{wanted} now, but is {shown(value)}"


def _is_hidden(error: "ValidationError") -> bool:
    """Whether a saved value isn't to be quoted: it is long, or a secret by its schema, its name or its look."""
    if isinstance(error.instance, (dict, list)):
        return True
    name = next((part for part in reversed(error.absolute_path) if isinstance(part, str)), "")
    about = {"properties": {name: _dict(error.schema)}}
    return without_secrets({name: error.instance}, about) != ({name: error.instance}, [])


def _one_of(error: "ValidationError", values: list[Any], now: bool) -> str:
    names = listed(values)
    if not now:
        return f"must be one of: {names}" if len(values) > 1 else f"must be {names}"
    what = "is" if _is_hidden(error) else f"{shown(error.instance)} is"
    return f"{what} no longer one of: {names}" if len(values) > 1 else f"{what} no longer {names}"


def resolve(root: JSON, schema: Any) -> JSON:
    """A schema without `$ref`s that lead into the same document, and without a lone `allOf`."""
    for _ in range(_HOPS):
        found = _dict(schema)
        alone = _list(found.get("allOf"))
        if len(alone) == 1:
            schema = {**{key: value for key, value in found.items() if key != "allOf"}, **_dict(alone[0])}
            continue
        ref = found.get("$ref")
        if not isinstance(ref, str) or not ref.startswith("#"):
            return found
        target: Any = root
        for part in ref.split("/")[1:]:
            target = _dict(target).get(part.replace("~1", "/").replace("~0", "~"))
        schema = {**_dict(target), **{key: value for key, value in found.items() if key != "$ref"}}
    return {}


def _walk(value: Any, schema: Any, root: JSON, place: Path, depth: int) -> Iterator[tuple[Path, Any, JSON]]:
    """A value and what is in it, each with its place and its schema, as far as there is one that is meant."""
    if depth > _HOPS:
        return
    found = _only(resolve(root, schema), root)
    yield place, value, found
    if isinstance(value, list) and isinstance(found.get("items"), dict):
        for at, entry in enumerate(value):
            yield from _walk(entry, found["items"], root, (*place, at), depth + 1)
    properties = _dict(found.get("properties"))
    for key in value if isinstance(value, dict) else ():
        if key in properties:
            yield from _walk(value[key], properties[key], root, (*place, key), depth + 1)


def _only(schema: JSON, root: JSON) -> JSON:
    """The one alternative beside null, with what is said of its values beside it."""
    beside: JSON = {key: schema[key] for key in ("format", "writeOnly") if key in schema}
    for key in ("anyOf", "oneOf"):
        branches = [resolve(root, branch) for branch in _list(schema.get(key))]
        real = [branch for branch in branches if branch.get("type") != "null"]
        if branches:
            return {**beside, **real[0]} if len(real) == 1 else beside
    return schema


def _extra(value: JSON, schema: JSON) -> list[Any]:
    patterns = _dict(schema.get("patternProperties"))
    known = _dict(schema.get("properties"))
    return [key for key in value if key not in known and not any(re.search(pattern, key) for pattern in patterns)]


def _constants(schema: JSON) -> list[Any]:
    return [schema["const"]] if "const" in schema else _list(schema.get("enum"))


def either(names: list[str]) -> str:
    """`a, b or c`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _type(want: Any) -> str:
    names = [want] if isinstance(want, str) else _list(want)
    return either([TYPES.get(name, str(name)) for name in names] or ["something else"])


def _number(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _count(number: Any, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def _short(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _escape(match: "re.Match[str]") -> str:
    return f"\\u{ord(match[0]):04x}"


def _dict(value: Any) -> JSON:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
