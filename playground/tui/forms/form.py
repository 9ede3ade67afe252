"""A form: the fields of a schema laid over a document, as the screen lists them."""

from collections.abc import Iterable, Iterator, MutableMapping
from dataclasses import dataclass, replace
from typing import Any

from playground.tui.forms.document import UNSET, Path, get
from playground.tui.forms.fields import Field, Kind
from playground.tui.forms.text import fits, format_value, is_long
from playground.tui.forms.unions import variant_of


@dataclass(frozen=True, slots=True)
class Entry:
    """A field and what the document has for it. `default` is what holds while the value is `UNSET`."""

    field: Field
    value: Any
    default: Any
    depth: int = 0
    holder: Kind | None = None  # LIST or MAP: it is a row or a key of the user's, and can be removed

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


class Layout:
    """Lays fields over a document.

    `kept` remembers how each field is edited, so that it doesn't change while one types in it.
    """

    def __init__(self, document: Any, kept: MutableMapping[Path, Field]) -> None:
        self.document = document
        self._kept = kept

    def entries(self, fields: Iterable[Field], depth: int = 0, inherited: Any = UNSET) -> Iterator[Entry]:
        """The fields with their values, each before what is in it.

        `inherited` is the default of the group that the fields are in, while the group itself isn't set.
        """
        for field in fields:
            key = field.path[-1] if field.path else ""
            default = inherited.get(key, field.default) if isinstance(inherited, dict) else field.default
            yield from self.entry(field, get(self.document, field.path), default, depth)

    def entry(self, field: Field, value: Any, default: Any, depth: int, holder: Kind | None = None) -> Iterator[Entry]:
        """One field and what is in it."""
        shown = self._kept.get(field.path)
        if shown is None:
            shown = self._kept[field.path] = adapted(field, value, default)
        found = Entry(shown, value, default, depth, holder)
        yield found
        inner = UNSET if value is not UNSET and value is not None else default
        match shown.kind:
            case Kind.GROUP if _is_open(found):
                yield from self.entries(shown.fields, depth + 1, inner)
                yield from self.unknown(shown, depth + 1)
            case Kind.LIST:
                yield from self._rows(found, depth + 1)
            case Kind.MAP:
                yield from self._keys(found, depth + 1)
            case _:
                pass

    def unknown(self, group: Field, depth: int = 0) -> Iterator[Entry]:
        """The keys of a group that none of its fields has."""
        names = {field.path[-1] for field in group.fields}
        holder = get(self.document, group.path)
        for key, value in holder.items() if isinstance(holder, dict) else ():
            if key not in names:
                yield from self.extra(group, key, value, depth)

    def extra(self, group: Field, key: str, value: Any, depth: int) -> Iterator[Entry]:
        """A key that no field has: as the schema says of all others, else as JSON."""
        field = group.item(key) or Field((*group.path, key), Kind.JSON, key, known=False)
        yield from self.entry(field, value, UNSET, depth, Kind.MAP)

    def _rows(self, entry: Entry, depth: int) -> Iterator[Entry]:
        rows = entry.effective if isinstance(entry.effective, list) else []
        for index, row in enumerate(rows):
            field = entry.field.item(index)
            if field is not None:
                value, default = (row, UNSET) if entry.is_set else (UNSET, row)
                yield from self.entry(field, value, default, depth, Kind.LIST)

    def _keys(self, entry: Entry, depth: int) -> Iterator[Entry]:
        found = entry.effective if isinstance(entry.effective, dict) else {}
        for key, held in found.items():
            field = entry.field.item(key)
            if field is not None:
                value, default = (held, UNSET) if entry.is_set else (UNSET, held)
                yield from self.entry(field, value, default, depth, Kind.MAP)


def adapted(field: Field, value: Any, default: Any) -> Field:
    """The field as its value needs it: the union's variant, JSON for what doesn't fit, the big editor for long text."""
    shown = default if value is UNSET else value
    if field.variants:
        return variant_field(field, variant_of(field, shown) if shown not in (UNSET, None) else None, shown)
    if not fits(field, shown):
        return replace(field, kind=Kind.JSON, misfit=True)
    if field.kind is Kind.TEXT and isinstance(shown, str) and is_long(shown):
        return replace(field, kind=Kind.PROMPT)
    return field


def variant_field(union: Field, index: int | None, value: Any) -> Field:
    """A union as the variant its value has; without one, as JSON until the user picks one."""
    if index is None:
        fitting = value is UNSET or (value is None and union.nullable)
        return replace(union, misfit=not fitting)
    variant = union.variants[index]
    kind = Kind.PROMPT if variant.kind is Kind.TEXT and isinstance(value, str) and is_long(value) else variant.kind
    return replace(
        variant,
        kind=kind,
        label=union.label,
        description=union.description or variant.description,
        default=union.default,
        default_made=union.default_made,
        required=union.required,
        nullable=union.nullable,
        placeholder=union.placeholder or variant.placeholder,
        variants=union.variants,
        variant=index,
    )


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


def _is_open(group: Entry) -> bool:
    """Whether a group shows its fields: one that isn't there does if it always is, and unless it goes on for ever."""
    field = group.field
    return isinstance(group.effective, dict) or not (field.recursive or field.variants or field.nullable)
