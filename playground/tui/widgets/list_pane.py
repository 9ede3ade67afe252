"""A pane with a list in it: filter as you type, and what to say while it is loading, empty or broken."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Static

from playground.tui.text import MUTED, join, safe
from playground.tui.widgets.columns import Column
from playground.tui.widgets.pane import Pane
from playground.tui.widgets.row_list import Row, RowList


class FilterInput(Input):
    """The line that filters a list. Enter and the arrows go to the list, Escape takes the filter away."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave(True)", "Clear filter", id="filter.clear", tooltip="Show everything again"),
        Binding("enter,down", "leave(False)", "To the list", id="filter.done", tooltip="Keep the filter"),
    ]

    def action_leave(self, clear: bool) -> None:
        """Back to the list."""
        if clear:
            self.value = ""
        pane = self.query_ancestor(ListPane)
        pane.list.focus()
        pane.show_filter(bool(self.value))


class ListPane(Pane):
    """A titled list. `set_rows`, `set_message` and `set_title` are all that a screen needs.

    Rows are shown when there are any; a message otherwise: that it is loading, why it is empty and what would fill
    it, or what went wrong.
    """

    DEFAULT_CSS = """
    ListPane {
        FilterInput {
            display: none;
            border: none;
            height: 1;
            padding: 0 1;
            background: $boost;
            &.-shown { display: block; }
        }
        RowList { height: 1fr; }
        .message { display: none; padding: 1 2; color: $text-muted; height: 1fr; }
        &.-message {
            RowList { height: 1; }
            .message { display: block; }
        }
    }
    """

    def __init__(self, title: str, *columns: Column, header: bool = False, id: str) -> None:
        super().__init__(id=id)
        self.list = RowList(*columns, header=header, id=f"{id}-list")
        self._title: Content = safe(title)
        self._rows: Sequence[Row] = ()
        self._message = Content("")
        self.border_title = self._title

    def compose(self) -> ComposeResult:
        """The filter, hidden until asked for, over the list, over the message."""
        yield FilterInput(placeholder="filter", id=f"{self.id}-filter", compact=True)
        yield self.list
        yield Static(classes="message")

    @property
    def filter(self) -> FilterInput:
        """The filter's line."""
        return self.query_one(FilterInput)

    @property
    def key(self) -> str | None:
        """The key of the row under the cursor."""
        return self.list.key

    def set_title(self, title: Content | str) -> None:
        """What is listed."""
        self._title = safe(title) if isinstance(title, str) else title
        self._show()

    def set_rows(self, rows: Sequence[Row], empty: Content | str) -> None:
        """List these rows; `empty` says what would fill the list and which key does that."""
        self._rows = rows
        self._message = safe(empty) if isinstance(empty, str) else empty
        self._show()

    def set_message(self, message: Content | str) -> None:
        """Nothing to list yet, or any more: say why."""
        self.set_rows((), message)

    # Filter

    def start_filter(self) -> None:
        """Type to filter."""
        self.show_filter(True)
        self.filter.focus()

    def clear_filter(self) -> bool:
        """Show everything again; False if nothing was filtered."""
        had = bool(self.filter.value)
        self.filter.value = ""
        self.show_filter(False)
        return had

    def show_filter(self, shown: bool) -> None:
        """Show or hide the filter's line."""
        self.filter.set_class(shown, "-shown")

    @on(Input.Changed)
    def _filter(self, event: Input.Changed) -> None:
        event.stop()
        self._show()

    def _show(self) -> None:
        words = self.filter.value.casefold().split()
        found = [row for row in self._rows if all(word in row.search for word in words)] if words else self._rows
        self.list.set_rows(found)
        self.set_class(not found, "-message")
        nothing = safe("Nothing matches. Esc shows everything again.") if self._rows else self._message
        self.query_one(".message", Static).update(nothing)
        self.border_title = join(self._title, self._counted(len(found), bool(words)))

    def _counted(self, found: int, filtered: bool) -> Content:
        if not self._rows:
            return Content("")
        return safe(f" {found} of {len(self._rows)}" if filtered else f" {len(self._rows)}", MUTED + " not bold")
