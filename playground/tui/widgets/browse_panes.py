"""The three columns of Browse, and moving between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message

from playground.tui.browse.rows import VERSION_COLUMNS
from playground.tui.widgets.assistants_pane import AssistantsPane
from playground.tui.widgets.changes_pane import ChangesPane
from playground.tui.widgets.drafts_strip import DraftsStrip
from playground.tui.widgets.graph_pane import GraphPane
from playground.tui.widgets.list_pane import ListPane

if TYPE_CHECKING:
    from textual.widget import Widget

COLUMNS: Final = (("graphs", "Graphs"), ("assistants", "Assistants"), ("versions", "Versions"))
"""An id and a title each."""


class BrowsePanes(Horizontal):
    """Graphs, assistants, and the versions over what differs between them. One column is the current one."""

    class Changed(Message):
        """The user is in another column, or in another list of it."""

    def __init__(self) -> None:
        super().__init__()
        self.column = "assistants"
        """Where the user is: `graphs`, `assistants` or `versions`."""
        self.graphs = GraphPane()
        self.assistants = AssistantsPane()
        self.versions = ListPane("Versions", *VERSION_COLUMNS, id="versions")
        self.changes = ChangesPane()

    def compose(self) -> ComposeResult:
        """A column each."""
        with Vertical(id="graphs-column", classes="column"):
            yield self.graphs
        with Vertical(id="assistants-column", classes="column -current"):
            yield self.assistants
        with Vertical(id="versions-column", classes="column"):
            yield self.versions
            yield self.changes

    @property
    def drafts(self) -> DraftsStrip:
        """The drafts, under the assistants."""
        return self.assistants.drafts

    @property
    def in_drafts(self) -> bool:
        """Whether the user is in the list of drafts."""
        return self.drafts.list.has_focus

    @property
    def pane(self) -> ListPane:
        """The list of the current column."""
        return self._panes[self.column]

    @property
    def _panes(self) -> dict[str, ListPane]:
        return {"graphs": self.graphs, "assistants": self.assistants, "versions": self.versions}

    def set_current(self, column: str) -> None:
        """Keys act on this column, and a narrow screen shows it."""
        self.column = column
        for name, _ in COLUMNS:
            self.query_one(f"#{name}-column").set_class(name == column, "-current")
        self.post_message(self.Changed())

    def go_to(self, column: str, stop: Widget | None = None) -> None:
        """Move the focus to the column: to its list, or to something else in it."""
        self.screen.minimize()
        self.set_current(column)
        self.call_after_refresh((stop or self._panes[column].list).focus)

    def step_column(self, by: int) -> None:
        """To the column on the right, or on the left."""
        names = [name for name, _ in COLUMNS]
        self.go_to(names[(names.index(self.column) + by) % len(names)])

    def step(self, by: int) -> None:
        """To the next list, or the one before: the strips under the assistants are among them."""
        stops = self._stops()
        here = next((index for index, (_, stop) in enumerate(stops) if stop.has_focus), None)
        if here is None:
            self.step_column(by)
        else:
            self.go_to(*stops[(here + by) % len(stops)])

    def _stops(self) -> list[tuple[str, Widget]]:
        misfits = self.assistants.misfits
        strips: list[tuple[str, Widget]] = []
        if misfits.display:
            strips.append(("assistants", misfits))
        if self.drafts.display:
            strips.append(("assistants", self.drafts.list))
        return [
            ("graphs", self.graphs.list),
            ("assistants", self.assistants.list),
            *strips,
            ("versions", self.versions.list),
        ]

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The column with the focus is the current one."""
        for node in event.widget.ancestors:
            if node.id and isinstance(node, Vertical) and node.has_class("column"):
                self.set_current(node.id.removesuffix("-column"))
