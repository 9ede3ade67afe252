"""A graph's nodes and edges as a few lines of text. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from playground.tui.text import one_line

Edge = tuple[str, str, bool]
"""Source, target, and whether it is only taken under a condition."""


def drawing_lines(drawing: Mapping[str, Any]) -> list[str]:
    """`start → plan → write → end` on one line if nothing branches, else a line a node: `agent ⇢ tools, end`.

    `drawing` is the API's: `{"nodes": [{"id": …}], "edges": [{"source": …, "target": …, "conditional": true}]}`.
    ⇢ is an edge that is taken under a condition.
    """
    edges = _edges(drawing)
    if not edges:
        return [_name(str(node.get("id"))) for node in drawing.get("nodes", ())]
    if chain := _chain(edges):
        return [" → ".join(chain)]
    return [_fan(source, edges) for source in dict.fromkeys(edge[0] for edge in edges)]


def _edges(drawing: Mapping[str, Any]) -> list[Edge]:
    return [
        (_name(str(edge.get("source"))), _name(str(edge.get("target"))), bool(edge.get("conditional")))
        for edge in drawing.get("edges", ())
    ]


def _name(node: str) -> str:
    return one_line({"__start__": "start", "__end__": "end"}.get(node, node), 40)


def _chain(edges: Sequence[Edge]) -> list[str]:
    follows = {source: target for source, target, _ in edges}
    if any(conditional for _, _, conditional in edges) or len(follows) != len(edges):
        return []
    chain = ["start"]
    while (after := follows.get(chain[-1])) is not None and after not in chain:
        chain.append(after)
    return chain if len(chain) == len(edges) + 1 else []


def _fan(source: str, edges: Sequence[Edge]) -> str:
    always = [target for start, target, conditional in edges if start == source and not conditional]
    maybe = [target for start, target, conditional in edges if start == source and conditional]
    arrows = [f"→ {', '.join(always)}"] if always else []
    return " ".join([source, *arrows, *([f"⇢ {', '.join(maybe)}"] if maybe else [])])
