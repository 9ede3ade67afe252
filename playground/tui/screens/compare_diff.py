"""What differs between two panes of a comparison: what they were, what they said, and the way they went."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static
from textual.worker import Worker

from playground.client.errors import PlaygroundError
from playground.client.secret_values import without_secrets
from playground.tui.compare.comparison import LETTERS
from playground.tui.compare.difference_lines import Drawn, Shown, configuration, draw, output, path
from playground.tui.compare.differences import UNKNOWN, Difference, SideView, compare, side_view
from playground.tui.compare.side import Side
from playground.tui.text import MUTED, clickable, join, one_line, safe
from playground.tui.widgets.difference_view import DifferenceView
from playground.tui.widgets.keybar import KeyBar
from playground.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from playground.tui.app import PlaygroundApp

TABS: Final = {"configuration": "Configuration", "output": "Output", "path": "Path"}
_MAKE: Final = {"configuration": configuration, "output": output, "path": path}
_LOOK: Final = 0.5  # seconds between two looks at what runs
_PATIENCE: Final = 0.2  # seconds after which a comparison that isn't ready says that it works
_COPY_WIDTH: Final = 100


class CompareDiff(ModalScreen[None]):
    """Two panes, the left one held against the right one, in three tabs."""

    DEFAULT_CSS = """
    CompareDiff {
        background: $background;
        #difference-tabs { height: 1; padding: 0 2; }
        #difference-sides { height: 1; padding: 0 2; }
        #difference-sides SidePicker { width: 1fr; }
        #difference-note { height: auto; padding: 0 2; color: $text-warning; }
        Pane { height: 1fr; }
    }
    """
    HELP = (
        "Two panes, the left one held against the right one: `+` is only right, `-` only left, `~` differs, "
        "`=` is equal; words that differ are underlined. Per cent are of the characters of both."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "jump(1)", "Next difference", id="compare_diff.next", tooltip="To the next difference"),
        Binding("N", "jump(-1)", "Previous", id="compare_diff.previous", show=False, tooltip="To the one before"),
        Binding("right,tab", "tab(1)", "Next tab", id="compare_diff.tab", tooltip="Configuration, output, path"),
        Binding(
            "left,shift+tab",
            "tab(-1)",
            "Previous tab",
            id="compare_diff.tab_back",
            show=False,
            tooltip="The tab before",
        ),
        Binding("l", "side('left')", "Left pane", id="compare_diff.left", tooltip="Another pane on the left"),
        Binding("r", "side('right')", "Right pane", id="compare_diff.right", tooltip="Another pane on the right"),
        Binding("s", "swap", "Swap", id="compare_diff.swap", tooltip="Read it the other way round"),
        Binding("o", "everything", "All lines", id="compare_diff.all", tooltip="Equal lines, too, or not"),
        Binding("y", "copy", "Copy", id="compare_diff.copy", tooltip="Copy the differences as text"),
        Binding("escape,d,q", "dismiss", "Back", id="compare_diff.back", tooltip="Back to the comparison"),
        Binding("question_mark", "app.help", "Help", id="app.help", tooltip="What this screen is for, and its keys"),
    ]

    def __init__(self, sides: Sequence[Side], pair: tuple[int, int]) -> None:
        super().__init__()
        self.tab = "configuration"
        self.pair = pair
        self._sides = sides
        self._everything = False
        self._schemas: dict[str, Mapping[str, Any] | None] = {}
        self._shown: dict[str, Shown] = {}
        self._drawn = Drawn()
        self._seen: object = None

    def compose(self) -> ComposeResult:
        """The tabs, what is held against what, the differences."""
        yield DiffTabs(id="difference-tabs")
        with Horizontal(id="difference-sides"):
            yield SidePicker("left")
            yield SidePicker("right")
        with Pane():
            yield DifferenceView(id="differences")
        yield KeyBar()

    def on_mount(self) -> None:
        """Compare at once, and again while something runs."""
        self.tab = "output" if any(side.conversation.turn for side in self._sides) else "configuration"
        self._show_heads()
        self._view.focus()
        self.set_interval(_LOOK, self._look)
        self._compare()

    # What is compared

    @property
    def _view(self) -> DifferenceView:
        return self.query_one(DifferenceView)

    @work(group="compare", exclusive=True, exit_on_error=False)
    async def _compare(self, from_top: bool = True) -> None:
        """Off the loop: two outputs of 200 kB take some tenths of a second."""
        self._seen = self._state
        waits = self.set_timer(_PATIENCE, self._show_wait)
        try:
            schemas = [await self._schema(self._sides[at]) for at in self.pair]
            left, right = (
                side_view(self._sides[at], LETTERS[at], schema) for at, schema in zip(self.pair, schemas, strict=True)
            )
            self._shown = await asyncio.to_thread(self.differences, left, right)
        finally:
            waits.stop()
        self._draw(from_top)

    def differences(self, left: SideView, right: SideView) -> dict[str, Shown]:
        """What each tab shows. Called beside the loop."""
        return differences_of(compare(left, right))

    async def _schema(self, side: Side) -> Mapping[str, Any] | None:
        """Of the graph's context, which says what in it is secret."""
        client, graph_id = cast("PlaygroundApp", self.app).client, side.runnable.graph_id
        if graph_id not in self._schemas:
            if client is None:
                return UNKNOWN
            try:
                self._schemas[graph_id] = (await client.graphs.schemas(side.runnable.assistant_id)).context
            except PlaygroundError:  # it is told, over the values that aren't shown
                return UNKNOWN
        return self._schemas[graph_id]

    @work(group="draw", exclusive=True, exit_on_error=False)
    async def _draw(self, from_top: bool = False) -> None:
        shown, width = self._shown.get(self.tab), self._view.room
        if shown is None or width < 1:
            return
        self._drawn = await asyncio.to_thread(draw, shown, width, everything=self._everything)
        self._view.show(self._drawn, shown.differences, from_top=from_top)
        self._show_heads()
        self.refresh_bindings()

    @property
    def _state(self) -> object:
        """Changes when a side goes on."""
        found = []
        for at in self.pair:
            transcript = self._sides[at].conversation.transcript
            last = transcript.blocks[-1] if transcript.blocks else None
            found.append(
                (
                    len(transcript.blocks),
                    [turn.status for turn in transcript.turns],
                    len(getattr(last, "pieces", ())),
                    self._sides[at].conversation.ran,
                )
            )
        return found

    def _look(self) -> None:
        comparing = any(worker.group == "compare" and not worker.is_finished for worker in self.workers)
        if self._state != self._seen and not comparing:  # else a long one would be begun anew, and never be over
            self._compare(from_top=False)

    @on(Worker.StateChanged)
    def _report(self, event: Worker.StateChanged) -> None:
        cast("PlaygroundApp", self.app).report_failed_worker(event)

    # Keys

    def action_jump(self, by: int) -> None:
        """To another difference, round and round."""
        self._view.jump(by)

    def action_tab(self, by: int) -> None:
        """Another tab."""
        tabs = list(TABS)
        self.show_tab(tabs[(tabs.index(self.tab) + by) % len(tabs)])

    def show_tab(self, tab: str) -> None:
        """This tab, from its top."""
        self.tab = tab
        self._show_heads()
        self._draw(from_top=True)

    def action_side(self, which: str) -> None:
        """The next pane on that side, round and round; never one against itself."""
        at = 0 if which == "left" else 1
        others = [index for index in range(len(self._sides)) if index != self.pair[1 - at]]
        self.pick(which, others[(others.index(self.pair[at]) + 1) % len(others)])

    def pick(self, which: str, index: int) -> None:
        """This pane on that side; the one that is on the other side changes places with it."""
        left, right = self.pair
        if which == "left":
            self.pair = (index, left if index == right else right)
        else:
            self.pair = (right if index == left else left, index)
        self._show_heads()
        self._compare()

    def action_swap(self) -> None:
        """The other way round."""
        self.pair = (self.pair[1], self.pair[0])
        self._show_heads()
        self._compare()

    def action_everything(self) -> None:
        """Equal lines far from any difference, or not."""
        self._everything = not self._everything
        self._draw()

    @work(group="copy", exclusive=True, exit_on_error=False)
    async def action_copy(self) -> None:
        """Copy this tab's differences as text, without anything that looks like a key."""
        shown = self._shown.get(self.tab)
        if shown is None:
            return
        head = f"{TABS[self.tab]}: {' → '.join(self.title_of(at) for at in self.pair)}"
        text = await asyncio.to_thread(_as_text, head, shown)
        self.app.copy_to_clipboard(text)
        self.notify("Copied the differences.", markup=False, timeout=3)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Other panes, if there are any; all lines, if some are left out."""
        if action == "side":
            return len(self._sides) > 2
        if action == "jump":
            return self.is_mounted and self._view.differences > 0
        return self._everything or self._drawn.folded if action == "everything" else True

    @on(DifferenceView.Resized)
    def _resized(self) -> None:
        self._draw()

    # What it says

    @on(DifferenceView.Moved)
    def _moved(self) -> None:
        many = self._view.differences
        self.query_one(Pane).border_subtitle = safe(
            f"difference {self._view.cursor + 1} of {many}" if many else "", MUTED
        )

    def _show_wait(self) -> None:
        self._view.show(Drawn([safe("Comparing…", MUTED)], [None]), 0, from_top=True)

    def _show_heads(self) -> None:
        self.query_one(DiffTabs).show(self.tab, {tab: shown.summary for tab, shown in self._shown.items()})
        for picker, at in zip(self.query(SidePicker), self.pair, strict=True):
            picker.show([self.title_of(index) for index in range(len(self._sides))], at)
        self.query_one(Pane).border_title = safe(TABS[self.tab])

    def title_of(self, index: int) -> str:
        """The letter of a side, and what it ran."""
        side = self._sides[index]
        ran = side.conversation.ran
        return f"{LETTERS[index]} {ran.title if ran else side.runnable.title}"


class DiffTabs(Static):
    """`Configuration ~2   Output 62 %   Path =`."""

    ALLOW_SELECT = False
    auto_links = False

    def show(self, current: str, summaries: Mapping[str, str]) -> None:
        """Mark this tab; what each has is said beside it."""
        tabs = []
        for tab, title in TABS.items():
            name = safe(title, "bold underline $text-accent" if tab == current else MUTED)
            fact = safe(f" {summaries.get(tab, '')}".rstrip(), MUTED)
            tabs.append(clickable(join(name, fact), f"pick('{tab}')"))
        self.update(Content("    ").join(tabs), layout=False)

    def action_pick(self, tab: str) -> None:
        """A click on it."""
        cast(CompareDiff, self.screen).show_tab(tab)


class SidePicker(Static):
    """Which pane stands on a side: its name, and the letters of the others."""

    ALLOW_SELECT = False
    auto_links = False

    def __init__(self, which: str) -> None:
        super().__init__()
        self._which = which

    def show(self, names: Sequence[str], current: int) -> None:
        """Mark this one."""
        parts = [
            safe("- " if self._which == "left" else "+ ", "$text-error" if self._which == "left" else "$text-success")
        ]
        for index, name in enumerate(names):
            shown = safe(one_line(name, 40), "bold") if index == current else safe(name[:1], f"{MUTED} underline")
            parts += [clickable(shown, f"pick({index})"), Content("  ")]
        self.update(join(*parts), layout=False)

    def action_pick(self, index: int) -> None:
        """A click on it."""
        cast(CompareDiff, self.screen).pick(self._which, index)


def differences_of(found: Difference) -> dict[str, Shown]:
    """What each tab shows of them."""
    return {tab: make(found) for tab, make in _MAKE.items()}


def _as_text(head: str, shown: Shown) -> str:
    lines = "\n".join(line.plain.rstrip() for line in draw(shown, _COPY_WIDTH).lines)
    text, _ = without_secrets(f"{head}\n\n{lines}\n")
    return str(text)
