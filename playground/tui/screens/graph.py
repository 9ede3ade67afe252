"""One graph: its drawing, what it takes and gives, what its assistants configure, and where its code is."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from playground.client.errors import PlaygroundError
from playground.client.values import Graph, Schemas
from playground.tui.graphs.facts import (
    about_content,
    failure_content,
    notices_about,
    schema_content,
    schema_json,
    schema_json_content,
    source_content,
    source_place,
)
from playground.tui.screens.base import PlaygroundScreen
from playground.tui.text import MUTED, join, one_line, safe
from playground.tui.widgets.graph_drawing import GraphDrawing
from playground.tui.widgets.pane import Pane
from playground.tui.widgets.pane_tabs import PaneTabs

if TYPE_CHECKING:
    from playground.client.client import Client

VIEWS: Final = (
    ("drawing", "Drawing"),
    ("input", "Input"),
    ("output", "Output"),
    ("state", "State"),
    ("context", "Context"),
    ("source", "Source"),
)
SCHEMAS: Final = ("input", "output", "state", "context")
_STATES: Final = {"ready": "● ready", "failed": "✘ failed", "loading": "… loading"}
_MOST_SOURCE = 2_000_000  # characters of a file


class GraphScreen(PlaygroundScreen):
    """Lies over Browse; Escape goes back. Follows the code: a graph that is loaded anew is read anew."""

    MODE = "browse"
    AUTO_FOCUS = ""
    HELP = (
        "● is a node, ◆ one where several ways meet, ▸ a subgraph (Enter opens it). → is always taken, ⇢ if something "
        "says so, with what in brackets; ↺ leads back up. A graph is code: F4 opens it where it is defined."
    )
    DEFAULT_CSS = """
    GraphScreen {
        PaneTabs { display: block; }
        #graph { height: 1fr; }
        #graph-about { height: auto; max-height: 4; padding: 0 1; margin-bottom: 1; display: none; }
        #graph-scroll { height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; display: none; }
        GraphDrawing { height: 1fr; display: none; }
        #graph-about.-shown, #graph-scroll.-shown, GraphDrawing.-shown { display: block; }
        &.-source #graph-body { text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,1", "back", "Back", id="graph.back", tooltip="Back to Browse"),
        Binding("tab", "view(1)", "Next view", id="graph.next", tooltip="Drawing, schemas, source"),
        Binding("shift+tab", "view(-1)", "Previous view", id="graph.previous", show=False, tooltip="The view before"),
        Binding("J", "json", "JSON", id="graph.json", tooltip="The raw JSON schema, and back to its fields"),
        Binding("y", "copy", "Copy", id="graph.copy", tooltip="Copy the drawing as text, the schema, or the place"),
        Binding("Y", "mermaid", "Mermaid", id="graph.mermaid", tooltip="Copy the drawing as Mermaid"),
        Binding("f4", "source", "Source", id="graph.source", tooltip="Open the code in $EDITOR, where it is defined"),
        Binding("f2", "traceback", "Traceback", id="graph.traceback", show=False, tooltip="Why it failed, in full"),
        Binding("f5,r", "reload", "Reload", id="graph.reload", show=False, tooltip="Read it again"),
        Binding("j,down", "scroll('down')", "Down", id="graph.down", show=False, tooltip="Scroll down"),
        Binding("k,up", "scroll('up')", "Up", id="graph.up", show=False, tooltip="Scroll up"),
        Binding("g", "scroll('home')", "Top", id="graph.top", show=False, tooltip="To the top"),
        Binding("G", "scroll('end')", "End", id="graph.end", show=False, tooltip="To the end"),
    ]

    def __init__(self, graph_id: str) -> None:
        super().__init__()
        self._graph = Graph(graph_id, "loading")
        self.view = "drawing"
        self._json = False
        self._schemas: Schemas | None = None
        self._code: str | None = None
        self._problem: Content | None = None
        self._drawn = False

    def compose_body(self) -> ComposeResult:
        """The views' names, and the one that is shown."""
        yield PaneTabs(VIEWS, self.view)
        with Pane(id="graph"):
            yield Static(id="graph-about")
            yield GraphDrawing(id="graph-drawn")
            with VerticalScroll(id="graph-scroll"):
                yield Static(id="graph-body")

    def on_mount(self) -> None:
        """Nothing is known yet."""
        self._show()

    def on_unmount(self) -> None:
        """The app tells it nothing any more."""
        if self in self.playground.screens_opened:
            self.playground.screens_opened.remove(self)

    # Reading

    @property
    def is_read(self) -> bool:
        """Whether all that there is to show is there."""
        return self._graph.state == "failed" or (self._graph.state == "ready" and self._drawn)

    def on_connected(self) -> None:
        """Read it."""
        self._load()

    def on_graphs_changed(self, graphs: list[Graph]) -> None:
        """It was loaded, or failed. Other code comes with another server process: `on_connected` tells of that."""
        if any(graph.graph_id == self._graph.graph_id and graph != self._graph for graph in graphs):
            self._load()

    @work(group="graph", exclusive=True, exit_on_error=False)
    async def _load(self) -> None:
        client = self.client
        if client is None:
            return
        self._problem = None
        try:
            await self._read(client)
        except PlaygroundError as error:
            self._problem = join(safe(f"✘ {error.sentence}", "$text-error"), safe("\n\nr tries again.", MUTED))
        self._show()

    async def _read(self, client: "Client") -> None:
        graph_id = self._graph.graph_id
        graphs, notices = await asyncio.gather(client.graphs.list(), client.graphs.notices())
        self._graph = next(
            (graph for graph in graphs if graph.graph_id == graph_id), Graph(graph_id, "failed", "Gone.")
        )
        self._code = await asyncio.to_thread(_read_source, self._graph.source)
        about = notices_about(notices, graph_id)
        if self._graph.state != "ready":
            self._tell(about_content(self._graph, about, None))
            return
        (drawing, refused), self._schemas = await asyncio.gather(
            client.graphs.opened_drawing(graph_id), client.graphs.schemas(graph_id)
        )
        self._tell(about_content(self._graph, about, refused))
        self.query_one(GraphDrawing).show(drawing)
        self._drawn = True

    # Showing

    def _tell(self, about: Content) -> None:
        shown = self.query_one("#graph-about", Static)
        shown.update(about)
        shown.set_class(bool(about.plain), "-shown")

    def _show(self) -> None:
        pane = self.query_one("#graph", Pane)
        title = dict(VIEWS)[self.view]
        place = f"  {source_place(self._graph).rpartition('/')[2]}" if self.view == "source" else ""
        pane.border_title = join(one_line(self._graph.graph_id, 60), safe(f" · {title}{place}", "not bold"))
        pane.border_subtitle = safe(_STATES.get(self._graph.state, ""))
        drawing = self.view == "drawing" and self._graph.state == "ready" and self._drawn and self._problem is None
        self.query_one(GraphDrawing).set_class(drawing, "-shown")
        scroller = self.query_one("#graph-scroll", VerticalScroll)
        scroller.set_class(not drawing, "-shown")
        self.set_class(self.view == "source", "-source")
        self.query_one(PaneTabs).show_current(self.view)
        if not drawing:
            self.query_one("#graph-body", Static).update(self._body())
        self.set_focus(self.query_one(GraphDrawing).list if drawing else scroller)
        self.refresh_bindings()

    def _body(self) -> Content:
        """What the other views show: the source whatever state the graph is in, else the state's word, or a schema."""
        if self.view == "source":
            return source_content(self._graph, self._code)
        if self._problem is not None:
            return self._problem
        if self._graph.state == "failed":
            return failure_content(self._graph)
        if self._graph.state != "ready" or self._schemas is None:
            return safe("Loading…", MUTED)
        schema = self._schema
        return schema_json_content(schema) if self._json and schema else schema_content(self.view, schema, self._width)

    @property
    def _width(self) -> int:
        return self.query_one("#graph-scroll").scrollable_content_region.width or self.size.width - 6

    def on_resize(self) -> None:
        """Fields are wrapped anew."""
        if self.view in SCHEMAS:
            self.call_after_refresh(self._show)

    @property
    def _schema(self) -> dict[str, Any] | None:
        """The one that is shown."""
        return getattr(self._schemas, self.view, None)

    # Moving

    @on(PaneTabs.Picked)
    def _tab_picked(self, event: PaneTabs.Picked) -> None:
        self._go_to(event.pane)

    def action_view(self, by: int) -> None:
        """The next view."""
        names = [name for name, _ in VIEWS]
        self._go_to(names[(names.index(self.view) + by) % len(names)])

    def _go_to(self, view: str) -> None:
        if view != self.view:
            self.view = view
            self._show()
            self.query_one("#graph-scroll", VerticalScroll).scroll_home(animate=False)
            if view == "source":
                self.call_after_refresh(self._scroll_to_line)

    def _scroll_to_line(self) -> None:
        """The graph's own line a third down the pane."""
        scroller = self.query_one("#graph-scroll", VerticalScroll)
        rows = [line.plain for line in self._body().split("\n", allow_blank=True)]
        at = next((index for index, row in enumerate(rows) if row.startswith("▌")), 0)
        if at > scroller.size.height * 2 // 3:
            scroller.scroll_to(y=at - scroller.size.height // 3, animate=False)

    def action_scroll(self, where: str) -> None:
        """Scroll the text."""
        getattr(self.query_one("#graph-scroll", VerticalScroll), f"scroll_{where}")(animate=False)

    def action_json(self) -> None:
        """The raw schema, or its fields."""
        self._json = not self._json
        self._show()

    def action_back(self) -> None:
        """To Browse."""
        self.dismiss(None)

    def action_reload(self) -> None:
        """Read it again."""
        self._load()

    # Doing

    def action_copy(self) -> None:
        """Copy what is shown."""
        if self.view == "source":
            self.playground.copy(source_place(self._graph), "the place of the graph's code")
        elif self.view == "drawing":
            self.playground.copy(self.query_one(GraphDrawing).text, "the drawing as text")
        else:
            self.playground.copy(schema_json(self._schema), f"the {self.view} schema as JSON")

    def action_mermaid(self) -> None:
        """Copy the drawing for a document."""
        self.playground.copy(self.query_one(GraphDrawing).mermaid, "the drawing as Mermaid")

    def action_source(self) -> None:
        """Open the code."""
        if self._graph.source is not None:
            self.playground.open_editor(self._graph.source, self._graph.line)

    def action_traceback(self) -> None:
        """Why it failed, else what was said last."""
        if self._graph.state == "failed":
            self.playground.show_details(self._graph.error or "It failed to load.", self._graph.traceback or "")
        else:
            self.playground.action_show_details()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide the keys that would do nothing here."""
        if action == "json":
            return self.view in SCHEMAS and bool(self._schema)
        if action == "mermaid":
            return self.view == "drawing" and self._drawn
        if action == "copy":
            shown = self._drawn if self.view == "drawing" else self._schema is not None
            return shown or (self.view == "source" and self._graph.source is not None)
        if action == "scroll":
            return self.is_mounted and self.focused is self.query_one("#graph-scroll")
        return action != "source" or self._graph.source is not None


def _read_source(source: str | None) -> str | None:
    """The file's text; None if it isn't here."""
    if source is None:
        return None
    try:
        with Path(source).open(encoding="utf-8", errors="replace") as file:
            return file.read(_MOST_SOURCE)
    except OSError:
        return None
