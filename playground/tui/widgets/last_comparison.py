"""On an empty Compare: what was compared last, to go on with."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from playground.client.saved import SavedComparison
from playground.tui.text import MUTED, age, count, join, one_line, safe


class LastComparison(Static, can_focus=True):
    """Enter or a click goes on with it. Not there while there is none."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    LastComparison { display: none; width: auto; height: auto; padding: 0 2; text-align: center; }
    LastComparison:focus, LastComparison:hover { background: $accent 15%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Go on", id="compare.last", tooltip="Go on with the comparison used last"),
    ]

    class Wanted(Message):
        """The user goes on with this one."""

        def __init__(self, saved: SavedComparison) -> None:
            super().__init__()
            self.saved = saved

    def __init__(self) -> None:
        super().__init__(id="last-comparison")
        self._last: SavedComparison | None = None

    def show(self, found: Sequence[SavedComparison], now: datetime) -> None:
        """Offer the first of these; nothing if there is none."""
        self._last = found[0] if found else None
        self.display = bool(found)
        if found:
            self.update(last_content(found, now))

    def on_click(self) -> None:
        """The mouse does it, too."""
        self.action_open()

    def action_open(self) -> None:
        """Go on with it."""
        if self._last is not None:
            self.post_message(self.Wanted(self._last))


def last_content(found: Sequence[SavedComparison], now: datetime) -> Content:
    """What was used last: its name or what it compares, how it began, how far it went, when; how many there are."""
    last = found[0]
    began = f"“{one_line(last.inputs[0], 60)}” · " if last.inputs else ""
    key = safe("Enter", "bold $text-accent")
    lines = [
        join(key, "  goes on with ", safe(one_line(last.title, 80), "bold $foreground")),
        safe(f"{began}{count(last.turns, 'turn')} · {age(last.updated_at, now)}", MUTED),
    ]
    if len(found) > 1:
        lines.append(join(safe("O", "bold $text-accent"), safe(f"  lists all {len(found):,} comparisons", MUTED)))
    return Content("\n").join(lines)
