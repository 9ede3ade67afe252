"""The question before a save: what changes, and a note about why."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Input, Static

from playground.tui.screens.dialogs import Dialog
from playground.tui.text import safe


class SaveDialog(Dialog[str]):
    """Shows the differences and asks for a note. Answers the note, which may be empty, or None to go on editing."""

    DEFAULT_CSS = """
    SaveDialog {
        #dialog { width: 100; }
        #changes { height: auto; max-height: 60vh; margin-bottom: 1; scrollbar-size-vertical: 1; }
        #moved { color: $text-warning; height: auto; margin-bottom: 1; display: none; }
        #moved.-shown { display: block; }
        #note { background: $boost; padding: 0 1; margin-bottom: 1; border: none; height: 1; }
    }
    """

    def __init__(self, title: str, changes: Content, action: str, moved: str = "") -> None:
        super().__init__(title)
        self._changes = changes
        self._action = action
        self._moved = moved

    def compose_body(self) -> ComposeResult:
        """The differences over the note and the buttons."""
        yield Static(safe(self._moved), id="moved", classes="-shown" if self._moved else "")
        with VerticalScroll(id="changes"):
            yield Static(self._changes)
        yield Input(placeholder="Note: what this version is for (optional)", id="note", compact=True)
        with Horizontal(id="buttons"):
            yield Button(safe(self._action), "primary", id="confirm", compact=True)
            yield Button("Go on editing", id="cancel", compact=True)

    def on_mount(self) -> None:
        """Type the note at once; Enter saves."""
        self.query_one("#note").focus()

    @on(Input.Submitted)
    @on(Button.Pressed, "#confirm")
    def _save(self) -> None:
        self.dismiss(self.query_one("#note", Input).value.strip())

    @on(Button.Pressed, "#cancel")
    def _pressed_cancel(self) -> None:
        self.dismiss(None)
