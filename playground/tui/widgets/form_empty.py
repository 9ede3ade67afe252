"""The Edit screen before anything is chosen: what to do, and the drafts one can go on with."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from playground.client.values import Assistant, Draft
from playground.tui.text import MUTED, age, join, one_line, safe
from playground.tui.widgets.columns import Column
from playground.tui.widgets.row_list import Row, RowList

COLUMNS = (Column(grow=True, least=12), Column(most=12), Column(align="right", most=6))


class EmptyEdit(Vertical):
    """A sentence in the middle, with the drafts under it if there are any."""

    DEFAULT_CSS = """
    EmptyEdit {
        align: center middle;
        #empty-box { width: 64; max-width: 94%; height: auto; }
        #empty-text { height: auto; text-align: center; }
        #drafts-title { display: none; margin-top: 2; color: $text-muted; text-style: bold; }
        RowList { display: none; height: auto; max-height: 12; border: round $foreground 25%; }
        RowList:focus { border: round $accent; }
        &.-drafts #drafts-title, &.-drafts RowList { display: block; }
    }
    """

    def compose(self) -> ComposeResult:
        """The sentence over the drafts."""
        with Vertical(id="empty-box"):
            yield Static(id="empty-text")
            yield Static("Drafts to go on with", id="drafts-title")
            yield RowList(*COLUMNS, id="drafts")

    def show(self, title: str, hint: Content | str = "", *, error: bool = False) -> None:
        """What is the matter, and what to do."""
        self.set_class(False, "-drafts")
        head = safe(f"✘ {title}" if error else title, "bold $text-error" if error else "bold")
        self.query_one("#empty-text", Static).update(join(head, "\n\n", hint) if hint else head)

    def show_drafts(self, drafts: Sequence[Draft], assistants: Mapping[str, Assistant], now: datetime) -> None:
        """Offer these drafts, newest first."""
        known = [draft for draft in drafts if draft.assistant_id in assistants]
        rows = [
            Row(
                draft.assistant_id,
                (
                    safe(one_line(assistants[draft.assistant_id].name, 80)),
                    safe(f"on v{draft.base_version}", MUTED),
                    safe(age(draft.updated_at, now), MUTED),
                ),
            )
            for draft in known
        ]
        self.query_one(RowList).set_rows(rows, Content(""))
        self.set_class(bool(rows), "-drafts")
