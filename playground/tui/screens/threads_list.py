"""The list of threads: whose, in which order, with which words in them, and what is done with those one marks."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, Final

from textual import on, work
from textual.binding import Binding, BindingType

from playground.client.client import Client
from playground.client.conversation import title_of
from playground.client.errors import PlaygroundError
from playground.client.values import Runnable, Thread
from playground.tui.screens.threads_core import ThreadsCore
from playground.tui.text import count, join, one_line, safe
from playground.tui.threads.listing import ThreadListing
from playground.tui.threads.order import USUAL, ThreadOrder, name_of_order, order_named
from playground.tui.threads.whose import ALL, Whose, next_whose
from playground.tui.ui_state import read_word, write_word
from playground.tui.widgets.row_list import RowList
from playground.tui.widgets.threads_pane import ThreadsPane

LOOK_EVERY: Final = 5
"""Seconds after which an idle screen looks for what changed: what others run, what another terminal deleted."""
_SOON: Final = 0.5
"""Seconds after which a run that was sent is on its thread."""
_READ_AT_ONCE: Final = 100
"""Threads whose facts are asked for at once, where those of all are wanted."""
_ORDER: Final = "threads.order"
_EMPTY: Final = (
    "No threads yet.\n\nIn Browse (1) press t on an assistant,\nor press n here: a thread begins with a run."
)


class ListThreadsScreen(ThreadsCore):
    """The list on the left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("D", "delete", "Delete", id="threads.delete", show=False, tooltip="Delete the threads; asks first"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.list = ThreadsPane()
        self.whose: Whose = ALL
        self.listing = ThreadListing(order=order_named(read_word(_ORDER)))
        self.marked: frozenset[str] = frozenset()
        self._list_cursor: str | None = None  # where it should go once it is read
        self._list_wanted = self._list_reading = False
        self._nameless: set[str] = set()  # assistants that are gone
        self._said_in_list = ""  # what goes on with the list: searched, titles read

    def on_mount(self) -> None:
        """Nothing is known yet. Ages move, and what others do is looked for."""
        self.list.set_message("Waiting for the server…")
        self.set_interval(60, self._show_threads)
        self.set_interval(LOOK_EVERY, self._look_at_threads)

    def on_screen_resume(self) -> None:
        """Others may have run something meanwhile."""
        if self.client is not None:
            self.load_threads()

    def run_began(self) -> None:
        """The thread is among the first, and busy."""
        super().run_began()
        self.set_timer(_SOON, self.load_threads)

    def run_ended(self) -> None:
        """It is so no more."""
        super().run_ended()
        self.load_threads(self.thread_id)

    def open_thread(self, thread_id: str, ref: str | None) -> None:
        """Open it, with `ref` running next, else what ran last."""
        raise NotImplementedError

    def where(self, thread_id: str) -> str:
        """What of this screen shows the thread."""
        return "Threads" if thread_id and thread_id == self.thread_id else ""

    def show_where(self, thread_id: str) -> None:
        """The thread is open: to it."""
        self.show_column("thread")
        self.focus_input()

    def show_thread(self, thread_id: str) -> None:
        """Open a thread, with what ran there last running next."""
        if self.client is not None:
            self.open_thread(thread_id, None)

    @property
    def in_list(self) -> bool:
        """Whether keys act on the list."""
        return self.list.has_focus_within

    # Reading

    def load_threads(self, cursor: str | None = None) -> None:
        """Read what changed; the cursor goes to the thread `cursor` unless the user is in the list."""
        self._list_cursor = cursor or self._list_cursor
        self._list_wanted = True
        if not self._list_reading:
            self._list_reading = True
            self._read_list()

    def _look_at_threads(self) -> None:
        if self.is_current and self.app.app_focus and self.client is not None:
            self.load_threads()

    @work(group="threads", exclusive=True, exit_on_error=False)
    async def _read_list(self) -> None:
        """Read as long as somebody wants it: a list of thousands isn't begun anew because it is wanted twice."""
        try:
            while self._list_wanted and self.client is not None:
                self._list_wanted = False
                await self._read_list_once(self.client, self.whose)
        except PlaygroundError as error:
            self._list_failed(error)
        finally:
            self._list_reading = self._list_wanted = False

    async def _read_list_once(self, client: Client, whose: Whose) -> None:
        scope, known = whose.scope, self.listing.threads
        if known:
            threads = await client.thread_list.update(scope, known)
            if threads is not known:
                await self._take_threads(client, whose, threads)
        else:
            async for threads in client.thread_list.read(scope):
                on_top = self.list.list.cursor == 0
                await self._take_threads(client, whose, threads)
                if on_top:
                    self.list.list.action_first()  # in another order, what is read later may come first
                if whose != self.whose:
                    self._list_wanted = True
                    return
        cursor, self._list_cursor = self._list_cursor, None
        if cursor is not None and not self.in_list:
            self.list.list.move_to(cursor)

    async def _take_threads(self, client: Client, whose: Whose, threads: Sequence[Thread]) -> None:
        unknown = {thread.assistant_id for thread in threads if thread.assistant_id} - self._nameless
        await self.learn_names(client, unknown)
        self._nameless |= unknown - self.names.keys()
        sized = await client.thread_list.tells_sizes()
        if whose == self.whose:
            self._show_list(replace(self.listing, threads=threads, names=self.names, sized=sized))

    def _list_failed(self, error: PlaygroundError) -> None:
        if not self.listing.threads:
            self.list.set_message(join(safe(f"✘ {error.sentence}", "$text-error"), "\n\nr tries again."))
        self.playground.report(error)

    @on(ThreadsPane.Wanted)
    @work(group="facts", exclusive=True, exit_on_error=False)
    async def _read_facts(self) -> None:
        """What the rows in view need: as far as one scrolled on, it isn't read."""
        await self._read_facts_of(self.list.in_view)
        if (thread := self.list.thread) is not None:
            await self._read_facts_of([thread], versions=True)

    async def _read_facts_of(self, threads: Sequence[Thread], *, versions: bool = False) -> None:
        facts, client = self.listing.facts, self.client
        wanted = [thread for thread in threads if not facts.is_new(thread, versions=versions)]
        if not wanted or client is None:
            return
        read = await client.thread_list.facts(wanted, versions=versions)
        facts.take(wanted, read, versions=versions or self.listing.sized)  # our server tells all that ran at once
        self.list.show_facts(list(read))

    @work(group="all facts", exclusive=True, exit_on_error=False)
    async def _read_all_facts(self) -> None:
        """A filter, or an order by titles, needs those of all."""
        facts = self.listing.facts
        wanted = [thread for thread in self.listing.all if not facts.is_new(thread)]
        for start in range(0, len(wanted), _READ_AT_ONCE):
            self._say_in_list(f"reading titles, {start:,} of {len(wanted):,}" if start else "")
            await self._read_facts_of(wanted[start : start + _READ_AT_ONCE])
            self._show_list(replace(self.listing))
        self._say_in_list("")

    @on(RowList.Moved, "#threads-list")
    def _thread_moved(self) -> None:
        if self.list.thread is not None and not self.listing.facts.is_new(self.list.thread, versions=True):
            self._read_facts()
        self.refresh_bindings()

    @on(RowList.Opened, "#threads-list")
    def _thread_opened(self, event: RowList.Opened) -> None:
        self.open_thread(event.key, None)

    # Showing

    def _show_threads(self) -> None:
        if self.client is not None:
            self._show_list(replace(self.listing))

    def _show_list(self, listing: ThreadListing) -> None:
        self.listing = listing
        self.list.set_title(self.whose.title)
        self.list.show(listing, self.playground.now(), self._empty_list())
        self.marked &= listing.by_id.keys()
        self.list.list.set_marked(self.marked)
        self._show_list_subtitle()
        self.refresh_bindings()

    def _empty_list(self) -> str:
        if self.listing.found is not None:
            return "These words are in none of them.\n\nEsc lists everything again."
        if self.whose != ALL:
            return f"No thread of {one_line(self.whose.name, 60)} yet.\n\nn begins one, a lists those of others."
        return _EMPTY

    def _say_in_list(self, what: str) -> None:
        self._said_in_list = what
        self._show_list_subtitle()

    def _show_list_subtitle(self) -> None:
        order = self.listing.order
        found = self.listing.found
        parts = [
            self._said_in_list,
            f"{count(len(found), 'thread')} found" if found is not None and not self._said_in_list else "",
            f"{len(self.marked)} marked" if self.marked else "",
            "with samples" if self.listing.samples else "",
        ]
        said = " · ".join(part for part in parts if part)
        self.list.border_subtitle = safe(said or (f"by {order.sentence}" if order != USUAL else ""))

    # Whose, in which order, which

    def own_threads(self, runnable: Runnable) -> None:
        """List those of an assistant: one came here from it."""
        self._show_whose(Whose("assistant", runnable.assistant_id, runnable.graph_id, runnable.name))

    def action_scope(self) -> None:
        """Those of the assistant, of its graph, or all."""
        self._show_whose(next_whose(self.whose, self.runnable, self.list.thread, self.names))

    def _show_whose(self, whose: Whose) -> None:
        if whose == self.whose:
            return
        self.whose = whose
        self.marked = frozenset()
        own = whose.assistant_id if whose.kind == "assistant" else None
        self.list.end_search()
        self._show_list(replace(self.listing, threads=(), found=None, whose=own))
        self.list.set_message("Reading…")
        self.load_threads()

    def action_sort(self) -> None:
        """The same order the other way round, then the next one."""
        self._sort_list(self.listing.order.next())

    @on(RowList.SortAsked, "#threads-list")
    def _list_sort_asked(self, event: RowList.SortAsked) -> None:
        order = self.listing.order
        by = "created" if event.sort == "created" else event.sort
        self._sort_list(order.flipped() if by == order.by else ThreadOrder(by))

    @work(group="order", exclusive=True, exit_on_error=False)
    async def _sort_list(self, order: ThreadOrder) -> None:
        self._show_list(replace(self.listing, order=order))
        if order.by == "title":
            self._read_all_facts()
        await asyncio.to_thread(write_word, _ORDER, name_of_order(order))

    async def action_filter(self) -> None:
        """Filter the threads as you type."""
        self.show_column("threads")
        await self.list.start_filter()
        self._read_all_facts()

    def action_samples(self) -> None:
        """The threads that samples ran on, listed among the others or left out."""
        self._show_list(replace(self.listing, samples=not self.listing.samples))
        said = "listed, too, marked ×." if self.listing.samples else "not listed."
        self.notify(f"The threads of samples are {said}", markup=False, timeout=3)

    # Words in the contents

    async def action_find(self) -> None:
        """Ask for words that are searched in what the threads say."""
        self.show_column("threads")
        await self.list.start_search()

    @on(ThreadsPane.WordsAsked)
    @work(group="find", exclusive=True, exit_on_error=False)
    async def _find_words(self, event: ThreadsPane.WordsAsked) -> None:
        """Search the newest states, the first ones of the list first; what was found so far is listed."""
        self._show_list(replace(self.listing, found=None))
        self._say_in_list("")
        client = self.client
        if not event.text or client is None:
            return
        ids = [thread.thread_id for thread in self.listing.all]
        found: dict[str, str] = {}
        self._show_list(replace(self.listing, found=found, words=event.text))
        async for searched, more in client.thread_list.find(event.text, ids):
            found = {**found, **more}
            going_on = f"searched {searched:,} of {len(ids):,}, {len(found):,} found · Esc stops"
            self._said_in_list = going_on if searched < len(ids) else ""
            self._show_list(replace(self.listing, found=found))
        self.list.list.focus()

    # Marks, and what is done with them

    @property
    def targets(self) -> list[Thread]:
        """The marked threads, as they are listed; without any, the one under the cursor."""
        marked = [thread for thread in self.listing.all if thread.thread_id in self.marked]
        return marked or ([self.list.thread] if self.list.thread is not None else [])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The footer shows what works now."""
        match action:
            case "delete":
                return bool(self.targets) if self.in_list else self.thread_id is not None
            case "filter" | "find" | "sort" | "mark_all":
                return bool(self.listing.threads)
            case "scope":
                return self.client is not None
            case "mark" | "rename" | "copy_thread" | "prune" | "copy_id":
                return self.list.thread is not None
        return super().check_action(action, parameters)

    def action_mark(self) -> None:
        """Mark the thread, or take the mark away, and go on to the next."""
        if (key := self.list.key) is not None:
            self._mark_thread(key)
            self.list.list.action_move(1)

    @on(RowList.MarkToggled, "#threads-list")
    def _thread_mark_toggled(self, event: RowList.MarkToggled) -> None:
        self._mark_thread(event.key)

    def _mark_thread(self, thread_id: str) -> None:
        self._show_marked(self.marked ^ {thread_id})

    def action_mark_all(self) -> None:
        """All that are listed, filtered or found; if they are marked already, none."""
        shown = {thread.thread_id for thread in self.listing.matching(self.list.filter_text)}
        self._show_marked(self.marked - shown if shown <= self.marked else self.marked | shown)

    def _show_marked(self, marked: frozenset[str] | set[str]) -> None:
        self.marked = frozenset(marked)
        self.list.list.set_marked(self.marked)
        self._show_list_subtitle()
        self.refresh_bindings()

    def action_copy_id(self) -> None:
        """The ids of the marked threads, or of the one under the cursor."""
        ids = [thread.thread_id for thread in self.targets]
        if ids:
            self.playground.copy("\n".join(ids), "the thread's id" if len(ids) == 1 else f"{len(ids):,} ids")

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_rename(self) -> None:
        """Another title for the thread."""
        from playground.tui.usecases import threads

        thread = self.list.thread
        named = await threads.rename(self.playground, thread, self.listing.title(thread)) if thread else None
        if named is not None:
            if named.thread_id == self.thread_id:
                self.pane.set_title(title_of(named))
            self.load_threads(named.thread_id)

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_copy_thread(self) -> None:
        """Copies of the marked threads, or of the one under the cursor, each with its history."""
        from playground.tui.usecases import threads

        if (copied := await threads.copy(self.playground, self.targets, self.listing)) is not None:
            self.load_threads(copied)

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_prune(self) -> None:
        """Drop the history of threads, or those that are old."""
        from playground.tui.usecases import threads

        shown = self.listing.matching(self.list.filter_text)
        gone = await threads.prune(self.playground, self.targets, shown, self.listing)
        if gone is None:
            return
        self.listing.facts.outdate(thread.thread_id for thread in shown)
        self._forget_threads(gone)
        conversation = self.conversation
        if not gone and conversation is not None and conversation.thread_id is not None and not conversation.active:
            self.open_thread(conversation.thread_id, self.runnable.ref if self.runnable else None)

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_delete(self) -> None:
        """Delete the marked threads, or the one under the cursor; from elsewhere the open one."""
        from playground.tui.usecases import threads

        if (those := await self._to_delete()) and (gone := await threads.delete(self.playground, those, self.listing)):
            self._forget_threads(gone)

    async def _to_delete(self) -> list[Thread]:
        if self.in_list:
            return self.targets
        if self.thread_id is None or self.client is None:
            return []
        known = self.listing.by_id.get(self.thread_id)
        return [known or await self.client.threads.get(self.thread_id)]

    def _forget_threads(self, thread_ids: Sequence[str]) -> None:
        """They are gone."""
        gone = set(thread_ids)
        if self.thread_id in gone:
            self.show_conversation(None)
        left = [thread for thread in self.listing.threads if thread.thread_id not in gone]
        self.marked -= gone
        self._show_list(replace(self.listing, threads=left))
        self.load_threads()
