"""A field's value ⇄ the text one edits: `parse(field, format_value(field, value))` is the value, if it fits."""

import json
import math
import re
from typing import Any

from playground.client.json_faults import json_fault
from playground.tui.forms.document import UNSET, same
from playground.tui.forms.fields import Field, Kind

# What a terminal acts on or a text area loses: controls, Unicode's line separators, bidi overrides, lone surrogates.
UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
WHOLE = re.compile(r"[+-]?[0-9]{1,4000}")  # Python refuses to read longer ones


class TextError(ValueError):
    """The text says no value of its field; `str()` is the sentence shown at the field."""


def fits(field: Field, value: Any) -> bool:
    """Whether the field's own editor can show and keep `value`; else it is edited as JSON. Bounds don't matter here."""
    if value is UNSET or field.kind in (Kind.JSON, Kind.SECRET):
        return True
    if value is None and field.kind is not Kind.CHOICE:
        return field.nullable
    match field.kind:
        case Kind.TEXT | Kind.PROMPT:
            return isinstance(value, str) and editable(value)
        case Kind.INTEGER | Kind.NUMBER:
            return _is_number(value)
        case Kind.BOOLEAN:
            return isinstance(value, bool)
        case Kind.CHOICE:
            return not isinstance(value, (dict, list))
        case Kind.CHECKLIST:
            return isinstance(value, list) and _is_selection(field, value)
        case Kind.LIST:
            return isinstance(value, list)
        case Kind.GROUP | Kind.MAP:
            return isinstance(value, dict)


def editable(text: str) -> bool:
    """Whether a text area shows this text as it is and gives it back unchanged: no controls, one kind of line end."""
    if UNSAFE.search(text):
        return False
    other = text.replace("\r\n", "")
    return "\r" not in other and not ("\n" in other and len(other) < len(text))


def is_long(text: str) -> bool:
    """Whether a text needs more than one line of an input."""
    return len(text) > 100 or "\n" in text or "\t" in text


def format_value(field: Field, value: Any) -> str:
    """The text for a value that fits the field; null and no value are empty, and so is a secret."""
    if field.kind is Kind.SECRET:
        return ""
    if field.kind is Kind.JSON:
        return "" if value is UNSET else to_json(value)
    if value is UNSET or value is None:
        return ""
    return value if isinstance(value, str) else to_json(value)


def parse(field: Field, text: str) -> Any:
    """The value that a text means; `UNSET` for an empty one that means no value.

    Raises TextError.
    """
    match field.kind:
        case Kind.TEXT | Kind.PROMPT:
            return text
        case Kind.INTEGER | Kind.NUMBER:
            return _parse_number(text.strip(), field.kind) if text.strip() else emptied(field)
        case _:
            return from_json(text) if text.strip() else UNSET


def emptied(field: Field) -> Any:
    """What clearing a field means: null where the schema allows it and it isn't the default anyway, else no value."""
    return None if field.nullable and field.default is not None else UNSET


def to_json(value: Any, indent: int | None = 2) -> str:
    """A value as readable JSON; characters that would act on the terminal are escaped."""
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    return UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def from_json(text: str) -> Any:
    """The value of a JSON text. Raises TextError with the place of the mistake."""
    try:
        return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_unique_keys)
    except json.JSONDecodeError as error:
        raise TextError(f"is not JSON: {json_fault(error)} (line {error.lineno}, column {error.colno})") from None
    except RecursionError:
        raise TextError("is nested too deeply") from None
    except TextError:
        raise
    except ValueError:  # a whole number of more than 4,300 digits
        raise TextError("has a number that is too long") from None


def summary(value: Any, width: int = 60) -> str:
    """A value in one short line."""
    text = value if isinstance(value, str) and editable(value) else to_json(value, indent=None)
    line = " ".join(text[: 4 * width].split())
    return line if len(line) <= width else line[: width - 1] + "…"


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _is_selection(field: Field, values: list[Any]) -> bool:
    known = all(any(same(value, choice.value) for choice in field.choices) for value in values)
    return known and not any(same(left, right) for at, left in enumerate(values) for right in values[:at])


def _parse_number(text: str, kind: Kind) -> int | float:
    if WHOLE.fullmatch(text):
        return int(text)
    try:
        number = float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise TextError("must be a whole number" if kind is Kind.INTEGER else "must be a number")
    return number


def _refuse_constant(name: str) -> Any:
    raise TextError(f"is not JSON: {name} is not a JSON number")


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise TextError(f"has the key {summary(key)!r} twice")
        found[key] = value
    return found
