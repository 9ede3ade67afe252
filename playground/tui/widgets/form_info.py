"""What there is to know about the field under the cursor: its meaning, its default, what the saved version has."""

from typing import Any, Final

from textual.content import Content
from textual.widgets import Static

from playground.tui.forms.document import UNSET
from playground.tui.forms.fields import Kind
from playground.tui.forms.text import summary
from playground.tui.text import MUTED, join, one_line, safe
from playground.tui.widgets.form_cells import FieldState
from playground.tui.widgets.form_editor import describe_kind

UNKNOWN: Final = "The graph's schema has no such field. Default (r) removes it."
KINDS: Final = {
    Kind.TEXT: "text",
    Kind.PROMPT: "text",
    Kind.INTEGER: "whole number",
    Kind.NUMBER: "number",
    Kind.BOOLEAN: "yes or no",
    Kind.CHOICE: "one of a few",
    Kind.CHECKLIST: "any of a few",
    Kind.LIST: "list",
    Kind.MAP: "map",
    Kind.SECRET: "secret",
    Kind.GROUP: "group of fields",
    Kind.JSON: "JSON",
}


class FieldInfo(Static):
    """A few lines of fixed height, so that nothing jumps while one moves from field to field."""

    DEFAULT_CSS = """
    FieldInfo {
        height: 6;
        padding: 0 1;
        border: round $foreground 25%;
        border-title-color: $text-muted;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[FieldState | None, Any, str] = (None, UNSET, "")

    def show(self, state: FieldState | None, base: Any, base_name: str) -> None:
        """Tell about this field; `base` is its value in the version called `base_name`, or `UNSET`."""
        self._shown = (state, base, base_name)
        self.border_title = _title(state) if state else Content("")
        self.refresh()

    def render(self) -> Content:
        """The problem, as much of the description as there is room for, and the values it had."""
        state, base, base_name = self._shown
        width, height = self.content_size
        if state is None or width < 1:
            return Content("")
        lines = []
        if state.problem:
            lines.append(safe(f"✘ {one_line(state.problem, 300)}", "$text-error").truncate(width, ellipsis=True))
        facts = [_fact("default", state.entry.default)] if state.entry.field.known else []
        facts += [_fact(base_name, base)] * state.changed
        about = one_line(state.entry.field.description, 600) or ("" if state.entry.field.known else UNKNOWN)
        room = height - len(lines) - bool(facts)
        lines += _lines(safe(about, "" if state.entry.field.known else "$text-warning"), width, room)
        lines.append(safe("  ·  ".join(facts), MUTED).truncate(width, ellipsis=True))
        return Content("\n").join(lines)


def _title(state: FieldState) -> Content:
    return join(one_line(state.entry.field.label, 40), safe(f"  {_kind(state)}", MUTED))


def _lines(text: Content, width: int, most: int) -> list[Content]:
    """The text on at most so many lines."""
    lines = text.wrap(width)
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], join(lines[most - 1].truncate(width - 1), "…")] if most > 0 else []


def _kind(state: FieldState) -> str:
    field = state.entry.field
    if state.is_big:
        return describe_kind(field)
    bounds = f" {field.bounds}" if str(field.bounds) else ""
    nodes = f" · {', '.join(field.nodes)}" if field.nodes else ""
    return f"{KINDS[field.kind]}{bounds}{' or none' if field.nullable else ''}{nodes}"


def _fact(name: str, value: Any) -> str:
    if value is UNSET:
        return f"{name}: not set" if name.startswith("v") else "no default"
    return f"{name}: {summary(value, 60) if value != '' else 'empty'}"
