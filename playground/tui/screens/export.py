"""Which assistants go into a file, and where it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Button, Input, Static

from playground.tui.screens.dialogs import Dialog
from playground.tui.text import MUTED, count, one_line, safe
from playground.tui.widgets.columns import Column
from playground.tui.widgets.row_list import Row, RowList

_SAID = (
    "All versions with notes and labels, as YAML; drafts, threads and secrets stay here. Only you can read the file."
)
_COLUMNS = (Column(grow=True, least=16, most=60), Column(align="right", most=18))


@dataclass(frozen=True, slots=True)
class Scope:
    """What can be exported: `name` says it, `file` is how its file is called if nothing else is said."""

    name: str
    assistant_ids: tuple[str, ...]
    file: str
    detail: str = ""
    """Said at the right; else how many assistants."""


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """What the user wants."""

    scope: Scope
    path: str


class ExportDialog(Dialog[ExportChoice | None]):
    """Asks what is exported, and to which file."""

    DEFAULT_CSS = """
    ExportDialog {
        #scopes { height: auto; max-height: 6; margin-bottom: 1; }
        #said { color: $text-muted; height: auto; margin: 1 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "choose(-1)", "Above", id="export.up", show=False, priority=True, tooltip="The choice above"),
        Binding("down", "choose(1)", "Below", id="export.down", show=False, priority=True, tooltip="The choice below"),
    ]

    def __init__(self, scopes: Sequence[Scope], title: str = "Export assistants", said: str = _SAID) -> None:
        super().__init__(title)
        self._scopes = scopes
        self._said = said
        self._named = False  # by the user: another choice keeps the name

    def compose_body(self) -> ComposeResult:
        """What, over where."""
        yield RowList(*_COLUMNS, id="scopes")
        yield Static("To the file", id="label")
        yield Input(id="answer", compact=True)
        yield Static("", id="problem")
        yield Static(self._said, id="said")
        with Horizontal(id="buttons"):
            yield Button("Export", "primary", id="confirm", compact=True)
            yield Button("Cancel", id="cancel", compact=True)

    def on_mount(self) -> None:
        """The arrows choose what, Enter says yes; the name of the file is there to be changed."""
        scopes = self.query_one(RowList)
        scopes.can_focus = False
        scopes.set_rows([_row(index, scope) for index, scope in enumerate(self._scopes)], safe(""))
        self.query_one(Input).focus()
        self._name_file()

    @property
    def _scope(self) -> Scope:
        return self._scopes[self.query_one(RowList).cursor]

    def _name_file(self) -> None:
        field = self.query_one(Input)
        if not self._named:
            with self.prevent(Input.Changed):
                field.value = self._scope.file
            field.cursor_position = len(field.value)

    def action_choose(self, by: int) -> None:
        """The choice above or below."""
        self.query_one(RowList).action_move(by)

    @on(RowList.Moved)
    def _moved(self) -> None:
        self._name_file()

    @on(Input.Changed)
    def _typed(self) -> None:
        self._named = True
        self.query_one("#problem", Static).update("")

    @on(Input.Submitted)
    @on(Button.Pressed, "#confirm")
    @on(RowList.Opened)
    def _answer(self) -> None:
        path = self.query_one(Input).value.strip()
        if path:
            self.dismiss(ExportChoice(self._scope, path))
        else:
            self.query_one("#problem", Static).update(safe("✘ It can't be empty."))

    @on(Button.Pressed, "#cancel")
    def _pressed_cancel(self) -> None:
        self.dismiss(None)


def _row(index: int, scope: Scope) -> Row:
    many = safe(scope.detail or count(len(scope.assistant_ids), "assistant"), MUTED)
    return Row(str(index), (safe(one_line(scope.name, 60)), many))
