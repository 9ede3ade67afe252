"""What edits a short field in its row: an input, and a menu of choices. Both go when the focus does."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from playground.tui.forms.document import Path
from playground.tui.forms.text import UNSAFE
from playground.tui.text import one_line, safe
from playground.tui.widgets.form_cells import NUMBER_WIDTH, FieldState


class Left(Message):
    """The user is done; `by` rows further is where the cursor should go. `undo`: what was typed last goes back."""

    def __init__(self, by: int = 0, *, undo: bool = False) -> None:
        super().__init__()
        self.by = by
        self.undo = undo


class Grown(Message):
    """A field typed into its row has more than one line now: it needs the big editor."""

    def __init__(self, path: Path, text: str) -> None:
        super().__init__()
        self.path = path
        self.text = text


class InlineInput(Input):
    """A field typed into its row. It goes when the focus does; what was typed stays."""

    DEFAULT_CSS = """
    InlineInput {
        layer: over;
        border: none;
        height: 1;
        padding: 0 0 0 1;
        background: $surface;
        &:focus { border: none; background-tint: $accent 20%; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,escape", "leave(0)", "Done", id="list.done", tooltip="Back to the form; what you typed stays"),
        Binding("up", "leave(-1)", "Up", id="list.done_up", show=False, tooltip="Done, and to the field above"),
        Binding("down", "leave(1)", "Down", id="list.done_down", show=False, tooltip="Done, and to the field below"),
        Binding("ctrl+z", "leave(0, True)", "Undo", id="list.undo_typed", show=False, tooltip="As it was before"),
        Binding("ctrl+j,alt+enter", "grow", "More lines", id="list.grow", show=False, tooltip="Into the big editor"),
    ]

    def __init__(self, state: FieldState, text: str) -> None:
        super().__init__(text, select_on_focus=state.is_number)
        self.path = state.path
        self._is_number = state.is_number

    async def on_blur(self) -> None:
        """The row shows the value again."""
        await self.remove()

    def place(self, x: int, y: int, room: int) -> None:
        """Over the row's value; out of sight while the row is."""
        self.styles.offset = (x, y)
        self.styles.width = min(room, NUMBER_WIDTH) if self._is_number else room
        self.visible = y >= 0

    def action_leave(self, by: int, undo: bool = False) -> None:
        """Back to the form."""
        self.post_message(Left(by, undo=undo))

    def action_grow(self) -> None:
        """A text of several lines is edited in the big editor."""
        if not self._is_number:
            at = self.cursor_position
            self.post_message(Grown(self.path, f"{self.value[:at]}\n{self.value[at:]}"))

    def _on_paste(self, event: events.Paste) -> None:
        # Textual calls the base class's handler after this one; it would keep the first line alone.
        event.text = UNSAFE.sub("", event.text.replace("\r\n", "\n").replace("\r", "\n"))
        if "\n" in event.text.strip("\n") and not self._is_number:
            event.prevent_default()
            event.stop()
            start, end = sorted(self.selection)
            self.post_message(Grown(self.path, self.value[:start] + event.text + self.value[end:]))


class ChoiceMenu(OptionList):
    """The choices of a field, over its row. Letters jump to the next one that begins with what was typed."""

    DEFAULT_CSS = """
    ChoiceMenu {
        layer: over;
        overlay: screen;
        constrain: none inside;
        height: auto;
        max-height: 12;
        padding: 0;
        border: round $accent;
        background: $surface;
        &:focus { border: round $accent; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,tab", "leave", "Back", id="list.choice_back", tooltip="Leave it as it is"),
        Binding("space", "select", "Choose", id="list.choice_select", show=False, tooltip="Choose it"),
    ]

    def __init__(self, path: Path, labels: Sequence[str], current: int) -> None:
        self.path = path
        self._labels = [one_line(label, 60) for label in labels]
        shown: list[Content] = [safe(label or '""') for label in self._labels]
        super().__init__(*(Option(label) for label in shown))
        self.styles.width = min(64, max(12, *(label.cell_length + 4 for label in shown)))
        self.highlighted = current

    def place(self, x: int, y: int, room: int) -> None:
        """Under a row's value."""
        self.styles.offset = (x - 1, y + 1)

    def action_leave(self) -> None:
        """Choose nothing."""
        self.post_message(Left())

    async def on_blur(self) -> None:
        """Close."""
        await self.remove()

    def on_key(self, event: events.Key) -> None:
        """Jump to an entry by its first letter."""
        letter = (event.character or "").casefold()
        if not letter.strip() or not event.is_printable:
            return
        event.stop()
        start = self.highlighted or 0
        order = [*range(start + 1, len(self._labels)), *range(start + 1)]
        found = [at for at in order if self._labels[at].casefold().startswith(letter)]
        if found:
            self.highlighted = found[0]
