"""A pane with a conversation in it: what ran, how it is going, what is said, what it took."""

from collections.abc import Sequence
from typing import Final

from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Static

from playground.client.blocks import (
    Block,
    CustomBlock,
    ErrorBlock,
    InterruptBlock,
    TextBlock,
    ToolBlock,
    Turn,
    ValueBlock,
)
from playground.client.conversation import Conversation
from playground.client.values import Runnable, Waiting
from playground.compare.metrics import Metrics
from playground.tui.compare.figures import HEIGHT, WIDE, figures_content
from playground.tui.compare.side import Side
from playground.tui.text import MUTED, join, one_line, safe, short_hash
from playground.tui.widgets.interrupt_card import InterruptCard
from playground.tui.widgets.pane import Pane
from playground.tui.widgets.transcript_view import TranscriptView

CHAT_KINDS: Final = (TextBlock, ToolBlock, CustomBlock, ValueBlock, InterruptBlock, ErrorBlock)
"""What one reads of a conversation; the steps have a view of their own."""

STATUSES: Final = {
    "ready": ("·", "ready", MUTED),
    "queued": ("○", "queued", MUTED),
    "running": ("▍", "running", "$text-accent"),
    "done": ("✔", "done", "$text-success"),
    "failed": ("✘", "failed", "$text-error"),
    "interrupted": ("‖", "interrupted", "$text-warning"),
    "stopped": ("■", "stopped", "$text-warning"),
}
_TICK: Final = 0.2  # seconds between two moves of a running clock


class RunPane(Pane):
    """One conversation of a comparison. The screen runs it; the pane shows it."""

    DEFAULT_CSS = """
    RunPane {
        width: 1fr;
        TranscriptView { height: 1fr; }
        .figures {
            height: auto;
            border-top: solid $foreground 15%;
            color: $text-muted;
            padding: 0 1;
            text-wrap: nowrap;
            text-overflow: ellipsis;
        }
    }
    """

    class StatusChanged(Message):
        """Its run began, asks, or is over."""

    def __init__(self, side: Side) -> None:
        super().__init__()
        self.side = side
        side.listener = self.changed
        self.view = TranscriptView(kinds=CHAT_KINDS, empty="waits for the first input")
        self.card = InterruptCard()
        self._figures = Static(classes="figures")
        self._letter = ""
        self._base: RunPane | None = None
        self._waiting: Waiting | None = None
        self._clock: Timer | None = None
        self._shown_status = ""

    def compose(self) -> ComposeResult:
        """The transcript over the question of an interrupt over the figures."""
        yield self.view
        yield self.card
        yield self._figures

    def on_mount(self) -> None:
        """The clock stands still until something runs."""
        self._clock = self.set_interval(_TICK, self._tick, pause=True)
        self._show_status()

    def on_resize(self) -> None:
        """The title fills the border, the figures the width."""
        self._show_title()
        self._show_figures()
        self._figures.refresh(layout=True)

    def on_descendant_focus(self) -> None:
        """The title's line is drawn like the border."""
        self.call_after_refresh(self._show_title)

    def on_descendant_blur(self) -> None:
        """The title's line is drawn like the border."""
        self.call_after_refresh(self._show_title)

    def set_letter(self, letter: str) -> None:
        """A, B, C, D: its name in a comparison."""
        self._letter = letter
        self._show_title()

    def set_base(self, pane: "RunPane | None") -> None:
        """The pane whose figures its own are held against; None for the first one."""
        self._base = pane
        self._show_status()

    def show_waiting(self, waiting: Waiting | None) -> None:
        """What its run waits for; None if nobody knows."""
        self._waiting = waiting
        self._show_figures()

    def metrics(self, turn: int = -1) -> Metrics | None:
        """The figures of a turn, of the last one at first; None if there is none."""
        turns = self.conversation.transcript.turns
        found = turns[turn] if -1 <= turn < len(turns) and turns else None
        return found.metrics(self.side.now()) if found is not None and self._is_own(found) else None

    @property
    def base_metrics(self) -> Metrics | None:
        """The figures of the same turn in the pane that it is held against."""
        turn = self.conversation.turn
        return self._base.metrics(turn.index) if self._base is not None and turn is not None else None

    @property
    def conversation(self) -> Conversation:
        """What is said."""
        return self.side.conversation

    @property
    def runnable(self) -> Runnable:
        """What shall run; `conversation.ran` is what did."""
        return self.side.runnable

    def _is_own(self, turn: Turn) -> bool:
        """Whether its side ran it: not where it goes on from a copy of another pane's thread."""
        last = turn is self.conversation.turn
        return (last and self.conversation.ran is not None) or self.side.ran(turn)

    def show(self) -> None:
        """Everything anew: the side is on another thread, or called otherwise."""
        self.view.reset(self.conversation.transcript.blocks)
        turns = self.conversation.transcript.turns
        self.view.set_labels({turn.index: turn.title for turn in turns if not self._is_own(turn)})
        self._show_status()

    def changed(self, blocks: Sequence[Block]) -> None:
        """The conversation went on."""
        if not self.is_attached:
            return
        if blocks:
            self.view.feed(blocks)
        if not blocks or self.conversation.status != self._shown_status:
            self._show_status()

    # What it says

    def _show_status(self) -> None:
        status = self.conversation.status
        if status != self._shown_status:
            self.post_message(self.StatusChanged())
        self._shown_status = status
        if self._clock is not None:
            (self._clock.resume if self._goes_on() else self._clock.pause)()
        if status != "queued":
            self._waiting = None
        if not self.has_class(f"-{status}"):  # each change of a class styles all that is in here anew
            self.remove_class(*(f"-{name}" for name in STATUSES), update=False)
            self.add_class(f"-{status}")
        self.card.ask(self.conversation.interrupts if status == "interrupted" else ())
        if not self.conversation.active:
            self.view.paint_now()
        self._show_title()
        self._show_figures()
        self.refresh_bindings()

    @property
    def own_status(self) -> str:
        """The status of its last run; "ready" if that was another's, whose thread this one is a copy of."""
        turn = self.conversation.turn
        return self.conversation.status if turn is None or turn.active or self._is_own(turn) else "ready"

    def show_link(self) -> None:
        """Whether what is sent to all comes here is told in the title."""
        self._show_title()

    def _show_title(self) -> None:
        status = join(safe("" if self.side.linked else "alone  ", "$text-warning"), status_content(self.own_status))
        room = self.size.width - 7 - status.cell_length  # what corners, spaces and a dash leave
        title = self.title_within(room)
        fill = safe(
            f" {'─' * max(1, room + 1 - title.cell_length)} ",
            "$accent not bold" if self.has_focus_within else "$foreground 25%",
        )
        self.border_title = join(title, fill, status)
        ran = self.conversation.ran
        said = (ran.differs if ran else None) or self.side.notice
        self.border_subtitle = safe(f"✘ {said}", "bold $text-error") if said else Content("")

    @property
    def title_content(self) -> Content:
        """`A support@v7 · 3fa9c1`: what the server said ran; before that, what shall, without a hash."""
        return self.title_within(80)

    def title_within(self, room: int) -> Content:
        """The title in as many cells: first the hash goes, then the end of the name; never the version."""
        ran = self.conversation.ran
        title = ran.title if ran else self.runnable.title
        digest = short_hash(ran.context_hash) if ran and ran.context_hash else ""
        name, at, version = title.rpartition("@")
        space = room - len(f"{self._letter} {at}{version}")
        shown = one_line(name, max(1, min(40, space)))
        style = "$text-error" if ran and ran.differs else "$foreground"
        head = join(
            safe(f"{self._letter} " if self._letter else "", "$text-accent"),
            safe(f"{shown}{at}{one_line(version, 40)}", style),
        )
        fits = digest and head.cell_length + len(digest) + 3 <= room
        return join(head, safe(f" · {digest}", f"{MUTED} not bold")) if fits else head

    def _goes_on(self) -> bool:
        """Whether its figures change: by its own run, or by the one that they are held against."""
        return self.conversation.active or (self._base is not None and self._base.conversation.active)

    def _tick(self) -> None:
        self._show_figures()
        if self._clock is not None and not self._goes_on():
            self._clock.pause()

    def _show_figures(self) -> None:
        metrics, width = self.metrics(), max(20, self.size.width - 2)  # a space on each side
        if metrics is None:
            text = Content("not run yet" + "\n" * (HEIGHT[width >= WIDE] - 1))
        else:
            text = figures_content(metrics, self.base_metrics, self._waiting, width)
        self._figures.update(text, layout=False)


def status_content(status: str) -> Content:
    """A glyph and a word."""
    glyph, word, style = STATUSES[status]
    return safe(f"{glyph} {word}", style)
