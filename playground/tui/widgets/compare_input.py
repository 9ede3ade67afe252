"""The input of a comparison: a prompt for several graphs, and where in the file of inputs one is."""

import json
from collections.abc import Sequence
from typing import Any, Final

from textual import events
from textual.content import Content
from textual.widgets import Static

from playground.client.inputs import input_from_value, properties_of
from playground.tui.text import MUTED, clickable, join, one_line, safe
from playground.tui.widgets.prompt import Prompt
from playground.tui.widgets.run_input import RunInput

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


class CompareInput(Prompt):
    """The same for all panes, or for some."""

    def __init__(self, id: str = "prompt") -> None:
        super().__init__(_CHAT_PLACEHOLDER, _ALL, id=id)
        self._target = _ALL
        self._file: Sequence[Any] = ()
        self._file_name = ""
        self._at = 0

    def make_line(self) -> RunInput:
        """It pages through the file."""
        return CompareLine(placeholder=_CHAT_PLACEHOLDER, id="input")

    def make_place(self) -> Static:
        """The place in the file, the way to the form."""
        return Place(id="prompt-place")

    @property
    def target(self) -> str:
        """`to all`."""
        return self._target.rstrip(">")

    # What it is for

    def show_schema(self, schema: dict[str, Any] | None, name: str, message: str = "") -> None:
        """What the graph called `name` takes: a message, or JSON with these fields."""
        super().show_schema(schema, name, _CHAT_PLACEHOLDER if self._target == _ALL else _SOME_PLACEHOLDER)
        self._show_place()

    def show_target(self, text: str) -> None:
        """To whom it goes: `to all>`, `to B>`."""
        self._target = text
        self.show_label(text)

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

    def read(self, text: str) -> Any:
        """The text as an input; one of the file is what the file has, not what it looks like. Raises ValueError."""
        if self._file and text == text_of(self._file[self._at]):
            return input_from_value(self._file[self._at], self.schema, self._graph_name)
        return super().read(text)

    def _show_place(self) -> None:
        place = self.query_one(Place)
        place.show(self._at + 1, len(self._file), self._file_name, form=bool(properties_of(self.schema)))


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
