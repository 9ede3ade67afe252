"""The line one types a run's input in."""

from collections.abc import Iterable
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import TextArea

from playground.tui.input_history import InputHistory
from playground.tui.text import plain, safe


class RunInput(TextArea):
    """Enter sends a single line. `\\` before Enter, or a pasted text, makes more: then Ctrl+J or Alt+Enter sends.

    Up on the first row and Down on the last bring back what was sent before.
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
        self.sent = InputHistory()

    def set_placeholder(self, text: str) -> None:
        """What the input would be, in grey."""
        self.placeholder = Content(plain(text))

    def remember(self, text: str) -> None:
        """Bring it back with Up."""
        self.sent.remember(text)

    def set_history(self, texts: Iterable[str]) -> None:
        """What Up brings back, oldest first."""
        self.sent.set(texts)

    def show_text(self, text: str) -> None:
        """Another text, with the cursor behind it."""
        self.text = text
        self.move_cursor(self.document.end)

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
                self.show_text(self.text[:-1] + "\n")
            else:
                self.action_send()
        elif event.key in ("up", "down") and self._is_at_edge(event.key) and self._recall(event.key):
            event.stop()
            event.prevent_default()
        else:
            await super()._on_key(event)

    async def _on_paste(self, event: events.Paste) -> None:
        event.text = plain(event.text, len(event.text)).rstrip("\n")
        await super()._on_paste(event)

    def _is_at_edge(self, key: str) -> bool:
        """Whether no row of the text is further up, or further down."""
        rows = self.wrapped_document
        row = rows.location_to_offset(self.cursor_location).y
        return row == 0 if key == "up" else row == rows.height - 1

    def _recall(self, key: str) -> bool:
        text = self.sent.go(-1 if key == "up" else 1, self.text)
        if text is not None:
            self.show_text(text)
        return text is not None
