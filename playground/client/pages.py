"""All rows of a list that a server gives in pages, in as few requests as the server allows."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from playground.client.errors import ApiError
from playground.client.wire import Wire

FEWER: Final = 100
"""Rows a page that servers take which refuse as many as LangGraph allows."""

Json = dict[str, Any]
Ask = Callable[[int, int], Awaitable[list[Json]]]
"""A page: (limit, offset) → its rows. Raises ApiError."""


async def all_pages(wire: Wire, ask: Ask) -> list[Json]:
    """Every row. Raises what `ask` raises."""
    found: list[Json] = []
    while True:
        page = await _page(wire, ask, len(found))
        found += page
        if len(page) < wire.page_limit and not _may_be_cut(wire, page):
            return found


async def _page(wire: Wire, ask: Ask, offset: int) -> list[Json]:
    try:
        return await ask(wire.page_limit, offset)
    except ApiError as error:
        if error.status not in (400, 422) or wire.page_limit == FEWER:
            raise
        wire.page_limit = FEWER
        return await ask(FEWER, offset)


def _may_be_cut(wire: Wire, page: list[Json]) -> bool:
    """Some servers give fewer rows than asked for, and don't say so: a round number of them, then."""
    return wire.own is not True and bool(page) and len(page) % 10 == 0
