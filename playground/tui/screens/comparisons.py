"""The comparisons that are kept: open one, rename one, delete one."""

from typing import TYPE_CHECKING, ClassVar, Final, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from playground.client.errors import PlaygroundError
from playground.client.saved import SavedComparison
from playground.tui.screens.dialogs import Dialog
from playground.tui.text import MUTED, age, count, join, one_line, safe
from playground.tui.usecases.comparisons import ask_name, delete_comparison, rename_comparison
from playground.tui.widgets.columns import Column
from playground.tui.widgets.keybar import KeyBar
from playground.tui.widgets.list_pane import FilterInput, ListPane
from playground.tui.widgets.row_list import Row, RowList

if TYPE_CHECKING:
    from playground.tui.app import PlaygroundApp

_COLUMNS: Final = (
    Column("COMPARISON", grow=True, least=24),
    Column("FIRST INPUT", most=40, shrink=12, drop=2),
    Column("PANES", "right", most=5, drop=3),
    Column("TURNS", "right", most=5, drop=1),
    Column("USED", "right", most=4),
)
_EMPTY: Final = (
    "No comparison yet. In Browse, mark two to four versions with Space and press c: "
    "what you compare is kept by itself."
)


class ComparisonsDialog(Dialog[SavedComparison | None]):
    """Answers the comparison to open. Renaming and deleting happen here."""

    DEFAULT_CSS = """
    ComparisonsDialog {
        ListPane, ListPane:focus-within { height: 16; max-height: 60vh; border: none; padding: 0; }
        KeyBar { dock: none; background: transparent; padding: 0; margin-top: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("R", "rename", "Rename", id="comparisons.rename", tooltip="Give this comparison another name"),
        Binding("D", "delete", "Delete", id="comparisons.delete", tooltip="Delete this comparison; asks first"),
        Binding("slash", "filter", "Filter", id="comparisons.filter", tooltip="Find by name, version or input"),
        Binding("escape", "cancel", "Close", id="comparisons.close", tooltip="Back, without opening one"),
    ]

    def __init__(self, current: str = "") -> None:
        super().__init__("Comparisons")
        self._current = current
        self._saved: dict[str, SavedComparison] = {}

    @property
    def playground(self) -> "PlaygroundApp":
        """The app, as what it is."""
        return cast("PlaygroundApp", self.app)

    def compose_body(self) -> ComposeResult:
        """The list over its keys."""
        yield ListPane("", *_COLUMNS, header=True, hint="name, version, input", id="comparisons")
        yield KeyBar()

    def on_mount(self) -> None:
        """The list comes when the server has answered."""
        pane = self.query_one(ListPane)
        pane.set_message("Reading the comparisons…")
        pane.list.focus()
        self.read()

    @work(group="read", exclusive=True, exit_on_error=False)
    async def read(self) -> None:
        """The list anew."""
        pane = self.query_one(ListPane)
        try:
            found = await self.playground.connected_client.comparisons.list()
        except PlaygroundError as error:
            pane.set_message(safe(f"✘ {error.sentence}", "$text-error"))
            return
        self._saved = {saved.comparison_id: saved for saved in found}
        pane.set_rows([self._row(saved) for saved in found], _EMPTY)
        self.query_one("#dialog").border_subtitle = safe(count(len(found), "comparison"), MUTED)

    def _row(self, saved: SavedComparison) -> Row:
        inputs = saved.inputs
        refs = " | ".join(side.title for side in saved.sides)
        mark = safe("● ", "$text-accent") if saved.comparison_id == self._current else Content("")
        refs_shown = safe(one_line(refs, 120), MUTED if saved.name else "")
        name = join(mark, safe(f"{one_line(saved.name, 60)}  ") if saved.name else "", refs_shown)
        cells = (
            name,
            safe(one_line(inputs[0], 80) if inputs else "–", MUTED),
            safe(str(len(saved.sides)), MUTED),
            safe(str(saved.turns or "–")),
            safe(age(saved.updated_at, self.playground.now()), MUTED),
        )
        return Row(saved.comparison_id, cells, " ".join([saved.name, refs, *inputs]).casefold())

    @property
    def chosen(self) -> SavedComparison | None:
        """The one under the cursor."""
        return self._saved.get(self.query_one(ListPane).key or "")

    @on(RowList.Opened)
    def _opened(self) -> None:
        self.dismiss(self.chosen)

    @work(group="usecase", exclusive=True, exit_on_error=False)
    async def action_rename(self) -> None:
        """Another name."""
        if (saved := self.chosen) is None:
            return
        name = await ask_name(self.playground, saved.name)
        if name is not None:
            await rename_comparison(self.playground, saved, name)
            self.read()

    @work(group="usecase", exclusive=True, exit_on_error=False)
    async def action_delete(self) -> None:
        """Delete it, after asking."""
        saved = self.chosen
        if saved is not None and await delete_comparison(self.playground, saved):
            self.read()

    async def action_filter(self) -> None:
        """Type to filter."""
        await self.query_one(ListPane).start_filter()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What needs a comparison, and none while one types."""
        if action in ("rename", "delete"):
            return self.chosen is not None and not isinstance(self.focused, FilterInput)
        return True
