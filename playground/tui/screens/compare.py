"""Compare: two to four refs answer the same input, each on a thread of its own."""

import asyncio
from collections.abc import Sequence
from typing import Any, ClassVar, Final

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Center, Horizontal
from textual.content import Content
from textual.widgets import Static, TextArea

from playground.client.errors import PlaygroundError, RefError
from playground.client.inputs import input_schema, takes_messages
from playground.client.values import Runnable
from playground.tui.compare.comparison import LETTERS, MOST, Comparison
from playground.tui.compare.side import Side
from playground.tui.screens.compare_inputs import InputCompareScreen
from playground.tui.screens.compare_samples import SampleCompareScreen
from playground.tui.screens.compare_streams import StreamCompareScreen
from playground.tui.text import MUTED, join, one_line, safe
from playground.tui.unsent import Unsent
from playground.tui.widgets.compare_input import CompareInput
from playground.tui.widgets.last_comparison import LastComparison
from playground.tui.widgets.pane_tabs import PaneTabs
from playground.tui.widgets.run_input import RunInput
from playground.tui.widgets.run_pane import RunPane

_EMPTY: Final = (
    "Nothing to compare yet.\n\n"
    "In Browse (1) mark two to four versions or assistants with Space, then press c.\n"
    "Or press a to add a pane here."
)


class CompareScreen(InputCompareScreen, SampleCompareScreen, StreamCompareScreen):
    """Panes side by side, tabs on a narrow screen, and one line of input for all of them."""

    MODE = "compare"
    CSS_PATH = "compare.tcss"
    AUTO_FOCUS = ""
    HELP = (
        "Two to four refs answer the same input, each on its own thread. The title of a pane names the version and the "
        "context that ran, as the server tells it. `ttft` is the time to the first token, `queue` the wait before it."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "stop", "Stop", id="compare.stop", priority=True, tooltip="Stop the run in this pane"),
        Binding("X", "stop_all", "Stop all", id="compare.stop_all", tooltip="Stop every run"),
        Binding("d", "diff", "Diff", id="compare.diff", tooltip="What differs: configuration, output, path"),
        Binding(
            "enter,t", "open_thread", "Open thread", id="compare.thread", tooltip="Open this pane's thread in Threads"
        ),
        Binding("a", "add", "Add pane", id="compare.add", tooltip="Add a ref to the comparison"),
        Binding("delete,backspace", "remove", "Remove", id="compare.remove", show=False, tooltip="Take this pane away"),
        Binding("e", "edit", "Edit", id="compare.edit", show=False, tooltip="Edit this pane's assistant"),
        Binding("n", "new", "New threads", id="compare.new", tooltip="Start over, on new threads"),
        Binding("z", "zoom", "Zoom", id="compare.zoom", tooltip="This pane on the whole screen, and back"),
        Binding("i", "focus_input", "Input", id="compare.input", tooltip="To the input"),
        Binding(
            "escape", "back", "Back", id="compare.back", show=False, tooltip="Unzoom, or from the input to the pane"
        ),
        Binding("right,l", "pane(1)", "Next pane", id="compare.next", show=False, tooltip="To the right"),
        Binding("left,h", "pane(-1)", "Previous pane", id="compare.previous", show=False, tooltip="To the left"),
        Binding("y", "copy", "Copy", id="compare.copy", show=False, tooltip="Copy this pane's last answer"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._wanted: list[str] = []
        self._current: RunPane | None = None
        self._turns = 0
        self._unsent = Unsent(self)

    def compose_body(self) -> ComposeResult:
        """The refs, the panes, the input."""
        yield Static(id="summary")
        yield PaneTabs((), "")
        yield Horizontal(id="panes")
        yield Static(safe(_EMPTY), id="empty")
        with Center(id="last"):
            yield LastComparison()
        yield Static(id="problem")
        yield Static(id="unsaved")
        yield CompareInput()

    def on_mount(self) -> None:
        """Nothing is compared yet."""
        self._show_summary()

    def on_connected(self) -> None:
        """What was asked for before there was a server."""
        super().on_connected()
        self.refresh_bindings()
        if self._wanted and not self.comparison.sides:  # a server that is back changes nothing of what is there
            self._open(self._wanted)

    # What is compared

    @property
    def panes(self) -> list[RunPane]:
        """From left to right."""
        box = self.query_one_optional("#panes")  # by its id, which is known: this is asked for with every key
        return [pane for pane in box.children if isinstance(pane, RunPane)] if box is not None else []

    @property
    def pane(self) -> RunPane | None:
        """The pane that has, or had last, the focus."""
        panes = self.panes
        return self._current if self._current in panes else (panes[0] if panes else None)

    def show_refs(self, refs: list[str]) -> None:
        """Compare these, at most four. The same refs again: the comparison goes on."""
        refs = refs[:MOST]
        if self.panes and refs == self._wanted:
            self._focus_input()
            return
        self._wanted = refs
        if self.client is not None:
            self._open(refs)
        else:
            self.query_one("#empty", Static).update(safe("Waiting for the server…"))

    @work(group="open", exclusive=True, exit_on_error=False)
    async def _open(self, refs: list[str]) -> None:
        runnables = await self._resolve(refs)
        if runnables is None:
            self._wanted = []
            self.query_one("#empty", Static).update(safe(_EMPTY))
            return
        await self.show_sides(Comparison([Side(runnable, self.clock) for runnable in runnables]))
        self.comparison_changed()

    async def _resolve(self, refs: Sequence[str]) -> list[Runnable] | None:
        if self.client is None:
            return None
        try:
            return list(await asyncio.gather(*(self.client.resolve(ref) for ref in refs)))
        except RefError as error:
            meant = f" Candidates: {', '.join(error.candidates)}." if error.candidates else ""
            self._problem(f"{error.sentence}{meant}")
        except PlaygroundError as error:
            self._problem(error.sentence)
            self.playground.report(error)
        return None

    async def _add(self, runnables: Sequence[Runnable]) -> None:
        sides = [Side(runnable, self.clock) for runnable in runnables]
        self.comparison.add(sides)
        await self._mount_panes(sides)
        self.comparison_changed()

    async def show_sides(self, comparison: Comparison) -> None:
        """These panes in place of those that are there."""
        await self.query_one("#panes").remove_children()
        self.comparison = comparison
        self._wanted = comparison.refs
        self._turns = max((len(side.conversation.transcript.turns) for side in comparison.sides), default=0)
        await self._mount_panes(comparison.sides)

    def show_name(self) -> None:
        """The comparison has another name."""
        self._show_summary()

    def problem(self, sentence: str) -> None:
        """Say what went wrong, "" if it is over."""
        self._problem(sentence)

    async def _mount_panes(self, sides: Sequence[Side]) -> None:
        panes = [RunPane(side) for side in sides]
        await self.query_one("#panes").mount(*panes)
        for pane in panes:
            pane.show()
        self._problem("")
        await self._panes_changed()
        await self._read_schema()  # first: it says how to read what is typed
        self._focus_input()
        await self._unsent.restore(self.query_one(RunInput), f"compare/{' '.join(self._wanted)}")

    async def _panes_changed(self) -> None:
        panes = self.panes
        for letter, pane in zip(LETTERS, panes, strict=False):
            pane.set_letter(letter)
            pane.set_base(panes[0] if pane is not panes[0] else None)
        self.set_class(bool(panes), "-filled")
        tabs = PaneTabs(
            [(str(index), f"{LETTERS[index]} {pane.runnable.title}") for index, pane in enumerate(panes)], "0"
        )
        old = self.query_one(PaneTabs)
        await self.mount(tabs, after=old)
        await old.remove()
        self._show_current()
        self._show_summary()

    async def _read_schema(self) -> None:
        """How the input looks: a message if every graph is a chat, else JSON."""
        client = self.client
        if client is None:
            return
        assistants = [pane.runnable.assistant_id for pane in self.panes]
        try:
            schemas = await asyncio.gather(*(client.graphs.schemas(assistant) for assistant in assistants))
        except PlaygroundError:
            return  # a graph that doesn't load says so when it runs
        inputs = [input_schema(schema) for schema in schemas]
        typed = next((index for index, schema in enumerate(inputs) if not takes_messages(schema)), None)
        name = "This graph" if typed is None else self.panes[typed].runnable.title
        line = self.query_one(CompareInput)
        line.show_schema(inputs[typed or 0] if inputs else None, name)
        line.show_history(pane.runnable.graph_id for pane in self.panes)

    # Running

    @on(TextArea.Changed, "#input")
    def _typed(self) -> None:
        self._unsent.note(self.query_one(RunInput).text)

    @on(CompareInput.Problem)
    def _refused(self, event: CompareInput.Problem) -> None:
        self._problem(event.sentence)

    @on(CompareInput.Sent)
    def _sent(self, event: CompareInput.Sent) -> None:
        if self.client is None:
            self._problem("There is no server yet: the input stays here until there is one.")
            return
        busy = [pane for pane in self.panes if pane.conversation.active]
        if busy:
            self._problem("Some panes still run: wait for them, or stop them with X.")
            return
        event.compare_input.accept(event.text)
        self._problem("")
        self._turns += 1
        for pane in self.panes:
            self._run(pane, event.input)
        self._show_summary()

    def _run(self, pane: RunPane, given: Any) -> None:
        if self.client is not None:
            self.run_worker(pane.conversation.send(self.client, given), group="runs", exit_on_error=False)

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

    # Panes

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_add(self) -> None:
        """Choose a ref, and compare it, too."""
        if self.client is None:
            return
        from playground.tui.screens.pick_ref import PickRef

        ref = await self.app.push_screen_wait(PickRef(self.client, "Compare with"))
        runnables = await self._resolve([ref]) if ref else None
        if runnables:
            self._wanted = [*self._wanted, ref or ""]
            await self._add(runnables)

    @work(group="dialog", exit_on_error=False)
    async def action_remove(self) -> None:
        """Take the pane away; its thread stays."""
        pane = self.pane
        if pane is None:
            return
        index = self.panes.index(pane)
        self._wanted = [ref for position, ref in enumerate(self._wanted) if position != index]
        self.comparison.remove(pane.side)
        await pane.remove()
        await self._panes_changed()
        self.comparison_changed()
        if self.pane is not None:
            self.pane.view.focus()

    def action_new(self) -> None:
        """The same refs on new threads."""
        for pane in self.panes:
            pane.side.restart()
            pane.show()
        self._turns = 0
        self.comparison_changed()
        self._show_summary()
        self._focus_input()

    def action_diff(self) -> None:
        """What differs between the first pane and this one."""
        panes = self.panes
        from playground.tui.screens.compare_diff import CompareDiff

        index = max(1, panes.index(self.pane)) if self.pane else 1
        self.app.push_screen(CompareDiff([pane.side for pane in panes], (0, index)))

    def action_open_thread(self) -> None:
        """The pane's thread on the Threads screen."""
        pane = self.pane
        if pane is not None:
            self.playground.chat(pane.runnable.ref, pane.conversation.thread_id)

    def action_edit(self) -> None:
        """Edit what the pane runs."""
        if self.pane is not None:
            runnable = self.pane.runnable
            self.playground.edit(runnable.assistant_id, None if runnable.draft else runnable.version)

    def action_copy(self) -> None:
        """Copy the pane's last answer."""
        if self.pane is not None and (answer := self.pane.conversation.transcript.answer):
            self.app.copy_to_clipboard(answer)
            self.notify("Copied the answer.", markup=False, timeout=3)

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

    def action_focus_input(self) -> None:
        """Type."""
        self._focus_input()

    def action_back(self) -> None:
        """Out of the zoom, or out of the input."""
        if self.maximized is not None:
            self.minimize()
        elif self.pane is not None:
            self.pane.view.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The footer shows what works now: most keys need a pane, some a run in it."""
        panes, pane = self.panes, self.pane
        match action:
            case "stop":
                return pane is not None and (pane.conversation.active or self.samples.is_active(pane.side))
            case "stop_all":
                return any(pane.conversation.active for pane in panes) or self.samples.active
            case "new":
                return self._turns > 0 and not any(pane.conversation.active for pane in panes)
            case "open_thread" | "copy":
                return pane is not None and pane.conversation.turn is not None
            case "add":
                return self.client is not None and len(panes) < MOST
            case "diff" | "pane":
                return len(panes) > 1
            case "remove" | "edit" | "zoom" | "focus_input" | "back":
                return bool(panes)
        return super().check_action(action, parameters)

    def _focus_input(self) -> None:
        if self.panes:
            self.query_one(RunInput).focus()

    @on(events.DescendantFocus)
    def _focus_moved(self, event: events.DescendantFocus) -> None:
        pane = next((node for node in event.widget.ancestors_with_self if isinstance(node, RunPane)), None)
        if pane is not None and pane is not self._current:
            self._current = pane
            self._show_current()

    @on(PaneTabs.Picked)
    def _picked(self, event: PaneTabs.Picked) -> None:
        self._current = self.panes[int(event.pane)]
        self._show_current()
        self._current.view.focus()

    # What it says

    def _show_current(self) -> None:
        """On a narrow screen only this pane is shown."""
        current = self.pane
        for index, pane in enumerate(self.panes):
            pane.set_class(pane is current, "-current")
            if pane is current:
                self.query_one(PaneTabs).show_current(str(index))
        self.refresh_bindings()

    def _show_summary(self) -> None:
        names = Content(" | ").join([safe(one_line(pane.runnable.title, 40)) for pane in self.panes])
        turn = safe(f"   turn {self._turns}" if self._turns else "", MUTED)
        name = safe(f"{one_line(self.comparison.name, 40)}  ", "bold") if self.comparison.name else ""
        self.query_one("#summary", Static).update(join(name, names, turn, self.samples_content))

    def _problem(self, sentence: str) -> None:
        problem = self.query_one("#problem", Static)
        problem.update(safe(f"✘ {sentence}" if sentence else ""))
        problem.display = bool(sentence)
