"""The views of a thread beside its chat: the steps of its runs, and their events as they came."""

from collections.abc import Sequence
from typing import ClassVar, Final

from textual import on
from textual.binding import Binding, BindingType

from playground.client.conversation import Conversation
from playground.client.errors import PlaygroundError
from playground.client.message_json import message_kind, message_text, messages_of
from playground.client.record import RunRecord
from playground.client.saved_history import lineage
from playground.client.saved_steps import saved_steps, with_saved
from playground.client.steps import DETAILS, Step
from playground.client.values import State, ran_title
from playground.tui.screens.threads_core import ThreadsCore
from playground.tui.text import short_id
from playground.tui.ui_state import read_word, write_word
from playground.tui.widgets.lines_pane import LinesPane
from playground.tui.widgets.steps_view import StepsView
from playground.tui.widgets.thread_pane import ThreadPane

_MOST: Final = 200  # checkpoints that steps are made of
_SMALL: Final = 300  # blocks of a transcript up to which tasks, which carry the whole state, cost nothing one notices
_DETAIL: Final = "steps_detail"


class ViewThreadsScreen(ThreadsCore):
    """Steps, raw."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "next_view", "View", id="threads.view", tooltip="Chat, steps, state, raw"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._record = RunRecord()
        self._runs_shown = 0
        self._saved: Sequence[Step] = ()
        self._saved_at: tuple[str | None, str | None] | None = None  # thread and checkpoint that the steps were read of

    def on_mount(self) -> None:
        """As much detail as the last time."""
        detail = read_word(_DETAIL)
        self.pane.steps.set_detail(next((one for one in DETAILS if one == detail), "updates"))

    # What happens

    def thread_shown(self) -> None:
        """Another thread has other steps."""
        super().thread_shown()
        self._saved, self._saved_at = (), None
        self._listen()
        self._read_steps()

    def run_began(self) -> None:
        """What comes is recorded."""
        super().run_began()
        self._listen()

    def run_ended(self) -> None:
        """The checkpoints know more of the steps than the stream did: their numbers, and what ran."""
        super().run_ended()
        self._saved_at = None
        self._listen()
        self._read_steps()

    def place_changed(self) -> None:
        """The steps up to the checkpoint that is looked at."""
        super().place_changed()
        self._read_steps()

    @on(ThreadPane.ViewShown)
    def _steps_wanted(self, event: ThreadPane.ViewShown) -> None:
        self._read_steps()

    # What is recorded

    def _listen(self) -> None:
        """Take in what the open thread's runs say from now on, and ask them for what the detail needs."""
        conversation = self.conversation
        record = conversation.record if conversation is not None else RunRecord()
        if conversation is not None:
            conversation.modes = self._modes(conversation)
        if record is not self._record:
            self._record.listener = _nobody
            self._record = record
            record.listener = self._recorded
            self.pane.raw.show(record)
        self._show_steps()

    def _modes(self, conversation: Conversation) -> tuple[str, ...]:
        """What is streamed for the steps. Tasks carry the state: those of a long thread must be asked for."""
        detail = self.pane.steps.lines.detail
        if detail == "debug":
            return ("debug",)
        return ("tasks",) if detail == "tasks" or len(conversation.transcript.blocks) <= _SMALL else ()

    def _recorded(self) -> None:
        """Something came: a thousand times a second, maybe."""
        if len(self._record.runs) != self._runs_shown:
            self.call_later(self._show_steps)
        self.pane.raw.changed()
        self.pane.steps.changed()

    # Steps

    def _read_steps(self) -> None:
        """Read the checkpoints, if the steps are looked at and weren't read."""
        if self.pane.view != "steps" or not self.is_attached:
            return
        self._show_steps()
        wanted = (self.thread_id, self.here)
        if self._saved_at != wanted and self.thread_id is not None:
            self.run_worker(self._read(wanted), group="steps", exclusive=True, exit_on_error=False)

    async def _read(self, wanted: tuple[str | None, str | None]) -> None:
        thread_id, here = wanted
        if self.client is None or thread_id is None:
            return
        self.pane.steps.reading(True)
        try:
            states: list[State] = []
            if here is not None:
                states.append(await self.client.threads.state(thread_id, here))
            states += await self.client.threads.history(thread_id, limit=_MOST, before=here, values=False)
            await self.learn_names(self.client, (state.assistant_id for state in states))
        except PlaygroundError as error:
            self.problem(error.sentence)  # the steps as they were streamed stay
            return
        finally:
            self.pane.steps.reading(False)
        if wanted == (self.thread_id, self.here):
            thread = self.conversation.thread if self.conversation is not None and here is None else None
            failure = thread.error if thread is not None else None
            self._saved, self._saved_at = saved_steps(lineage(states)[::-1], failure), wanted
            self._show_steps()

    def _show_steps(self) -> None:
        """The runs that are saved and those that were streamed, each once."""
        self._runs_shown = len(self._record.runs)
        live = [run.steps.run for run in self._record.runs]
        runs = with_saved(self._saved, live)
        if self.here is not None:
            runs = runs[: len(self._saved)]
        self.pane.steps.show(runs, self._titles(runs), self._record)

    def _titles(self, runs: Sequence[Step]) -> dict[str, str]:
        """What ran in each, as the server says it; what was said to begin a run that is streamed."""
        titles = {}
        for run in runs:
            if run.assistant_id is not None:
                name = self.names.get(run.assistant_id or "") or short_id(run.assistant_id or "")
                titles[run.key] = ran_title(name, run.version, run.draft)
        by_id = {run.key: run for run in runs}
        for turn in self.conversation.transcript.turns if self.conversation is not None else ():
            if (run_of_turn := by_id.get(turn.run_id or "")) is not None:
                run_of_turn.text = run_of_turn.text or _said(turn.input)
                if turn.title:
                    titles[run_of_turn.key] = turn.title
        return titles

    # What one can do

    @on(StepsView.DetailChosen)
    def _detail_chosen(self, event: StepsView.DetailChosen) -> None:
        write_word(_DETAIL, event.detail)
        self._listen()

    @on(LinesPane.Copied)
    def _text_copied(self, event: LinesPane.Copied) -> None:
        self.playground.copy(event.text, event.what)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The footer shows what works now."""
        if action == "next_view":
            return self.conversation is not None
        return super().check_action(action, parameters)

    def action_next_view(self) -> None:
        """Chat, steps, state, raw."""
        self.pane.next_view()


def _said(given: object) -> str:
    messages = messages_of(given) or []
    return next((message_text(message)[0][:400] for message in messages if message_kind(message) == "human"), "")


def _nobody() -> None:
    """Listens to a record that isn't shown."""
