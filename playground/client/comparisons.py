"""Comparisons, kept through the Store API: on every server, for every terminal."""

import asyncio
import builtins
from typing import Any, Final, cast

from playground.client import decode
from playground.client.decode import Json
from playground.client.pages import all_pages
from playground.client.saved import SavedComparison, from_json, to_json
from playground.client.values import SAMPLE
from playground.client.wire import Wire

_COMPARISONS: Final = ("playground", "comparisons")
_SAMPLES: Final = ("playground", "comparison_samples")  # an item a side: {"samples": [...]}

_AT_ONCE: Final = 50  # threads that are deleted at the same time


class Comparisons:
    """A comparison is one item; the samples of its sides, which may be long, are items of their own."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def list(self) -> list[SavedComparison]:
        """All of them, last changed first."""
        found = [_comparison(item) for item in await self._items(_COMPARISONS)]
        return sorted((one for one in found if one), key=lambda one: one.updated_at, reverse=True)

    async def get(self, comparison_id: str) -> SavedComparison | None:
        """The comparison; None if there is none of that id."""
        item = await self._get(_COMPARISONS, comparison_id)
        return _comparison(item) if item else None

    async def save(self, comparison: SavedComparison) -> None:
        """Over the one of that id."""
        await self._put(_COMPARISONS, comparison.comparison_id, to_json(comparison))

    async def delete(self, comparison_id: str) -> None:
        """With its samples and their threads; the threads that one talked on stay."""
        whose = (*_SAMPLES, comparison_id)
        for item in await self._items(whose):
            await self._drop(whose, item["key"])
        await self._drop(_COMPARISONS, comparison_id)
        while threads := await self._sample_threads(comparison_id):
            await self.delete_threads(threads)

    async def samples(self, comparison_id: str, side_id: str) -> builtins.list[Json]:
        """The samples of a side, as they were given to `save_samples`."""
        item = await self._get((*_SAMPLES, comparison_id), side_id)
        rows = item["value"].get("samples") if item else None
        return [row for row in rows if isinstance(row, dict)] if isinstance(rows, builtins.list) else []

    async def save_samples(self, comparison_id: str, side_id: str, samples: builtins.list[Json]) -> None:
        """Over those that were there; none is no item."""
        whose = (*_SAMPLES, comparison_id)
        if samples:
            await self._put(whose, side_id, {"samples": samples})
        else:
            await self._drop(whose, side_id)

    async def delete_threads(self, threads: builtins.list[str]) -> None:
        """Those that are still there, with their runs."""
        sdk = self._wire.sdk
        deleting = (self._wire.ask_or(None, "delete the thread", sdk.threads.delete(thread)) for thread in threads)
        await asyncio.gather(*deleting)

    async def _sample_threads(self, comparison_id: str) -> builtins.list[str]:
        whose = {"playground": SAMPLE, "comparison": comparison_id}
        search = self._wire.sdk.threads.search(metadata=whose, limit=_AT_ONCE)
        return [row["thread_id"] for row in await self._wire.ask("find the samples", search)]

    async def _items(self, namespace: tuple[str, ...]) -> builtins.list[Json]:
        async def page(limit: int, offset: int) -> builtins.list[Json]:
            search = self._wire.sdk.store.search_items([*namespace], limit=limit, offset=offset)
            return cast(builtins.list[Json], (await self._wire.ask("read the comparisons", search))["items"])

        return await all_pages(self._wire, page)

    async def _get(self, namespace: tuple[str, ...], key: str) -> Json | None:
        getting = self._wire.sdk.store.get_item([*namespace], key=key)
        return cast(Json | None, await self._wire.ask_or(None, "read the comparison", cast(Any, getting)))

    async def _put(self, namespace: tuple[str, ...], key: str, value: Json) -> None:
        putting = self._wire.sdk.store.put_item([*namespace], key=key, value=value, index=False)
        await self._wire.ask("keep the comparison", putting)

    async def _drop(self, namespace: tuple[str, ...], key: str) -> None:
        dropping = self._wire.sdk.store.delete_item([*namespace], key=key)
        await self._wire.ask_or(None, "delete the comparison", dropping)


def _comparison(item: Json) -> SavedComparison | None:
    created, updated = decode.moment(item.get("created_at")), decode.moment(item.get("updated_at"))
    return from_json(item["key"], item.get("value"), created, updated)
