"""Edit: a form from the graph's context schema, the prompt in a big editor, and saving as a new version."""

import asyncio
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static, TextArea

from playground.client.errors import PlaygroundError, ServerGone
from playground.client.values import Graph
from playground.tui import edit_usecases as ask
from playground.tui.changes import details, version_changes
from playground.tui.edit_session import EditSession, open_session
from playground.tui.edit_view import bar_of, base_value, effective_json, problem_sentence, sections_of
from playground.tui.external import edit_text
from playground.tui.forms.document import UNSET, Path
from playground.tui.forms.editing import CONTEXT
from playground.tui.forms.fields import Kind
from playground.tui.forms.text import to_json
from playground.tui.screens.base import PlaygroundScreen
from playground.tui.text import one_line, safe
from playground.tui.usecases import say
from playground.tui.widgets.form_bar import FormBar
from playground.tui.widgets.form_editor import FieldEditor
from playground.tui.widgets.form_empty import EmptyEdit
from playground.tui.widgets.form_list import FormList
from playground.tui.widgets.form_view import PANES, DiffView, FormView, JsonView
from playground.tui.widgets.pane import Pane
from playground.tui.widgets.pane_tabs import PaneTabs
from playground.tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from playground.client.client import Client

SETTLED: Final = 0.1  # seconds after a key press in which the form isn't checked yet
KEEP_AFTER: Final = 0.5  # seconds without typing, then the draft is stored
KEEP_AT_LEAST: Final = 3.0  # seconds of typing without a pause, then it is stored, too
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
        self.view = "empty"
        self._wanted: tuple[str, int | None] | None = None
        self._problems: dict[Path, str] = {}
        self._check_timer: Timer | None = None
        self._keep_timer: Timer | None = None
        self._touched_since: float | None = None
        self._saving = False

    def compose_body(self) -> ComposeResult:
        """Four views of which one is shown: nothing yet, the form, the JSON, the diff."""
        yield FormBar()
        yield PaneTabs(PANES, "fields")
        yield Static(id="schema-problem")
        yield EmptyEdit(id="empty-view", classes="view")
        yield FormView(id="form-view")
        yield JsonView(id="json-view", classes="view")
        yield DiffView(id="diff-view", classes="view")

    def on_mount(self) -> None:
        """Nothing is chosen yet."""
        self.query_one(FormBar).display = False
        self._show_view("empty")
        self._show_nothing()

    async def on_unmount(self) -> None:
        """The app ends: store what is typed, unless the server doesn't answer."""
        if self.session is not None and self.client is not None:
            try:
                async with asyncio.timeout(LEAVING):
                    await self.session.keep(self.client, self.playground.now())
            except TimeoutError:
                self.log.warning("the draft was not stored in time")

    # Opening

    def show_assistant(self, assistant_id: str, version: int | None = None) -> None:
        """Edit this assistant: its draft, else this version of it, else the active one."""
        session = self.session
        if session and session.assistant_id == assistant_id and version in (None, session.base.version):
            self._focus_form()
            return
        self._wanted = (assistant_id, version)
        self._open()

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

    @work(group="open", exclusive=True, exit_on_error=False)
    async def _open(self) -> None:
        wanted, client = self._wanted, self.client
        if wanted is None:
            return
        if self.session is None:
            self.query_one(EmptyEdit).show("Opening…" if client else "Starting the server…")
        if client is None:
            return
        if self.session is not None and not await self._let_go(self.session, client):
            return
        try:
            opened = await open_session(client, *wanted)
        except PlaygroundError as error:
            self._failed_to_open(error)
            return
        session = opened.session
        if opened.other_base is not None and await ask.start_over(self.playground, session, opened.other_base):
            session.start_over(next(one for one in session.versions if one.version == opened.other_base))
        self._wanted, self.session = None, session
        await self._show_session()
        if opened.notice:
            self.notify(opened.notice, timeout=10, markup=False)

    async def _let_go(self, session: EditSession, client: "Client") -> bool:
        """Store the draft of what is open; False if that failed, then it stays open."""
        await session.keep(client, self.playground.now())
        if not session.is_stored:
            self._wanted = None
            sentence = f"The draft of {session.assistant.name} could not be stored, so it stays open."
            self.playground.report(PlaygroundError(sentence, session.keep_problem))
        return session.is_stored

    def _failed_to_open(self, error: PlaygroundError) -> None:
        if self.session is None:
            self.query_one(EmptyEdit).show(error.sentence, "F5 tries again. 1 goes to Browse.", error=True)
        else:
            self._wanted = None
            self.playground.report(error)

    async def _show_session(self) -> None:
        session = self.session
        if session is None:
            return
        self._show_schema_problem(session)
        self.query_one(FormBar).display = True
        unreadable = CONTEXT in session.editing.texts
        self._show_view("json" if unreadable else "form")
        await self._update(feed=True)
        if unreadable:
            self._feed_json()
        self._focus_form()

    def _show_schema_problem(self, session: EditSession) -> None:
        problem = self.query_one("#schema-problem", Static)
        problem.set_class(session.schema_problem is not None, "-shown")
        problem.update(safe(f"! {one_line(session.schema_problem or '', 300)} The context is edited as JSON."))

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
            self._show_schema_problem(session)
            await self._update()

    def action_reload(self) -> None:
        """Read the assistant again; the draft stays."""
        if self.session is None:
            self._open() if self._wanted else self._show_nothing()
        else:
            self._catch_up()
            self._reread_schema()

    # Showing

    @property
    def form_view(self) -> FormView:
        """The fields and the big editor."""
        return self.query_one(FormView)

    @property
    def json_view(self) -> JsonView:
        """The whole context as text."""
        return self.query_one(JsonView)

    async def _update(self, feed: bool = False) -> None:
        """Check the edit and show it. `feed`: the big editor's text is not what the user has just typed."""
        self._check_timer = None
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
            self.query_one(DiffView).show(f"v{session.base.version} → draft", differences)

    def _show_facts(self) -> None:
        session = self.session
        if session is None:
            return
        self.query_one(FormBar).show(bar_of(session, self._problems), narrow=self.has_class("-narrow"))
        state = self.form_view.state
        base = base_value(session, state.path) if state else UNSET
        self.form_view.show_facts(base, f"v{session.base.version}")
        self.refresh_bindings()

    def _feed_json(self) -> None:
        if self.session is not None:
            self.json_view.area.show_text(self.session.editing.context_json())

    def _show_view(self, view: str) -> None:
        self.view = view
        for name in ("empty", "form", "json", "diff"):
            self.query_one(f"#{name}-view").set_class(name == view, "-shown")
        self.query_one(FormBar).show_view(view)
        self.query_one(PaneTabs).set_class(view == "form", "-form")
        self.refresh_bindings()

    # Moving

    def _focus_form(self) -> None:
        if self.view == "form":
            self._show_pane("fields")
            self._focus(self.form_view.form)
        elif self.view == "json":
            self._focus(self.json_view.area)
        elif self.view == "diff":
            self._focus(self.query_one("#diff-scroll"))

    def _show_pane(self, pane: str) -> None:
        self.form_view.show_pane(pane)
        self.query_one(PaneTabs).show_current(pane)

    def on_resize(self) -> None:
        """The line on top has a short and a long form."""
        self.call_after_refresh(self._show_facts)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """A narrow screen shows the pane that has the focus."""
        for name, _ in PANES:
            if any(node.id == name for node in event.widget.ancestors_with_self):
                self._show_pane(name)
        self._show_facts()

    @on(PaneTabs.Picked)
    def _tab_picked(self, event: PaneTabs.Picked) -> None:
        self._go_to(event.pane)

    @on(FormList.Moved)
    def _moved(self) -> None:
        self.form_view.show_editor()
        self._show_facts()

    @on(FormList.Opened)
    def _opened(self) -> None:
        self.form_view.show_editor()
        self._go_to("editor")

    def _go_to(self, pane: str) -> None:
        self.minimize()
        self._show_pane(pane)
        self._focus(self.form_view.editor.area if pane == "editor" else self.form_view.form)

    def _focus(self, widget: Widget) -> None:
        """At once, so that the next key, which may be there already, is its; where it isn't shown yet, then."""
        if widget.focusable:
            self.set_focus(widget)
        else:
            self.call_after_refresh(widget.focus)

    def action_pane(self, by: int) -> None:
        """From the fields to the editor and back."""
        if self.view == "form" and self.session is not None:
            in_editor = self.form_view.editor.area.has_focus
            self._go_to("fields" if in_editor or self.form_view.editor.path is None else "editor")

    def action_leave_editor(self) -> None:
        """Out of a text area, back to the fields."""
        if self.view == "form":
            self._go_to("fields")
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
        if CONTEXT in session.editing.texts and view != "json" and not await self._take_back(session):
            return
        self.minimize()
        self._show_view(view)
        if view == "json":
            self._feed_json()
        await self._update(feed=True)
        self._focus_form()

    async def _take_back(self, session: EditSession) -> bool:
        if await ask.take_back_json(self.playground, session):
            session.editing.take_back_json()
            self._touched()
            return True
        return False

    # Editing

    @on(FormList.Typed)
    @on(FieldEditor.Typed)
    def _typed(self, event: FormList.Typed | FieldEditor.Typed) -> None:
        if self.session is not None:
            self.session.editing.write(event.path, event.text)
            self._touched()

    @on(TextArea.Changed, "#json-text")
    def _json_typed(self) -> None:
        if self.session is not None:
            self.session.editing.write(CONTEXT, self.json_view.area.text)
            self._touched()

    @on(FormList.Chosen)
    async def _chosen(self, event: FormList.Chosen) -> None:
        if self.session is not None:
            self.session.editing.assign(event.path, event.value)
            await self._changed()

    async def _changed(self) -> None:
        self._touched()
        await self._update(feed=True)

    def _touched(self) -> None:
        """The edit changed: check it as soon as the typing pauses, and store it a little later."""
        if self._check_timer is not None:
            self._check_timer.stop()
        self._check_timer = self.set_timer(SETTLED, self._update)
        now = monotonic()
        self._touched_since = self._touched_since or now
        if self._keep_timer is not None:
            self._keep_timer.stop()
        wait = min(KEEP_AFTER, max(0.0, self._touched_since + KEEP_AT_LEAST - now))
        self._keep_timer = self.set_timer(wait, self._keep)

    @work(group="keep", exit_on_error=False)
    async def _keep(self) -> None:
        """Store the draft. Not exclusive: a request under way must not be cancelled and arrive after the next one."""
        self._touched_since = None
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
        session, state = self.session, self.form_view.state
        if session is None:
            return
        if self.view == "json":
            path, text, suffix = CONTEXT, session.editing.context_json(), ".json"
        elif state is not None and (state.is_big or state.is_inline):
            path, text = state.path, session.editing.text(state.entry)
            suffix = ".json" if state.kind is Kind.JSON else ".md" if state.kind is Kind.PROMPT else ".txt"
        else:
            self.notify("This field has no text: edit it in the form.", markup=False)
            return
        try:
            edited = edit_text(self.playground, text, suffix)
        except PlaygroundError as error:
            self.playground.report(error)
            return
        if edited is not None:
            session.editing.rewrite(path, edited)
            self._feed_json()
            await self._changed()

    def action_copy(self) -> None:
        """Copy the value of the field, or the whole context."""
        session, state = self.session, self.form_view.form.state
        if session is None:
            return
        if self.view != "form" or state is None:
            self.playground.copy(session.editing.context_json(), "the context")
            return
        value = effective_json(state)
        name = one_line(state.entry.field.label, 60)
        self.playground.copy(value if isinstance(value, str) else to_json(value), f"the value of {name}")

    # The draft

    @work(group="usecase", exclusive=True, exit_on_error=False)
    async def action_discard(self) -> None:
        """Go back to the active version, after asking."""
        session = self.session
        if session is None or not session.is_changed:
            return
        if await ask.discard(self.playground, session):
            session.start_over(session.active)
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
            self.playground.compare([f"{session.assistant_id}@v{session.base.version}", ref])

    async def _ref(self) -> str | None:
        """What to run: the stored draft, or the version. A draft that isn't valid is refused at its field."""
        session = self.session
        if session is None:
            return None
        if not session.is_changed:
            return f"{session.assistant_id}@v{session.base.version}"
        if await self._refuse(session, "Not run"):
            return None
        await session.keep(self.playground.connected_client, self.playground.now())
        self._show_facts()
        return f"{session.assistant_id}@draft" if session.is_stored else None

    async def _refuse(self, session: EditSession, what: str) -> bool:
        """Whether the edit isn't valid; then say why, at the field."""
        await self._update()
        if not self._problems:
            return False
        sentence = problem_sentence(self._problems).replace("Not saved", what, 1)
        self.notify(one_line(sentence, 300), severity="error", markup=False)
        if self.view == "form":
            self.form_view.form.move_to(next(iter(self._problems)))
            state = self.form_view.form.state
            self._go_to("editor" if state is not None and state.is_big else "fields")
        return True

    # Saving

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
        if await self._refuse(session, "Not saved"):
            return
        client = self.client
        if client is None:
            raise ServerGone("The server is away.")
        if made := await session.find_saved(client):
            await self._saved(made.version, " already: only the answer had been lost")
        if not session.is_changed:
            if made is None:
                self.notify(f"Nothing changed since v{session.base.version}: there is nothing to save.", markup=False)
            return
        await session.refresh(client)
        self._show_facts()
        note = await ask.note(self.playground, session)
        if note is None:
            self._focus_form()
            return
        version = await session.save(client, note or None)
        await self._saved(version.version)

    async def _saved(self, number: int, more: str = "") -> None:
        say(self.playground, f"Saved as v{number}{more}.")
        if self.view == "diff":
            self._show_view("form")
        self._feed_json()
        await self._update(feed=True)
        self._focus_form()

    # What works now

    def check_action(self, action: str, parameters: tuple[Any, ...]) -> bool | None:
        """Hide the keys that would do nothing here."""
        if not self.is_mounted or action not in _NEED_SESSION:
            return action != "back" or self.view in ("json", "diff") or self.maximized is not None
        session = self.session
        if session is None:
            return False
        if action in ("reset", "revert"):
            state = self.form_view.form.state
            return self.view == "form" and state is not None and (action == "reset" or state.changed)
        return session.is_changed if action in ("discard", "compare") else True


_NEED_SESSION: Final = frozenset(
    ("save", "reset", "revert", "view", "external", "chat", "compare", "discard", "copy", "zoom")
)
