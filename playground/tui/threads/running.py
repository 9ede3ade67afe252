"""What runs anywhere: here, on every screen, and what others run on the same server. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from textual.content import Content

from playground.client.flights import Flight
from playground.client.thread_list import ThreadFacts, name_of
from playground.client.values import Thread, ran_title
from playground.tui.text import MUTED, one_line, safe, short_id
from playground.tui.widgets.columns import Column
from playground.tui.widgets.row_list import Row

COLUMNS: Final = (
    Column(most=1),
    Column("ASKED", grow=True, least=16),
    Column("RUNS", most=24, shrink=10),
    Column("WHERE", most=12, drop=1),
    Column("TIME", align="right", most=8),
)
ELSEWHERE: Final = "elsewhere"
"""Where another terminal, the command or somebody's program runs something."""
Severity = Literal["information", "warning", "error"]
_GLYPHS: Final = {
    "queued": ("…", MUTED),
    "running": ("▍", "$text-accent"),
    "done": ("✔", "$text-success"),
    "interrupted": ("‖", "$text-warning"),
    "failed": ("✘", "$text-error"),
    "stopped": ("■", MUTED),
}


@dataclass(frozen=True, slots=True)
class Going:
    """A run, or the last one of a thread, and where it is shown."""

    flight: Flight
    where: str

    @property
    def thread_id(self) -> str:
        """Of its thread."""
        return self.flight.thread_id


def going_elsewhere(thread: Thread, facts: ThreadFacts | None, names: Mapping[str, str], now: datetime) -> Going:
    """A run that somebody else began."""
    who = names.get(thread.assistant_id or "") or short_id(thread.assistant_id or "") or thread.graph_id or ""
    ran = ran_title(who, thread.version, thread.draft)
    seconds = max(0.0, (now - thread.updated_at).total_seconds())
    return Going(Flight(thread.thread_id, name_of(thread, facts), ran, "running", seconds), ELSEWHERE)


def running_rows(running: Sequence[Going]) -> list[Row]:
    """What runs, and under it what ran here and is over."""
    return [_row(one) for one in running]


def ended(flight: Flight) -> tuple[str, Severity]:
    """A word that a run is over where nobody looks, and how serious that is."""
    asked = f"“{one_line(flight.asked, 60) or short_id(flight.thread_id)}”"
    took = f" after {_time(flight.seconds)}" if flight.seconds is not None else ""
    who = one_line(flight.ran, 60) or "A run"
    told: dict[str, tuple[str, Severity]] = {
        "interrupted": (f"‖ {who} waits for an answer: {asked}.", "warning"),
        "failed": (f"✘ {who} failed{took}: {asked}.", "error"),
        "stopped": (f"■ {who} was stopped{took}: {asked}.", "information"),
        "done": (f"✔ {who} has answered {asked}{took}.", "information"),
    }
    sentence, severity = told.get(flight.status, (f"{who} is over{took}: {asked}.", "information"))
    return f"{sentence} W goes there.", severity


def _row(one: Going) -> Row:
    flight = one.flight
    glyph, style = _GLYPHS.get(flight.status, ("·", MUTED))
    asked = one_line(flight.asked, 160) or f"({short_id(flight.thread_id)})"
    cells: tuple[Content, ...] = (
        safe(glyph, style),
        safe(asked, "" if flight.active else MUTED),
        safe(one_line(flight.ran, 60), MUTED),
        safe(one.where, MUTED),
        safe(_time(flight.seconds), MUTED),
    )
    return Row(flight.thread_id, cells)


def _time(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02}" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02}"
