"""A transcript in which one message is the current one: to copy, edit, open or find it."""

import re
from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.strip import Strip
from textual.visual import Visual

from playground.client.blocks import Block
from playground.tui.widgets.transcript_search import Found, find_in, marked, pattern_of, place_in
from playground.tui.widgets.transcript_sections import Section
from playground.tui.widgets.transcript_view import TranscriptView


class ChatView(TranscriptView):
    """What was said in a thread. `J K` go by message, `[ ]` by turn, a click chooses; what is found is marked."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"transcript--current"}
    DEFAULT_CSS = """
    ChatView {
        & > .transcript--current { color: $foreground 50%; }
        &:focus > .transcript--current { color: $accent; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("J", "message(1)", "Message", id="chat.next", show=False, tooltip="The next message"),
        Binding("K", "message(-1)", "Message", id="chat.previous", show=False, tooltip="The message before"),
        Binding("right_square_bracket", "turn(1)", "Turn", id="chat.next_turn", show=False, tooltip="The next turn"),
        Binding("left_square_bracket", "turn(-1)", "Turn", id="chat.turn", show=False, tooltip="The turn before"),
        Binding("enter", "open", "Open", id="chat.open", show=False, tooltip="Open or fold this message"),
        Binding("slash", "find", "Find", id="chat.find", tooltip="Find in what was said"),
    ]

    class Chosen(Message):
        """Another message is the current one."""

    class FindAsked(Message):
        """Someone wants to find something."""

    def __init__(self, *, empty: str = "", kinds: tuple[type[Block], ...] | None = None, id: str | None = None) -> None:
        super().__init__(empty=empty, kinds=kinds, id=id)
        self._current: str | None = None
        self._pattern: re.Pattern[str] | None = None
        self._found: list[Found] = []
        self._at: tuple[str, int, int] | None = None  # the match that one is at: block, row, column

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The footer offers what there is something for."""
        if action in ("find", "toggle_details"):
            return bool(self.sections.items)
        return super().check_action(action, parameters)

    def feed(self, blocks: Iterable[Block]) -> None:
        """These blocks are new or have changed."""
        empty = not self.sections.items
        super().feed(blocks)
        if empty and self.sections.items and self.is_attached:
            self.refresh_bindings()

    # The current message

    @property
    def current(self) -> Block | None:
        """The block that is marked."""
        section = self.sections.find(self._current)
        return section.block if section is not None else None

    def choose(self, section: Section | None) -> None:
        """Mark it."""
        key = section.block.key if section is not None else None
        if key != self._current:
            self._current = key
            self.refresh()
            self.post_message(self.Chosen())

    def action_message(self, by: int) -> None:
        """The next one or the one before; without a current one, the one that is read."""
        items, section = self.sections.items, self.sections.find(self._current)
        if not items:
            return
        if section is None:
            section = self._lowest_seen() if by < 0 else self._highest_seen()
        else:
            section = items[max(0, min(len(items) - 1, section.index + by))]
        self._go_to(section)

    def action_turn(self, by: int) -> None:
        """The beginning of the next turn; of this one, or of the one before."""
        items = self.sections.items
        here = self.sections.find(self._current) or (self._highest_seen() if items else None)
        if here is None:
            return
        first = self.sections.first_of(here.block.turn)
        if by > 0:
            index = self.sections.first_of(here.block.turn + 1)
        elif here.index > first or not first:
            index = first
        else:
            index = self.sections.first_of(items[first - 1].block.turn)
        self._go_to(items[min(index, len(items) - 1)], top=True)

    def _highest_seen(self) -> Section:
        row, items = round(self.scroll_y), self.sections.items
        return next((section for section in items if section.top >= row), items[-1])

    def _lowest_seen(self) -> Section:
        row = round(self.scroll_y) + self._room.height - 1
        return self.sections.at(row) or self.sections.items[-1]

    def _go_to(self, section: Section, *, top: bool = False) -> None:
        self.choose(section)
        self.lay_out_these([section])
        height, row = self._room.height, round(self.scroll_y)
        if section.top < row or (top and section.bottom > row + height // 2) or section.height > height:
            self.move_to(section.top)
        elif section.bottom > row + height:
            self.move_to(section.bottom - height)
        self.refresh()

    def clicked(self, section: Section, inner: int) -> None:
        """A click chooses a message, and opens what is folded."""
        self.choose(section)
        super().clicked(section, inner)

    def action_open(self) -> None:
        """Open the current message, or fold it."""
        if (section := self.sections.find(self._current)) is not None:
            self.toggle(section)
            self._go_to(section)

    def _gutter(self, section: Section | None) -> Strip:
        if section is None or section.block.key != self._current:
            return super()._gutter(section)
        style = self.get_visual_style("transcript--current")
        return Visual.to_strips(self, Content("▌"), 1, 1, style, pad=True)[0]

    # Finding

    def action_find(self) -> None:
        """Ask for a word."""
        self.post_message(self.FindAsked())

    def search(self, query: str, *, case: bool = False) -> int:
        """Mark what has the text, folded things too; how often it is there."""
        self._at = None
        self._pattern = pattern_of(query, case=case) if query else None
        blocks = (section.block for section in self.sections.items)
        self._found = find_in(blocks, self._pattern) if self._pattern is not None else []
        self._repaint()
        return len(self._found)

    def nearest(self) -> int:
        """The first match in the current message or below it; without one, below the first row that is seen."""
        here = self.sections.find(self._current)
        index = here.index if here is not None else self._highest_seen().index
        return next((number for number, found in enumerate(self._found) if found.section >= index), 0)

    def show_match(self, number: int) -> None:
        """Go to a match; if it is folded away, open it."""
        if self._pattern is None:
            return
        found = self._found[number]
        section = self.sections.items[found.section]
        self._whole(section)
        row, column = place_in(section.rows, self._pattern, found.number)
        if not section.expanded and (column < 0 or found.number):
            self.toggle(section)
            self._whole(section)
            row, column = place_in(section.rows, self._pattern, found.number)
        row += section.head
        self._at = (section.block.key, row, column)
        self.choose(section)
        top, height = round(self.scroll_y), self._room.height
        if not top <= section.top + row < top + height - 1:
            self.move_to(max(0, section.top + row - height // 3))
        self._repaint()

    def end_search(self) -> None:
        """The marks go."""
        self._pattern, self._found, self._at = None, [], None
        self._repaint()

    def decorated(self, section: Section, inner: int, row: Content) -> Content:
        """What is found is marked."""
        if self._pattern is None:
            return row
        column = self._at[2] if self._at is not None and self._at[:2] == (section.block.key, inner) else -1
        return marked(row, self._pattern, column)

    def _whole(self, section: Section) -> None:
        """All of its rows, however many they are."""
        self.lay_out_these([section])
        while not section.fresh and section.rows:
            self.lay_out_these([section])

    def _repaint(self) -> None:
        for section in self.sections.items:
            section.strips.clear()
        self.refresh()
