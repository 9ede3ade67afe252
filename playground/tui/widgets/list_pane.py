"""A pane with a list in it: filter as you type, and what to say while it is loading, empty or broken."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Input

from playground.tui.text import MUTED, join, safe
from playground.tui.widgets.columns import Column
from playground.tui.widgets.pane import Pane
from playground.tui.widgets.row_list import Row, RowList

_NOTHING_MATCHES = "Nothing matches. Esc shows everything again."


class FilterInput(Input):
    """The line that filters a list. Enter and the arrows go to the list, Escape takes the filter away."""

    DEFAULT_CSS = """
    FilterInput {
        border: none;
        height: 1;
        padding: 0 1;
        background: $boost;
        &:focus { border: none; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave(True)", "Clear filter", id="filter.clear", tooltip="Show everything again"),
        Binding("enter,down", "leave(False)", "To the list", id="filter.done", tooltip="Keep the filter"),
    ]

    # Of a line that is as wide as its pane nothing has to be laid out again: with Textual's own, each letter lays out
    # the whole screen and paints it before what the filter found.
    virtual_size: Reactive[Size] = Reactive(Size(0, 0))

    def watch_value(self, value: str) -> None:
        """Filter at once, not by a message: else the letter is painted first, and what it finds two frames later."""
        self.query_ancestor(ListPane).set_filter(value)

    async def action_leave(self, clear: bool) -> None:
        """Back to the list."""
        pane = self.query_ancestor(ListPane)
        pane.list.focus()
        if clear or not self.value:
            pane.clear_filter()


class ListPane(Pane):
    """A titled list. `set_rows`, `set_message` and `set_title` are all that a screen needs.

    Rows are shown when there are any; a message otherwise: that it is loading, why it is empty and what would fill
    it, or what went wrong.
    """

    DEFAULT_CSS = """
    ListPane RowList { height: 1fr; }
    """

    def __init__(self, title: str, *columns: Column, header: bool = False, hint: str = "filter", id: str) -> None:
        super().__init__(id=id)
        self.list = RowList(*columns, header=header, id=f"{id}-list")
        self._title: Content = safe(title)
        self._rows: Sequence[Row] = ()
        self._message = Content("")
        self._filter = ""
        self._hint = hint
        self.border_title = self._title

    def compose(self) -> ComposeResult:
        """The list; the filter's line comes when it is asked for."""
        yield self.list

    @property
    def key(self) -> str | None:
        """The key of the row under the cursor."""
        return self.list.key

    @property
    def total(self) -> int:
        """How many rows there are, whatever is filtered."""
        return len(self._rows)

    @property
    def filter_text(self) -> str:
        """What the list is filtered by."""
        return self._filter

    @property
    def filtering(self) -> bool:
        """Whether the filter is open."""
        return bool(self.query(FilterInput))

    def set_title(self, title: Content | str) -> None:
        """What is listed."""
        self._title = safe(title) if isinstance(title, str) else title
        self._show()

    def set_rows(self, rows: Sequence[Row], empty: Content | str) -> None:
        """List these rows; `empty` says what would fill the list and which key does that."""
        self._rows = rows
        self._message = safe(empty, MUTED) if isinstance(empty, str) else empty
        self._show()

    def set_message(self, message: Content | str) -> None:
        """Nothing to list yet, or any more: say why."""
        self.set_rows((), message)

    def start_filter(self) -> AwaitComplete:
        """Type to filter. Awaited, no key that follows gets past the filter."""
        return AwaitComplete(self._focus_filter()).call_next(self)

    async def _focus_filter(self) -> None:
        if not self.query(FilterInput):
            await self.mount(
                FilterInput(self._filter, placeholder=self._hint, id=f"{self.id}-filter", compact=True),
                before=self.list,
            )
        self.query_one(FilterInput).focus()

    async def filter_by(self, text: str) -> None:
        """Filter by this, as if it had been typed; the focus stays where it is."""
        focused = self.screen.focused
        await self._focus_filter()
        self.query_one(FilterInput).value = text
        self.screen.set_focus(focused)
        self.set_filter(text)

    def clear_filter(self) -> bool:
        """Show everything again; False if nothing was filtered."""
        had = bool(self._filter)
        self.query(FilterInput).remove()
        self.set_filter("")
        return had

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()

    def set_filter(self, text: str) -> None:
        """Show only what matches; the line with the filter stays as it is."""
        self._filter = text.strip()
        self._show()

    def _found(self, text: str) -> Sequence[Row]:
        """The rows that match what was typed."""
        words = text.casefold().split()
        return [row for row in self._rows if all(word in row.search for word in words)] if words else self._rows

    def _show(self) -> None:
        found, total = self._found(self._filter), self.total
        self.list.set_rows(found, safe(_NOTHING_MATCHES, MUTED) if total else self._message)
        self.border_title = join(self._title, self._counted(len(found), total))

    def _counted(self, found: int, total: int) -> Content:
        if not total:
            return Content("")
        return safe(f" {found:,} of {total:,}" if self._filter else f" {total:,}", f"{MUTED} not bold")
