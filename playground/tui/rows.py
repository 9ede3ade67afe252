"""Graphs, assistants and versions as rows of the Browse screen. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from textual.content import Content

from playground.tui.text import MUTED, age, one_line, safe
from playground.tui.widgets.columns import Column
from playground.tui.widgets.row_list import Row

if TYPE_CHECKING:
    from playground.client.values import Assistant, Graph, Version
    from playground.tui.catalog import Catalog

GRAPH_COLUMNS: Final = (
    Column(most=1),
    Column("GRAPH", grow=True, least=8),
    Column("", align="right", most=6),
)
ASSISTANT_COLUMNS: Final = (
    Column("NAME", grow=True, least=14, most=60),
    Column("VER", align="right", most=5),
    Column("LABEL", most=12, drop=2),
    Column("RUNS", align="right", most=6, drop=3),
    Column("UPDATED", align="right", most=7, drop=1),
)
VERSION_COLUMNS: Final = (
    Column("VER", align="right", most=5),
    Column("", most=8),
    Column("LABEL", most=12),
    Column("NOTE", grow=True, least=8, drop=1),
    Column("AGE", align="right", most=4),
)

_GRAPH_STATES: Final = {
    "ready": ("●", "$text-success"),
    "failed": ("✘", "$text-error"),
    "loading": ("…", MUTED),
}


def graph_rows(catalog: Catalog) -> list[Row]:
    """A row a graph: its state, its name, and how many assistants it has."""
    counts = Counter(assistant.graph_id for assistant in catalog.assistants)
    return [_graph_row(graph, counts[graph.graph_id]) for graph in catalog.graphs]


def _graph_row(graph: Graph, assistants: int) -> Row:
    glyph, style = _GRAPH_STATES.get(graph.state, ("?", MUTED))
    failed = graph.state == "failed"
    cells = (
        safe(glyph, style),
        safe(one_line(graph.graph_id, 80), "$text-error" if failed else ""),
        safe("failed" if failed else str(assistants), "$text-error" if failed else MUTED),
    )
    return Row(graph.graph_id, cells, _searchable(graph.graph_id, graph.description))


def assistant_rows(catalog: Catalog, graph_id: str | None, now: datetime) -> list[Row]:
    """A row an assistant of the graph."""
    return [
        _assistant_row(assistant, catalog.draft(assistant.assistant_id) is not None, now)
        for assistant in catalog.of_graph(graph_id)
    ]


def _assistant_row(assistant: Assistant, has_draft: bool, now: datetime) -> Row:
    name = safe(one_line(assistant.name, 120))
    if assistant.is_default:
        name = name + safe(" · default", MUTED)
    if has_draft:
        name = name + safe("  ~draft", "$text-warning")
    cells = (
        name,
        safe(f"v{assistant.version}"),
        _labels(assistant.labels),
        safe("" if assistant.runs is None else f"{assistant.runs:,}", MUTED),
        safe(age(assistant.updated_at, now), MUTED),
    )
    search = _searchable(assistant.name, assistant.description, assistant.assistant_id, *assistant.labels)
    return Row(assistant.assistant_id, cells, search)


def version_rows(versions: Sequence[Version], now: datetime) -> list[Row]:
    """A row a version, newest first. One without a note that equals an older one says which."""
    return [
        Row(str(version.version), _version_cells(version, versions[index + 1 :], now), _version_search(version))
        for index, version in enumerate(versions)
    ]


def _version_cells(version: Version, older: Sequence[Version], now: datetime) -> tuple[Content, ...]:
    return (
        safe(f"v{version.version}", "bold" if version.active else ""),
        safe("● active", "$text-accent") if version.active else Content(""),
        _labels(version.labels),
        _note(version, older),
        safe(age(version.created_at, now), MUTED),
    )


def _note(version: Version, older: Sequence[Version]) -> Content:
    if version.note:
        return safe(one_line(version.note, 120))
    same = next((one for one in older if one.context_hash == version.context_hash), None)
    return safe(f"same as v{same.version}", MUTED) if same else Content("")


def _version_search(version: Version) -> str:
    return _searchable(f"v{version.version}", version.note, *version.labels, "active" if version.active else None)


def _labels(labels: Sequence[str]) -> Content:
    return safe(one_line(" ".join(labels), 40), "$text-primary") if labels else Content("")


def _searchable(*texts: str | None) -> str:
    return " ".join(one_line(text, 500) for text in texts if text).casefold()
