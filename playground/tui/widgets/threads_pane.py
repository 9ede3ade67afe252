"""The list of threads: as many as there are, of which only those one looks at are read."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static

from playground.client.values import Thread
from playground.tui.threads.listing import ThreadListing
from playground.tui.threads.order import USUAL
from playground.tui.widgets.list_pane import ListPane
from playground.tui.widgets.row_list import LazyRows, Row, RowList
from playground.tui.widgets.thread_rows import thread_columns, thread_details, thread_rows

_STEADY: Final = 0.05
"""Seconds after which what came into view is read: not each row that is scrolled past."""
_ROOMY: Final = 30
"""Lines of a screen that has room for a title on two lines."""
_AHEAD: Final = 10
"""Rows beyond those in view that are read with them."""


class WordsInput(Input):
    """The line for words that are searched in the threads' contents. Enter searches, Escape ends it."""

    DEFAULT_CSS = """
    WordsInput {
        border: none;
        height: 1;
        padding: 0 1;
        background: $boost;
        &:focus { border: none; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "End search", id="threads.words_end", tooltip="Stop searching; list everything"),
        Binding("down", "list", "To the list", id="threads.words_list", tooltip="To what was found"),
    ]

    def action_leave(self) -> None:
        """List everything again."""
        self.query_ancestor(ThreadsPane).end_search()

    def action_list(self) -> None:
        """To what was found."""
        self.query_ancestor(ThreadsPane).list.focus()


class ThreadsPane(ListPane):
    """Threads over the facts of the one under the cursor. The screen reads them, and what the rows in view need."""

    DEFAULT_CSS = """
    ThreadsPane {
        #thread-facts {
            height: 5;
            padding: 0 1;
            border-top: solid $foreground 15%;
            text-wrap: nowrap;
            text-overflow: ellipsis;
        }
        &.-roomy #thread-facts { height: 6; }
        &.-empty #thread-facts { display: none; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "screen.filter", "Filter", id="threads.filter", tooltip="Filter the threads as you type"),
        Binding("f", "screen.find", "Search", id="threads.find", tooltip="Search for words in what the threads say"),
        Binding("a", "screen.scope", "Whose", id="threads.scope", tooltip="Of the assistant, of its graph, or all"),
        Binding("t", "screen.sort", "Sort", id="threads.sort", show=False, tooltip="Another order"),
        Binding(
            "S", "screen.samples", "Samples", id="threads.samples", show=False, tooltip="With the threads of samples"
        ),
        Binding("space", "screen.mark", "Mark", id="threads.mark", show=False, tooltip="Mark the thread"),
        Binding("ctrl+a", "screen.mark_all", "Mark all", id="threads.mark_all", show=False, tooltip="All, or none"),
        Binding("N", "screen.rename", "Rename", id="threads.rename", show=False, tooltip="Give the thread a title"),
        Binding("C", "screen.copy_thread", "Copy", id="threads.copy_thread", show=False, tooltip="With its history"),
        Binding("P", "screen.prune", "Prune", id="threads.prune", show=False, tooltip="Drop history, or old threads"),
        Binding("y", "screen.copy_id", "Copy id", id="threads.copy_id", show=False, tooltip="Copy the thread's id"),
    ]

    class Wanted(Message):
        """Rows came into view whose facts weren't read yet."""

    class WordsAsked(Message):
        """The contents are to be searched for this text; "" ends the search."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self) -> None:
        super().__init__("Threads", *thread_columns(USUAL), header=True, hint="title, assistant, status", id="threads")
        self.listing = ThreadListing()
        self._facts = Static(id="thread-facts")
        self._now = datetime.min
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """The list over the facts."""
        yield from super().compose()
        yield self._facts

    def on_resize(self) -> None:
        """A long title is told on two lines where there is room."""
        self.set_class(self.screen.size.height >= _ROOMY, "-roomy")
        self.show_details()

    def show(self, listing: ThreadListing, now: datetime, empty: Content | str) -> None:
        """List these; `empty` says what would fill the list."""
        self.listing, self._now = listing, now
        self.list.set_columns(thread_columns(listing.order))
        self.set_rows((), empty)
        self.set_class(not listing.all, "-empty")
        self.show_details()

    def set_message(self, message: Content | str) -> None:
        """Nothing to list yet: say why."""
        self.listing = ThreadListing()
        self.set_class(True, "-empty")
        super().set_message(message)

    def show_facts(self, thread_ids: Sequence[str]) -> None:
        """The facts of these were read: show them where they are in view."""
        rows = self.list.rows
        if isinstance(rows, LazyRows):
            rows.forget(thread_ids)
        self.list.refresh()
        self.show_details()

    def show_details(self) -> None:
        """All that is known of the thread under the cursor."""
        thread = self.thread
        if thread is not None:
            title, *others = thread_details(self.listing, thread)
            width = self._facts.content_size.width
            lines = title.wrap(width)[:2] if width and self.has_class("-roomy") else [title]
            self._facts.update(Content("\n").join([*lines, *others]), layout=False)

    @property
    def total(self) -> int:
        """How many there are, whatever is filtered."""
        return len(self.listing.all)

    @property
    def thread(self) -> Thread | None:
        """The thread under the cursor."""
        return self.listing.by_id.get(self.list.key or "")

    @property
    def in_view(self) -> list[Thread]:
        """The threads whose rows are in view, or nearly."""
        top = max(0, round(self.list.scroll_y) - _AHEAD)
        rows = self.list.rows
        keys = rows.keys if isinstance(rows, LazyRows) else ()
        return [self.listing.by_id[key] for key in keys[top : top + self.list.size.height + 2 * _AHEAD]]

    def _found(self, text: str) -> Sequence[Row]:
        return thread_rows(self.listing, text, self._now, self._looked_at)

    def _looked_at(self, thread: Thread) -> None:
        if self._timer is None and not self.listing.facts.is_new(thread):
            self._timer = self.set_timer(_STEADY, self._want)

    def _want(self) -> None:
        self._timer = None
        self.post_message(self.Wanted())

    @on(RowList.Moved)
    def _moved(self) -> None:
        self.show_details()

    # Words in the contents

    async def start_search(self) -> None:
        """Ask for words."""
        if not self.query(WordsInput):
            await self.mount(WordsInput(placeholder="words in what was said; Enter", compact=True), before=self.list)
        self.query_one(WordsInput).focus()

    def end_search(self) -> bool:
        """List everything again; False if nothing was searched for."""
        searching = bool(self.query(WordsInput))
        if searching:
            self.list.focus()
            self.query(WordsInput).remove()
            self.post_message(self.WordsAsked(""))
        return searching

    @property
    def filtering(self) -> bool:
        """Whether fewer than all are listed, or are about to be."""
        return super().filtering or self.searching

    def clear_filter(self) -> bool:
        """List everything again; False if everything was."""
        had = super().clear_filter()
        return self.end_search() or had

    @property
    def searching(self) -> bool:
        """Whether words are asked for, or what was found is listed."""
        return bool(self.query(WordsInput))

    @on(Input.Submitted)
    def _search(self, event: Input.Submitted) -> None:
        if isinstance(event.input, WordsInput):
            event.stop()
            self.post_message(self.WordsAsked(event.value.strip()))
