"""In which order a graph's nodes are read, what is nested in what, and which edges lead back. Pure, linear in time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from playground.tui.drawing.model import Edge


@dataclass(slots=True)
class Flow:
    """The nodes that are reached from some roots.

    `order`: every edge that doesn't lead back goes from an earlier to a later node. `below`: by node those that are
    reached through it only, and through no other below it; the roots are below None. `joins`: reached by several edges.
    """

    order: list[str] = field(default_factory=list)
    below: dict[str | None, list[str]] = field(default_factory=dict)
    back: set[Edge] = field(default_factory=set)
    joins: set[str] = field(default_factory=set)
    into: dict[str, Edge] = field(default_factory=dict)
    """The edge that reaches a node, where it is the only one."""


def flow(roots: Sequence[str], edges: Iterable[Edge], position: dict[str, int], leave: Iterable[str] = ()) -> Flow:
    """From the roots along the edges, not into the nodes to `leave`. `position` is where a node stands by itself."""
    out: dict[str, list[Edge]] = {}
    left = set(leave)
    for edge in sorted(edges, key=lambda edge: position[edge.target]):
        if edge.target not in left:
            out.setdefault(edge.source, []).append(edge)
    found = Flow()
    found.back = _back_edges(roots, out)
    ahead = {source: [edge for edge in edges if edge not in found.back] for source, edges in out.items()}
    found.order = _order(roots, ahead)
    _nest(found, roots, ahead)
    return found


def _back_edges(roots: Sequence[str], out: dict[str, list[Edge]]) -> set[Edge]:
    """The edges that lead to a node one has come through."""
    back: set[Edge] = set()
    seen: set[str] = set()
    path: set[str] = set()
    for root in roots:
        stack = [(root, iter(out.get(root, ())))] if root not in seen else []
        seen.add(root)
        path.add(root)
        while stack:
            node, rest = stack[-1]
            edge = next(rest, None)
            if edge is None:
                stack.pop()
                path.discard(node)
            elif edge.target in path:
                back.add(edge)
            elif edge.target not in seen:
                seen.add(edge.target)
                path.add(edge.target)
                stack.append((edge.target, iter(out.get(edge.target, ()))))
        path.clear()
    return back


def _order(roots: Sequence[str], ahead: dict[str, list[Edge]]) -> list[str]:
    """Each node after all that lead to it; what could be in any order, as it stands in the graph."""
    done: list[str] = []
    seen: set[str] = set()
    for root in reversed(roots):
        stack = [(root, iter(reversed(ahead.get(root, []))))] if root not in seen else []
        seen.add(root)
        while stack:
            node, rest = stack[-1]
            edge = next(rest, None)
            if edge is None:
                stack.pop()
                done.append(node)
            elif edge.target not in seen:
                seen.add(edge.target)
                stack.append((edge.target, iter(reversed(ahead.get(edge.target, [])))))
    return done[::-1]


def _nest(found: Flow, roots: Sequence[str], ahead: dict[str, list[Edge]]) -> None:
    """What each node is below of: its immediate dominator, found in one pass since nothing leads back here.

    Cooper, Harvey, Kennedy: A Simple, Fast Dominance Algorithm (2001).
    """
    reached: dict[str, list[Edge]] = {}
    for node in found.order:
        for edge in ahead.get(node, ()):
            reached.setdefault(edge.target, []).append(edge)
    number = {node: index for index, node in enumerate(found.order)}
    above: dict[str, str | None] = {}
    for node in found.order:
        edges = reached.get(node, [])
        nearest: str | None = None if node in roots or not edges else edges[0].source
        for edge in edges[1:]:
            nearest = _common(nearest, edge.source, above, number)
        above[node] = nearest
        found.below.setdefault(nearest, []).append(node)
        if len(edges) + (node in roots) > 1:
            found.joins.add(node)
        elif edges:
            found.into[node] = edges[0]


def _common(one: str | None, other: str | None, above: dict[str, str | None], number: dict[str, int]) -> str | None:
    """The nearest node that both are below of."""
    while one != other:
        if one is None or other is None:
            return None
        if number[one] > number[other]:
            one = above[one]
        else:
            other = above[other]
    return one
