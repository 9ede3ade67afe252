"""What Browse shows: three lists that follow each other, read in the background and kept up to date."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from textual import on, work
from textual.app import ComposeResult

from playground.client.errors import PlaygroundError
from playground.tui.browse.catalog import Catalog
from playground.tui.browse.drafts import listed_drafts
from playground.tui.browse.forks import origin
from playground.tui.browse.listing import Listing
from playground.tui.browse.marks import Mark, Marks
from playground.tui.browse.order import USUAL, Order, name_of, order_named
from playground.tui.browse.reading import BrowseReading
from playground.tui.browse.rows import draft_rows, graph_rows, version_rows
from playground.tui.browse.versions import NOTHING, VersionsShown
from playground.tui.screens.base import PlaygroundScreen
from playground.tui.text import count, join, one_line, safe
from playground.tui.ui_state import read_word, write_word
from playground.tui.widgets.assistants_pane import MISFITS
from playground.tui.widgets.browse_panes import COLUMNS, BrowsePanes
from playground.tui.widgets.graph_pane import graph_details
from playground.tui.widgets.misfits_strip import MisfitsStrip
from playground.tui.widgets.pane_tabs import PaneTabs
from playground.tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from textual.worker import Worker

    from playground.client.values import Assistant, Draft, Graph, Version

AGES_EVERY: Final = 60
"""Seconds after which ages are shown anew."""
LOOK_EVERY: Final = 15
"""Seconds after which an idle screen looks for what other terminals changed."""
_STEADY: Final = 0.06
"""Seconds the cursor rests on an assistant before its versions are read: not at every row that it passes."""
_ORDER: Final = "browse.order"


class BrowseLists(PlaygroundScreen):
    """Graphs, assistants and versions side by side, without the keys that do something to them."""

    def __init__(self) -> None:
        super().__init__()
        self.reading = BrowseReading()
        self.order = order_named(read_word(_ORDER))
        self.shown: VersionsShown = NOTHING
        self.panes = BrowsePanes()
        self._ready = False
        self.marks = Marks()
        self._wanted = self._wanted_whole = False
        self._reader: Worker[None] | None = None

    def compose_body(self) -> ComposeResult:
        """The tabs that stand for the panes where the screen is narrow; the panes come after the first paint."""
        yield PaneTabs(COLUMNS, "assistants")

    async def on_painted(self) -> None:
        """Mount the panes. Nothing is known yet: say so. Ages move once a minute."""
        await self.mount(self.panes, after=self.query_one(PaneTabs))
        self._ready = True
        self.panes.assistants.list.focus()
        self._tell("Starting the server…")
        self.set_interval(AGES_EVERY, self._show_catalog)
        self.set_interval(LOOK_EVERY, self._look_around)
        if self.client is not None:
            self.on_connected()

    # What is under the cursors

    @property
    def column(self) -> str:
        """Where the user is: `graphs`, `assistants` or `versions`."""
        return self.panes.column

    @property
    def catalog(self) -> Catalog:
        """What the server has, as it was read last."""
        return self.reading.catalog

    @property
    def graph(self) -> Graph | None:
        """The graph under the cursor."""
        return self.catalog.graph(self.panes.graphs.key)

    @property
    def assistant(self) -> Assistant | None:
        """The assistant under the cursor."""
        return self.catalog.assistant(self.panes.assistants.key)

    @property
    def draft(self) -> Draft | None:
        """The draft under the cursor, while the user is among them."""
        return self.catalog.draft(self.panes.drafts.key or "") if self.panes.in_drafts else None

    @property
    def versions(self) -> tuple[Version, ...]:
        """The versions that are listed, newest first."""
        return self.shown.versions

    @property
    def version(self) -> Version | None:
        """The version under the cursor."""
        return self.shown.version(self.panes.versions.key)

    @property
    def active_version(self) -> Version | None:
        """The active one of the versions that are listed."""
        return self.shown.active

    @property
    def details(self) -> object:
        """What was read of graphs."""
        return self.reading.details

    def subject(self) -> Mark | None:
        """What a key acts on: the version under the cursor, or the assistant."""
        if self.column == "versions":
            return Mark(self.version.assistant_id, self.version.version) if self.version else None
        return Mark(self.assistant.assistant_id) if self.assistant else None

    # Reading

    def on_connected(self) -> None:
        """Read what the server has; what is shown stays until then."""
        if not self._ready:
            return
        self.reading.details.clear()
        if not self.reading.is_read:
            self._tell("Loading…")
        self.reload(whole=True)

    def on_screen_resume(self) -> None:
        """Something may have been saved on another screen; what is known is shown first."""
        if self.reading.is_read:
            self.call_after_refresh(self.reload)

    def _look_around(self) -> None:
        if self.is_current and self.app.app_focus and self.reading.is_read:
            self.reload()

    def on_graphs_changed(self, graphs: list[Graph]) -> None:
        """Graphs become ready one by one, each with its default assistant."""
        if not self._ready:
            return
        self.reading.graphs_changed(graphs)
        self._show_catalog()
        self.reload()
        if self.reading.is_read:
            self._examine()  # with other code, others fit

    def reload(self, whole: bool = False) -> Worker[None]:
        """Read what changed, or everything, in the background; what is shown stays meanwhile."""
        self._wanted, self._wanted_whole = True, self._wanted_whole or whole
        if self._reader is not None and not self._reader.is_finished:
            return self._reader
        reader: Worker[None] = self._read()
        self._reader = reader
        return reader

    @work(group="catalog", exit_on_error=False)
    async def _read(self) -> None:
        """Read as long as somebody wants it: a list of ten thousand is not begun anew because it is wanted twice."""
        while self._wanted and self.client is not None:
            whole, self._wanted, self._wanted_whole = self._wanted_whole, False, False
            first = not self.reading.is_read
            try:
                changed = await self.reading.read(self.client, whole)
            except PlaygroundError as error:
                self._failed(error)
                return
            if changed:
                self._show_read(first)
                self._examine()
            self._load_versions(reread=True)
            self._load_details()
        self._wanted = False

    def _show_read(self, first: bool) -> None:
        self.marks.keep({assistant.assistant_id for assistant in self.catalog.assistants})
        self._show_catalog()
        if first and (latest := self.catalog.latest_own()):
            self.panes.graphs.list.move_to(latest.graph_id)
        if first:
            self.call_after_refresh(self.playground.lists_painted)

    @work(group="versions", exclusive=True, exit_on_error=False)
    async def _load_versions(self, reread: bool = False) -> None:
        """The versions of the assistant under the cursor. What was shown stays until they are there."""
        if not reread:
            await asyncio.sleep(_STEADY)
        assistant = self.assistant
        if assistant is None:
            self._show_versions(NOTHING)
        elif self.client is not None and (reread or self.shown.assistant != assistant):
            self._show_versions(await self.reading.read_versions(self.client, assistant))

    @work(group="details", exclusive=True, exit_on_error=False)
    async def _load_details(self) -> None:
        """Drawing and schemas of the graph under the cursor."""
        graph = self.graph
        if graph is None:
            return
        if graph.state == "ready" and self.client is not None:
            self._show_details(graph)
            await self.reading.read_details(self.client, graph.graph_id)
            self._show_changes()  # its schema says what is a secret
        self._show_details(graph)

    @work(group="examine", exclusive=True, exit_on_error=False)
    async def _examine(self) -> None:
        """What takes longer than to list: how much drafts change, which assistants no longer fit."""
        if self.client is None:
            return
        await self.reading.count_drafts(self.client)
        self._show_drafts()
        if await self.reading.find_misfits(self.client):
            self._show_assistants()
            self._show_changes()

    # Showing

    def _tell(self, message: str) -> None:
        for pane in (self.panes.graphs, self.panes.assistants, self.panes.versions):
            pane.set_message(message)

    def _failed(self, error: PlaygroundError) -> None:
        self.playground.report(error)
        if not self.reading.is_read:
            self.panes.graphs.set_message("")
            self.panes.versions.set_message("")
            self.panes.assistants.set_message(join(safe(f"✘ {error.sentence}", "$text-error"), "\n\nr tries again."))

    def _show_catalog(self) -> None:
        if not self.catalog.graphs and not self.reading.is_read:
            return
        self.panes.graphs.set_rows(graph_rows(self.catalog), "No graphs: langgraph.json names none.")
        self._show_assistants()

    def _show_assistants(self) -> None:
        graph_id = self.panes.graphs.key
        listing = Listing(self.catalog, graph_id, self.order, frozenset(self.reading.misfits))
        self.panes.assistants.show(listing, self.playground.now(), self._no_assistants())
        self._show_drafts()
        self.show_marks()

    def _no_assistants(self) -> str:
        graph = self.graph
        name = one_line(graph.graph_id, 60) if graph else "it"
        if graph and graph.state == "failed":
            return "This graph failed: fix it, and its assistants are here."
        return f"No assistant of {name}. n makes one, I imports." if self.reading.is_read else f"{name} is loading…"

    def _show_drafts(self) -> None:
        graph_id = self.panes.graphs.key
        drafts = listed_drafts(self.catalog, graph_id, self.reading.draft_fields)
        was_there = self.panes.in_drafts
        self.panes.drafts.show(draft_rows(drafts, graph_id, self.playground.now()))
        if was_there and not drafts:
            self.panes.go_to("assistants")

    def _show_versions(self, shown: VersionsShown) -> None:
        other = shown.assistant is not None and shown.assistant_id != self.shown.assistant_id
        self.shown = shown
        assistant, pane = shown.assistant, self.panes.versions
        pane.set_title(join("Versions of ", one_line(assistant.name, 60)) if assistant else "Versions")
        pane.border_subtitle = safe(self._about(assistant) if assistant else "")
        pane.set_rows(version_rows(shown.versions, self.playground.now()), "No assistant under the cursor.")
        if other and shown.active is not None:
            pane.list.move_to(str(shown.active.version))
        self._show_changes()
        self.show_marks()

    def _about(self, assistant: Assistant) -> str:
        """What the list of assistants has no room for where it is narrow."""
        source = origin(assistant, self.catalog)
        runs = count(assistant.runs, "run") if assistant.runs else ""
        return " · ".join(part for part in (f"forked from {source}" if source else "", runs) if part)

    def _show_changes(self) -> None:
        version = self.version
        left, right = self.shown.compared(version)
        facts = self.shown.facts(version, self.playground.now()) if version else ()
        problems = self.reading.misfits.get(version.assistant_id, ()) if version and version.active else ()
        left, right = (one and (self.reading.masked(one) or one) for one in (left, right))
        self.panes.changes.show(version, left, right, facts, problems)
        self.refresh_bindings()

    def _show_details(self, graph: Graph) -> None:
        if self.panes.graphs.key == graph.graph_id:
            drawing, schemas = self.reading.details.get(graph.graph_id, (None, None))
            self.panes.graphs.show_details(graph_details(graph, drawing, schemas))

    def show_marks(self) -> None:
        panes = self.panes
        panes.assistants.list.set_marked(self.marks.assistants())
        panes.versions.list.set_marked(self.marks.versions(self.shown.assistant_id))
        marked = f"{len(self.marks)} marked · c compares" if self.marks else ""
        order = f"by {self.order.sentence}" if self.order != USUAL else ""
        panes.assistants.border_subtitle = safe(" · ".join(part for part in (order, marked) if part))
        self.refresh_bindings()

    # Moving

    @on(RowList.Moved, "#graphs-list")
    def _graph_moved(self) -> None:
        self._show_assistants()
        self._load_details()

    @on(RowList.Moved, "#assistants-list")
    def _assistant_moved(self) -> None:
        self._load_versions()
        self.refresh_bindings()

    @on(RowList.Moved, "#versions-list")
    def _version_moved(self) -> None:
        self._show_changes()

    @on(MisfitsStrip.Asked)
    async def _misfits_asked(self) -> None:
        """Only those that no longer fit; asked again, everything."""
        pane = self.panes.assistants
        if pane.filter_text == MISFITS:
            pane.clear_filter()
        else:
            await pane.filter_by(MISFITS)
            pane.list.focus()
        self._show_assistants()

    @on(PaneTabs.Picked)
    def _tab_picked(self, event: PaneTabs.Picked) -> None:
        self.panes.go_to(event.pane)

    @on(BrowsePanes.Changed)
    def _column_changed(self) -> None:
        self.query_one(PaneTabs).show_current(self.column)
        self.refresh_bindings()

    def show(self, graph_id: str, assistant_id: str | None = None) -> None:
        """Put the cursors on the graph and the assistant."""
        panes = self.panes
        panes.graphs.clear_filter()
        panes.assistants.clear_filter()
        panes.graphs.list.move_to(graph_id)
        self._show_assistants()
        if assistant_id is not None:
            panes.assistants.list.move_to(assistant_id)
        panes.go_to("assistants")

    # The order

    @on(RowList.SortAsked, "#assistants-list")
    def _sort_asked(self, event: RowList.SortAsked) -> None:
        """A click on a column's title sorts by it, a second one the other way round."""
        self.sort(self.order.flipped() if event.sort == self.order.by else Order(event.sort))

    @work(group="order", exclusive=True, exit_on_error=False)
    async def sort(self, order: Order) -> None:
        self.order = order
        self._show_assistants()
        await asyncio.to_thread(write_word, _ORDER, name_of(order))
