"""The input of a comparison: whom it is for, the line one types it in, and where in the file of inputs one is."""

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, cast

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from playground.client.errors import PlaygroundError
from playground.client.inputs import check_input, input_from_value, properties_of, read_input
from playground.tui.compare.history import keep_input, read_history
from playground.tui.inputs import input_hint
from playground.tui.text import MUTED, clickable, join, one_line, safe
from playground.tui.widgets.run_input import RunInput

if TYPE_CHECKING:
    from playground.tui.forms.input_editing import InputEditing
    from playground.tui.screens.base import PlaygroundScreen

_ALL: Final = "to all>"
_CHAT_PLACEHOLDER: Final = "type once, all of them answer"
_SOME_PLACEHOLDER: Final = "type, the others hear nothing of it"


class CompareLine(RunInput):
    """The line. What pages through a long text elsewhere pages through the file of inputs here."""

    async def _on_key(self, event: events.Key) -> None:
        if event.key in ("pageup", "pagedown"):
            event.stop()
            event.prevent_default()
            await self.run_action(f"screen.input_file({1 if event.key == 'pagedown' else -1})")
        else:
            await super()._on_key(event)


class CompareInput(Horizontal):
    """Reads what is typed as the graphs' input, then posts `Sent`; whoever takes that calls `accept`, else it stays."""

    DEFAULT_CSS = """
    CompareInput {
        height: auto;
        padding: 0 1;
        background: $boost;
        #prompt-label { width: auto; margin-right: 1; color: $text-accent; text-style: bold; }
        #prompt-place { width: auto; margin-left: 2; }
        RunInput { width: 1fr; }
    }
    """

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
        self._target = _ALL
        self._graph_id = ""
        self._file: Sequence[Any] = ()
        self._file_name = ""
        self._at = 0
        self._filled: tuple[str, InputEditing] | None = None  # the form that a text came from

    def compose(self) -> ComposeResult:
        """To whom, what, the place in the file, the way to the form."""
        yield Static(self._target, id="prompt-label")
        yield CompareLine(placeholder=_CHAT_PLACEHOLDER, id="input")
        yield Place(id="prompt-place")

    @property
    def line(self) -> RunInput:
        """Where one types."""
        return self.query_one(RunInput)

    # What it is for

    def show_schema(self, schema: dict[str, Any] | None, name: str) -> None:
        """What the graph called `name` takes: a message, or JSON with these fields."""
        self.schema, self._graph_name = schema, name
        self.line.set_placeholder(input_hint(schema, _CHAT_PLACEHOLDER if self._target == _ALL else _SOME_PLACEHOLDER))
        self._show_place()

    def show_target(self, text: str) -> None:
        """To whom it goes: `to all>`, `to B>`."""
        self._target = text
        self.query_one("#prompt-label", Static).update(safe(one_line(text, 40)))

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

    # The file of inputs

    def set_file(self, inputs: Sequence[Any], name: str) -> None:
        """Inputs to go through, in the order of their file; the first one is in the line unless something is there."""
        self._file, self._file_name, self._at = inputs, name, 0
        if inputs and not self.line.text:
            self.line.show_text(text_of(inputs[0]))
        self._show_place()

    @property
    def has_file(self) -> bool:
        """Whether there are inputs to go through."""
        return bool(self._file)

    def go_in_file(self, by: int) -> None:
        """The next input of the file, or the one before. What was typed instead comes back with Up."""
        if not self._file:
            return
        line = self.line
        if line.text.strip() and line.text != text_of(self._file[self._at]):
            line.remember(line.text)
        self._at = max(0, min(len(self._file) - 1, self._at + by))
        line.show_text(text_of(self._file[self._at]))
        self._show_place()

    def _show_place(self) -> None:
        place = self.query_one(Place)
        place.show(self._at + 1, len(self._file), self._file_name, form=bool(properties_of(self.schema)))

    # Sending

    @on(RunInput.Sent)
    def _typed(self, event: RunInput.Sent) -> None:
        event.stop()
        self.send(event.text)

    def send(self, text: str) -> None:
        """Read the text as an input and post it, or say why it is none."""
        try:
            given = self._read(text)
            check_input(given, self.schema)
        except ValueError as error:
            self.post_message(self.Problem(str(error)))
            return
        self.post_message(self.Sent(self, given, text))

    def _read(self, text: str) -> Any:
        """The text as an input; one of the file is what the file has, not what it looks like. Raises ValueError."""
        if self._file and text == text_of(self._file[self._at]):
            return input_from_value(self._file[self._at], self.schema, self._graph_name)
        return read_input(text, self.schema, self._graph_name)

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
                given = self._read(text) if text.strip() else None
            except ValueError as error:
                self.post_message(self.Problem(f"{error} The form needs it readable, or the line empty."))
                return
            editing = InputEditing(self.schema, filled_in(given, self.schema))
        before = editing.value
        self.post_message(self.Problem(""))
        filled = await self.app.push_screen_wait(
            InputForm(editing, self._graph_id.replace("+", ", "), self._target.rstrip(">"))
        )
        if filled.send or filled.editing.value != before or filled.editing.texts:
            text = as_typed(filled.editing.value, self.schema)
            self.line.show_text(text)
            self._filled = (text, filled.editing)
        self.line.focus()
        if filled.send:
            self.send(text)


class Place(Static):
    """`‹ 3/12 ›  F7 form`, to click."""

    ALLOW_SELECT = False
    auto_links = False

    def show(self, at: int, total: int, name: str, *, form: bool) -> None:
        """The place in the file, if there is one, and whether there is a form."""
        parts = []
        if total:
            back = clickable(safe("‹ ", MUTED if at > 1 else "$foreground-disabled"), "screen.input_file(-1)")
            on = clickable(safe(" ›", MUTED if at < total else "$foreground-disabled"), "screen.input_file(1)")
            parts.append(join(back, safe(f"{at:>{len(str(total))}}/{total}"), on))
        if form:
            parts.append(clickable(safe("F7 form", MUTED), "screen.input_form"))
        self.tooltip = safe(f"{one_line(name, 60)}: . and , go to the next and the previous input") if total else None
        self.display = bool(parts)
        self.update(Content("  ").join(parts))


def text_of(value: Any) -> str:
    """An input of a file as it stands in the line."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
