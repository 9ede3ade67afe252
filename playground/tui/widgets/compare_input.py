"""The input of a comparison: whom it is for, the line one types it in, and where in the file of inputs one is."""

from collections.abc import Sequence
from typing import Any, ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Static

from playground.client.inputs import check_input, read_input
from playground.tui.inputs import input_hint
from playground.tui.text import one_line, safe
from playground.tui.widgets.run_input import RunInput

_CHAT_PLACEHOLDER: Final = "type once, all of them answer"


class CompareInput(Horizontal):
    """Reads what is typed as the graphs' input, then posts `Sent`; whoever takes that calls `accept`, else it stays."""

    DEFAULT_CSS = """
    CompareInput {
        height: auto;
        padding: 0 1;
        background: $boost;
        #prompt-label { width: auto; margin-right: 1; color: $text-accent; text-style: bold; }
        #prompt-file { display: none; width: auto; margin-left: 2; color: $text-muted; }
        RunInput { width: 1fr; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = []

    class Sent(Message):
        """An input to run, and the text it was typed as."""

        def __init__(self, compare_input: "CompareInput", input: Any, text: str) -> None:
            super().__init__()
            self.compare_input = compare_input
            self.input = input
            self.text = text

        @property
        def control(self) -> "CompareInput":
            """The widget."""
            return self.compare_input

    class Problem(Message):
        """Why nothing was sent, in a sentence; "" takes the last one back."""

        def __init__(self, sentence: str) -> None:
            super().__init__()
            self.sentence = sentence

    def __init__(self, id: str = "prompt") -> None:
        super().__init__(id=id)
        self.schema: dict[str, Any] | None = None
        self._graph_name = "This graph"
        self._file: Sequence[Any] = ()

    def compose(self) -> ComposeResult:
        """To whom, what, and the place in the file."""
        yield Static("to all>", id="prompt-label")
        yield RunInput(placeholder=_CHAT_PLACEHOLDER, id="input")
        yield Static(id="prompt-file")

    @property
    def line(self) -> RunInput:
        """Where one types."""
        return self.query_one(RunInput)

    def show_schema(self, schema: dict[str, Any] | None, name: str) -> None:
        """What the graph called `name` takes: a message, or JSON with these fields."""
        self.schema, self._graph_name = schema, name
        self.line.set_placeholder(input_hint(schema, _CHAT_PLACEHOLDER))

    def show_target(self, text: str) -> None:
        """To whom it goes: `to all>`, `to B>`."""
        self.query_one("#prompt-label", Static).update(safe(one_line(text, 40)))

    def accept(self, text: str) -> None:
        """It was sent: the line is empty again, and Up brings it back."""
        self.line.remember(text)
        self.line.clear()

    @on(RunInput.Sent)
    def _typed(self, event: RunInput.Sent) -> None:
        event.stop()
        self.send(event.text)

    def send(self, text: str) -> None:
        """Read the text as an input and post it, or say why it is none."""
        try:
            given = read_input(text, self.schema, self._graph_name)
            check_input(given, self.schema)
        except ValueError as error:
            self.post_message(self.Problem(str(error)))
            return
        self.post_message(self.Sent(self, given, text))
