"""How a comparison stands, in a few words beside its refs. Pure."""

from collections.abc import Sequence
from typing import Final

from textual.content import Content

from playground.compare.metrics import Metrics
from playground.tui.compare.comparison import LETTERS
from playground.tui.text import MUTED, join, safe

MARKS: Final = {"interrupted": ("‖", "$text-warning"), "failed": ("✘", "$text-error")}
"""The statuses that a pane has to be looked at for."""
_SAID: Final = {"interrupted": ("waits", "wait"), "failed": ("failed", "failed")}


def standing_content(statuses: Sequence[str], metrics: Sequence[Metrics | None]) -> Content:
    """`‖ C waits   ✘ A and B failed`, `B fastest`: of each pane its status and the figures of the turn they are at."""
    parts = [Content("")]
    for status, (mark, style) in MARKS.items():
        letters = [letter for letter, one in zip(LETTERS, statuses, strict=False) if one == status]
        if letters:
            parts.append(safe(f"   {mark} {' and '.join(letters)} {_SAID[status][len(letters) > 1]}", style))
    if letter := fastest(statuses, metrics):
        parts.append(safe(f"   {letter} fastest", MUTED))
    return join(*parts)


def fastest(statuses: Sequence[str], metrics: Sequence[Metrics | None]) -> str:
    """The letter of the pane whose run was the shortest; "" while one is on, if only one is done, or of equal ones.

    Times are equal if they are shown as equal: to a tenth of a second.
    """
    if any(status in ("queued", "running") for status in statuses):
        return ""
    times = sorted(
        (round(figures.running, 1), letter)
        for letter, status, figures in zip(LETTERS, statuses, metrics, strict=False)
        if status == "done" and figures is not None and figures.running is not None
    )
    return times[0][1] if len(times) > 1 and times[0][0] < times[1][0] else ""
