"""All assistants of a server, read whole once and afterwards only as far as they changed."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, cast

from playground.client import decode
from playground.client.decode import Json
from playground.client.errors import ApiError
from playground.client.notes import Notes
from playground.client.pages import all_pages
from playground.client.values import Assistant
from playground.client.wire import Wire

PIN: Final = "pin"
"""`metadata.playground` of an assistant that stands for one version of another."""
_RECENT: Final = 50
"""Rows of a request for what changed: someone who works saves now and then."""

Labels = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class _Notes:
    """What is said about assistants, beside what they are."""

    labels: Labels
    runs: Counter[str] | None

    def decoded(self, row: Json) -> Assistant:
        assistant_id = row["assistant_id"]
        return decode.assistant(row, self.labels.get(assistant_id), self._runs(assistant_id))

    def applied(self, assistant: Assistant) -> Assistant:
        """The same object if nothing else is said of it now."""
        labels, runs = dict(self.labels.get(assistant.assistant_id) or {}), self._runs(assistant.assistant_id)
        if labels == assistant.label_versions and runs == assistant.runs:
            return assistant
        return replace(assistant, label_versions=labels, labels=decode.labels_of(labels, assistant.version), runs=runs)

    def _runs(self, assistant_id: str) -> int | None:
        return None if self.runs is None else self.runs[assistant_id]


class AssistantList:
    """Reads the list of assistants."""

    def __init__(self, wire: Wire, notes: Notes) -> None:
        self._wire = wire
        self._notes = notes

    async def read(self, graph_id: str | None = None) -> list[Assistant]:
        """All but the pins, last changed first."""
        rows, notes = await asyncio.gather(self.rows(graph_id=graph_id), self._said())
        return await asyncio.to_thread(_decoded, rows, notes)  # ten thousand take half a second

    async def update(self, known: Sequence[Assistant]) -> list[Assistant]:
        """As `read`, given what was read before: only what changed is read. What didn't stays the same object.

        Everything is read where that can't tell: something was deleted, or the server can't count.
        """
        if not known:
            return await self.read()
        try:
            rows, notes, total, pins = await asyncio.gather(
                self._changed(known), self._said(), self._count(), self._count({"playground": PIN})
            )
        except ApiError:
            return await self.read()
        found = await asyncio.to_thread(_merged, known, rows, notes)
        return found if len(found) == total - pins else await self.read()

    async def rows(self, *, graph_id: str | None = None, metadata: Json | None = None) -> list[Json]:
        """As the API has them, pins too, the oldest first: what is created meanwhile comes last, and shifts no page."""

        async def page(limit: int, offset: int) -> list[Json]:
            return await self._search(limit, offset, "created_at", "asc", graph_id=graph_id, metadata=metadata)

        return await all_pages(self._wire, page)

    async def run_counts(self) -> Counter[str] | None:
        """How many runs each assistant has; None where the server doesn't count."""
        if not await self._wire.is_own():
            return None
        counts = await self._wire.ask_or(None, "count the runs", self._wire.sdk.http.get("/playground/runs"))
        return None if counts is None else Counter(counts)

    async def _said(self) -> _Notes:
        labels, runs = await asyncio.gather(self._notes.all_labels(), self.run_counts())
        return _Notes(labels, runs)

    async def _changed(self, known: Sequence[Assistant]) -> list[Json]:
        """The rows of what is as new as the newest that is known, or newer."""
        newest = max(assistant.updated_at for assistant in known)
        found: list[Json] = []
        while True:
            rows = await self._search(_RECENT, len(found), "updated_at", "desc")
            found += rows
            if len(rows) < _RECENT or decode.moment(rows[-1].get("updated_at")) < newest:
                return [row for row in found if decode.moment(row.get("updated_at")) >= newest]

    async def _search(
        self,
        limit: int,
        offset: int,
        sort_by: Literal["created_at", "updated_at"],
        sort_order: Literal["asc", "desc"],
        **what: Any,
    ) -> list[Json]:
        found = self._wire.sdk.assistants.search(
            limit=limit, offset=offset, sort_by=sort_by, sort_order=sort_order, **what
        )
        return cast(list[Json], await self._wire.ask("list the assistants", found))

    async def _count(self, metadata: Json | None = None) -> int:
        return await self._wire.ask("count the assistants", self._wire.sdk.assistants.count(metadata=metadata))


def is_pin(row: Mapping[str, Any]) -> bool:
    """Whether the row stands for a version of another assistant."""
    return bool((row.get("metadata") or {}).get("playground") == PIN)


def _decoded(rows: Sequence[Json], notes: _Notes) -> list[Assistant]:
    return _sorted([notes.decoded(row) for row in rows if not is_pin(row)])


def _merged(known: Sequence[Assistant], rows: Sequence[Json], notes: _Notes) -> list[Assistant]:
    found = {assistant.assistant_id: notes.applied(assistant) for assistant in known}
    for assistant in _decoded(rows, notes):
        if found.get(assistant.assistant_id) != assistant:
            found[assistant.assistant_id] = assistant
    return _sorted(list(found.values()))


def _sorted(assistants: list[Assistant]) -> list[Assistant]:
    return sorted(assistants, key=lambda assistant: assistant.updated_at, reverse=True)
