"""The question before a save: what changes, a note about why, and a label for the version."""

from dataclasses import dataclass
from typing import Final

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Input, Static

from playground.client.errors import PlaygroundError
from playground.tui.screens.dialogs import Dialog
from playground.tui.text import safe

OTHERS: Final = 12
"""Lines of the dialog beside the changes and the warning: borders, note, label, buttons, and what is between."""


@dataclass(frozen=True, slots=True)
class SaveAs:
    """What a version is made with; either may be empty."""

    note: str
    label: str


class SaveDialog(Dialog[SaveAs]):
    """Shows the differences and asks for a note and a label. Answers both, or None to go on editing."""

    DEFAULT_CSS = """
    SaveDialog {
        #dialog { width: 100; }
        #changes { height: auto; margin-bottom: 1; scrollbar-size-vertical: 1; }
        #moved { color: $text-warning; height: auto; margin-bottom: 1; display: none; }
        #moved.-shown { display: block; }
        Input { background: $boost; padding: 0 1; margin-bottom: 1; border: none; height: 1; }
        #problem { min-height: 0; }
    }
    """

    def __init__(self, title: str, changes: Content, action: str, moved: str = "") -> None:
        super().__init__(title)
        self._changes = changes
        self._action = action
        self._moved = moved

    def compose_body(self) -> ComposeResult:
        """The differences over the note, the label and the buttons."""
        yield Static(safe(self._moved), id="moved", classes="-shown" if self._moved else "")
        with VerticalScroll(id="changes"):
            yield Static(self._changes)
        yield Input(placeholder="Note: what this version is for (optional)", id="note", compact=True)
        yield Input(placeholder="Label: prod, staging, … moves to this version (optional)", id="label", compact=True)
        yield Static("", id="problem")
        with Horizontal(id="buttons"):
            yield Button(safe(self._action), "primary", id="confirm", compact=True)
            yield Button("Go on editing", id="cancel", compact=True)

    def on_mount(self) -> None:
        """Type the note at once; Enter saves."""
        self.query_one("#note").focus()

    def on_resize(self, event: events.Resize) -> None:
        """However low the terminal is, note, label and buttons are seen."""
        others = OTHERS + (len(self._moved) // 60 + 2 if self._moved else 0)
        self.query_one("#changes").styles.max_height = max(3, event.size.height * 9 // 10 - others)

    @on(Input.Changed, "#label")
    def _forget_problem(self) -> None:
        self.query_one("#problem", Static).update("")

    @on(Input.Submitted)
    @on(Button.Pressed, "#confirm")
    def _save(self) -> None:
        from playground.client.notes import check_label

        note, label = (self.query_one(name, Input).value.strip() for name in ("#note", "#label"))
        try:
            self.dismiss(SaveAs(note, check_label(label) if label else ""))
        except PlaygroundError as error:
            self.query_one("#problem", Static).update(safe(f"✘ {error.sentence}"))
            self.query_one("#label").focus()

    @on(Button.Pressed, "#cancel")
    def _pressed_cancel(self) -> None:
        self.dismiss(None)
