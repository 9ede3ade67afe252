"""Where the terminal is narrow, panes take turns: a line with their names, clickable."""

from collections.abc import Sequence

from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from playground.tui.text import MUTED, clickable, safe


class PaneTabs(Static):
    """`Graphs   Assistants   Versions`: shown only on a narrow screen. A click posts `Picked`."""

    ALLOW_SELECT = False
    SCOPED_CSS = False  # whether it is shown depends on the screen
    DEFAULT_CSS = """
    PaneTabs { display: none; height: 1; padding: 0 1; }
    .-narrow PaneTabs { display: block; }
    """
    auto_links = False

    class Picked(Message):
        """The user wants this pane."""

        def __init__(self, pane: str) -> None:
            super().__init__()
            self.pane = pane

    def __init__(self, panes: Sequence[tuple[str, str]], current: str = "") -> None:
        """`panes`: an id and a title each."""
        super().__init__()
        self._panes = panes
        self.show_current(current)

    def show_current(self, current: str) -> None:
        """Mark the pane that is shown."""
        tabs = [
            clickable(safe(title, "bold underline $text-accent" if pane == current else MUTED), f"pick('{pane}')")
            for pane, title in self._panes
        ]
        self.update(Content("   ").join(tabs), layout=False)

    def action_pick(self, pane: str) -> None:
        """Ask for the pane."""
        self.post_message(self.Picked(pane))
