"""What a value may be: a kind of its union, empty, none, or not there at all. Pure."""

from dataclasses import dataclass
from typing import Any, Final

from playground.tui.forms.document import UNSET
from playground.tui.forms.editing import Editing
from playground.tui.forms.fields import Kind
from playground.tui.forms.form import Entry
from playground.tui.forms.text import summary
from playground.tui.forms.unions import start

EMPTY: Final = {
    Kind.TEXT: "empty",
    Kind.PROMPT: "empty",
    Kind.LIST: "empty",
    Kind.CHECKLIST: "none of them",
    Kind.MAP: "empty",
    Kind.GROUP: "there",
}


@dataclass(frozen=True, slots=True)
class Option:
    """One of them, as a menu offers it. Choosing a variant keeps the value where it fits."""

    label: str
    description: str = ""
    variant: int | None = None
    value: Any = UNSET
    current: bool = False


def options(entry: Entry) -> list[Option]:
    """What the value of a field may be; one or none means that there is nothing to choose."""
    field, value = entry.field, entry.value
    if field.kind is Kind.SECRET and not field.variants:
        return []
    found = [
        Option(one.label, one.description, index, current=entry.is_set and field.variant == index)
        for index, one in enumerate(field.variants)
    ]
    if not found and field.kind in EMPTY:
        empty = start(field)
        about = "with what its fields have by themselves" if field.kind is Kind.GROUP else "a value, with nothing in it"
        found.append(Option(EMPTY[field.kind], about, value=empty, current=value == empty))
    if field.nullable:
        found.append(Option("none", "the value null", value=None, current=value is None))
    if entry.holder is None:
        found.append(Option("not set", _otherwise(entry), value=UNSET, current=value is UNSET))
    return found


def choose(editing: Editing, entry: Entry, option: Option) -> None:
    """Make the field's value what was chosen."""
    if option.variant is not None:
        editing.choose_variant(entry.field.path, option.variant)
    else:
        editing.assign(entry.field.path, option.value)


def _otherwise(entry: Entry) -> str:
    """What holds while there is no value."""
    if entry.default is not UNSET:
        return f"the default holds: {summary(entry.default, 40)}"
    return "it is required" if entry.field.required else "the graph's code decides"
