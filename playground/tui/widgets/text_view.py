"""The whole context as JSON or as YAML, with what is wrong at its line."""

from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Static, TextArea

from playground.client.validation import where
from playground.tui.forms.document import Path
from playground.tui.forms.editing import CONTEXT
from playground.tui.forms.positions import Fault, Notation, Place, fault, place_of, places
from playground.tui.syntax import keys_in_json, keys_in_yaml
from playground.tui.text import MUTED, clickable, count, join, one_line, safe
from playground.tui.widgets.form_text_area import PlainTextArea
from playground.tui.widgets.text_pane import TextPane

NAMES: Final = {"json": "JSON", "yaml": "YAML"}


class TextView(TextPane):
    """Says in `Typed` what is typed, and under the text what is wrong with it: where the cursor is, else the first."""

    DEFAULT_CSS = """
    TextView #problem { height: 1; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f9", "problem", "Next problem", id="text.problem", tooltip="To the line of what is wrong next"),
    ]

    class Typed(Message):
        """Text was typed."""

        def __init__(self, notation: Notation, text: str) -> None:
            super().__init__()
            self.notation = notation
            self.text = text

    def __init__(self, notation: Notation, id: str, classes: str = "") -> None:
        find_keys = keys_in_json if notation == "json" else keys_in_yaml
        super().__init__(
            PlainTextArea(f"{notation}-text", "code", numbers=True, find_keys=find_keys), id=id, classes=classes
        )
        self.notation: Notation = notation
        self._problems: list[tuple[Place | None, str]] = []  # where, and the sentence
        self._told = ""

    def compose(self) -> ComposeResult:
        """The text over the bar over the problem."""
        self.border_title = safe(f"context as {NAMES[self.notation]}")
        yield from super().compose()
        yield Problems(id="problem")

    def show_text(self, text: str) -> None:
        """Show the context as it is now, as one step that undo takes back; what is typed stays if it is the same."""
        self.area.show_text(text)
        self._told = self.area.text

    def show_problems(self, problems: dict[Path, str]) -> None:
        """Show what is wrong, each at its line. What isn't in the context has none."""
        text = self.area.text
        unreadable = fault(text, self.notation) if CONTEXT in problems else None
        self._problems = [_fault(unreadable)] if unreadable else _located(problems, places(text, self.notation))
        self.area.show_faults(place[0] for place, _ in self._problems if place is not None)
        self._show_problem()
        self._show_size()
        self.refresh_bindings()

    def action_problem(self) -> None:
        """To the next problem that has a place, from where the cursor is, round the end."""
        known = sorted(place for place, _ in self._problems if place is not None)
        if known:
            here = self.area.cursor_location
            self.area.go_to(*next((place for place in known if place > here), known[0]))
            self.screen.set_focus(self.area)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The footer names what works."""
        return action != "problem" or any(place is not None for place, _ in self._problems)

    @on(TextArea.Changed)
    def _changed(self, event: TextArea.Changed) -> None:
        event.stop()
        text = event.text_area.text
        if text != self._told:
            self._told = text
            self.post_message(self.Typed(self.notation, text))

    @on(TextArea.SelectionChanged)
    def _show_problem(self) -> None:
        at_cursor = [one for one in self._problems if one[0] is not None and one[0][0] == self.area.cursor_location[0]]
        place, sentence = next(iter(at_cursor or self._problems), (None, ""))
        self.query_one(Problems).show(sentence, len(self._problems), can_go=place is not None)

    def _show_size(self) -> None:
        lines = count(self.area.document.line_count, "line")
        long = " · a line is too long to type in, F4 opens it in $EDITOR" if self.area.read_only else ""
        self.border_subtitle = safe(f"{lines}{long}", MUTED)


class Problems(Static):
    """One problem, how many there are, and how to get to them."""

    def show(self, sentence: str, number: int, *, can_go: bool) -> None:
        """An empty sentence: nothing is wrong."""
        if not sentence:
            self.update(Content(""))
            return
        go = safe(f"  {count(number, 'problem')}" if number > 1 else "", MUTED)
        if can_go:
            go = join(go, "  ", clickable(safe("F9 goes there", MUTED), "problem"))
        room = max(20, self.content_size.width - go.cell_length - 2) if self.content_size.width else 300
        shown = safe(f"✘ {one_line(sentence, 300)}", "$text-error").truncate(room, ellipsis=True)
        self.update(join(shown, go))

    def action_problem(self) -> None:
        """A click on it."""
        self.query_ancestor(TextView).action_problem()


def _fault(found: Fault) -> tuple[Place | None, str]:
    return found.place, str(found)


def _located(problems: dict[Path, str], known: dict[Path, Place]) -> list[tuple[Place | None, str]]:
    """The problems in the order of their lines; those outside of the context last."""
    inside, outside = [], []
    for path, sentence in problems.items():
        if path[:1] != CONTEXT or not known:
            outside.append((None, f"{where(path)} {sentence}"))
            continue
        place = place_of(path[1:], known)
        said = f"{where(path[1:])} {sentence}".strip()
        inside.append((place, f"line {place[0] + 1}: {said}"))
    return [*sorted(inside), *outside]
