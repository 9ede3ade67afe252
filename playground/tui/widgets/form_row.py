"""A row of a form. It shows a field; the form that it is in moves, edits and tells."""

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from playground.tui.forms.fields import Kind
from playground.tui.widgets.form_cells import GAP, GUTTER, FieldState, box_places, boxes_of, row_lines


class FormRow(Widget):
    """One field of a form."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    FormRow {
        height: auto;
        &:hover { background: $block-hover-background; pointer: pointer; }
        &.-cursor { background: $block-cursor-blurred-background; }
    }
    """

    class Clicked(Message):
        """A click on the row; `box` is the one that was hit."""

        def __init__(self, row: "FormRow", box: int | None, on_value: bool) -> None:
            super().__init__()
            self.row = row
            self.box = box
            self.on_value = on_value

    def __init__(self, state: FieldState, label_width: int) -> None:
        super().__init__()
        self.state = state
        self.box = 0  # the one that Space ticks
        self.is_cursor = False
        self._label_width = label_width

    @property
    def value_start(self) -> int:
        """Cells from the left edge to the value."""
        return GUTTER + self._label_width + GAP

    def show(self, state: FieldState, label_width: int) -> None:
        """Show another state of the same field."""
        if state == self.state and label_width == self._label_width:
            return
        self.state, self._label_width = state, label_width
        self.box = min(self.box, max(0, len(boxes_of(state.entry)) - 1))
        self.on_resize()
        self.refresh()

    def on_resize(self) -> None:
        """Take the height that the lines need at this width."""
        # Not `height: auto` alone: Textual 8.2.8 keeps an old height if a layout comes between two refreshes.
        if self.content_size.width:
            self.styles.height = len(self._lines(self.content_size.width))

    def set_cursor(self, on: bool) -> None:
        """Whether the form's cursor is here."""
        if on != self.is_cursor:
            self.is_cursor = on
            self.set_class(on, "-cursor")
            self.refresh()

    def move_box(self, by: int) -> bool:
        """To another box of a checklist; False if there is none there."""
        if self.state.kind is not Kind.CHECKLIST or not 0 <= self.box + by < len(boxes_of(self.state.entry)):
            return False
        self.box += by
        self.refresh()
        return True

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the value and the problem need."""
        return len(self._lines(width))

    def render(self) -> Content:
        """The row as text."""
        return Content("\n").join(self._lines(self.content_size.width))

    def on_click(self, event: events.Click) -> None:
        """Tell where the click was."""
        event.stop()
        x, y = event.x - self.value_start, event.y
        room = max(8, self.content_size.width - self.value_start - 1)
        places = box_places(self.state.entry, room) if self.state.has_boxes else []
        hit = [at for at, (line, start, end) in enumerate(places) if line == y and start <= x < end]
        self.post_message(self.Clicked(self, hit[0] if hit else None, x >= 0))

    def _lines(self, width: int) -> list[Content]:
        return row_lines(self.state, self._label_width, width or 40, cursor=self.is_cursor, box=self.box)
