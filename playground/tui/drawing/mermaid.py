"""A graph as Mermaid, the diagram text that Markdown viewers draw. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from playground.tui.drawing.model import BETWEEN, END, START, Drawing, Scope, inside, name_of, read, scope_of


def mermaid(drawing: Mapping[str, Any]) -> str:
    """`graph TD` with every node and edge, subgraphs as boxes, conditional edges dotted."""
    graph = read(drawing)
    ids = {node: f"n{number}" for number, node in enumerate(graph.nodes)}
    lines = ["graph TD", *_scope(graph, scope_of(graph), ids, "  ")]
    for edge in graph.edges:
        label = f'|"{_quoted(edge.label)}"|' if edge.label else ""
        lines.append(f"  {ids[edge.source]} {'-.->' if edge.conditional else '-->'}{label} {ids[edge.target]}")
    return "\n".join(lines) + "\n"


def _scope(graph: Drawing, scope: Scope, ids: dict[str, str], indent: str) -> Iterator[str]:
    for member in scope.members:
        if member in graph.frames:
            yield f'{indent}subgraph g{_box_id(member, ids)}["{_quoted(name_of(member))}"]'
            yield from _scope(graph, inside(graph, scope, member), ids, indent + "  ")
            yield f"{indent}end"
        else:
            name = _quoted(name_of(member, 200))
            is_end = member.rsplit(BETWEEN, 1)[-1] in (START, END)
            yield f'{indent}{ids[member]}(["{name}"])' if is_end else f'{indent}{ids[member]}["{name}"]'


def _box_id(frame: str, ids: dict[str, str]) -> str:
    """An id of a box: that of the first node in it, and how deep it is."""
    first = next(node for node in ids if node.startswith(frame + BETWEEN))
    return f"{ids[first]}_{frame.count(BETWEEN)}"


def _quoted(text: str) -> str:
    """Text in a Mermaid label: nothing of it is syntax."""
    return "".join(char if char.isalnum() or char in " _-.,/()" else f"#{ord(char)};" for char in text)
