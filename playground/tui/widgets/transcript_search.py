"""Where in a transcript a word is: in what was said, called, answered, not in how it is shown. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from textual.content import Content

from playground.client.blocks import Block, CustomBlock, ErrorBlock, InterruptBlock, TextBlock, ToolBlock, ValueBlock
from playground.tui.find import MOST
from playground.tui.widgets.transcript_rows import json_text

MATCH: Final = "on $warning 30%"
CURRENT: Final = "bold $background on $warning"


@dataclass(frozen=True, slots=True)
class Found:
    """A match: the index of a section, and which of its matches this is, from 0."""

    section: int
    number: int


def pattern_of(query: str, *, case: bool) -> re.Pattern[str]:
    """The query as it is; `case`: large and small letters differ."""
    return re.compile(re.escape(query), 0 if case else re.IGNORECASE)


def find_in(blocks: Iterable[Block], pattern: re.Pattern[str]) -> list[Found]:
    """All matches, from the top; at most `MOST`."""
    found: list[Found] = []
    for index, block in enumerate(blocks):
        found += [Found(index, number) for number, _ in enumerate(pattern.finditer(block_text(block)))]
        if len(found) >= MOST:
            return found[:MOST]
    return found


def block_text(block: Block) -> str:
    """What one would look for, or copy, of a block."""
    match block:
        case TextBlock():
            return block.text
        case ToolBlock():
            parts = [block.name, "".join(block.pieces), block.result or ""]
            return "\n".join(part for part in parts if part)
        case ErrorBlock():
            return "\n".join(part for part in (block.error, block.message, block.detail) if part)
        case ValueBlock():
            return json_text(block.value)
        case CustomBlock():
            return json_text(block.data)
        case InterruptBlock():
            return json_text(block.interrupt.value) if block.interrupt is not None else ""
    return ""


def place_in(rows: Sequence[Content], pattern: re.Pattern[str], number: int) -> tuple[int, int]:
    """(row, column) of a match in what is shown; the last one there if fewer are shown, (0, -1) if none is."""
    at = (0, -1)
    for place in _places(rows, pattern):
        at = place
        if not number:
            break
        number -= 1
    return at


def marked(row: Content, pattern: re.Pattern[str], current: int = -1) -> Content:
    """The row with its matches coloured; the one at column `current` is the one that one is at."""
    for match in pattern.finditer(row.plain):
        row = row.stylize(CURRENT if match.start() == current else MATCH, match.start(), match.end())
    return row


def _places(rows: Sequence[Content], pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    for index, row in enumerate(rows):
        for match in pattern.finditer(row.plain):
            yield index, match.start()
