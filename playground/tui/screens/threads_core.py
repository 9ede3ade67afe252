"""What the parts of Threads share: the open thread, where in it one looks, and what runs next."""

import time
from collections.abc import Callable, Iterable
from typing import Any, Final

from textual.containers import Horizontal
from textual.widgets import Static, TextArea

from playground.client.blocks import Turn
from playground.client.checkpoint_tree import CheckpointTree
from playground.client.client import Client
from playground.client.conversation import Conversation, title_of
from playground.client.errors import PlaygroundError, RefError
from playground.client.inputs import input_schema
from playground.client.run_options import RunOptions
from playground.client.values import Runnable, State, ran_title
from playground.tui.screens.base import PlaygroundScreen
from playground.tui.text import safe, short_id
from playground.tui.widgets.pane_tabs import PaneTabs
from playground.tui.widgets.run_input import RunInput
from playground.tui.widgets.thread_pane import ThreadPane
from playground.tui.widgets.thread_prompt import ThreadPrompt

CHAT: Final = "message"
_PAGE: Final = 200  # checkpoints that are read at a time


class ThreadsCore(PlaygroundScreen):
    """The open thread and what the screen's parts do with it.

    A part overrides the hooks `thread_shown`, `run_began`, `run_ended`, `place_changed` and `tree_changed`, each with
    `super()` first.
    """

    MODE = "threads"
    clock: Callable[[], float] = staticmethod(time.monotonic)
    """Seconds; tests put a clock here that stands still."""

    def __init__(self) -> None:
        super().__init__()
        self.pane = ThreadPane(self.clock)
        self.names: dict[str, str] = {}
        self.runnable: Runnable | None = None
        self.schema: dict[str, Any] | None = None
        self.options = RunOptions()
        self.checkpoints = CheckpointTree.of(())
        self.here: str | None = None
        self._states: list[State] = []  # of the open thread, newest first, without their values
        self._live: Conversation | None = None

    # What happens

    def thread_shown(self) -> None:
        """Another thread is open, or none."""

    def run_began(self) -> None:
        """A run was sent on the open thread."""

    def run_ended(self) -> None:
        """A run of the open thread is over, or asks."""

    def place_changed(self) -> None:
        """Another checkpoint is looked at."""

    def tree_changed(self) -> None:
        """The checkpoints of the open thread were read."""

    # The open thread

    @property
    def conversation(self) -> Conversation | None:
        """The thread that is open, as it goes on; `pane.conversation` may show an earlier place of it."""
        return self._live

    @property
    def current_turn(self) -> Turn | None:
        """The turn that the keys of the chat are about: the last one, unless a message is current."""
        return self.pane.conversation.turn if self.pane.conversation is not None else None

    @property
    def thread_id(self) -> str | None:
        """Of the thread that is open, None before its first run."""
        return self._live.thread_id if self._live is not None else None

    def show_conversation(self, conversation: Conversation | None, title: str = "") -> None:
        """Another thread, or none."""
        self._live, self.here, self._states = conversation, None, []
        self.checkpoints = CheckpointTree.of(())
        self.pane.show(conversation, title)
        self.thread_shown()
        self.tree_changed()
        if conversation is not None and conversation.thread_id is not None:
            self.run_worker(self.read_tree(), group="tree", exclusive=True, exit_on_error=False)

    async def read_tree(self) -> None:
        """Read the checkpoints, newest first, page by page, as far as they aren't known; the place stays."""
        client, conversation = self.client, self._live
        if client is None or conversation is None or conversation.thread_id is None:
            return
        known, states = self._states, list[State]()
        while True:
            before = states[-1].checkpoint_id if states else None
            page = await client.threads.history(conversation.thread_id, limit=_PAGE, before=before, values=False)
            if conversation is not self._live:
                return
            states += page
            older = _older(known, page)
            whole = len(page) < _PAGE or bool(older)
            if whole or len(states) == _PAGE:  # the first page is shown at once, the rest when it is there
                self._states = [*states, *older]
                self.checkpoints = CheckpointTree.of(self._states)
                self.tree_changed()
            if whole:
                break
        if not conversation.whole and not conversation.active and await conversation.complete(self._states):
            self.name_turns(conversation)
            if self.pane.conversation is conversation and self.pane.chat.following:
                self.pane.show_at(conversation)

    async def go_to(self, checkpoint_id: str | None) -> None:
        """Look at this checkpoint, None for the newest; what is sent from there on is a branch.

        Raises PlaygroundError if it can't be read; then one looks where one looked before.
        """
        client, live = self.client, self._live
        if client is None or live is None or live.thread_id is None:
            return
        if checkpoint_id == self.checkpoints.newest:
            checkpoint_id = None
        if checkpoint_id == self.here:
            return
        before, self.here = self.here, checkpoint_id  # at once: what is sent meanwhile begins there
        try:
            shown = live if checkpoint_id is None else await self.conversation_at(checkpoint_id)
        except PlaygroundError:
            self.here = before
            self.place_changed()
            raise
        if live is self._live and checkpoint_id == self.here:
            self.pane.show_at(shown, self.place_text if checkpoint_id is not None else "")
            self.show_ref()
            self.place_changed()

    async def state_written(self) -> None:
        """Go to the newest checkpoint, which no run made: the state was written. Raises PlaygroundError."""
        live = self._live
        conversation = await self.conversation_at(None)
        if live is not self._live or live is None:
            return
        self._live, self.here = conversation, None
        self.pane.show_at(conversation)
        self.show_ref()
        await self.read_tree()
        self.place_changed()

    async def conversation_at(self, checkpoint_id: str | None) -> Conversation:
        """The open thread as it was at a checkpoint, to be read or gone on from. Raises PlaygroundError."""
        client, live = self.client, self._live
        if client is None or live is None or live.thread_id is None:
            raise ValueError("no thread is open")
        conversation = Conversation(self.runnable, clock=self.clock)
        await conversation.open(client, live.thread_id, checkpoint_id)
        self.name_turns(conversation)
        return conversation

    # What runs next

    async def resolve(self, ref: str | None) -> Runnable | None:
        """What the ref names now; None with the reason shown."""
        self.problem("")
        if self.client is None or ref is None:
            return None
        try:
            return await self.client.resolve(ref)
        except RefError as error:
            meant = f" Candidates: {', '.join(error.candidates)}." if error.candidates else ""
            self.problem(f"{error.sentence}{meant} v chooses what runs next.")
        except PlaygroundError as error:
            self.problem(error.sentence)
            self.playground.report(error)
        return None

    async def read_schema(self, runnable: Runnable | None) -> dict[str, Any] | None:
        """What it takes as input, None where nobody knows."""
        if self.client is None or runnable is None:
            return None
        try:
            return input_schema(await self.client.graphs.schemas(runnable.assistant_id))
        except PlaygroundError:
            return None  # a graph that doesn't load says so when it runs

    def use(self, runnable: Runnable | None, schema: dict[str, Any] | None) -> None:
        """This runs next, and takes such an input."""
        self.runnable, self.schema = runnable, schema
        if runnable is not None:
            self.names[runnable.assistant_id] = runnable.name
        if self._live is not None:
            self._live.runnable = runnable
        self.show_ref()

    # Names

    async def learn_names(self, client: Client, assistant_ids: Iterable[str | None]) -> None:
        """Read the assistants' names if one of these isn't known."""
        if any(identifier and identifier not in self.names for identifier in assistant_ids):
            self.names = {a.assistant_id: a.name for a in await client.assistants.list()}

    def name_turns(self, conversation: Conversation) -> None:
        """Title the turns of a thread that was read, each by the assistant that ran in it."""
        for turn in conversation.transcript.turns:
            if not turn.title and turn.version is not None:
                name = self.names.get(turn.assistant_id) or short_id(turn.assistant_id)
                turn.title = ran_title(name, turn.version, turn.draft)

    # What it says

    def show_ref(self) -> None:
        """Before the input: what runs next, and from where if not from the end."""
        title = self.options.runnable(self.runnable).title if self.runnable is not None else ""
        place = f" from {self.place_text}" if self.here is not None else ""
        self.query_one(ThreadPrompt).show_ref(title, place)
        self.refresh_bindings()

    @property
    def place_text(self) -> str:
        """`step 4`: the checkpoint that is looked at."""
        node = self.checkpoints.get(self.here) if self.here else None
        return f"step {node.step}" if node is not None and node.step is not None else "there"

    def problem(self, sentence: str) -> None:
        """Why something wasn't done; "" takes it back."""
        problem = self.query_one("#problem", Static)
        problem.update(safe(f"✘ {sentence}" if sentence else ""))
        problem.display = bool(sentence)

    def focus_input(self) -> None:
        """To the line."""
        self.query_one(RunInput).focus()

    def show_column(self, column: str) -> None:
        """ "threads", "timeline" or "thread": on a narrow screen one of them, on a wide one what is on the left."""
        columns = self.query_one("#columns", Horizontal)
        for name in ("threads", "timeline", "thread"):
            columns.set_class(name == column, f"-{name}")
        if column != "thread":
            columns.set_class(column == "timeline", "-with-timeline")
            self.query_one("#left-tabs", PaneTabs).show_current(column)
        self.query_one("#column-tabs", PaneTabs).show_current(column)

    @property
    def column(self) -> str:
        """The column that is shown on a narrow screen."""
        columns = self.query_one("#columns", Horizontal)
        return next(name for name in ("thread", "timeline", "threads") if columns.has_class(f"-{name}"))

    @property
    def with_timeline(self) -> bool:
        """Whether the timeline is on the left, and not the list."""
        return self.query_one("#columns").has_class("-with-timeline")

    @property
    def typing(self) -> bool:
        """Whether the focus is where one types."""
        return isinstance(self.focused, TextArea)


def thread_title(conversation: Conversation) -> str:
    """What the thread is about."""
    return title_of(conversation.thread) if conversation.thread else ""


def _older(known: list[State], page: list[State]) -> list[State]:
    """What is known and comes after a page that reaches it; nothing if the page doesn't. Ids are in order of time."""
    last = page[-1].checkpoint_id if page else None
    if last is None or all(state.checkpoint_id != last for state in known):
        return []
    return [state for state in known if (state.checkpoint_id or "") < last]
