"""Which assistant is open on the Edit screen, and how its session follows the server: code, versions, lost answers."""

import asyncio
from typing import Final

from textual import on, work

from playground.client.errors import PlaygroundError
from playground.client.values import Graph
from playground.tui.edit.session import EditSession
from playground.tui.screens.base import PlaygroundScreen
from playground.tui.usecases import editing as usecases
from playground.tui.usecases import say
from playground.tui.usecases.trying import TryOut
from playground.tui.widgets.form_bar import FormBar
from playground.tui.widgets.form_empty import EmptyEdit
from playground.tui.widgets.form_switch import ViewSwitch
from playground.tui.widgets.row_list import RowList

LEAVING: Final = 3.0  # seconds that storing the draft may take when the app ends


class SessionScreen(PlaygroundScreen):
    """Opens an assistant and keeps its session true. A subclass shows it: `show_session`, `update`."""

    def __init__(self) -> None:
        super().__init__()
        self.session: EditSession | None = None
        self.try_out = TryOut(self, self.runnable_ref)
        self.views = ViewSwitch(self.try_out.pane)
        self.is_saving = False
        self._wanted: tuple[str, int | None] | None = None

    # What a subclass shows

    async def show_session(self) -> None:
        """Another session, or the same from its beginning."""

    async def update(self, feed: bool = False) -> None:
        """The session changed. `feed`: texts on the screen are not what the user has just typed."""

    async def runnable_ref(self) -> str | None:
        """What a trial runs; None if nothing can run, which the user was told."""
        return None

    # Coming and going

    def on_mount(self) -> None:
        """Nothing is chosen yet."""
        self.query_one(FormBar).display = False
        self._show_nothing()

    async def on_unmount(self) -> None:
        """The app ends: store what is typed, unless the server doesn't answer."""
        if self.session is not None and self.client is not None:
            try:
                async with asyncio.timeout(LEAVING):
                    await self.session.keep(self.client, self.playground.now())
            except TimeoutError:
                self.log.warning("the draft was not stored in time")

    def on_connected(self) -> None:
        """A server answers: open what is wanted, store what was typed meanwhile, learn what became of a save."""
        if self._wanted is not None:
            self._open()
        elif self.session is None:
            self._show_nothing()
        else:
            self.catch_up()
            self._follow_code()

    def on_graphs_changed(self, graphs: list[Graph]) -> None:
        """The code may have another schema now, or may not load any more."""
        if self.session is None:
            return
        graph = next((graph for graph in graphs if graph.graph_id == self.session.assistant.graph_id), None)
        if graph is not None and graph.state == "failed":
            self.views.show_code_problem(usecases.code_problem(self.playground, graph))
        elif graph is not None and graph.state == "ready":
            self._follow_code()

    def on_screen_resume(self) -> None:
        """Something may have been saved or deleted on another screen."""
        if self.client is None:
            return
        if self.session is None and self._wanted is None:
            self._show_nothing()
        elif self.session is not None:
            self.catch_up()

    def on_draft_discarded(self, assistant_id: str) -> None:
        """In Browse: what is open here begins anew, else it would be stored again."""
        if self.session is not None and self.session.assistant_id == assistant_id:
            self.session.start_over(self.session.active)
            self.run_worker(self.show_session(), group="open", exclusive=True, exit_on_error=False)

    # Opening

    def show_assistant(self, assistant_id: str, version: int | None = None) -> None:
        """Edit this assistant: its draft, else this version of it, else the active one."""
        session = self.session
        if session and session.assistant_id == assistant_id and version in (None, session.base.version):
            self.views.focus_view()
            return
        self._wanted = (assistant_id, version)
        self._open()

    @work(group="open", exclusive=True, exit_on_error=False)
    async def _open(self) -> None:
        if self._wanted is None:
            return
        if self.session is None:
            self.views.empty.show("Opening…" if self.client else "Starting the server…")
        if self.client is None:
            return
        if self.session is not None and not await usecases.let_go(self.playground, self.session):
            self._wanted = None
            return
        try:
            opened = await usecases.open_assistant(self.playground, *self._wanted)
        except PlaygroundError as error:
            self._failed_to_open(error)
            return
        self._wanted, self.session = None, opened.session
        await self.show_session()
        notice = opened.notice or usecases.moved_notice(opened.session)
        if notice:
            self.notify(notice, timeout=10, markup=False)

    def _failed_to_open(self, error: PlaygroundError) -> None:
        if self.session is None:
            self.views.empty.show(error.sentence, "F5 tries again. 1 goes to Browse.", error=True)
        else:
            self._wanted = None
            self.playground.report(error)

    @work(group="empty", exclusive=True, exit_on_error=False)
    async def _show_nothing(self) -> None:
        empty = self.query_one(EmptyEdit)
        empty.show("No assistant is open.", "Choose one in Browse (1) and press e, or a version of it.")
        if self.client is None:
            return
        drafts, assistants = await asyncio.gather(self.client.notes.drafts(), self.client.assistants.list())
        if self.session is None and self._wanted is None:
            by_id = {assistant.assistant_id: assistant for assistant in assistants}
            empty.show_drafts(drafts, by_id, self.playground.now())
            if empty.has_class("-drafts"):
                self.query_one("#drafts", RowList).focus()

    @on(RowList.Opened, "#drafts")
    def _draft_opened(self, event: RowList.Opened) -> None:
        self.show_assistant(event.key)

    # Following

    @work(group="catch-up", exclusive=True, exit_on_error=False)
    async def catch_up(self) -> None:
        """After a pause: learn what became of a save, store what was typed, read the versions."""
        session, client = self.session, self.client
        if session is None or client is None or self.is_saving:
            return
        made = await session.find_saved(client)
        if made is not None:
            say(self.playground, f"Saved as v{made.version}: only the answer had been lost.")
        await session.keep(client, self.playground.now())
        moved = await session.refresh(client)
        if session is self.session:
            await self.update(feed=made is not None or (moved and not session.is_changed))

    @work(group="schema", exclusive=True, exit_on_error=False)
    async def _follow_code(self) -> None:
        """Lay the edit over the schema that the graph has now, and say what changed."""
        session = self.session
        if session is None or self.client is None:
            return
        followed = await usecases.follow_code(self.playground, session)
        if session is not self.session:
            return
        self.views.show_code_problem(followed.problem)
        self.views.show_schema_problem(session.schema_problem)
        if followed.changed:
            await self.update()
        if followed.problem is None:
            await self.try_out.follow_code(session.assistant_id)

    def action_reload(self) -> None:
        """Read the assistant again; the draft stays."""
        if self.session is None:
            self._open() if self._wanted else self._show_nothing()
        else:
            self.catch_up()
            self._follow_code()
