"""What differs between two versions, on a few lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from playground.tui.text import MUTED, date, join, one_line, plain, safe
from playground.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from playground.client.values import Version

_PROBLEMS: Final = 5
"""Sentences about what no longer fits that are shown at once."""


class ChangesPane(Pane):
    """What the version under the cursor is, over a summary of the differences; the diff screen has them in full."""

    def __init__(self) -> None:
        super().__init__(id="changes")

    def compose(self) -> ComposeResult:
        """A scroller, which the focus passes by: the mouse scrolls it."""
        with VerticalScroll(id="changes-scroll", can_focus=False):
            yield Static(id="changes-about")
            yield Static(id="changes-text")

    def show(
        self,
        about: Version | None,
        left: Version | None,
        right: Version | None,
        facts: Sequence[str] = (),
        problems: Sequence[str] = (),
    ) -> None:
        """`about`, and the differences from left to right; without a left one, what the right one is.

        `facts` is what is said about it, `problems` why it no longer fits its graph.
        """
        from playground.tui.changes import equal_count, summary, version_changes  # not needed by the first paint

        self.border_title = _title(left, right)
        self.border_subtitle = Content("")
        if right is None:
            text = Content("")
        elif left is None:
            text = _context(right)
        else:
            changes = version_changes(left, right)
            text = summary(changes)
            self.border_subtitle = safe(f"= {equal_count(changes)} equal", MUTED)
        self.query_one("#changes-about", Static).update(_about(about, facts, problems) if about else "")
        self.query_one("#changes-text", Static).update(text)


def _about(version: Version, facts: Sequence[str], problems: Sequence[str]) -> Content:
    """Why it no longer fits; when it was made, its whole note, the description in it, who labelled it and why."""
    misfit = [safe(f"✘ {plain(problem, 600)}", "$text-error") for problem in problems[:_PROBLEMS]]
    if len(problems) > _PROBLEMS:
        misfit.append(safe(f"  and {len(problems) - _PROBLEMS} more", MUTED))
    said = [plain(text, 4_000).strip() for text in (version.note, version.description) if text]
    lines = safe("\n".join([date(version.created_at), *said, *facts]), MUTED)
    return join(*misfit, lines, separator="\n")


def _title(left: Version | None, right: Version | None) -> Content:
    if right is None:
        return Content("")
    if left is None:
        return safe(f"v{right.version}")
    return join(f"v{left.version} → v{right.version}", safe(" (active)" if right.active else "", "not bold"))


def _context(version: Version) -> Content:
    if not version.context:
        return safe("The graph's own defaults: nothing is set.", MUTED)
    from playground.tui.changes import value_line

    width = min(24, max(len(one_line(key, 24)) for key in version.context))
    lines = [
        join(safe(one_line(key, 24).ljust(width)), "  ", safe(value_line(value, 120), MUTED))
        for key, value in version.context.items()
    ]
    return Content("\n").join(lines)
