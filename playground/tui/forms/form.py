"""A form: the fields of a schema laid over a document, as the screen lists them."""

from collections.abc import Iterable, Iterator, MutableMapping
from dataclasses import dataclass, replace
from typing import Any

from playground.tui.forms.document import UNSET, Path, get
from playground.tui.forms.fields import Field, Kind
from playground.tui.forms.text import fits, format_value, is_long


@dataclass(frozen=True, slots=True)
class Entry:
    """A field and what the document has for it. `default` is what holds while the value is `UNSET`."""

    field: Field
    value: Any
    default: Any
    depth: int = 0

    @property
    def is_set(self) -> bool:
        return self.value is not UNSET

    @property
    def effective(self) -> Any:
        """What a run would get."""
        return self.value if self.is_set else self.default

    @property
    def text(self) -> str:
        """What an editor begins with: the value, else the default."""
        return format_value(self.field, self.effective)


@dataclass(frozen=True, slots=True)
class Section:
    """Entries under one heading: those of the same graph nodes, or of the same part of the document."""

    title: str
    entries: tuple[Entry, ...]


def entries(
    fields: Iterable[Field],
    document: Any,
    kept: MutableMapping[Path, Field],
    depth: int = 0,
    inherited: Any = UNSET,
) -> Iterator[Entry]:
    """The fields with their values, groups before what is in them, keys that the schema doesn't have last.

    `kept` remembers how each field is edited, so that it doesn't change while one types in it. `inherited` is the
    default of the group that the fields are in, while the group itself isn't set.
    """
    for field in fields:
        default = inherited.get(field.path[-1], field.default) if isinstance(inherited, dict) else field.default
        value = get(document, field.path)
        shown = kept.setdefault(field.path, adapted(field, value, default))
        yield Entry(shown, value, default, depth)
        if shown.kind is Kind.GROUP:
            yield from entries(field.fields, document, kept, depth + 1, UNSET if isinstance(value, dict) else default)
            yield from unknown(field.fields, document, field.path, depth + 1)


def unknown(fields: Iterable[Field], document: Any, path: Path, depth: int = 0) -> Iterator[Entry]:
    """The keys of the object at `path` that no field has, as JSON."""
    names = {field.path[-1] for field in fields}
    holder = get(document, path)
    for key, value in holder.items() if isinstance(holder, dict) else ():
        if key not in names:
            yield Entry(Field((*path, key), Kind.JSON, key, known=False), value, UNSET, depth)


def adapted(field: Field, value: Any, default: Any) -> Field:
    """The field as its value needs it: JSON for one that doesn't fit, the big editor for a long text."""
    if not fits(field, value) or (value is UNSET and not fits(field, default)):
        return replace(field, kind=Kind.JSON, misfit=True)
    shown = default if value is UNSET else value
    if field.kind is Kind.TEXT and isinstance(shown, str) and is_long(shown):
        return replace(field, kind=Kind.PROMPT)
    return field


def by_node(found: Iterable[Entry], other: str) -> list[Section]:
    """Sections in the order of the fields; what no node names comes last, under `other`. Groups stay together."""
    groups: dict[str, list[Entry]] = {}
    title = other
    for entry in found:
        if entry.depth == 0:
            title = ", ".join(entry.field.nodes) or other
        groups.setdefault(title, []).append(entry)
    last = groups.pop(other, None)
    return [Section(title, tuple(rows)) for title, rows in [*groups.items(), *([(other, last)] if last else [])]]


def seeds(fields: Iterable[Field]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """What a group that isn't set begins with when one of its fields is: its own default."""
    for field in fields:
        if isinstance(field.default, dict):
            yield field.path, field.default
        yield from seeds(field.fields)
