"""The line under a text in which one says what to find, or to which line to go."""

from textual.widgets import Static

from playground.tui.find import Match, find, line_number, nearest
from playground.tui.text import safe
from playground.tui.widgets.form_text_area import PlainTextArea
from playground.tui.widgets.search_bar import SearchBar, SearchTools


class FindBar(SearchBar):
    """Hidden until it is asked for. What it finds is marked and selected in the text while one types."""

    def __init__(self, area: PlainTextArea) -> None:
        super().__init__()
        self._area = area
        self._what = "find"
        self._matches: list[Match] = []
        self._from = (0, 0)

    def ask(self, what: str) -> None:
        """Ask what to `find`, or for the number of a `line`. What is selected on one line is looked for."""
        area = self._area
        self._what = what
        self._from = min(area.selection)
        selected = area.selected_text
        self.query_one(".label", Static).update(safe("find" if what == "find" else "line"))
        with self.prevent(self.input.Changed):
            if what == "line":
                self.input.value = ""
            elif selected and "\n" not in selected and len(selected) <= 200:
                self.input.value = selected
        self.open()

    def look(self, *, go: bool = True) -> None:
        """Look in the text as it is now; `go`: to the first match from where one was."""
        if self._what == "line":
            self.show_tools()
        else:
            super().look(go=go)

    def action_go(self, by: int) -> None:
        """To the next match or the one before, round the ends; to the line."""
        if self._what == "line":
            self._go_to_line()
        else:
            super().action_go(by)

    def search(self, query: str, *, case: bool) -> tuple[int, int]:
        """Mark what is found."""
        self._matches = find(self._area.document.lines, query, case=case)
        self._area.show_matches(self._matches)
        return len(self._matches), nearest(self._matches, *self._from)

    def show_match(self, number: int) -> None:
        """Select it."""
        match = self._matches[number]
        self._from = (match.line, match.start)
        self._area.go_to(match.line, match.start, match.end)

    def ended(self) -> None:
        """The marks go."""
        self._matches = []
        self._area.show_matches((), finding=False)

    def _go_to_line(self) -> None:
        area = self._area
        line = line_number(self.input.value, area.document.line_count)
        if line is not None:
            area.go_to(line)
            self.action_close()

    def show_tools(self) -> None:
        """How many there are."""
        if self._what == "line":
            self.query_one(SearchTools).show_lines(self._area.document.line_count)
        else:
            super().show_tools()
