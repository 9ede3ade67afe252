"""How a comparison leaves Compare: copied, or written to a file."""

from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

from textual import work
from textual.binding import Binding, BindingType

from playground.client.errors import PlaygroundError
from playground.tui.compare.side import Side
from playground.tui.screens.compare_saved import SavedCompareScreen
from playground.tui.widgets.run_pane import RunPane


class TakingCompareScreen(SavedCompareScreen):
    """Which pane is meant is the subclass's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "Copy", id="compare.copy", show=False, tooltip="This pane's turns, as Markdown"),
        Binding("Y", "copy_all", "Copy all", id="compare.copy_all", show=False, tooltip="All panes, as Markdown"),
        Binding("x", "export", "Export", id="compare.export", show=False, tooltip="To a file: HTML, Markdown …"),
    ]

    @property
    def pane(self) -> RunPane | None:
        """The pane that keys act on."""
        return None

    def action_copy(self) -> None:
        """Copy the pane's turns."""
        from playground.tui.usecases.taking import copy_pane

        side: Side | None = self.pane.side if self.pane else None
        if side is not None:
            self._hand_on(lambda: copy_pane(self.playground, self.comparison, side))

    def action_copy_all(self) -> None:
        """Copy the whole comparison."""
        from playground.tui.usecases.taking import copy_all

        self._hand_on(lambda: copy_all(self.playground, self.comparison))

    def action_export(self) -> None:
        """Write it to a file."""
        from playground.tui.usecases.taking import export_comparison

        self._hand_on(lambda: export_comparison(self.playground, self.comparison))

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def _hand_on(self, take: Callable[[], Awaitable[object]]) -> None:
        try:
            await take()
        except PlaygroundError as error:
            self.problem(error.sentence)

    def check_action(self, action: str, parameters: tuple[Any, ...]) -> bool | None:
        """Where something ran."""
        match action:
            case "copy":
                return self.pane is not None and self.pane.conversation.turn is not None
            case "copy_all" | "export":
                return any(side.conversation.turn or side.samples for side in self.comparison.sides)
        return super().check_action(action, parameters)
