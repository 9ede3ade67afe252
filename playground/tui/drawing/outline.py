"""A graph as lines of text, read from top to bottom. Pure.

    ○ start
    ↓
    ● classify
    ├⇢ refund (yes)  → close
    ├⇢ answer (no)  → close
    ◆ close
    ↓
    ○ end

A node stands under the one that leads to it: ↓ next, ├→ one of several side by side, ├⇢ one that something chooses.
Where several lead to it, it is a ◆, and each of them names it: `→ close`. `↺ agent` leads back up. Subgraphs are ▸
closed or ▾ open. Every node is on a line of its own once, every edge in one line.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final, Literal

from rich.cells import cell_len

from playground.tui.drawing.flow import Flow, flow
from playground.tui.drawing.model import BETWEEN, END, START, Drawing, Edge, Scope, inside, name_of, read, scope_of
from playground.tui.text import one_line

Role = Literal["rail", "mark", "node", "edge", "name", "label", "back", "about"]
"""What a piece of a line is: `node` is a node's own name, `name` that of a node which is elsewhere."""

Parts = tuple[tuple[str, Role], ...]

_DEEPEST: Final = 4
"""Branches in branches that are indented; deeper ones go on where they are, as long as one is the last."""
_LONGEST_CHAIN: Final = 12
"""Nodes that are written in a row, where nothing branches."""


@dataclass(frozen=True, slots=True)
class Line:
    """Pieces of text and what they are. `node` is whose line it is; `edges` are those that it shows.

    `frame` is the subgraph that the line opens or closes, and `opened` whether it is open.
    """

    parts: Parts
    node: str | None = None
    edges: tuple[Edge, ...] = ()
    frame: str | None = None
    opened: bool = False

    @property
    def text(self) -> str:
        """The line as text."""
        return "".join(text for text, _ in self.parts).rstrip()


@dataclass(frozen=True, slots=True)
class _Item:
    """A node to be written: what stands before it on its line, and on those that follow."""

    node: str
    lead: Parts
    rail: str
    depth: int = 0
    via: Edge | None = None

    @property
    def aside(self) -> bool:
        """Whether it is a branch: its arrow stands before it."""
        return len(self.lead) > 1


def full(drawing: Mapping[str, Any], opened: Collection[str] = (), width: int = 100) -> list[Line]:
    """The whole drawing; subgraphs in `opened` are shown by their own nodes, in place."""
    graph = read(drawing)
    return list(_Outline(graph, frozenset(opened), width, airy=True).lines(scope_of(graph), ""))


def compact(drawing: Mapping[str, Any], width: int = 30) -> list[Line]:
    """The drawing in as few lines as it takes, subgraphs closed: `start → plan → end` where nothing branches."""
    graph = read(drawing)
    scope = scope_of(graph)
    return _chain(scope, width) or list(_Outline(graph, frozenset(), width, airy=False).lines(scope, ""))


def frames(drawing: Mapping[str, Any]) -> frozenset[str]:
    """All subgraphs, at any depth."""
    return read(drawing).frames


def as_text(lines: list[Line]) -> str:
    """The lines under each other."""
    return "\n".join(line.text for line in lines) + "\n"


class _Outline:
    """Writes scopes. `airy` gives each arrow between two nodes a line of its own."""

    def __init__(self, graph: Drawing, opened: frozenset[str], width: int, *, airy: bool) -> None:
        self._graph = graph
        self._opened = opened
        self._width = width
        self._airy = airy

    def lines(self, scope: Scope, rail: str) -> Iterator[Line]:
        """The scope's nodes, and under them those that can't be reached."""
        members = sorted(scope.members, key=lambda member: name_of(member) == "end")
        position = {member: index for index, member in enumerate(members)}
        roots, seen, first = _roots(scope, members), set[str](), True
        while roots:
            found = flow(roots, scope.edges, position, seen)
            yield from self._written(scope, found, rail)
            seen.update(found.order)
            lost = [member for member in members if member not in seen]
            if lost and first:
                yield Line(((rail, "rail"), ("not reached:" if rail else "not reached from the start:", "about")))
            roots, first = _first(scope, lost), False

    def _written(self, scope: Scope, found: Flow, rail: str) -> Iterator[Line]:
        out: dict[str, list[Edge]] = {}
        for edge in scope.edges:
            out.setdefault(edge.source, []).append(edge)
        weight = _weights(found)
        stack = [_Item(root, ((rail, "rail"),), rail) for root in reversed(found.below.get(None, ()))]
        while stack:
            item = stack.pop()
            under = found.below.get(item.node, [])
            branches = [node for node in under if node in found.into]
            joins = [node for node in under if node not in found.into]
            references = [edge for edge in out.get(item.node, ()) if found.into.get(edge.target) != edge]
            yield from self._node(scope, item, found, references, bool(under))
            stack.extend(_Item(node, ((item.rail, "rail"),), item.rail, item.depth) for node in reversed(joins))
            stack.extend(reversed(list(self._below(item, found, branches, weight, last=not joins))))

    def _below(
        self, item: _Item, found: Flow, branches: list[str], weight: dict[str, int], last: bool
    ) -> Iterator[_Item]:
        """The nodes that only this one leads to: the next one, or its branches."""
        on: str | None = branches[0] if len(branches) == 1 else None
        if on is None and item.depth >= _DEEPEST and branches:
            on = max(branches, key=lambda node: weight[node])
        aside = [node for node in branches if node != on]
        for index, node in enumerate(aside):
            ends = last and on is None and index == len(aside) - 1
            edge = found.into[node]
            lead: Parts = (
                (item.rail + ("└" if ends else "├"), "rail"),
                (f"{_arrow(edge)} ", "edge"),
            )
            step = "   " if self._airy else "  "
            yield _Item(node, lead, item.rail + (" " if ends else "│") + step[1:], item.depth + 1, edge)
        if on is not None:
            yield _Item(on, ((item.rail, "rail"),), item.rail, item.depth, found.into[on])

    def _node(self, scope: Scope, item: _Item, found: Flow, references: list[Edge], going_on: bool) -> Iterator[Line]:
        """A node's line or lines, and those of the subgraph that it is."""
        frame = item.node if item.node in self._graph.frames else None
        opened = frame is not None and frame in self._opened
        via, label = item.via, item.via.label if item.via else ""
        if via is not None and not item.aside and self._airy:
            said: Parts = ((f" {label}", "label"),) if label else ()
            yield Line((*item.lead, (_down(via), "edge"), *said), edges=(via,))
            via, label = None, ""
        parts = [*item.lead, *self._marks(item, item.node in found.joins, frame, opened)]
        room = max(8, self._width - _cells(parts))
        parts.append((_cut(name_of(item.node, 200), room), "node"))
        fits = _cells(parts) + cell_len(label) + 3 <= self._width
        if label and fits:
            parts.append((f" ({label})", "label"))
        line = Line(tuple(parts), item.node, (via,) if via else (), frame, opened)
        indent = item.rail + ("│ " if going_on else "  ")
        yield from self._with_references(line, references, found.back, indent)
        if label and not fits:
            yield Line(((indent, "rail"), (_cut(f"({label})", max(8, self._width - cell_len(indent))), "label")))
        if frame is not None and opened:
            yield from self.lines(inside(self._graph, scope, frame), item.rail + "┃ ")

    def _marks(self, item: _Item, join: bool, frame: str | None, opened: bool) -> Parts:
        """What stands between the rail and the name."""
        toggle = "" if frame is None else "▾ " if opened else "▸ "
        dot = "○ " if item.node.rsplit(BETWEEN, 1)[-1] in (START, END) else "● "
        if item.via is None:
            return ((f"◆ {toggle}" if join else toggle or dot, "mark"),)
        if item.aside:
            return ((toggle, "mark"),)
        return ((toggle or dot, "mark"),) if self._airy else ((f"{_down(item.via)} ", "edge"), (toggle, "mark"))

    def _with_references(self, line: Line, references: list[Edge], back: set[Edge], indent: str) -> Iterator[Line]:
        """The node's line with the edges that lead elsewhere, as many as fit; the others under it."""
        groups = [(edge, _reference(edge, edge in back)) for edge in references]
        parts, shown = list(line.parts), list(line.edges)
        while groups and _cells(parts) + 2 + _cells(groups[0][1]) <= self._width:
            edge, group = groups.pop(0)
            parts.extend([("  ", "rail"), *group])
            shown.append(edge)
        yield replace(line, parts=tuple(parts), edges=tuple(shown))
        for edge, group in groups:
            yield Line(((indent, "rail"), *_within(group, self._width - cell_len(indent))), edges=(edge,))


def _roots(scope: Scope, members: list[str]) -> list[str]:
    """Where one begins to read: the start, else where it is entered, else what nothing leads to."""
    start = f"{scope.frame}:{START}" if scope.frame else START
    if start in scope.members:
        return [start]
    if scope.entries:
        return list(dict.fromkeys(scope.entries))
    return _first(scope, members)


def _first(scope: Scope, members: list[str]) -> list[str]:
    """Those of the members that no other one leads to; of a circle its first."""
    among = set(members)
    targets = {edge.target for edge in scope.edges if edge.source in among and edge.source != edge.target}
    return [member for member in members if member not in targets] or members[:1]


def _weights(found: Flow) -> dict[str, int]:
    """How many nodes are below each, itself included."""
    weight = dict.fromkeys(found.order, 1)
    for node in reversed(found.order):
        weight[node] += sum(weight[one] for one in found.below.get(node, ()))
    return weight


def _chain(scope: Scope, width: int) -> list[Line]:
    """`start → plan → write → end`, if nothing branches; nothing otherwise."""
    following = {edge.source: edge for edge in scope.edges}
    if len(scope.members) > _LONGEST_CHAIN or len(following) != len(scope.edges) or START not in scope.members:
        return []
    chain = [START]
    while (edge := following.get(chain[-1])) is not None and edge.target not in chain and not edge.conditional:
        chain.append(edge.target)
    if len(chain) != len(scope.members) or len(chain) != len(scope.edges) + 1:
        return []
    lines = [Line((("start", "node"),), START)]
    for before, node in pairwise(chain):
        mark = "▸ " if node in scope.inner else ""
        name = _cut(name_of(node, 200), max(8, width - 2 - len(mark)))
        lines.append(Line((("→ ", "edge"), (mark, "mark"), (name, "node")), node, (following[before],)))
    return _folded(lines, width)


def _folded(lines: list[Line], width: int) -> list[Line]:
    """Several nodes a line, as many as fit."""
    folded: list[Line] = []
    for line in lines:
        before = folded[-1] if folded else None
        if before is not None and cell_len(before.text) + 1 + cell_len(line.text) <= width:
            folded[-1] = Line((*before.parts, (" ", "rail"), *line.parts), before.node, before.edges + line.edges)
        else:
            folded.append(line)
    return folded


def _down(edge: Edge) -> str:
    return "⇣" if edge.conditional else "↓"


def _arrow(edge: Edge) -> str:
    return "⇢" if edge.conditional else "→"


def _reference(edge: Edge, back: bool) -> Parts:
    """`→ close`, `⇢ end (no)`, `↺ agent`, `⇢ ↺ agent`."""
    arrows = f"{'⇢ ' if edge.conditional else ''}↺ " if back else f"{_arrow(edge)} "
    parts: Parts = ((arrows, "back" if back else "edge"), (name_of(edge.target), "name"))
    return (*parts, (f" ({edge.label})", "label")) if edge.label else parts


def _within(parts: Parts, room: int) -> Parts:
    """The name cut so that it fits; a label that doesn't fit goes first."""
    if _cells(parts) <= room:
        return parts
    arrow, (name, role) = parts[:2]
    return (arrow, (_cut(name, max(8, room - cell_len(arrow[0]))), role))


def _cells(parts: Iterable[tuple[str, Role]]) -> int:
    return sum(cell_len(text) for text, _ in parts)


def _cut(text: str, cells: int) -> str:
    """As much as fits, with … for what doesn't."""
    text = one_line(text, cells) if cell_len(text) == len(text) else text
    if cell_len(text) <= cells:
        return text
    while cell_len(text) > cells - 1:
        text = text[:-1]
    return text + "…"
