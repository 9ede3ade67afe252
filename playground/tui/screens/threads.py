"""Threads: what was said, step by step, and going on with it."""

import time
from collections.abc import Callable, Iterable
from typing import Any, ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Static, TextArea

from playground.client.client import Client
from playground.client.conversation import Conversation, ran_title, title_of
from playground.client.errors import PlaygroundError, RefError
from playground.client.inputs import input_schema, read_input
from playground.client.transcript import Transcript
from playground.client.values import Runnable, Thread
from playground.tui.inputs import input_hint
from playground.tui.screens.base import PlaygroundScreen
from playground.tui.text import one_line, safe, short_id
from playground.tui.unsent import Unsent
from playground.tui.widgets.interrupt_card import InterruptCard
from playground.tui.widgets.list_pane import ListPane
from playground.tui.widgets.pane_tabs import PaneTabs
from playground.tui.widgets.row_list import RowList
from playground.tui.widgets.run_input import RunInput
from playground.tui.widgets.thread_pane import ThreadPane
from playground.tui.widgets.thread_rows import THREAD_COLUMNS, thread_rows

PAGE: Final = 50
COLUMNS: Final = (("threads", "Threads"), ("thread", "Thread"))
_EMPTY: Final = (
    "No threads yet.\n\nIn Browse (1) press t on an assistant,\nor press n here: a thread begins with a run."
)
_CHAT: Final = "message"


class ThreadsScreen(PlaygroundScreen):
    """The list of threads, and the open one with its input."""

    MODE = "threads"
    CSS_PATH = "threads.tcss"
    AUTO_FOCUS = ""
    clock: Callable[[], float] = staticmethod(time.monotonic)
    """Seconds; tests put a clock here that stands still."""
    HELP = (
        "A thread keeps the state of its runs. Each run may be of another assistant or version: the name before the "
        "input says what runs next, v changes it, and every turn and step names the version that made it."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "stop", "Stop", id="threads.stop", priority=True, tooltip="Stop the run"),
        Binding("n", "new", "New", id="threads.new", tooltip="A new thread"),
        Binding(
            "v", "pick_ref", "Run with", id="threads.ref", tooltip="Choose the assistant or version that runs next"
        ),
        Binding("s", "next_view", "View", id="threads.view", tooltip="Chat, steps, state"),
        Binding("i", "focus_input", "Input", id="threads.input", tooltip="To the input"),
        Binding("slash", "filter", "Filter", id="threads.filter", tooltip="Filter the threads as you type"),
        Binding(
            "S",
            "samples",
            "Samples",
            id="threads.samples",
            show=False,
            tooltip="Show threads of samples, too, or hide them",
        ),
        Binding("y", "copy", "Copy", id="threads.copy", show=False, tooltip="Copy the last answer, or the thread's id"),
        Binding("e", "edit", "Edit", id="threads.edit", show=False, tooltip="Edit the assistant that runs next"),
        Binding("D", "delete", "Delete", id="threads.delete", show=False, tooltip="Delete the thread; asks first"),
        Binding("z", "zoom", "Zoom", id="threads.zoom", show=False, tooltip="The thread on the whole screen, and back"),
        Binding("f5,r", "reload", "Reload", id="threads.reload", show=False, tooltip="Read everything again"),
        Binding("escape", "back", "Back", id="threads.back", tooltip="From the input to the thread, to the list"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._pane = ThreadPane(self.clock)
        self._list = ListPane("Threads", *THREAD_COLUMNS, id="threads")
        self._threads: list[Thread] = []
        self._more = False
        self._samples = False  # whether the threads of samples are listed, too
        self._names: dict[str, str] = {}
        self._runnable: Runnable | None = None
        self._schema: dict[str, Any] | None = None
        self._wanted: tuple[str, str | None] | None = None
        self._unsent = Unsent(self)

    def compose_body(self) -> ComposeResult:
        """The list beside the thread; on a narrow screen one of them."""
        tabs = PaneTabs(COLUMNS, "threads")
        tabs.id = "column-tabs"
        yield tabs
        with Horizontal(id="columns"):
            yield self._list
            with Vertical(id="thread-column"):
                yield self._pane
                yield Static(id="problem")
                with Horizontal(id="prompt"):
                    yield Static(id="prompt-label")
                    yield RunInput(placeholder=_CHAT, id="input")

    def on_mount(self) -> None:
        """Nothing is known yet. Ages move once a minute."""
        self._list.set_message("Waiting for the server…")
        self._show_column("threads")
        self._show_ref()
        self.set_interval(60, self._show_threads)

    def on_connected(self) -> None:
        """Read the threads, and open what was asked for."""
        self.refresh_bindings()
        self._load_threads()
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            self.show_chat(*wanted)
        elif self._pane.conversation is None:
            self._list.list.focus()

    def on_screen_resume(self) -> None:
        """Others may have run something meanwhile."""
        if self.client is not None:
            self._load_threads()

    @property
    def _open_id(self) -> str | None:
        return self.conversation.thread_id if self.conversation else None

    @property
    def conversation(self) -> Conversation | None:
        """The thread that is open."""
        return self._pane.conversation

    # The list

    @work(group="threads", exclusive=True, exit_on_error=False)
    async def _load_threads(self, cursor: str | None = None) -> None:
        """Read the list; the cursor goes to the thread `cursor` unless the user is in the list."""
        client = self.client
        if client is None:
            return
        wanted = max(PAGE, len(self._threads))
        threads = await client.threads.list(limit=wanted, samples=self._samples)
        await self._learn_names(client, (thread.assistant_id for thread in threads))
        self._threads, self._more = threads, len(threads) == wanted
        self._show_threads()
        if cursor is not None and not self._list.has_focus_within:
            self._list.list.move_to(cursor)

    async def _learn_names(self, client: Client, assistant_ids: Iterable[str | None]) -> None:
        if any(identifier and identifier not in self._names for identifier in assistant_ids):
            self._names = {a.assistant_id: a.name for a in await client.assistants.list()}

    @work(group="threads", exclusive=True, exit_on_error=False)
    async def _load_more(self) -> None:
        if self.client is None:
            return
        page = await self.client.threads.list(limit=PAGE, offset=len(self._threads), samples=self._samples)
        known = {thread.thread_id for thread in self._threads}
        self._threads += [thread for thread in page if thread.thread_id not in known]
        self._more = len(page) == PAGE
        self._show_threads()

    def _show_threads(self) -> None:
        if self.client is not None:
            self._list.set_rows(thread_rows(self._threads, self._names, self.playground.now()), _EMPTY)

    @on(RowList.Moved)
    def _moved(self, event: RowList.Moved) -> None:
        if self._more and self._threads and event.key == self._threads[-1].thread_id:
            self._more = False
            self._load_more()

    @on(RowList.Opened)
    def _opened(self, event: RowList.Opened) -> None:
        self._open(event.key, None)

    # The thread

    def show_chat(self, ref: str, thread_id: str | None = None) -> None:
        """Chat with the ref on this thread, or on a new one."""
        if self.client is None:
            self._wanted = (ref, thread_id)
        elif thread_id is None:
            self._new(ref)
        else:
            self._open(thread_id, ref)

    @work(group="open", exclusive=True, exit_on_error=False)
    async def _new(self, ref: str) -> None:
        runnable = await self._resolve(ref)
        if runnable is None:
            self._show_column("thread")  # which says why
            return
        schema = await self._read_schema(runnable)
        self._pane.show(Conversation(runnable, clock=self.clock))
        self._use(runnable, schema)
        self._show_column("thread")
        self._focus_input()
        await self._unsent.restore(self.query_one(RunInput), f"new/{runnable.assistant_id}")

    @work(group="open", exclusive=True, exit_on_error=False)
    async def _open(self, thread_id: str, ref: str | None) -> None:
        """Read the thread, join what runs there, and choose what runs next: `ref`, else what ran last.

        It is shown when all of that is known: nobody types into a thread for another one's assistant.
        """
        client = self.client
        if client is None:
            return
        conversation = Conversation(clock=self.clock)
        try:
            flying = await conversation.open(client, thread_id)
            await self._learn_names(client, (turn.assistant_id for turn in conversation.transcript.turns))
        except PlaygroundError as error:
            self.playground.report(error)
            return
        runnable = await self._resolve(ref or _ref_of(conversation.thread))
        schema = await self._read_schema(runnable)
        self._name_turns(conversation)
        self._pane.show(conversation, _title(conversation))
        self._use(runnable, schema)
        self._show_column("thread")
        self._list.list.move_to(thread_id)
        if self._pane.card.asking:
            self._pane.card.focus_answer()
        else:
            self._focus_input()
        if flying is not None:
            self.run_worker(self._join(client, conversation, flying), group="runs", exit_on_error=False)
        await self._unsent.restore(self.query_one(RunInput), f"thread/{thread_id}")

    async def _resolve(self, ref: str | None) -> Runnable | None:
        self._problem("")
        if self.client is None or ref is None:
            return None
        try:
            return await self.client.resolve(ref)
        except RefError as error:
            meant = f" Candidates: {', '.join(error.candidates)}." if error.candidates else ""
            self._problem(f"{error.sentence}{meant} v chooses what runs next.")
        except PlaygroundError as error:
            self._problem(error.sentence)
            self.playground.report(error)
        return None

    async def _read_schema(self, runnable: Runnable | None) -> dict[str, Any] | None:
        if self.client is None or runnable is None:
            return None
        try:
            return input_schema(await self.client.graphs.schemas(runnable.assistant_id))
        except PlaygroundError:
            return None  # a graph that doesn't load says so when it runs

    def _use(self, runnable: Runnable | None, schema: dict[str, Any] | None) -> None:
        """This runs next, and takes such an input."""
        self._runnable, self._schema = runnable, schema
        if runnable is not None:
            self._names[runnable.assistant_id] = runnable.name
        if self.conversation is not None:
            self.conversation.runnable = runnable
        self._show_ref()
        self.query_one(RunInput).set_placeholder(input_hint(schema, _CHAT))

    def _name_turns(self, conversation: Conversation) -> None:
        """Title the turns of a thread that was read, each by the assistant that ran in it."""
        for turn in conversation.transcript.turns:
            if not turn.title and turn.version is not None:
                name = self._names.get(turn.assistant_id) or short_id(turn.assistant_id)
                turn.title = ran_title(name, turn.version, turn.draft)

    # Running

    @on(TextArea.Changed, "#input")
    def _typed(self) -> None:
        self._unsent.note(self.query_one(RunInput).text)

    @on(RunInput.Sent)
    def _sent(self, event: RunInput.Sent) -> None:
        client, conversation = self.client, self.conversation
        if client is None:
            self._problem("There is no server yet: the input stays here until there is one.")
        elif self._runnable is None:
            self._problem("Nothing to run yet: v chooses an assistant.")
        elif conversation is not None and conversation.active:
            self._problem("A run is in flight here: wait for it, or stop it with Ctrl+C.")
        else:
            try:
                given = read_input(event.text, self._schema)
            except ValueError as error:
                self._problem(str(error))
                return
            if conversation is None:
                conversation = Conversation(self._runnable, clock=self.clock)
                self._pane.show(conversation)
            event.run_input.remember(event.text)
            event.run_input.clear()
            self._problem("")
            if not conversation.transcript.blocks:
                self._pane.set_title(event.text)
            self.run_worker(self._send(client, conversation, given), group="runs", exit_on_error=False)

    async def _send(self, client: Client, conversation: Conversation, given: Any) -> None:
        await conversation.send(client, given)
        await self._ended(client, conversation)

    async def _join(self, client: Client, conversation: Conversation, run_id: str) -> None:
        await conversation.join(client, run_id)
        self._name_turns(conversation)
        await self._ended(client, conversation)

    async def _answer(self, client: Client, conversation: Conversation, answers: dict[str, Any]) -> None:
        await conversation.answer(client, answers)
        await self._ended(client, conversation)

    async def _ended(self, client: Client, conversation: Conversation) -> None:
        """The checkpoints know more of the steps than the stream did."""
        self._load_threads(conversation.thread_id)
        if conversation is not self.conversation or conversation.thread_id is None:
            return
        self._unsent.move(f"thread/{conversation.thread_id}")
        if self._pane.card.asking and not self.query_one(RunInput).text:
            self._pane.card.focus_answer()
        try:
            states = await client.threads.history(conversation.thread_id, limit=100)
        except PlaygroundError:
            return  # the steps as they were streamed stay
        if conversation is self.conversation and not conversation.active:
            self._pane.show_steps(Transcript.from_history(states).blocks)
            self._pane.show_state(states[0].values if states else None)

    @on(ThreadPane.ViewShown)
    def _view_shown(self, event: ThreadPane.ViewShown) -> None:
        if event.view == "state":
            self._load_state()

    @work(group="state", exclusive=True, exit_on_error=False)
    async def _load_state(self) -> None:
        conversation = self.conversation
        if self.client is None or conversation is None or conversation.thread_id is None:
            return
        state = await self.client.threads.state(conversation.thread_id)
        if conversation is self.conversation:
            self._pane.show_state(state.values)

    @on(InterruptCard.Answered)
    def _answered(self, event: InterruptCard.Answered) -> None:
        client, conversation = self.client, self.conversation
        if client is None or conversation is None:
            return
        if self._runnable is None:
            self._problem("Nothing to go on with: v chooses an assistant.")
            self._pane.refresh_status()
            return
        self._focus_input()
        self.run_worker(self._answer(client, conversation, event.answers), group="runs", exit_on_error=False)

    def action_stop(self) -> None:
        """Stop the run; a selected text is copied instead."""
        focused = self.focused
        if isinstance(focused, TextArea) and focused.selected_text:
            focused.action_copy()
        elif self.get_selected_text():
            self.action_copy_text()
        else:
            self._stop()

    @work(group="stop", exit_on_error=False)
    async def _stop(self) -> None:
        if self.client is not None and self.conversation is not None:
            await self.conversation.stop(self.client)

    # Keys

    def action_samples(self) -> None:
        """The threads that samples ran on, listed among the others or left out."""
        self._samples = not self._samples
        self._threads = []
        self._load_threads()
        said = (
            "The threads of samples are listed, too, marked ×." if self._samples else "Without the threads of samples."
        )
        self.notify(said, markup=False, timeout=3)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The footer shows what works now."""
        conversation, in_list = self.conversation, self._list.has_focus_within
        match action:
            case "stop":
                return conversation is not None and conversation.active
            case "new" | "pick_ref":
                return self.client is not None
            case "next_view" | "zoom":
                return conversation is not None
            case "copy":
                return self._list.key is not None if in_list else bool(conversation and conversation.turn)
            case "delete":
                return (self._list.key if in_list or conversation is None else self._open_id) is not None
            case "edit":
                return self._runnable is not None
            case "filter":
                return bool(self._threads)
            case "back":
                return not in_list or self._list.filtering
        return True

    def action_new(self) -> None:
        """A new thread with what runs next, or with what is chosen now."""
        if self._runnable is None:
            self._pick(new=True)
        else:
            self._new(self._runnable.ref)

    def action_pick_ref(self) -> None:
        """Choose what runs next."""
        self._pick(new=False)

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def _pick(self, new: bool) -> None:
        if self.client is None:
            return
        from playground.tui.screens.pick_ref import PickRef

        ref = await self.app.push_screen_wait(PickRef(self.client, "New thread with" if new else "Run next"))
        if not ref:
            return
        if new or self.conversation is None:
            self._new(ref)
        elif (runnable := await self._resolve(ref)) is not None:
            self._use(runnable, await self._read_schema(runnable))
            self._focus_input()

    def action_next_view(self) -> None:
        """Chat, steps, state."""
        self._pane.next_view()

    def action_focus_input(self) -> None:
        """Type."""
        self._show_column("thread")
        self._focus_input()

    async def action_filter(self) -> None:
        """Filter the threads as you type."""
        self._show_column("threads")
        await self._list.start_filter()

    def action_reload(self) -> None:
        """Read the list again, and the thread unless it runs."""
        self._load_threads()
        conversation = self.conversation
        if conversation is not None and conversation.thread_id is not None and not conversation.active:
            self._open(conversation.thread_id, self._runnable.ref if self._runnable else None)

    def action_copy(self) -> None:
        """The last answer; in the list, the thread's id."""
        if self._list.has_focus_within:
            text, what = self._list.key or "", "the thread's id"
        else:
            text, what = (self.conversation.transcript.answer if self.conversation else ""), "the answer"
        if text:
            self.app.copy_to_clipboard(text)
            self.notify(f"Copied {what}.", markup=False, timeout=3)

    def action_edit(self) -> None:
        """Edit what runs next."""
        if self._runnable is not None:
            version = None if self._runnable.draft else self._runnable.version
            self.playground.edit(self._runnable.assistant_id, version)

    def action_zoom(self) -> None:
        """The thread on the whole screen, or beside the list again."""
        self.query_one("#columns").toggle_class("-zoomed")

    def action_back(self) -> None:
        """From the input to the thread, from there to the list."""
        if isinstance(self.focused, TextArea):
            self._pane.focus_view()
        elif self._list.has_focus_within:
            self._list.clear_filter()
        else:
            self.query_one("#columns").remove_class("-zoomed")
            self._show_column("threads")
            self._list.list.focus()

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_delete(self) -> None:
        """Delete the thread under the cursor, or the open one."""
        from playground.tui.screens.dialogs import Confirm

        in_list = self._list.has_focus_within or self.conversation is None
        thread_id = self._list.key if in_list else self._open_id
        thread = next((thread for thread in self._threads if thread.thread_id == thread_id), None)
        if self.client is None or thread is None:
            return
        name = one_line(title_of(thread), 60) or short_id(thread.thread_id)
        body = f"“{name}” with its runs and checkpoints. This can't be undone."
        if not await self.app.push_screen_wait(Confirm("Delete the thread?", body, "Delete", destructive=True)):
            return
        await self.client.threads.delete(thread.thread_id)
        if self._open_id == thread.thread_id:
            self._pane.show(None)
        self._load_threads()

    # What it says

    @on(PaneTabs.Picked)
    def _picked(self, event: PaneTabs.Picked) -> None:
        self._show_column(event.pane)
        (self._list.list if event.pane == "threads" else self.query_one(RunInput)).focus()

    def _show_column(self, column: str) -> None:
        """On a narrow screen one of the two is shown."""
        self._list.set_class(column == "threads", "-current")
        self.query_one("#thread-column").set_class(column == "thread", "-current")
        self.query_one("#column-tabs", PaneTabs).show_current(column)

    def _focus_input(self) -> None:
        self.query_one(RunInput).focus()

    def _show_ref(self) -> None:
        label = f"{one_line(self._runnable.title, 40)}>" if self._runnable else "v: run with…"
        self.query_one("#prompt-label", Static).update(safe(label))
        self.refresh_bindings()

    def _problem(self, sentence: str) -> None:
        problem = self.query_one("#problem", Static)
        problem.update(safe(f"✘ {sentence}" if sentence else ""))
        problem.display = bool(sentence)


def _title(conversation: Conversation) -> str:
    return title_of(conversation.thread) if conversation.thread else ""


def _ref_of(thread: Thread | None) -> str | None:
    """What ran on the thread last: its assistant at its version."""
    if thread is None or thread.assistant_id is None:
        return thread.graph_id if thread else None
    return f"{thread.assistant_id}@v{thread.version}" if thread.version is not None else thread.assistant_id
