"""Graphs, assistants, versions and drafts as rows of the Browse screen. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from textual.content import Content

from playground.tui.browse.forks import origin
from playground.tui.text import MUTED, age, join, one_line, safe
from playground.tui.widgets.columns import Column
from playground.tui.widgets.row_list import LazyRows, Row

if TYPE_CHECKING:
    from playground.client.values import Assistant, Graph, Version
    from playground.tui.browse.catalog import Catalog
    from playground.tui.browse.drafts import DraftChanges
    from playground.tui.browse.listing import Listing
    from playground.tui.browse.order import Order

GRAPH_COLUMNS: Final = (
    Column(most=1),
    Column("GRAPH", grow=True, least=8),
    Column("", align="right", most=6),
)
VERSION_COLUMNS: Final = (
    Column("VER", align="right", most=5),
    Column("", most=8),
    Column("LABEL", most=12),
    Column("NOTE", grow=True, least=8, drop=1),
    Column("AGE", align="right", most=4),
)

DRAFT_COLUMNS: Final = (
    Column(grow=True, least=12),
    Column(most=16, drop=1),
    Column(most=20, align="right"),
    Column(most=4, align="right"),
)

_GRAPH_STATES: Final = {
    "ready": ("●", "$text-success"),
    "failed": ("✘", "$text-error"),
    "loading": ("…", MUTED),
}


def assistant_columns(order: Order) -> tuple[Column, ...]:
    """The columns, the title of the one that is sorted by with an arrow. A click on a title sorts by it."""
    when = "created" if order.by == "created" else "updated"

    def title(name: str, by: str) -> str:
        return f"{name}{order.arrow}" if order.by == by else name

    return (
        Column(title("NAME", "name"), grow=True, least=15, most=60, sort="name"),
        Column("VER", align="right", most=5),
        Column("LABEL", most=16, drop=2, shrink=8),
        Column(title("RUNS", "runs"), align="right", most=7, drop=3, sort="runs"),
        Column(title(when.upper(), when), align="right", most=8, drop=1, sort=when),
    )


def graph_rows(catalog: Catalog) -> list[Row]:
    """A row a graph: its state, its name, and how many assistants it has.

    A failed one has its sign: with the word beside it, names like `billing_agent` would be cut.
    """
    return [_graph_row(graph, catalog.counts[graph.graph_id]) for graph in catalog.graphs]


def _graph_row(graph: Graph, assistants: int) -> Row:
    glyph, style = _GRAPH_STATES.get(graph.state, ("?", MUTED))
    failed = graph.state == "failed"
    cells = (
        safe(glyph, style),
        safe(one_line(graph.graph_id, 80), "$text-error" if failed else ""),
        safe(str(assistants), MUTED),
    )
    return Row(graph.graph_id, cells, _searchable(graph.graph_id, graph.description))


def assistant_rows(
    listing: Listing, found: Sequence[Assistant], now: datetime, widest: Sequence[int] | None = None
) -> LazyRows:
    """A row each of those that were found. `widest`: see `assistant_widths`; not to be measured at every key."""

    def make(assistant_id: str) -> Row:
        assistant = listing.catalog.assistant(assistant_id)
        assert assistant is not None
        return Row(assistant_id, _assistant_cells(assistant, listing, now))

    keys = [one.assistant_id for one in found]
    return LazyRows(keys, make, widest or assistant_widths(listing))


def assistant_widths(listing: Listing) -> tuple[int, ...]:
    """What each column's widest content takes in cells, of all of the graph: filtering changes no width."""
    everyone = listing.all
    runs = max((one.runs for one in everyone if one.runs is not None), default=None)
    version = max((one.version for one in everyone), default=1)
    labels = max((_labels_of(one).cell_length for one in everyone if one.label_versions or one.labels), default=0)
    return (60, len(f"v{version}"), labels, 0 if runs is None else len(f"{runs:,}"), 4)


def _assistant_cells(assistant: Assistant, listing: Listing, now: datetime) -> tuple[Content, ...]:
    when = assistant.created_at if listing.order.by == "created" else assistant.updated_at
    return (
        _assistant_name(assistant, listing),
        safe(f"v{assistant.version}"),
        _labels_of(assistant),
        safe("" if assistant.runs is None else f"{assistant.runs:,}", MUTED),
        safe(age(when, now), MUTED),
    )


def _assistant_name(assistant: Assistant, listing: Listing) -> Content:
    name = _named(assistant)
    if assistant.assistant_id in listing.misfits:
        name = join(safe("✘ ", "$text-error"), name)
    if listing.catalog.draft(assistant.assistant_id) is not None:
        name = name + safe("  ~draft", "$text-warning")
    if assistant.is_default:
        name = name + safe(" · default", MUTED)
    elif source := origin(assistant, listing.catalog):
        name = name + safe(f" · forked from {source}", MUTED)
    return name


def _named(assistant: Assistant) -> Content:
    """The name; one that shows nothing (only spaces or controls) as the beginning of the id."""
    name = one_line(assistant.name, 120)
    return safe(name) if name else safe(f"(no name) {assistant.assistant_id[:8]}", MUTED)


def _labels_of(assistant: Assistant) -> Content:
    """Those of the active version; muted those that name another one."""
    others = sorted(f"{label}:v{to}" for label, to in assistant.label_versions.items() if to != assistant.version)
    if not others:
        return _labels(assistant.labels)
    return join(_labels(assistant.labels), " " if assistant.labels else "", safe(one_line(" ".join(others), 40), MUTED))


def draft_rows(drafts: Sequence[DraftChanges], graph_id: str | None, now: datetime) -> list[Row]:
    """A row a draft: whose it is, how much it changes, how old it is. Keys are the assistants' ids."""
    return [_draft_row(draft, graph_id, now) for draft in drafts]


def _draft_row(draft: DraftChanges, graph_id: str | None, now: datetime) -> Row:
    elsewhere = draft.graph_id != graph_id
    cells = (
        join(safe("~ ", "$text-warning"), safe(one_line(draft.name, 80))),
        safe(one_line(draft.graph_id, 40) if elsewhere else "", MUTED),
        safe(draft.sentence, MUTED),
        safe(age(draft.updated_at, now), MUTED),
    )
    return Row(draft.assistant_id, cells)


def version_rows(versions: Sequence[Version], now: datetime) -> list[Row]:
    """A row a version, newest first. One without a note that equals an older one says which."""
    same = _repeated(versions)
    return [Row(str(one.version), _version_cells(one, same, now), _version_search(one)) for one in versions]


def _repeated(versions: Sequence[Version]) -> dict[int, int]:
    """{version: the newest older one that is the same}."""
    seen: dict[tuple[str, str], int] = {}
    same: dict[int, int] = {}
    for version in reversed(versions):
        content = (version.context_hash, repr(sorted(version.config.items())))
        if content in seen:
            same[version.version] = seen[content]
        seen[content] = version.version
    return same


def _version_cells(version: Version, same: dict[int, int], now: datetime) -> tuple[Content, ...]:
    return (
        safe(f"v{version.version}", "bold" if version.active else ""),
        safe("● active", "$text-accent") if version.active else Content(""),
        _labels(version.labels),
        _note(version, same),
        safe(age(version.created_at, now), MUTED),
    )


def _note(version: Version, same: dict[int, int]) -> Content:
    repeats = safe(f"same as v{same[version.version]}", MUTED) if version.version in same else Content("")
    if not version.note:
        return repeats
    return join(safe(one_line(version.note, 120)), "  " if repeats else "", repeats)


def _version_search(version: Version) -> str:
    return _searchable(f"v{version.version}", version.note, *version.labels, "active" if version.active else None)


def _labels(labels: Sequence[str]) -> Content:
    return safe(one_line(" ".join(labels), 40), "$text-primary") if labels else Content("")


def _searchable(*texts: str | None) -> str:
    return " ".join(one_line(text, 500) for text in texts if text).casefold()
