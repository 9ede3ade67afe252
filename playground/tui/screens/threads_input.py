"""The input of a thread: what is typed, and what becomes of it."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import TextArea

from playground.client.errors import PlaygroundError, UsageError
from playground.client.inputs import properties_of
from playground.client.values import Runnable
from playground.tui.screens.threads_core import CHAT
from playground.tui.screens.threads_options import OptionThreadsScreen
from playground.tui.text import count, one_line
from playground.tui.ui_state import read_word, write_word
from playground.tui.unsent import Unsent
from playground.tui.widgets.prompt import Prompt
from playground.tui.widgets.thread_prompt import ThreadPrompt

if TYPE_CHECKING:
    from playground.client.client import Client
    from playground.client.conversation import Conversation

_LAST = "while_busy_last"  # the strategy that was chosen last


class InputThreadsScreen(OptionThreadsScreen):
    """The line below the thread."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("i", "focus_input", "Input", id="threads.input", tooltip="To the input"),
        Binding("F,f7", "input_form", "Form", id="threads.form", show=False, tooltip="Fill the input in as a form"),
        Binding("f6", "attach", "File", id="threads.attach", show=False, tooltip="Put a file's text into the input"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.unsent = Unsent(self)
        self._typed_in: Conversation | None = None  # the one that the line's text is for
        self._taken_back: Conversation | None = None  # what its run did is being taken back
        self._sending_second = False
        self._folder = Path.cwd()

    def compose_input(self) -> ComposeResult:
        """What runs next, and the line one types its input in."""
        yield ThreadPrompt(CHAT)

    @property
    def prompt(self) -> ThreadPrompt:
        """The line, with what stands beside it."""
        return self.query_one(ThreadPrompt)

    def use(self, runnable: Runnable | None, schema: dict[str, Any] | None) -> None:
        """The line is for this now."""
        super().use(runnable, schema)
        prompt = self.prompt
        prompt.show_schema(schema, runnable.title if runnable else "This graph")
        if runnable is not None:
            prompt.show_history([runnable.graph_id])

    # What is typed and not sent

    async def restore_input(self) -> None:
        """What was typed for the open thread and not sent."""
        self._typed_in = self.conversation
        if (place := self._place()) is not None:
            await self.unsent.restore(self.prompt.line, place)

    def _place(self) -> str | None:
        """Where what is typed belongs: the thread; before it has an id, what it begins with."""
        if self.thread_id is not None:
            return f"thread/{self.thread_id}"
        return f"new/{self.runnable.assistant_id}" if self.runnable is not None else None

    @on(TextArea.Changed, "#input")
    def _typed(self) -> None:
        place = self._place()
        if place is not None and self.conversation is self._typed_in:
            self.unsent.move(self.prompt.line, place)  # a new thread may have got its id
        self.unsent.note(self.prompt.line.text)

    async def on_unmount(self) -> None:
        """The app ends."""
        await self.unsent.flush()

    # Sending

    @on(Prompt.Sent)
    def _sent(self, event: Prompt.Sent) -> None:
        running = self.conversation
        if running is not None and running.active and self.here is None and self.runnable is not None:
            self._send_while_busy(running, event.input, event.text)
        elif self.send(event.input, title=event.text):
            event.prompt.accept(event.text)

    @on(Prompt.Problem)
    def _refused(self, event: Prompt.Problem) -> None:
        self.problem(event.sentence)

    @work(group="second", exit_on_error=False)
    async def _send_while_busy(self, running: "Conversation", given: Any, text: str) -> None:
        if self._sending_second:
            return  # Enter again, while the server is asked
        self._sending_second = True
        try:
            await self._decide(running, given, text)
        finally:
            self._sending_second = False

    async def _decide(self, running: "Conversation", given: Any, text: str) -> None:
        strategy = self.while_busy or await self._ask_strategy(running)
        if strategy is None or self.client is None or running is not self.conversation:
            return
        self.problem("")
        if strategy == "reject":
            self.problem("A run is in flight here: the input stays in the line. Ctrl+C stops the run.")
            return
        try:
            sent = await self._send_second(self.client, running, given, strategy)
        except PlaygroundError as error:
            self.problem(error.sentence)
            return
        if sent:
            self.prompt.accept(text)

    async def _ask_strategy(self, running: "Conversation") -> str | None:
        from playground.tui.screens.busy import BusyDialog

        title = running.turn.title if running.turn else ""
        chosen = await self.app.push_screen_wait(BusyDialog(title, read_word(_LAST)))
        if chosen is None:
            return None
        await asyncio.to_thread(write_word, _LAST, chosen.strategy)
        if chosen.always:
            await self.remember_strategy(chosen.strategy)
        return chosen.strategy

    async def _send_second(self, client: "Client", running: "Conversation", given: Any, strategy: str) -> bool:
        """Whether it was sent. Raises PlaygroundError."""
        if not running.active:  # it has ended while one was asked
            return self.send(given)
        if running.turn is None or running.turn.run_id is None or running.thread_id is None or self.runnable is None:
            self.problem("The run is only just beginning: send this again in a moment.")
            return False
        options = replace(self.options, multitask_strategy=strategy)
        if strategy == "rollback":
            self._taken_back = running  # before its end can be told
            await client.runs.create(self.runnable, running.thread_id, input=given, options=options)
        else:
            await running.add(client, given, options)
        return True

    def run_ended(self) -> None:
        """If what it did was taken back, the thread is read anew: it isn't what it was."""
        super().run_ended()
        if self._taken_back is not None and self._taken_back is self.conversation and self.thread_id is not None:
            self.open_thread(self.thread_id, self.runnable.ref if self.runnable else None)
        elif self.pane.card.asking and not self.prompt.line.text:
            self.pane.card.focus_answer()
        self._taken_back = None

    def open_thread(self, thread_id: str, ref: str | None) -> None:
        """Read the thread; the whole screen knows how."""

    # What else goes into the line

    def action_input_form(self) -> None:
        """The input as a form."""
        self.prompt.action_form()

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_attach(self) -> None:
        """The text of a file at the cursor."""
        from playground.client.text_file import read_text_file
        from playground.tui.screens.pick_file import PickFile

        path = await self.app.push_screen_wait(PickFile("Put a file's text into the input", "Put", self._folder, ()))
        if path is None:
            return
        self._folder = path.parent
        try:
            found = await asyncio.to_thread(read_text_file, path)
        except UsageError as error:
            self.problem(str(error))
            return
        self.problem("")
        self.prompt.attach(found.text)
        lines = count(found.text.count("\n") + 1, "line")
        self.notify(f"{one_line(found.name, 60)}: {found.size:,} bytes, {lines}.", markup=False, timeout=4)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A form where the graph's input has fields."""
        match action:
            case "input_form":
                return self.runnable is not None and bool(properties_of(self.schema))
            case "attach":
                return self.runnable is not None
        return super().check_action(action, parameters)

    def action_focus_input(self) -> None:
        """Type."""
        self.show_column("thread")
        self.focus_input()
