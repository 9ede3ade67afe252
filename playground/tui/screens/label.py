"""Give a version a label: a new one, or one that is on another version now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Input, Static

from playground.client.errors import PlaygroundError
from playground.client.values import LabelFacts, Version
from playground.tui.screens.dialogs import Dialog
from playground.tui.text import MUTED, age, join, one_line, safe
from playground.tui.widgets.columns import Column
from playground.tui.widgets.row_list import Row, RowList

USUAL: Final = ("prod", "staging")
"""What people call versions where nothing is called anything yet."""

_COLUMNS: Final = (
    Column(least=8, most=20),
    Column(most=7),
    Column(grow=True, least=8, most=60),
    Column(align="right", most=5),
)
_ROWS: Final = 6


@dataclass(frozen=True, slots=True)
class Labelling:
    """What the user wants: the label on this version, and why; or taken away from it."""

    label: str
    why: str | None = None
    take_away: bool = False


class LabelDialog(Dialog[Labelling | None]):
    """Asks which label and why. Says where it is now, who put it there, when and why, before it moves."""

    DEFAULT_CSS = """
    LabelDialog {
        #labels { height: auto; max-height: 6; margin: 1 0; }
        #label-name, #why { background: $boost; padding: 0 1; }
        #why { margin-bottom: 1; }
        #labels.-unchosen > .row-list--cursor { background: transparent; }
        #now { height: auto; min-height: 2; margin-bottom: 1; }
        #take-away { display: none; }
        &.-has #take-away { display: block; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "choose(-1)", "Label above", id="label.up", show=False, priority=True, tooltip="The label above"),
        Binding(
            "down", "choose(1)", "Label below", id="label.down", show=False, priority=True, tooltip="The label below"
        ),
    ]

    def __init__(self, version: Version, facts: Mapping[str, LabelFacts], known: Iterable[str], now: datetime) -> None:
        super().__init__(f"Label v{version.version} of {one_line(version.name, 60)}")
        self._version = version
        self._facts = facts
        self._now = now
        elsewhere = set(known) | set(USUAL)
        self._known = [*sorted(facts), *sorted(elsewhere - set(facts))]

    def compose_body(self) -> ComposeResult:
        """The label and why, over the labels there are and what is known of the one that is meant."""
        yield Input(placeholder="Label: a name that moves from version to version", id="label-name", compact=True)
        yield RowList(*_COLUMNS, id="labels")
        yield Input(placeholder="Why (optional): what makes it this one", id="why", compact=True)
        yield Static(id="now")
        with Horizontal(id="buttons"):
            yield Button("Take it away", "warning", id="take-away", compact=True)
            yield Button("Label", "primary", id="confirm", compact=True)
            yield Button("Cancel", id="cancel", compact=True)

    def on_mount(self) -> None:
        """Type at once."""
        labels = self.query_one(RowList)
        labels.can_focus = False
        labels.set_rows([self._row(label) for label in self._known], safe(""))
        self.query_one("#label-name").focus()
        self._show()

    def _row(self, label: str) -> Row:
        facts = self._facts.get(label)
        if facts is None:
            return Row(label, (safe(label), safe("–", MUTED), safe("on no version", MUTED), safe("")), label)
        said = " · ".join(one_line(text, 60) for text in (facts.by, facts.why) if text)
        here = facts.version == self._version.version
        number = safe(f"v{facts.version}", "$text-primary" if here else "")
        return Row(label, (safe(label), number, safe(said, MUTED), safe(self._ago(facts), MUTED)), label)

    def _ago(self, facts: LabelFacts) -> str:
        return age(facts.at, self._now) if facts.at else ""

    @property
    def _label(self) -> str:
        return self.query_one("#label-name", Input).value.strip()

    @on(Input.Changed, "#label-name")
    def _show(self) -> None:
        """What is known of the label that is meant."""
        facts = self._facts.get(self._label)
        here = facts is not None and facts.version == self._version.version
        self.set_class(here, "-has")
        self.query_one(RowList).set_class(self._label not in self._known, "-unchosen")
        self.query_one("#now", Static).update(self._sentence(facts, here))

    def _sentence(self, facts: LabelFacts | None, here: bool) -> Content:
        label = one_line(self._label, 40)
        if not label:
            return safe("Type a name, or choose one with ↑ ↓: prod, staging, …", MUTED)
        if facts is None:
            return safe(f"{label} is on no version yet.", MUTED)
        told = f" by {one_line(facts.by, 30)}" if facts.by else ""
        ago = self._ago(facts)
        told += "" if not ago or ago == "now" else f" {ago} ago"
        why = f": “{one_line(facts.why, 120)}”" if facts.why else ""
        if here:
            return join(f"v{facts.version} is {label}{told}{why}. ", safe("Label keeps it, with a new reason.", MUTED))
        return join(
            f"{label} is v{facts.version} now{told}{why}. ", safe(f"It moves to v{self._version.version}.", MUTED)
        )

    def action_choose(self, by: int) -> None:
        """Take the label above or below, as if it were typed."""
        labels = self.query_one(RowList)
        known = self._label in self._known
        if known:
            labels.move_to(self._label)
        labels.cursor += by if known else 0
        self._take(labels.key)

    @on(RowList.Moved)
    def _moved(self, event: RowList.Moved) -> None:
        if self._label in self._known or self.query_one(RowList).hover is not None:
            self._take(event.key)

    def _take(self, label: str | None) -> None:
        field = self.query_one("#label-name", Input)
        if label is not None and field.value != label:
            field.value = label
            field.cursor_position = len(label)

    @on(Input.Submitted, "#label-name")
    def _next(self) -> None:
        if self._checked() is not None:
            self.query_one("#why").focus()

    @on(Input.Submitted, "#why")
    @on(Button.Pressed, "#confirm")
    def _answer(self) -> None:
        label = self._checked()
        if label is not None:
            self.dismiss(Labelling(label, self.query_one("#why", Input).value.strip() or None))

    @on(Button.Pressed, "#take-away")
    def _take_away(self) -> None:
        self.dismiss(Labelling(self._label, take_away=True))

    def _checked(self) -> str | None:
        """The label, or None after saying what is wrong with it."""
        from playground.client.notes import check_label

        try:
            return check_label(self._label)
        except PlaygroundError as error:
            self.query_one("#now", Static).update(safe(f"✘ {error.sentence}", "$text-error"))
            self.query_one("#label-name").focus()
            return None

    @on(Button.Pressed, "#cancel")
    def _pressed_cancel(self) -> None:
        self.dismiss(None)
