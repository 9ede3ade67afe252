"""A thread: its chat, its steps, its state, and the question it may wait on."""

import time
from collections.abc import Callable, Sequence
from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import ContentSwitcher, Static

from playground.client.blocks import (
    Block,
    TextBlock,
    ToolBlock,
    ValueBlock,
)
from playground.client.breakpoints import Breakpoints
from playground.client.conversation import Conversation
from playground.client.message_edit import message_of
from playground.client.transcript import Transcript
from playground.tui.compare.figures import figures_text, path_text
from playground.tui.text import MUTED, count, join, one_line, safe, short_hash, short_id
from playground.tui.widgets.chat_pane import ChatPane
from playground.tui.widgets.interrupt_card import InterruptCard
from playground.tui.widgets.pane import Pane
from playground.tui.widgets.pane_tabs import PaneTabs
from playground.tui.widgets.raw_view import RawView
from playground.tui.widgets.run_pane import CHAT_KINDS, status_content
from playground.tui.widgets.state_view import StateView
from playground.tui.widgets.steps_view import StepsView
from playground.tui.widgets.transcript_cursor import ChatView

VIEWS: Final = (("chat", "Chat"), ("steps", "Steps"), ("state", "State"), ("raw", "Raw"))
_TICK: Final = 0.2  # seconds between two moves of a running clock
_NONE: Final = "No thread is open.\n\nEnter opens the one under the cursor, n starts a new one."
_NEW: Final = "A new thread.\n\nType below: it begins with the first message."


class ThreadPane(Pane):
    """Shows one conversation. The screen runs it and reads the state; the pane says when it wants it."""

    DEFAULT_CSS = """
    ThreadPane {
        height: 1fr;
        PaneTabs { display: block; }
        ContentSwitcher { height: 1fr; }
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

    class ViewShown(Message):
        """Another view is shown; the state is read when it is wanted."""

        def __init__(self, view: str) -> None:
            super().__init__()
            self.view = view

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(id="thread")
        self.conversation: Conversation | None = None
        self.chat = ChatView(kinds=CHAT_KINDS, empty=_NONE)
        self.steps = StepsView()
        self.raw = RawView()
        self.card = InterruptCard()
        self.state = StateView(id="state")
        self._figures = Static(classes="figures")
        self._title = ""
        self._place = ""
        self._breakpoints = Breakpoints()
        self._now = clock
        self._timer: Timer | None = None
        self._shown_status = ""

    def compose(self) -> ComposeResult:
        """The views take turns; the question and the figures stay."""
        yield PaneTabs(VIEWS, "chat")
        with ContentSwitcher(initial="chat"):
            yield ChatPane(self.chat, id="chat")
            yield self.steps
            yield self.state
            yield self.raw
        yield self.card
        yield self._figures

    def on_mount(self) -> None:
        """The clock stands still until something runs."""
        self._timer = self.set_interval(_TICK, self._show_figures, pause=True)
        self.refresh_status()

    def on_resize(self) -> None:
        """The title fills the border."""
        self._show_title()

    # What it shows

    @property
    def view(self) -> str:
        """ "chat", "steps", "state" or "raw"."""
        return self.query_one(ContentSwitcher).current or "chat"

    def show(self, conversation: Conversation | None, title: str = "") -> None:
        """Another thread, or none. A run on the one before goes on, unseen."""
        self._title = title
        self.show_at(conversation)
        self.show_view("chat")

    def show_at(self, conversation: Conversation | None, place: str = "") -> None:
        """The thread at another place, in the view that is shown; `place` is what an earlier one is called."""
        self._place = place
        if self.conversation is not None:
            self.conversation.listener = _nobody
        if conversation is not None:
            conversation.listener = self.changed
        self.conversation = conversation
        blocks = conversation.transcript.blocks if conversation else ()
        self.chat.reset(blocks, empty=_NEW if conversation else _NONE)
        self.refresh_status()

    def changed(self, blocks: Sequence[Block]) -> None:
        """The conversation went on."""
        if not self.is_attached or self.conversation is None:
            return
        if blocks:
            self.chat.feed(blocks)
        if not blocks or self.conversation.status != self._shown_status:
            self.refresh_status()

    @property
    def title(self) -> str:
        """What the thread is about."""
        return self._title

    def show_breakpoints(self, breakpoints: Breakpoints) -> None:
        """Where its runs pause."""
        self._breakpoints = breakpoints
        self._show_title()

    def set_title(self, title: str) -> None:
        """What the thread is about."""
        self._title = title
        self._show_title()

    def show_view(self, view: str) -> None:
        """Chat, steps, state or raw."""
        self.query_one(ContentSwitcher).current = view
        self.query_one(PaneTabs).show_current(view)
        self.post_message(self.ViewShown(view))

    def next_view(self) -> None:
        """The one after the one that is shown."""
        views = [name for name, _ in VIEWS]
        self.show_view(views[(views.index(self.view) + 1) % len(views)])
        self.focus_view()

    def focus_view(self) -> None:
        """The focus in what is shown."""
        self.query_one(f"#{self.view}").focus()

    @on(PaneTabs.Picked)
    def _picked(self, event: PaneTabs.Picked) -> None:
        event.stop()
        self.show_view(event.pane)
        self.focus_view()

    # What it says

    def refresh_status(self) -> None:
        """The status, what ran, and whether something is asked."""
        conversation = self.conversation
        status = conversation.status if conversation else ""
        self._shown_status = status
        if self._timer is not None:
            (self._timer.resume if conversation and conversation.active else self._timer.pause)()
        self.card.ask(conversation.interrupts if conversation and status == "interrupted" else ())
        if conversation:
            self.chat.set_labels(turn_labels(conversation.transcript))
            self.chat.set_notes(usage_notes(conversation.transcript))
            if not conversation.active:
                self.chat.paint_now()
        self._show_title()
        self._show_figures()
        self.refresh_bindings()

    def _show_title(self) -> None:
        conversation = self.conversation
        if conversation is None:
            self.border_title = safe("Thread")
            self.border_subtitle = Content("")
            return
        identifier = short_id(conversation.thread_id) if conversation.thread_id else "new"
        status = safe(f"◀ {self._place}", "$text-accent") if self._place else status_content(conversation.status)
        if conversation.added:
            status = join(status, safe(f" · {count(conversation.added, 'input waits', 'inputs wait')}", MUTED))
        room = max(8, self.size.width - status.cell_length - len(identifier) - 18)
        title = f" “{one_line(self._title, room)}”" if self._title else ""
        head = join(safe("thread ", MUTED), safe(identifier, MUTED), safe(title, "$foreground"))
        fill = max(1, self.size.width - 6 - head.cell_length - status.cell_length)
        self.border_title = join(head, safe(f" {'─' * fill} ", "$foreground 25% not bold"), status)
        ran, paused = conversation.ran, len(self._breakpoints.before) + len(self._breakpoints.after)
        if conversation.record.lost:
            self.border_subtitle = safe("⟳ the connection is lost: reconnecting", "bold $text-warning")
        elif ran and ran.differs:
            self.border_subtitle = safe(f"✘ {ran.differs}", "bold $text-error")
        else:
            self.border_subtitle = safe(f"‖ {count(paused, 'breakpoint')}" if paused else "", "$text-warning")

    def _show_figures(self) -> None:
        turn = self.conversation.turn if self.conversation else None
        text = "not run yet\n "
        if turn is not None:
            metrics = turn.metrics(self._now())
            ran = f"{turn.title} · {short_hash(turn.context_hash)}" if turn.title and turn.context_hash else turn.title
            first = f"as it was at {self._place}" if self._place else figures_text(metrics)
            if turn.run_id is None and not turn.active and not self._place:
                first = "no run: the state was changed"
            text = f"{first}\n{ran}  {path_text(metrics.path)}"
        self._figures.display = self.conversation is not None
        self._figures.update(safe(text), layout=False)


def _nobody(blocks: Sequence[Block]) -> None:
    """Listens to a conversation that isn't shown."""


def turn_labels(transcript: Transcript) -> dict[int, str]:
    """What ran, for each turn that begins with an input, and for those that went on with something else."""
    asked = {
        b.turn
        for b in transcript.blocks
        if isinstance(b, ValueBlock) or (isinstance(b, TextBlock) and b.role == "human")
    }
    labels: dict[int, str] = {}
    before = ""
    for turn in transcript.turns:
        if turn.index in asked or turn.title != before:
            labels[turn.index] = turn.title
        before = turn.title
    return labels


def usage_notes(transcript: Transcript) -> dict[str, str]:
    """What each message used, by the key of its last block."""
    used = {identifier: tokens for turn in transcript.turns for identifier, tokens in turn.tokens.items()}
    last: dict[str, str] = {}
    for block in transcript.blocks:
        if isinstance(block, TextBlock | ToolBlock) and (message := message_of(block)) in used:
            last[message] = block.key
    return {key: f"{used[message][0]:,}→{used[message][1]:,} tok" for message, key in last.items()}
