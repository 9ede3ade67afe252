"""Threads as rows of a list, and all that is known of the one under the cursor. Pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from textual.content import Content

from playground.client.thread_list import RanHere, ThreadFacts
from playground.client.values import Thread, version_title
from playground.tui.text import MUTED, age, count, date, join, one_line, safe, short_id
from playground.tui.threads.listing import ThreadListing
from playground.tui.threads.order import ThreadOrder
from playground.tui.widgets.columns import Column
from playground.tui.widgets.row_list import LazyRows, Row

STATES: Final = {
    "idle": ("✔", MUTED),
    "busy": ("▍", "$text-accent"),
    "interrupted": ("‖", "$text-warning"),
    "error": ("✘", "$text-error"),
}
WORDS: Final = {"idle": "idle", "busy": "running", "interrupted": "waits", "error": "failed"}
_MOST_NAMED: Final = 6
"""Assistants whose versions are told of one thread."""
_NAME: Final = 18
"""Cells that an assistant's name takes at most."""


def thread_columns(order: ThreadOrder) -> tuple[Column, ...]:
    """The columns, the title of the one that is sorted by with an arrow. A click on a title sorts by it."""
    when = "created" if order.by == "created" else "changed"
    return (
        Column(order.arrow("status"), most=1, sort="status"),
        Column(f"TITLE{order.arrow('title')}", grow=True, least=16, sort="title"),
        Column("RAN", most=_NAME, drop=2, shrink=7),
        Column("VER", most=8, drop=1),
        Column("SIZE", align="right", most=5, drop=3),
        Column(f"AGE{order.arrow(when)}", align="right", most=4, sort=when),
    )


def thread_rows(listing: ThreadListing, text: str, now: datetime, looked_at: Callable[[Thread], None]) -> LazyRows:
    """A row each of those that match `text`; `looked_at` is called with a thread when its row is made."""
    found = listing.matching(text)

    def make(thread_id: str) -> Row:
        thread = listing.by_id[thread_id]
        looked_at(thread)
        return Row(thread_id, _cells(listing, thread, now))

    return LazyRows([thread.thread_id for thread in found], make, _widest(listing))


def title_or_id(listing: ThreadListing, thread: Thread) -> Content:
    """What the thread is called, or its id where nobody knows."""
    title = one_line(listing.title(thread), 160)
    return safe(title) if title else safe(f"({short_id(thread.thread_id)})", MUTED)


def size_text(size: int | None) -> str:
    """`812`, `48k`, `1.2M`: bytes in at most four characters; nothing where the server doesn't tell."""
    if size is None:
        return ""
    if size < 1_000:
        return str(size)
    for unit, below in (("k", 1e6), ("M", 1e9)):
        if size < below * 0.9995:
            number = size / below * 1_000
            return f"{number:.1f}{unit}" if number < 9.95 else f"{number:.0f}{unit}"
    return f"{size / 1e9:.0f}G"


def thread_details(listing: ThreadListing, thread: Thread) -> Sequence[Content]:
    """Lines under the list: its whole title, what ran, how it is, and when."""
    facts = listing.facts.of(thread.thread_id)
    return [
        join(safe("× ", MUTED) if thread.is_sample else "", title_or_id(listing, thread)),
        safe(_who(listing.ran(thread), listing.names), MUTED),
        _how(thread, facts),
        safe(_when(thread), MUTED),
    ]


def _cells(listing: ThreadListing, thread: Thread, now: datetime) -> tuple[Content, ...]:
    glyph, style = STATES.get(thread.status, ("·", MUTED))
    ran = listing.ran(thread)
    facts = listing.facts.of(thread.thread_id)
    when = thread.created_at if listing.order.by == "created" else thread.updated_at
    return (
        safe(glyph, style),
        join(safe("× ", MUTED) if thread.is_sample else "", _title(listing, thread)),
        safe(one_line(_name(listing, thread), 60), MUTED),
        safe(_versions(ran), MUTED),
        safe("!" if facts is not None and facts.problem else size_text(facts.size if facts else None), MUTED),
        safe(age(when, now), MUTED),
    )


def _title(listing: ThreadListing, thread: Thread) -> Content:
    """The title; of what was searched for, the text around it."""
    found = (listing.found or {}).get(thread.thread_id)
    if not found:
        return title_or_id(listing, thread)
    text = one_line(found, 160)
    at = text.casefold().find(one_line(listing.words).casefold())
    shown = safe(text)
    return shown.stylize("bold underline", at, at + len(listing.words)) if at >= 0 else shown


def _name(listing: ThreadListing, thread: Thread) -> str:
    """Who ran last; not told where it is the one whose threads are listed."""
    assistant_id = thread.assistant_id
    if assistant_id is None:
        return thread.graph_id or ""
    return "" if assistant_id == listing.whose else listing.names.get(assistant_id) or short_id(assistant_id)


def _versions(ran: Sequence[RanHere]) -> str:
    """`v7`, `v7 +2`, `draft`."""
    if not ran:
        return ""
    more = f" +{len(ran) - 1}" if len(ran) > 1 else ""
    return f"{_version(ran[0])}{more}"


def _version(one: RanHere) -> str:
    return version_title(one.version, one.draft) or "?"


def _who(ran: Sequence[RanHere], names: Mapping[str, str]) -> str:
    """`support v7 v3 draft · writer v1`."""
    if not ran:
        return "nothing ran here"
    versions: dict[str, list[str]] = {}
    for one in ran:
        versions.setdefault(one.assistant_id, []).append(_version(one))
    told = [
        f"{one_line(names.get(assistant_id) or short_id(assistant_id), 40)} {' '.join(those)}"
        for assistant_id, those in versions.items()
    ]
    more = [f"{len(told) - _MOST_NAMED} more"] if len(told) > _MOST_NAMED else []
    return " · ".join([*told[:_MOST_NAMED], *more])


def _how(thread: Thread, facts: ThreadFacts | None) -> Content:
    """`‖ waits · 12 messages · 7 steps · 48k`."""
    if facts is not None and facts.problem:
        return safe(f"✘ {one_line(facts.problem, 200)}", "$text-error")
    glyph, style = STATES.get(thread.status, ("·", MUTED))
    parts = [WORDS.get(thread.status, thread.status)]
    if facts is not None:
        parts += [count(facts.messages, "message")] if facts.messages is not None else []
        parts += [count(facts.steps, "step")] if facts.steps is not None else []
        parts += [f"{size_text(facts.size)}B"] if facts.size else []
    return join(safe(glyph, style), safe(f" {' · '.join(parts)}", MUTED))


def _when(thread: Thread) -> str:
    """`began 2026-11-22 14:01 · last 14:03:59`."""
    began, changed = date(thread.created_at)[:-3], date(thread.updated_at)
    same_day = began[:10] == changed[:10]
    return f"began {began} · last {changed[11:]}" if same_day else f"began {began[:10]} · last {changed[:-3]}"


def _widest(listing: ThreadListing) -> tuple[int, ...]:
    """Cells of each column's widest content, of all that are listed: what is read later changes no width."""
    names = {_name(listing, thread) for thread in listing.all}
    version = max((len(_version(one)) for thread in listing.all for one in listing.ran(thread)[:1]), default=0)
    widest_name = max((safe(name).cell_length for name in names), default=0)
    return (1, 60, widest_name, version + len(" +9") if version else 0, 4 if listing.sized else 0, 4)
