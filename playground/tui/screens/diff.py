"""What differs between two versions, in full."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from playground.client.values import Version
from playground.tui.changes import details, version_changes
from playground.tui.text import join, one_line
from playground.tui.widgets.keybar import KeyBar


class DiffScreen(ModalScreen[None]):
    """Two versions, field by field, over the whole screen."""

    DEFAULT_CSS = """
    DiffScreen {
        background: $background;
        #diff { border: round $accent; border-title-color: $text-accent; border-title-style: bold; height: 1fr; }
        #diff-scroll { padding: 1 2; scrollbar-size-vertical: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,d,q", "dismiss", "Back", id="diff.back", tooltip="Back to where you were"),
        Binding("s", "swap", "Swap sides", id="diff.swap", tooltip="Read it the other way round"),
        Binding("y", "copy", "Copy", id="diff.copy", tooltip="Copy the differences as text"),
        Binding("j", "scroll('down')", "Down", id="diff.down", show=False, tooltip="Scroll down"),
        Binding("k", "scroll('up')", "Up", id="diff.up", show=False, tooltip="Scroll up"),
        Binding("g", "scroll('home')", "Top", id="diff.top", show=False, tooltip="To the top"),
        Binding("G", "scroll('end')", "End", id="diff.end", show=False, tooltip="To the end"),
    ]

    def __init__(self, left: Version, right: Version, *, right_name: str | None = None) -> None:
        """`right_name`: what to call the right one if it has no number of its own, as a draft."""
        super().__init__()
        self._left = left, _name(left)
        self._right = right, right_name or _name(right)

    def compose(self) -> ComposeResult:
        """One text in one scroller."""
        with Vertical(id="diff"), VerticalScroll(id="diff-scroll"):
            yield Static(id="diff-text")
        yield KeyBar()

    def on_mount(self) -> None:
        """Show it; the arrows scroll at once."""
        self._show()
        self.query_one("#diff-scroll").focus()

    def _show(self) -> None:
        self.query_one("#diff").border_title = join(self._left[1], " → ", self._right[1])
        self.query_one("#diff-text", Static).update(self._details())

    def _details(self) -> Content:
        return details(version_changes(self._left[0], self._right[0]))

    def action_swap(self) -> None:
        """The other way round."""
        self._left, self._right = self._right, self._left
        self._show()

    def action_copy(self) -> None:
        """Copy the differences as text."""
        self.app.copy_to_clipboard(f"{self._left[1]} → {self._right[1]}\n\n{self._details().plain}\n")
        self.notify("Copied the differences.", markup=False, timeout=3)

    def action_scroll(self, where: str) -> None:
        """Scroll the text."""
        scroller = self.query_one("#diff-scroll", VerticalScroll)
        getattr(scroller, f"scroll_{where}")(animate=False)


def _name(version: Version) -> str:
    return one_line(f"{version.name}@v{version.version}{' (active)' if version.active else ''}", 60)
