"""The state of a thread as a form, or as JSON: what it is to be from a checkpoint on."""

from typing import TYPE_CHECKING, ClassVar, Final, cast

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from playground.client.errors import PlaygroundError
from playground.tui.forms.document import Path
from playground.tui.forms.state_editing import StateEditing
from playground.tui.screens.input_form import InputForm
from playground.tui.text import safe
from playground.tui.widgets.text_view import TextView

if TYPE_CHECKING:
    from playground.tui.app import PlaygroundApp

LONG: Final = 40_000
"""Characters of JSON from which a state is edited as text only: its form would have thousands of fields."""


class EditState(InputForm):
    """Ctrl+S shows what would be written, before it is; F7 goes from the form to JSON and back."""

    DEFAULT_CSS = """
    EditState {
        #state-json { height: 1fr; display: none; }
        &.-json #state-json { display: block; }
        &.-json #form-panes { display: none; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "send", "Review", id="form.send", priority=True, tooltip="See what would be written"),
        Binding("escape", "cancel", "Back", id="form.back", tooltip="Back to the thread; the edit is kept"),
        Binding("f4", "external", "$EDITOR", id="state.external", tooltip="Open the JSON in your own editor"),
        Binding("f7", "json", "Form/JSON", id="state.json", priority=True, tooltip="As a form, or as JSON"),
    ]
    HEADING = "Edit the state at"
    SEND = "Review"
    BASE = "as it is"

    def __init__(self, editing: StateEditing, place: str) -> None:
        super().__init__(editing, place, "")
        self._json = len(editing.text_of("json")) > LONG
        self._only_json = self._json

    def compose_fields(self) -> ComposeResult:
        """Fields and JSON take turns."""
        yield from super().compose_fields()
        yield TextView("json", id="state-json")

    async def on_mount(self, event: events.Mount) -> None:  # type: ignore[override]  # to keep the form's from it
        """As JSON if it is long, else as a form."""
        self.set_class(self._json, "-json")
        self.text_view.border_title = safe("State as JSON")
        if self._json:
            event.prevent_default()
            self.on_resize()
            self._show_json()

    @property
    def text_view(self) -> TextView:
        """The state as JSON."""
        return self.query_one(TextView)

    async def update(self, feed: bool = False) -> None:
        """Check the state, in the form or at the lines of its JSON."""
        if not self._json:
            await super().update(feed)
            return
        self.take_typed()
        self.text_view.show_problems(self.problems)
        self.query_one("#problem", Static).update("")
        self.refresh_bindings()

    def _show_json(self) -> None:
        self.text_view.show_text(self.editing.text_of("json"))
        self.text_view.show_problems(self.problems)
        self.set_focus(self.text_view.area)

    @on(TextView.Typed)
    def _text_typed(self, event: TextView.Typed) -> None:
        event.stop()
        self.settle()  # to read a megabyte takes a tenth of a second: not at each key

    def take_typed(self) -> None:
        """What is typed and whose message is still on its way."""
        if not self._json:
            super().take_typed()
        elif self.is_mounted and self.text_view.area.text != self.editing.text_of("json"):
            self.editing.write_text("json", self.text_view.area.text)

    def show_problem(self, path: Path) -> None:
        """To the field, or the line, that isn't valid."""
        if self._json:
            self.text_view.action_problem()
        else:
            super().show_problem(path)

    async def action_json(self) -> None:
        """From the form to JSON and back; what can't be read as JSON stays there."""
        if self._json and self.editing.texts:
            self.notify("The form needs JSON that can be read: F9 goes to what is wrong.", timeout=4, markup=False)
            return
        self.take_typed()
        self._json = not self._json
        self.set_class(self._json, "-json")
        if self._json:
            self._show_json()
        else:
            await self.update(feed=True)
            self.form.focus()

    async def action_external(self) -> None:
        """The JSON in the user's own editor: in what a line is too long to type in, too."""
        from playground.tui.external import edit_text

        app = cast("PlaygroundApp", self.app)
        try:
            edited = edit_text(app, self.text_view.area.text, ".json")
        except PlaygroundError as error:
            app.report(error)
            return
        if edited is not None:
            self.editing.write_text("json", edited)
            self._show_json()

    def action_leave_editor(self) -> None:
        """Out of the editor: to the fields, or back to the thread."""
        if self._json:
            self.action_cancel()
        else:
            super().action_leave_editor()

    def action_pane(self) -> None:
        """From the fields to the editor; where there is one text, nowhere."""
        if not self._json:
            super().action_pane()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """As JSON there are no fields to act on."""
        if action == "json":
            return not self._only_json
        if action == "external":
            return self._json
        if self._json and action in ("field", "revert", "reset", "pane"):
            return False
        return super().check_action(action, parameters)
