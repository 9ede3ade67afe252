"""Threads: what was said, step by step, and going on with it."""

from typing import ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Static, TextArea

from playground.client.conversation import Conversation
from playground.client.errors import PlaygroundError
from playground.client.values import Thread
from playground.tui.screens.threads_core import thread_title
from playground.tui.screens.threads_input import InputThreadsScreen
from playground.tui.screens.threads_list import ListThreadsScreen
from playground.tui.screens.threads_messages import MessageThreadsScreen
from playground.tui.screens.threads_pauses import PauseThreadsScreen
from playground.tui.screens.threads_state import StateThreadsScreen
from playground.tui.screens.threads_taking import TakingThreadsScreen
from playground.tui.screens.threads_time import TimeThreadsScreen
from playground.tui.screens.threads_views import ViewThreadsScreen
from playground.tui.widgets.pane_tabs import PaneTabs
from playground.tui.widgets.run_input import RunInput

LEFT: Final = (("threads", "Threads"), ("timeline", "Timeline"))
COLUMNS: Final = (*LEFT, ("thread", "Thread"))


class ThreadsScreen(
    ListThreadsScreen,
    TimeThreadsScreen,
    ViewThreadsScreen,
    StateThreadsScreen,
    MessageThreadsScreen,
    PauseThreadsScreen,
    TakingThreadsScreen,
    InputThreadsScreen,
):
    """The list of threads or the open one's timeline, the thread itself, and its input."""

    CSS_PATH = "threads.tcss"
    AUTO_FOCUS = ""
    HELP = (
        "A thread keeps the state of its runs. Each run may be of another assistant or version: the name before the "
        "input says what runs next, v changes it, and every turn and step names the version that made it."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "new", "New", id="threads.new", tooltip="A new thread"),
        Binding(
            "v", "pick_ref", "Run with", id="threads.ref", tooltip="Choose the assistant or version that runs next"
        ),
        Binding("T", "timeline", "Timeline", id="threads.timeline", show=False, tooltip="The timeline, or the list"),
        Binding("e", "edit", "Edit", id="threads.edit", show=False, tooltip="Edit the assistant that runs next"),
        Binding("z", "zoom", "Zoom", id="threads.zoom", show=False, tooltip="The thread on the whole screen, and back"),
        Binding("f5,r", "reload", "Reload", id="threads.reload", show=False, tooltip="Read everything again"),
        Binding("escape", "back", "Back", id="threads.back", tooltip="From the input to the thread, to the list"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._wanted: tuple[str, str | None] | None = None

    def compose_body(self) -> ComposeResult:
        """List or timeline beside the thread; on a narrow screen one of them."""
        tabs = PaneTabs(COLUMNS, "threads")
        tabs.id = "column-tabs"
        yield tabs
        with Horizontal(id="columns"):
            with Vertical(id="left"):
                left = PaneTabs(LEFT, "threads")
                left.id = "left-tabs"
                yield left
                yield self.list
                with Vertical(id="timeline-column"):
                    yield from self.compose_timeline()
            with Vertical(id="thread-column"):
                yield self.pane
                yield Static(id="problem")
                yield from self.compose_input()

    def on_mount(self) -> None:
        """Nothing is known yet."""
        self.show_column("threads")
        self.show_ref()

    def on_connected(self) -> None:
        """Read the threads, and open what was asked for."""
        self.refresh_bindings()
        self.load_threads()
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            self.show_chat(*wanted)
        elif self.pane.conversation is None:
            self.list.list.focus()

    # Opening

    def show_chat(self, ref: str, thread_id: str | None = None) -> None:
        """Chat with the ref on this thread, or on a new one."""
        if self.client is None:
            self._wanted = (ref, thread_id)
        elif thread_id is None:
            self.new_thread(ref, own=True)
        else:
            self.open_thread(thread_id, ref)

    @work(group="open", exclusive=True, exit_on_error=False)
    async def new_thread(self, ref: str, *, own: bool = False) -> None:
        """A thread that begins with its first run. `own`: the assistant's threads are listed beside it."""
        runnable = await self.resolve(ref)
        if runnable is None:
            self.show_column("thread")  # which says why
            return
        if own:
            self.own_threads(runnable)
        schema = await self.read_schema(runnable)
        self.show_conversation(Conversation(runnable, clock=self.clock))
        self.use(runnable, schema)
        self.show_column("thread")
        self.focus_input()
        await self.restore_input()

    @work(group="open", exclusive=True, exit_on_error=False)
    async def open_thread(self, thread_id: str, ref: str | None) -> None:  # type: ignore[override]  # a worker
        """Read the thread, join what runs there, and choose what runs next: `ref`, else what ran last.

        It is shown when all of that is known: nobody types into a thread for another one's assistant.
        """
        client = self.client
        if client is None:
            return
        conversation = Conversation(clock=self.clock)
        try:
            flying = await conversation.open(client, thread_id)
            await self.learn_names(client, (turn.assistant_id for turn in conversation.transcript.turns))
        except PlaygroundError as error:
            self.playground.report(error)
            return
        runnable = await self.resolve(ref or _ref_of(conversation.thread))
        schema = await self.read_schema(runnable)
        self.name_turns(conversation)
        self.show_conversation(conversation, thread_title(conversation))
        self.use(runnable, schema)
        self.show_column("timeline")
        self.show_column("thread")
        self.list.list.move_to(thread_id)
        if self.pane.card.asking:
            self.pane.card.focus_answer()
        else:
            self.focus_input()
        if flying is not None:
            self.join(client, conversation, flying)
        await self.restore_input()

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The footer shows what works now."""
        match action:
            case "new" | "pick_ref":
                return self.client is not None
            case "zoom" | "timeline":
                return self.conversation is not None
            case "edit":
                return self.runnable is not None
            case "back":
                return not self.in_list or self.list.filtering
        return super().check_action(action, parameters)

    def action_new(self) -> None:
        """A new thread with what runs next, or with what is chosen now."""
        if self.runnable is None:
            self._pick(new=True)
        else:
            self.new_thread(self.runnable.ref)

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
            self.new_thread(ref)
        elif (runnable := await self.resolve(ref)) is not None:
            self.use(runnable, await self.read_schema(runnable))
            self.focus_input()

    def action_reload(self) -> None:
        """Read the list again, and the thread unless it runs."""
        self.load_threads()
        conversation = self.conversation
        if conversation is not None and conversation.thread_id is not None and not conversation.active:
            self.open_thread(conversation.thread_id, self.runnable.ref if self.runnable else None)

    def action_edit(self) -> None:
        """Edit what runs next."""
        if self.runnable is not None:
            version = None if self.runnable.draft else self.runnable.version
            self.playground.edit(self.runnable.assistant_id, version)

    def action_zoom(self) -> None:
        """The thread on the whole screen, or beside the list again."""
        self.query_one("#columns").toggle_class("-zoomed")

    def action_timeline(self) -> None:
        """The timeline on the left, or the list."""
        hidden = self.has_class("-narrow") and self.column == "thread"
        self.show_left("threads" if self.with_timeline and not hidden else "timeline")

    def action_back(self) -> None:
        """From the input to the thread, from there to what is on the left, from the timeline to the list."""
        if isinstance(self.focused, TextArea):
            self.pane.focus_view()
        elif self.in_list:
            self.list.clear_filter()
        else:
            beside = self.pane.has_focus_within and self.with_timeline and not self.has_class("-narrow")
            self.show_left("timeline" if beside else "threads")

    def show_left(self, column: str) -> None:
        """The list or the timeline, with the focus in it."""
        self.query_one("#columns").remove_class("-zoomed")
        self.show_column(column)
        if column == "threads":
            self.list.list.focus()
        else:
            self.focus_timeline()

    @on(PaneTabs.Picked)
    def _picked(self, event: PaneTabs.Picked) -> None:
        if event.pane == "thread":
            self.show_column("thread")
            self.query_one(RunInput).focus()
        else:
            self.show_left(event.pane)

    @property
    def list_key(self) -> str | None:
        """The thread under the cursor while the focus is in the list."""
        return self.list.key if self.in_list else None


def _ref_of(thread: Thread | None) -> str | None:
    """What ran on the thread last: its assistant at its version."""
    if thread is None or thread.assistant_id is None:
        return thread.graph_id if thread else None
    return f"{thread.assistant_id}@v{thread.version}" if thread.version is not None else thread.assistant_id
