"""A drawing's lines in colours. What they say is there without any. Pure."""

from collections.abc import Iterable
from typing import Final

from textual.content import Content

from playground.tui.drawing.outline import Line, Role
from playground.tui.text import MUTED, join, safe

_STYLES: Final[dict[Role, str]] = {
    "rail": "$foreground 35%",
    "mark": "$text-accent",
    "node": "",
    "edge": MUTED,
    "name": MUTED,
    "label": f"italic {MUTED}",
    "back": "$text-warning",
    "about": MUTED,
}


def line_content(line: Line) -> Content:
    """One line."""
    return join(*(safe(text, _STYLES[role]) for text, role in line.parts))


def drawing_content(lines: Iterable[Line]) -> Content:
    """The lines under each other."""
    return Content("\n").join(map(line_content, lines))
