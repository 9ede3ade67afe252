"""The form: fields under headings, a cursor over them, and what edits the short ones in place."""

from collections.abc import Sequence
from typing import Any, ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, OptionList

from playground.tui.forms.document import UNSET, Path, same
from playground.tui.forms.fields import HOLDERS, Choice, Kind
from playground.tui.forms.steps import stepped
from playground.tui.widgets.form_cells import FieldState
from playground.tui.widgets.form_folds import folded_sections
from playground.tui.widgets.form_inline import (
    ChoiceMenu,
    Grown,
    InlineInput,
    Left,
)
from playground.tui.widgets.form_rows import FormRows, Row

PAGE: Final = 8
"""Rows of a page up or down."""


class FormList(Widget, can_focus=True):
    """Fields to move over and edit. `set_sections` shows a state; what the user does is told in messages."""

    DEFAULT_CSS = """
    FormList { height: 1fr; layers: below over; }
    FormList FormRows { layer: below; }
    FormList:focus FormRows > .form-rows--cursor { background: $accent 25%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Edit", id="edit.open", tooltip="Edit the field"),
        Binding("n", "none", "None", id="edit.none", show=False, tooltip="The value none (null)"),
        Binding("space", "tick", "Tick", id="edit.tick", show=False, tooltip="Tick, choose or fold"),
        Binding("plus,equals_sign", "step(1)", "More", id="edit.more", show=False, tooltip="A step more"),
        Binding("minus", "step(-1)", "Less", id="edit.less", show=False, tooltip="A step less"),
        Binding("up,k", "move(-1)", "Up", id="list.up", show=False, tooltip="The field above"),
        Binding("down,j", "move(1)", "Down", id="list.down", show=False, tooltip="The field below"),
        Binding("left,h", "sideways(-1)", "Left", id="list.left", show=False, tooltip="Box left, a step less, fold"),
        Binding("right,l", "sideways(1)", "Right", id="list.right", show=False, tooltip="Box right, more, unfold"),
        Binding("home,g", "edge(0)", "First", id="list.first", show=False, tooltip="The first field"),
        Binding("end,G", "edge(-1)", "Last", id="list.last", show=False, tooltip="The last field"),
        Binding("pageup", f"move(-{PAGE})", "Page up", id="list.page_up", show=False, tooltip="Some fields up"),
        Binding("pagedown", f"move({PAGE})", "Page down", id="list.page_down", show=False, tooltip="Some fields down"),
    ]

    class Moved(Message):
        """The cursor is on another field."""

    class Typed(Message):
        """Text was typed into a field."""

        def __init__(self, path: Path, text: str) -> None:
            super().__init__()
            self.path = path
            self.text = text

    class Chosen(Message):
        """A value was chosen for a field."""

        def __init__(self, path: Path, value: Any) -> None:
            super().__init__()
            self.path = path
            self.value = value

    class Opened(Message):
        """The field under the cursor wants the big editor."""

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._painted = FormRows()
        self._sections: Sequence[tuple[str, Sequence[FieldState]]] = ()
        self._folds: dict[Path, bool] = {}
        self._wanted: Path | None = None  # opens in the big editor as soon as it needs that

    def compose(self) -> ComposeResult:
        """The rows; what edits one lies over them."""
        yield self._painted

    # What it shows

    @property
    def state(self) -> FieldState | None:
        """The field under the cursor."""
        return self.row.state if self.row else None

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        return self._painted.cursor

    @property
    def rows(self) -> list[Row]:
        """The rows that aren't folded away."""
        return self._painted.rows

    async def set_sections(self, sections: Sequence[tuple[str, Sequence[FieldState]]]) -> None:
        """Show these fields. The cursor stays on its field, and so does what is being typed."""
        at = self.state.path if self.state else None
        index = self.rows.index(self.row) if self.row else 0
        self._sections = sections
        self._painted.set_sections(folded_sections(sections, self._folds))
        if self.rows and self.row is None:
            self._painted.set_cursor(self._nearest(at, index))
        self._place()
        state = self.state
        if state is not None and state.path == self._wanted and state.is_big:
            self._wanted = None
            self.post_message(self.Opened())

    def _nearest(self, path: Path | None, index: int) -> Row:
        """The row where the cursor goes from a field that is no more: what it was in, else its neighbour."""
        while path:
            path = path[:-1]
            if row := self._row_of(path):
                return row
        return self.rows[min(index, len(self.rows) - 1)]

    def _row_of(self, path: Path) -> Row | None:
        return next((row for row in self.rows if row.state.path == path), None)

    # Moving

    def move_to(self, path: Path) -> None:
        """Put the cursor on a field, unfolding what it is in; on the nearest around it if there is none."""
        closed = [row.state.path for row in self.rows if row.state.folded]
        while inside := [at for at in closed if len(at) < len(path) and path[: len(at)] == at]:
            self._fold(inside[0], folded=False)
            closed = [row.state.path for row in self.rows if row.state.folded]
        if row := self._row_of(path):
            self._put_cursor(row)

    def arrive(self, path: Path) -> None:
        """A value was made at `path`: the cursor goes there, what is in it is seen, and it can be typed at once."""
        self._fold(path, folded=False)
        self.move_to(path)
        state = self.state
        if state is not None and state.path == path and state.is_inline and state.entry.value not in (UNSET, None):
            self.action_open()

    def action_move(self, by: int) -> None:
        """Up or down."""
        if self.row is not None:
            at = self.rows.index(self.row) + by
            self._put_cursor(self.rows[min(max(at, 0), len(self.rows) - 1)])

    def action_edge(self, at: int) -> None:
        """To the first or the last field."""
        if self.rows:
            self._put_cursor(self.rows[at])

    def action_sideways(self, by: int) -> None:
        """To another box of a checklist, a step of a number, or folded and unfolded."""
        state = self.state
        if state is None or self._painted.move_box(by):
            return
        if state.is_number:
            self.action_step(by)
        elif state.folded is not None and state.folded is (by > 0):
            self._fold(state.path, folded=not state.folded)
        elif by < 0 and (row := self._row_of(state.path[:-1])):
            self._put_cursor(row)

    def _fold(self, path: Path, *, folded: bool) -> None:
        self._folds[path] = folded
        self._painted.set_sections(folded_sections(self._sections, self._folds))

    def _put_cursor(self, row: Row) -> None:
        self._painted.set_cursor(row)
        self.post_message(self.Moved())

    @on(FormRows.Clicked)
    def _clicked(self, event: FormRows.Clicked) -> None:
        event.stop()
        self.screen.set_focus(self)
        row, state = event.row, event.row.state
        self._put_cursor(row)
        box = self._painted.box_at(row, event.x, event.y)
        if box is not None:
            row.box = box
            self.action_tick()
        elif state.folded is not None:
            self._fold(state.path, folded=not state.folded)
        elif state.is_big or (event.x >= 0 and not state.has_boxes):
            self.action_open()

    # Editing

    def action_open(self) -> None:
        """Edit the field: in its row, in a menu, or in the big editor."""
        row = self.row
        if row is None:
            return
        state = row.state
        if state.is_inline:
            self._edit_with(InlineInput(state, state.entry.text if state.text is None else state.text))
        elif state.kind is Kind.CHOICE:
            self._open_choices(state)
        elif state.wants_kind:
            self._ask_screen("variant")
        elif state.is_big:
            self.post_message(self.Opened())
        elif state.kind in HOLDERS and state.folded is None:
            self._ask_screen("add")
        else:
            self.action_tick()

    def action_tick(self) -> None:
        """Tick the box under the cursor, open what there is to choose from, or fold."""
        row = self.row
        if row is None:
            return
        state, entry = row.state, row.state.entry
        if state.kind is Kind.BOOLEAN:
            self.post_message(self.Chosen(state.path, entry.effective is not True))
        elif state.kind is Kind.CHECKLIST and entry.field.choices:
            chosen = entry.effective if isinstance(entry.effective, list) else []
            self.post_message(self.Chosen(state.path, toggled(chosen, entry.field.choices, row.box)))
        elif state.kind is Kind.CHOICE or state.wants_kind:
            self.action_open()
        elif state.folded is not None:
            self._fold(state.path, folded=not state.folded)

    def action_step(self, by: int) -> None:
        """A number's next value."""
        state = self.state
        if state is not None and state.is_number:
            self.post_message(self.Chosen(state.path, stepped(state.entry.field, state.entry.effective, by)))

    def action_none(self) -> None:
        """The value null, where the schema allows it."""
        if self.state is not None:
            self.post_message(self.Chosen(self.state.path, None))

    def _ask_screen(self, what: str) -> None:
        """Rows, kinds and steps back are the screen's: it may have to ask."""
        self.call_later(self.run_action, f"screen.field('{what}')")

    def _open_choices(self, state: FieldState) -> None:
        choices = state.entry.field.choices
        current = [at for at, choice in enumerate(choices) if same(choice.value, state.entry.effective)]
        self._edit_with(ChoiceMenu(state.path, [choice.label for choice in choices], current[0] if current else 0))

    def _edit_with(self, widget: InlineInput | ChoiceMenu) -> None:
        self.mount(widget)
        self._place_over(widget)
        # At once, not when it is mounted: the next key may be there already, and it is this widget's.
        self.screen.set_focus(widget)

    @on(FormRows.Scrolled)
    def _place(self) -> None:
        """What edits a row stays over it."""
        for child in self.children:
            if isinstance(child, (InlineInput, ChoiceMenu)):
                if self.state is not None and self.state.path == child.path:
                    self._place_over(child)
                elif child.has_focus:  # the field is gone: the graph's code has changed
                    self.screen.set_focus(self)

    def _place_over(self, widget: InlineInput | ChoiceMenu) -> None:
        row, painted = self.row, self._painted
        if row is not None:
            widget.place(painted.value_start, painted.line_of(row), painted.room)

    @on(Left)
    def _left(self, event: Left) -> None:
        event.stop()
        self.screen.set_focus(self)
        if event.undo:
            self._ask_screen("undo")
        if event.by:
            self.action_move(event.by)

    @on(Grown)
    def _grown(self, event: Grown) -> None:
        event.stop()
        self._wanted = event.path
        self.screen.set_focus(self)
        self.post_message(self.Chosen(event.path, event.text))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if isinstance(event.input, InlineInput):
            self.post_message(self.Typed(event.input.path, event.value))

    @on(OptionList.OptionSelected)
    def _picked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        menu, state = event.option_list, self.state
        self.screen.set_focus(self)
        if isinstance(menu, ChoiceMenu) and state is not None:
            self.post_message(self.Chosen(menu.path, state.entry.field.choices[event.option_index].value))

    # What works now

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide the keys that would do nothing to the field under the cursor."""
        state = self.state
        if action == "none":
            return state is not None and state.entry.field.nullable and state.kind is not Kind.SECRET
        return action != "step" or (state is not None and state.is_number)


def toggled(chosen: list[Any], choices: Sequence[Choice], at: int) -> list[Any]:
    """The chosen values with one more or one less; a new one stands where the choices have it."""
    value = choices[at].value
    if any(same(value, one) for one in chosen):
        return [one for one in chosen if not same(value, one)]
    behind = [choice.value for choice in choices[at + 1 :]]
    place = next((i for i, one in enumerate(chosen) if any(same(one, later) for later in behind)), len(chosen))
    return [*chosen[:place], value, *chosen[place:]]
