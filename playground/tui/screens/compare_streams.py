"""How Compare's panes go on beside each other: in step, with what they wait for, and their figures in one table."""

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType

from playground.tui.compare.queue_watch import EVERY, QueueWatch
from playground.tui.compare.scroll_link import ScrollLink
from playground.tui.screens.base import PlaygroundScreen
from playground.tui.text import one_line, short_hash
from playground.tui.widgets.transcript_view import TranscriptView

if TYPE_CHECKING:
    from playground.tui.widgets.run_pane import RunPane


class StreamCompareScreen(PlaygroundScreen):
    """What needs all panes at once while they stream."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "diff", "Diff", id="compare.diff", tooltip="What differs: configuration, output, path"),
        Binding("s", "scroll_in_step", "Scroll in step", id="compare.step", show=False, tooltip="By turn, or freely"),
        Binding("M", "figures", "Figures", id="compare.figures", show=False, tooltip="All panes' figures as a table"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.scroll_link = ScrollLink(self)

    @property
    def panes(self) -> "list[RunPane]":
        """From left to right."""
        raise NotImplementedError

    @property
    def pane(self) -> "RunPane | None":
        """The pane that keys act on."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Whoever waits is told what for."""
        self.set_interval(EVERY, QueueWatch(self).look)

    @on(TranscriptView.Scrolled)
    def _scrolled(self, event: TranscriptView.Scrolled) -> None:
        self.scroll_link.follow(event.view)

    def action_diff(self) -> None:
        """What differs between the first pane and this one."""
        from playground.tui.screens.compare_diff import CompareDiff

        panes = self.panes
        index = max(1, panes.index(self.pane)) if self.pane else 1
        self.app.push_screen(CompareDiff([pane.side for pane in panes], (0, index)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A difference needs two panes, and so does a step."""
        match action:
            case "diff" | "scroll_in_step":
                return len(self.panes) > 1
            case "figures":
                return bool(self.panes)
        return super().check_action(action, parameters)

    def action_scroll_in_step(self) -> None:
        """Scroll the linked panes together, turn by turn, or each alone."""
        on = self.scroll_link.toggle()
        self.notify("Panes scroll in step, by turn." if on else "Panes scroll freely.", markup=False, timeout=3)

    def action_figures(self) -> None:
        """The figures of all panes, beside each other."""
        from playground.tui.compare.figures_table import figures_table
        from playground.tui.screens.dialogs import Details

        titles = [one_line(pane.title_content.plain.partition(" · ")[0], 30) for pane in self.panes]
        ran = [pane.conversation.ran for pane in self.panes]
        contexts = [short_hash(what.context_hash) if what and what.context_hash else "" for what in ran]
        lines = figures_table(titles, contexts, [pane.metrics() for pane in self.panes])
        said = "The last turn. Differences to the first pane; waiting in the queue is no part of running."
        self.app.push_screen(Details(said, "\n".join(lines), "Figures"))
