"""A graph's nodes and edges, and its subgraphs, as the LangGraph server answers them."""

import logging
from typing import TYPE_CHECKING, Any

from playground.graphs.schemas import Note, graph_schemas

if TYPE_CHECKING:
    from langgraph.pregel import Pregel

_log = logging.getLogger(__name__)


def graph_json(graph: "Pregel[Any, Any, Any, Any]", xray: bool | int = False) -> dict[str, Any]:
    """`{"nodes": [{"id", "type", "data"}], "edges": [{"source", "target", "conditional"?, "data"?}]}`.

    `xray` shows subgraphs by their own nodes, a number only so many levels deep. As GET /assistants/{id}/graph.
    """
    drawing = graph.get_graph(xray=xray).to_json()
    return {**drawing, "nodes": [_node(node) for node in drawing["nodes"]]}


def _node(node: dict[str, Any]) -> dict[str, Any]:
    """A node without the id of the Python class behind it."""
    data = node.get("data")
    return node if not isinstance(data, dict) else {**node, "data": {k: v for k, v in data.items() if k != "id"}}


def subgraphs(
    graph: "Pregel[Any, Any, Any, Any]",
    namespace: str | None = None,
    recurse: bool = False,
    note: Note = _log.warning,
) -> dict[str, dict[str, Any]]:
    """The schemas of each subgraph by its namespace, or of the one that is named. As GET /assistants/{id}/subgraphs."""
    found = graph.get_subgraphs(namespace=namespace, recurse=recurse)
    return {name: graph_schemas(subgraph, note) for name, subgraph in found}  # type: ignore[arg-type]
