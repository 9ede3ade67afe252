"""Which assistants are listed: those of one graph, filtered and in an order. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from playground.tui.browse.filter import Pair, States, find
from playground.tui.browse.order import USUAL, Order

if TYPE_CHECKING:
    from playground.client.values import Assistant
    from playground.tui.browse.catalog import Catalog


@dataclass(frozen=True)
class Listing:
    """A graph's assistants in order, whole and by their ids; sorted once, filtered as often as a key is pressed."""

    catalog: Catalog
    graph_id: str | None = None
    order: Order = USUAL
    misfits: Collection[str] = frozenset()

    @cached_property
    def all(self) -> Sequence[Assistant]:
        """Those of the graph, in order."""
        return self.order.sort(self.catalog.of_graph(self.graph_id))

    @cached_property
    def states(self) -> States:
        """What a filter may ask for that assistants don't say themselves."""
        drafts = frozenset(draft.assistant_id for draft in self.catalog.drafts)
        return States(drafts, self.misfits, self.catalog.metadata_keys)

    @cached_property
    def misfit_count(self) -> int:
        """How many of the graph's assistants no longer fit it."""
        return sum(one.assistant_id in self.misfits for one in self.all) if self.misfits else 0

    @cached_property
    def _pairs(self) -> Sequence[Pair]:
        return [(one, self.catalog.findable(one)) for one in self.all]

    def found(self, text: str) -> Sequence[Assistant]:
        """Those that match what was typed."""
        return [assistant for assistant, _ in find(self._pairs, text, self.states)] if text else self.all

    def same_as(self, other: Listing) -> bool:
        """Whether it lists the same for every filter, so that what is shown can stay."""
        return (
            self.catalog is other.catalog
            and (self.graph_id, self.order) == (other.graph_id, other.order)
            and self.misfits == other.misfits
        )
