"""Browse: the graphs, their assistants, the versions of each, and what differs between them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical

from playground.client.errors import PlaygroundError
from playground.tui.catalog import Catalog
from playground.tui.marks import Mark, Marks
from playground.tui.rows import ASSISTANT_COLUMNS, VERSION_COLUMNS, assistant_rows, graph_rows, version_rows
from playground.tui.screens.base import PlaygroundScreen
from playground.tui.text import join, one_line, safe
from playground.tui.widgets.changes_pane import ChangesPane
from playground.tui.widgets.graph_pane import GraphPane, graph_details
from playground.tui.widgets.list_pane import FilterInput, ListPane
from playground.tui.widgets.pane import Pane
from playground.tui.widgets.pane_tabs import PaneTabs
from playground.tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from playground.client.values import Assistant, Graph, Schemas, Version

    Details = tuple[dict[str, object], Schemas]  # what the server says of a graph: its drawing, its schemas

COLUMNS: Final = (("graphs", "Graphs"), ("assistants", "Assistants"), ("versions", "Versions"))


class Panes(Horizontal):
    """Three columns."""

    def compose(self) -> ComposeResult:
        """Graphs, assistants, and the versions over what differs between them."""
        with Vertical(id="graphs-column", classes="column"):
            yield GraphPane()
        with Vertical(id="assistants-column", classes="column -current"):
            yield ListPane("Assistants", *ASSISTANT_COLUMNS, header=True, id="assistants")
        with Vertical(id="versions-column", classes="column"):
            yield ListPane("Versions", *VERSION_COLUMNS, id="versions")
            yield ChangesPane()


class BrowseScreen(PlaygroundScreen):
    """Graphs, assistants and versions side by side; on a narrow screen one after the other."""

    MODE = "browse"
    CSS_PATH = "browse.tcss"
    HELP = (
        "A graph is code; an assistant is a named configuration of it; every save makes a version. "
        "The active version runs when none is named. Mark two to four versions or assistants with Space and compare "
        "them with c."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "mark", "Mark", id="browse.mark", tooltip="Mark for a comparison"),
        Binding("c", "compare", "Compare", id="browse.compare", tooltip="Run the marked side by side"),
        Binding("d", "diff", "Diff", id="browse.diff", tooltip="What differs: the marked two, or this to the active"),
        Binding("t", "chat", "Chat", id="browse.chat", tooltip="Talk to it on a new thread"),
        Binding("e", "edit", "Edit", id="browse.edit", tooltip="Edit it; saving makes a new version"),
        Binding("n", "new", "New", id="browse.new", tooltip="A new assistant of this graph"),
        Binding("f", "fork", "Fork", id="browse.fork", tooltip="A new assistant that starts as a copy of this version"),
        Binding("p", "make_active", "Make active", id="browse.promote", tooltip="Make this version the active one"),
        Binding("L", "label", "Label", id="browse.label", tooltip="Name this version: prod, staging, …"),
        Binding("y", "copy", "Copy", id="browse.copy", show=False, tooltip="Copy its id, or the version's context"),
        Binding("D", "delete", "Delete", id="browse.delete", show=False, tooltip="Delete the assistant; asks first"),
        Binding("slash", "filter", "Filter", id="browse.filter", tooltip="Filter this list as you type"),
        Binding("z", "zoom", "Zoom", id="browse.zoom", show=False, tooltip="This pane on the whole screen, and back"),
        Binding("f4", "source", "Source", id="browse.source", show=False, tooltip="Open the graph's source in $EDITOR"),
        Binding("f5,r", "reload", "Reload", id="browse.reload", show=False, tooltip="Read everything again"),
        Binding(
            "escape",
            "back",
            "Back",
            id="browse.back",
            show=False,
            system=True,
            tooltip="Unzoom, unfilter, or a pane back",
        ),
        Binding(
            "tab,right", "pane(1)", "Next pane", id="browse.next_pane", show=False, system=True, tooltip="To the right"
        ),
        Binding(
            "shift+tab,left",
            "pane(-1)",
            "Previous pane",
            id="browse.previous_pane",
            show=False,
            system=True,
            tooltip="To the left",
        ),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.catalog = Catalog()
        self._ready = False
        self._loaded = False
        self._shown: tuple[Assistant, tuple[Version, ...]] | None = None
        self.details: dict[str, Details] = {}
        self._marks = Marks()

    def compose_body(self) -> ComposeResult:
        """The tabs that stand for the panes where the screen is narrow; the panes come after the first paint."""
        yield PaneTabs(COLUMNS, "assistants")

    async def on_painted(self) -> None:
        """Mount the panes. Nothing is known yet: say so. Ages move once a minute."""
        await self.mount(Panes(), after=self.query_one(PaneTabs))
        self._ready = True
        self._assistants.list.focus()
        self._tell("Starting the server…")
        self.set_interval(60, self._show_catalog)
        if self.client is not None:
            self.on_connected()

    # The panes

    @property
    def _graphs(self) -> GraphPane:
        return self.query_one(GraphPane)

    @property
    def _assistants(self) -> ListPane:
        return self.query_one("#assistants", ListPane)

    @property
    def _versions(self) -> ListPane:
        return self.query_one("#versions", ListPane)

    @property
    def graph(self) -> Graph | None:
        """The graph under the cursor."""
        return self.catalog.graph(self._graphs.key)

    @property
    def assistant(self) -> Assistant | None:
        """The assistant under the cursor."""
        return self.catalog.assistant(self._assistants.key)

    @property
    def versions(self) -> tuple[Version, ...]:
        """The versions that are listed, newest first."""
        return self._shown[1] if self._shown else ()

    @property
    def version(self) -> Version | None:
        """The version under the cursor."""
        key = self._versions.key
        return next((version for version in self.versions if str(version.version) == key), None)

    @property
    def active_version(self) -> Version | None:
        """The active one of the versions that are listed."""
        return next((version for version in self.versions if version.active), None)

    @property
    def column(self) -> str:
        """Where the user is: `graphs`, `assistants` or `versions`."""
        return next((name for name, _ in COLUMNS if self.query_one(f"#{name}-column").has_class("-current")), "graphs")

    # Loading

    def on_connected(self) -> None:
        """Read what the server has; what is shown stays until then."""
        if not self._ready:
            return
        self.details.clear()
        if not self._loaded:
            self._tell("Loading…")
        self.reload()

    def on_screen_resume(self) -> None:
        """Something may have been saved on another screen."""
        if self._loaded:
            self.reload()

    def on_graphs_changed(self, graphs: list[Graph]) -> None:
        """Graphs become ready one by one, each with its default assistant."""
        if not self._ready:
            return
        self.details.clear()
        self.catalog = self.catalog.with_graphs(graphs)
        self._show_catalog()
        self.reload()

    @work(group="catalog", exclusive=True, exit_on_error=False)
    async def reload(self) -> None:
        """Read graphs, assistants and drafts: three requests and their pages, whatever there is."""
        client = self.client
        if client is None:
            return
        try:
            graphs, assistants, drafts = await asyncio.gather(
                client.graphs.list(), client.assistants.list(), client.notes.drafts()
            )
        except PlaygroundError as error:
            self._failed(error)
            return
        self.catalog = Catalog(tuple(graphs), tuple(assistants), tuple(drafts))
        first, self._loaded = not self._loaded, True
        self._marks.keep({assistant.assistant_id for assistant in assistants})
        self._show_catalog()
        if first and (latest := self.catalog.latest_own()):
            self._graphs.list.move_to(latest.graph_id)
        if first:
            self.call_after_refresh(self.playground.lists_painted)
        self._load_versions(reread=True)
        self._load_details()

    @work(group="versions", exclusive=True, exit_on_error=False)
    async def _load_versions(self, reread: bool = False) -> None:
        """The versions of the assistant under the cursor. What was shown stays until they are there."""
        assistant = self.assistant
        if assistant is None:
            self._show_versions(None, ())
        elif self.client is not None and (reread or self._shown is None or self._shown[0] != assistant):
            versions = await self.client.assistants.versions(assistant.assistant_id)
            self._show_versions(assistant, tuple(versions))

    @work(group="details", exclusive=True, exit_on_error=False)
    async def _load_details(self) -> None:
        """Drawing and schemas of the graph under the cursor, once a graph."""
        graph, client = self.graph, self.client
        if graph is None:
            return
        if graph.graph_id not in self.details and graph.state == "ready" and client is not None:
            self._show_details(graph)
            drawing, schemas = await asyncio.gather(
                client.graphs.drawing(graph.graph_id), client.graphs.schemas(graph.graph_id)
            )
            self.details[graph.graph_id] = (dict(drawing), schemas)
        self._show_details(graph)

    # Showing

    def _tell(self, message: str) -> None:
        for pane in (self._graphs, self._assistants, self._versions):
            pane.set_message(message)

    def _failed(self, error: PlaygroundError) -> None:
        self.playground.report(error)
        if not self._loaded:
            self._graphs.set_message("")
            self._versions.set_message("")
            self._assistants.set_message(join(safe(f"✘ {error.sentence}", "$text-error"), "\n\nr tries again."))

    def _show_catalog(self) -> None:
        if not self.catalog.graphs and not self._loaded:
            return
        self._graphs.set_rows(graph_rows(self.catalog), "No graphs: langgraph.json names none.")
        self._show_assistants()

    def _show_assistants(self) -> None:
        graph = self.graph
        rows = assistant_rows(self.catalog, self._graphs.key, self.playground.now())
        name = one_line(graph.graph_id, 60) if graph else "it"
        empty = (
            "This graph failed: fix it, and its assistants are here."
            if graph and graph.state == "failed"
            else (f"{name} is loading…" if not self._loaded else f"No assistant of {name}. n makes one.")
        )
        self._assistants.set_rows(rows, empty)
        self._show_marks()

    def _show_versions(self, assistant: Assistant | None, versions: tuple[Version, ...]) -> None:
        before = self._shown[0].assistant_id if self._shown else None
        other = assistant is not None and assistant.assistant_id != before
        self._shown = (assistant, versions) if assistant else None
        title = join("Versions of ", one_line(assistant.name, 60)) if assistant else "Versions"
        self._versions.set_title(title)
        self._versions.set_rows(version_rows(versions, self.playground.now()), "No assistant under the cursor.")
        if other and self.active_version is not None:
            self._versions.list.move_to(str(self.active_version.version))
        self._show_changes()
        self._show_marks()

    def _show_changes(self) -> None:
        left, right = self._compared()
        self.query_one(ChangesPane).show(self.version, left, right)
        self.refresh_bindings()

    def _compared(self) -> tuple[Version | None, Version | None]:
        """The version under the cursor and the active one; at the active one, what it changed of the one before."""
        version, active = self.version, self.active_version
        if version is None or active is None:
            return None, None
        if version.version != active.version:
            return version, active
        older = [one for one in self.versions if one.version < version.version]
        return (older[0], version) if older else (None, version)

    def _show_details(self, graph: Graph) -> None:
        if self._graphs.key == graph.graph_id:
            drawing, schemas = self.details.get(graph.graph_id, (None, None))
            self._graphs.show_details(graph_details(graph, drawing, schemas))

    def _show_marks(self) -> None:
        shown = self._shown[0].assistant_id if self._shown else ""
        self._assistants.list.set_marked(self._marks.assistants())
        self._versions.list.set_marked(self._marks.versions(shown))
        self._assistants.border_subtitle = safe(f"{len(self._marks)} marked · c compares" if self._marks else "")
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

    @on(RowList.Opened, "#graphs-list")
    def _graph_opened(self) -> None:
        graph = self.graph
        if graph is not None and graph.state == "failed":
            self.playground.show_details(graph.error or "It failed to load.", graph.traceback or "")
        else:
            self._go_to("assistants")

    @on(RowList.Opened, "#assistants-list, #versions-list")
    def _opened(self) -> None:
        self.action_chat()

    @on(RowList.MarkToggled)
    def _mark_clicked(self) -> None:
        self.action_mark()

    @on(PaneTabs.Picked)
    def _tab_picked(self, event: PaneTabs.Picked) -> None:
        self._go_to(event.pane)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The column with the focus is the current one: keys act on it, and a narrow screen shows it."""
        for node in event.widget.ancestors:
            if node.id and isinstance(node, Vertical) and node.has_class("column"):
                self._set_current(node.id.removesuffix("-column"))

    def _set_current(self, column: str) -> None:
        for name, _ in COLUMNS:
            self.query_one(f"#{name}-column").set_class(name == column, "-current")
        self.query_one(PaneTabs).show_current(column)
        self.refresh_bindings()

    def _go_to(self, column: str) -> None:
        self.minimize()
        self._set_current(column)
        pane = self.query_one(f"#{column}", ListPane)
        self.call_after_refresh(pane.list.focus)

    def action_pane(self, by: int) -> None:
        """The next pane, or the one before."""
        names = [name for name, _ in COLUMNS]
        self._go_to(names[(names.index(self.column) + by) % len(names)])

    def action_back(self) -> None:
        """Out of the zoom, else of the filter, else a pane to the left, at last the marks."""
        pane = self.query_one(f"#{self.column}", ListPane)
        if self.maximized is not None:
            self.minimize()
        elif pane.clear_filter():
            return
        elif self.column != "graphs":
            self.action_pane(-1)
        elif self._marks:
            self._marks.clear()
            self._show_marks()

    def action_zoom(self) -> None:
        """The pane with the focus on the whole screen, and back."""
        if self.maximized is not None:
            self.minimize()
        elif self.focused is not None:
            self.maximize(self.focused.query_ancestor(Pane))

    async def action_filter(self) -> None:
        """Type to filter the list."""
        await self.query_one(f"#{self.column}", ListPane).start_filter()

    def action_reload(self) -> None:
        """Read everything again."""
        self.details.clear()
        self.reload()

    # What works now

    def key_label(self, binding: Binding) -> str:
        """What the footer calls a key: how many are marked stands beside `c`."""
        if binding.id == "browse.compare" and self._marks:
            return f"Compare({len(self._marks)})"
        return binding.description

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide the keys that would do nothing here."""
        if not self._ready:
            return False
        column = self.column
        match action:
            case "filter":
                return not isinstance(self.focused, FilterInput)
            case "new":
                return self.graph is not None and self.client is not None
            case "mark" | "chat" | "edit" | "fork" | "diff":
                return column != "graphs" and self._subject() is not None
            case "compare":
                return column != "graphs" and (bool(self._marks) or self._subject() is not None)
            case "make_active":
                return column == "versions" and self.version is not None and not self.version.active
            case "label":
                return column == "versions" and self.version is not None
            case "delete":
                return column == "assistants" and self.assistant is not None
            case "source":
                return self.graph is not None and self.graph.source is not None
        return True

    def _subject(self) -> Mark | None:
        """What a key acts on: the version under the cursor, or the assistant."""
        if self.column == "versions":
            return Mark(self.version.assistant_id, self.version.version) if self.version else None
        return Mark(self.assistant.assistant_id) if self.assistant else None

    # Doing

    def action_mark(self) -> None:
        """Mark what is under the cursor for a comparison, or unmark it."""
        subject = self._subject()
        if subject is not None and not self._marks.toggle(subject):
            self.notify("A comparison takes up to four: unmark one first.", severity="warning", markup=False)
        self._show_marks()

    def action_compare(self) -> None:
        """Compare the marked; with fewer than two of them, the one under the cursor, too."""
        refs = self._marks.with_subject(self._subject(), self._versions_counterpart())
        if len(refs) < 2:
            self.notify("Mark two to four with Space, then c compares them.", markup=False)
        else:
            self.playground.compare(refs)

    def _versions_counterpart(self) -> Mark | None:
        """What a lone version is compared with: the active one, or the one before that."""
        left, right = self._compared()
        if self.column != "versions" or left is None or right is None:
            return None
        other = right if self.version == left else left
        return Mark(other.assistant_id, other.version)

    def action_chat(self) -> None:
        """Talk to it on a new thread."""
        subject = self._subject()
        if subject is not None:
            self.playground.chat(subject.ref)

    def action_edit(self) -> None:
        """Edit it."""
        subject = self._subject()
        if subject is not None:
            self.playground.edit(subject.assistant_id, subject.version)

    @work(group="usecase", exclusive=True, exit_on_error=False)
    async def action_diff(self) -> None:
        """What differs, in full: the two marked, else the version under the cursor and the active one."""
        pair = await self._pair()
        if pair is None:
            self.notify("There is only one version so far.", markup=False)
            return
        from playground.tui.screens.diff import DiffScreen

        self.app.push_screen(DiffScreen(*pair))

    async def _pair(self) -> tuple[Version, Version] | None:
        marks = list(self._marks)
        if len(marks) >= 2:
            first, second = await asyncio.gather(*(self._version_of(mark) for mark in marks[:2]))
            return first, second
        left, right = self._compared()
        return (left, right) if left and right else None

    async def _version_of(self, mark: Mark) -> Version:
        for version in self.versions:
            meant = version.active if mark.version is None else version.version == mark.version
            if meant and version.assistant_id == mark.assistant_id:
                return version
        return await self.playground.connected_client.version(mark.ref)

    @work(group="usecase", exclusive=True, exit_on_error=False)
    async def action_new(self) -> None:
        """A new assistant of the graph, at once in the editor."""
        from playground.tui import usecases

        graph = self.graph
        if graph is not None and (made := await usecases.create(self.playground, graph.graph_id)):
            self.playground.edit(made.assistant_id)

    @work(group="usecase", exclusive=True, exit_on_error=False)
    async def action_fork(self) -> None:
        """A new assistant that starts as a copy; the cursor goes to it."""
        from playground.tui import usecases

        subject = self._subject()
        if subject is None:
            return
        source = await self._version_of(subject)
        if made := await usecases.fork(self.playground, source):
            await self._reload_and_show(made)

    @work(group="usecase", exclusive=True, exit_on_error=False)
    async def action_make_active(self) -> None:
        """Make the version the active one."""
        from playground.tui import usecases

        version, active = self.version, self.active_version
        if version and active and await usecases.make_active(self.playground, version, active):
            self.reload()

    @work(group="usecase", exclusive=True, exit_on_error=False)
    async def action_label(self) -> None:
        """Give the version a label, or take one away."""
        from playground.tui import usecases

        if self.version and await usecases.set_label(self.playground, self.version):
            self.reload()

    @work(group="usecase", exclusive=True, exit_on_error=False)
    async def action_delete(self) -> None:
        """Delete the assistant."""
        from playground.tui import usecases

        assistant = self.assistant
        if assistant is None:
            return
        versions = await self.playground.connected_client.assistants.versions(assistant.assistant_id)
        if await usecases.delete(self.playground, assistant, versions):
            self.reload()

    async def _reload_and_show(self, assistant: Assistant) -> None:
        await self.reload().wait()
        self.show(assistant.graph_id, assistant.assistant_id)

    def show(self, graph_id: str, assistant_id: str | None = None) -> None:
        """Put the cursors on the graph and the assistant."""
        self._graphs.clear_filter()
        self._assistants.clear_filter()
        self._graphs.list.move_to(graph_id)
        self._show_assistants()
        if assistant_id is not None:
            self._assistants.list.move_to(assistant_id)
        self._go_to("assistants")

    def action_copy(self) -> None:
        """Copy an id (graph, assistant) or a version's context as JSON."""
        from playground.tui import usecases

        if self.column == "versions" and self.version is not None:
            self.playground.copy(usecases.context_json(self.version), f"the context of v{self.version.version}")
        elif self.column == "assistants" and self.assistant is not None:
            self.playground.copy(self.assistant.assistant_id, f"the id of {one_line(self.assistant.name, 60)}")
        elif self.graph is not None:
            self.playground.copy(self.graph.graph_id, "the graph's name")

    def action_source(self) -> None:
        """Open the graph's source."""
        if self.graph is not None and self.graph.source is not None:
            self.playground.open_editor(self.graph.source)
