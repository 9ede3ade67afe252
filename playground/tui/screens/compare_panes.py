"""How Compare's panes come, go and change places, and what each of them runs."""

import asyncio
from collections.abc import Sequence
from typing import Any, ClassVar

from textual import work
from textual.binding import Binding, BindingType

from playground.client.errors import PlaygroundError, RefError
from playground.client.values import Runnable
from playground.tui.compare.comparison import MOST
from playground.tui.compare.side import Side
from playground.tui.screens.compare_saved import SavedCompareScreen
from playground.tui.widgets.run_pane import RunPane


class PaneCompareScreen(SavedCompareScreen):
    """What a pane looks like, and what it is sent, is the subclass's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "add", "Add pane", id="compare.add", tooltip="Add a ref to the comparison"),
        Binding("delete,backspace", "remove", "Remove", id="compare.remove", show=False, tooltip="Take this pane away"),
        Binding("V", "replace", "Replace", id="compare.replace", show=False, tooltip="Run another ref in this pane"),
        Binding("left_square_bracket", "move(-1)", "Move left", id="compare.left", show=False, tooltip="This pane"),
        Binding("right_square_bracket", "move(1)", "Move right", id="compare.right", show=False, tooltip="This pane"),
        Binding(
            "b", "first", "Make first", id="compare.first", show=False, tooltip="The others are held against this pane"
        ),
        Binding("u", "link", "Unlink", id="compare.link", show=False, tooltip="Write to this pane alone, or link it"),
        Binding("e", "edit", "Edit", id="compare.edit", show=False, tooltip="Edit this pane's assistant"),
        Binding("z", "zoom", "Zoom", id="compare.zoom", show=False, tooltip="This pane on the whole screen, and back"),
        Binding("right,l", "pane(1)", "Next pane", id="compare.next", show=False, tooltip="To the right"),
        Binding("left,h", "pane(-1)", "Previous pane", id="compare.previous", show=False, tooltip="To the left"),
    ]

    @property
    def panes(self) -> list[RunPane]:
        """From left to right."""
        raise NotImplementedError

    @property
    def pane(self) -> RunPane | None:
        """The pane that keys act on."""
        raise NotImplementedError

    async def panes_changed(self) -> None:
        """There are other panes, or the same in another order: letters, tabs, the input's form."""
        raise NotImplementedError

    def show_turns(self) -> None:
        """There are other turns, or what is typed goes elsewhere."""
        raise NotImplementedError

    async def mount_panes(self, sides: Sequence[Side]) -> None:
        """Panes for sides that the comparison has already."""
        raise NotImplementedError

    async def resolve(self, refs: Sequence[str]) -> list[Runnable] | None:
        """What the refs run; None if one can't be told, which is said."""
        if self.client is None:
            return None
        try:
            return list(await asyncio.gather(*(self.client.resolve(ref) for ref in refs)))
        except RefError as error:
            meant = f" Candidates: {', '.join(error.candidates)}." if error.candidates else ""
            self.problem(f"{error.sentence}{meant}")
        except PlaygroundError as error:
            self.problem(error.sentence)
            self.playground.report(error)
        return None

    async def _pick(self, title: str) -> Runnable | None:
        if self.client is None:
            return None
        from playground.tui.screens.pick_ref import PickRef

        ref = await self.app.push_screen_wait(PickRef(self.client, title))
        runnables = await self.resolve([ref]) if ref else None
        return runnables[0] if runnables else None

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_add(self) -> None:
        """Choose a ref, and compare it, too."""
        runnable = await self._pick("Compare with")
        if runnable is not None:
            await self._add(runnable)

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def add_ref(self, ref: str) -> None:
        """A pane for this ref, too."""
        if len(self.panes) == MOST:
            self.problem("Four panes are all there can be: take one away first (Delete).")
            return
        for runnable in await self.resolve([ref]) or []:
            await self._add(runnable)

    async def _add(self, runnable: Runnable) -> None:
        side = Side(runnable, self.clock)
        self.comparison.add([side])
        await self.mount_panes([side])
        if len(self.panes) == 1:  # the next key adds another one
            self.panes[0].view.focus()
        self.comparison_changed()

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_replace(self) -> None:
        """Choose what this pane runs instead, on a new thread."""
        pane = self.pane
        runnable = await self._pick("Run in this pane instead")
        if pane is not None and runnable is not None and pane.is_attached:
            pane.side.restart(runnable)
            pane.show()
            await self.panes_changed()
            self.comparison_changed()

    @work(group="dialog", exit_on_error=False)
    async def action_remove(self) -> None:
        """Take the pane away; its thread stays."""
        pane = self.pane
        if pane is None:
            return
        self.comparison.remove(pane.side)
        await pane.remove()
        await self.panes_changed()
        self.comparison_changed()
        if self.pane is not None:
            self.pane.view.focus()

    async def action_move(self, by: int) -> None:
        """The pane changes places with its neighbour."""
        pane = self.pane
        if pane is None:
            return
        self.comparison.move(pane.side, by)
        await self._reorder()

    async def action_first(self) -> None:
        """The pane changes places with the first one: the others are held against it."""
        pane = self.pane
        if pane is None:
            return
        self.comparison.move(pane.side, -self.comparison.sides.index(pane.side))
        await self._reorder()

    async def _reorder(self) -> None:
        box = self.query_one("#panes")
        order = self.comparison.sides
        box.sort_children(key=lambda child: order.index(child.side) if isinstance(child, RunPane) else MOST)
        await self.panes_changed()
        self.comparison_changed()

    def action_link(self) -> None:
        """This pane is written to alone, or with the others again."""
        pane = self.pane
        if pane is None:
            return
        pane.side.linked = not pane.side.linked
        pane.show_link()
        self.show_turns()
        self.comparison_changed()

    def action_edit(self) -> None:
        """Edit what the pane runs."""
        if self.pane is not None:
            runnable = self.pane.runnable
            self.playground.edit(runnable.assistant_id, None if runnable.draft else runnable.version)

    def action_zoom(self) -> None:
        """The pane on the whole screen, or all of them again."""
        if self.maximized is not None:
            self.minimize()
        elif self.pane is not None:
            self.maximize(self.pane)

    def action_pane(self, by: int) -> None:
        """The focus to the next pane."""
        panes = self.panes
        if self.pane is not None:
            panes[(panes.index(self.pane) + by) % len(panes)].view.focus()

    def check_action(self, action: str, parameters: tuple[Any, ...]) -> bool | None:
        """Places need two panes, a new pane room."""
        panes, pane = self.panes, self.pane
        match action:
            case "add":
                return self.client is not None and len(panes) < MOST
            case "replace":
                return self.client is not None and pane is not None and not pane.side.busy
            case "pane" | "link":
                return len(panes) > 1
            case "move":
                at = panes.index(pane) + int(parameters[0]) if pane in panes and parameters else -1
                return 0 <= at < len(panes)
            case "first":
                return pane in panes[1:]
            case "remove" | "edit" | "zoom":
                return bool(panes)
        return super().check_action(action, parameters)
