"""Threads as rows of a list. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from playground.client.conversation import title_of
from playground.client.values import Thread, ran_title
from playground.tui.text import MUTED, age, join, one_line, safe, short_id
from playground.tui.widgets.columns import Column
from playground.tui.widgets.row_list import Row

THREAD_COLUMNS: Final = (
    Column(most=1),
    Column("TITLE", grow=True, least=10),
    Column("RAN", most=18, drop=1),
    Column("AGE", align="right", most=4),
)
STATES: Final = {
    "idle": ("✔", MUTED),
    "busy": ("▍", "$text-accent"),
    "interrupted": ("‖", "$text-warning"),
    "error": ("✘", "$text-error"),
}


def thread_rows(threads: Iterable[Thread], names: Mapping[str, str], now: datetime) -> list[Row]:
    """A row a thread: its status, what it is about, what ran there last, and when. `names` are the assistants'."""
    return [_row(thread, names, now) for thread in threads]


def ran_on(thread: Thread, names: Mapping[str, str]) -> str:
    """`support@v7`, as far as the thread says it."""
    assistant_id = thread.assistant_id
    if assistant_id is None:
        return thread.graph_id or ""
    name = names.get(assistant_id) or short_id(assistant_id)
    return ran_title(name, thread.version, thread.draft)


def _row(thread: Thread, names: Mapping[str, str], now: datetime) -> Row:
    title = title_of(thread)
    ran = ran_on(thread, names)
    glyph, style = STATES.get(thread.status, ("·", MUTED))
    sample = safe("× ", MUTED) if thread.is_sample else ""
    cells = (
        safe(glyph, style),
        join(sample, safe(one_line(title, 120)) if title else safe(f"({short_id(thread.thread_id)})", MUTED)),
        safe(one_line(ran, 60), MUTED),
        safe(age(thread.updated_at, now), MUTED),
    )
    return Row(thread.thread_id, cells, f"{title[:400]} {ran} {thread.thread_id} {thread.status}".casefold())
