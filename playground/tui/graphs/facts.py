"""What a graph's own screen says of it, as content: its fields, its nodes, its source. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from textual.content import Content
from textual.highlight import highlight

from playground.tui.drawing.model import BETWEEN, Drawing, Edge, name_of
from playground.tui.graphs.schema_fields import SchemaField, schema_fields
from playground.tui.text import MUTED, count, join, one_line, plain, safe

if TYPE_CHECKING:
    from playground.client.values import Graph

_MOST_JSON: Final = 100_000  # characters of a schema that are shown
_BEFORE, _AFTER = 40, 400  # lines of a file that are shown around the graph's
NOTHING: Final = {
    "input": "The graph declares no input: any JSON goes.",
    "output": "The graph declares no output.",
    "state": "The graph declares no state.",
    "context": "The graph declares no context: its assistants have no fields of their own, only JSON.",
}


def schema_content(kind: str, schema: Mapping[str, Any] | None, width: int = 100) -> Content:
    """The schema's fields, each with what is known of it, in lines of `width` cells."""
    fields = schema_fields(schema)
    if not fields:
        return safe(_no_fields(kind, schema), MUTED)
    wide = min(28, max(len(field.name) + 2 * field.depth for field in fields))
    return Content("\n\n").join(_field(field, wide, max(20, width)) for field in fields)


def schema_json(schema: Mapping[str, Any] | None) -> str:
    """The schema as the API has it."""
    return json.dumps(schema, indent=2, ensure_ascii=False)


def schema_json_content(schema: Mapping[str, Any] | None) -> Content:
    """The schema as the API has it, in colours."""
    text = plain(schema_json(schema), _MOST_JSON)
    return highlight(text, language="json") if len(text) < _MOST_JSON else safe(text)


def node_content(graph: Drawing, node: str | None) -> Content:
    """A node, where it is, and every edge from and to it; three lines."""
    if node is None:
        return Content("\n\n")
    path = node.split(BETWEEN) if node in graph.frames or node.rpartition(BETWEEN)[0] in graph.frames else [node]
    inside = join("  in ", " › ".join(name_of(part) for part in path[:-1])) if len(path) > 1 else Content("")
    what = "  subgraph" if node in graph.frames else ""
    head = join(safe(name_of(node, 200), "bold"), inside.stylize(MUTED), safe(what, MUTED))
    position = {name: index for index, name in enumerate(graph.nodes)}
    edges = sorted(graph.edges, key=lambda edge: (position[edge.source], position[edge.target]))
    into = [_edge(edge, edge.source, node, graph) for edge in edges if _within(edge.target, node, edge.source)]
    out = [_edge(edge, edge.target, node, graph) for edge in edges if _within(edge.source, node, edge.target)]
    return Content("\n").join([head, _edges("from", into, "nothing leads here"), _edges("to", out, "ends here")])


def about_content(graph: Graph, notices: Sequence[str], refused: str | None) -> Content:
    """What the graph is for, and what is to be known about it; empty if nothing is."""
    lines = [safe(one_line(graph.description, 400), MUTED)] if graph.description else []
    lines += [safe(f"! {one_line(notice, 400)}", "$text-warning") for notice in notices]
    if refused:
        lines.append(safe(f"! Subgraphs stay closed: {one_line(refused, 300)}", "$text-warning"))
    return Content("\n").join(lines)


def failure_content(graph: Graph) -> Content:
    """Why a graph didn't load, and what to do."""
    return join(
        safe(f"✘ {one_line(graph.error or 'It failed to load.', 1_000)}", "$text-error"),
        safe("\n\nF2 shows the traceback. F4 opens the file. Ctrl+R loads it again once it is fixed.", MUTED),
    )


def source_place(graph: Graph) -> str:
    """`file.py:12`, as editors and terminals understand it."""
    return plain(f"{graph.source}:{graph.line}" if graph.line else graph.source or "")


def source_content(graph: Graph, text: str | None) -> Content:
    """The file and the line, and what stands there; `text` is None if the file can't be read from here."""
    if not graph.source:
        return safe("The server doesn't tell where the graph's code is.", MUTED)
    place = join(safe(source_place(graph), "bold"), safe("   F4 opens it in $EDITOR", MUTED))
    if text is None:
        return join(place, safe("\n\nThe file can't be read from here: it is where the server runs.", MUTED))
    lines = plain(text, 400_000).expandtabs(4).split("\n")
    line = min(graph.line or 1, len(lines))
    first = max(0, line - 1 - _BEFORE)
    shown = lines[first : line + _AFTER]
    code = highlight("\n".join(shown), language="python").split("\n", allow_blank=True)
    width = len(str(first + len(shown)))
    numbered = [
        join(
            safe(
                f"{'▌' if graph.line == number else ' '}{number:>{width}}  ",
                "$text-accent" if graph.line == number else MUTED,
            ),
            row,
        )
        for number, row in enumerate(code[: len(shown)], first + 1)
    ]
    above = [safe(f"… {count(first, 'line')} above", MUTED)] if first else []
    below = (
        [safe(f"… {count(len(lines) - first - len(shown), 'more line')}", MUTED)]
        if len(lines) > first + len(shown)
        else []
    )
    return Content("\n").join([place, Content(""), *above, *numbered, *below])


def notices_about(notices: Iterable[str], graph_id: str) -> list[str]:
    """Those of the server's notices that name the graph."""
    return [notice for notice in notices if repr(graph_id) in notice or f"“{graph_id}”" in notice]


def _no_fields(kind: str, schema: Mapping[str, Any] | None) -> str:
    if not schema:
        return NOTHING[kind]
    return "The schema has no named fields. J shows it as JSON."


def _field(field: SchemaField, wide: int, width: int) -> Content:
    indent = "  " * field.depth
    used = f"{'nodes' if len(field.nodes) > 1 else 'node'} {', '.join(field.nodes)}" if field.nodes else ""
    facts = "  ·  ".join(filter(None, [f"default {field.default}" if field.default else "", used]))
    head = join(
        safe(f"{indent}{field.name}".ljust(wide), "bold"),
        safe(f"  {field.type}"),
        safe("  required" if field.required else "", "$text-warning"),
    )
    below = [safe(text, MUTED) for text in (field.description, facts) if text]
    rows = [*_hanging(head, indent + "    ", width), *(row for text in below for row in _indented(text, indent, width))]
    return Content("\n").join(rows)


def _hanging(text: Content, indent: str, width: int) -> list[Content]:
    first, *rest = text.wrap(width) or [Content("")]
    return [
        first,
        *(Content(indent) + row for row in (Content(" ").join(rest).wrap(width - len(indent)) if rest else [])),
    ]


def _indented(text: Content, indent: str, width: int) -> list[Content]:
    return [Content(f"{indent}    ") + row for row in text.wrap(max(8, width - len(indent) - 4))]


def _within(end: str, node: str, other: str) -> bool:
    """Whether the end of an edge is the node, or in the subgraph that it is while the other end isn't."""
    inside = f"{node}{BETWEEN}"
    return end == node or (end.startswith(inside) and not other.startswith(inside))


def _edge(edge: Edge, other: str, node: str, graph: Drawing) -> str:
    """`⇢ tools (yes)`; a node of another subgraph with the way to it."""
    parent = other.rpartition(BETWEEN)[0]
    framed = parent in graph.frames and parent != node.rpartition(BETWEEN)[0]
    name = " › ".join(name_of(part) for part in other.split(BETWEEN)) if framed else name_of(other)
    label = f" ({edge.label})" if edge.label else ""
    return f"{'⇢' if edge.conditional else '→'} {name}{label}"


def _edges(what: str, edges: list[str], nothing: str) -> Content:
    return join(safe(f"{what:<6}", MUTED), safe("  ".join(edges) or nothing, "" if edges else MUTED))
