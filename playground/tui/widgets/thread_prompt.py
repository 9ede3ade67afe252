"""The input of a thread, with what else can be done with it at its right end."""

from typing import Final

from textual import events
from textual.content import Content
from textual.widgets import Static

from playground.client.inputs import properties_of
from playground.tui.text import MUTED, clickable, join, one_line, safe
from playground.tui.widgets.prompt import Prompt

_ROOM: Final = 60  # columns, below which the line needs all of them
_MORE: Final = 110  # columns that have room for all there is


class ThreadPrompt(Prompt):
    """`support@v7> …   F6 file  F7 form  O limit 50 · sync`."""

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
        width = self.size.width
        parts = []
        if self._runs and width >= _MORE:
            parts.append(clickable(safe("F6 file", MUTED), "screen.attach"))
            if properties_of(self.schema):
                parts.append(clickable(safe("F7 form", MUTED), "screen.input_form"))
        if self._runs and (width >= _ROOM or self._options):
            chosen = safe(one_line(self._options, max(8, width // 4)), "$text-warning")
            said = join(safe("O ", MUTED), chosen if self._options else safe("options", MUTED))
            parts.append(clickable(said, "screen.options"))
        place.display = bool(parts)
        place.tooltip = safe(self._options) if self._options else None
        place.update(Content("  ").join(parts))
