"""The Try-it pane: a line for an input, what the draft answers, and what ran. The screen runs it."""

import time
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Static, TextArea

from playground.client.blocks import Block
from playground.tui.edit.trials import OLD, Trials, hint, ran_label, starting_text, trial_input
from playground.tui.text import MUTED, join, one_line, safe
from playground.tui.widgets.pane import Pane
from playground.tui.widgets.run_input import RunInput
from playground.tui.widgets.run_pane import CHAT_KINDS, STATUSES
from playground.tui.widgets.transcript_rows import interrupt_question
from playground.tui.widgets.transcript_view import TranscriptView

_TICK: Final = 0.2  # seconds between two moves of a running clock
_EMPTY: Final = "Type an input and press Enter: the draft answers here, as it is. Nothing is saved, no thread is kept."


class TryIt(Pane):
    """Runs what is typed on the draft as it is. The input stays after Enter: change the prompt, press Enter again."""

    DEFAULT_CSS = """
    TryIt {
        height: 10;
        #try-line { height: auto; max-height: 50%; padding: 0 1; }
        #try-mark { width: 2; color: $text-accent; }
        #try-input { width: 1fr; max-height: 4; }
        #try-answer { height: 1fr; }
        #try-facts { height: 1; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "stop", "Stop", id="try.stop", priority=True, tooltip="Stop the trial; what it said stays"),
        Binding("tab", "answer", "Answer", id="try.answer", show=False, tooltip="To the answer: scroll it, zoom it"),
        Binding("shift+tab", "line", "Input", id="try.line", show=False, tooltip="Back to the input"),
        Binding("escape", "leave", "Back", id="try.leave", show=False, tooltip="Back to the form"),
    ]

    class Asked(Message):
        """The user wants the draft to answer `text`, which is `input` for the graph."""

        def __init__(self, pane: "TryIt", text: str, input: Any) -> None:
            super().__init__()
            self.pane = pane
            self.text = text
            self.input = input

    class Typed(Message):
        """The line has another text."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class StopAsked(Message):
        """The user wants the trial to stop."""

    class Left(Message):
        """Escape: the focus should go back to what is tried."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, id: str | None = None) -> None:
        super().__init__(id=id)
        self._now = clock
        self.trials = Trials(self._changed, clock)
        self.line = RunInput(id="try-input")
        self.view = TranscriptView(kinds=CHAT_KINDS, empty=_EMPTY, id="try-answer")
        self._facts = Static(id="try-facts")
        self._schema: dict[str, Any] | None = None
        self._draft: Any = None
        self._problem = ""
        self._clock: Timer | None = None
        self._shown_status = ""

    def compose(self) -> ComposeResult:
        """The line over the answer over the facts."""
        self.border_title = safe("Try it")
        with Horizontal(id="try-line"):
            yield Static(safe(">"), id="try-mark")
            yield self.line
        yield self.view
        yield self._facts

    def on_mount(self) -> None:
        """The clock stands still until something runs."""
        self._clock = self.set_interval(_TICK, self._show_facts, pause=True)
        self._show_facts()

    def on_resize(self) -> None:
        """The facts fill the line."""
        self._show_facts()

    # What the screen tells it

    def show_graph(self, schema: dict[str, Any] | None, history: Sequence[str] = ()) -> None:
        """Another assistant is edited: its graph takes such an input; what was tried before goes."""
        self.trials.close()
        self.trials = Trials(self._changed, self._now)
        self._problem, self._shown_status = "", ""
        self.view.reset()
        self.line.set_history(history)
        self.show_schema(schema)

    def show_schema(self, schema: dict[str, Any] | None) -> None:
        """What the graph takes."""
        self._schema = schema
        self.line.set_placeholder(hint(schema))
        if not self.line.text:
            self.line.text = starting_text(schema)
        self._show_facts()

    def show_draft(self, draft: Any) -> None:
        """What is edited, as it is now: answers of anything else are marked as old."""
        self._draft = draft
        self.view.set_labels(self.trials.labels(draft))
        self._show_facts()

    def show_problem(self, sentence: str) -> None:
        """Why it wasn't run."""
        self._problem = sentence
        self._show_facts()

    def focus_line(self) -> None:
        """Type; what is there is selected, so that it is asked again by Enter and replaced by typing."""
        self.line.focus()
        self.line.select_all()

    # Asking

    @on(RunInput.Sent, "#try-input")
    def _sent(self, event: RunInput.Sent) -> None:
        event.stop()
        if self.trials.active:
            self.show_problem("A trial is running: Ctrl+C stops it.")
            return
        try:
            given = trial_input(event.text, self._schema)
        except ValueError as error:
            self.show_problem(str(error))
            return
        self.show_problem("")
        self.line.remember(event.text)
        self.post_message(self.Asked(self, event.text, given))

    @on(TextArea.Changed, "#try-input")
    def _typed(self, event: TextArea.Changed) -> None:
        event.stop()
        self._problem = ""
        self._show_facts()
        self.post_message(self.Typed(self.line.text))

    def action_stop(self) -> None:
        """Stop the trial."""
        self.post_message(self.StopAsked())

    def action_leave(self) -> None:
        """Back to what is edited."""
        self.post_message(self.Left())

    def action_answer(self) -> None:
        """From the line to the answer."""
        self.view.focus()

    def action_line(self) -> None:
        """From the answer to the line."""
        self.line.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Ctrl+C copies while nothing runs; from the other end Tab leads out of the pane."""
        match action:
            case "stop":
                return self.trials.active
            case "answer":
                return self.line.has_focus
            case "line":
                return self.view.has_focus
        return True

    # What it says

    def _changed(self, blocks: Sequence[Block]) -> None:
        if not self.is_attached:
            return
        self.view.feed(blocks)
        status = self.trials.conversation.status
        if blocks and status == self._shown_status:
            return
        self._shown_status = status
        if self._clock is not None:
            (self._clock.resume if self.trials.active else self._clock.pause)()
        self.view.set_labels(self.trials.labels(self._draft))
        if not self.trials.active:
            self.view.paint_now()
        self._show_facts()
        self.refresh_bindings()

    def _show_facts(self) -> None:
        left, right = self._said(), self._took()
        room = self._facts.content_region.width - left.cell_length - right.cell_length
        self._facts.update(join(left, safe(" " * room), right) if room > 0 else left, layout=False)

    def _said(self) -> Content:
        """How it went and what ran, as the run's metadata say."""
        turn, conversation = self.trials.turn, self.trials.conversation
        if self._problem:
            return safe(f"✘ {one_line(self._problem, 200)}", "$text-error")
        if turn is None:
            return safe("Enter runs the draft", MUTED)
        glyph, word, style = STATUSES[turn.status]
        if conversation.ran is not None and conversation.ran.differs:
            return safe(f"✘ {one_line(conversation.ran.differs, 200)}", "bold $text-error")
        what = {
            "interrupted": f"{self._question()}  Esc, then t: open as a chat",
            "failed": "failed  F2 shows the traceback" if (error := self.trials.error) and error.detail else "failed",
        }.get(turn.status, word)
        old = f"  {OLD}" if not turn.active and self.trials.is_old(self._draft) else ""
        return join(safe(f"{glyph} {what}", style), safe(f"  {ran_label(turn)}", MUTED), safe(old, "$text-warning"))

    def _question(self) -> str:
        """What an interrupt waits for."""
        waiting = self.trials.conversation.interrupts
        asked = interrupt_question(waiting[0].value) if waiting and waiting[0] is not None else ""
        return f"asks: {one_line(asked, 60)}" if asked else "waits at a breakpoint"

    def _took(self) -> Content:
        """`ttft 0.4 · 2.1 s`, everything at its place while it runs."""
        if self.trials.turn is None or self._problem:
            return Content("")
        metrics = self.trials.turn.metrics(self._now())
        first = f"{metrics.first_token:.1f}" if metrics.first_token is not None else "–"
        running = f"{metrics.running:.1f}" if metrics.running is not None else "–"
        return safe(f"ttft {first:>4} · {running:>5} s", MUTED)
