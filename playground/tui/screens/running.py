"""What is running anywhere: go there, or stop it."""

import asyncio
from typing import TYPE_CHECKING, ClassVar, Final, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from playground.client.client import Client
from playground.client.errors import PlaygroundError
from playground.client.flights import flight_of
from playground.client.thread_list import ThreadFacts
from playground.client.values import Thread
from playground.tui.screens.dialogs import Dialog
from playground.tui.text import MUTED, count, safe
from playground.tui.threads.running import COLUMNS, Going, going_elsewhere, running_rows
from playground.tui.widgets.keybar import KeyBar
from playground.tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from playground.tui.app import PlaygroundApp

_TICK: Final = 0.5
"""Seconds between two moves of the running times."""
_ASK: Final = 2
"""Seconds between two questions to the server: what do others run?"""
_LANDED: Final = 8
"""Runs that are over and are listed, the last ones."""
_NOTHING: Final = "Nothing runs.\n\nWhat you send in Threads, Compare or Try it is listed here, and what others run."


class RunningDialog(Dialog[str | None]):
    """Answers the thread to go to. What runs is stopped here."""

    DEFAULT_CSS = """
    RunningDialog {
        #dialog { width: 100; max-width: 94%; }
        RowList { height: auto; min-height: 7; max-height: 60vh; }
        KeyBar { dock: none; background: transparent; padding: 0; margin-top: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x,ctrl+c", "stop", "Stop", id="running.stop", priority=True, tooltip="Stop the run"),
        Binding("X", "stop_all", "Stop all", id="running.stop_all", tooltip="Stop all that was begun here"),
        Binding("escape,W", "cancel", "Close", id="running.close", tooltip="Back to where you were"),
    ]

    def __init__(self) -> None:
        super().__init__("Running")
        self._others: list[Thread] = []
        self._facts: dict[str, ThreadFacts] = {}
        self._names: dict[str, str] = {}
        self._shown: dict[str, Going] = {}
        self._asked = False

    @property
    def playground(self) -> "PlaygroundApp":
        """The app, as what it is."""
        return cast("PlaygroundApp", self.app)

    @property
    def rows(self) -> RowList:
        """What runs, and what is over."""
        return self.query_one(RowList)

    def compose_body(self) -> ComposeResult:
        """The rows over their keys."""
        yield RowList(*COLUMNS, header=True, id="running")
        yield KeyBar()

    def on_mount(self) -> None:
        """What is known here is listed at once, what others run when the server has answered."""
        self._show()
        self.rows.focus()
        self.set_interval(_TICK, self._show)
        self.set_interval(_ASK, self._ask)
        self._ask()

    @work(group="ask", exclusive=True, exit_on_error=False)
    async def _ask(self) -> None:
        client = self.playground.client
        if client is None:
            return
        try:
            self._others = await client.thread_list.busy()
            new = [thread for thread in self._others if thread.thread_id not in self._facts]
            self._facts |= await client.thread_list.facts(new)
            if any(thread.assistant_id not in self._names for thread in self._others):
                self._names = {one.assistant_id: one.name for one in await client.assistants.list()}
        except PlaygroundError:
            self._others = []  # the banner says that the server is away
        self._asked = True
        self._show()

    def _show(self) -> None:
        flights, where = self.playground.flights, self.playground.where
        here_running = flights.all if flights is not None else []
        running = [Going(flight_of(one), "samples" if one.quiet else where(one.thread_id)) for one in here_running]
        here = {one.thread_id for one in running}
        now = self.playground.now()
        running += [
            going_elsewhere(thread, self._facts.get(thread.thread_id), self._names, now)
            for thread in self._others
            if thread.thread_id not in here
        ]
        known = {one.thread_id for one in running}
        over = [one for one in (flights.landed if flights is not None else []) if one.thread_id not in known]
        shown = [*running, *(Going(one, where(one.thread_id)) for one in over[:_LANDED])]
        self._shown = {one.thread_id: one for one in shown}
        self.rows.set_rows(running_rows(shown), safe(_NOTHING if self._asked else "Looking…", MUTED))
        said = f"{count(len(running), 'run')}" if running else "nothing runs"
        self.query_one("#dialog").border_subtitle = Content(said)

    @property
    def chosen(self) -> Going | None:
        """What the cursor is on."""
        return self._shown.get(self.rows.key or "")

    @on(RowList.Opened)
    def _opened(self, event: RowList.Opened) -> None:
        self.dismiss(event.key)

    @on(RowList.Moved)
    def _moved(self) -> None:
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What runs can be stopped."""
        if action == "stop":
            return self.chosen is not None and self.chosen.flight.active
        if action == "stop_all":
            return bool(self.playground.flights and self.playground.flights.all)
        return True

    @work(group="stop", exit_on_error=False)
    async def action_stop(self) -> None:
        """Stop what the cursor is on, whoever began it; what it has said stays."""
        client, chosen = self.playground.client, self.chosen
        if client is not None and chosen is not None:
            await self._stop(client, chosen.thread_id)
            self._ask()

    @work(group="stop", exit_on_error=False)
    async def action_stop_all(self) -> None:
        """Stop all that was begun here."""
        client = self.playground.client
        if client is not None:
            await asyncio.gather(*(one.stop(client) for one in client.flights.all))
            self._ask()

    async def _stop(self, client: Client, thread_id: str) -> None:
        mine = next((one for one in client.flights.all if one.thread_id == thread_id), None)
        if mine is not None:
            await mine.stop(client)
            return
        for run in await client.runs.list(thread_id, limit=20):
            if run.status in ("pending", "running"):
                await client.runs.cancel(thread_id, run.run_id)
