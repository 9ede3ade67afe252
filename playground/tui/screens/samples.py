"""The samples of a comparison, side by side: what each pane said how often, with which tools, in what time."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static

from playground.client.errors import PlaygroundError
from playground.compare.samples import summary
from playground.tui.compare.comparison import LETTERS
from playground.tui.compare.sampling import Samples
from playground.tui.compare.side import Side
from playground.tui.text import clickable, join, one_line, safe, short_hash
from playground.tui.widgets.keybar import KeyBar
from playground.tui.widgets.pane_tabs import PaneTabs
from playground.tui.widgets.samples_pane import SamplesPane, figure_rows

if TYPE_CHECKING:
    from playground.tui.app import PlaygroundApp

_WAITS = "Waiting for the first one to end…"
_NONE = "No samples of this pane."


class SamplesScreen(ModalScreen[None]):
    """Fills while samples are taken; leaving it stops none of them."""

    DEFAULT_CSS = """
    SamplesScreen {
        background: $background;
        #about { height: 1; padding: 0 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }
        #panes { height: 1fr; }
        &.-narrow SamplesPane { display: none; }
        &.-narrow SamplesPane.-current { display: block; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,S,q", "dismiss", "Back", id="samples.back", tooltip="Back to the comparison; samples go on"),
        Binding("e", "equal", "Exact or loose", id="samples.equal", tooltip="What counts as the same answer"),
        Binding("ctrl+c", "stop", "Stop", id="samples.stop", priority=True, tooltip="Take no more of this pane"),
        Binding("X", "stop_all", "Stop all", id="samples.stop_all", tooltip="Take no more of any pane"),
        Binding("r", "again", "Again", id="samples.again", tooltip="Take samples once more"),
        Binding("right,l", "pane(1)", "Next pane", id="samples.next", show=False, tooltip="To the right"),
        Binding("left,h", "pane(-1)", "Previous pane", id="samples.previous", show=False, tooltip="To the left"),
    ]

    def __init__(self, samples: Samples) -> None:
        super().__init__()
        self._samples = samples
        self._loose = False
        self._current: SamplesPane | None = None
        self._elsewhere: Callable[[Side | None], None] = lambda side: None

    @property
    def panes(self) -> list[SamplesPane]:
        """From left to right."""
        return list(self.query(SamplesPane))

    def compose(self) -> ComposeResult:
        """What was sampled, and a pane a side."""
        sides = self._samples.comparison.sides
        yield Static(id="about")
        yield PaneTabs([(s.side_id, f"{LETTERS[i]} {s.runnable.title}") for i, s in enumerate(sides)])
        with Horizontal(id="panes"):
            for side in sides:
                yield SamplesPane(side.side_id)
        yield KeyBar()

    def on_mount(self) -> None:
        """What there is, and from now on what comes."""
        self._elsewhere, self._samples.listener = self._samples.listener, self._went_on
        self.panes[0].answers.focus()
        self.show_all()

    def on_unmount(self) -> None:
        """The comparison hears of them again."""
        self._samples.listener = self._elsewhere
        self._elsewhere(None)

    def on_resize(self) -> None:
        """Answers have as many lines as fit."""
        self.call_after_refresh(self.show_all)

    def _went_on(self, side: Side | None) -> None:
        if self.is_attached:
            self.show_all()

    def show_all(self) -> None:
        """Everything anew: the figures of one pane say how it differs from the others."""
        samples, sides = self._samples, self._samples.comparison.sides
        facts = [summary(samples.of(side)) for side in sides]
        for index, (side, pane) in enumerate(zip(sides, self.panes, strict=True)):
            taken = samples.of(side)
            active = samples.is_active(side)
            pane.show(self._title(index), taken, samples.wanted(side), active=active, loose=self._loose)
            pane.show_none("" if taken else samples.problems.get(side.side_id) or (_WAITS if active else _NONE))
            pane.show_figures(figure_rows(facts, index, pane.size.width))
        self._show_about()
        self.refresh_bindings()

    def _title(self, index: int) -> Content:
        side = self._samples.comparison.sides[index]
        taken = [sample for sample in self._samples.of(side) if sample.title]
        ran = list(dict.fromkeys(f"{s.title} · {short_hash(s.context_hash)}" for s in taken))
        title = " + ".join(ran) if ran else side.runnable.title
        return join(safe(f"{LETTERS[index]} ", "$text-accent"), safe(one_line(title, 80), "$foreground"))

    def _show_about(self) -> None:
        how = "ignoring case, space and punctuation" if self._loose else "exactly"
        toggle = clickable(safe(f"equal: {how}", "$text-accent"), "screen.equal")
        about = safe(f"samples of “{one_line(self._samples.about, 60)}”   " if self._samples.about else "samples   ")
        self.query_one("#about", Static).update(join(about, toggle))

    # Keys

    @property
    def pane(self) -> SamplesPane:
        """The one that has, or had last, the focus."""
        panes = self.panes
        return self._current if self._current in panes else panes[0]

    @property
    def _side(self) -> Side:
        return next(side for side in self._samples.comparison.sides if side.side_id == self.pane.key)

    def action_equal(self) -> None:
        """Group exactly, or ignoring case, space and punctuation."""
        self._loose = not self._loose
        self.show_all()

    def action_pane(self, by: int) -> None:
        """The focus to the next pane."""
        panes = self.panes
        target = panes[(panes.index(self.pane) + by) % len(panes)]
        self._show_current(target)
        target.answers.focus()

    @work(group="stop", exit_on_error=False)
    async def action_stop(self) -> None:
        """No more samples of this pane."""
        await self._stop(self._side)

    @work(group="stop", exit_on_error=False)
    async def action_stop_all(self) -> None:
        """No more samples."""
        await self._stop(None)

    async def _stop(self, side: Side | None) -> None:
        try:
            await self._samples.stop(side)
        except PlaygroundError as error:
            cast("PlaygroundApp", self.app).report(error)

    def action_again(self) -> None:
        """Back, and ask how many."""
        self.dismiss()
        self.app.call_later(self.app.run_action, "screen.samples")

    @on(OptionList.OptionSelected)
    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def _opened(self) -> None:
        group = self.pane.chosen
        if group is None:
            return
        from playground.tui.screens.sample_answer import SampleAnswer

        pane = self.pane
        taken = [(index + 1, pane.samples[index]) for index in group.indexes]
        thread_id = await self.app.push_screen_wait(SampleAnswer(taken, len(pane.samples)))
        if thread_id is not None:
            ref = self._side.runnable.ref
            self.dismiss()
            cast("PlaygroundApp", self.app).chat(ref, thread_id)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The footer shows what works now."""
        match action:
            case "stop":
                return bool(self.panes) and self._samples.is_active(self._side)
            case "stop_all":
                return self._samples.active
            case "again":
                return not self._samples.active
            case "pane":
                return len(self.panes) > 1
        return True

    @on(events.DescendantFocus)
    def _focus_moved(self, event: events.DescendantFocus) -> None:
        pane = next((node for node in event.widget.ancestors_with_self if isinstance(node, SamplesPane)), None)
        if pane is not None:
            self._show_current(pane)

    @on(PaneTabs.Picked)
    def _picked(self, event: PaneTabs.Picked) -> None:
        pane = next(pane for pane in self.panes if pane.key == event.pane)
        self._show_current(pane)
        pane.answers.focus()

    def _show_current(self, current: SamplesPane) -> None:
        self._current = current
        for pane in self.panes:
            pane.set_class(pane is current, "-current")
        self.query_one(PaneTabs).show_current(current.key)
        self.refresh_bindings()
