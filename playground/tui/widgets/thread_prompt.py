"""The input of a thread, with what else can be done with it at its right end."""

from typing import ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static, TextArea

from playground.client.inputs import properties_of
from playground.tui.text import MUTED, clickable, join, one_line, safe
from playground.tui.titles import title_within
from playground.tui.widgets.prompt import Prompt
from playground.tui.widgets.run_input import RunInput

_ROOM: Final = 60  # columns, below which the line needs all of them
_LABEL: Final = 40
_MORE: Final = 110  # columns that have room for all there is


class ThreadLine(RunInput, inherit_bindings=False):
    """The line. Two of the text area's keys, which select, are something else here."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *RunInput.BINDINGS,
        Binding("f6", "screen.attach", "File", id="input.attach", tooltip="Put a file's text into the input"),
        Binding("f7", "screen.input_form", "Form", id="input.form", tooltip="Fill the input in as a form"),
        *(one for one in TextArea.BINDINGS if isinstance(one, Binding) and one.key not in ("f6", "f7")),
    ]


class ThreadPrompt(Prompt):
    """`support@v7> …   F6 file  F7 form  O limit 50 · sync`."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self._title = self._from = ""
        self._options = ""
        self._runs = False

    def make_line(self) -> RunInput:
        """It has keys for a file and for the form."""
        return ThreadLine(placeholder=self._message, id="input")

    def make_place(self) -> Static:
        """What is chosen, and what else can be done."""
        return Place(id="prompt-place")

    def show_ref(self, title: str, place: str) -> None:
        """What runs next, "" if nothing is chosen, and from where: `support@v7 from step 4>`."""
        self._title, self._from = title, place
        self._show_ref()

    def _show_ref(self) -> None:
        if not self._title:
            self.show_label("v: run with…")
            return
        most = max(20, self.size.width * 2 // 5 if self.size.width else _LABEL)  # the name gives way, not the version
        room = max(8, most - len(self._from) - 2)
        self.show_label(f"{title_within(self._title, room)}{self._from}>")

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
        self._show_ref()
        self._show_place()

    def _show_place(self) -> None:
        place = self.query_one(Place)
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


class Place(Static):
    """`F6 file  F7 form  O options`, to click."""

    ALLOW_SELECT = False
    auto_links = False
