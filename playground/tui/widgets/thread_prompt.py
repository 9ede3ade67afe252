"""The input of a thread, with what else can be done with it at its right end."""

from typing import Final

from textual import events
from textual.content import Content
from textual.widgets import Static

from playground.client.inputs import properties_of
from playground.tui.text import MUTED, clickable, one_line, safe
from playground.tui.widgets.prompt import Prompt

_ROOM: Final = 84  # columns, below which the line needs all of them


class ThreadPrompt(Prompt):
    """`support@v7> …   limit 50 · sync  F6 file  F7 form  O options`."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self._options = ""
        self._runs = False

    @property
    def target(self) -> str:
        """What the button of the form says is in the line before it."""
        return ""

    def show_options(self, text: str, *, runs: bool) -> None:
        """What is chosen for the next runs, "" if nothing is; `runs`: something can be chosen."""
        self._options, self._runs = text, runs
        self._show_place()

    def show_schema(self, schema: dict[str, object] | None, name: str, message: str = "") -> None:
        """What the graph called `name` takes."""
        super().show_schema(schema, name, message)
        self._show_place()

    def on_resize(self, event: events.Resize) -> None:
        """More or less fits."""
        self._show_place()

    def _show_place(self) -> None:
        place = self.query_one("#prompt-place", Static)
        wide = self.size.width >= _ROOM
        parts = []
        if self._options:
            shown = one_line(self._options, 40) if wide else "O…"
            parts.append(clickable(safe(shown, "$text-warning"), "screen.options"))
        if self._runs and wide:
            parts.append(clickable(safe("F6 file", MUTED), "screen.attach"))
            if properties_of(self.schema):
                parts.append(clickable(safe("F7 form", MUTED), "screen.input_form"))
            parts.append(clickable(safe("O options", MUTED), "screen.options"))
        place.display = bool(parts)
        place.tooltip = safe(self._options) if self._options else None
        place.update(Content("  ").join(parts))
