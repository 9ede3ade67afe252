"""The Textual app: four screens over one client."""

import asyncio
import gc
import os
import traceback
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast

from textual import on, work
from textual.app import App, SuspendNotSupported, SystemCommand
from textual.binding import Binding, BindingType
from textual.notifications import Notify
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from playground.client.errors import PlaygroundError, ServerGone
from playground.client.target import find_project
from playground.tui.clipboard import MOST, can_copy, osc52, to_file
from playground.tui.editor import edit_file, editor_command, waiting
from playground.tui.link import Link
from playground.tui.notices import Notices
from playground.tui.screens.base import NARROW, PlaygroundScreen
from playground.tui.screens.browse import BrowseScreen
from playground.tui.text import one_line
from playground.tui.ui_state import read_theme, write_theme
from playground.tui.widgets.topbar import TopBar, home_relative

if TYPE_CHECKING:
    from textual.command import Provider
    from textual.widget import Widget

    from playground.client.client import Client
    from playground.client.conversation import Conversation
    from playground.client.flights import Flights
    from playground.client.input_file import InputFile
    from playground.client.saved import SavedComparison
    from playground.client.target import Target
    from playground.client.values import Graph, ServerLost


_KEY_NAMES: Final = {
    "enter": "Enter",
    "space": "Space",
    "escape": "Esc",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
    "home": "Home",
    "end": "End",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    **{f"f{number}": f"F{number}" for number in range(1, 13)},
}
"""Keys as people call them."""


_ALLOCATIONS: Final = 20_000
"""New objects after which the garbage collector looks for cycles among them: a frame of the screen has thousands."""

_RESTART: Final = "Reload code: a fresh server process on the same store"


def _later(mode: str) -> Callable[[], Screen[Any]]:
    """The screen of a mode, its module imported when it is first shown: the first paint must not wait for it."""

    def make() -> Screen[Any]:
        module = import_module(f"playground.tui.screens.{mode}")
        return cast("Screen[Any]", getattr(module, f"{mode.capitalize()}Screen")())

    return make


def _commands() -> "type[Provider]":
    from playground.tui.commands import CommandEntries

    return CommandEntries


def _things() -> "type[Provider]":
    from playground.tui.commands import ThingEntries

    return ThingEntries


class PlaygroundApp(App[None]):
    """The playground on one server, found or started as `target` says."""

    TITLE = "playground"
    MODES: ClassVar[dict[str, str | Callable[[], Screen[Any]]]] = {
        "browse": BrowseScreen,
        "edit": _later("edit"),
        "compare": _later("compare"),
        "threads": _later("threads"),
    }
    DEFAULT_MODE = "browse"
    PAUSE_GC_ON_SCROLL = True
    COMMANDS: ClassVar[set["type[Provider] | Callable[[], type[Provider]]"]] = {_commands, _things}
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (NARROW, "-wide")]  # noqa: RUF012 - Textual declares it so
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "go('browse')", "Browse", id="app.browse", show=False, tooltip="Graphs, assistants and versions"),
        Binding("2", "go('edit')", "Edit", id="app.edit", show=False, tooltip="Edit an assistant"),
        Binding("3", "go('compare')", "Compare", id="app.compare", show=False, tooltip="Versions side by side"),
        Binding("4", "go('threads')", "Threads", id="app.threads", show=False, tooltip="Threads and chat"),
        Binding("question_mark", "help", "Help", id="app.help", tooltip="What this screen is for, and its keys"),
        Binding("ctrl+o", "jump", "Jump", id="app.jump", show=False, tooltip="To any pane or field by a letter"),
        Binding("ctrl+r", "restart_server", "Restart server", id="app.restart", show=False, tooltip=_RESTART),
        Binding("f2", "show_details", "Details", id="app.details", show=False, tooltip="What was said last, in full"),
        Binding("f3", "show_log", "Server log", id="app.log", show=False, tooltip="What your graphs print, live"),
        Binding("W", "running", "Running", id="app.running", show=False, tooltip="What runs anywhere"),
        Binding("ctrl+q", "quit", "Quit", id="app.quit", show=False, priority=True, tooltip="Leave the playground"),
    ]

    def __init__(self, target: "Target", *, clock: Callable[[], datetime] | None = None) -> None:
        super().__init__()
        self.target = target
        self.client: Client | None = None
        self.now = clock or (lambda: datetime.now(UTC))
        self.begin: Callable[[], None] = lambda: None
        """Called once the first screen is painted: where the user asked to go."""
        self._away = False  # the server, after it was there
        self._restarting = False  # away to begin again, as asked or with changed code
        self.details: tuple[str, str, str | None] = ("Nothing went wrong so far.", "", "Details")
        self.screens_opened: list[PlaygroundScreen] = []
        self._collections = gc.get_threshold()
        self._link = Link(self)
        self._notices = Notices(self)
        theme = read_theme()
        if theme in self.available_themes:
            self.theme = theme

    @property
    def place(self) -> str:
        """What is open, for the line on top."""
        if self.target.url:
            return self.target.url
        if self.target.demo:
            return "sample project (demo)"
        start = self.target.project or Path.cwd()
        return home_relative(find_project(start) or start)

    def on_mount(self) -> None:
        """The rest of the screen, and the server, once something was painted."""
        self.call_after_refresh(self._painted)

    async def _painted(self) -> None:
        for screen in self.screens_opened:
            await screen.on_painted()
        self.call_after_refresh(self._link.start)
        self.begin()

    async def on_unmount(self) -> None:
        """Let go of the server: one that we started ends when nobody uses it."""
        await self._link.close()
        gc.unfreeze()  # for whoever goes on in this process, as tests do
        gc.set_threshold(*self._collections)

    def lists_painted(self) -> None:
        """The first lists are on the screen: from here on a key press must not wait."""
        # Modules, the SDK's models and the widgets live as long as the app. A full collection would go through them
        # all, in the middle of a key press (115-145 ms); frozen objects it passes by.
        gc.freeze()
        gc.set_threshold(_ALLOCATIONS, *self._collections[1:])

    # The server, as the link sees it

    @property
    def connected_client(self) -> "Client":
        """The client. Raises PlaygroundError while there is none."""
        if self.client is None:
            raise PlaygroundError("The server is not there yet. It is being started; try again in a moment.")
        return self.client

    def connected(self) -> None:
        """A server answers, for the first time or again."""
        self._away = False
        if self.client is not None:
            self.client.flights.watcher = self._flight_changed
        for screen in self.screens_opened:
            screen.connected()
        if self._restarting:
            self.notify("The server runs again, with the code as it is now.", timeout=4, markup=False)
        self._restarting = False
        self._announce_notices()

    def disconnected(self, lost: "ServerLost") -> None:
        """The server has gone; the link is trying to get it back, or has given up."""
        self._away = True
        self._restarting = lost.asked
        last_lines = ["F2 shows its last lines."] if lost.log else []
        hints = ["Ctrl+R starts it." if lost.gave_up else "Reconnecting…", *last_lines]
        for screen in self.screens_opened:
            screen.disconnected(" ".join([lost.reason, *hints]))
        if not lost.asked:
            # The banner goes when the server is back, often within a second: this stays to be read.
            self.details = (lost.reason, "\n".join(lost.log), None)
            sentence = one_line(" ".join([lost.reason, *last_lines]), 400)
            self.notify(sentence, title="The server went away", severity="warning", timeout=10, markup=False)

    def graphs_changed(self, graphs: "list[Graph]") -> None:
        """A graph was loaded, or failed to."""
        for screen in self.screens_opened:
            screen.on_graphs_changed(graphs)
        if all(graph.state != "loading" for graph in graphs):
            self._announce_notices()  # a graph that brings its own checkpointer is noticed when it is loaded

    def show_failure(self, error: PlaygroundError) -> None:
        """No server could be found or started: say why on the whole screen, and what to do."""
        from playground.tui.screens.failure import FailureScreen

        self.details = (error.sentence, error.detail or "", None)
        self.push_screen(FailureScreen(error), self._try_again)

    def _try_again(self, again: bool | None) -> None:
        if again:
            self._link.start()

    @work(group="restart", exclusive=True, exit_on_error=False)
    async def action_restart_server(self) -> None:
        """A fresh server process: changed code is read, the store stays."""
        await self._link.restart()

    # What the palette and the keys call

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """None of Textual's: `commands.py` has all."""
        return ()

    def action_help(self) -> None:
        """The help of this screen."""
        from playground.tui.screens.help import HelpScreen

        self.push_screen(HelpScreen(self.screen))

    def action_jump(self) -> None:
        """A letter on every pane and field."""
        from playground.tui.screens.jump import JumpScreen

        self.push_screen(JumpScreen(self.screen), self._jump_to)

    def _jump_to(self, target: "Widget | None") -> None:
        if target is not None:
            target.focus()

    def action_change_theme(self) -> None:
        """Choose the colours, with a preview."""
        from playground.tui.screens.themes import ThemeScreen

        self.push_screen(ThemeScreen(self.theme), self._remember_theme)

    def _remember_theme(self, theme: str | None) -> None:
        if theme is None:
            return
        try:
            write_theme(theme)
        except OSError as error:
            self.report(PlaygroundError(f"The theme could not be remembered: {error}."))

    def action_help_quit(self) -> None:
        """Ctrl+C stops a run where one is; it never ends the app."""
        self.notify("Ctrl+Q leaves the playground.", timeout=3, markup=False)

    # What screens call

    def browse(self, graph_id: str, assistant_id: str | None = None) -> None:
        """Show the graph, and the assistant, on the Browse screen."""
        self._show("browse", "show", graph_id, assistant_id)

    def edit(self, assistant_id: str, version: int | None = None) -> None:
        """Open the assistant (a version of it, else its draft or active version) on the Edit screen."""
        self._show("edit", "show_assistant", assistant_id, version)

    def compare(self, refs: list[str], inputs: "InputFile | None" = None) -> None:
        """Open the refs, a pane each, on the Compare screen; with a file's inputs to go through."""
        self._show("compare", "show_refs", refs, inputs)

    def compare_with(self, ref: str) -> None:
        """A pane for the ref, beside those that are on the Compare screen."""
        self._show("compare", "add_ref", ref)

    @work(group="comparisons", exclusive=True, exit_on_error=False)
    async def action_comparisons(self) -> None:
        """The comparisons that are kept; the chosen one opens on the Compare screen."""
        from playground.tui.screens.comparisons import ComparisonsDialog

        shown = getattr(self.screen_stack[0], "comparison", None)
        chosen = await self.push_screen_wait(ComparisonsDialog(shown.comparison_id if shown else ""))
        if chosen is not None:
            self.open_comparison(chosen)

    def open_comparison(self, saved: "SavedComparison") -> None:
        """Open what was compared before, with everything that ran in it, on the Compare screen."""
        self._show("compare", "show_comparison", saved)

    def chat(self, ref: str, thread_id: str | None = None) -> None:
        """Open a thread (a new one without `thread_id`) to chat with the ref on the Threads screen."""
        self._show("threads", "show_chat", ref, thread_id)

    def report(self, error: BaseException) -> None:
        """Tell the user what went wrong in one sentence; `F2` shows the rest."""
        sentence, detail = describe(error)
        if isinstance(error, ServerGone):
            # The link tells why, with the server's last lines: F2 stays theirs.
            if not self._away:
                self.notify(one_line(sentence, 400), title="Error", severity="error", timeout=10, markup=False)
            return
        self.details = (sentence, detail, None)
        self.notify(one_line(sentence, 400), title="Error (F2 for details)", severity="error", timeout=10, markup=False)

    @on(Notify)
    def _make_room(self, event: Notify) -> None:
        """What is said takes the place of what was: a pile covers the screen, and old words mislead.

        Only an error stays when something is said that is none.
        """
        for said in list(self._notifications):
            if event.notification.severity == "error" or said.severity != "error":
                self._unnotify(said, refresh=False)

    @on(Worker.StateChanged)
    def report_failed_worker(self, event: Worker.StateChanged) -> None:
        """Say what ended a worker. Textual tells only the node that started it: screens and dialogs pass it on."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            self.report(event.worker.error)

    def show_details(self, sentence: str, detail: str, title: str | None = None) -> None:
        """A sentence and what is behind it, to read and copy. Without a title it is an error."""
        from playground.tui.screens.dialogs import Details, ErrorDetails

        self.push_screen(ErrorDetails(sentence, detail) if title is None else Details(sentence, detail, title))

    def action_show_details(self) -> None:
        """What was said last, in full."""
        self.show_details(*self.details)

    @work(group="notices", exclusive=True, exit_on_error=False)
    async def _announce_notices(self) -> None:
        await self._notices.announce()

    @work(group="show notices", exclusive=True, exit_on_error=False)
    async def action_show_notices(self) -> None:
        """All that is to be known about the project on this server."""
        await self._notices.show()

    def action_show_log(self) -> None:
        """What the graphs print, as it comes."""
        from playground.tui.screens.server_log import ServerLog

        self.push_screen(ServerLog())

    def copy(self, text: str, what: str) -> None:
        """Copy `text`, and say so: "Copied {what}." Where the terminal can't, to a file that is named."""
        self._clipboard = text  # for Ctrl+V here
        if can_copy() and len(text) < MOST // 2:
            self.copy_to_clipboard(text)
            self.notify(f"Copied {what}.", timeout=3, markup=False)
        else:
            self.notify(f"This terminal can't copy that: {what} is in {to_file(text)}.", timeout=10, markup=False)

    def copy_to_clipboard(self, text: str) -> None:
        """Through OSC 52, wrapped for tmux."""
        self._clipboard = text
        sequence = osc52(text, tmux="TMUX" in os.environ)
        if self._driver is not None and sequence is not None:
            self._driver.write(sequence)

    def open_editor(self, path: str, line: int | None = None, *, wait: bool = False) -> int | None:
        """Open a file in the user's editor, at a line; the playground waits. Its exit code; None if it didn't start.

        `wait`: an editor with a window of its own, too, ends only once the file is closed.
        """
        command = editor_command()
        if command is None:
            self.notify(f"No editor: set $EDITOR. The file is {path}.", severity="warning", markup=False)
            return None
        code = None
        try:
            with self.suspend():
                code = edit_file(path, waiting(command) if wait else command, line)
        except (OSError, SuspendNotSupported) as error:
            self.report(PlaygroundError(f"{command[0]} could not be started for {path}: {error}."))
        self.refresh()
        return code

    def get_key_display(self, binding: Binding) -> str:
        """Keys as people call them."""
        return _KEY_NAMES.get(binding.key, super().get_key_display(binding))

    # What runs

    @property
    def flights(self) -> "Flights | None":
        """The runs that are followed on any screen."""
        return self.client.flights if self.client is not None else None

    def where(self, thread_id: str | None) -> str:
        """What shows the thread: `Threads`, `Compare B`, `Try it`; "" where it is only followed."""
        shown = (screen.where(thread_id or "") for screen in self.screens_opened)
        return next((name for name in shown if name), "")

    def _flight_changed(self, conversation: "Conversation") -> None:
        """A run has begun, or is over; if nobody looks at it, that is said."""
        from playground.client.flights import flight_of
        from playground.tui.threads.running import ended

        if self.flights is None:
            return
        self.show_running(len(self.flights.all))
        base = self.screen_stack[0]
        seen = isinstance(base, PlaygroundScreen) and base.where(conversation.thread_id or "")
        if conversation.quiet or conversation.active or seen or self.flights.follows(conversation.thread_id):
            return
        sentence, severity = ended(flight_of(conversation))
        self.notify(sentence, severity=severity, timeout=8, markup=False)

    def show_running(self, running: int) -> None:
        """In the line on top of every screen."""
        for screen in {*self.screens_opened, *self.screen_stack}:
            for bar in screen.query(TopBar):
                bar.show_running(running)

    @work(group="running", exclusive=True, exit_on_error=False)
    async def action_running(self) -> None:
        """What runs anywhere; the chosen one is shown where it is."""
        from playground.tui.screens.running import RunningDialog

        thread_id = await self.push_screen_wait(RunningDialog())
        if thread_id is not None:
            self.clear_notifications()  # what they said is what one goes to
            self.go_to_thread(thread_id)

    def go_to_thread(self, thread_id: str) -> None:
        """Where a thread is shown, else open it on the Threads screen."""
        screen = next((screen for screen in self.screens_opened if screen.where(thread_id)), None)
        if screen is None:
            self._show("threads", "show_thread", thread_id)
        else:
            self._show(screen.MODE, "show_where", thread_id)

    # Navigation

    @work(group="navigation", exclusive=True, exit_on_error=False)
    async def _show(self, mode: str, method: str | None = None, *args: object) -> None:
        # Imported beside the loop: the screen that is shown goes on answering keys.
        await asyncio.to_thread(import_module, f"playground.tui.screens.{mode}")
        again = mode == self.current_mode
        await self.switch_mode(mode)
        while (again or method) and len(self.screen_stack) > 1 and isinstance(self.screen, PlaygroundScreen):
            await self.pop_screen()  # what lies over the wanted screen, as a graph's own does over Browse
        if method is not None:
            getattr(self.screen_stack[0], method)(*args)

    def action_go(self, mode: str) -> None:
        """Go to one of the four screens."""
        self._show(mode)


def describe(error: BaseException) -> tuple[str, str]:
    """A sentence and the details. Errors of the client carry both; of anything else the traceback is the detail."""
    sentence = getattr(error, "sentence", None)
    if isinstance(sentence, str):
        return sentence, str(getattr(error, "detail", None) or "")
    return (
        f"Something unexpected happened: {type(error).__name__}: {error}",
        "".join(traceback.format_exception(error)),
    )
