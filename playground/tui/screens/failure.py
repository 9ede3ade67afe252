"""No server: why, and what to do about it, on the whole screen."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from playground.client.errors import PlaygroundError
from playground.tui.text import plain, safe
from playground.tui.widgets.keybar import KeyBar

_LINES = 200
"""Lines of the server's log that are shown."""


class FailureScreen(ModalScreen[bool]):
    """Answers True to try again. What is on disk was not touched."""

    DEFAULT_CSS = """
    FailureScreen {
        background: $background;
        align: center middle;
        #failure { width: 100; max-width: 96%; height: auto; max-height: 90%; padding: 1 2; }
        #sentence { margin: 1 0; }
        #log { height: auto; max-height: 50vh; padding: 0 1; margin-bottom: 1; background: $boost; color: $text-muted; }
        #choices { height: 1; }
        #choices Button {
            margin-right: 2;
            min-width: 12;
            &:focus { text-style: bold underline; background-tint: $foreground 20%; }
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r,enter", "again", "Try again", id="failure.again", tooltip="Look for a server again"),
        Binding("y", "copy", "Copy", id="failure.copy", tooltip="Copy the reason and the log"),
        Binding("q,escape", "app.quit", "Quit", id="failure.quit", tooltip="Leave the playground"),
    ]

    def __init__(self, error: PlaygroundError) -> None:
        super().__init__()
        self._error = error

    def compose(self) -> ComposeResult:
        """The sentence, the server's last lines, and what can be done."""
        said = plain(self._error.detail or "").strip()
        log = said.splitlines()[-_LINES:] if said != plain(self._error.sentence) else []
        with Vertical(id="failure"):
            yield Static(safe("✘ The playground has no server", "bold $text-error"))
            yield Static(safe(self._error.sentence), id="sentence")
            if log:
                with VerticalScroll(id="log"):
                    yield Static(safe("\n".join(log)))
            with Horizontal(id="choices"):
                yield Button("Try again", "primary", id="again", compact=True)
                yield Button("Quit", id="quit", compact=True)
        yield KeyBar()

    def on_mount(self) -> None:
        """Enter tries again."""
        self.query_one("#again").focus()

    @on(Button.Pressed, "#again")
    def action_again(self) -> None:
        """Look for a server again."""
        self.dismiss(True)

    @on(Button.Pressed, "#quit")
    async def _quit(self) -> None:
        await self.run_action("app.quit")

    def action_copy(self) -> None:
        """Copy the reason and the log."""
        self.app.copy_to_clipboard(f"{self._error.sentence}\n\n{self._error.detail or ''}")
        self.notify("Copied.", markup=False, timeout=3)
