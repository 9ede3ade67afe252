"""The graphs of the project, and what the one under the cursor is made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from playground.tui.drawing import drawing_lines
from playground.tui.rows import GRAPH_COLUMNS
from playground.tui.text import MUTED, join, one_line, safe
from playground.tui.widgets.list_pane import ListPane

if TYPE_CHECKING:
    from playground.client.values import Graph, Schemas


class GraphPane(ListPane):
    """A list of graphs over the details of one."""

    DEFAULT_CSS = """
    GraphPane {
        RowList { height: auto; max-height: 50%; }
        #graph-details {
            height: 1fr;
            padding: 1 2 0 2;
            scrollbar-size-vertical: 1;
        }
    }
    """

    def __init__(self) -> None:
        super().__init__("Graphs", *GRAPH_COLUMNS, id="graphs")

    def compose(self) -> ComposeResult:
        """The list, and the details under it."""
        yield from super().compose()
        with VerticalScroll(id="graph-details", can_focus=False):
            yield Static(id="graph-text")

    def show_details(self, details: Content) -> None:
        """Say what the graph under the cursor is made of."""
        self.query_one("#graph-text", Static).update(details)


def graph_details(graph: Graph, drawing: dict[str, object] | None, schemas: Schemas | None) -> Content:
    """A graph's nodes and edges, the fields of its schemas, its source; or why it failed, and where to look."""
    parts = [safe(one_line(graph.graph_id, 80), "bold")]
    if graph.description:
        parts.append(safe(one_line(graph.description, 300), MUTED))
    if graph.state == "failed":
        parts += [safe(f"✘ {one_line(graph.error or 'It failed to load.', 600)}", "$text-error"), _hint()]
    elif graph.state == "loading":
        parts.append(safe("Loading…", MUTED))
    if drawing:
        parts.append(safe("\n".join(drawing_lines(drawing))))
    if schemas:
        parts += _schema_lines(schemas)
    if graph.source:
        parts.append(_fact("source", [graph.source.rsplit("/", 1)[-1]]))
    return Content("\n\n").join(parts)


def _hint() -> Content:
    return safe("Enter shows the traceback. Fix the file, then Ctrl+R loads it again.", MUTED)


def _schema_lines(schemas: Schemas) -> list[Content]:
    named = (("input", schemas.input), ("context", schemas.context))
    return [_fact(name, list(schema["properties"])) for name, schema in named if schema and schema.get("properties")]


def _fact(name: str, values: Sequence[str]) -> Content:
    return join(safe(f"{name}\n", MUTED), safe(", ".join(one_line(value, 60) for value in values)))
