"""The input of a thread: what is typed, and what becomes of it."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Static, TextArea

from playground.client.inputs import read_input
from playground.tui.screens.threads_core import CHAT
from playground.tui.screens.threads_runs import RunThreadsScreen
from playground.tui.unsent import Unsent
from playground.tui.widgets.run_input import RunInput


class InputThreadsScreen(RunThreadsScreen):
    """The line below the thread."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("i", "focus_input", "Input", id="threads.input", tooltip="To the input"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.unsent = Unsent(self)

    def compose_input(self) -> ComposeResult:
        """What runs next, and the line one types its input in."""
        with Horizontal(id="prompt"):
            yield Static(id="prompt-label")
            yield RunInput(placeholder=CHAT, id="input")

    async def restore_input(self) -> None:
        """What was typed for the open thread and not sent."""
        if self.thread_id is not None:
            await self.unsent.restore(self.query_one(RunInput), f"thread/{self.thread_id}")
        elif self.runnable is not None:
            await self.unsent.restore(self.query_one(RunInput), f"new/{self.runnable.assistant_id}")

    def run_ended(self) -> None:
        """A new thread has an id by now."""
        super().run_ended()
        if self.thread_id is not None:
            self.unsent.move(self.query_one(RunInput), f"thread/{self.thread_id}")
        if self.pane.card.asking and not self.query_one(RunInput).text:
            self.pane.card.focus_answer()

    @on(TextArea.Changed, "#input")
    def _typed(self) -> None:
        self.unsent.note(self.query_one(RunInput).text)

    @on(RunInput.Sent)
    def _sent(self, event: RunInput.Sent) -> None:
        try:
            given = read_input(event.text, self.schema)
        except ValueError as error:
            self.problem(str(error))
            return
        if self.send(given, title=event.text):
            event.run_input.remember(event.text)
            event.run_input.clear()

    def action_focus_input(self) -> None:
        """Type."""
        self.show_column("thread")
        self.focus_input()
