"""Browse: the graphs, their assistants, and the versions of each."""

from textual.app import ComposeResult
from textual.widgets import Static

from playground.tui.screens.base import PlaygroundScreen


class BrowseScreen(PlaygroundScreen):
    """Graphs, assistants and versions side by side."""

    MODE = "browse"

    def compose_body(self) -> ComposeResult:
        """Three panes."""
        yield Static("Loading…", id="loading")
