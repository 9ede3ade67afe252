"""A field of a form as lines of text: the mark, the name, the value, and what is wrong with it. Pure."""

import textwrap
from dataclasses import dataclass
from typing import Final

from textual.content import Content

from playground.client.secret_values import MASK
from playground.tui.forms.document import UNSET, Path, same
from playground.tui.forms.fields import HOLDERS, Field, Kind
from playground.tui.forms.form import Entry
from playground.tui.forms.text import summary
from playground.tui.text import MUTED, count, join, one_line, safe

GUTTER: Final = 4
"""Cells before a field's name: the cursor, a space, the mark, a space."""
GAP: Final = 2
"""Cells between the name and the value."""
NUMBER_WIDTH: Final = 11
CHOOSE: Final = "choose"


@dataclass(frozen=True, slots=True)
class FieldState:
    """What a row shows. `text` is what was typed, where it can't be read as a value."""

    entry: Entry
    changed: bool = False
    problem: str | None = None
    text: str | None = None
    folded: bool | None = None  # None: there is nothing below it to fold

    @property
    def path(self) -> Path:
        return self.entry.field.path

    @property
    def kind(self) -> Kind:
        return self.entry.field.kind

    @property
    def is_inline(self) -> bool:
        """Whether it is typed into its row."""
        return self.kind in (Kind.TEXT, Kind.INTEGER, Kind.NUMBER)

    @property
    def is_big(self) -> bool:
        """Whether it is edited in the big editor."""
        return self.kind is Kind.PROMPT or (self.kind is Kind.JSON and not self.wants_kind)

    @property
    def wants_kind(self) -> bool:
        """Whether it is a union without a value: first one says which kind it shall have."""
        field = self.entry.field
        return bool(field.variants) and field.variant is None and not field.misfit and self.text is None

    @property
    def is_number(self) -> bool:
        """Whether it can be stepped."""
        return self.kind in (Kind.INTEGER, Kind.NUMBER)

    @property
    def has_boxes(self) -> bool:
        """Whether it is ticked."""
        return self.kind in (Kind.CHECKLIST, Kind.BOOLEAN)

    @property
    def tag(self) -> str:
        """The word at the end of the row: where the value comes from, else what it is."""
        entry, field = self.entry, self.entry.field
        if field.kind is Kind.SECRET:
            return "secret"
        if self.text is None and not entry.is_set:
            return _origin(entry)
        if self.text is None and entry.value == "" and self.is_inline:
            return "empty"
        if field.variant is not None and field.kind is not Kind.GROUP:
            return one_line(field.variants[field.variant].label, 16)
        return "prompt" if field.is_prompt else "json" if self.kind is Kind.JSON else ""


def boxes_of(entry: Entry) -> list[tuple[str, bool]]:
    """The boxes of a checklist or a boolean: the label, and whether it is ticked."""
    value = entry.effective
    if entry.field.kind is Kind.BOOLEAN:
        return [("yes" if value is True else "no" if value is False else "none", value is True)]
    chosen = value if isinstance(value, list) else []
    return [(choice.label, any(same(choice.value, one) for one in chosen)) for choice in entry.field.choices]


def _origin(entry: Entry) -> str:
    """Where a value that isn't set comes from."""
    if entry.default is not UNSET:
        return "" if entry.holder else "default"
    if entry.field.required:
        return "required"
    return "by code" if entry.field.default_made else "not set"


def value_text(state: FieldState) -> str:
    """The value on one line."""
    value, field = state.entry.effective, state.entry.field
    if state.text is not None:
        return one_line(state.text)
    if field.kind is Kind.SECRET:
        return MASK if state.entry.is_set and value is not None else "not kept here"
    if state.wants_kind:
        return "" if value is UNSET else "none"
    if value is UNSET:
        return ""
    if field.kind in HOLDERS and value is not None:
        return _inner_text(field, value, bool(state.folded))
    if field.kind is Kind.CHOICE:
        labels = [choice.label for choice in field.choices if same(choice.value, value)]
        return one_line(labels[0]) if labels else summary(value)
    if value is None:
        return "none"
    return summary(value, 200)


def _inner_text(field: Field, value: object, folded: bool) -> str:
    """What a list, a map or a group holds: how much, and what of it while it is folded."""
    if isinstance(value, list):
        shown = ", ".join(summary(row, 40) for row in value[:9] if not isinstance(row, (dict, list)))
        return (shown if folded and shown else count(len(value), "entry", "entries")) if value else "empty"
    if not isinstance(value, dict):
        return ""
    if field.kind is Kind.GROUP and not folded:
        return one_line(field.variants[field.variant].label, 30) if field.variant is not None else ""
    if not folded:
        return count(len(value), "key") if value else "empty"
    hidden = {inner.path[-1] for inner in field.fields if inner.kind is Kind.SECRET}
    parts = [f"{one_line(key, 20)}: {_short(held)}" for key, held in value.items() if key not in hidden]
    return ", ".join(parts[:6]) or "empty"


def _short(value: object) -> str:
    """A value inside another; what is nested may hold secrets, and stays closed."""
    return "…" if isinstance(value, (dict, list)) else summary(value, 30)


def row_lines(state: FieldState, label_width: int, width: int, *, cursor: bool = False, box: int = 0) -> list[Content]:
    """The row, `width` cells wide; `box` is the one that Space ticks."""
    start = GUTTER + label_width + GAP
    room = max(8, width - start - 1)
    values = _box_lines(state, room, box if cursor else None) if _ticked(state) else [_value_line(state, room)]
    first, *more = [join(Content(" " * start), line) for line in values]
    lines = [join(_head(state, label_width, cursor), first[start:]), *more]
    if state.problem:
        indent = " " * (GUTTER + 2 + 2 * min(state.entry.depth, 5))
        wrapped = textwrap.wrap(one_line(state.problem, 300), max(10, width - len(indent) - 2)) or [""]
        lines += [safe(f"{indent}{'  ' if at else '✘ '}{part}", "$text-error") for at, part in enumerate(wrapped)]
    return lines


def row_height(state: FieldState, label_width: int, width: int) -> int:
    """How many lines `row_lines` makes: nearly always one, without making it."""
    if not state.problem and not _ticked(state):
        return 1
    return len(row_lines(state, label_width, width))


def box_places(entry: Entry, room: int) -> list[tuple[int, int, int]]:
    """Where each box is, from the value's left edge: line, first cell, cell behind it."""
    found, line, at = [], 0, 0
    for label, _ in boxes_of(entry):
        size = 4 + safe(one_line(label, 40)).cell_length
        if at and at + size > room:
            line, at = line + 1, 0
        found.append((line, at, at + size))
        at += size + 2
    return found


def label_length(state: FieldState) -> int:
    """Cells that a field's name takes."""
    return _indent(state) + safe(one_line(state.entry.field.label, 40)).cell_length


def _indent(state: FieldState) -> int:
    return 2 * state.entry.depth + 2 * (state.folded is not None)


def _head(state: FieldState, label_width: int, cursor: bool) -> Content:
    mark = ("✘", "$text-error") if state.problem else ("~", "$text-warning") if state.changed else (" ", "")
    fold = "" if state.folded is None else "▸ " if state.folded else "▾ "
    bold = "bold" * (state.kind in HOLDERS and state.entry.is_set)
    is_row = isinstance(state.path[-1], int)
    name = join(
        "  " * state.entry.depth,
        safe(fold, MUTED),
        safe(one_line(state.entry.field.label, 40) or '""', MUTED if is_row and not bold else bold),
    )
    name = name.truncate(label_width, ellipsis=True)
    return join(
        safe("▌ " if cursor else "  ", "$accent"),
        safe(f"{mark[0]} ", mark[1]),
        name.pad_right(label_width - name.cell_length + GAP),
    )


def _ticked(state: FieldState) -> bool:
    return state.has_boxes and state.text is None and bool(boxes_of(state.entry))


def _value_line(state: FieldState, room: int) -> Content:
    tag = state.tag
    free = max(4, room - len(tag) - 1) if tag else room
    style = "" if state.entry.is_set or state.text is not None else MUTED
    text = value_text(state)
    if state.kind is Kind.CHOICE or state.wants_kind:
        label = safe(f" {text or state.entry.field.placeholder or CHOOSE} ", style).truncate(free - 2, ellipsis=True)
        value = join(label, safe("▾ ", MUTED)).stylize("on $boost")
    elif state.is_inline:
        wide = free if state.kind is Kind.TEXT else min(free, NUMBER_WIDTH)
        shown = (
            safe(f" {text}", style) if text else safe(f" {one_line(state.entry.field.placeholder)}", f"{MUTED} italic")
        )
        box = shown.truncate(wide, ellipsis=True, pad=True).stylize("on $boost")
        bounds = f"  {state.entry.field.bounds}"
        value = join(box, safe(bounds if wide + len(bounds) <= free else "", MUTED))
    else:
        value = safe(f" {text}", MUTED).truncate(free, ellipsis=True)
    return join(value, safe(tag.rjust(max(0, room - value.cell_length)), MUTED))


def _box_lines(state: FieldState, room: int, here: int | None) -> list[Content]:
    boxes, muted = boxes_of(state.entry), "" if state.entry.is_set else MUTED
    lines: list[list[Content]] = []
    for at, (line, _, _) in enumerate(box_places(state.entry, room)):
        label, ticked = boxes[at]
        tick = safe("[✔]" if ticked else "[ ]", "$text-success" if ticked else MUTED)
        name = safe(one_line(label, 40), "underline" if at == here and len(boxes) > 1 else muted)
        if len(lines) <= line:
            lines.append([])
        lines[line].append(join(tick, " ", name))
    shown = [Content("  ").join(line) for line in lines]
    free = room - shown[0].cell_length
    if state.tag and free > len(state.tag):
        shown[0] = join(shown[0], safe(state.tag.rjust(free), MUTED))
    return shown
