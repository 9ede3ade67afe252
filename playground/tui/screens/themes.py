"""Choose a theme; the one under the cursor is shown at once."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from playground.tui.text import MUTED, safe
from playground.tui.widgets.columns import Column
from playground.tui.widgets.list_pane import ListPane
from playground.tui.widgets.row_list import Row, RowList


class ThemeScreen(ModalScreen[str | None]):
    """Answers the theme's name, or None with the theme as it was."""

    DEFAULT_CSS = """
    ThemeScreen {
        align: right top;
        background: transparent;
        #themes { width: 36; height: 80%; margin: 2; background: $surface; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", id="themes.cancel", tooltip="Keep the theme you had"),
        Binding("slash", "filter", "Filter", id="themes.filter", tooltip="Filter as you type"),
    ]

    def __init__(self, current: str) -> None:
        super().__init__()
        self._before = current

    def compose(self) -> ComposeResult:
        """A list of themes beside what they change."""
        yield ListPane("Themes", Column(grow=True, most=30), Column(most=6, align="right"), id="themes")

    def on_mount(self) -> None:
        """The cursor is on the theme that is used."""
        pane = self.query_one(ListPane)
        themes = sorted(self.app.available_themes.items())
        pane.set_rows([_row(name, "dark" if theme.dark else "light") for name, theme in themes], "No themes.")
        pane.list.move_to(self._before)
        pane.list.focus()

    @on(RowList.Moved)
    def _preview(self, event: RowList.Moved) -> None:
        if event.key is not None:
            self.app.theme = event.key

    @on(RowList.Opened)
    def _choose(self, event: RowList.Opened) -> None:
        self.dismiss(event.key)

    def action_cancel(self) -> None:
        """As it was."""
        self.app.theme = self._before
        self.dismiss(None)

    async def action_filter(self) -> None:
        """Type to filter."""
        await self.query_one(ListPane).start_filter()


def _row(name: str, kind: str) -> Row:
    return Row(name, (safe(name), safe(kind, MUTED)), f"{name} {kind}")
