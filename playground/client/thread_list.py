"""Threads as a list shows them: read without their values, and what of those a row needs when somebody looks at it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from playground.client import decode
from playground.client.decode import Json
from playground.client.errors import ApiError
from playground.client.pages import FEWER
from playground.client.thread_text import first_text, found_in, given_title, message_count
from playground.client.values import RAN_ASSISTANT, Run, Thread, Unsaved, ran, unsaved
from playground.client.wire import Wire

MOST: Final = 10_000
"""Threads that are listed: those that changed last."""
_FIRST: Final = 100
"""Of the first page, which is shown before the rest is asked for."""
_RECENT: Final = 50
"""Rows of a request for what changed."""
_FIND: Final = 50
"""Threads whose contents are searched at once: so often it says how far it is, and can be stopped."""
_FIND_WHOLE: Final = 20
"""As many where the server sends the contents to be searched here."""
_AT_ONCE: Final = 8
"""Requests at a time, for what takes one a thread."""
_RUNS: Final = 200
"""Runs of a thread whose versions are told, where only they say which ran."""
_LIGHT: Final = ("thread_id", "status", "created_at", "updated_at", "metadata")
_MESSAGES: Final = 5
"""The first messages, among which the user's is looked for: a server extracts ten values at most."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose threads: those that an assistant has run on, those of a graph, or all."""

    assistant_id: str | None = None
    graph_id: str | None = None

    @property
    def metadata(self) -> Json:
        """What a thread of a graph has."""
        return {"graph_id": self.graph_id} if self.graph_id else {}


@dataclass(frozen=True, slots=True)
class RanHere:
    """An assistant's version that made a part of a thread. `version` is None where the server doesn't tell."""

    assistant_id: str
    version: int | None = None
    draft: Unsaved = False


@dataclass(frozen=True, slots=True)
class ThreadFacts:
    """What a thread's row shows beside the thread; None is what its server doesn't tell.

    `ran` are the versions that made it, the last one first; `size` is in bytes; `problem` is why it can't be read.
    """

    text: str = ""
    ran: tuple[RanHere, ...] = ()
    messages: int | None = None
    steps: int | None = None
    size: int | None = None
    problem: str = ""


def name_of(thread: Thread, facts: ThreadFacts | None) -> str:
    """What the thread is called: as somebody named it, else the first thing the user said; "" if nothing is known."""
    return given_title(thread.metadata) or (facts.text if facts else "") or first_text(thread.values)


class ThreadList:
    """Reads them. Every method raises PlaygroundError."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def read(self, scope: Scope) -> AsyncIterator[list[Thread]]:
        """All, without values, last changed first; more of them each time, the first ones soon."""
        if scope.assistant_id is not None:
            yield await self._of_assistant(scope.assistant_id, scope.metadata)
            return
        found: dict[str, Thread] = {}
        offset, size = 0, _FIRST
        while len(found) < MOST:
            page = await self._search(scope.metadata, size, offset)
            found |= {thread.thread_id: thread for thread in page}
            offset += len(page)
            yield [*found.values()]
            if len(page) < min(size, self._wire.page_limit):
                return
            size = min(self._wire.page_limit, MOST)

    async def update(self, scope: Scope, known: Sequence[Thread]) -> Sequence[Thread]:
        """As `read`, given what was read before: what changed is read, and everything where something is gone.

        `known` itself if nothing has changed.
        """
        if not known or scope.assistant_id is not None:
            whole = await self._whole(scope)
            return known if whole == list(known) else whole
        newest = known[0].updated_at  # they are in that order
        rows: list[Thread] = []
        while True:
            page = await self._search(scope.metadata, _RECENT, len(rows))
            rows += page
            if len(page) < _RECENT or page[-1].updated_at < newest:
                break
        before = {thread.thread_id: thread for thread in known}
        found = before | {thread.thread_id: thread for thread in rows}
        total = await self._count(scope.metadata)
        if total is not None and len(found) != total and len(found) < MOST:
            return await self._whole(scope)
        return known if found == before else newest_first(found.values())[:MOST]

    async def tells_sizes(self) -> bool:
        """Whether the server says how large a thread is."""
        return await self._wire.is_own()

    async def busy(self) -> list[Thread]:
        """The threads that run or wait for it, whoever began that."""
        return await self._search({}, FEWER, 0, status="busy")

    async def facts(self, threads: Sequence[Thread], *, versions: bool = False) -> dict[str, ThreadFacts]:
        """What the rows of these need, by their ids; `versions`: all that ran, where that takes a request a thread."""
        ids = [thread.thread_id for thread in threads]
        if not ids:
            return {}
        if await self._wire.is_own():
            rows = await self._ask("read the threads", "facts", {"thread_ids": ids})
            return {thread_id: _facts(row) for thread_id, row in rows.items()}
        found = await self._extracted(ids)
        if versions:
            for thread_id, made_by in zip(ids, await self._at_once(self._ran, ids), strict=True):
                found[thread_id] = ThreadFacts(found.get(thread_id, ThreadFacts()).text, made_by)
        return found

    async def find(self, text: str, thread_ids: Sequence[str]) -> AsyncIterator[tuple[int, dict[str, str]]]:
        """Where `text` occurs in the newest state of these: how many were searched, and what was found in them since.

        Our server looks itself; another one sends the values here.
        """
        size = _FIND if await self._wire.is_own() else _FIND_WHOLE
        for start in range(0, len(thread_ids), size):
            some = list(thread_ids[start : start + size])
            yield min(start + size, len(thread_ids)), await self._find(text, some)

    async def delete(self, thread_ids: Sequence[str]) -> None:
        """Delete them with their runs and checkpoints; those that are gone already are no fault."""

        async def one(thread_id: str) -> None:
            deletion = cast(Any, self._wire.sdk.threads.delete(thread_id))
            await self._wire.ask_or(None, "delete the thread", deletion)

        await self._at_once(one, thread_ids)

    async def keep_newest(self, thread_ids: Sequence[str]) -> None:
        """Drop all checkpoints of these but what their newest state needs."""
        for start in range(0, len(thread_ids), FEWER):
            some = list(thread_ids[start : start + FEWER])
            await self._wire.ask("prune the threads", self._wire.sdk.threads.prune(some, strategy="keep_latest"))

    # Reading

    async def _whole(self, scope: Scope) -> list[Thread]:
        return [page async for page in self.read(scope)][-1]

    async def _of_assistant(self, assistant_id: str, metadata: Json) -> list[Thread]:
        """Those that it ran on last, also through helpers that held a version; on our server those of before, too."""
        last = [{**metadata, **whose} for whose in ({"assistant_id": assistant_id}, {RAN_ASSISTANT: assistant_id})]
        pages = await asyncio.gather(*(self._search(whose, self._wire.page_limit, 0) for whose in last))
        found = {thread.thread_id: thread for page in pages for thread in page if thread.assistant_id == assistant_id}
        if await self._wire.is_own():
            ids = await self._ask("list the threads", "ran", {"assistant_id": assistant_id})
            earlier = [thread_id for thread_id in ids if thread_id not in found][:MOST]
            for start in range(0, len(earlier), self._wire.page_limit):
                some = earlier[start : start + self._wire.page_limit]
                found |= {thread.thread_id: thread for thread in await self._search({}, len(some), 0, ids=some)}
        return newest_first(found.values())[:MOST]

    async def _search(self, metadata: Json, limit: int, offset: int, **more: Any) -> list[Thread]:
        async def ask(size: int) -> list[Thread]:
            rows = await self._wire.ask(
                "list the threads",
                self._wire.sdk.threads.search(
                    metadata=metadata or None,
                    limit=size,
                    offset=offset,
                    sort_by="updated_at",
                    sort_order="desc",
                    select=cast(Any, list(_LIGHT)),
                    **more,
                ),
            )
            return [decode.thread(row) for row in rows]

        try:
            return await ask(limit)
        except ApiError as error:
            if error.status not in (400, 422) or limit <= FEWER:
                raise
            self._wire.page_limit = FEWER
            return await ask(FEWER)

    async def _count(self, metadata: Json) -> int | None:
        try:
            counted = self._wire.sdk.threads.count(metadata=metadata or None)
            return await self._wire.ask("count the threads", counted)
        except ApiError:
            return None

    async def _ask(self, what: str, path: str, body: Json) -> Any:
        return await self._wire.ask(what, self._wire.sdk.http.post(f"/playground/threads/{path}", json=body))

    async def _at_once(self, function: Callable[[str], Any], ids: Iterable[str]) -> list[Any]:
        slots = asyncio.Semaphore(_AT_ONCE)

        async def one(thread_id: str) -> Any:
            async with slots:
                return await function(thread_id)

        return await asyncio.gather(*(one(thread_id) for thread_id in ids))

    # What a row needs, elsewhere

    async def _extracted(self, ids: list[str]) -> dict[str, ThreadFacts]:
        """Only the first messages are sent; the values, of those that don't begin with any."""
        first = range(_MESSAGES)
        paths = {f"{name[0]}{at}": f"values.messages[{at}].{name}" for at in first for name in ("type", "content")}
        try:
            rows = await self._of(ids, select=["thread_id"], extract=paths)
        except ApiError as error:
            if error.status not in (400, 404, 422):
                raise
            rows = []
        found = {row["thread_id"]: _first_human(row.get("extracted") or {}) for row in rows}
        missing = [thread_id for thread_id in ids if not found.get(thread_id)]
        whole = await self._of(missing, select=["thread_id", "values"]) if missing else []
        facts = {thread_id: ThreadFacts(text) for thread_id, text in found.items()}
        for row in whole:
            values = row.get("values")
            facts[row["thread_id"]] = ThreadFacts(first_text(values), messages=message_count(values))
        return {thread_id: facts.get(thread_id, ThreadFacts()) for thread_id in ids}

    async def _of(self, ids: list[str], **what: Any) -> list[Json]:
        rows = self._wire.sdk.threads.search(ids=ids, limit=len(ids), **what)
        return cast(list[Json], await self._wire.ask("read the threads", rows))

    async def _ran(self, thread_id: str) -> tuple[RanHere, ...]:
        rows = await self._wire.ask_or([], "list the runs", self._wire.sdk.runs.list(thread_id, limit=_RUNS))
        runs = sorted((decode.run(row) for row in rows), key=lambda run: run.created_at, reverse=True)
        return tuple(dict.fromkeys(_ran_of(run) for run in runs))

    async def _find(self, text: str, ids: list[str]) -> dict[str, str]:
        if await self._wire.is_own():
            return dict(await self._ask("search the threads", "find", {"thread_ids": ids, "text": text}))
        rows = await self._of(ids, select=["thread_id", "values"])
        found = {row["thread_id"]: found_in(row.get("values"), text) for row in rows}
        return {thread_id: where for thread_id, where in found.items() if where}


def newest_first(threads: Iterable[Thread]) -> list[Thread]:
    """Last changed first."""
    return sorted(threads, key=lambda thread: thread.updated_at, reverse=True)


def _facts(row: Json) -> ThreadFacts:
    if "error" in row:
        return ThreadFacts(problem=str(row["error"]))
    made_by = tuple(_ran_here(ran(metadata)) for metadata in row["ran"])
    return ThreadFacts(row["text"], made_by, row["messages"], row["steps"], row["size"])


def _ran_here(said: Json) -> RanHere:
    return RanHere(str(said["assistant_id"]), said["version"], unsaved(said.get("draft")))


def _ran_of(run: Run) -> RanHere:
    return RanHere(run.assistant_id, run.version, run.draft)


def _first_human(extracted: Json) -> str:
    """The title, of the first messages' types and contents."""
    messages = [
        {"type": extracted.get(f"t{at}"), "content": extracted.get(f"c{at}")}
        for at in range(_MESSAGES)
        if extracted.get(f"t{at}")
    ]
    return first_text({"messages": [m for m in messages if m["type"] in ("human", "user")]})
