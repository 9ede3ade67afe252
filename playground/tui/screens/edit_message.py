"""A message of a thread, written anew before it is sent again."""

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Static, TextArea

from playground.tui.screens.dialogs import Dialog
from playground.tui.text import MUTED, safe
from playground.tui.widgets.form_text_area import PlainTextArea


class EditMessage(Dialog[str | None]):
    """Answers the new text, or None when the user left it.

    `was` is what the message says, `about` what will happen; `typed` gets the text whenever it changes.
    """

    DEFAULT_CSS = """
    EditMessage {
        #dialog { width: 96; }
        #message-text { height: auto; min-height: 4; max-height: 50vh; margin: 0 0 1 0; background: $boost; }
        #about { color: $text-muted; margin-bottom: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+j,alt+enter,ctrl+s", "send", "Run", id="message.send", priority=True, tooltip="Run with this text"
        ),
    ]

    def __init__(self, was: str, about: Content, text: str, typed: Callable[[str], None]) -> None:
        super().__init__("Edit the message and run again")
        self._text = text
        self._keep = typed
        self._was = was
        self._about = about
        self._area = PlainTextArea("message-text")

    def compose_body(self) -> ComposeResult:
        """The text, what it will do, and the buttons."""
        yield self._area
        yield Static(self._about, id="about")
        yield Static("", id="problem")
        with Horizontal(id="buttons"):
            yield Button("Run", "primary", id="confirm", compact=True)
            yield Button("Cancel", id="cancel", compact=True)

    def on_mount(self) -> None:
        """Type at its end."""
        self._area.show_text(self._text)
        self._area.move_cursor(self._area.document.end)
        self._area.focus()
        self.query_one("#dialog").border_subtitle = safe("Ctrl+J runs it · Esc leaves it", MUTED)

    @on(TextArea.Changed)
    def _typed(self) -> None:
        self._keep(self._area.text)
        self.query_one("#problem", Static).update("")

    def action_leave_editor(self) -> None:
        """Escape in the text: nothing is sent, and nothing is lost."""
        self._keep(self._area.text)
        self.dismiss(None)

    @on(Button.Pressed, "#confirm")
    def action_send(self) -> None:
        """Answer with the text."""
        text = self._area.text
        if not text.strip():
            self.query_one("#problem", Static).update(safe("✘ It can't be empty. Delete takes a message away."))
        elif text == self._was:
            self.query_one("#problem", Static).update(safe("✘ Nothing is changed yet. R runs the same again."))
        else:
            self.dismiss(text)

    @on(Button.Pressed, "#cancel")
    def _pressed_cancel(self) -> None:
        self.dismiss(None)
