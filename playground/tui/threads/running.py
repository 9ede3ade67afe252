"""What runs anywhere: here, on every screen, and what others run on the same server. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from textual.content import Content

from playground.client.blocks import Block, TextBlock, Turn
from playground.client.conversation import Conversation
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
    """A run, or the last one of a thread: what was asked, what runs, where that is shown, since how many seconds."""

    thread_id: str
    asked: str
    ran: str
    where: str
    status: str
    seconds: float | None

    @property
    def active(self) -> bool:
        """Whether it can be stopped."""
        return self.status in ("queued", "running")


def going(conversation: Conversation, where: str) -> Going:
    """A run that is followed here."""
    turn = conversation.turn
    took = turn.metrics(conversation.clock()) if turn is not None else None
    seconds = None if took is None else took.running if took.running is not None else took.queued
    ran = (turn.title if turn is not None else "") or (conversation.runnable.title if conversation.runnable else "")
    thread_id = conversation.thread_id or ""
    return Going(
        thread_id, asked_in(conversation) or f"({short_id(thread_id)})", ran, where, conversation.status, seconds
    )


def going_elsewhere(
    thread: Thread, facts: ThreadFacts | None, names: Mapping[str, str], now: datetime, where: str = ELSEWHERE
) -> Going:
    """A run that somebody else began."""
    who = names.get(thread.assistant_id or "") or short_id(thread.assistant_id or "") or thread.graph_id or ""
    asked = name_of(thread, facts) or f"({short_id(thread.thread_id)})"
    seconds = max(0.0, (now - thread.updated_at).total_seconds())
    return Going(thread.thread_id, asked, ran_title(who, thread.version, thread.draft), where, "running", seconds)


def asked_in(conversation: Conversation) -> str:
    """What the run was asked: the last thing the user said, else its input on a line."""
    blocks: Sequence[Block] = conversation.transcript.blocks
    said = (block.text for block in reversed(blocks) if isinstance(block, TextBlock) and block.role == "human")
    if text := next((text for text in said if text.strip()), ""):
        return one_line(text, 120)
    turn: Turn | None = conversation.turn
    return one_line(str(turn.input), 120) if turn is not None and turn.input is not None else ""


def rows(running: Sequence[Going], landed: Sequence[Going]) -> list[Row]:
    """What runs, and under it what ran here and is over."""
    return [_row(one) for one in (*running, *landed)]


def _row(one: Going) -> Row:
    glyph, style = _GLYPHS.get(one.status, ("·", MUTED))
    muted = "" if one.active else MUTED
    cells: tuple[Content, ...] = (
        safe(glyph, style),
        safe(one_line(one.asked, 160), muted),
        safe(one_line(one.ran, 60), MUTED),
        safe(one.where, MUTED),
        safe(_time(one.seconds), MUTED),
    )
    return Row(one.thread_id, cells)


def _time(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02}" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02}"


def ended(conversation: Conversation) -> tuple[str, Severity] | None:
    """A word that a run is over where nobody looks, and how serious that is; None if it isn't over."""
    turn = conversation.turn
    if turn is None or turn.active:
        return None
    what = going(conversation, "")
    asked = f"“{one_line(what.asked, 60)}”"
    took = f" after {_time(what.seconds)}" if what.seconds is not None else ""
    who = what.ran or "A run"
    told: dict[str, tuple[str, Severity]] = {
        "interrupted": (f"‖ {who} waits for an answer: {asked}.", "warning"),
        "failed": (f"✘ {who} failed{took}: {asked}.", "error"),
        "stopped": (f"■ {who} was stopped{took}: {asked}.", "information"),
        "done": (f"✔ {who} has answered {asked}{took}.", "information"),
    }
    sentence, severity = told.get(turn.status, (f"{who} is over{took}: {asked}.", "information"))
    return f"{sentence} W goes there.", severity
