"""Checks a document against its schema: a sentence for each field that isn't valid."""

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from playground.tui.forms.document import Path
from playground.tui.forms.fields import Bounds, Field, Kind
from playground.tui.forms.form import Entry
from playground.tui.forms.schema import label_of
from playground.tui.forms.text import summary

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

JSON = dict[str, Any]
Problem = tuple[tuple[str | int, ...], str]  # where in the document, and the sentence

TYPE_NAMES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}
LIMITS = {
    "minimum": "≥",
    "maximum": "≤",
    "exclusiveMinimum": ">",
    "exclusiveMaximum": "<",
    "multipleOf": "a multiple of",
}


class Checker:
    """Checks values against one JSON schema (draft 2020-12). References lead nowhere outside it: no network."""

    def __init__(self, schema: JSON | None, path: Path = ()) -> None:
        self._path = path
        self._schema = schema
        self._iter_errors: Callable[[Any], Iterator[ValidationError]] | None = None

    def problems(self, value: Any) -> list[Problem]:
        """What is wrong with `value`, which stands at this checker's path. An unusable schema finds nothing."""
        if not isinstance(self._schema, dict):
            return []
        if self._iter_errors is None:
            self._iter_errors = _validator(self._schema)
        try:
            found = [leaf for error in self._iter_errors(value) for leaf in _leaves(error)]
        except Exception:  # noqa: BLE001  a bad schema (its regex, its reference, its type) raises whatever it hits
            return []
        return [((*self._path, *place), sentence) for error in found for place, sentence in _sentences(error)]


def place(problems: list[Problem], fields: list[Field]) -> dict[Path, str]:
    """Each problem at the field it belongs to, the first one of each; deeper ones say where in the field."""
    paths = {field.path for field in fields}
    found: dict[Path, str] = {}
    for where, sentence in problems:
        at = next((where[:end] for end in range(len(where), 0, -1) if where[:end] in paths), ())
        inner = _inside(where[len(at) :])
        found.setdefault(at, f"{inner} {sentence}" if inner else sentence)  # type: ignore[arg-type]
    return found


def field_problem(entry: Entry) -> str | None:
    """What only the field knows: the range of a UI hint, and text that no encoding can carry."""
    value = entry.value
    if entry.field.kind in (Kind.NUMBER, Kind.INTEGER) and isinstance(value, (int, float)):
        problem = _out_of(entry.field.bounds, value)
        if problem:
            return problem
    if entry.field.kind is Kind.GROUP or not entry.is_set:
        return None
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return "has half of a surrogate pair, which can't be stored"
    return None


def _validator(schema: JSON) -> "Callable[[Any], Iterator[ValidationError]]":
    from jsonschema import Draft202012Validator
    from referencing import Registry

    return Draft202012Validator(schema, registry=Registry()).iter_errors


def _leaves(error: "ValidationError") -> Iterator["ValidationError"]:
    """The errors behind an `anyOf`: those of its only alternative beside null, else the error itself."""
    if error.validator in ("anyOf", "oneOf") and error.context:
        branches: dict[Any, list[ValidationError]] = {}
        for inner in error.context:
            branches.setdefault(inner.schema_path[0], []).append(inner)
        real = [errors for errors in branches.values() if not _wants_null(errors)]
        if len(real) == 1:
            for inner in real[0]:
                yield from _leaves(inner)
            return
    yield error


def _wants_null(errors: list["ValidationError"]) -> bool:
    return any(error.validator == "type" and error.validator_value == "null" for error in errors)


def _sentences(error: "ValidationError") -> Iterator[tuple[tuple[str | int, ...], str]]:
    where = tuple(error.absolute_path)
    instance: Any = error.instance
    schema: Any = error.schema
    want: Any = error.validator_value
    if error.validator == "required":
        # jsonschema makes one error for each missing key, and names it only in its message.
        missing = [key for key in want if key not in instance]
        named = [key for key in missing if error.message.startswith(repr(key))]
        for key in named or missing:
            yield (*where, key), "is required: it has no default"
    elif error.validator == "additionalProperties" and want is False:
        for key in instance:
            if key not in schema.get("properties", {}):
                yield (*where, key), "is not a field of this graph"
    else:
        yield where, _sentence(error)


def _sentence(error: "ValidationError") -> str:
    instance: Any = error.instance
    want: Any = error.validator_value
    match error.validator:
        case "type":
            names = [TYPE_NAMES.get(name, str(name)) for name in ([want] if isinstance(want, str) else want)]
            return f"must be {' or '.join(names)}"
        case "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf":
            return f"must be {LIMITS[error.validator]} {want:g}"
        case "enum":
            return f"must be one of: {summary(', '.join(map(label_of, want)), 80)}"
        case "const":
            return f"must be {summary(want)}"
        case "minLength" | "minItems" if want == 1:
            return "must not be empty"
        case "minLength":
            return f"must have at least {want} characters"
        case "maxLength":
            return f"must have at most {want} characters, has {len(instance)}"
        case "pattern":
            return f"must match {summary(want)}"
        case "minItems":
            return f"must have at least {want} entries"
        case "maxItems":
            return f"must have at most {want} entries"
        case "uniqueItems":
            return "must not have an entry twice"
        case "anyOf" | "oneOf":
            return "fits none of the forms it may have"
        case _:
            return f"isn't valid: {summary(error.message, 120)}"


def _out_of(bounds: Bounds, value: float) -> str | None:
    if bounds.minimum is not None and value < bounds.minimum:
        return f"must be ≥ {bounds.minimum:g}"
    if bounds.maximum is not None and value > bounds.maximum:
        return f"must be ≤ {bounds.maximum:g}"
    return None


def _inside(path: tuple[str | int, ...]) -> str:
    """`[2].name` for the rest of a path inside a field."""
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")
