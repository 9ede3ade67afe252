"""Edit: a form from the graph's context schema, the prompt in a big editor, and saving as a new version."""

import asyncio
from typing import Any, ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import TextArea

from playground.client.errors import PlaygroundError, ServerGone
from playground.client.values import Graph
from playground.tui import edit_usecases as usecases
from playground.tui.changes import details, version_changes
from playground.tui.edit_autosave import Autosave
from playground.tui.edit_session import EditSession
from playground.tui.edit_view import (
    NEED_SESSION,
    bar_of,
    base_value,
    is_possible,
    problem_sentence,
    sections_of,
    text_for_editor,
)
from playground.tui.forms.document import UNSET, Path
from playground.tui.forms.editing import CONTEXT
from playground.tui.screens.base import PlaygroundScreen
from playground.tui.text import one_line
from playground.tui.usecases import say
from playground.tui.widgets.form_bar import FormBar
from playground.tui.widgets.form_editor import FieldEditor
from playground.tui.widgets.form_list import FormList
from playground.tui.widgets.form_switch import ViewSwitch
from playground.tui.widgets.form_view import FormView, JsonView
from playground.tui.widgets.pane import Pane
from playground.tui.widgets.row_list import RowList

LEAVING: Final = 3.0  # seconds that storing the draft may take when the app ends

KEPT: Final = "Your edit is kept; Ctrl+S again once the server is back."


class EditScreen(PlaygroundScreen):
    """One assistant at a time. What is typed is a draft at once; Ctrl+S makes it a version."""

    MODE = "edit"
    CSS_PATH = "edit.tcss"
    AUTO_FOCUS = ""
    HELP = (
        "Every change is kept as a draft by itself and survives a crash. Ctrl+S shows what changed, asks for a note, "
        "and makes a new version; the old ones stay. A field that isn't set has the graph's default."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="edit.back", tooltip="Back to the form"),
        Binding("ctrl+s", "save", "Save", id="edit.save", tooltip="Save the draft as a new version"),
        Binding("r", "reset", "Default", id="edit.reset", tooltip="The field goes back to the graph's default"),
        Binding("u", "revert", "Undo", id="edit.revert", tooltip="The field goes back to the saved version"),
        Binding("d", "view('diff')", "Diff", id="edit.diff", tooltip="What differs from the saved version"),
        Binding("J", "view('json')", "JSON", id="edit.json", tooltip="The whole context as JSON"),
        Binding("f4", "external", "$EDITOR", id="edit.external", tooltip="Open the field in your own editor"),
        Binding("t", "chat", "Chat", id="edit.chat", tooltip="Talk to the draft on a new thread"),
        Binding("c", "compare", "Compare", id="edit.compare", tooltip="The saved version and the draft side by side"),
        Binding("D", "discard", "Discard draft", id="edit.discard", show=False, tooltip="Back to the version; asks"),
        Binding("y", "copy", "Copy", id="edit.copy", show=False, tooltip="Copy the field's value, or the context"),
        Binding("z", "zoom", "Zoom", id="edit.zoom", show=False, tooltip="This pane on the whole screen, and back"),
        Binding("f5", "reload", "Reload", id="edit.reload", show=False, tooltip="Read the assistant again"),
        Binding("tab", "pane(1)", "Next pane", id="edit.next_pane", show=False, tooltip="To the other pane"),
        Binding("shift+tab", "pane(-1)", "Previous pane", id="edit.previous_pane", show=False, tooltip="Back"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.session: EditSession | None = None
        self.views = ViewSwitch()
        self._wanted: tuple[str, int | None] | None = None
        self._problems: dict[Path, str] = {}
        self._autosave = Autosave(self, self._update, self._keep)
        self._saving = False

    def compose_body(self) -> ComposeResult:
        """The line on top, and the views of which one is shown."""
        yield FormBar()
        yield self.views

    @property
    def view(self) -> str:
        """Which view is shown: `empty`, `form`, `json` or `diff`."""
        return self.views.view

    @property
    def form_view(self) -> FormView:
        """The fields and the big editor."""
        return self.views.form

    @property
    def json_view(self) -> JsonView:
        """The whole context as text."""
        return self.views.json

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
            self._catch_up()

    def on_graphs_changed(self, graphs: list[Graph]) -> None:
        """The code may have another schema now."""
        if self.session is not None and any(graph.graph_id == self.session.assistant.graph_id for graph in graphs):
            self._reread_schema()

    def on_screen_resume(self) -> None:
        """Something may have been saved or deleted on another screen."""
        if self.client is None:
            return
        if self.session is None and self._wanted is None:
            self._show_nothing()
        elif self.session is not None:
            self._catch_up()

    def on_screen_suspend(self) -> None:
        """Leaving keeps the draft."""
        self._keep()

    def on_resize(self) -> None:
        """The line on top has a short and a long form."""
        self.call_after_refresh(self._show_facts)

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
        await self._show_session()
        if opened.notice:
            self.notify(opened.notice, timeout=10, markup=False)

    def _failed_to_open(self, error: PlaygroundError) -> None:
        if self.session is None:
            self.views.empty.show(error.sentence, "F5 tries again. 1 goes to Browse.", error=True)
        else:
            self._wanted = None
            self.playground.report(error)

    @work(group="empty", exclusive=True, exit_on_error=False)
    async def _show_nothing(self) -> None:
        empty = self.views.empty
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

    @work(group="catch-up", exclusive=True, exit_on_error=False)
    async def _catch_up(self) -> None:
        """After a pause: learn what became of a save, store what was typed, read the versions."""
        session, client = self.session, self.client
        if session is None or client is None or self._saving:
            return
        made = await session.find_saved(client)
        if made is not None:
            say(self.playground, f"Saved as v{made.version}: only the answer had been lost.")
        await session.keep(client, self.playground.now())
        moved = await session.refresh(client)
        if session is self.session:
            followed = made is not None or (moved and not session.is_changed)
            if followed:
                self._feed_json()
            await self._update(feed=followed)

    @work(group="schema", exclusive=True, exit_on_error=False)
    async def _reread_schema(self) -> None:
        session, client = self.session, self.client
        if session is not None and client is not None and await session.reread_schema(client):
            self.views.show_schema_problem(session.schema_problem)
            await self._update()

    def action_reload(self) -> None:
        """Read the assistant again; the draft stays."""
        if self.session is None:
            self._open() if self._wanted else self._show_nothing()
        else:
            self._catch_up()
            self._reread_schema()

    # Showing

    async def _show_session(self) -> None:
        session = self.session
        if session is None:
            return
        self.views.show_schema_problem(session.schema_problem)
        self.query_one(FormBar).display = True
        unreadable = CONTEXT in session.editing.texts
        self._show_view("json" if unreadable else "form")
        await self._update(feed=True)
        if unreadable:
            self._feed_json()
        self.views.focus_view()

    async def _update(self, feed: bool = False) -> None:
        """Check the edit and show it. `feed`: the big editor's text is not what the user has just typed."""
        session = self.session
        if session is None:
            return
        self._problems = session.editing.problems()
        await self.form_view.set_sections(sections_of(session, self._problems), feed=feed)
        self._show_facts()
        if self.view == "json":
            self.json_view.show_problem(self._problems)
        if self.view == "diff":
            differences = details(version_changes(session.base, session.as_version()))
            self.views.diff.show(f"v{session.base.version} → draft", differences)

    @on(FormList.Moved)
    def _show_facts(self) -> None:
        session = self.session
        if session is None:
            return
        self.query_one(FormBar).show(bar_of(session, self._problems), narrow=self.has_class("-narrow"))
        state = self.form_view.state
        base = base_value(session, state.path) if state else UNSET
        self.form_view.show_facts(base, f"v{session.base.version}")
        self.refresh_bindings()

    def on_descendant_focus(self) -> None:
        """The facts are those of the field that has the focus."""
        self._show_facts()

    def _feed_json(self) -> None:
        if self.session is not None:
            self.json_view.area.show_text(self.session.editing.context_json())

    # Moving

    def _show_view(self, view: str) -> None:
        self.views.show(view)
        self.query_one(FormBar).show_view(view)
        self.refresh_bindings()

    @on(FormBar.ViewPicked)
    def _view_picked(self, event: FormBar.ViewPicked) -> None:
        if event.view != self.view:
            self.action_view(event.view)

    @work(group="view", exclusive=True, exit_on_error=False)
    async def action_view(self, view: str) -> None:
        """Show the form, the JSON or the diff; the same once more goes back to the form."""
        session = self.session
        if session is None:
            return
        view = "form" if view == self.view else view
        if CONTEXT in session.editing.texts and view != "json":
            if not await usecases.take_back_json(self.playground, session):
                return
            self._autosave.touched()
        self.minimize()
        self._show_view(view)
        if view == "json":
            self._feed_json()
        await self._update(feed=True)
        self.views.focus_view()

    def action_pane(self, by: int) -> None:
        """From the fields to the editor and back."""
        if self.view == "form" and self.session is not None:
            self.views.go_on()

    def action_leave_editor(self) -> None:
        """Out of a text area, back to the fields."""
        if self.view == "form":
            self.views.go_to("fields")
        else:
            self.action_view("form")

    def action_back(self) -> None:
        """Out of the zoom, else back to the form."""
        if self.maximized is not None:
            self.minimize()
        elif self.view in ("json", "diff"):
            self.action_view("form")

    def action_zoom(self) -> None:
        """The pane with the focus on the whole screen, and back."""
        if self.maximized is not None:
            self.minimize()
        elif self.focused is not None and self.session is not None:
            self.maximize(self.focused.query_ancestor(Pane))

    # Editing

    @on(FormList.Typed)
    @on(FieldEditor.Typed)
    def _typed(self, event: FormList.Typed | FieldEditor.Typed) -> None:
        if self.session is not None:
            self.session.editing.write(event.path, event.text)
            self._autosave.touched()

    @on(TextArea.Changed, "#json-text")
    def _json_typed(self) -> None:
        if self.session is not None:
            self.session.editing.write(CONTEXT, self.json_view.area.text)
            self._autosave.touched()

    @on(FormList.Chosen)
    async def _chosen(self, event: FormList.Chosen) -> None:
        if self.session is not None:
            self.session.editing.assign(event.path, event.value)
            await self._changed()

    async def _changed(self) -> None:
        self._autosave.touched()
        await self._update(feed=True)

    @work(group="keep", exit_on_error=False)
    async def _keep(self) -> None:
        """Store the draft. Not exclusive: a request under way must not be cancelled and arrive after the next one."""
        self._autosave.kept()
        if self.session is not None and self.client is not None:
            await self.session.keep(self.client, self.playground.now())
            self._show_facts()

    async def action_reset(self) -> None:
        """The field goes back to the graph's default; a key that the schema doesn't have goes away."""
        state = self.form_view.form.state
        if self.session is not None and state is not None:
            path = state.path
            if path[0] in ("name", "description"):
                self.session.editing.revert(path)
            else:
                self.session.editing.reset(path)
            await self._changed()

    async def action_revert(self) -> None:
        """The field goes back to what the version has."""
        state = self.form_view.form.state
        if self.session is not None and state is not None:
            self.session.editing.revert(state.path)
            await self._changed()

    async def action_external(self) -> None:
        """The field, or the whole context, in the user's own editor."""
        session = self.session
        if session is None:
            return
        text = text_for_editor(session, self.view, self.form_view.state)
        if text is None:
            self.notify("This field has no text: edit it in the form.", markup=False)
            return
        try:
            edited = usecases.edit_outside(self.playground, session, text)
        except PlaygroundError as error:
            self.playground.report(error)
            return
        if edited:
            self._feed_json()
            await self._changed()

    def action_copy(self) -> None:
        """Copy the value of the field, or the whole context."""
        if self.session is not None:
            usecases.copy(self.playground, self.session, self.form_view.form.state if self.view == "form" else None)

    # What becomes of the draft

    @work(group="usecase", exclusive=True, exit_on_error=False)
    async def action_discard(self) -> None:
        """Go back to the active version, after asking."""
        session = self.session
        if session is not None and session.is_changed and await usecases.discard(self.playground, session):
            self._feed_json()
            self._keep()
            await self._show_session()

    @work(group="usecase", exclusive=True, exit_on_error=False)
    async def action_chat(self) -> None:
        """Talk to the draft, or to the version if nothing differs."""
        if ref := await self._ref():
            self.playground.chat(ref)

    @work(group="usecase", exclusive=True, exit_on_error=False)
    async def action_compare(self) -> None:
        """The version and the draft side by side."""
        session = self.session
        if session is None or not session.is_changed:
            self.notify("Nothing changed yet: there is nothing to compare.", markup=False)
        elif ref := await self._ref():
            self.playground.compare([usecases.base_ref(session), ref])

    async def _ref(self) -> str | None:
        """What to run. A draft that isn't valid is refused at its field."""
        session = self.session
        if session is None or (session.is_changed and await self._refuse("run")):
            return None
        ref = await usecases.runnable_ref(self.playground, session)
        self._show_facts()
        return ref

    async def _refuse(self, what: str) -> bool:
        """Whether the edit isn't valid; then say why, at the field."""
        await self._update()
        if not self._problems:
            return False
        self.notify(one_line(problem_sentence(self._problems, what), 300), severity="error", markup=False)
        if self.view == "form":
            self.form_view.form.move_to(next(iter(self._problems)))
            state = self.form_view.form.state
            self.views.go_to("editor" if state is not None and state.is_big else "fields")
        return True

    @work(group="save", exit_on_error=False)
    async def action_save(self) -> None:
        """Show what changed, ask for a note, make one version."""
        if self.session is None or self._saving:
            return
        self._saving = True
        try:
            await self._save(self.session)
        except ServerGone as error:
            self.playground.report(PlaygroundError(f"{error.sentence} {KEPT}", error.detail))
        finally:
            self._saving = False

    async def _save(self, session: EditSession) -> None:
        if await self._refuse("saved"):
            return
        if await usecases.save(self.playground, session):
            if self.view == "diff":
                self._show_view("form")
            self._feed_json()
            await self._update(feed=True)
            self.views.focus_view()
        else:
            self._show_facts()
            if self.focused is None:
                self.views.focus_view()

    # What works now

    def check_action(self, action: str, parameters: tuple[Any, ...]) -> bool | None:
        """Hide the keys that would do nothing here."""
        if not self.is_mounted or action not in NEED_SESSION:
            return action != "back" or self.view in ("json", "diff") or self.maximized is not None
        return is_possible(action, self.session, self.view, self.form_view.form.state)
