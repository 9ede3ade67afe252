"""What is done to threads of the list: named, copied, deleted, pruned. What goes with it is said before."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from playground.client.thread_text import TITLE, given_title, title_changes
from playground.client.transfer import OnStep, Step
from playground.client.values import Thread
from playground.tui.screens.dialogs import Ask, Confirm
from playground.tui.screens.pick import Pick
from playground.tui.screens.progress import with_progress
from playground.tui.text import MUTED, age, count, join, one_line, safe, short_id
from playground.tui.threads.listing import ThreadListing
from playground.tui.usecases.saying import say
from playground.tui.widgets.columns import Column
from playground.tui.widgets.row_list import Row

if TYPE_CHECKING:
    from playground.tui.app import PlaygroundApp

_NAMED: Final = 5
"""Threads that are told by their titles."""
_AT_ONCE: Final = 20
"""Threads between two looks at whether to stop."""
_OLD: Final = ((1, "a day"), (7, "a week"), (30, "a month"), (90, "three months"))
_CHOICES: Final = (Column(grow=True, least=20), Column(align="right", most=16))


async def rename(app: "PlaygroundApp", thread: Thread, shown: str) -> Thread | None:
    """Give it a title, or take it away again; None if it stays as it is."""
    label = "Its title; empty: what was said first. Other tools read it, too, as the metadata's title."
    named = given_title(thread.metadata)
    title = await app.push_screen_wait(Ask("Rename the thread", label, named or shown, action="Rename", empty=True))
    if title is None or title == named or (not named and title == shown):
        return None
    return await app.connected_client.threads.update(thread.thread_id, title_changes(thread.metadata, title))


async def copy(app: "PlaygroundApp", threads: Sequence[Thread], listing: ThreadListing) -> str | None:
    """A copy of each, with its whole history; the id of the first one."""
    client = app.connected_client
    made: list[str] = []

    async def one(thread: Thread) -> None:
        copied = await client.threads.copy(thread.thread_id)
        made.append(copied.thread_id)
        if named := given_title(thread.metadata):
            await client.threads.update(copied.thread_id, {TITLE: f"{named} (copy)"})

    await _each(app, "Copying", threads, listing, one)
    if made:
        say(app, f"{count(len(made), 'thread')} copied, with all checkpoints; runs stay with the original.")
    return made[0] if made else None


async def delete(app: "PlaygroundApp", threads: Sequence[Thread], listing: ThreadListing) -> list[str]:
    """Delete them, after asking; the ids of those that are gone."""
    title = "Delete the thread?" if len(threads) == 1 else f"Delete {count(len(threads), 'thread')}?"
    running = sum(thread.status == "busy" for thread in threads)
    stops = f"\n{_they(running, 'runs now and is', 'run now and are')} stopped." if running else ""
    them = "its" if len(threads) == 1 else "their"
    body = f"{_listed(threads, listing)}, with {them} runs and checkpoints. This can't be undone.{stops}"
    if not await app.push_screen_wait(Confirm(title, body, "Delete", destructive=True)):
        return []
    return await _delete(app, threads, listing)


async def prune(
    app: "PlaygroundApp", chosen: Sequence[Thread], shown: Sequence[Thread], listing: ThreadListing
) -> list[str] | None:
    """Drop the history of what is chosen, or of what is listed, or what is old of that; says what goes, and asks.

    None if nothing was done; else the ids of those that are gone, none if only history went.
    """
    rows, meant = _choices(chosen, shown, app.now())
    key = await app.push_screen_wait(Pick("Prune threads", _CHOICES, rows, ""))
    if key is None:
        return None
    if not key.startswith("newest"):
        return await delete(app, meant[key], listing) or None
    threads = [thread for thread in meant[key] if thread.status != "busy"]
    if not threads:
        say(app, "It runs: its history can be dropped when that is over.")
        return None
    if all(_is_short(thread, listing) for thread in threads):
        say(app, f"{'It has' if len(threads) == 1 else 'They have'} no history: there is only the newest state.")
        return None
    if not await app.push_screen_wait(_drop_history(threads, listing, len(meant[key]) - len(threads))):
        return None

    async def one(thread: Thread) -> None:
        await app.connected_client.thread_list.keep_newest([thread.thread_id])

    await _each(app, "Pruning", threads, listing, one)
    say(app, f"{count(len(threads), 'thread')} pruned to the newest state.")
    return []


def _is_short(thread: Thread, listing: ThreadListing) -> bool:
    facts = listing.facts.of(thread.thread_id)
    return facts is not None and facts.steps is not None and facts.steps < 2


def _choices(
    chosen: Sequence[Thread], shown: Sequence[Thread], now: datetime
) -> tuple[list[Row], dict[str, Sequence[Thread]]]:
    """What can be pruned, and which threads that means."""
    one = len(chosen) == 1
    meant: dict[str, Sequence[Thread]] = {"newest": chosen}
    rows = [_choice("newest", f"Keep only the newest state of {'this thread' if one else 'these threads'}", chosen)]
    if len(shown) > len(chosen):
        meant["newest-all"] = shown
        rows.append(_choice("newest-all", "Keep only the newest state of all that are listed", shown))
    for days, word in _OLD:
        old = [thread for thread in shown if now - thread.updated_at > timedelta(days=days) and thread.status != "busy"]
        if old:
            meant[str(days)] = old
            rows.append(_choice(str(days), f"Delete those that didn't change for {word}", old))
    return rows, meant


def _choice(key: str, what: str, threads: Sequence[Thread]) -> Row:
    return Row(key, (safe(what), safe(count(len(threads), "thread"), MUTED)))


def _drop_history(threads: Sequence[Thread], listing: ThreadListing, running: int) -> Confirm:
    known = [facts.steps for thread in threads if (facts := listing.facts.of(thread.thread_id))]
    steps = [number for number in known if number is not None]
    some = f"{sum(steps) - len(steps):,} of {sum(steps):,} steps go"
    goes = some if len(steps) == len(threads) else "All earlier steps go"
    body = join(
        safe(f"{_listed(threads, listing)}."),
        f"\n{goes}, with every branch: one can't go back to them, nor see what they did.",
        " What the newest state says stays.",
        " This can't be undone.",
        safe(f"\n{_they(running, 'runs now and stays', 'run now and stay')} as it is." if running else "", MUTED),
    )
    return Confirm("Keep only the newest state?", body, "Prune", destructive=True)


async def _delete(app: "PlaygroundApp", threads: Sequence[Thread], listing: ThreadListing) -> list[str]:
    gone: list[str] = []

    async def some(those: Sequence[Thread]) -> None:
        ids = [thread.thread_id for thread in those]
        await app.connected_client.thread_list.delete(ids)
        gone.extend(ids)

    await _some(app, "Deleting", threads, listing, some)
    if len(gone) > 1 or len(gone) < len(threads):
        say(app, f"{count(len(gone), 'thread')} deleted." + (" The others stay." if len(gone) < len(threads) else ""))
    return gone


async def _each(
    app: "PlaygroundApp",
    title: str,
    threads: Sequence[Thread],
    listing: ThreadListing,
    do: Callable[[Thread], Awaitable[None]],
) -> None:
    async def some(those: Sequence[Thread]) -> None:
        for thread in those:
            await do(thread)

    await _some(app, title, threads, listing, some, at_once=1)


async def _some(
    app: "PlaygroundApp",
    title: str,
    threads: Sequence[Thread],
    listing: ThreadListing,
    do: Callable[[Sequence[Thread]], Awaitable[None]],
    at_once: int = _AT_ONCE,
) -> None:
    """So many at once; it can be stopped between them."""
    stopped: list[bool] = []

    async def work(on_step: OnStep) -> None:
        for start in range(0, len(threads), at_once):
            if stopped:
                return
            on_step(Step(start, len(threads), _called(threads[start], listing)))
            await do(threads[start : start + at_once])

    await with_progress(app, title, work, stop=lambda: stopped.append(True))


def _listed(threads: Sequence[Thread], listing: ThreadListing) -> str:
    """`“my parcel” (2h), “hello” (3d) and 12 more`."""
    named = [f"“{_called(thread, listing)}” ({age(thread.updated_at)})" for thread in threads[:_NAMED]]
    more = len(threads) - len(named)
    if more:
        return f"{', '.join(named)} and {more:,} more"
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"


def _called(thread: Thread, listing: ThreadListing) -> str:
    return one_line(listing.title(thread), 60) or short_id(thread.thread_id)


def _they(number: int, one: str, many: str) -> str:
    return f"One {one}" if number == 1 else f"{number:,} {many}"
