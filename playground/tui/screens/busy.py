"""A second input while a run is in flight: what becomes of that run, and of the input."""

from dataclasses import dataclass
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Checkbox, Static

from playground.tui.screens.dialogs import Dialog
from playground.tui.text import MUTED, safe
from playground.tui.widgets.columns import Column
from playground.tui.widgets.row_list import Row, RowList

CHOICES: Final = (
    ("enqueue", "this one afterwards, on what the run leaves"),
    ("interrupt", "stop the run, keep what it did, then this one"),
    ("rollback", "stop the run, take back what it did, then this one"),
    ("reject", "let it run; this one stays in the line"),
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A multitask strategy; `always`: don't ask again."""

    strategy: str
    always: bool


class BusyDialog(Dialog[Chosen | None]):
    """The four strategies of LangGraph; the cursor begins on the last one chosen."""

    DEFAULT_CSS = """
    BusyDialog {
        #busy { height: 4; margin: 1 0; }
        #problem { display: none; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "always", "Always", id="busy.always", tooltip="Don't ask again; the run options change it"),
    ]

    def __init__(self, running: str, current: str | None) -> None:
        super().__init__("A run is in flight here")
        self._what_runs = running
        self._current = current

    def compose_body(self) -> ComposeResult:
        """The question over the four answers."""
        yield Static(safe(f"{self._what_runs} still runs. What about this input?" if self._what_runs else ""))
        yield RowList(Column(least=9), Column(grow=True, least=20), id="busy")
        yield Checkbox(safe("always (a); the run options change it"), id="option", compact=True)

    def on_mount(self) -> None:
        """Choose at once."""
        rows = self.query_one(RowList)
        rows.set_rows([Row(key, (safe(key, "bold"), safe(about, MUTED))) for key, about in CHOICES], safe(""))
        rows.move_to(self._current or CHOICES[0][0])
        rows.focus()

    def action_always(self) -> None:
        """Whether it is asked again."""
        self.query_one(Checkbox).toggle()

    @on(RowList.Opened)
    def _opened(self, event: RowList.Opened) -> None:
        self.dismiss(Chosen(event.key, self.query_one(Checkbox).value))
