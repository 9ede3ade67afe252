"""Choose one of a few rows."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult

from playground.tui.screens.dialogs import Dialog
from playground.tui.text import MUTED, safe
from playground.tui.widgets.columns import Column
from playground.tui.widgets.row_list import Row, RowList


class Pick(Dialog[str | None]):
    """Answers the key of a row; the cursor begins on `current`."""

    DEFAULT_CSS = """
    Pick RowList { height: auto; max-height: 50vh; margin-bottom: 1; }
    """

    def __init__(self, title: str, columns: Sequence[Column], rows: Sequence[Row], current: str) -> None:
        super().__init__(title)
        self._columns = columns
        self._rows = rows
        self._current = current

    def compose_body(self) -> ComposeResult:
        """The rows."""
        yield RowList(*self._columns, id="pick")

    def on_mount(self) -> None:
        """Choose at once."""
        rows = self.query_one(RowList)
        rows.set_rows(self._rows, safe("There is nothing to choose from.", MUTED))
        rows.move_to(self._current)
        rows.focus()

    @on(RowList.Opened)
    def _opened(self, event: RowList.Opened) -> None:
        self.dismiss(event.key)
