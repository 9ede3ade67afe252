"""Compare: two to four refs answer the same input, each on a thread of its own."""

import asyncio
from collections.abc import Sequence
from typing import ClassVar, Final

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Center, Horizontal
from textual.widgets import Static, TextArea

from playground.client.input_file import InputFile
from playground.client.inputs import input_schema, takes_messages
from playground.client.values import Schemas
from playground.tui.compare.answering import hears
from playground.tui.compare.comparison import LETTERS, MOST, Comparison
from playground.tui.compare.running import chosen, target_text, unlike
from playground.tui.compare.side import Side
from playground.tui.compare.standing import MARKS, standing_content
from playground.tui.screens.compare_inputs import InputCompareScreen
from playground.tui.screens.compare_runs import RunCompareScreen
from playground.tui.screens.compare_streams import StreamCompareScreen
from playground.tui.screens.compare_taking import TakingCompareScreen
from playground.tui.text import MUTED, join, one_line, safe
from playground.tui.titles import titles_within
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


class CompareScreen(InputCompareScreen, RunCompareScreen, TakingCompareScreen, StreamCompareScreen):
    """Panes side by side, tabs on a narrow screen, and one line of input for all of them."""

    MODE = "compare"
    CSS_PATH = "compare.tcss"
    AUTO_FOCUS = ""
    HELP = (
        "Two to four refs answer the same input, each on its own thread. The title of a pane names the version and the "
        "context that ran, as the server tells it. `ttft` is the time to the first token, `queue` the wait before it."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter,t", "open_thread", "Open thread", id="compare.thread", tooltip="Open this pane's thread in Threads"
        ),
        Binding("i", "focus_input", "Input", id="compare.input", tooltip="To the input"),
        Binding(
            "escape", "back", "Back", id="compare.back", show=False, tooltip="Unzoom, or from the input to the pane"
        ),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._wanted: list[str] = []
        self._file: InputFile | None = None
        self._current: RunPane | None = None
        self._shown_target: list[str] | None = None  # the ids of the sides
        self._unsent = Unsent(self)
        self._typed_in = ""  # the id of the comparison that the line's text is for

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

    def where(self, thread_id: str) -> str:
        """The pane that shows the thread."""
        shown = (letter for letter, pane in zip(LETTERS, self.panes, strict=False) if _shows(pane, thread_id))
        return next((f"Compare {letter}" for letter in shown), "")

    def show_where(self, thread_id: str) -> None:
        """To the pane that shows the thread."""
        pane = next((pane for pane in self.panes if _shows(pane, thread_id)), None)
        if pane is not None:
            pane.view.focus()

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

    def show_refs(self, refs: list[str], inputs: InputFile | None = None) -> None:
        """Compare these, at most four, on the inputs of a file. The same refs again: the comparison goes on."""
        refs = refs[:MOST]
        self._file = inputs
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
        runnables = await self.resolve(refs)
        if runnables is None:
            self._wanted = []
            self.query_one("#empty", Static).update(safe(_EMPTY))
            return
        await self.show_sides(Comparison([Side(runnable, self.clock) for runnable in runnables]))
        self.comparison_changed()
        if self._file is not None:
            self.show_inputs(self._file)

    async def show_sides(self, comparison: Comparison) -> None:
        """These panes in place of those that are there."""
        await self.query_one("#panes").remove_children()
        self.comparison = comparison
        self._wanted = comparison.refs
        await self.mount_panes(comparison.sides)

    def on_resize(self) -> None:
        """The refs have another room."""
        self._show_summary()

    def show_name(self) -> None:
        """The comparison has another name."""
        self._show_summary()

    def problem(self, sentence: str) -> None:
        """Say what went wrong, "" if it is over."""
        self._problem(sentence)

    async def mount_panes(self, sides: Sequence[Side]) -> None:
        """Panes for sides that the comparison has already, at the right."""
        panes = [RunPane(side) for side in sides]
        await self.query_one("#panes").mount(*panes)
        for pane in panes:
            pane.show()
        self._problem("")
        await self.panes_changed()
        self._focus_input()

    async def panes_changed(self) -> None:
        """There are other panes, or the same in another order."""
        panes = self.panes
        self._wanted = self.comparison.refs
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
        await self._read_schemas()  # it says how to read what is typed
        await self._show_typed()

    async def _show_typed(self) -> None:
        """What was typed for these panes; what is typed stays while they are of the same comparison."""
        line, place = self.query_one(RunInput), f"compare/{' '.join(self._wanted)}"
        before, self._typed_in = self._typed_in, self.comparison.comparison_id
        if line.text and before == self._typed_in:
            self._unsent.move(line, place)
        else:
            await self._unsent.restore(line, place)

    async def on_unmount(self) -> None:
        """The app ends."""
        await self._unsent.flush()

    async def _read_schemas(self) -> None:
        """What the panes' graphs take, and at once whether that is the same."""
        client = self.client
        if client is None:
            return
        assistants = list({side.runnable.assistant_id for side in self.comparison.sides})
        found = await asyncio.gather(*(client.graphs.schemas_if_any(one) for one in assistants), return_exceptions=True)
        # A graph that doesn't load says so when it runs.
        self.schemas = {
            one: input_schema(got) for one, got in zip(assistants, found, strict=True) if isinstance(got, Schemas)
        }
        self._shown_target = None
        self._show_target()
        if sentence := unlike(chosen(self.comparison.sides, None), self.schemas):
            self._problem(sentence)

    def _show_target(self) -> None:
        """To whom the input goes, and how it looks: a message if every graph there is a chat, else JSON."""
        sides = self.comparison.sides
        current = self.pane.side if self.pane else None
        some = chosen(sides, current)
        if not some or [side.side_id for side in some] == self._shown_target:
            return
        self._shown_target = [side.side_id for side in some]
        schemas = [self.schemas.get(side.runnable.assistant_id) for side in some]
        typed = next((index for index, schema in enumerate(schemas) if not takes_messages(schema)), None)
        line = self.query_one(CompareInput)
        line.show_target(target_text(sides, current))
        line.show_schema(schemas[typed or 0], "This graph" if typed is None else some[typed].runnable.title)
        line.show_history(side.runnable.graph_id for side in some)

    @on(TextArea.Changed, "#input")
    def _typed(self) -> None:
        self._unsent.note(self.query_one(RunInput).text)

    # Panes

    def action_open_thread(self) -> None:
        """The pane's thread on the Threads screen."""
        pane = self.pane
        if pane is not None:
            self.playground.chat(pane.runnable.ref, pane.conversation.thread_id)

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
            case "open_thread":
                return pane is not None and pane.conversation.turn is not None
            case "focus_input" | "back":
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
        self._show_target()
        self.refresh_bindings()

    def show_turns(self) -> None:
        """There are other turns, or what is typed goes elsewhere."""
        self._show_target()
        self._show_summary()
        self.refresh_bindings()

    def _show_summary(self) -> None:
        sides = self.comparison.sides
        turns = max((len(side.conversation.transcript.turns) for side in sides), default=0)
        alone = [side for side in sides if not side.linked]
        linked = f"   {hears(sides, alone)} alone" if alone else "   threads linked" if len(sides) > 1 else ""
        turn = join(safe(linked, "$text-warning" if alone else MUTED), safe(f"   turn {turns}" if turns else "", MUTED))
        name = safe(f"{one_line(self.comparison.name, 40)}  " if self.comparison.name else "", "bold")
        statuses = [pane.own_status for pane in self.panes]
        stands = standing_content(statuses, [pane.metrics(turns - 1) for pane in self.panes])
        stands = join(turn, stands, self.samples_content)
        room = self.size.width - 2 - name.cell_length - stands.cell_length - 3 * (len(sides) - 1)
        names = " | ".join(titles_within([side.runnable.title for side in sides], room))
        self.query_one("#summary", Static).update(join(name, names, stands))
        self.query_one(PaneTabs).show_marks([MARKS.get(status, ("", "")) for status in statuses])

    def _problem(self, sentence: str) -> None:
        problem = self.query_one("#problem", Static)
        problem.update(safe(f"✘ {sentence}" if sentence else ""))
        problem.display = bool(sentence)


def _shows(pane: RunPane, thread_id: str) -> bool:
    return bool(thread_id) and pane.conversation.thread_id == thread_id
