"""Edit: a form from the graph's context schema, the prompt in a big editor, and saving as a new version."""

from typing import Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from playground.client.errors import PlaygroundError
from playground.tui.edit import fields as edit_fields
from playground.tui.edit.autosave import Autosave
from playground.tui.edit.view import (
    NEED_SESSION,
    NOTATIONS,
    bar_of,
    base_value,
    diff_of,
    is_possible,
    names_of,
    sections_of,
    text_for_editor,
)
from playground.tui.forms.document import UNSET, Path
from playground.tui.forms.editing import CONTEXT
from playground.tui.screens.edit_draft_screen import DraftScreen
from playground.tui.usecases import editing as usecases
from playground.tui.widgets.diff_view import DiffView
from playground.tui.widgets.form_bar import FormBar
from playground.tui.widgets.form_editor import FieldEditor
from playground.tui.widgets.form_list import FormList
from playground.tui.widgets.form_view import FormView
from playground.tui.widgets.pane import Pane
from playground.tui.widgets.text_view import TextView
from playground.tui.widgets.try_it import TryIt


class EditScreen(DraftScreen):
    """One assistant at a time. What is typed is a draft at once; Ctrl+S makes it a version."""

    MODE = "edit"
    CSS_PATH = "edit.tcss"
    AUTO_FOCUS = ""
    HELP = (
        "Every change is kept as a draft by itself and survives a crash. Ctrl+S shows what changed, asks for a note, "
        "and makes a new version; the old ones stay. A field that isn't set has the graph's default. T runs the draft "
        "as it is, without saving. In the diff, n goes from change to change and u takes one back. Where another "
        "version was made active meanwhile, b brings it and the draft together."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="edit.back", tooltip="Back to the form"),
        Binding("ctrl+s", "save", "Save", id="edit.save", tooltip="Save the draft as a new version"),
        Binding("b", "rebase", "Merge", id="edit.rebase", tooltip="Base the draft on the active version"),
        Binding("r", "reset", "Default", id="edit.reset", tooltip="The field goes back to the graph's default"),
        Binding(
            "u", "revert", "Revert", id="edit.revert", tooltip="The field, or the change, goes back to the version"
        ),
        Binding("d", "view('diff')", "Diff", id="edit.diff", tooltip="What differs from the saved version"),
        Binding("J", "view('json')", "JSON", id="edit.json", tooltip="The whole context as JSON"),
        Binding("Y", "view('yaml')", "YAML", id="edit.yaml", tooltip="The whole context as YAML"),
        Binding("a", "field('add')", "Add", id="edit.add", tooltip="Add a row to the list, or a key to the map"),
        Binding("x,delete,backspace", "field('remove')", "Remove", id="edit.remove", tooltip="This row or key goes"),
        Binding("v", "field('variant')", "Kind…", id="edit.variant", tooltip="Choose what kind of value it is"),
        Binding("alt+up,left_square_bracket", "field('up')", "Move up", id="edit.up", show=False, tooltip="The row"),
        Binding(
            "alt+down,right_square_bracket", "field('down')", "Move down", id="edit.down", show=False, tooltip="The row"
        ),
        Binding("R", "field('rename')", "Rename key", id="edit.rename", show=False, tooltip="Another key in the map"),
        Binding("ctrl+z", "field('undo')", "Step back", id="edit.undo", show=False, tooltip="This field's last change"),
        Binding("ctrl+y", "field('redo')", "Redo", id="edit.redo", show=False, tooltip="What was taken back last"),
        Binding(
            "f6",  # before the text area's own F6, which selects a line
            "mend",
            "Unread text",
            id="edit.mend",
            priority=True,
            tooltip="To the text that can't be read; there, take it back",
        ),
        Binding("T,f8", "try_it", "Try it", id="edit.try", tooltip="Run the draft as it is, without saving"),
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
        self._autosave = Autosave(self, self.update, self.keep, self._ask_type)
        self._against: int | None = None  # the version that the diff is with; None: the base

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

    def on_screen_suspend(self) -> None:
        """Leaving keeps the draft."""
        self.keep()

    def on_resize(self) -> None:
        """The line on top has a short and a long form."""
        self.call_after_refresh(self.show_facts)

    # Showing

    async def show_session(self) -> None:
        """An assistant was opened, or begins again."""
        session = self.session
        if session is None:
            return
        self._against = None
        self.views.show_schema_problem(session.schema_problem)
        self.views.show_code_problem(None)
        self.query_one(FormBar).display = True
        self.form_view.editor.forget()
        for text in self.views.texts:
            text.area.forget()
        self._show_view(session.editing.notation if CONTEXT in session.editing.texts else "form")
        await self.update(feed=True)
        self.views.focus_view()
        self._ask_type()
        self._open_try_it()

    async def update(self, feed: bool = False) -> None:
        """Check the edit and show it. `feed`: the texts are not what the user has just typed."""
        session = self.session
        if session is None:
            return
        self.problems = self.checks.problems(session)
        await self.form_view.set_sections(sections_of(session, self.problems), feed=feed)
        self.show_facts()
        if (text := self.views.text) is not None:
            if feed:
                text.show_text(session.editing.text_of(text.notation))
            text.show_problems(self.problems)
        if self.view == "diff":
            self.views.diff.show(diff_of(session, self._against))
        self.try_out.draft_is(session.editing.document)

    @on(FormList.Moved)
    def show_facts(self) -> None:
        session = self.session
        if session is None:
            return
        self.query_one(FormBar).show(bar_of(session, self.problems), narrow=self.has_class("-narrow"))
        state = self.form_view.state
        base = base_value(session, state.path) if state else UNSET
        self.form_view.show_facts(base, f"v{session.base.version}")
        if (path := self.form_view.editor.path) is not None:
            self.form_view.editor.show_template(base_value(session, path), names_of(session))
        self.refresh_bindings()

    def on_descendant_focus(self) -> None:
        """The facts are those of the field that has the focus."""
        self.show_facts()

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
        """Show the form, a text or the diff; the same once more goes back to the form."""
        session = self.session
        if session is None:
            return
        view = "form" if view == self.view else view
        unreadable = CONTEXT in session.editing.texts
        if unreadable and view in NOTATIONS and view != session.editing.notation:
            # There is one text for the whole context: the other notation would be written over it.
            if not await usecases.take_back_json(self.playground, session):
                return
            self._autosave.touched()
        await self.show_view(view)

    async def show_view(self, view: str) -> None:
        """Show this view, as the session is now."""
        self.minimize()
        self._show_view(view)
        await self.update(feed=True)
        self.views.focus_view()

    def action_pane(self, by: int) -> None:
        """From the fields to the editor, the trial, and back."""
        if self.view == "form" and self.session is not None:
            self.views.go_on(by)

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
        elif self.view not in ("form", "empty"):
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

    @on(TextView.Typed)
    def _text_typed(self, event: TextView.Typed) -> None:
        if self.session is not None:
            self.session.editing.write_text(event.notation, event.text)
            self._autosave.touched()

    @on(FormList.Chosen)
    async def _chosen(self, event: FormList.Chosen) -> None:
        if self.session is not None:
            self.session.editing.assign(event.path, event.value)
            await self.changed()

    async def changed(self) -> None:
        self._autosave.touched()
        await self.update(feed=True)

    @work(group="keep", exit_on_error=False)
    async def keep(self) -> None:
        """Store the draft. Not exclusive: a request under way must not be cancelled and arrive after the next one."""
        self._autosave.kept()
        if self.session is not None and self.client is not None:
            await self.session.keep(self.client, self.playground.now())
            self.show_facts()

    @work(group="type", exclusive=True, exit_on_error=False)
    async def _ask_type(self) -> None:
        """Ask the graph's own type; an answer about what isn't there any more is dropped."""
        if self.session is not None and self.client is not None and await self.checks.ask(self.client, self.session):
            await self.update()

    async def action_reset(self) -> None:
        """The field goes back to the graph's default; a key that the schema doesn't have goes away."""
        state = self.form_view.form.state
        if self.session is not None and state is not None:
            path = state.path
            if path[0] in ("name", "description"):
                self.session.editing.revert(path)
            else:
                self.session.editing.reset(path)
            await self.changed()

    async def action_revert(self) -> None:
        """The field goes back to what the version has; in the diff, the change under the cursor does."""
        state, hunk = self.form_view.form.state, self.views.diff.hunk
        if self.session is None:
            return
        if self.view == "diff" and hunk is not None:
            self.session.take_back(hunk)
            await self.changed()
        elif self.view == "form" and state is not None:
            self.session.editing.revert(state.path)
            await self.changed()

    @work(group="usecase", exclusive=True, exit_on_error=False)
    async def action_field(self, what: str) -> None:
        """A step of `edit_fields` with the field under the cursor."""
        session, state = self.session, self.form_view.form.state
        if session is None or state is None or self.view != "form":
            return
        path = await edit_fields.STEPS[what](self.playground, session.editing, state.path)
        if path is not None:
            await self.changed()
            form = self.form_view.form
            if what in ("add", "variant"):
                form.arrive(path)
            else:
                form.move_to(path)

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
            await self.changed()

    def action_copy(self) -> None:
        """Copy the value of the field, or the whole context."""
        if self.session is not None:
            state = self.form_view.form.state if self.view == "form" else None
            notation = self.view if self.view in NOTATIONS else "json"
            usecases.copy(self.playground, self.session, state, notation)

    # The diff

    @on(DiffView.Against)
    def _hold_against(self, event: DiffView.Against) -> None:
        if event.version is None:
            self._pick_version()
        elif self.session is not None:
            self._against = event.version
            self.views.diff.show(diff_of(self.session, self._against))

    @work(group="usecase", exclusive=True, exit_on_error=False)
    async def _pick_version(self) -> None:
        if self.session is None:
            return
        version = await usecases.pick_version(self.playground, self.session)
        if version is not None:
            self._against = version
            self.views.diff.show(diff_of(self.session, self._against))

    @on(DiffView.FieldWanted)
    async def _field_wanted(self, event: DiffView.FieldWanted) -> None:
        self._show_view("form")
        await self.update(feed=True)
        self._go_to_field(event.path)

    def _go_to_field(self, path: Path) -> None:
        """The cursor on the field, or on the one that it is in; a big one is open."""
        self.views.focus_view()
        for end in range(len(path), 0, -1):
            if any(state.path == path[:end] for state in self.form_view.states):
                self.form_view.form.move_to(path[:end])
                break
        state = self.form_view.form.state
        self.views.go_to("editor" if state is not None and state.is_big else "fields")

    async def go_to_problem(self, path: Path) -> None:
        """The field that a problem is at, or the text that can't be read."""
        if self.view == "form" and path != CONTEXT:
            self._go_to_field(path)
        elif self.view not in NOTATIONS and self.session is not None and CONTEXT in self.session.editing.texts:
            await self.show_view(self.session.editing.notation)

    # Trying it

    def where(self, thread_id: str) -> str:
        """A trial's thread."""
        shown = self.try_out.pane.trials.conversation.thread_id
        return "Try it" if thread_id and shown == thread_id else ""

    def show_where(self, thread_id: str) -> None:
        """To the trial."""
        self.action_try_it()

    def action_try_it(self) -> None:
        """To the line whose input the draft answers."""
        if self.session is not None:
            if self.view != "form":
                self._show_view("form")
            self.views.go_to("try")

    @work(group="open trial", exclusive=True, exit_on_error=False)
    async def _open_try_it(self) -> None:
        if self.session is not None:
            await self.try_out.open(self.session.assistant_id, self.session.assistant.graph_id)
            self.try_out.draft_is(self.session.editing.document)

    @on(TryIt.Asked)
    @work(group="trial", exit_on_error=False)
    async def _asked(self, event: TryIt.Asked) -> None:
        if self.session is not None:
            await self.try_out.ask(event, self.session.editing.document)

    @on(TryIt.StopAsked)
    @work(group="stop trial", exit_on_error=False)
    async def _stop_asked(self) -> None:
        await self.try_out.stop()

    @on(TryIt.Typed)
    def _trial_typed(self, event: TryIt.Typed) -> None:
        self.try_out.typed(event.text)

    @on(TryIt.Left)
    def _left_trial(self) -> None:
        self.views.go_to("fields")

    # What works now

    def check_action(self, action: str, parameters: tuple[Any, ...]) -> bool | None:
        """Hide the keys that would do nothing here."""
        if not self.is_mounted or action not in NEED_SESSION:
            return action != "back" or self.view not in ("form", "empty") or self.maximized is not None
        if action == "mend":
            return self.session is not None and CONTEXT in self.session.editing.texts
        if action == "revert" and self.view == "diff":
            return self.views.diff.hunk is not None
        state = self.form_view.form.state
        if action == "field" and self.session is not None:
            if state is None or self.view != "form":
                return False
            return edit_fields.can(str(parameters[0]), self.session.editing, state.entry)
        return is_possible(action, self.session, self.view, self.form_view.form.state)
