"""Scrolling in step: what one pane shows, the other linked ones show, too, turn by turn."""

from collections.abc import Sequence
from typing import Protocol

from playground.tui.widgets.run_pane import RunPane
from playground.tui.widgets.transcript_view import TranscriptView


class HasPanes(Protocol):
    """A screen with panes side by side."""

    @property
    def panes(self) -> Sequence[RunPane]: ...


class ScrollLink:
    """Moves the other linked panes of a screen when someone scrolls a linked one; `on` says whether.

    The rows are counted from the first one of a turn: answers of different length don't pull the next turn apart.
    """

    def __init__(self, screen: HasPanes) -> None:
        self.on = True
        self._screen = screen

    def toggle(self) -> bool:
        """On or off; whether it is on now."""
        self.on = not self.on
        return self.on

    def follow(self, view: TranscriptView) -> None:
        """`view` was scrolled by someone."""
        panes = [pane for pane in self._screen.panes if pane.side.linked]
        if not self.on or not any(pane.view is view for pane in panes):
            return
        for pane in panes:
            if pane.view is view:
                continue
            if view.following:
                pane.view.follow()
            else:
                pane.view.show_place(*view.place())
