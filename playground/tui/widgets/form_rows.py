"""The rows of a form, painted: only what is visible is laid out, so sixty fields cost what twenty do."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from playground.tui.forms.fields import Kind
from playground.tui.text import one_line, safe
from playground.tui.widgets.form_cells import (
    GAP,
    GUTTER,
    FieldState,
    box_places,
    boxes_of,
    label_length,
    row_height,
    row_lines,
)

MOST_LABEL: Final = 24
LEAST_LABEL: Final = 10


@dataclass(slots=True)
class Row:
    """A field's row: its state, the first line that it is painted on, and which of its boxes Space ticks."""

    state: FieldState
    top: int = 0
    height: int = 1
    box: int = 0
    is_cursor: bool = False


class FormRows(ScrollView, can_focus=False):
    """Fields under headings. It paints and tells where it was clicked; the form that it is in does the rest."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"form-rows--cursor", "form-rows--hover", "form-rows--heading"}
    DEFAULT_CSS = """
    FormRows {
        height: 1fr;
        background: transparent;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        & > .form-rows--heading { color: $text-muted; text-style: bold; }
        & > .form-rows--hover { background: $block-hover-background; }
        & > .form-rows--cursor { background: $block-cursor-blurred-background; }
    }
    """

    hover: reactive[int | None] = reactive(None)

    class Clicked(Message):
        """A click on a row; `x` counts from its value's left edge, `y` from its first line."""

        def __init__(self, row: Row, x: int, y: int) -> None:
            super().__init__()
            self.row = row
            self.x = x
            self.y = y

    class Scrolled(Message):
        """Other rows are visible."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self._headings: dict[int, str] = {}  # by line
        self._tops: list[int] = []
        self._label_width = LEAST_LABEL

    # What it holds

    @property
    def value_start(self) -> int:
        """Cells from the left edge to the values."""
        return GUTTER + self._label_width + GAP

    @property
    def room(self) -> int:
        """Cells that a value may take."""
        return max(8, self._width - self.value_start - 1)

    @property
    def cursor(self) -> Row | None:
        """The row under the cursor."""
        return next((row for row in self.rows if row.is_cursor), None)

    def set_sections(self, sections: Sequence[tuple[str, Sequence[FieldState]]]) -> None:
        """Show these fields; boxes and the cursor stay with their fields."""
        before = {row.state.path: row for row in self.rows}
        self._sections = sections
        self.rows = []
        for state in [state for _, states in sections for state in states]:
            old = before.get(state.path)
            box = min(old.box, max(0, len(boxes_of(state.entry)) - 1)) if old else 0
            self.rows.append(Row(state, box=box, is_cursor=old is not None and old.is_cursor))
        self.lay_out()

    def lay_out(self) -> None:
        """Give each row its lines at this width."""
        states = [row.state for row in self.rows]
        wide = max([LEAST_LABEL, *(min(MOST_LABEL, label_length(state)) for state in states)])
        self._label_width = min(wide, max(LEAST_LABEL, self._width * 2 // 5)) if self._width else wide
        line, rows = 0, iter(self.rows)
        self._headings = {}
        for title, listed in self._sections:
            line += bool(line)
            self._headings[line] = title
            line += 1
            for _ in listed:
                row = next(rows)
                row.top, row.height = line, row_height(row.state, self._label_width, self._width or 40)
                line += row.height
        self._tops = [row.top for row in self.rows]
        self.virtual_size = Size(self._width, line)
        self.refresh()

    _sections: Sequence[tuple[str, Sequence[FieldState]]] = ()

    # Where things are

    def set_cursor(self, row: Row) -> None:
        """Put the cursor on a row and bring it into view."""
        for other in self.rows:
            other.is_cursor = other is row
        self.show_cursor()
        self.refresh()

    def show_cursor(self) -> None:
        """Bring the row under the cursor into view; the first one with its heading."""
        row, height = self.cursor, self.scrollable_content_region.height
        if row is None or height < 1:
            return
        top = 0 if row is self.rows[0] else row.top
        if top < self.scroll_y:
            self.scroll_to(y=top, animate=False, force=True)
        elif row.top + row.height > self.scroll_y + height:
            self.scroll_to(y=min(row.top, row.top + row.height - height), animate=False, force=True)

    def line_of(self, row: Row) -> int:
        """The row's first line, from the top of what is visible."""
        return row.top - round(self.scroll_y)

    def box_at(self, row: Row, x: int, y: int) -> int | None:
        """Which box of a row is at a place of its value."""
        places = box_places(row.state.entry, self.room) if row.state.has_boxes else []
        return next((at for at, (line, start, end) in enumerate(places) if line == y and start <= x < end), None)

    def move_box(self, by: int) -> bool:
        """To another box of the checklist under the cursor; False if there is none there."""
        row = self.cursor
        if row is None or row.state.kind is not Kind.CHECKLIST:
            return False
        if 0 <= row.box + by < len(boxes_of(row.state.entry)):
            row.box += by
            self.refresh()
        return True

    def _row_at(self, line: int) -> int | None:
        index = bisect_right(self._tops, line) - 1
        return index if index >= 0 and line < self.rows[index].top + self.rows[index].height else None

    # The mouse

    def on_click(self, event: events.Click) -> None:
        """Tell where the click was."""
        event.stop()
        line = event.y + round(self.scroll_y)
        index = self._row_at(line)
        if index is not None:
            row = self.rows[index]
            self.post_message(self.Clicked(row, event.x - self.value_start, line - row.top))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show what a click would take."""
        self.hover = self._row_at(event.y + round(self.scroll_y))

    def on_leave(self) -> None:
        """Nothing is under the mouse any more."""
        self.hover = None

    # Painting

    @property
    def _width(self) -> int:
        return self.scrollable_content_region.width

    def on_resize(self) -> None:
        """The labels get their part of the new width; the cursor stays in view."""
        self.lay_out()
        self.show_cursor()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Tell that other rows are visible."""
        super().watch_scroll_y(old_value, new_value)
        self.post_message(self.Scrolled())

    def notify_style_update(self) -> None:
        """The theme changed, or the focus."""
        super().notify_style_update()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the screen: a heading, a line of a row, or nothing."""
        line, width = y + round(self.scroll_y), self._width
        if width <= 0:
            return Strip.blank(0)
        if line in self._headings:
            return self._paint(safe(f" {one_line(self._headings[line], 60)}"), width, "form-rows--heading")
        index = self._row_at(line)
        if index is None:
            return Strip.blank(width, self.visual_style.rich_style)
        row = self.rows[index]
        lines = row_lines(row.state, self._label_width, width, cursor=row.is_cursor, box=row.box)
        shown = lines[line - row.top] if line - row.top < len(lines) else Content("")
        classes = ("form-rows--cursor",) if row.is_cursor else ("form-rows--hover",) if index == self.hover else ()
        return self._paint(shown, width, *classes)

    def _paint(self, content: Content, width: int, *classes: str) -> Strip:
        style = self.get_visual_style(*classes) if classes else self.visual_style
        line = content.truncate(width, ellipsis=True, pad=True)
        return Visual.to_strips(self, line, width, 1, style, pad=True)[0]
