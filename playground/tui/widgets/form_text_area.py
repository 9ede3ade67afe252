"""A text area for prompts: no controls from a paste, and quick in lines of many thousand characters."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import TextArea

from playground.tui.forms.text import UNSAFE

LONGEST_LINE: Final = 40_000
"""Characters of a line up to which a key press stays quick; what has longer ones is only shown."""
MANY: Final = 8
"""Pieces of a wrapped line from which it pays to make only the one that is drawn."""


class PlainTextArea(TextArea):
    """Plain text, wrapped; Escape leaves it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "screen.leave_editor", "Back", id="list.leave_editor", tooltip="Back to the fields"),
    ]

    def __init__(self, id: str) -> None:
        super().__init__(id=id, compact=True, soft_wrap=True, show_line_numbers=False, highlight_cursor_line=False)

    def show_text(self, text: str) -> bool:
        """Show a text as the user's own would be; False if it is that already. Posts nothing."""
        if text == self.text:
            return False
        with self.prevent(TextArea.Changed):
            self.load_text(text)
        self.read_only = any(len(line) > LONGEST_LINE for line in self.document.lines)
        return True

    def get_line(self, line_index: int) -> Text:
        """The line, as Textual asks for it before it draws a row of it."""
        return LongLine(self.document.get_line(line_index), end="", no_wrap=True)

    async def _on_paste(self, event: events.Paste) -> None:
        # Textual calls the base class's handler after this one.
        event.text = UNSAFE.sub("", event.text.replace("\r\n", "\n").replace("\r", "\n"))


class LongLine(Text):
    """A line that is cut only where it is drawn: to cut 20,000 characters for each row costs 40 ms a key press."""

    def divide(self, offsets: Iterable[int]) -> Any:
        """The pieces between the offsets."""
        offsets = list(offsets)
        return super().divide(offsets) if len(offsets) < MANY else _Pieces(self, [0, *offsets, len(self.plain)])


@dataclass(slots=True)
class _Uncut:
    """A piece that is only read."""

    plain: str


class _Pieces:
    """What `TextArea._render_line` needs of a divided line: first the piece it draws, then the tabs of those before."""

    def __init__(self, line: Text, offsets: list[int]) -> None:
        self._line = line
        self._offsets = offsets
        self._drawn = False

    def __getitem__(self, index: int) -> Text | _Uncut:
        start, end = self._offsets[index], self._offsets[index + 1]
        if self._drawn:
            return _Uncut(self._line.plain[start:end])
        self._drawn = True
        return Text.divide(self._line, [start, end])[1]
