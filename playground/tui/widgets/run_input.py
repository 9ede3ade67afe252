"""The line one types a run's input in."""

from collections.abc import Iterable
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import TextArea

from playground.tui.text import plain, safe


class RunInput(TextArea):
    """Enter sends a single line. `\\` before Enter, or a pasted text, makes more: then Ctrl+J or Alt+Enter sends.

    Up and Down on one line bring back what was sent before.
    """

    DEFAULT_CSS = """
    RunInput {
        height: auto;
        min-height: 1;
        max-height: 8;
        border: none;
        padding: 0;
        background: transparent;
        scrollbar-size-vertical: 1;
        &:focus { border: none; }
        .text-area--cursor-line { background: transparent; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "send", "Send", id="input.send_line", tooltip="Send the line"),
        Binding("ctrl+j,alt+enter", "send_lines", "Send", id="input.send", tooltip="Send all the lines"),
    ]

    class Sent(Message):
        """The user wants this to run."""

        def __init__(self, run_input: "RunInput", text: str) -> None:
            super().__init__()
            self.run_input = run_input
            self.text = text

        @property
        def control(self) -> "RunInput":
            """The line."""
            return self.run_input

    def __init__(self, *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(
            placeholder=safe(placeholder),
            compact=True,
            show_line_numbers=False,
            tab_behavior="focus",
            highlight_cursor_line=False,
            id=id,
        )
        self._history: list[str] = []
        self._position = 0

    def set_placeholder(self, text: str) -> None:
        """What the input would be, in grey."""
        self.placeholder = Content(plain(text))

    def remember(self, text: str) -> None:
        """Bring it back with Up."""
        if not self._history or self._history[-1] != text:
            self._history.append(text)
        self._position = len(self._history)

    def set_history(self, texts: Iterable[str]) -> None:
        """What Up brings back, oldest first."""
        self._history = list(texts)
        self._position = len(self._history)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The footer names the key that sends what is there."""
        one_line = self.document.line_count == 1
        return one_line if action == "send" else not one_line if action == "send_lines" else True

    def on_text_area_changed(self) -> None:
        """One line or several: another key sends."""
        self.refresh_bindings()

    def action_send_lines(self) -> None:
        """Send, however many lines there are."""
        self.action_send()

    def action_send(self) -> None:
        """Hand the text over; whoever takes it clears it."""
        if self.text.strip():
            self.post_message(self.Sent(self, self.text))

    async def _on_key(self, event: events.Key) -> None:
        one_line = self.document.line_count == 1
        if event.key in ("enter", "ctrl+j", "alt+enter") and one_line:
            event.stop()
            event.prevent_default()
            if self.text.endswith("\\") and event.key == "enter":
                self.text = self.text[:-1] + "\n"
                self.move_cursor(self.document.end)
            else:
                self.action_send()
        elif event.key in ("up", "down") and one_line and self._history:
            event.stop()
            event.prevent_default()
            self._recall(-1 if event.key == "up" else 1)
        else:
            await super()._on_key(event)

    async def _on_paste(self, event: events.Paste) -> None:
        event.text = plain(event.text, len(event.text)).rstrip("\n")
        await super()._on_paste(event)

    def _recall(self, by: int) -> None:
        position = max(0, min(len(self._history), self._position + by))
        if position != self._position:
            self._position = position
            self.text = self._history[position] if position < len(self._history) else ""
            self.move_cursor(self.document.end)
