"""The list of threads: reading it page by page, and what is done with the one under the cursor."""

from typing import ClassVar, Final

from textual import on, work
from textual.binding import Binding, BindingType

from playground.client.conversation import title_of
from playground.client.values import Thread
from playground.tui.screens.threads_core import ThreadsCore
from playground.tui.text import one_line, short_id
from playground.tui.widgets.list_pane import ListPane
from playground.tui.widgets.row_list import RowList
from playground.tui.widgets.thread_rows import THREAD_COLUMNS, thread_rows

PAGE: Final = 50
_EMPTY: Final = (
    "No threads yet.\n\nIn Browse (1) press t on an assistant,\nor press n here: a thread begins with a run."
)


class ListThreadsScreen(ThreadsCore):
    """The list on the left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", id="threads.filter", tooltip="Filter the threads as you type"),
        Binding(
            "S",
            "samples",
            "Samples",
            id="threads.samples",
            show=False,
            tooltip="Show threads of samples, too, or hide them",
        ),
        Binding("D", "delete", "Delete", id="threads.delete", show=False, tooltip="Delete the thread; asks first"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.list = ListPane("Threads", *THREAD_COLUMNS, id="threads")
        self._threads: list[Thread] = []
        self._more = False
        self._samples = False  # whether the threads of samples are listed, too

    def on_mount(self) -> None:
        """Nothing is known yet. Ages move once a minute."""
        self.list.set_message("Waiting for the server…")
        self.set_interval(60, self._show_threads)

    def on_screen_resume(self) -> None:
        """Others may have run something meanwhile."""
        if self.client is not None:
            self.load_threads()

    def run_ended(self) -> None:
        """The thread is now among the first."""
        super().run_ended()
        self.load_threads(self.thread_id)

    def open_thread(self, thread_id: str, ref: str | None) -> None:
        """Open it, with `ref` running next, else what ran last."""
        raise NotImplementedError

    @property
    def in_list(self) -> bool:
        """Whether keys act on the list."""
        return self.list.has_focus_within

    @work(group="threads", exclusive=True, exit_on_error=False)
    async def load_threads(self, cursor: str | None = None) -> None:
        """Read the list; the cursor goes to the thread `cursor` unless the user is in the list."""
        client = self.client
        if client is None:
            return
        wanted = max(PAGE, len(self._threads))
        threads = await client.threads.list(limit=wanted, samples=self._samples)
        await self.learn_names(client, (thread.assistant_id for thread in threads))
        self._threads, self._more = threads, len(threads) == wanted
        self._show_threads()
        if cursor is not None and not self.in_list:
            self.list.list.move_to(cursor)

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
            self.list.set_rows(thread_rows(self._threads, self.names, self.playground.now()), _EMPTY)

    @on(RowList.Moved, "#threads-list")
    def _moved(self, event: RowList.Moved) -> None:
        if self._more and self._threads and event.key == self._threads[-1].thread_id:
            self._more = False
            self._load_more()

    @on(RowList.Opened, "#threads-list")
    def _opened(self, event: RowList.Opened) -> None:
        self.open_thread(event.key, None)

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The footer shows what works now."""
        match action:
            case "delete":
                return (self.list.key if self.in_list or self.conversation is None else self.thread_id) is not None
            case "filter":
                return bool(self._threads)
        return super().check_action(action, parameters)

    async def action_filter(self) -> None:
        """Filter the threads as you type."""
        self.show_column("threads")
        await self.list.start_filter()

    def action_samples(self) -> None:
        """The threads that samples ran on, listed among the others or left out."""
        self._samples = not self._samples
        self._threads = []
        self.load_threads()
        said = (
            "The threads of samples are listed, too, marked ×." if self._samples else "Without the threads of samples."
        )
        self.notify(said, markup=False, timeout=3)

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_delete(self) -> None:
        """Delete the thread under the cursor, or the open one."""
        from playground.tui.screens.dialogs import Confirm

        in_list = self.in_list or self.conversation is None
        thread_id = self.list.key if in_list else self.thread_id
        thread = next((thread for thread in self._threads if thread.thread_id == thread_id), None)
        if self.client is None or thread is None:
            return
        name = one_line(title_of(thread), 60) or short_id(thread.thread_id)
        body = f"“{name}” with its runs and checkpoints. This can't be undone."
        if not await self.app.push_screen_wait(Confirm("Delete the thread?", body, "Delete", destructive=True)):
            return
        await self.client.threads.delete(thread.thread_id)
        if self.thread_id == thread.thread_id:
            self.show_conversation(None)
        self.load_threads()
