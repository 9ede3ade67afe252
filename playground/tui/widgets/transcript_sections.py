"""The blocks of a transcript under each other: where each is, and what of it is laid out. No widget, no timer.

However long a transcript is, only what someone asks for is laid out; of the rest the height is estimated.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from typing import Final

from rich.cells import cell_len
from textual.content import Content
from textual.strip import Strip

from playground.client.blocks import Block, CustomBlock, NodeBlock, TextBlock, ToolBlock
from playground.tui.text import MUTED, safe
from playground.tui.widgets.stream_text import StreamText
from playground.tui.widgets.transcript_rows import foldable, height_of, rows_of

KEPT: Final = 300
"""Sections that stay laid out at least; more are forgotten when they are far from what is seen."""


class Section:
    """A block's place in the view: its rows, and what of it has been laid out."""

    __slots__ = (
        "_more",
        "_read",
        "_rewritten",
        "_width",
        "block",
        "expanded",
        "fresh",
        "head",
        "height",
        "index",
        "label",
        "note",
        "rows",
        "stream",
        "strips",
        "top",
    )

    def __init__(self, block: Block, index: int) -> None:
        self.block = block
        self.index = index  # among the sections of the view
        self.expanded = False
        self.label = ""  # at the right of the first row
        self.note = ""  # at the right of the last row, or under it
        self.top = 0
        self.height = 1
        self.head = 0  # rows of the label alone, over what an answer says: it would make all of its rows shorter
        self.fresh = False  # `rows` are what the block is now, at the width that is asked for
        self.rows: list[Content] = []
        self.strips: dict[int, Strip] = {}
        self.stream: StreamText | None = None
        self._width = 0
        self._more = False  # the note has a row of its own
        self._read = 0  # pieces of the block that the stream has
        self._rewritten = 0

    @property
    def slim(self) -> bool:
        """Blocks of one row follow each other without an empty one between them."""
        return isinstance(self.block, ToolBlock | NodeBlock | CustomBlock) or (
            isinstance(self.block, TextBlock) and foldable(self.block)
        )

    @property
    def bottom(self) -> int:
        """The row under the last one."""
        return self.top + self.height

    def has_row(self, inner: int) -> bool:
        """Whether this row is laid out."""
        return inner < self.height and (inner - self.head < len(self.rows) or self._is_note(inner))

    def row(self, inner: int) -> Content:
        """A row as it is shown, the first one from 0; with the label or the note at its right."""
        last = inner == self.height - 1
        alone = inner < self.head or self._is_note(inner)
        content = Content("") if alone else self.rows[inner - self.head]
        if inner == 0 and self.label:
            content = at_right(content, self.label, self._width)
        elif last and self.note:
            content = at_right(content, self.note, self._width)
        return content

    def _is_note(self, inner: int) -> bool:
        return self._more and inner == self.height - 1

    def estimate(self, width: int) -> None:
        """A height for what isn't laid out: about that of its text."""
        self.height = height_of(self.block, max(1, width), self.expanded)
        self.rows, self.fresh = [], False
        self.strips.clear()

    def forget(self) -> None:
        """Its rows, but not how many they are."""
        self.rows, self.stream, self.fresh = [], None, False
        self.strips.clear()

    def lay_out(self, width: int) -> bool:
        """Bring `rows` up to date. False if that takes more than one frame."""
        block, room = self.block, width
        head = int(bool(self.label) and isinstance(block, TextBlock) and block.role == "ai" and not foldable(block))
        if width != self._width or head != self.head:
            self.strips.clear()
        self._width, self.head = width, head
        room -= cell_len(self.label) + 2 if self.label and not head else 0
        if isinstance(block, TextBlock) and not foldable(block):
            self.fresh = self._lay_out_text(block, max(1, room))
        else:
            self.stream = None
            self.rows = rows_of(block, max(1, room), self.expanded)
            self.strips.clear()
            self.fresh = True
        self.height = self.head + len(self.rows)
        self._more = bool(self.note) and not self._note_fits(width)
        self.height += self._more
        return self.fresh

    def _note_fits(self, width: int) -> bool:
        if not self.rows or (self.label and self.height == 1):
            return False
        return self.rows[-1].cell_length + 2 + cell_len(self.note) <= width

    def _lay_out_text(self, block: TextBlock, width: int) -> bool:
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
        stable, height = self.stream.stable, self.height
        complete = self.stream.layout(width)
        self.rows = self.stream.rows
        for row in range(min(stable, self.stream.stable), height):
            self.strips.pop(row + self.head, None)
        return complete


class Sections:
    """A transcript's sections from top to bottom, in rows from 0."""

    def __init__(self) -> None:
        self.items: list[Section] = []
        self._by_key: dict[str, Section] = {}
        self._labels: dict[int, str] = {}
        self._notes: dict[str, str] = {}
        self._laid: dict[str, Section] = {}
        self._width = 1

    @property
    def height(self) -> int:
        """Rows of all of it."""
        return self.items[-1].bottom if self.items else 0

    @property
    def labels(self) -> Mapping[int, str]:
        """What ran, for each turn that says it."""
        return self._labels

    @property
    def laid_out(self) -> int:
        """How many have their rows."""
        return len(self._laid)

    def put(self, block: Block, *, expanded: bool) -> Section:
        """The block is new or has changed."""
        section = self._by_key.get(block.key)
        if section is None:
            section = Section(block, len(self.items))
            section.expanded = expanded
            section.note = self._notes.get(block.key, "")
            if not self.items or self.items[-1].block.turn != block.turn:
                section.label = self._labels.get(block.turn, "")
            section.estimate(self._width)
            self.items.append(section)
            self._by_key[block.key] = section
            self.arrange(section.index)
        section.fresh = False
        return section

    def find(self, key: str | None) -> Section | None:
        """The section of a block."""
        return self._by_key.get(key) if key is not None else None

    def set_labels(self, labels: Mapping[int, str]) -> bool:
        """What ran, for each turn: at the right of the turn's first row. Whether that is something new."""
        self._labels, turn, changed = dict(labels), None, False
        for section in self.items:
            label = self._labels.get(section.block.turn, "") if section.block.turn != turn else ""
            turn = section.block.turn
            if label != section.label:
                section.label, section.fresh, changed = label, False, True
                section.strips.clear()
        return changed

    def set_notes(self, notes: Mapping[str, str]) -> bool:
        """A word about blocks, by their keys: at the right of the last row. Whether that is something new."""
        self._notes, changed = dict(notes), False
        for key, note in notes.items():
            section = self._by_key.get(key)
            if section is not None and section.note != note:
                section.note, section.fresh, changed = note, False, True
                section.strips.clear()
        return changed

    def rewrap(self, width: int) -> None:
        """The width is another one: no section is what it was."""
        self._width = width
        for section in self.items:
            section.estimate(width)
        self.arrange(0)

    def lay_out(self, section: Section) -> bool:
        """Its rows; False if there are more, which is another frame's work."""
        self._laid[section.block.key] = section
        return section.lay_out(self._width)

    def forget(self, first: int, last: int) -> None:
        """Rows that are far from these sections, if there are many; their height stays."""
        if len(self._laid) <= 2 * KEPT:
            return
        for key, section in [*self._laid.items()]:
            if not first - KEPT // 2 <= section.index <= last + KEPT // 2:
                section.forget()
                del self._laid[key]

    def arrange(self, first: int) -> None:
        """Give every section its row, from the first that has another height."""
        before = self.items[first - 1] if first else None
        for section in self.items[first:]:
            section.top = self.gap(section) + (before.bottom if before is not None else 0)
            before = section

    def gap(self, section: Section) -> int:
        """Empty rows over a section."""
        before = self.items[section.index - 1] if section.index else None
        return 0 if before is None or (before.slim and section.slim) else 1

    def at(self, row: int) -> Section | None:
        """The section in this row, or the one before it if the row is empty."""
        index = bisect_right(self.items, row, key=lambda section: section.top) - 1
        return self.items[index] if 0 <= index < len(self.items) else None

    def first_of(self, turn: int) -> int:
        """The index of the first section of the turn, or of a later one."""
        return bisect_left(self.items, turn, key=lambda section: section.block.turn)

    def near(self, anchor: int, inner: int, height: int, margin: int) -> Iterator[tuple[Section, bool]]:
        """The sections from what is seen outwards, each with whether it is seen.

        Seen are `height` rows; the first is the anchor's row `inner`, which may be one over it. Whoever lays out what
        comes knows the heights that the walk goes on with.
        """
        reached = -inner
        for section in self.items[anchor:]:
            if reached >= height + margin:
                break
            yield section, reached < height
            reached += section.height + self.gap(section)
        missing = max(0, height - reached)  # at the end of the transcript: these come from above
        above = inner
        for section in reversed(self.items[:anchor]):
            if above >= missing + margin:
                break
            yield section, above < missing
            above += section.height + self.gap(section)

    @property
    def text(self) -> str:
        """All rows as plain text, each at its place; of what isn't laid out its text as it came."""
        lines: list[str] = []
        for section in self.items:
            lines += [""] * (section.top + section.head - len(lines))
            lines += (row.plain for row in section.rows) if section.rows else _source(section)
        return "\n".join(lines)


def at_right(row: Content, label: str, width: int) -> Content:
    """The row with a muted word at its right end."""
    room = width - row.cell_length - cell_len(label)
    return row.pad_right(max(1, room)) + safe(label, MUTED)


def _source(section: Section) -> list[str]:
    text = section.block.text if isinstance(section.block, TextBlock) and not foldable(section.block) else ""
    return safe(text).plain.split("\n")[: section.height]
