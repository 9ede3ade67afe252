"""What there is to know about the field under the cursor: its meaning, its default, what the saved version has."""

from typing import Any

from textual.content import Content
from textual.widgets import Static

from playground.tui.forms.document import UNSET
from playground.tui.forms.fields import Kind
from playground.tui.forms.text import summary
from playground.tui.text import join, one_line, safe
from playground.tui.widgets.form_cells import FieldState
from playground.tui.widgets.form_editor import describe_kind

KINDS = {
    Kind.TEXT: "text",
    Kind.PROMPT: "text",
    Kind.INTEGER: "whole number",
    Kind.NUMBER: "number",
    Kind.BOOLEAN: "yes or no",
    Kind.CHOICE: "one of a few",
    Kind.CHECKLIST: "any of a few",
    Kind.ROWS: "list",
    Kind.GROUP: "group of fields",
    Kind.JSON: "JSON",
}


class FieldInfo(Static):
    """Three lines of fixed height, so that nothing jumps while one moves from field to field."""

    DEFAULT_CSS = """
    FieldInfo {
        height: 5;
        padding: 0 1;
        border: round $foreground 25%;
        border-title-color: $text-muted;
    }
    """

    def show(self, state: FieldState | None, base: Any, base_name: str) -> None:
        """Tell about this field; `base` is its value in the version called `base_name`, or `UNSET`."""
        if state is None:
            self.border_title = Content("")
            self.update("")
            return
        field = state.entry.field
        self.border_title = join(one_line(field.label, 40), safe(f"  {_kind(state)}", "$text-muted"))
        lines = [
            safe(
                one_line(field.description or _without_description(state), 400),
                "" if field.description else "$text-muted",
            )
        ]
        if state.problem:
            lines.insert(0, safe(f"✘ {one_line(state.problem, 300)}", "$text-error"))
        facts = [_fact("default", state.entry.default), _fact(base_name, base) if state.changed else ""]
        known = "  ·  ".join(fact for fact in facts if fact)
        self.update(Content("\n").join([*lines, safe(known, "$text-muted")]))


def _kind(state: FieldState) -> str:
    field = state.entry.field
    if state.is_big:
        return describe_kind(field)
    bounds = f" {field.bounds}" if str(field.bounds) else ""
    nodes = f" · {', '.join(field.nodes)}" if field.nodes else ""
    return f"{KINDS[field.kind]}{bounds}{' or none' if field.nullable else ''}{nodes}"


def _without_description(state: FieldState) -> str:
    return "" if state.entry.field.known else "The graph's schema has no such field."


def _fact(name: str, value: Any) -> str:
    if value is UNSET:
        return f"{name}: not set" if name.startswith("v") else "no default"
    return f"{name}: {summary(value, 60) if value != '' else 'empty'}"
