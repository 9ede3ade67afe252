"""The line under a view in which one says what to find in it."""

from typing import ClassVar, Protocol

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from playground.tui.find import MOST
from playground.tui.text import MUTED, clickable, count, join, safe


class Searched(Protocol):
    """What can be searched: it marks what it finds, and goes to the one of that number, from 0."""

    def search(self, query: str, *, case: bool = False) -> int:
        """Mark the matches; how many there are."""

    def nearest(self) -> int:
        """The first match from where one is."""

    def show_match(self, number: int) -> None:
        """Go there."""

    def end_search(self) -> None:
        """The marks go."""


class SearchBar(Horizontal):
    """Hidden until it is asked for. What it finds is marked while one types; Escape leaves one at what was found."""

    DEFAULT_CSS = """
    SearchBar {
        display: none;
        height: 1;
        background: $boost;
        .label { width: auto; padding: 0 1; color: $text-accent; }
        Input { width: 1fr; }
        SearchTools { width: 35; padding: 0 1 0 0; text-align: right; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close", id="find.close", tooltip="Back, at what was found"),
        Binding("enter,down,ctrl+f", "go(1)", "Next", id="find.next", tooltip="The next match", priority=True),
        Binding("up", "go(-1)", "Previous", id="find.previous", tooltip="The match before", priority=True),
        Binding(
            "alt+c", "case", "Aa", id="find.case", tooltip="Large and small letters differ, or don't", priority=True
        ),
    ]

    class Closed(Message):
        """Back to what was searched."""

    def __init__(self, searched: Searched | None = None) -> None:
        super().__init__()
        self._searched = searched
        self._case = False
        self._number = 0
        self._at = -1

    def compose(self) -> ComposeResult:
        """What is asked for, and how many there are."""
        yield Static("find", classes="label")
        yield Input(compact=True, select_on_focus=True)
        yield SearchTools()

    @property
    def input(self) -> Input:
        """Where one types."""
        return self.query_one(Input)

    @property
    def is_open(self) -> bool:
        """Whether it is shown."""
        return self.display

    def open(self) -> None:
        """Ask what to find; what was looked for last stands there."""
        self.display = True
        self.look()
        self.screen.set_focus(self.input)

    def look(self, *, go: bool = True) -> None:
        """Look for it as the view is now; `go`: to the first match from where one is."""
        self._number, self._at = self.search(self.input.value, case=self._case)
        if go and self._number:
            self.show_match(self._at)
        self.show_tools()

    def action_go(self, by: int) -> None:
        """To the next match or the one before, round the ends."""
        if self._number:
            self._at = (self._at + by) % self._number
            self.show_match(self._at)
            self.show_tools()

    def action_case(self) -> None:
        """Whether large and small letters differ."""
        self._case = not self._case
        self.look()

    def action_close(self) -> None:
        """Away, with the marks."""
        self.display = False
        self._number, self._at = 0, -1
        self.ended()
        self.post_message(self.Closed())

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self.is_open:
            self.look()

    # What is searched

    def search(self, query: str, *, case: bool) -> tuple[int, int]:
        """How many matches there are, and the nearest one's number; -1 if there is none."""
        if self._searched is None:
            return 0, -1
        number = self._searched.search(query, case=case)
        return number, self._searched.nearest() if number else -1

    def show_match(self, number: int) -> None:
        """Go there."""
        if self._searched is not None:
            self._searched.show_match(number)

    def ended(self) -> None:
        """The marks go."""
        if self._searched is not None:
            self._searched.end_search()

    # What it says

    def show_tools(self) -> None:
        """How many there are."""
        self.query_one(SearchTools).show(self._counted(), self._case)

    def _counted(self) -> str:
        if not self.input.value:
            return ""
        if not self._number:
            return "✘ not there"
        more = "+" if self._number == MOST else ""
        return f"{self._at + 1:,} of {self._number:,}{more}"


class SearchTools(Static):
    """How many matches there are, and what the mouse can do."""

    ALLOW_SELECT = False
    auto_links = False

    def show(self, counted: str, case: bool) -> None:
        """`case`: large and small letters differ."""
        parts = [
            safe(counted, "$text-error" if counted.startswith("✘") else ""),
            clickable(safe("Aa", "bold $text-accent" if case else MUTED), "bar('case')"),
            clickable(safe("↑"), "bar('up')"),
            clickable(safe("↓"), "bar('down')"),
            clickable(safe("Esc", MUTED), "bar('close')"),
        ]
        self.update(join(*parts, separator="  "))

    def show_lines(self, lines: int) -> None:
        """A line is looked for, by its number."""
        self.update(safe(f"of {count(lines, 'line')}  Enter go  Esc ", MUTED))

    def action_bar(self, what: str) -> None:
        """A click on one of the words."""
        bar = self.query_ancestor(SearchBar)
        match what:
            case "case":
                bar.action_case()
            case "close":
                bar.action_close()
            case _:
                bar.action_go(-1 if what == "up" else 1)
