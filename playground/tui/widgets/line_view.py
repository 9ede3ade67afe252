"""Lines under a cursor, drawn as far as they are seen, that follow their end until one leaves it."""

from abc import abstractmethod
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from playground.tui.text import safe


class LineView(ScrollView, can_focus=True):
    """A subclass says how many lines there are, what each looks like, and what there is to find in it.

    It calls `lines_changed` when they are others. `following`: the cursor stays on the last line.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"line-view--cursor", "line-view--hover", "line-view--match"}
    DEFAULT_CSS = """
    LineView {
        height: 1fr;
        background: transparent;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        padding: 0 0 0 1;
        & > .line-view--hover { background: $block-hover-background; }
        & > .line-view--cursor { background: $block-cursor-blurred-background; }
        & > .line-view--match { background: $warning 40%; color: $foreground; text-style: bold; }
        &:focus > .line-view--cursor { background: $accent 25%; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", id="lines.up", show=False, tooltip="The line above"),
        Binding("down,j", "move(1)", "Down", id="lines.down", show=False, tooltip="The line below"),
        Binding("home,g", "first", "First", id="lines.first", show=False, tooltip="The first line"),
        Binding("end,G", "follow", "End", id="lines.end", show=False, tooltip="To the end, and follow it"),
        Binding("pageup,ctrl+u", "page(-1)", "Page up", id="lines.page_up", show=False, tooltip="A page up"),
        Binding("pagedown,ctrl+d", "page(1)", "Page down", id="lines.page_down", show=False, tooltip="A page down"),
        Binding("enter,o", "open", "Open", id="lines.open", tooltip="All there is to see of it, or fold it"),
    ]

    cursor: reactive[int] = reactive(0)
    hover: reactive[int | None] = reactive(None)
    following: reactive[bool] = reactive(True, layout=False)

    class Moved(Message):
        """The cursor is on another line, or the view follows its end or ceased to."""

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._message = Content("")
        self._query = ""
        self._case = False
        self._found: list[int] = []

    @property
    @abstractmethod
    def line_count(self) -> int:
        """How many there are."""

    @abstractmethod
    def line(self, index: int, width: int) -> Content:
        """A line as it is shown."""

    @abstractmethod
    def line_text(self, index: int) -> str:
        """What is looked through in a line."""

    @abstractmethod
    def action_open(self) -> None:
        """Show all of what the cursor is on, or fold it."""

    # What changes

    def say(self, sentence: str) -> None:
        """What to show while there are no lines."""
        self._message = safe(sentence)
        self.refresh()

    def lines_changed(self, cursor: int | None = None) -> None:
        """There are others; the cursor is on the last one while it follows, else where it is told, or was."""
        height = self.line_count
        at = height - 1 if self.following else self.cursor if cursor is None else cursor
        shift = 0 if self.following or cursor is None else cursor - self.cursor
        self.set_reactive(LineView.cursor, max(0, min(at, height - 1)))
        self._resize()
        if self.following:
            self.scroll_to(y=self.max_scroll_y, animate=False, force=True, immediate=True)
        elif shift:  # what came above it doesn't move the cursor's line on the screen
            self.scroll_to(y=max(0, self.scroll_y + shift), animate=False, force=True, immediate=True)
        self.refresh()

    def _resize(self) -> None:
        size = Size(self.scrollable_content_region.width, self.line_count)
        if (size.height > self.container_size.height) != self.show_vertical_scrollbar:
            self.virtual_size = size
        elif size != self.virtual_size:
            self.set_reactive(LineView.virtual_size, size)  # set the usual way it lays out the whole screen
            self._scroll_update(size)
            self.scroll_y = self.validate_scroll_y(self.scroll_y)

    def on_resize(self) -> None:
        """Lines take the new width; the cursor stays in view."""
        self._resize()
        self._show_cursor()
        self.refresh()

    def notify_style_update(self) -> None:
        """The theme changed."""
        super().notify_style_update()
        self.refresh()

    # Moving

    def validate_cursor(self, cursor: int) -> int:
        """Within the lines."""
        return max(0, min(cursor, self.line_count - 1))

    def watch_cursor(self) -> None:
        """Bring it into view."""
        self._show_cursor()
        self.refresh()
        self.post_message(self.Moved())

    def watch_following(self) -> None:
        """Say so."""
        self.post_message(self.Moved())

    def action_move(self, by: int) -> None:
        """Up or down; down from the last but one line begins to follow."""
        self._go(self.cursor + by)

    def action_page(self, direction: int) -> None:
        """A page up or down."""
        self._go(self.cursor + direction * max(1, self.scrollable_content_region.height - 1))

    def action_first(self) -> None:
        """To the first line."""
        self._go(0)

    def action_follow(self) -> None:
        """To the end, and stay there."""
        self._go(self.line_count - 1)

    def _go(self, index: int) -> None:
        self.cursor = index
        self.following = self.cursor >= self.line_count - 1

    def go_to(self, index: int) -> None:
        """Put the cursor there."""
        self._go(index)

    def _show_cursor(self) -> None:
        height = self.scrollable_content_region.height
        if not height:
            return
        top = round(self.scroll_y)
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, force=True, immediate=True)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False, force=True, immediate=True)

    def on_mouse_scroll_up(self) -> None:
        """Who scrolls up wants to read."""
        self.following = False

    # Finding

    def search(self, query: str, *, case: bool = False) -> int:
        """Mark what is looked for; how many lines have it."""
        self._query, self._case = query, case
        wanted = query if case else query.casefold()
        texts = (self.line_text(index) for index in range(self.line_count))
        self._found = (
            [i for i, text in enumerate(texts) if wanted in (text if case else text.casefold())] if query else []
        )
        self.refresh()
        return len(self._found)

    def nearest(self) -> int:
        """The first match from the cursor on."""
        return next((number for number, index in enumerate(self._found) if index >= self.cursor), 0)

    def show_match(self, number: int) -> None:
        """Put the cursor there."""
        if number < len(self._found):
            self._go(self._found[number])

    def end_search(self) -> None:
        """The marks go."""
        self._query, self._found = "", []
        self.refresh()

    # The mouse

    def _line_at(self, y: int) -> int | None:
        index = y + round(self.scroll_y)
        return index if 0 <= index < self.line_count else None

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor, a second one opens."""
        index = self._line_at(event.y)
        if index is None:
            return
        self._go(index)
        if event.chain == 2:
            self.action_open()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show what a click would take."""
        self.hover = self._line_at(event.y)

    def on_leave(self) -> None:
        """Nothing is under the mouse any more."""
        self.hover = None

    # Painting

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        width = self.scrollable_content_region.width
        if width <= 0:
            return Strip.blank(0)
        index = self._line_at(y)
        if index is None:
            return self._message_line(y, width)
        content = self.line(index, width - 1)
        if self._query:
            content = self._marked(content)
        kind = "cursor" if index == self.cursor else "hover" if index == self.hover else ""
        style = self.get_visual_style(f"line-view--{kind}") if kind else self.visual_style
        line = content.truncate(width, ellipsis=True, pad=True)
        return Visual.to_strips(self, line, width, 1, style, pad=True)[0]

    def _marked(self, content: Content) -> Content:
        text, wanted = content.plain, self._query
        if not self._case:
            text, wanted = text.casefold(), wanted.casefold()
        if len(text) != len(content.plain):
            return content  # letters that are longer when folded
        style, start = self.get_visual_style("line-view--match", partial=True), 0
        while (start := text.find(wanted, start)) >= 0:
            content = content.stylize(style, start, start + len(wanted))
            start += len(wanted)
        return content

    def _message_line(self, y: int, width: int) -> Strip:
        if self.line_count:
            return Strip.blank(width, self.rich_style)
        lines = self._message.wrap(max(4, width - 4))
        top = max(1, (self.scrollable_content_region.height - len(lines)) // 3)
        line = lines[y - top] if 0 <= y - top < len(lines) else Content("")
        centred = line.pad_left(max(0, (width - line.cell_length) // 2)).stylize("$text-muted")
        return Visual.to_strips(self, centred, width, 1, self.visual_style, pad=True)[0]
