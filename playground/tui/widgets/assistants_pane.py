"""The assistants of a graph: filtered as one types, in an order, with what needs attention under them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content

from playground.tui.browse.catalog import Catalog
from playground.tui.browse.filter import HINT
from playground.tui.browse.listing import Listing
from playground.tui.browse.order import Order
from playground.tui.browse.rows import assistant_columns, assistant_rows, assistant_widths
from playground.tui.widgets.drafts_strip import DraftsStrip
from playground.tui.widgets.list_pane import ListPane
from playground.tui.widgets.misfits_strip import MisfitsStrip

if TYPE_CHECKING:
    from playground.tui.widgets.row_list import Row

MISFITS = "is:misfit"


class AssistantsPane(ListPane):
    """A list of assistants over two strips: how many no longer fit, and the drafts."""

    def __init__(self) -> None:
        super().__init__("Assistants", *assistant_columns(Order()), header=True, hint=HINT, id="assistants")
        self.misfits = MisfitsStrip()
        self.drafts = DraftsStrip()
        self._listing = Listing(Catalog())
        self._widest: tuple[int, ...] = ()
        self._now = datetime.min

    def compose(self) -> ComposeResult:
        """The list over the strips, which show themselves when there is something to say."""
        yield from super().compose()
        yield self.misfits
        yield self.drafts

    def show(self, listing: Listing, now: datetime, empty: Content | str) -> None:
        """List these; `empty` says what would fill the list."""
        if not listing.same_as(self._listing) or not self._widest:
            self._listing = listing
            self._widest = assistant_widths(listing)
        self._now = now
        self.list.set_columns(assistant_columns(listing.order))
        self.set_rows((), empty)

    def _found(self, text: str) -> Sequence[Row]:
        return assistant_rows(self._listing, self._listing.found(text), self._now, self._widest)

    def _show(self) -> None:
        super()._show()
        self.misfits.show(self._listing.misfit_count, self.filter_text == MISFITS)

    @property
    def total(self) -> int:
        """How many there are, whatever is filtered."""
        return len(self._listing.all)

    def set_message(self, message: Content | str) -> None:
        """Nothing to list yet: say why."""
        self._listing = Listing(Catalog())
        super().set_message(message)
