"""The edits that aren't saved yet, under the list of assistants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content

from playground.tui.browse.rows import DRAFT_COLUMNS
from playground.tui.text import safe
from playground.tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from playground.tui.widgets.row_list import Row


class DraftsStrip(Vertical):
    """A list of its own: one draft a row, three at once, the others scroll. Without a draft it isn't there."""

    DEFAULT_CSS = """
    DraftsStrip {
        display: none;
        height: auto;
        border-top: solid $foreground 25%;
        border-title-color: $text-muted;
        &.-some { display: block; }
        &:focus-within { border-top: solid $accent; border-title-color: $text-accent; }
        RowList { height: auto; max-height: 3; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("D", "screen.delete", "Discard", id="drafts.discard", tooltip="Discard the draft; asks first"),
    ]

    def __init__(self) -> None:
        super().__init__(id="drafts-strip")
        self.list = RowList(*DRAFT_COLUMNS, id="drafts-list")

    def compose(self) -> ComposeResult:
        """The list."""
        yield self.list

    @property
    def key(self) -> str | None:
        """Whose draft is under the cursor."""
        return self.list.key

    def show(self, rows: Sequence[Row]) -> None:
        """List these drafts."""
        self.set_class(bool(rows), "-some")
        self.border_title = safe(f"Drafts {len(rows)}" if len(rows) > 1 else "Draft")
        self.list.set_rows(rows, Content(""))
