"""A graph's drawing as the API has it, as nodes, edges and the subgraphs they are in. Pure; its names are data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from playground.tui.text import one_line

START: Final = "__start__"
END: Final = "__end__"
BETWEEN: Final = ":"
"""Between a subgraph's name and its node's. LangGraph allows it in no name."""

_DEEPEST: Final = 20
"""Subgraphs in subgraphs that are told apart; what has a longer name is a node with that name."""
_LABEL: Final = 60  # characters of an edge's label


@dataclass(frozen=True, slots=True)
class Edge:
    """From a node to another. A conditional one is taken if something says so; `label` is what, if the graph tells."""

    source: str
    target: str
    conditional: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Node ids in the graph's order, the end last, and the edges between them. `frames` are the opened subgraphs."""

    nodes: tuple[str, ...] = ()
    edges: tuple[Edge, ...] = ()
    frames: frozenset[str] = frozenset()


@dataclass(slots=True)
class Scope:
    """A graph, or one of its subgraphs: its own nodes, its subgraphs as one node each, and what is between them."""

    frame: str = ""
    members: dict[str, list[str]] = field(default_factory=dict)
    """By member the nodes that are in it: itself, or those of the subgraph."""
    edges: list[Edge] = field(default_factory=list)
    inner: dict[str, list[Edge]] = field(default_factory=dict)
    """By subgraph the edges that begin or end in it."""
    entries: list[str] = field(default_factory=list)
    """Members that are entered from outside."""


def read(drawing: Mapping[str, Any]) -> Drawing:
    """The API's `{"nodes": [{"id"}], "edges": [{"source", "target", "conditional"?, "data"?}]}`, however odd."""
    given = [str(node.get("id")) for node in _rows(drawing, "nodes")]
    merged: dict[tuple[str, str, bool], list[str]] = {}
    for row in _rows(drawing, "edges"):
        key = (str(row.get("source")), str(row.get("target")), bool(row.get("conditional")))
        label = one_line(str(row.get("data") or ""), _LABEL)
        merged.setdefault(key, []).extend([label] if label else [])
    edges = [Edge(*key, ", ".join(dict.fromkeys(labels))) for key, labels in merged.items()]
    nodes = dict.fromkeys([*given, *(end for edge in edges for end in (edge.source, edge.target))])
    ordered = sorted(nodes, key=lambda node: name_of(node) == "end")
    return Drawing(tuple(ordered), tuple(edges), frozenset(_frames(nodes)))


def scope_of(drawing: Drawing) -> Scope:
    """The graph itself."""
    return _scope("", drawing.nodes, drawing.edges, drawing.frames)


def inside(drawing: Drawing, scope: Scope, frame: str) -> Scope:
    """A subgraph that is a member of the scope."""
    return _scope(frame, scope.members[frame], scope.inner.get(frame, ()), drawing.frames)


def name_of(node: str, limit: int = 60) -> str:
    """A node's own name, without those of the subgraphs it is in, fit to be shown."""
    name = node.rsplit(BETWEEN, 1)[-1] or node
    return {START: "start", END: "end"}.get(name) or one_line(name, limit) or "(no name)"


def _rows(drawing: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    rows = drawing.get(key)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _frames(nodes: Iterable[str]) -> Iterable[str]:
    known = set(nodes)
    for node in known:
        parts = node.split(BETWEEN)
        frames = [BETWEEN.join(parts[:end]) for end in range(1, len(parts))]
        if all(parts) and len(parts) <= _DEEPEST and known.isdisjoint(frames):
            yield from frames


def _scope(frame: str, nodes: Iterable[str], edges: Iterable[Edge], frames: frozenset[str]) -> Scope:
    scope = Scope(frame)
    member_of = {node: _member(frame, node, frames) for node in nodes}
    for node, member in member_of.items():
        scope.members.setdefault(member, []).append(node)
    between: dict[tuple[str, str, bool], list[str]] = {}
    for edge in edges:
        source, target = member_of.get(edge.source), member_of.get(edge.target)
        for opened in frames & {source, target}:
            scope.inner.setdefault(opened, []).append(edge)
        if source is None and target is not None:
            scope.entries.append(target)
        elif source is not None and target is not None and (source != target or source not in frames):
            labels = between.setdefault((source, target, edge.conditional), [])
            labels.extend([edge.label] if edge.label else [])
    scope.edges = [Edge(*key, ", ".join(dict.fromkeys(labels))) for key, labels in between.items()]
    return scope


def _member(frame: str, node: str, frames: frozenset[str]) -> str:
    """The node, or the subgraph directly below the frame that it is in."""
    start = len(frame) + 1 if frame else 0
    end = node.find(BETWEEN, start)
    return node[:end] if end >= 0 and node[:end] in frames else node
