"""The line under a text in which one says what to find, or to which line to go."""

from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from playground.tui.find import MOST, Match, find, line_number, nearest
from playground.tui.text import MUTED, clickable, count, join, safe
from playground.tui.widgets.form_text_area import PlainTextArea

TOOLS: Final = 34
"""Cells for the count and the keys: it doesn't change while one types."""


class FindBar(Horizontal):
    """Hidden until it is asked for. What it finds is marked and selected in the text while one types."""

    DEFAULT_CSS = """
    FindBar {
        display: none;
        height: 1;
        background: $boost;
        .label { width: auto; padding: 0 1; color: $text-accent; }
        Input { width: 1fr; }
        FindTools { width: 35; padding: 0 1 0 0; text-align: right; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close", id="find.close", tooltip="Back to the text, at what was found"),
        Binding("enter,down,ctrl+f", "go(1)", "Next", id="find.next", tooltip="The next match", priority=True),
        Binding("up", "go(-1)", "Previous", id="find.previous", tooltip="The match before", priority=True),
        Binding(
            "alt+c", "case", "Aa", id="find.case", tooltip="Large and small letters differ, or don't", priority=True
        ),
    ]

    class Closed(Message):
        """Back to the text."""

    def __init__(self, area: PlainTextArea) -> None:
        super().__init__()
        self._area = area
        self._what = "find"
        self._case = False
        self._matches: list[Match] = []
        self._at = -1
        self._from = (0, 0)

    def compose(self) -> ComposeResult:
        """What is asked for, the answer, and how many there are."""
        yield Static(classes="label")
        yield Input(compact=True, select_on_focus=True)
        yield FindTools()

    @property
    def input(self) -> Input:
        """Where one types."""
        return self.query_one(Input)

    @property
    def is_open(self) -> bool:
        """Whether it is shown."""
        return self.display

    def open(self, what: str) -> None:
        """Ask what to `find`, or for the number of a `line`. What is selected on one line is looked for."""
        area = self._area
        self._what = what
        self._from = min(area.selection)
        selected = area.selected_text
        self.display = True
        self.query_one(".label", Static).update(safe("find" if what == "find" else "line"))
        with self.prevent(Input.Changed):
            if what == "line":
                self.input.value = ""
            elif selected and "\n" not in selected and len(selected) <= 200:
                self.input.value = selected
        self.look()
        self.screen.set_focus(self.input)

    def action_close(self) -> None:
        """Away, with the marks."""
        self.display = False
        self._matches, self._at = [], -1
        self._area.show_matches((), finding=False)
        self.post_message(self.Closed())

    def look(self, *, move: bool = True) -> None:
        """Look in the text as it is now; `move`: to the first match from where one was."""
        if self._what == "line":
            self._show_tools()
            return
        area = self._area
        self._matches = find(area.document.lines, self.input.value, case=self._case)
        area.show_matches(self._matches)
        self._at = nearest(self._matches, *self._from)
        if move:
            self._show_match()
        self._show_tools()

    def action_go(self, by: int) -> None:
        """To the next match or the one before, round the ends; to the line."""
        if self._what == "line":
            self._go_to_line()
        elif self._matches:
            self._at = (self._at + by) % len(self._matches)
            self._show_match()
            self._show_tools()

    def action_case(self) -> None:
        """Whether large and small letters differ."""
        self._case = not self._case
        self.look()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.look()

    def _show_match(self) -> None:
        if self._at < 0:
            return
        match = self._matches[self._at]
        self._from = (match.line, match.start)
        self._area.go_to(match.line, match.start, match.end)

    def _go_to_line(self) -> None:
        area = self._area
        line = line_number(self.input.value, area.document.line_count)
        if line is not None:
            area.go_to(line)
            self.action_close()

    def _show_tools(self) -> None:
        lines = self._area.document.line_count
        self.query_one(FindTools).show(self._what, self._count(), self._case, lines)

    def _count(self) -> str:
        if not self.input.value:
            return ""
        if not self._matches:
            return "✘ not there"
        more = "+" if len(self._matches) == MOST else ""
        return f"{self._at + 1:,} of {len(self._matches):,}{more}"


class FindTools(Static):
    """How many matches there are, and what the mouse can do."""

    def show(self, what: str, counted: str, case: bool, lines: int) -> None:
        """`what` is looked for, a word or a line."""
        if what == "line":
            self.update(safe(f"of {count(lines, 'line')}  Enter go  Esc ", MUTED))
            return
        parts = [
            safe(counted, "$text-error" if counted.startswith("✘") else ""),
            clickable(safe("Aa", "bold $text-accent" if case else MUTED), "bar('case')"),
            clickable(safe("↑"), "bar('up')"),
            clickable(safe("↓"), "bar('down')"),
            clickable(safe("Esc", MUTED), "bar('close')"),
        ]
        self.update(join(*parts, separator="  "))

    def action_bar(self, what: str) -> None:
        """A click on one of the words."""
        bar = self.query_ancestor(FindBar)
        {"case": bar.action_case, "close": bar.action_close}.get(
            what, lambda: bar.action_go(-1 if what == "up" else 1)
        )()
