"""The form: fields under headings, a cursor over them, and what edits the short ones in place."""

import asyncio
from collections.abc import Sequence
from typing import Any, ClassVar, Final

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Input, OptionList, Static

from playground.tui.forms.document import Path, same
from playground.tui.forms.fields import Choice, Kind
from playground.tui.text import one_line, safe
from playground.tui.widgets.form_cells import FieldState, label_length
from playground.tui.widgets.form_inline import ChoiceMenu, InlineInput, Left
from playground.tui.widgets.form_row import FormRow

MOST_LABEL: Final = 24
LEAST_LABEL: Final = 10


class FormList(VerticalScroll, can_focus=True):
    """Fields to move over and edit. `set_sections` shows a state; what the user does is told in messages."""

    ALLOW_MAXIMIZE = False
    DEFAULT_CSS = """
    FormList {
        scrollbar-size-vertical: 1;
        .heading { color: $text-muted; padding: 0 1; margin-top: 1; text-style: bold; height: 1; }
        .heading.-first { margin-top: 0; }
        &:focus FormRow.-cursor { background: $accent 25%; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Edit", id="edit.open", tooltip="Edit the field"),
        Binding("space", "tick", "Tick", id="edit.tick", show=False, tooltip="Tick or choose"),
        Binding("up,k", "move(-1)", "Up", id="list.up", show=False, tooltip="The field above"),
        Binding("down,j", "move(1)", "Down", id="list.down", show=False, tooltip="The field below"),
        Binding("left,h", "box(-1)", "Left", id="list.left", show=False, tooltip="The box to the left"),
        Binding("right,l", "box(1)", "Right", id="list.right", show=False, tooltip="The box to the right"),
        Binding("home,g", "edge(0)", "First", id="list.first", show=False, tooltip="The first field"),
        Binding("end,G", "edge(-1)", "Last", id="list.last", show=False, tooltip="The last field"),
        Binding("pageup", "move(-8)", "Page up", id="list.page_up", show=False, tooltip="Some fields up"),
        Binding("pagedown", "move(8)", "Page down", id="list.page_down", show=False, tooltip="Some fields down"),
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
        self._rows: list[FormRow] = []
        self._shape: list[object] = []
        self._laying = asyncio.Lock()  # rows of two calls must not mix

    @property
    def state(self) -> FieldState | None:
        """The field under the cursor."""
        row = self.row
        return row.state if row else None

    @property
    def row(self) -> FormRow | None:
        """The row under the cursor."""
        return next((row for row in self._rows if row.is_cursor), None)

    async def set_sections(self, sections: Sequence[tuple[str, Sequence[FieldState]]]) -> None:
        """Show these fields. The cursor stays on its field, and so does what is being typed."""
        async with self._laying:
            states = [state for _, states in sections for state in states]
            shape = [(title, [(state.path, state.kind) for state in states]) for title, states in sections]
            width = self._label_width(states)
            if shape != self._shape:
                self._shape = []  # until all rows are there: a worker that lays them may be cancelled
                await self._lay(sections, width)
                self._shape = list(shape)
                return
            for row, state in zip(self._rows, states, strict=True):
                row.show(state, width)

    async def _lay(self, sections: Sequence[tuple[str, Sequence[FieldState]]], width: int) -> None:
        at = self.state.path if self.state else None
        children: list[Static | FormRow] = []
        for number, (title, states) in enumerate(sections):
            children.append(Static(safe(one_line(title, 60)), classes="heading" if number else "heading -first"))
            children += [FormRow(state, width) for state in states]
        self._rows = [child for child in children if isinstance(child, FormRow)]
        async with self.batch():
            await self.remove_children()
            await self.mount_all(children)
        if self._rows:
            self._put_cursor(next((row for row in self._rows if row.state.path == at), self._rows[0]))

    def _label_width(self, states: Sequence[FieldState]) -> int:
        width = max([LEAST_LABEL, *(min(MOST_LABEL, label_length(state)) for state in states)])
        return min(width, max(LEAST_LABEL, self.size.width * 2 // 5)) if self.size.width else width

    def on_resize(self) -> None:
        """The labels get their part of the new width."""
        width = self._label_width([row.state for row in self._rows])
        for row in self._rows:
            row.show(row.state, width)

    # Moving

    def move_to(self, path: Path) -> None:
        """Put the cursor on a field, if there is one at this path."""
        for row in self._rows:
            if row.state.path == path:
                self._put_cursor(row)

    def action_move(self, by: int) -> None:
        """Up or down."""
        if self.row is not None:
            at = self._rows.index(self.row) + by
            self._put_cursor(self._rows[min(max(at, 0), len(self._rows) - 1)])

    def action_edge(self, at: int) -> None:
        """To the first or the last field."""
        if self._rows:
            self._put_cursor(self._rows[at])

    def action_box(self, by: int) -> None:
        """To another box of a checklist."""
        if self.row is not None:
            self.row.move_box(by)

    def _put_cursor(self, row: FormRow) -> None:
        for other in self._rows:
            other.set_cursor(other is row)
        if row is self._rows[0]:
            self.scroll_home(animate=False)
        else:
            row.scroll_visible(animate=False)
        self.post_message(self.Moved())

    @on(FormRow.Clicked)
    def _clicked(self, event: FormRow.Clicked) -> None:
        event.stop()
        self.focus()
        self._put_cursor(event.row)
        if event.box is not None:
            event.row.box = event.box
            self.action_tick()
        elif event.row.state.is_big or (event.on_value and not event.row.state.has_boxes):
            self.action_open()

    # Editing

    def action_open(self) -> None:
        """Edit the field: in its row, in a list of choices, or in the big editor."""
        row = self.row
        if row is None:
            return
        if row.state.is_inline:
            entry, text = row.state.entry, row.state.text
            self._edit_with(row, InlineInput(row, entry.text if text is None else text))
        elif row.state.kind is Kind.CHOICE:
            self._edit_with(row, ChoiceMenu(row))
        elif row.state.is_big:
            self.post_message(self.Opened())
        else:
            self.action_tick()

    def action_tick(self) -> None:
        """Tick the box under the cursor, or open what there is to choose from."""
        row = self.row
        if row is None:
            return
        entry = row.state.entry
        if row.state.kind is Kind.BOOLEAN:
            self.post_message(self.Chosen(row.state.path, entry.effective is not True))
        elif row.state.kind is Kind.CHECKLIST and entry.field.choices:
            chosen = entry.effective if isinstance(entry.effective, list) else []
            self.post_message(self.Chosen(row.state.path, toggled(chosen, entry.field.choices, row.box)))
        elif row.state.kind is Kind.CHOICE:
            self.action_open()

    def _edit_with(self, row: FormRow, widget: InlineInput | ChoiceMenu) -> None:
        row.mount(widget)
        # At once, not when it is mounted: the next key may be there already, and it is this widget's.
        self.screen.set_focus(widget)

    @on(Left)
    def _left(self, event: Left) -> None:
        event.stop()
        self.screen.set_focus(self)
        if event.by:
            self.action_move(event.by)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if isinstance(event.input, InlineInput):
            self.post_message(self.Typed(event.input.path, event.value))

    @on(OptionList.OptionSelected)
    def _picked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if isinstance(event.option_list, ChoiceMenu):
            menu = event.option_list
            self.screen.set_focus(self)
            self.post_message(self.Chosen(menu.path, menu.choices[event.option_index].value))


def toggled(chosen: list[Any], choices: Sequence[Choice], at: int) -> list[Any]:
    """The chosen values with one more or one less; a new one stands where the choices have it."""
    value = choices[at].value
    if any(same(value, one) for one in chosen):
        return [one for one in chosen if not same(value, one)]
    behind = [choice.value for choice in choices[at + 1 :]]
    place = next((i for i, one in enumerate(chosen) if any(same(one, later) for later in behind)), len(chosen))
    return [*chosen[:place], value, *chosen[place:]]
