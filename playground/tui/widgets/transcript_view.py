"""A transcript on the screen: one widget however long it is, painting only the rows that are visible."""

import time
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import ClassVar, Final

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip
from textual.style import Style
from textual.visual import Visual

from playground.client.blocks import Block, CustomBlock, NodeBlock, TextBlock, ToolBlock
from playground.tui.text import MUTED, safe
from playground.tui.widgets.stream_text import StreamText
from playground.tui.widgets.transcript_rows import foldable, rows_of

FRAME: Final = 1 / 20
"""Seconds between two paints, at least."""
_SLOW_FRAME: Final = 1 / 11
"""Seconds between two paints while the program is busy: nobody reads faster, and what streams is still not late."""
_BUSY: Final = 0.25
"""Of a core, spent by the whole program since the last paint: from there on there are fewer of them."""
_SHARE: Final = 4
"""After a paint that took t seconds the next one waits this many times t: at most a fifth of a core is spent here."""


class _Section:
    """A block's place in the view: its rows, and what of it has been laid out."""

    __slots__ = ("_read", "_rewritten", "block", "expanded", "index", "label", "rows", "stream", "strips", "top")

    def __init__(self, block: Block, index: int) -> None:
        self.block = block
        self.index = index  # among the sections of the view
        self.expanded = False
        self.label = ""  # at the right of the first row
        self.top = 0
        self.rows: list[Content] = []
        self.strips: dict[int, Strip] = {}
        self.stream: StreamText | None = None
        self._read = 0  # pieces of the block that the stream has
        self._rewritten = 0

    @property
    def slim(self) -> bool:
        """Blocks of one row follow each other without an empty one between them."""
        return isinstance(self.block, ToolBlock | NodeBlock | CustomBlock) or (
            isinstance(self.block, TextBlock) and foldable(self.block)
        )

    def layout(self, width: int) -> bool:
        """Bring `rows` up to date. False if that takes more than one frame."""
        block = self.block
        width -= len(self.label) + 2 if self.label else 0
        if isinstance(block, TextBlock) and not foldable(block):
            return self._layout_text(block, width)
        self.stream = None
        self.rows = rows_of(block, width, self.expanded)
        self.strips.clear()
        return True

    def _layout_text(self, block: TextBlock, width: int) -> bool:
        if self.stream is None or self._rewritten != block.rewritten:
            human = block.role != "ai"
            self.stream = StreamText(markdown=not human, prefix="> " if block.role == "human" else "")
            self._read, self._rewritten = 0, block.rewritten
            self.strips.clear()
        for piece in block.pieces[self._read :]:
            self.stream.write(piece)
        self._read = len(block.pieces)
        if block.done:
            self.stream.finish()
        stable, height = self.stream.stable, len(self.rows)
        complete = self.stream.layout(width)
        self.rows = self.stream.rows
        for row in range(min(stable, self.stream.stable), height):
            self.strips.pop(row, None)
        return complete


class TranscriptView(ScrollView, can_focus=True):
    """Blocks under each other. Follows the end until one scrolls up, and again at the end.

    `feed` notes what changed; it is painted at most 20 times a second, and less often if painting is slow.
    """

    ALLOW_MAXIMIZE = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"transcript--empty"}
    DEFAULT_CSS = """
    TranscriptView {
        background: transparent;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
        padding: 0 0 0 1;
        & > .transcript--empty { color: $text-muted; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll_up", "Up", id="transcript.up", show=False, tooltip="Scroll up"),
        Binding("down,j", "scroll_down", "Down", id="transcript.down", show=False, tooltip="Scroll down"),
        Binding("home,g", "scroll_home", "Start", id="transcript.start", show=False, tooltip="To the start"),
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
        self._sections: list[_Section] = []
        self._by_key: dict[str, _Section] = {}
        self._dirty: dict[str, _Section] = {}
        self._painting = False
        self._moving = False  # by itself
        self._wait = FRAME
        self._last_paint = 0.0
        self._last_busy = 0.0  # seconds that this thread had worked by then
        self._bar = (0, 0)  # the scrollbar's thumb as it is shown, in eighths of a cell: where, and how long
        self._details = False
        self._labels: dict[int, str] = {}

    # What it shows

    def feed(self, blocks: Iterable[Block]) -> None:
        """These blocks are new or have changed."""
        for block in blocks:
            if self._kinds is not None and not isinstance(block, self._kinds):
                continue
            section = self._by_key.get(block.key)
            if section is None:
                section = _Section(block, len(self._sections))
                section.expanded = self._details
                if not self._sections or self._sections[-1].block.turn != block.turn:
                    section.label = self._labels.get(block.turn, "")
                section.top = self.virtual_size.height + 1  # until it is laid out
                self._sections.append(section)
                self._by_key[block.key] = section
            self._dirty[block.key] = section
        self._schedule()

    def reset(self, blocks: Iterable[Block] = (), empty: str | None = None) -> None:
        """Show these blocks instead of what was shown, from their end."""
        self._sections.clear()
        self._by_key.clear()
        self._dirty.clear()
        self._labels.clear()
        self._empty = self._empty if empty is None else empty
        self.following = True
        self.feed(blocks)
        self.refresh()

    def set_labels(self, labels: Mapping[int, str]) -> None:
        """What ran, for each turn: shown at the right of the turn's first row."""
        self._labels = dict(labels)
        turn = None
        for section in self._sections:
            label = self._labels.get(section.block.turn, "") if section.block.turn != turn else ""
            turn = section.block.turn
            if label != section.label:
                section.label = label
                section.strips.clear()
                self._dirty[section.block.key] = section
        self._schedule()

    @property
    def text(self) -> str:
        """All rows as plain text, each at its place."""
        lines: list[str] = []
        for section in self._sections:
            lines += [""] * (section.top - len(lines))
            lines += (row.plain for row in section.rows)
        return "\n".join(lines)

    def paint_now(self) -> None:
        """Lay out what is new without waiting for the next frame; the end of a run isn't to be waited for."""
        self._wait = 0.0
        self._paint()

    # Painting

    def _schedule(self) -> None:
        if not self._painting and self._dirty and self.is_attached:
            self._painting = True
            # A timer of no time at all never fires.
            self.set_timer(max(0.001, self._last_paint + self._wait - time.monotonic()), self._paint)

    def _paint(self) -> None:
        self._painting = False
        width = self.scrollable_content_region.width - 1  # text doesn't touch the scrollbar
        if width <= 0 or not self._dirty:
            return  # laid out when it gets a size
        before = time.thread_time()
        dirty, self._dirty = self._dirty, {}
        for key, section in dirty.items():
            if not section.layout(width):
                self._dirty[key] = section
        self._arrange(min(section.index for section in dirty.values()))
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

    def _arrange(self, first: int) -> None:
        """Give every section its row, from the first that was laid out anew."""
        before = self._sections[first - 1] if first else None
        height = before.top + len(before.rows) if before is not None else 0
        for section in self._sections[first:]:
            section.top = height + (0 if before is None or (before.slim and section.slim) else 1)
            height = section.top + len(section.rows)
            before = section
        with self._by_itself():
            self._resize_text(Size(self.scrollable_content_region.width, height))
            if self.following:
                self.scroll_to(y=self.max_scroll_y, animate=False, force=True, immediate=True)

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
        """Everything is wrapped anew."""
        for section in self._sections:
            section.strips.clear()
            self._dirty[section.block.key] = section
        self._paint()

    def notify_style_update(self) -> None:
        """The theme changed."""
        super().notify_style_update()
        for section in self._sections:
            section.strips.clear()

    def render_line(self, y: int) -> Strip:
        """A row of the visible part."""
        width = self.scrollable_content_region.width
        if not self._sections:
            return self._render_empty(y, width)
        row = y + round(self.scroll_y)
        section = self._section_at(row)
        inner = row - section.top if section is not None else -1
        if section is None or inner >= len(section.rows):
            return Strip.blank(width, self.rich_style).apply_offsets(0, row)
        selection = self.text_selection
        span = selection.get_span(row) if selection is not None else None
        if span is not None:
            return self._strip(self._selected(section.rows[inner], span), width).apply_offsets(0, row)
        strip = section.strips.get(inner)
        if strip is None or strip.cell_length != width:
            content = section.rows[inner]
            if inner == 0 and section.label:
                content = _labelled(content, section.label, width)
            strip = section.strips[inner] = self._strip(content, width)
        return strip.apply_offsets(0, row)

    def _strip(self, row: Content, width: int) -> Strip:
        line = row.truncate(width, ellipsis=True) if row.cell_length > width else row
        return Visual.to_strips(self, line, width, 1, self.visual_style, apply_selection=False, pad=True)[0]

    def _selected(self, row: Content, span: tuple[int, int]) -> Content:
        start, end = span
        style = Style.from_styles(self.screen.get_component_styles("screen--selection"))
        return row.stylize(style, start, len(row) if end == -1 else end)

    def _render_empty(self, y: int, width: int) -> Strip:
        lines = safe(self._empty).wrap(max(4, width)) if self._empty else []
        top = max(0, (self.scrollable_content_region.height - len(lines)) // 3)
        if not 0 <= y - top < len(lines):
            return Strip.blank(width, self.rich_style)
        style = self.get_visual_style("transcript--empty")
        line = lines[y - top].pad_left(max(0, (width - cell_len(lines[y - top].plain)) // 2))
        return Visual.to_strips(self, line, width, 1, style, pad=True)[0]

    def _section_at(self, row: int) -> _Section | None:
        index = bisect_right(self._sections, row, key=lambda section: section.top) - 1
        return self._sections[index] if 0 <= index < len(self._sections) else None

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
        section = self._section_at(row)
        if section is None:
            return 0, 0
        turn = section.block.turn
        return turn, row - self._sections[self._first_of(turn)].top

    def show_place(self, turn: int, row: int) -> None:
        """Bring this row of the turn to the top, the turn's last one if it has fewer; without a `Scrolled`."""
        first, after = self._first_of(turn), self._first_of(turn + 1)
        if first < len(self._sections):
            last = self._sections[after - 1]
            y = min(self._sections[first].top + row, last.top + max(0, len(last.rows) - 1))
        else:
            y = self.max_scroll_y
        with self._by_itself():
            self.scroll_to(y=y, animate=False, force=True, immediate=True)

    def _first_of(self, turn: int) -> int:
        """The index of the first section of the turn, or of a later one."""
        return bisect_left(self._sections, turn, key=lambda section: section.block.turn)

    @contextmanager
    def _by_itself(self) -> Iterator[None]:
        self._moving = True
        try:
            yield
        finally:
            self._moving = False

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

    def watch_show_vertical_scrollbar(self, shown: bool) -> None:
        """A scrollbar that appears learns where the view is; before that nobody told it."""
        if shown:
            self.vertical_scrollbar.position = round(self.scroll_y)

    def watch_following(self) -> None:
        """Say so."""
        self.post_message(self.Followed(self))

    def follow(self) -> None:
        """To the end, and stay there; without a `Scrolled`."""
        self.following = True
        with self._by_itself():
            self.scroll_to(y=self.max_scroll_y, animate=False, force=True, immediate=True)

    def action_follow(self) -> None:
        """To the end, and stay there."""
        self.follow()
        self.post_message(self.Scrolled(self))

    def action_toggle_details(self) -> None:
        """Open everything that is folded, or fold it."""
        self._details = not self._details
        for section in self._sections:
            if foldable(section.block):
                section.expanded = self._details
                self._dirty[section.block.key] = section
        self._paint()

    def on_click(self, event: events.Click) -> None:
        """A click on a folded block opens it; on an open one's first row it folds it."""
        row = event.y + round(self.scroll_y)
        section = self._section_at(row)
        if section is None or not foldable(section.block) or row - section.top >= max(1, len(section.rows)):
            return
        section.expanded = not section.expanded
        self._dirty[section.block.key] = section
        self.following = self.following and not section.expanded
        self._paint()


def _labelled(row: Content, label: str, width: int) -> Content:
    room = width - row.cell_length - cell_len(label)
    return row.pad_right(max(1, room)) + safe(label, MUTED)
