"""Puts the problems of a document at the fields they belong to, and finds what only a field knows."""

import json

from playground.client.validation import Problem, where
from playground.tui.forms.document import Path
from playground.tui.forms.fields import Bounds, Field, Kind
from playground.tui.forms.form import Entry


def place(problems: list[Problem], fields: list[Field]) -> dict[Path, str]:
    """Each problem at the field it belongs to, the first one of each; deeper ones say where in the field."""
    paths = {field.path for field in fields}
    found: dict[Path, str] = {}
    for path, sentence in problems:
        at = next((path[:end] for end in range(len(path), 0, -1) if path[:end] in paths), ())
        inner = where(path[len(at) :])
        found.setdefault(at, f"{inner} {sentence}" if inner else sentence)
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


def _out_of(bounds: Bounds, value: float) -> str | None:
    if bounds.minimum is not None and value < bounds.minimum:
        return f"must be ≥ {bounds.minimum:g}"
    if bounds.maximum is not None and value > bounds.maximum:
        return f"must be ≤ {bounds.maximum:g}"
    return None
