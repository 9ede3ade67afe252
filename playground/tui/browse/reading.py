"""What the Browse screen reads of the server, and what it knows already. No widgets: the screen shows what is here."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from playground.client.errors import PlaygroundError
from playground.client.secret_values import masked
from playground.tui.browse.catalog import Catalog
from playground.tui.browse.drafts import active_version, changed_fields
from playground.tui.browse.versions import NOTHING, VersionsShown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playground.client.client import Client
    from playground.client.values import Assistant, Draft, Graph, Schemas, Version

    Details = tuple[dict[str, object], Schemas]  # what the server says of a graph: its drawing, its schemas

_COUNTED = 50
"""Drafts whose changes are counted: those older than that many others say only what they are based on."""


class BrowseReading:
    """Reads in few requests, and only what changed; what takes long is done beside the event loop."""

    def __init__(self) -> None:
        self.catalog = Catalog()
        self.is_read = False
        self.details: dict[str, Details] = {}
        self._contexts: dict[
            str, dict[str, Any] | None
        ] = {}  # schemas, the last that were read: a graph may fail meanwhile
        self.draft_fields: dict[str, int] = {}
        self.misfits: dict[str, tuple[str, ...]] = {}
        self._counted: dict[str, Draft] = {}

    async def read(self, client: Client, whole: bool = False) -> bool:
        """Graphs, assistants and drafts; False if nothing changed. Raises PlaygroundError.

        `whole` reads every assistant; otherwise those that changed since the last time.
        """
        before = self.catalog
        known = () if whole else before.assistants
        graphs, assistants, drafts = await asyncio.gather(
            client.graphs.list(), client.assistants.update(known), client.notes.drafts()
        )
        made = Catalog(tuple(graphs), tuple(assistants), tuple(drafts))
        if self.is_read and _is_same(before, made):
            return False
        self.catalog = await asyncio.to_thread(made.indexed, before)
        self.is_read = True
        return True

    def graphs_changed(self, graphs: Sequence[Graph]) -> None:
        """Graphs as they are now; what was read of them is old."""
        self.details.clear()
        self.catalog = self.catalog.with_graphs(list(graphs))

    async def read_details(self, client: Client, graph_id: str) -> None:
        """Drawing and schemas of a graph, once."""
        if graph_id not in self.details:
            (drawing, _), schemas = await asyncio.gather(
                client.graphs.opened_drawing(graph_id), client.graphs.schemas(graph_id)
            )
            self.details[graph_id] = (dict(drawing), schemas)
            self._contexts[graph_id] = schemas.context

    def masked(self, version: Version) -> Version | None:
        """As it may be shown: with dots for what its graph's schema calls a secret; None if that wasn't read yet."""
        if version.graph_id not in self._contexts:
            return None
        return replace(version, context=masked(version.context, self._contexts[version.graph_id]))

    async def read_versions(self, client: Client, assistant: Assistant) -> VersionsShown:
        """An assistant's versions, and what is said about them."""
        versions, facts, promotions = await asyncio.gather(
            client.assistants.versions(assistant.assistant_id),
            client.notes.label_facts(assistant.assistant_id),
            client.notes.promotions(assistant.assistant_id),
        )
        return replace(
            NOTHING, assistant=assistant, versions=tuple(versions), labels=facts, promotions=tuple(promotions)
        )

    async def count_drafts(self, client: Client) -> None:
        """How many fields each draft changes, of those that are new or changed."""
        for draft in self.catalog.drafts[:_COUNTED]:
            if self._counted.get(draft.assistant_id) == draft:
                continue
            base = await self.base_of(client, draft)
            if base is not None:
                self.draft_fields[draft.assistant_id] = changed_fields(draft, base)
                self._counted[draft.assistant_id] = draft

    async def base_of(self, client: Client, draft: Draft) -> Version | None:
        """The version that a draft is based on; None if it, or its assistant, is gone."""
        assistant = self.catalog.assistant(draft.assistant_id)
        if assistant is None:
            return None
        if assistant.version == draft.base_version:
            return active_version(assistant)
        try:
            versions = await client.assistants.versions(draft.assistant_id)
        except PlaygroundError:
            return None
        return next((one for one in versions if one.version == draft.base_version), None)

    async def find_misfits(self, client: Client) -> bool:
        """Which assistants no longer fit their graph, and why; False if they are the same as before."""
        from playground.client.misfits import misfits

        found = await misfits(client, self.catalog.assistants)
        changed = found != self.misfits
        self.misfits = found
        return changed


def _is_same(before: Catalog, now: Catalog) -> bool:
    return (
        len(before.assistants) == len(now.assistants)
        and all(one is other for one, other in zip(before.assistants, now.assistants, strict=True))
        and before.graphs == now.graphs
        and before.drafts == now.drafts
    )
