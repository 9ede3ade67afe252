"""A list of rows in columns, with a cursor, marks, and room for a great many rows."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, overload

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from playground.tui.widgets.columns import Column, column_at, fit, lay_out, widest

GUTTER: Final = 3
"""Cells before the columns: the cursor, the mark, a space."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its `key` is unique in the list, a cell a column, and `search` is what a filter looks in."""

    key: str
    cells: tuple[Content, ...]
    search: str = ""


class LazyRows(Sequence[Row]):
    """Rows that are made when they are looked at: of ten thousand, the dozens that are on the screen.

    `keys` has one a row, `make` the row of a key; `widest` is how many cells each column's widest content takes.
    """

    def __init__(self, keys: Sequence[str], make: Callable[[str], Row], widest: Sequence[int]) -> None:
        self.keys = keys
        self.widest = widest
        self._make = make
        self._made: dict[str, Row] = {}

    def __len__(self) -> int:
        return len(self.keys)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | list[Row]:
        if isinstance(index, slice):
            return [self._row(key) for key in self.keys[index]]
        return self._row(self.keys[index])

    def forget(self, keys: Iterable[str]) -> None:
        """Make these anew when they are looked at again."""
        for key in keys:
            self._made.pop(key, None)

    def _row(self, key: str) -> Row:
        if key not in self._made:
            self._made[key] = self._make(key)
        return self._made[key]


def keys_of(rows: Sequence[Row]) -> Sequence[str]:
    """The keys, without making rows that nobody looks at."""
    return rows.keys if isinstance(rows, LazyRows) else [row.key for row in rows]


class RowList(ScrollView, can_focus=True):
    """Rows in columns. Setting rows again keeps the cursor on its key, and the scroll position.

    Only the rows that are visible are laid out, so a refresh costs the same for ten rows and ten thousand.
    """

    ALLOW_SELECT = False
    ALLOW_MAXIMIZE = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "row-list--header",
        "row-list--cursor",
        "row-list--hover",
    }
    DEFAULT_CSS = """
    RowList {
        background: transparent;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        & > .row-list--header { color: $text-muted; }
        & > .row-list--hover { background: $block-hover-background; }
        & > .row-list--cursor { background: $block-cursor-blurred-background; text-style: none; }
        &:focus > .row-list--cursor {
            background: $accent 25%;
            text-style: bold;
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", id="list.up", show=False, tooltip="The row above"),
        Binding("down,j", "move(1)", "Down", id="list.down", show=False, tooltip="The row below"),
        Binding("home,g", "first", "First", id="list.first", show=False, tooltip="The first row"),
        Binding("end,G", "last", "Last", id="list.last", show=False, tooltip="The last row"),
        Binding("pageup,ctrl+u", "page(-1)", "Page up", id="list.page_up", show=False, tooltip="A page up"),
        Binding("pagedown,ctrl+d", "page(1)", "Page down", id="list.page_down", show=False, tooltip="A page down"),
        Binding("enter", "open", "Open", id="list.open", tooltip="Open what the cursor is on"),
    ]

    cursor: reactive[int] = reactive(0)
    hover: reactive[int | None] = reactive(None)

    class Moved(Message):
        """The cursor is on another row, or on another row's content; `key` is None in an empty list."""

        def __init__(self, row_list: "RowList", key: str | None) -> None:
            super().__init__()
            self.row_list = row_list
            self.key = key

        @property
        def control(self) -> "RowList":
            """The list."""
            return self.row_list

    class RowMessage(Message):
        """Something happened to the row with the key."""

        def __init__(self, row_list: "RowList", key: str) -> None:
            super().__init__()
            self.row_list = row_list
            self.key = key

        @property
        def control(self) -> "RowList":
            """The list."""
            return self.row_list

    class Opened(RowMessage):
        """Enter, or a double click, on a row."""

    class MarkToggled(RowMessage):
        """A click on the gutter of a row."""

    class SortAsked(Message):
        """A click on the title of a column that names an order."""

        def __init__(self, row_list: "RowList", sort: str) -> None:
            super().__init__()
            self.row_list = row_list
            self.sort = sort

        @property
        def control(self) -> "RowList":
            """The list."""
            return self.row_list

    def __init__(self, *columns: Column, header: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self._columns: Sequence[Column] = columns
        self._header = 1 if header else 0
        self._rows: Sequence[Row] = ()
        self._marked: frozenset[str] = frozenset()
        self._message = Content("")
        self._widths: tuple[int, ...] | None = None
        self._keys: Sequence[str] = ()

    # What it holds

    @property
    def key(self) -> str | None:
        """The key of the row under the cursor, None in an empty list."""
        return self._keys[self.cursor] if self._keys else None

    @property
    def rows(self) -> Sequence[Row]:
        """The rows as they are shown."""
        return self._rows

    def set_rows(self, rows: Sequence[Row], message: Content) -> None:
        """Show these rows, or the message if there are none.

        The cursor stays on its key if that is still there, else about where it was.
        """
        key, before = self.key, self.cursor
        self._message = message
        self._rows = rows
        self._keys = keys_of(rows)
        self._widths = None
        positions = {key: index for index, key in enumerate(self._keys)}
        self._resize()
        self.set_reactive(RowList.cursor, positions.get(key or "", min(before, max(0, len(rows) - 1))))
        if self.scroll_y > 0 and self.key == key:
            # What came or went above it doesn't move the cursor's line on the screen.
            self.scroll_to(y=max(0, self.scroll_y + self.cursor - before), animate=False, force=True)
        self.call_after_refresh(self._show_cursor)
        self.refresh()
        self.refresh_bindings()
        if self.key != key:
            # Later, since Textual ends the way up of a message that was sent while its parent handled another.
            self.call_later(self._say_moved)

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Other columns, or other titles: the rows that are shown must have as many cells."""
        if columns != self._columns:
            self._columns = columns
            self._widths = None
            self.refresh()

    def set_marked(self, keys: frozenset[str]) -> None:
        """Show a ✔ before the rows with these keys."""
        if keys != self._marked:
            self._marked = keys
            self.refresh()

    def move_to(self, key: str) -> bool:
        """Put the cursor on the row with that key; False if there is none."""
        if key not in self._keys:
            return False
        self.cursor = self._keys.index(key)
        return True

    # Moving

    def validate_cursor(self, cursor: int) -> int:
        """Within the rows."""
        return max(0, min(cursor, len(self._rows) - 1))

    def watch_cursor(self, before: int, cursor: int) -> None:
        """Bring the cursor into view and say where it is."""
        self._show_cursor()
        self.refresh()
        self._say_moved()

    def _say_moved(self) -> None:
        self.post_message(self.Moved(self, self.key))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The footer offers to open what there is."""
        return action != "open" or bool(self._rows)

    def action_move(self, by: int) -> None:
        """Up or down."""
        self.cursor += by

    def action_page(self, direction: int) -> None:
        """A page up or down."""
        self.cursor += direction * max(1, self._page - 1)

    def action_first(self) -> None:
        """To the first row."""
        self.cursor = 0

    def action_last(self) -> None:
        """To the last row."""
        self.cursor = len(self._rows) - 1

    def action_open(self) -> None:
        """Open the row under the cursor."""
        if self.key is not None:
            self.post_message(self.Opened(self, self.key))

    @property
    def _page(self) -> int:
        return max(1, self.scrollable_content_region.height - self._header)

    def _show_cursor(self) -> None:
        if not self.scrollable_content_region.height:
            return  # not laid out: its resize shows the cursor
        top = round(self.scroll_y)
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, force=True)
        elif self.cursor >= top + self._page:
            self.scroll_to(y=self.cursor - self._page + 1, animate=False, force=True)

    # The mouse

    def _row_at(self, y: int) -> int | None:
        index = y - self._header + round(self.scroll_y)
        return index if y >= self._header and 0 <= index < len(self._rows) else None

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor, a second one opens; on the gutter it marks."""
        index = self._row_at(event.y)
        if index is None:
            self._head_clicked(event)
            return
        self.cursor = index
        if event.x < GUTTER - 1:
            self.post_message(self.MarkToggled(self, self._keys[index]))
        elif event.chain == 2:
            self.action_open()

    def _head_clicked(self, event: events.Click) -> None:
        if event.y >= self._header or not self._rows:
            return
        widths = self._fitted(self.scrollable_content_region.width)
        column = column_at(self._columns, widths, event.x - GUTTER)
        if column is not None and column.sort:
            self.post_message(self.SortAsked(self, column.sort))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show what a click would take."""
        self.hover = self._row_at(event.y)

    def on_leave(self) -> None:
        """Nothing is under the mouse any more."""
        self.hover = None

    # Painting

    def _resize(self) -> None:
        size = Size(self.scrollable_content_region.width, len(self._rows) + self._header)
        if self.styles.is_auto_height:
            self.virtual_size = size
        elif size != self.virtual_size:
            # Set the usual way it lays out the whole screen, two frames before what a filter found is painted.
            self.set_reactive(RowList.virtual_size, size)
            self._scroll_update(size)
            self.scroll_y = self.validate_scroll_y(self.scroll_y)

    def on_resize(self) -> None:
        """Columns take the new width; the cursor stays in view."""
        self._widths = None
        self._resize()
        self._show_cursor()
        self.refresh()

    def notify_style_update(self) -> None:
        """The theme changed."""
        super().notify_style_update()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the screen: the header, a row, or nothing."""
        width = self.scrollable_content_region.width
        if width <= 0:
            return Strip.blank(0)
        if y < self._header:
            return self._paint(self._header_line(width), width, "row-list--header")
        index = self._row_at(y)
        if not self._rows:
            return self._message_line(y, width)
        if index is None:
            return Strip.blank(width, self.rich_style)
        line = self.line_of(self._rows[index], self._fitted(width))
        return self._paint(self._gutter(index) + line, width, *self._component_classes(index))

    def line_of(self, row: Row, widths: Sequence[int]) -> Content:
        """A row's cells on one line, in columns of these widths."""
        return lay_out(self._columns, row.cells, widths)

    def _message_line(self, y: int, width: int) -> Strip:
        lines = self._message.wrap(max(1, width - 2 * GUTTER))
        index = y - self._header - 1
        line = lines[index] if 0 <= index < len(lines) else Content("")
        return self._paint(Content(" " * GUTTER) + line, width)

    def _gutter(self, index: int) -> Content:
        mark = "✔" if self._keys[index] in self._marked else " "
        cursor = "▌" if index == self.cursor else " "
        return Content.assemble((cursor, "$accent"), (mark, "$text-success"), " ")

    def _component_classes(self, index: int) -> tuple[str, ...]:
        if index == self.cursor:
            return ("row-list--cursor",)
        return ("row-list--hover",) if index == self.hover else ()

    def _header_line(self, width: int) -> Content:
        titles = tuple(Content(column.title) for column in self._columns)
        return Content(" " * GUTTER) + lay_out(self._columns, titles, self._fitted(width))

    def _fitted(self, width: int) -> tuple[int, ...]:
        if self._widths is None:
            rows = self._rows
            wide = rows.widest if isinstance(rows, LazyRows) else widest(self._columns, [row.cells for row in rows])
            self._widths = fit(self._columns, wide, max(1, width - GUTTER))
        return self._widths

    def _paint(self, content: Content, width: int, *classes: str) -> Strip:
        style = self.get_visual_style(*classes) if classes else self.visual_style
        line = content.truncate(width, ellipsis=True, pad=True)
        return Visual.to_strips(self, line, width, 1, style, pad=True)[0]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as it has rows, for `height: auto`."""
        lines = len(self._rows) or 2 + len(self._message.wrap(max(1, width - 2 * GUTTER)))
        return lines + self._header
