"""Differences to scroll through, with a cursor on one of them: only what is seen is painted, however long they are."""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip
from textual.style import Style
from textual.visual import Visual

from playground.tui.compare.difference_lines import Drawn
from playground.tui.text import join, safe


class DifferenceView(ScrollView, can_focus=True):
    """Says in `Moved` that the cursor is on another difference. A click puts it there."""

    DEFAULT_CSS = """
    DifferenceView { height: 1fr; padding: 0 1; overflow-x: hidden; }
    DifferenceView { scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "scroll('down')", "Down", id="difference.down", show=False, tooltip="Scroll down"),
        Binding("k", "scroll('up')", "Up", id="difference.up", show=False, tooltip="Scroll up"),
        Binding("g", "scroll('home')", "Top", id="difference.top", show=False, tooltip="To the top"),
        Binding("G", "scroll('end')", "End", id="difference.end", show=False, tooltip="To the end"),
    ]

    class Moved(Message):
        """The cursor is on another difference."""

    class Resized(Message):
        """Lines have another width to be drawn for."""

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.cursor = 0
        self.differences = 0
        self._drawn = Drawn()
        self._width = 0

    @property
    def room(self) -> int:
        """Cells of a line."""
        return self.scrollable_content_region.width

    @property
    def text(self) -> str:
        """All lines."""
        return "\n".join(line.plain for line in self._drawn.lines)

    def show(self, drawn: Drawn, differences: int, *, from_top: bool) -> None:
        """Show these lines; unless `from_top`, cursor and scroll position stay."""
        self._drawn = drawn
        self.differences = differences
        self.cursor = 0 if from_top else max(0, min(self.cursor, differences - 1))
        self.virtual_size = Size(self.room, len(drawn.lines))
        if from_top:
            self.scroll_home(animate=False)
        self.refresh()
        self.post_message(self.Moved())

    def put_cursor(self, at: int) -> None:
        """To this difference."""
        self.cursor = at
        line, lines = self._drawn.place(at)
        self.scroll_to_region(Region(0, max(0, line - 1), 1, lines + 2), animate=False, force=True)
        self.refresh()
        self.post_message(self.Moved())

    def action_scroll(self, where: str) -> None:
        """Scroll at once: thousands of lines aren't flown over."""
        getattr(self, f"scroll_{where}")(animate=False)

    def jump(self, by: int) -> None:
        """To another difference, round and round."""
        if self.differences:
            self.put_cursor((self.cursor + by) % self.differences)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on what was clicked."""
        line = event.get_content_offset(self)
        at = line.y + self.scroll_offset.y if line is not None else -1
        if 0 <= at < len(self._drawn.owners) and (owner := self._drawn.owners[at]) is not None:
            self.put_cursor(owner)

    def on_resize(self, event: events.Resize) -> None:
        """Lines are cut for the width they have."""
        if self.room != self._width:
            self._width = self.room
            self.post_message(self.Resized())

    def render_line(self, y: int) -> Strip:
        """A line, with the cursor before it if it belongs to the difference that it is on."""
        width, row = self.room, y + self.scroll_offset.y
        if row >= len(self._drawn.lines):
            return Strip.blank(width, self.rich_style)
        line = self._drawn.lines[row]
        owner = self._drawn.owners[row]
        gutter = safe("▌ ", "$accent") if owner is not None and owner == self.cursor else Content("  ")
        strip = self._strip(self._selected(join(gutter, line), row), width)
        return strip.apply_offsets(-2, row)

    def _strip(self, line: Content, width: int) -> Strip:
        cut = line.truncate(width, ellipsis=True) if line.cell_length > width else line
        return Visual.to_strips(self, cut, width, 1, self.visual_style, apply_selection=False, pad=True)[0]

    # Selecting text

    def _selected(self, line: Content, row: int) -> Content:
        selection = self.text_selection
        span = selection.get_span(row) if selection else None
        if span is None:
            return line
        start, end = span
        style = Style.from_styles(self.screen.get_component_styles("screen--selection"))
        return line.stylize(style, start + 2, len(line) if end == -1 else end + 2)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected lines as text."""
        return selection.extract(self.text), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Paint the selection."""
        self.refresh()
