"""What the server has, as the screens last read it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playground.client.values import Assistant, Draft, Graph


@dataclass(frozen=True, slots=True)
class Catalog:
    """Graphs, all assistants, and the drafts that exist. Read in a few requests, whatever their number."""

    graphs: tuple[Graph, ...] = ()
    assistants: tuple[Assistant, ...] = ()
    drafts: tuple[Draft, ...] = ()

    def graph(self, graph_id: str | None) -> Graph | None:
        """The graph with that id."""
        return next((graph for graph in self.graphs if graph.graph_id == graph_id), None)

    def assistant(self, assistant_id: str | None) -> Assistant | None:
        """The assistant with that id."""
        return next((one for one in self.assistants if one.assistant_id == assistant_id), None)

    def of_graph(self, graph_id: str | None) -> list[Assistant]:
        """A graph's assistants: the user's own first, those changed last on top; the default one after them."""
        own = [one for one in self.assistants if one.graph_id == graph_id]
        own.sort(key=lambda one: one.updated_at, reverse=True)
        return sorted(own, key=lambda one: one.is_default)

    def latest_own(self) -> Assistant | None:
        """The assistant of the user's own that changed last: what they were at."""
        own = [one for one in self.assistants if not one.is_default]
        return max(own, key=lambda one: one.updated_at, default=None)

    def draft(self, assistant_id: str) -> Draft | None:
        """The assistant's unsaved edit."""
        return next((draft for draft in self.drafts if draft.assistant_id == assistant_id), None)

    def with_graphs(self, graphs: list[Graph]) -> Catalog:
        """The same with the graphs as they are now."""
        return replace(self, graphs=tuple(graphs))
