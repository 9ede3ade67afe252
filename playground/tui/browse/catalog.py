"""What the server has, as the screens last read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from playground.tui.browse.filter import Findable, findable, metadata_keys

if TYPE_CHECKING:
    from playground.client.values import Assistant, Draft, Graph


@dataclass(frozen=True)
class Catalog:
    """Graphs, all assistants, and the drafts that exist. Read in a few requests, whatever their number.

    Ten thousand assistants are nothing unusual: what is looked up often is found by its id.
    """

    graphs: tuple[Graph, ...] = ()
    assistants: tuple[Assistant, ...] = ()
    drafts: tuple[Draft, ...] = ()
    findables: Mapping[str, Findable] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def _by_id(self) -> dict[str, Assistant]:
        return {one.assistant_id: one for one in self.assistants}

    @cached_property
    def _drafts_by_id(self) -> dict[str, Draft]:
        return {draft.assistant_id: draft for draft in self.drafts}

    @cached_property
    def counts(self) -> Counter[str]:
        """How many assistants each graph has."""
        return Counter(one.graph_id for one in self.assistants)

    @cached_property
    def metadata_keys(self) -> frozenset[str]:
        """All keys of metadata that a filter can ask for."""
        return metadata_keys(self.findables.values())

    def graph(self, graph_id: str | None) -> Graph | None:
        """The graph with that id."""
        return next((graph for graph in self.graphs if graph.graph_id == graph_id), None)

    def assistant(self, assistant_id: str | None) -> Assistant | None:
        """The assistant with that id."""
        return self._by_id.get(assistant_id or "")

    def of_graph(self, graph_id: str | None) -> list[Assistant]:
        """A graph's assistants."""
        return [one for one in self.assistants if one.graph_id == graph_id]

    def latest_own(self) -> Assistant | None:
        """The assistant of the user's own that changed last: what they were at."""
        own = [one for one in self.assistants if not one.is_default]
        return max(own, key=lambda one: one.updated_at, default=None)

    def draft(self, assistant_id: str) -> Draft | None:
        """The assistant's unsaved edit."""
        return self._drafts_by_id.get(assistant_id)

    def findable(self, assistant: Assistant) -> Findable:
        """What a filter looks in."""
        return self.findables.get(assistant.assistant_id) or findable(assistant)

    def with_graphs(self, graphs: list[Graph]) -> Catalog:
        """The same with the graphs as they are now."""
        return replace(self, graphs=tuple(graphs))

    def indexed(self, before: Catalog) -> Catalog:
        """The same, prepared for filters and look-ups. What `before` knows of what didn't change is taken over.

        Ten thousand new assistants take a fifth of a second: not to be done on the event loop.
        """
        known = before.findables
        findables = {
            one.assistant_id: known[one.assistant_id]
            if before.assistant(one.assistant_id) is one and one.assistant_id in known
            else findable(one)
            for one in self.assistants
        }
        made = replace(self, findables=findables)
        _ = made._by_id, made._drafts_by_id, made.counts, made.metadata_keys
        return made
