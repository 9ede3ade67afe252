"""A field of a form as lines of text: the mark, the name, the value, and what is wrong with it. Pure."""

import textwrap
from dataclasses import dataclass
from typing import Final

from textual.content import Content

from playground.tui.forms.document import UNSET, Path, same
from playground.tui.forms.fields import Kind
from playground.tui.forms.form import Entry
from playground.tui.forms.text import summary
from playground.tui.text import MUTED, join, one_line, safe

GUTTER: Final = 4
"""Cells before a field's name: the cursor, a space, the mark, a space."""
GAP: Final = 2
"""Cells between the name and the value."""
NUMBER_WIDTH: Final = 11


@dataclass(frozen=True, slots=True)
class FieldState:
    """What a row shows. `text` is what was typed, where it can't be read as a value."""

    entry: Entry
    changed: bool = False
    problem: str | None = None
    text: str | None = None

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
        return self.kind in (Kind.PROMPT, Kind.JSON)

    @property
    def has_boxes(self) -> bool:
        """Whether it is ticked."""
        return self.kind in (Kind.CHECKLIST, Kind.BOOLEAN)

    @property
    def tag(self) -> str:
        """The word at the end of the row: where the value comes from, else what it is."""
        entry = self.entry
        if self.text is None and not entry.is_set and self.kind is not Kind.GROUP:
            return "not set" if entry.default is UNSET else "default"
        return "prompt" if entry.field.is_prompt else "json" if self.kind is Kind.JSON else ""


def boxes_of(entry: Entry) -> list[tuple[str, bool]]:
    """The boxes of a checklist or a boolean: the label, and whether it is ticked."""
    value = entry.effective
    if entry.field.kind is Kind.BOOLEAN:
        return [("yes" if value is True else "no" if value is False else "none", value is True)]
    chosen = value if isinstance(value, list) else []
    return [(choice.label, any(same(choice.value, one) for one in chosen)) for choice in entry.field.choices]


def value_text(state: FieldState) -> str:
    """The value on one line."""
    value, field = state.entry.effective, state.entry.field
    if state.text is not None:
        return one_line(state.text)
    if value is UNSET or (value is None and field.kind is Kind.GROUP):
        return ""
    if field.kind is Kind.CHOICE:
        labels = [choice.label for choice in field.choices if same(choice.value, value)]
        return one_line(labels[0]) if labels else summary(value)
    if value is None:
        return "none"
    return "" if field.kind is Kind.GROUP else summary(value, 200)


def row_lines(state: FieldState, label_width: int, width: int, *, cursor: bool = False, box: int = 0) -> list[Content]:
    """The row, `width` cells wide; `box` is the one that Space ticks."""
    start = GUTTER + label_width + GAP
    room = max(8, width - start - 1)
    values = _box_lines(state, room, box if cursor else None) if _ticked(state) else [_value_line(state, room)]
    first, *more = [join(Content(" " * start), line) for line in values]
    lines = [join(_head(state, label_width, cursor), first[start:]), *more]
    if state.problem:
        wrapped = textwrap.wrap(one_line(state.problem, 300), max(10, width - GUTTER - 4)) or [""]
        indent = " " * (GUTTER + 2)
        lines += [safe(f"{indent}{'  ' if at else '✘ '}{part}", "$text-error") for at, part in enumerate(wrapped)]
    return lines


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
    return 2 * state.entry.depth + safe(one_line(state.entry.field.label, 40)).cell_length


def _head(state: FieldState, label_width: int, cursor: bool) -> Content:
    mark = ("✘", "$text-error") if state.problem else ("~", "$text-warning") if state.changed else (" ", "")
    name = safe("  " * state.entry.depth + one_line(state.entry.field.label, 40), "bold" * (state.kind is Kind.GROUP))
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
    if state.kind is Kind.CHOICE:
        label = safe(f" {text} ", style).truncate(free - 2, ellipsis=True)
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
