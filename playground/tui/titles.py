"""Titles (`A support@v7`) side by side in little room: the names give way, never the versions. Pure."""

from collections.abc import Sequence
from typing import Final

from playground.tui.text import one_line

_LEAST: Final = 6
"""Characters that a title has in any case."""
_MOST: Final = 60


def titles_within(titles: Sequence[str], room: int) -> list[str]:
    """The titles in as many characters together; the longest ones are cut, and none more than it must be."""
    lengths = [len(title) for title in titles]
    fits = (most for most in range(_MOST, _LEAST, -1) if sum(min(length, most) for length in lengths) <= room)
    most = next(fits, _LEAST)
    return [title_within(title, most) for title in titles]


def title_within(title: str, room: int) -> str:
    """`a very lo…@v12`."""
    if len(title) <= room:
        return one_line(title, room)
    name, at, version = title.rpartition("@")
    left = room - len(at) - len(version)
    return f"{one_line(name, left)}{at}{one_line(version)}" if at and left > 1 else one_line(title, room)
