"""A graph's drawing to walk through: a line a row, subgraphs open and close in place."""

from collections.abc import Mapping
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from playground.tui.drawing.mermaid import mermaid
from playground.tui.drawing.model import BETWEEN, Drawing, read
from playground.tui.drawing.outline import Line, as_text, full
from playground.tui.drawing.styled import line_content
from playground.tui.graphs.facts import node_content
from playground.tui.text import MUTED, join, safe
from playground.tui.widgets.columns import Column
from playground.tui.widgets.row_list import GUTTER, Row, RowList

_COPIED_WIDTH = 120


class GraphDrawing(Vertical):
    """The drawing over what there is to know about the node under the cursor."""

    DEFAULT_CSS = """
    GraphDrawing {
        #drawing-lines { height: 1fr; }
        #drawing-node {
            height: 4;
            border-top: solid $foreground 15%;
            padding: 0 1;
            text-wrap: nowrap;
            text-overflow: ellipsis;
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,l", "unfold(True)", "Open", id="drawing.open", show=False, tooltip="Open the subgraph"),
        Binding("left,h", "unfold(False)", "Close", id="drawing.close", show=False, tooltip="Close the subgraph"),
        Binding("E", "unfold_all", "Open all", id="drawing.all", tooltip="Open every subgraph, or close them"),
    ]

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self.list = RowList(Column(grow=True), id="drawing-lines")
        self._drawing: dict[str, Any] | None = None
        self._graph = Drawing()
        self._opened: frozenset[str] = frozenset()
        self._lines: list[Line] = []
        self._marks: Mapping[str, str] = {}
        self._width = 0

    def compose(self) -> ComposeResult:
        """The lines, and the node."""
        yield self.list
        yield Static(id="drawing-node")

    def show(self, drawing: dict[str, Any]) -> None:
        """Draw this; subgraphs that are open stay open, a graph of few nodes is shown whole at first."""
        first = self._drawing is None
        self._drawing = drawing
        self._graph = read(drawing)
        if first and len(self._graph.nodes) <= self._page:
            self._opened = self._graph.frames
        self._draw()

    def show_marks(self, marks: Mapping[str, str]) -> None:
        """What stands behind nodes: their breakpoints."""
        self._marks = dict(marks)
        self._draw()

    def _content(self, line: Line) -> Content:
        mark = self._marks.get(line.node or "", "")
        return join(line_content(line), safe(f"  {mark}" if mark else "", "bold $text-warning"))

    @property
    def node(self) -> str | None:
        """The node under the cursor; one inside of a subgraph with the subgraph's name before it."""
        return self._line.node if self._line else None

    @property
    def has_frames(self) -> bool:
        """Whether there are subgraphs to open."""
        return bool(self._graph.frames)

    @property
    def text(self) -> str:
        """The drawing as it is shown, for a text."""
        return as_text(full(self._drawing or {}, self._opened, _COPIED_WIDTH))

    @property
    def mermaid(self) -> str:
        """The whole drawing as Mermaid."""
        return mermaid(self._drawing or {})

    @property
    def _page(self) -> int:
        return max(10, self.size.height // 2)

    def on_resize(self) -> None:
        """Lines take the width that there is."""
        if self.list.scrollable_content_region.width != self._width:
            self._draw()

    def _draw(self) -> None:
        if self._drawing is None:
            return
        self._width = self.list.scrollable_content_region.width
        self._lines = full(self._drawing, self._opened, max(20, self._width - GUTTER))
        rows = [
            Row(_key(index, line), (self._content(line),), line.text.casefold())
            for index, line in enumerate(self._lines)
        ]
        self.list.set_rows(rows, safe("The graph has no nodes.", MUTED))
        self._show_node()
        self.refresh_bindings()

    @property
    def _line(self) -> Line | None:
        return self._lines[self.list.cursor] if self.list.cursor < len(self._lines) else None

    @on(RowList.Moved, "#drawing-lines")
    def _show_node(self) -> None:
        node = self._line.node if self._line else None
        self.query_one("#drawing-node", Static).update(node_content(self._graph, node), layout=False)

    # Subgraphs

    @on(RowList.Opened, "#drawing-lines")
    def _toggled(self, event: RowList.Opened) -> None:
        event.stop()
        line = self._line
        if line is not None and line.frame is not None:
            self._fold(line.frame, not line.opened)

    def action_unfold(self, opened: bool) -> None:
        """Open the subgraph under the cursor; close it, or the one that the cursor is in."""
        node = self._line.node if self._line else None
        frame = node if node in self._graph.frames and (opened or node in self._opened) else None
        if frame is None and node is not None and not opened:
            parent = node.rpartition(BETWEEN)[0]
            frame = parent if parent in self._graph.frames else None
        if frame is not None:
            self._fold(frame, opened)

    def _fold(self, frame: str, opened: bool) -> None:
        self._opened = self._opened | {frame} if opened else self._opened - {frame}
        self._draw()
        self.list.move_to(f"node {frame}")

    def action_unfold_all(self) -> None:
        """Open every subgraph; if all are, close them."""
        self._opened = frozenset() if self._opened >= self._graph.frames else self._graph.frames
        self._draw()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only where there is something to open."""
        return not action.startswith("unfold") or self.has_frames


def _key(index: int, line: Line) -> str:
    return f"line {index}" if line.node is None else f"node {line.node}"
