"""What edits a short field in its row: an input, and a menu of choices. Both go when the focus does."""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from playground.tui.forms.document import same
from playground.tui.forms.fields import Kind
from playground.tui.forms.text import UNSAFE
from playground.tui.text import one_line, safe
from playground.tui.widgets.form_cells import NUMBER_WIDTH
from playground.tui.widgets.form_row import FormRow


class Left(Message):
    """The user is done; `by` rows further is where the cursor should go."""

    def __init__(self, by: int) -> None:
        super().__init__()
        self.by = by


class InlineInput(Input):
    """A field typed into its row. It goes when the focus does; what was typed stays."""

    DEFAULT_CSS = """
    InlineInput {
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
    ]

    def __init__(self, row: FormRow, text: str) -> None:
        super().__init__(text, select_on_focus=row.state.kind is not Kind.TEXT)
        self.path = row.state.path
        self.styles.margin = (0, 1, 0, row.value_start)
        if row.state.kind is not Kind.TEXT:
            self.styles.width = NUMBER_WIDTH

    def action_leave(self, by: int) -> None:
        """Back to the form."""
        self.post_message(Left(by))

    async def on_blur(self) -> None:
        """The row shows the value again."""
        await self.remove()

    def _on_paste(self, event: events.Paste) -> None:
        # Textual calls the base class's handler after this one.
        event.text = UNSAFE.sub("", event.text)


class ChoiceMenu(OptionList):
    """The choices of a field, over its row. Letters jump to the next choice that begins with what was typed."""

    DEFAULT_CSS = """
    ChoiceMenu {
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

    def __init__(self, row: FormRow) -> None:
        entry = row.state.entry
        self.path = row.state.path
        self.choices = entry.field.choices
        labels = [safe(one_line(choice.label, 60)) for choice in self.choices]
        super().__init__(*(Option(label) for label in labels))
        self.styles.margin = (0, 0, 0, row.value_start - 1)
        self.styles.offset = (0, 1)
        self.styles.width = min(64, max(12, *(label.cell_length + 4 for label in labels)))
        current = [at for at, choice in enumerate(self.choices) if same(choice.value, entry.effective)]
        self.highlighted = current[0] if current else 0

    def action_leave(self) -> None:
        """Choose nothing."""
        self.post_message(Left(0))

    async def on_blur(self) -> None:
        """Close."""
        await self.remove()

    def on_key(self, event: events.Key) -> None:
        """Jump to a choice by its first letter."""
        letter = (event.character or "").casefold()
        if not letter.strip() or not event.is_printable:
            return
        event.stop()
        start = self.highlighted or 0
        order = [*range(start + 1, len(self.choices)), *range(start + 1)]
        found = [at for at in order if self.choices[at].label.casefold().startswith(letter)]
        if found:
            self.highlighted = found[0]
