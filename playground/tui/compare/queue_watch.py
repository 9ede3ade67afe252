"""What runs wait for in our server's queue, asked while a pane's run is in it."""

from collections.abc import Sequence
from typing import Final, Protocol

from playground.client.client import Client
from playground.client.errors import PlaygroundError
from playground.tui.widgets.run_pane import RunPane

EVERY: Final = 1.0
"""Seconds between two questions."""


class HasPanes(Protocol):
    """A screen with panes side by side, and the client while there is one."""

    @property
    def panes(self) -> Sequence[RunPane]: ...

    @property
    def client(self) -> Client | None: ...


class QueueWatch:
    """Tells the panes of a screen what their runs wait for; `look` is called every second."""

    def __init__(self, screen: HasPanes) -> None:
        self._screen = screen

    async def look(self) -> None:
        """Nothing is asked while nothing waits; other servers don't say, and a failure is nothing to report."""
        queued = [pane for pane in self._screen.panes if pane.conversation.status == "queued"]
        client = self._screen.client
        if not queued or client is None:
            return
        try:
            waiting = await client.runs.waiting()
        except PlaygroundError:
            return
        for pane in queued:
            turn = pane.conversation.turn
            pane.show_waiting(waiting.get(turn.run_id or "") if turn is not None else None)
