"""What runs in Compare: sent, stopped, tried again, begun anew, gone on with from the winner."""

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Any, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.widgets import TextArea

from playground.client.errors import PlaygroundError
from playground.tui.compare.answering import hears
from playground.tui.compare.running import Refused, chosen, last_asked, plan
from playground.tui.compare.winner import follow, refusal, retry
from playground.tui.screens.compare_panes import PaneCompareScreen
from playground.tui.screens.compare_samples import SampleCompareScreen
from playground.tui.widgets.compare_input import CompareInput
from playground.tui.widgets.run_pane import RunPane


class RunCompareScreen(SampleCompareScreen, PaneCompareScreen):
    """Runs of the linked panes, or of the one that is driven alone."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "stop", "Stop", id="compare.stop", priority=True, tooltip="Stop the run in this pane"),
        Binding("X", "stop_all", "Stop all", id="compare.stop_all", tooltip="Stop every run"),
        Binding(
            "R", "retry", "Retry", id="compare.retry", show=False, tooltip="The last input again, in this pane alone"
        ),
        Binding("K", "clear", "Clear", id="compare.clear", show=False, tooltip="A new thread in this pane alone"),
        Binding("n", "new", "New threads", id="compare.new", tooltip="Start over, on new threads"),
        Binding("w", "winner", "Winner", id="compare.winner", tooltip="All go on from a copy of this pane's thread"),
        Binding("p", "promote", "Promote", id="compare.promote", tooltip="Make what this pane runs the active version"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.schemas: dict[str, dict[str, Any] | None] = {}
        """What the assistants' graphs take, by the ids of the assistants."""

    @on(CompareInput.Problem)
    def _refused(self, event: CompareInput.Problem) -> None:
        self.problem(event.sentence)

    @on(CompareInput.Sent)
    def _sent(self, event: CompareInput.Sent) -> None:
        client = self.client
        if client is None:
            self.problem("There is no server yet: the input stays here until there is one.")
            return
        sides = self.comparison.sides
        try:
            sending = plan(sides, chosen(sides, self.pane.side if self.pane else None), event.input, self.schemas)
        except Refused as refused:
            self.problem(str(refused))
            return
        event.prompt.accept(event.text)
        self.problem(sending.sentence)
        for side in sending.sides:
            self._run(side.conversation.send(client, event.input))

    @on(RunPane.StatusChanged)
    def _status_changed(self) -> None:
        self.show_turns()

    def _run(self, running: Awaitable[None]) -> None:
        self.run_worker(running, group="runs", exit_on_error=False)

    def action_stop(self) -> None:
        """Stop the run in the pane with the focus; a selected text is copied instead."""
        focused = self.focused
        if isinstance(focused, TextArea) and focused.selected_text:
            focused.action_copy()
        elif self.get_selected_text():
            self.action_copy_text()
        elif self.pane is not None:
            self._stop([self.pane])

    def action_stop_all(self) -> None:
        """Stop every run."""
        self._stop(self.panes)

    @work(group="stop", exit_on_error=False)
    async def _stop(self, panes: Sequence[RunPane]) -> None:
        client = self.client
        if client is None:
            return
        stopping = [pane.conversation.stop(client) for pane in panes]
        stopping += [self.stop_samples(pane.side) for pane in panes]
        results = await asyncio.gather(*stopping, return_exceptions=True)
        for result in results:
            if isinstance(result, PlaygroundError):
                self.playground.report(result)

    # On other threads

    @work(group="runs", exit_on_error=False)
    async def action_retry(self) -> None:
        """The last input of this pane again, from the state before it."""
        client, pane = self.client, self.pane
        if client is None or pane is None:
            return
        try:
            await retry(client, pane.side, lambda: self._show_again([pane]))
        except PlaygroundError as error:
            self.problem(f"Not tried again: {error.sentence}")

    def action_clear(self) -> None:
        """This pane begins anew; its thread stays in Threads."""
        if self.pane is not None:
            self.pane.side.restart()
            self._show_again([self.pane])

    def action_new(self) -> None:
        """The same refs on new threads."""
        for pane in self.panes:
            pane.side.restart()
        self._show_again(self.panes)
        self.query_one(CompareInput).line.focus()

    def _show_again(self, panes: Sequence[RunPane]) -> None:
        for pane in panes:
            pane.show()
        self.problem("")
        self.show_turns()
        self.comparison_changed()

    # The winner

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_winner(self) -> None:
        """The others go on from copies of this pane's thread."""
        client, pane = self.client, self.pane
        if client is None or pane is None:
            return
        sides = self.comparison.sides
        others = [side for side in sides if side is not pane.side]
        if sentence := refusal(sides, pane.side):
            self.problem(sentence)
            return
        try:
            await follow(client, pane.side, others)
        except PlaygroundError as error:
            self.problem(f"Nothing was changed: {error.sentence}")
            return
        self._show_again([other for other in self.panes if other is not pane])
        goes = "goes" if len(others) == 1 else "go"
        said = (
            f"{hears(sides, others)} {goes} on from a copy of {hears(sides, [pane.side])}. Threads has what was there."
        )
        self.notify(said, markup=False)

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_promote(self) -> None:
        """What this pane runs becomes the active version; a draft is saved first."""
        from playground.tui.usecases.promoting import promote

        pane = self.pane
        if pane is None:
            return
        try:
            ran = pane.runnable
            saved = await promote(self.playground, ran)
        except PlaygroundError as error:
            self.problem(error.sentence)
            return
        if saved is not None:
            for side in self.comparison.sides:
                if side.runnable == ran:
                    side.becomes(saved)
            self._show_again(self.panes)
            await self.panes_changed()

    def check_action(self, action: str, parameters: tuple[Any, ...]) -> bool | None:
        """Most need a run in the pane, and some that none is on."""
        panes, pane = self.panes, self.pane
        idle = pane is not None and not pane.side.busy
        match action:
            case "stop":
                return pane is not None and (not idle or self.samples.is_active(pane.side))
            case "stop_all":
                return any(pane.conversation.active for pane in panes) or self.samples.active
            case "new":
                began = any(pane.conversation.turn is not None for pane in panes)
                return began and not any(pane.side.busy for pane in panes)
            case "retry":
                return idle and pane is not None and last_asked(pane.conversation.transcript.turns) is not None
            case "clear":
                return idle and pane is not None and pane.conversation.turn is not None
            case "winner":
                return len(panes) > 1 and idle and pane is not None and pane.conversation.turn is not None
            case "promote":
                return self.client is not None and idle
        return super().check_action(action, parameters)
