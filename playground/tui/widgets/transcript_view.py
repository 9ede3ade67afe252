"""A transcript on the screen: one widget however long it is, painting only the rows that are visible."""

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import ClassVar, Final

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip
from textual.style import Style
from textual.visual import Visual

from playground.client.blocks import Block
from playground.tui.text import safe
from playground.tui.widgets.transcript_rows import foldable
from playground.tui.widgets.transcript_sections import Section, Sections

FRAME: Final = 1 / 20
"""Seconds between two paints, at least."""
_SLOW_FRAME: Final = 1 / 11
"""Seconds between two paints while the program is busy: nobody reads faster, and what streams is still not late."""
_BUSY: Final = 0.25
"""Of a core, spent by the whole program since the last paint: from there on there are fewer of them."""
_SHARE: Final = 4
"""After a paint that took t seconds the next one waits this many times t: at most a fifth of a core is spent here."""
_AHEAD: Final = 2
"""Screens above and below what is seen that are laid out before someone scrolls there."""
_BUDGET: Final = 0.008
"""Seconds of a frame for what isn't seen yet."""
_GUTTER: Final = 1
"""Cells before the text, for the mark of the current message; text doesn't touch the scrollbar either."""


NEWS: Final = " ↓ more below (G) "
"""The mark at the end of what is seen, while something comes below it."""


class TranscriptView(ScrollView, can_focus=True):
    """Blocks under each other. Follows the end until one scrolls up, and again at the end.

    `feed` notes what changed; it is painted at most 20 times a second, and less often if painting is slow.
    """

    ALLOW_MAXIMIZE = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"transcript--empty", "transcript--news"}
    DEFAULT_CSS = """
    TranscriptView {
        background: transparent;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
        & > .transcript--empty { color: $text-muted; }
        & > .transcript--news { background: $accent; color: $text; text-style: bold; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll_up", "Up", id="transcript.up", show=False, tooltip="Scroll up"),
        Binding("down,j", "scroll_down", "Down", id="transcript.down", show=False, tooltip="Scroll down"),
        Binding("home,g", "to_start", "Start", id="transcript.start", show=False, tooltip="To the start"),
        Binding("end,G", "follow", "End", id="transcript.end", show=False, tooltip="To the end, and follow it"),
        Binding("ctrl+u", "page_up", "Page up", id="transcript.page_up", show=False, tooltip="A page up"),
        Binding("ctrl+d", "page_down", "Page down", id="transcript.page_down", show=False, tooltip="A page down"),
        Binding(
            "o",
            "toggle_details",
            "Details",
            id="transcript.details",
            tooltip="Open or fold tool calls, reasoning and tracebacks",
        ),
    ]

    following: reactive[bool] = reactive(True, layout=False)

    class Followed(Message):
        """The view began or ceased to follow its end."""

        def __init__(self, view: "TranscriptView") -> None:
            super().__init__()
            self.view = view

    class Scrolled(Message):
        """Someone scrolled: the view didn't move because of what came, nor because it was told to."""

        def __init__(self, view: "TranscriptView") -> None:
            super().__init__()
            self.view = view

        def can_replace(self, message: Message) -> bool:
            """Only where it is now matters."""
            return isinstance(message, TranscriptView.Scrolled) and message.view is self.view

    def __init__(self, *, empty: str = "", kinds: tuple[type[Block], ...] | None = None, id: str | None = None) -> None:
        super().__init__(id=id)
        self._empty = empty
        self._kinds = kinds
        self.sections = Sections()
        self._unfinished = False  # there is something to lay out
        self._painting = False
        self._moving = False  # by itself
        self._news = False  # below, since it ceased to follow
        self._fitted = Size(0, 0)  # the room that the rows are made for
        self._wait = FRAME
        self._last_paint = 0.0
        self._last_busy = 0.0  # seconds that this thread had worked by then
        self._bar = (0, 0)  # the scrollbar's thumb as it is shown, in eighths of a cell: where, and how long
        self._details = False

    # What it shows

    def feed(self, blocks: Iterable[Block]) -> None:
        """These blocks are new or have changed."""
        for block in blocks:
            if self._kinds is None or isinstance(block, self._kinds):
                self.sections.put(block, expanded=self._details)
                self._unfinished = True
        if self._unfinished and not self.following and not self._news:
            self._news = True
            self.refresh()
        self._schedule()

    def reset(self, blocks: Iterable[Block] = (), empty: str | None = None) -> None:
        """Show these blocks instead of what was shown, from their end."""
        self.sections = Sections()
        self._fitted = Size(0, 0)
        self._unfinished = self._news = False
        self._empty = self._empty if empty is None else empty
        self.following = True
        self.feed(blocks)
        self.refresh()

    def set_labels(self, labels: Mapping[int, str]) -> None:
        """What ran, for each turn: shown at the right of the turn's first row."""
        if self.sections.set_labels(labels):
            self._unfinished = True
            self._schedule()

    def set_notes(self, notes: Mapping[str, str]) -> None:
        """A word about blocks, by their keys: shown at the right of their last row."""
        if self.sections.set_notes(notes):
            self._unfinished = True
            self._schedule()

    @property
    def text(self) -> str:
        """All rows as plain text, each at its place; what is far away as it came."""
        return self.sections.text

    @property
    def settled(self) -> bool:
        """Whether what is seen, and what is near it, is laid out."""
        return not self._unfinished

    def paint_now(self) -> None:
        """Lay out what is new without waiting for the next frame; the end of a run isn't to be waited for."""
        self._wait = 0.0
        self._paint()

    # Laying out

    @property
    def _room(self) -> Size:
        """Of the text: without the gutter and the space before the scrollbar."""
        width, height = self.scrollable_content_region.size
        return Size(max(0, width - _GUTTER - 1), height)

    def _schedule(self) -> None:
        if not self._painting and self._unfinished and self.is_attached:
            self._painting = True
            # A timer of no time at all never fires.
            self.set_timer(max(0.001, self._last_paint + self._wait - time.monotonic()), self._paint)

    def _paint(self) -> None:
        self._painting = False
        if not self._unfinished or self._room.width <= 0:
            return  # laid out when it gets a size
        before = time.thread_time()
        self._lay_out()
        self.refresh()
        self._wait = self._next_wait(time.thread_time() - before)
        self._schedule()

    def _next_wait(self, took: float) -> float:
        """Seconds until the next paint: longer while the program is busy, and after a paint that took long."""
        now, busy = time.monotonic(), time.thread_time()
        share = (busy - self._last_busy) / max(0.001, now - self._last_paint)
        self._last_paint, self._last_busy = now, busy
        wait = min(_SLOW_FRAME, max(FRAME, self._wait * (1.3 if share > _BUSY else 0.9)))
        return min(1.0, max(wait, _SHARE * took))

    def _lay_out(self) -> None:
        """Lay out what is seen, and what is near it as far as the frame has time. What is seen stays where it is."""
        room, sections = self._room, self.sections
        if room.width <= 0 or not sections.items:
            return
        fits = room == self._fitted
        anchor, inner = self._anchor() if room.width == self._fitted.width else self._rewrap(room.width)
        self._fitted = room
        began, first, low, high = time.thread_time(), len(sections.items), anchor, anchor
        self._unfinished = False
        for section, seen in sections.near(anchor, inner, room.height, _AHEAD * room.height):
            low, high = min(low, section.index), max(high, section.index)
            if section.fresh:
                continue
            if not seen and time.thread_time() - began > _BUDGET:
                self._unfinished = True
                continue
            self._unfinished |= not sections.lay_out(section)
            first = min(first, section.index)
        if first == len(sections.items) and fits:
            return
        sections.arrange(min(first, anchor))
        sections.forget(low, high)
        with self._by_itself():
            self._resize_text(Size(self.scrollable_content_region.width, sections.height))
            self._move(sections.items[anchor].top + min(inner, sections.items[anchor].height))

    def _anchor(self) -> tuple[int, int]:
        """What must not move: the index of a section, and which of its rows is at the top (negative: below it).

        At the end that is the end. Elsewhere the first section on the screen that has been laid out.
        """
        items, row = self.sections.items, round(self.scroll_y)
        first = None if self.following else self.sections.at(row)
        if first is None:
            return len(items) - 1, 0
        for section in items[first.index :]:
            if section.rows:
                return section.index, row - section.top
            if section.top >= row + self._room.height:
                break
        return first.index, row - first.top

    def _rewrap(self, width: int) -> tuple[int, int]:
        """The width is another one; what was at the top stays there, as far as it can be said."""
        sections = self.sections
        row = round(self.scroll_y)
        first = None if self.following else sections.at(row)
        part = (row - first.top) / max(1, first.height) if first is not None else 0.0
        sections.rewrap(width)
        if first is None:
            return len(sections.items) - 1, 0
        sections.lay_out(first)
        return first.index, round(part * first.height)

    def _move(self, row: int) -> None:
        """To the end if it is followed, else so that what was at the top is at `row`."""
        if self.following:
            self.scroll_to(y=self.max_scroll_y, animate=False, force=True, immediate=True)
        elif by := row - round(self.scroll_y):
            # A scroll that is under way would go to where its end was.
            under_way = self.app.animator.is_being_animated(self, "scroll_y")
            y = self.scroll_target_y if under_way else self.scroll_y
            self.scroll_to(y=y + by, animate=False, force=True, immediate=True)

    def _resize_text(self, size: Size) -> None:
        """As setting `virtual_size` does, which lays out and paints the whole screen: only a scrollbar needs that."""
        if (size.height > self.container_size.height) != self.show_vertical_scrollbar:
            self.virtual_size = size
        elif size != self.virtual_size:
            self.set_reactive(TranscriptView.virtual_size, size)
            self.scroll_y = self.validate_scroll_y(self.scroll_y)
            self._show_bar()

    def _show_bar(self) -> None:
        """The scrollbar is painted whole: only if one sees a difference, unless someone scrolls."""
        if not self.show_vertical_scrollbar:
            return
        bar, height, rows = self.vertical_scrollbar, self.container_size.height, max(1, self.virtual_size.height)
        shown = (round(8 * height * self.scroll_y / rows), round(8 * height * height / rows))
        if shown != self._bar or not self._moving:
            self._bar = shown
            bar.window_virtual_size = rows
            bar.position = round(self.scroll_y)

    def on_mount(self) -> None:
        """What was fed before there was a place for it."""
        self._schedule()

    def on_resize(self) -> None:
        """There is another room for it."""
        if self._room.width > 0:
            self._lay_out()
            self.refresh()
            self._schedule()

    def notify_style_update(self) -> None:
        """The theme changed."""
        super().notify_style_update()
        for section in self.sections.items:
            section.strips.clear()

    # Painting

    def render_lines(self, crop: Region) -> list[Strip]:
        """The visible rows. Textual tells not every change of size: here at the latest it is seen."""
        if self.sections.items and self._room != self._fitted:
            self.call_later(self.on_resize)
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """A row of the visible part."""
        width = self.scrollable_content_region.width - _GUTTER
        if width <= 0:
            return Strip.blank(max(0, width + _GUTTER), self.rich_style)
        if not self.sections.items:
            return Strip.join([self._gutter(None), self._render_empty(y, width)])
        row = y + round(self.scroll_y)
        section = self.sections.at(row)
        strip = self._row_strip(section, row, width).apply_offsets(0, row)
        if self._news and y == self._room.height - 1:
            strip = self._with_news(strip, width)
        inside = section is not None and row < section.bottom
        return Strip.join([self._gutter(section if inside else None), strip])

    def _row_strip(self, section: Section | None, row: int, width: int) -> Strip:
        inner = row - section.top if section is not None else -1
        if section is None or not section.has_row(inner):
            return Strip.blank(width, self.rich_style)
        selection = self.text_selection
        span = selection.get_span(row) if selection is not None else None
        if span is not None:
            return self._strip(self._selected(section.row(inner), span), width)
        strip = section.strips.get(inner)
        if strip is None or strip.cell_length != width:
            strip = section.strips[inner] = self._strip(self.decorated(section, inner, section.row(inner)), width)
        return strip

    def decorated(self, section: Section, inner: int, row: Content) -> Content:
        """A row of a section as it is painted; a subclass marks what is in it."""
        return row

    def _gutter(self, section: Section | None) -> Strip:
        """What is before a row of a section."""
        return Strip.blank(_GUTTER, self.rich_style)

    def _strip(self, row: Content, width: int) -> Strip:
        line = row.truncate(width, ellipsis=True) if row.cell_length > width else row
        return Visual.to_strips(self, line, width, 1, self.visual_style, apply_selection=False, pad=True)[0]

    def _selected(self, row: Content, span: tuple[int, int]) -> Content:
        start, end = span
        style = Style.from_styles(self.screen.get_component_styles("screen--selection"))
        return row.stylize(style, start, len(row) if end == -1 else end)

    def _with_news(self, strip: Strip, width: int) -> Strip:
        """The last row with the mark that there is more below."""
        style = self.get_visual_style("transcript--news")
        mark = Visual.to_strips(self, Content(NEWS), len(NEWS), 1, style, pad=True)[0]
        return Strip.join([strip.crop(0, max(0, width - len(NEWS) - 1)), mark, Strip.blank(1, self.rich_style)])

    def _render_empty(self, y: int, width: int) -> Strip:
        lines = safe(self._empty).wrap(max(4, width)) if self._empty else []
        top = max(0, (self.scrollable_content_region.height - len(lines)) // 3)
        if not 0 <= y - top < len(lines):
            return Strip.blank(width, self.rich_style)
        style = self.get_visual_style("transcript--empty")
        line = lines[y - top].pad_left(max(0, (width - cell_len(lines[y - top].plain)) // 2))
        return Visual.to_strips(self, line, width, 1, style, pad=True)[0]

    # Selecting text

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected rows as text."""
        return selection.extract(self.text), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Paint the selection."""
        self.refresh()

    # Scrolling and folding

    def place(self) -> tuple[int, int]:
        """What is at the top: the index of a turn, and how many rows below the turn's first one."""
        row = round(self.scroll_y)
        section = self.sections.at(row)
        if section is None:
            return 0, 0
        turn = section.block.turn
        return turn, row - self.sections.items[self.sections.first_of(turn)].top

    def show_place(self, turn: int, row: int) -> None:
        """Bring this row of the turn to the top, the turn's last one if it has fewer; without a `Scrolled`."""
        items, first, after = self.sections.items, self.sections.first_of(turn), self.sections.first_of(turn + 1)
        if first < len(items):
            self.lay_out_these(items[first:after])
            last = items[after - 1]
            y = min(items[first].top + row, last.top + max(0, last.height - 1))
        else:
            y = self.max_scroll_y
        self.move_to(y)

    def lay_out_these(self, sections: Iterable[Section]) -> None:
        """Have the rows of a few sections, wherever they are."""
        if self._room.width <= 0:
            return
        stale = [section for section in sections if not section.fresh]
        for section in stale:
            self.sections.lay_out(section)
        if stale:
            self.sections.arrange(stale[0].index)
            with self._by_itself():
                self._resize_text(Size(self.scrollable_content_region.width, self.sections.height))

    def move_to(self, row: int) -> None:
        """This row to the top, as far as there are enough below it; without a `Scrolled`."""
        with self._by_itself():
            self.scroll_to(y=row, animate=False, force=True, immediate=True)
        self._lay_out()
        self._schedule()

    @contextmanager
    def _by_itself(self) -> Iterator[None]:
        before, self._moving = self._moving, True
        try:
            yield
        finally:
            self._moving = before

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Up: stop following. Down to the end: follow again."""
        self._show_bar()
        if round(old_value) != round(new_value):
            self.refresh()
        if not self._moving and self.is_attached:
            self.post_message(self.Scrolled(self))
        if new_value >= self.max_scroll_y - 1:
            self.following = True
        elif new_value < old_value:
            self.following = False
        if not self._moving and self.is_attached:
            self._lay_out()
            self._schedule()

    def watch_show_vertical_scrollbar(self, shown: bool) -> None:
        """A scrollbar that appears learns where the view is; before that nobody told it."""
        if shown:
            self.vertical_scrollbar.position = round(self.scroll_y)

    def watch_following(self) -> None:
        """Say so."""
        if self.following and self._news:
            self._news = False
            self.refresh()
        self.post_message(self.Followed(self))

    def follow(self) -> None:
        """To the end, and stay there; without a `Scrolled`."""
        self.following = True
        self.move_to(self.max_scroll_y)

    def action_follow(self) -> None:
        """To the end, and stay there."""
        self.follow()
        self.post_message(self.Scrolled(self))

    def action_to_start(self) -> None:
        """To the first row, at once: on a long way there is nothing to see."""
        self.scroll_to(y=0, animate=False, force=True, immediate=True)

    def action_toggle_details(self) -> None:
        """Open everything that is folded, or fold it."""
        self._details = not self._details
        for section in self.sections.items:
            if foldable(section.block):
                self._open(section, self._details)
        self._lay_out()
        self._schedule()

    def _open(self, section: Section, expanded: bool) -> None:
        section.expanded = expanded
        section.strips.clear()
        section.fresh = False
        self._unfinished = True

    def toggle(self, section: Section) -> None:
        """Open a folded block, or fold it."""
        if foldable(section.block):
            self._open(section, not section.expanded)
            self.following = self.following and not section.expanded
            self._lay_out()
            self.refresh()
            self._schedule()

    def on_click(self, event: events.Click) -> None:
        """A click on a folded block opens it; on an open one's first row it folds it. On the mark: to the end."""
        if self._news and event.y == self._room.height - 1 and event.x >= self._room.width - len(NEWS):
            self.action_follow()
            return
        row = event.y + round(self.scroll_y)
        section = self.sections.at(row)
        if section is not None and row < section.bottom:
            self.clicked(section, row - section.top)

    def clicked(self, section: Section, inner: int) -> None:
        """A click on one of a section's rows."""
        self.toggle(section)
