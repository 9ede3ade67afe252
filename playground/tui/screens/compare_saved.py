"""What Compare keeps: the comparison on the screen saved by itself, another one opened, named, begun."""

import time
from collections.abc import Callable
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.widgets import Static

from playground.client.errors import PlaygroundError
from playground.client.saved import SavedComparison
from playground.tui.compare.comparison import Comparison
from playground.tui.compare.opening import join_flying, open_comparison
from playground.tui.compare.saving import Saver
from playground.tui.screens.base import PlaygroundScreen
from playground.tui.text import safe
from playground.tui.widgets.last_comparison import LastComparison


class SavedCompareScreen(PlaygroundScreen):
    """A comparison that outlives the screen. How its panes are shown is the subclass's: `show_sides`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "O",
            "app.comparisons",
            "Comparisons",
            id="compare.list",
            show=False,
            tooltip="All comparisons: open, rename, delete",
        ),
        Binding("N", "name", "Name", id="compare.name", show=False, tooltip="Name this comparison"),
        Binding("C", "begin", "New", id="compare.begin", show=False, tooltip="A new, empty comparison"),
    ]

    clock: Callable[[], float] = staticmethod(time.monotonic)
    """Seconds; tests put a clock here that stands still."""

    def __init__(self) -> None:
        super().__init__()
        self.comparison = Comparison()
        self.saver = Saver(self, self.comparison)

    # What the subclass shows

    async def show_sides(self, comparison: Comparison) -> None:
        """These panes in place of those that are there."""

    def show_name(self) -> None:
        """The comparison has another name."""

    def problem(self, sentence: str) -> None:
        """Say what went wrong, "" if it is over."""

    # Saved by itself

    def comparison_changed(self) -> None:
        """Something of it is to be kept: a pane, a turn, its name."""
        saver = self.saver
        if saver.comparison is not self.comparison:
            self._leave(saver)
            self.saver = Saver(self, self.comparison)
        self.saver.note()

    def show_unsaved(self) -> None:
        """What isn't kept yet, and why."""
        problem = self.saver.problem
        for line in self.query("#unsaved").results(Static):  # none, once the app ends
            line.update(safe(f"✘ {problem}" if problem else ""))
            line.display = bool(problem)

    def on_connected(self) -> None:
        """What could not be kept while the server was away."""
        if self.saver.dirty:
            self.saver.note()
        self.propose_last()

    def on_screen_resume(self) -> None:
        """One goes to Compare: if it is empty, there may be something to go on with."""
        self.propose_last()

    async def on_unmount(self) -> None:
        """The app ends: what has changed within the last moment is written."""
        if self.saver.dirty:
            await self.saver.now()

    @work(group="saving", exit_on_error=False)
    async def _leave(self, saver: Saver) -> None:
        await saver.leave()

    # Another one

    @work(group="propose", exclusive=True, exit_on_error=False)
    async def propose_last(self) -> None:
        """On an empty screen: what was compared last, and the key that goes on with it."""
        client = self.client
        if client is None or self.comparison.sides:
            return
        try:
            found = await client.comparisons.list()
        except PlaygroundError:
            return  # an offer, no more
        for offer in self.query(LastComparison):
            offer.show(found, self.playground.now())
            if found:
                offer.focus()

    @on(LastComparison.Wanted)
    def _go_on(self, event: LastComparison.Wanted) -> None:
        self.show_comparison(event.saved)

    @work(group="open", exclusive=True, exit_on_error=False)
    async def show_comparison(self, saved: SavedComparison) -> None:
        """Opens one that was kept: everything that ran in it, what still runs followed to its end."""
        client = self.client
        if client is None or saved.comparison_id == self.comparison.comparison_id:
            return
        try:
            opened = await open_comparison(client, saved, self.clock)
            saver = await Saver.opened(self, opened.comparison, saved)
        except PlaygroundError as error:
            self.problem(error.sentence)
            return
        self._leave(self.saver)
        self.saver = saver
        self.show_unsaved()
        await self.show_sides(opened.comparison)
        self.run_worker(join_flying(client, opened), group="runs", exit_on_error=False)

    @work(group="open", exclusive=True, exit_on_error=False)
    async def action_begin(self) -> None:
        """A new, empty comparison; this one stays in the list."""
        await self.show_sides(Comparison())
        self._leave(self.saver)
        self.saver = Saver(self, self.comparison)
        self.show_unsaved()
        self.propose_last()

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_name(self) -> None:
        """Give it a name."""
        from playground.tui.usecases.comparisons import ask_name

        name = await ask_name(self.playground, self.comparison.name)
        if name is not None:
            await self.rename_comparison(name)

    async def forget_comparison(self) -> None:
        """It is being deleted: the screen is empty now."""
        await self.saver.forget()
        await self.show_sides(Comparison())
        self.saver = Saver(self, self.comparison)
        self.show_unsaved()
        self.propose_last()

    async def rename_comparison(self, name: str) -> None:
        """Called so from now on, and kept as that."""
        self.comparison.name = name
        self.show_name()
        self.comparison_changed()
        await self.saver.now()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A name needs something to be named."""
        match action:
            case "name" | "begin":
                return bool(self.comparison.sides)
        return super().check_action(action, parameters)
