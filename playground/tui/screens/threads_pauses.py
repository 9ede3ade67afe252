"""Where a thread pauses: its breakpoints, and going on from them, all the way or by one step."""

from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding, BindingType

from playground.client.askers import askers
from playground.client.breakpoints import Breakpoints, keep_breakpoints, one_step, read_breakpoints
from playground.client.errors import PlaygroundError
from playground.client.run_options import RunOptions
from playground.tui.screens.threads_runs import RunThreadsScreen

if TYPE_CHECKING:
    from playground.client.client import Client
    from playground.client.conversation import Conversation


class PauseThreadsScreen(RunThreadsScreen):
    """Breakpoints, continue, step; and who it is that asks."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "b", "breakpoints", "Breakpoints", id="threads.breakpoints", show=False, tooltip="Pause before or after…"
        ),
        Binding(
            "greater_than_sign", "continue", "Continue", id="threads.continue", show=False, tooltip="Go on to the end"
        ),
        Binding("full_stop", "step", "Step", id="threads.step", tooltip="Go on by one step"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.breakpoints = Breakpoints()
        self._stepping = False
        self._unkept: Breakpoints | None = None  # set before the thread had an id

    @property
    def run_options(self) -> RunOptions:
        """With the breakpoints; a step pauses after the next one whatever they are."""
        options = super().run_options
        return one_step(options) if self._stepping else self.breakpoints.within(options)

    # Breakpoints

    def thread_shown(self) -> None:
        """Another thread has other breakpoints."""
        super().thread_shown()
        self.breakpoints, self._unkept = Breakpoints(), None
        self.pane.show_breakpoints(self.breakpoints)
        if self.thread_id is not None:
            self._read_breakpoints(self.thread_id)
        self._look_who_asks()

    @work(group="breakpoints", exclusive=True, exit_on_error=False)
    async def _read_breakpoints(self, thread_id: str) -> None:
        if self.client is None:
            return
        try:
            found = await read_breakpoints(self.client, thread_id)
        except PlaygroundError as error:
            self.problem(f"The thread's breakpoints can't be read: {error.sentence}")
            return
        if thread_id == self.thread_id:
            self.breakpoints = found
            self.pane.show_breakpoints(found)

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_breakpoints(self) -> None:
        """Set them in the drawing of the graph that runs next."""
        from playground.tui.screens.breakpoints import BreakpointsDialog

        client, conversation = self.client, self.conversation
        if client is None or conversation is None or self.runnable is None:
            return
        chosen = await self.app.push_screen_wait(BreakpointsDialog(client, self.runnable, self.breakpoints))
        if chosen is None or chosen == self.breakpoints or conversation is not self.conversation:
            return
        self.breakpoints = self._unkept = chosen
        self.pane.show_breakpoints(chosen)
        await self._keep(client, conversation)

    async def _keep(self, client: "Client", conversation: "Conversation") -> None:
        """With the thread, once it has an id."""
        if self._unkept is None or conversation.thread_id is None:
            return
        keeping, self._unkept = self._unkept, None
        try:
            await keep_breakpoints(client, conversation.thread_id, keeping)
        except PlaygroundError as error:
            self._unkept = keeping
            self.problem(f"The breakpoints are set, but could not be kept: {error.sentence}")

    # Going on

    def action_continue(self) -> None:
        """To the next breakpoint, or the end."""
        self._go_on()

    def action_step(self) -> None:
        """By one step."""
        self._stepping = True
        self._go_on()
        self._stepping = False

    def _go_on(self) -> None:
        client, shown = self.client, self.pane.conversation
        if client is None or shown is None or not self._can_go_on:
            return
        if self.runnable is None:
            self.problem("Nothing to go on with: v chooses an assistant.")
        elif self.here is not None:
            self.begin_from(self.here, options=self.run_options)  # now: it begins when the step is forgotten
        elif shown.interrupts:
            self._run(shown.answer(client, {}, options=self.run_options), shown)
        else:
            self._run(shown.rerun(client, options=self.run_options), shown)

    @property
    def _can_go_on(self) -> bool:
        """At a breakpoint, or where a run was stopped half-way: not where an answer is wanted."""
        shown = self.pane.conversation
        if shown is None or shown.active or (self.conversation is not None and self.conversation.active):
            return False
        if shown.interrupts:
            return all(interrupt is None for interrupt in shown.interrupts)
        return shown.status == "stopped"

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where there is something to go on with."""
        match action:
            case "breakpoints":
                return self.conversation is not None and self.runnable is not None
            case "continue" | "step":
                return self._can_go_on
        return super().check_action(action, parameters)

    # Who asks

    def run_ended(self) -> None:
        """It may ask now; a new thread can keep its breakpoints."""
        super().run_ended()
        if self.client is not None and self.conversation is not None and self._unkept is not None:
            self.run_worker(self._keep(self.client, self.conversation), group="breakpoints", exit_on_error=False)
        self._look_who_asks()

    def place_changed(self) -> None:
        """Another place may ask something else."""
        super().place_changed()
        self._look_who_asks()

    def _look_who_asks(self) -> None:
        if self.pane.card.asking:
            self.run_worker(self._name_askers(), group="askers", exclusive=True, exit_on_error=False)

    async def _name_askers(self) -> None:
        client, thread_id, here = self.client, self.thread_id, self.here
        if client is None or thread_id is None:
            return
        try:
            state = await client.threads.state(thread_id, here, subgraphs=True)
        except PlaygroundError:
            return  # the question is there all the same
        if thread_id == self.thread_id and here == self.here:
            self.pane.card.show_askers(askers(state), state.next)
