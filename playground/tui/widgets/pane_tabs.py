"""Where the terminal is narrow, panes take turns: a line with their names, clickable."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Static


class PaneTabs(Horizontal):
    """`Graphs  Assistants  Versions`: shown only on a narrow screen. A click posts `Picked`."""

    SCOPED_CSS = False  # whether it is shown depends on the screen
    DEFAULT_CSS = """
    PaneTabs {
        display: none;
        height: 1;
        padding: 0 1;
        PaneTab { width: auto; margin-right: 3; color: $text-muted; }
        PaneTab:hover { background: $block-hover-background; pointer: pointer; }
        PaneTab.-current { color: $text-accent; text-style: bold underline; }
    }
    .-narrow PaneTabs { display: block; }
    """

    class Picked(Message):
        """The user wants this pane."""

        def __init__(self, pane: str) -> None:
            super().__init__()
            self.pane = pane

    def __init__(self, panes: Sequence[tuple[str, str]]) -> None:
        """`panes`: an id and a title each."""
        super().__init__()
        self._panes = panes

    def compose(self) -> ComposeResult:
        """A tab a pane."""
        for pane, title in self._panes:
            yield PaneTab(pane, title)

    def show_current(self, pane: str) -> None:
        """Mark the pane that is shown."""
        for tab in self.query(PaneTab):
            tab.set_class(tab.pane == pane, "-current")


class PaneTab(Static):
    """The name of a pane."""

    ALLOW_SELECT = False

    def __init__(self, pane: str, title: str) -> None:
        super().__init__(Content(title))
        self.pane = pane

    async def on_click(self) -> None:
        """Ask for the pane."""
        await self.go()

    async def go(self) -> None:
        """Ask for the pane."""
        self.post_message(PaneTabs.Picked(self.pane))
