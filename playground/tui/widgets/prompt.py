"""The input of a run: whom it is for, the line one types it in, its form, and what was sent before."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Static

from playground.client.errors import PlaygroundError
from playground.client.inputs import check_input, file_as_input, read_input
from playground.tui.inputs import input_hint
from playground.tui.kept_inputs import keep_input, read_history
from playground.tui.text import one_line, plain, safe
from playground.tui.widgets.run_input import RunInput

if TYPE_CHECKING:
    from playground.tui.forms.input_editing import InputEditing
    from playground.tui.screens.base import PlaygroundScreen

_LABEL = 80  # columns


class Prompt(Horizontal):
    """Reads what is typed as the graph's input, then posts `Sent`; whoever takes that calls `accept`, else it stays."""

    DEFAULT_CSS = """
    Prompt {
        height: auto;
        padding: 0 1;
        background: $boost;
        #prompt-label { width: auto; max-width: 50%; margin-right: 1; color: $text-accent; text-style: bold; }
        #prompt-place { width: auto; margin-left: 2; }
        RunInput { width: 1fr; }
    }
    """

    class Sent(Message):
        """An input to run, and the text it was typed as."""

        def __init__(self, prompt: "Prompt", input: Any, text: str) -> None:
            super().__init__()
            self.prompt = prompt
            self.input = input
            self.text = text

        @property
        def control(self) -> "Prompt":
            """The widget."""
            return self.prompt

    class Problem(Message):
        """Why nothing was sent, in a sentence; "" takes the last one back."""

        def __init__(self, sentence: str) -> None:
            super().__init__()
            self.sentence = sentence

    def __init__(self, message: str, label: str = "", id: str = "prompt") -> None:
        """`message`: what stands in the empty line of a chat; `label`: what stands before it."""
        super().__init__(id=id)
        self.schema: dict[str, Any] | None = None
        self._message = message
        self._label = label
        self._graph_name = "This graph"
        self._graph_id = ""
        self._filled: tuple[str, InputEditing] | None = None  # the form that a text came from

    def compose(self) -> ComposeResult:
        """To whom, what, and what else there is to it."""
        yield Static(safe(self._label), id="prompt-label")
        yield self.make_line()
        yield self.make_place()

    def make_line(self) -> RunInput:
        """Where one types."""
        return RunInput(placeholder=self._message, id="input")

    def make_place(self) -> Static:
        """What is said at the right end."""
        return Static(id="prompt-place")

    @property
    def line(self) -> RunInput:
        """Where one types."""
        return self.query_one(RunInput)

    @property
    def target(self) -> str:
        """To whom it goes, as the button of the form says it."""
        return ""

    # What it is for

    def show_label(self, text: str) -> None:
        """What stands before the line: `to all>`, `support@v7>`."""
        self.query_one("#prompt-label", Static).update(safe(one_line(text, _LABEL)))

    def show_schema(self, schema: dict[str, Any] | None, name: str, message: str = "") -> None:
        """What the graph called `name` takes: a message, or JSON with these fields."""
        self.schema, self._graph_name = schema, name
        self._message = message or self._message
        self.line.set_placeholder(input_hint(schema, self._message))

    # History

    def show_history(self, graph_ids: Iterable[str]) -> None:
        """Up brings back what was sent to these graphs, from any terminal."""
        graph_id = "+".join(sorted(set(graph_ids)))
        if graph_id != self._graph_id:
            self._graph_id = graph_id
            self.line.set_history(())
            self._read_history(graph_id)

    @work(group="history", exclusive=True, exit_on_error=False)
    async def _read_history(self, graph_id: str) -> None:
        client = cast("PlaygroundScreen", self.screen).client
        if client is None or not graph_id:
            return
        try:
            texts = await read_history(client, graph_id)
        except PlaygroundError:
            return  # a convenience: one can type without it
        if graph_id == self._graph_id:
            self.line.sent.add_older(texts)

    @work(group="keep", exit_on_error=False)
    async def _keep(self, graph_id: str, text: str) -> None:
        client = cast("PlaygroundScreen", self.screen).client
        if client is None or not graph_id:
            return
        try:
            await keep_input(client, graph_id, text)
        except PlaygroundError:
            return  # it is on the thread all the same, and in this terminal's history

    def accept(self, text: str) -> None:
        """It was sent: the line is empty again, and Up brings it back."""
        self.line.remember(text)
        self.line.clear()
        self._keep(self._graph_id, text)

    # Sending

    @on(RunInput.Sent)
    def _typed(self, event: RunInput.Sent) -> None:
        event.stop()
        self.send(event.text)

    def send(self, text: str) -> None:
        """Read the text as an input and post it, or say why it is none."""
        try:
            given = self.read(text)
            check_input(given, self.schema)
        except ValueError as error:
            self.post_message(self.Problem(str(error)))
            return
        self.post_message(self.Sent(self, given, text))

    def read(self, text: str) -> Any:
        """The text as an input. Raises ValueError, a sentence to show."""
        return read_input(text, self.schema, self._graph_name)

    def attach(self, text: str) -> None:
        """A file's text at the cursor: as it is for a chat, as JSON for a graph that takes that."""
        line = self.line
        before = line.get_text_range((0, 0), line.cursor_location)
        line.insert(plain(file_as_input(text, self.schema, before), len(text) * 8 + 8))
        line.focus()

    # The form

    @work(group="form", exclusive=True, exit_on_error=False)
    async def action_form(self) -> None:
        """What is typed as a form; it comes back as what will be sent."""
        from playground.tui.forms.input_editing import InputEditing, as_typed, filled_in
        from playground.tui.screens.input_form import InputForm

        text = self.line.text
        if self._filled is not None and self._filled[0] == text:
            editing = self._filled[1]
        else:
            try:
                given = self.read(text) if text.strip() else None
            except ValueError as error:
                self.post_message(self.Problem(f"{error} The form needs it readable, or the line empty."))
                return
            editing = InputEditing(self.schema, filled_in(given, self.schema))
        before = editing.value
        self.post_message(self.Problem(""))
        filled = await self.app.push_screen_wait(InputForm(editing, self._graph_id.replace("+", ", "), self.target))
        if filled.send or filled.editing.value != before or filled.editing.texts:
            text = as_typed(filled.editing.value, self.schema)
            self.line.show_text(text)
            self._filled = (text, filled.editing)
        self.line.focus()
        if filled.send:
            self.send(text)
