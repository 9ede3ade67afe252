"""The input of a graph as a form: its fields by the graph's schema, problems where they are."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.timer import Timer
from textual.widgets import Button, Static

from playground.client.validation import where
from playground.tui.edit import fields as steps
from playground.tui.forms.document import Path, get
from playground.tui.forms.editing import CONTEXT
from playground.tui.forms.form import Entry
from playground.tui.forms.input_editing import InputEditing
from playground.tui.screens.base import NARROW
from playground.tui.screens.dialogs import Dialog
from playground.tui.text import count, one_line, safe
from playground.tui.widgets.form_cells import FieldState
from playground.tui.widgets.form_editor import FieldEditor
from playground.tui.widgets.form_info import FieldInfo
from playground.tui.widgets.form_inline import InlineInput
from playground.tui.widgets.form_list import FormList
from playground.tui.widgets.form_view import editor_path
from playground.tui.widgets.keybar import KeyBar
from playground.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from playground.tui.app import PlaygroundApp

_SETTLED: Final = 0.1  # seconds after a key in which the form isn't checked yet


@dataclass(frozen=True, slots=True)
class Filled:
    """What became of the form. `send`: it shall run now; else it goes back to the line."""

    editing: InputEditing
    send: bool


class InputForm(Dialog[Filled]):
    """The fields, and the big editor for what is long. Ctrl+S sends, Escape takes it back to the line."""

    DEFAULT_CSS = """
    InputForm {
        #form-panes { height: 1fr; }
        #form-fields { width: 1fr; height: 1fr; }
        #form-right { width: 1fr; height: 1fr; }
        FieldEditor { height: 1fr; }
        FieldEditor.-empty, FieldEditor .variables { display: none; }
        &.-no-editor #form-panes { layout: vertical; }
        &.-no-editor #form-right { height: auto; }
        &.-small #form-panes { layout: vertical; }
        &.-small FieldInfo { height: 5; }
        #problem { padding: 0 1; max-height: 2; }
        #buttons { margin-bottom: 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "send", "Send", id="form.send", priority=True, tooltip="Run it, if every field is valid"),
        Binding("escape", "cancel", "Back", id="form.back", tooltip="Back to the line, with what is filled in"),
        Binding("tab", "pane", "Other pane", id="form.pane", priority=True, show=False, tooltip="Fields and editor"),
        Binding("shift+tab", "pane", "Other pane", id="form.pane_back", priority=True, show=False, tooltip="Back"),
        Binding("r", "reset", "Default", id="form.reset", tooltip="The field isn't set any more"),
        Binding("u", "revert", "As typed", id="form.revert", tooltip="The field as it was when the form was opened"),
        Binding("a", "field('add')", "Add", id="form.add", tooltip="Add a row to the list, or a key to the map"),
        Binding("x,delete,backspace", "field('remove')", "Remove", id="form.remove", tooltip="This row or key goes"),
        Binding("v", "field('variant')", "Kind…", id="form.variant", tooltip="Choose what kind of value it is"),
        Binding("alt+up,left_square_bracket", "field('up')", "Up", id="form.up", show=False, tooltip="Move the row up"),
        Binding("alt+down,right_square_bracket", "field('down')", id="form.down", show=False, tooltip="Move it down"),
        Binding("R", "field('rename')", "Rename key", id="form.rename", show=False, tooltip="Another key in the map"),
        Binding("ctrl+z", "field('undo')", "Step back", id="form.undo", show=False, tooltip="The field's last change"),
        Binding("ctrl+y", "field('redo')", "Redo", id="form.redo", show=False, tooltip="What was taken back last"),
    ]

    HEADING = "Input of"
    SEND = "Send"
    BASE = "typed"
    """What the value is called that a field had before."""

    def __init__(self, editing: InputEditing, name: str, target: str) -> None:
        super().__init__(f"{self.HEADING} {one_line(name, 60)}")
        self.editing = editing
        self._target = target
        self._states: list[FieldState] = []
        self._tried = False
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """The box over its own footer: a form has more keys than a question."""
        yield from super().compose()
        yield KeyBar()

    def compose_body(self) -> ComposeResult:
        """The fields, what is wrong, the buttons."""
        yield from self.compose_fields()
        yield Static(id="problem")
        with Horizontal(id="buttons"):
            send = f"{self.SEND} {self._target}".rstrip()
            yield Button(safe(f"{send}  Ctrl+S"), "primary", id="confirm", compact=True)
            yield Button("Back  Esc", id="cancel", compact=True)

    def compose_fields(self) -> ComposeResult:
        """The fields beside the big editor."""
        with Horizontal(id="form-panes"):
            with Pane(id="form-fields") as fields:
                fields.border_title = safe("Fields")
                yield FormList(id="form")
            with Vertical(id="form-right"):
                yield FieldEditor(id="editor")
                yield FieldInfo()

    async def on_mount(self) -> None:
        """The cursor where there is something to fill in; a lone text is typed at once."""
        self.on_resize()
        await self.update(feed=True)
        form = self.form
        first = next((state for state in self._states if state.is_big), None)
        if first is not None and not any(state.is_inline for state in self._states):
            form.move_to(first.path)
            self._show_editor()
            self.editor.area.move_cursor(self.editor.area.document.end)
            self.call_after_refresh(self.editor.area.focus)
        else:
            form.focus()

    def on_resize(self) -> None:
        """Side by side where there is room."""
        self.set_class(self.app.size.width < NARROW, "-small")

    @property
    def form(self) -> FormList:
        """The fields."""
        return self.query_one(FormList)

    @property
    def editor(self) -> FieldEditor:
        """The big editor."""
        return self.query_one(FieldEditor)

    @property
    def problems(self) -> dict[Path, str]:
        """What is wrong, by field; what is only missing not before one has tried to send it."""
        return self.editing.shown_problems(missing=self._tried)

    # Showing

    async def update(self, feed: bool = False) -> None:
        """Check the input and show it. `feed`: the editor's text is not what the user has just typed into it."""
        problems = self.problems
        sections = [
            (section.title, [self._state(entry, problems) for entry in section.entries])
            for section in self.editing.sections()
        ]
        self._states = [state for _, states in sections for state in states]
        self.set_class(not any(state.is_big for state in self._states), "-no-editor")
        await self.form.set_sections(sections)
        self._show_editor(feed=feed)
        self._show_facts()
        if self._tried:
            self._say(problems)

    def _state(self, entry: Entry, problems: dict[Path, str]) -> FieldState:
        path = entry.field.path
        return FieldState(
            entry,
            changed=self.editing.is_changed(path),
            problem=problems.get(path),
            text=self.editing.texts.get(path),
        )

    def _show_editor(self, *, feed: bool = False) -> None:
        editor = self.editor
        path = editor_path(self._states, self.form.state, editor.path)
        state = next((state for state in self._states if state.path == path), None)
        if state is None:
            editor.show(None, "", changed=False, problem=False)
            return
        text = self.editing.text(state.entry) if feed or path != editor.path else editor.area.text
        editor.show(state.entry.field, text, changed=state.changed, problem=state.problem is not None)

    def _show_facts(self) -> None:
        state = self.form.state
        base = get(self.editing.base, state.path) if state is not None else None
        self.query_one(FieldInfo).show(state, base, self.BASE)
        self.refresh_bindings()

    def _say(self, problems: dict[Path, str]) -> None:
        sentence = ""
        if problems:
            path, why = next(iter(problems.items()))
            more = f" ({count(len(problems) - 1, 'more problem')})" if len(problems) > 1 else ""
            sentence = f"✘ {where(path[1:]) or 'The input'} {why}{more}."
        self.query_one("#problem", Static).update(safe(sentence))

    # Editing

    @on(FormList.Typed)
    @on(FieldEditor.Typed)
    def _typed(self, event: FormList.Typed | FieldEditor.Typed) -> None:
        self.editing.write(event.path, event.text)
        self.settle()

    def settle(self) -> None:
        """Check it once the keys rest."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_SETTLED, self.update)

    @on(FormList.Chosen)
    async def _chosen(self, event: FormList.Chosen) -> None:
        self.editing.assign(event.path, event.value)
        await self.update(feed=True)

    @on(FormList.Moved)
    def _moved(self) -> None:
        self._show_editor()
        self._show_facts()

    @on(FormList.Opened)
    def _opened(self) -> None:
        self._show_editor()
        self.set_focus(self.editor.area)

    @work(group="usecase", exclusive=True, exit_on_error=False)
    async def action_field(self, what: str) -> None:
        """A step with the field under the cursor: add a row, take one away, step back …"""
        state = self.form.state
        if state is None:
            return
        path = await steps.STEPS[what](cast("PlaygroundApp", self.app), self.editing, state.path)
        if path is not None:
            await self.update(feed=True)
            (self.form.arrive if what in ("add", "variant") else self.form.move_to)(path)
            self._show_editor()

    async def action_reset(self) -> None:
        """The field isn't set any more: the graph's default holds."""
        if self.form.state is not None:
            self.editing.reset(self.form.state.path)
            await self.update(feed=True)

    async def action_revert(self) -> None:
        """The field is what was typed."""
        if self.form.state is not None:
            self.editing.revert(self.form.state.path)
            await self.update(feed=True)

    def action_pane(self) -> None:
        """From the fields to the editor and back."""
        to_editor = not self.editor.area.has_focus and self.editor.path is not None
        self.set_focus(self.editor.area if to_editor else self.form)

    def action_leave_editor(self) -> None:
        """Out of the editor, to the fields; from a form that is one text, back to the line."""
        self.set_focus(self.form)

    # Going

    @on(Button.Pressed, "#confirm")
    async def action_send(self) -> None:
        """Run it, if nothing is wrong with it."""
        if not self.is_mounted:
            return  # a key that came before the form did
        self.take_typed()
        self._tried = True
        await self.update()
        problems = self.problems
        if not problems:
            self.dismiss(Filled(self.editing, send=True))
            return
        self.show_problem(next(iter(problems)))

    def show_problem(self, path: Path) -> None:
        """To the field that isn't valid."""
        self.form.move_to(path)
        self._show_editor()

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        """Back to the line, with what is filled in."""
        self.take_typed()
        self.dismiss(Filled(self.editing, send=False))

    def take_typed(self) -> None:
        """What stands in an editor and whose message is still on its way."""
        if not self.is_mounted:
            return
        typed = {field.path: field.value for field in self.query(InlineInput)}
        if self.editor.path is not None:
            typed[self.editor.path] = self.editor.area.text
        for path, text in typed.items():
            entry = self.editing.entry(path)
            if entry is not None and text != self.editing.text(entry):
                self.editing.write(path, text)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Letters are the form's, and only what does something to the field under the cursor."""
        state = self.form.state if self.is_mounted else None
        if action == "field":
            return state is not None and steps.can(str(parameters[0]), self.editing, state.entry)
        if action == "revert":
            return state is not None and state.changed
        if action == "reset":
            return state is not None and state.entry.is_set and state.path != CONTEXT
        return True
