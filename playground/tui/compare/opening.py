"""A kept comparison as sides again."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playground.client.reopening import exactly_what_ran, open_thread
from playground.client.saved import SavedComparison, SavedSide
from playground.tui.compare.comparison import MOST, Comparison
from playground.tui.compare.side import Side

if TYPE_CHECKING:
    from playground.client.client import Client


@dataclass(frozen=True, slots=True)
class Opened:
    """A comparison, and the runs that are still in flight in it, to be joined: (side, run id)."""

    comparison: Comparison
    flying: tuple[tuple[Side, str], ...]


async def open_comparison(client: "Client", saved: SavedComparison, clock: Callable[[], float]) -> Opened:
    """Every side with what is kept of it and what its thread has. Raises PlaygroundError if the server can't be asked.

    One that can't be run any more says so in its `notice`.
    """
    opened = await asyncio.gather(*(_open_side(client, side, clock) for side in saved.sides[:MOST]))
    comparison = Comparison([side for side, _ in opened], saved.name, saved.comparison_id)
    return Opened(comparison, tuple((side, run_id) for side, run_id in opened if run_id is not None))


async def _open_side(client: "Client", saved: SavedSide, clock: Callable[[], float]) -> tuple[Side, str | None]:
    exact = await exactly_what_ran(client, saved)
    side = Side(exact.runnable, clock)
    side.side_id, side.linked, side.notice = saved.side_id, saved.linked, exact.notice
    side.earlier = list(saved.earlier)
    return side, await open_thread(client, side.conversation, saved)


async def join_flying(client: "Client", opened: Opened) -> None:
    """Follow what still runs, to its end."""
    await asyncio.gather(*(side.conversation.join(client, run_id, side.runnable) for side, run_id in opened.flying))
