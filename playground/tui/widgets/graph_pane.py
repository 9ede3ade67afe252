"""The graphs of the project, and what the one under the cursor is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from playground.tui.browse.rows import GRAPH_COLUMNS
from playground.tui.text import MUTED, count, join, one_line, safe
from playground.tui.widgets.list_pane import ListPane

if TYPE_CHECKING:
    from playground.client.values import Graph, Schemas

_MOST_LINES = 400
"""Lines of a drawing that the pane shows; the graph's own screen shows all."""


@dataclass(frozen=True, slots=True)
class GraphDetails:
    """What there is to know of a graph: before the drawing, the drawing as the API has it, after it."""

    about: Content
    drawing: dict[str, Any] | None = None
    facts: Content | None = None


class GraphPane(ListPane):
    """A list of graphs over the details of one."""

    DEFAULT_CSS = """
    GraphPane {
        RowList { height: auto; max-height: 50%; }
        #graph-details {
            height: 1fr;
            padding: 1 2 0 2;
            scrollbar-size-vertical: 1;
            scrollbar-gutter: stable;
        }
        #graph-details Static { margin-bottom: 1; }
        #graph-drawing { text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """

    def __init__(self) -> None:
        super().__init__("Graphs", *GRAPH_COLUMNS, id="graphs")
        self._details = GraphDetails(Content(""))
        self._drawn: tuple[int, GraphDetails] | None = None

    def compose(self) -> ComposeResult:
        """The list, and the details under it."""
        yield from super().compose()
        with VerticalScroll(id="graph-details", can_focus=False):
            yield Static(id="graph-text")
            yield Static(id="graph-drawing")
            yield Static(id="graph-facts")

    def show_details(self, details: GraphDetails) -> None:
        """Say what the graph under the cursor is made of."""
        if details is self._details:
            return
        self._details = details
        self.query_one("#graph-text", Static).update(details.about)
        self.query_one("#graph-facts", Static).update(details.facts or "")
        self.query_one("#graph-facts").display = details.facts is not None
        self._draw()

    def on_resize(self) -> None:
        """The drawing takes the width that there is."""
        self._draw()

    def _draw(self) -> None:
        width = self.query_one("#graph-details").scrollable_content_region.width or 20
        if self._drawn == (width, self._details):
            return
        self._drawn = (width, self._details)
        shown = self.query_one("#graph-drawing", Static)
        shown.display = bool(self._details.drawing)
        if self._details.drawing:
            from playground.tui.drawing.outline import compact  # the first paint must not wait for it
            from playground.tui.drawing.styled import drawing_content

            lines = compact(self._details.drawing, width)
            more = len(lines) - _MOST_LINES
            rest = f"\n… {count(more, 'more line')}, Enter shows them" if more > 0 else ""
            shown.update(join(drawing_content(lines[:_MOST_LINES]), safe(rest, MUTED)))


def graph_details(graph: Graph, drawing: dict[str, Any] | None, schemas: Schemas | None) -> GraphDetails:
    """A graph's nodes and edges, the fields of its schemas, its source; or why it failed, and where to look."""
    parts = [safe(one_line(graph.graph_id, 80), "bold")]
    if graph.description:
        parts.append(safe(one_line(graph.description, 300), MUTED))
    if graph.state == "failed":
        parts += [safe(f"✘ {one_line(graph.error or 'It failed to load.', 600)}", "$text-error"), _hint()]
    elif graph.state == "loading":
        parts.append(safe("Loading…", MUTED))
    facts = _schema_lines(schemas) if schemas else []
    if graph.source:
        name = graph.source.rsplit("/", 1)[-1]
        facts.append(_fact("source", [f"{name}:{graph.line}" if graph.line else name]))
    return GraphDetails(Content("\n\n").join(parts), drawing, Content("\n\n").join(facts) if facts else None)


def _hint() -> Content:
    return safe("Enter shows the traceback. Fix the file, then Ctrl+R loads it again.", MUTED)


def _schema_lines(schemas: Schemas) -> list[Content]:
    named = (("input", schemas.input), ("context", schemas.context))
    return [_fact(name, list(schema["properties"])) for name, schema in named if schema and schema.get("properties")]


def _fact(name: str, values: Sequence[str]) -> Content:
    return join(safe(f"{name}\n", MUTED), safe(", ".join(one_line(value, 60) for value in values)))
