"""The kinds of value that a union allows: which one a value is, and what a value of another one begins with."""

from typing import Any

from playground.tui.forms.document import UNSET, same
from playground.tui.forms.fields import Field, Kind
from playground.tui.forms.text import TextError, fits, format_value, parse

TEXTS = frozenset((Kind.TEXT, Kind.PROMPT, Kind.INTEGER, Kind.NUMBER))


def variant_of(field: Field, value: Any) -> int | None:
    """Which variant of a union a value is: the one that says most about it; None if it fits none."""
    scores = [likeness(variant, value) for variant in field.variants]
    best = max(scores, default=0)
    return scores.index(best) if best else None


def likeness(field: Field, value: Any) -> int:
    """How much a value looks like one of this field; 0 if it can't be one. Bounds don't matter: it may be in the works.

    Pydantic tells the members of a union apart in much the same way (its smart mode): by exact types, and objects by
    how many of their fields are known.
    """
    if value is UNSET or not fits(field, value):
        return 0
    if value is None:
        return 1
    match field.kind:
        case Kind.JSON:
            return 1 if isinstance(value, _types_of(field)) else 0
        case Kind.INTEGER | Kind.NUMBER:
            return 3 if isinstance(value, int if field.kind is Kind.INTEGER else float) else 2
        case Kind.CHOICE:
            return 9 if any(same(choice.value, value) for choice in field.choices) else 0
        case Kind.LIST | Kind.MAP:
            return _likeness_of_items(field, value)
        case Kind.GROUP:
            return _likeness_of_group(field, value)
        case _:
            return 3


def start(field: Field) -> Any:
    """What a value of this field begins with: valid where the schema allows it, else the emptiest of its kind."""
    match field.kind:
        case Kind.TEXT | Kind.PROMPT:
            return ""
        case Kind.INTEGER | Kind.NUMBER:
            return _first_number(field)
        case Kind.BOOLEAN:
            return False
        case Kind.CHOICE:
            return field.choices[0].value
        case Kind.LIST | Kind.CHECKLIST:
            return []
        case Kind.MAP:
            return {}
        case Kind.GROUP:
            return {inner.path[-1]: inner.choices[0].value for inner in field.fields if is_tag(inner)}
        case _:
            return start(field.variants[0]) if field.variants else field.blank


def is_tag(field: Field) -> bool:
    """Whether a field can only have one value: it tells the members of a union apart."""
    return field.kind is Kind.CHOICE and len(field.choices) == 1


def converted(variant: Field, old: Field, value: Any) -> Any:
    """A value as another variant's: itself if it fits, what its text means, else what the variant begins with."""
    if likeness(variant, value):
        return value
    if variant.kind in TEXTS and old.kind in TEXTS and value not in (UNSET, None):
        try:
            read = parse(variant, format_value(old, value))
        except TextError:
            read = UNSET
        if likeness(variant, read):
            return read
    return start(variant)


def _likeness_of_items(field: Field, value: Any) -> int:
    rows = list(enumerate(value)) if isinstance(value, list) else list(value.items())
    found = [_likeness_at(field.item(key), row) for key, row in rows[:20]]
    return 1 + min(found) if found else 2


def _likeness_at(field: Field | None, value: Any) -> int:
    if field is None:
        return 1
    if field.variants:
        return max(likeness(variant, value) for variant in field.variants)
    return likeness(field, value)


def _likeness_of_group(field: Field, value: dict[str, Any]) -> int:
    inside = {str(inner.path[-1]): inner for inner in field.fields}
    tags = [name for name, inner in inside.items() if is_tag(inner) and name in value]
    if any(not same(value[name], inside[name].choices[0].value) for name in tags):
        return 0
    known = sum(1 for name in value if name in inside)
    missing = sum(1 for name, inner in inside.items() if inner.required and name not in value)
    return max(1, 100 * bool(tags) + 10 + known - (len(value) - known) - missing)


def _types_of(field: Field) -> type | tuple[type, ...]:
    return object if field.blank is None else type(field.blank)


def _first_number(field: Field) -> int | float:
    bounds, least = field.bounds, 0 if field.kind is Kind.INTEGER else 0.0
    step = field.step or 1
    if bounds.minimum is not None and bounds.minimum > 0:
        return _as_kind(field, bounds.minimum)
    if bounds.above is not None and bounds.above >= 0:
        return _as_kind(field, bounds.above + step)
    if bounds.maximum is not None and bounds.maximum < 0:
        return _as_kind(field, bounds.maximum)
    if bounds.below is not None and bounds.below <= 0:
        return _as_kind(field, bounds.below - step)
    return least


def _as_kind(field: Field, number: float) -> int | float:
    return int(number) if field.kind is Kind.INTEGER else float(number)
