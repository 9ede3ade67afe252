"""Threads: their state, history and what runs left on them."""

import asyncio
import builtins
from typing import Any, Final, cast

from playground.client import decode
from playground.client.decode import Json
from playground.client.values import RAN_ASSISTANT, State, Thread
from playground.client.wire import Wire

_WITHOUT_VALUES: Final = ["next", "tasks", "metadata", "created_at", "checkpoint", "parent_checkpoint", "interrupts"]
_PAGE: Final = 100  # threads that are asked for when the first ones were mostly of samples


class Threads:
    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def list(
        self,
        assistant_id: str | None = None,
        graph_id: str | None = None,
        limit: int = 50,
        offset: int = 0,
        samples: bool = False,
    ) -> list[Thread]:
        """Last changed first. With `assistant_id`: those that it ran on last. Those of `samples`, if wanted, too."""
        metadata: Json = {"graph_id": graph_id} if graph_id else {}
        if assistant_id is None:
            return (await self._newest(metadata, offset + limit, samples))[offset:]
        # A pin runs under an id of its own, so ask for both and cut the page out of the merged list.
        pages = await asyncio.gather(
            *(
                self._newest({**metadata, **whose}, limit + offset, samples)
                for whose in ({"assistant_id": assistant_id}, {RAN_ASSISTANT: assistant_id})
            )
        )
        merged = {thread.thread_id: thread for page in pages for thread in page}
        theirs = [thread for thread in merged.values() if thread.assistant_id == assistant_id]
        return sorted(theirs, key=lambda thread: thread.updated_at, reverse=True)[offset : offset + limit]

    async def count(self, assistant_id: str) -> int:
        """How many threads it ran on last, also through helpers that held a version."""
        counts = await asyncio.gather(
            *(
                self._wire.ask("count the threads", self._wire.sdk.threads.count(metadata=whose))
                for whose in ({"assistant_id": assistant_id}, {RAN_ASSISTANT: assistant_id})
            )
        )
        # Where a draft ran on our own server, both name it: then the larger number has them all.
        return max(counts) if await self._wire.is_own() else sum(counts)

    async def with_metadata(self, metadata: Json, limit: int = 50) -> builtins.list[Thread]:
        """Those whose metadata has all of this, last changed first."""
        return await self._search(metadata, limit, 0)

    async def create(self, metadata: Json | None = None, *, thread_id: str | None = None) -> Thread:
        row = await self._wire.ask(
            "create a thread", self._wire.sdk.threads.create(metadata=metadata, thread_id=thread_id)
        )
        return decode.thread(row)

    async def copy(self, thread_id: str) -> Thread:
        """A new thread with all its checkpoints."""
        row = await self._wire.ask("copy the thread", cast(Any, self._wire.sdk.threads.copy(thread_id)))
        return decode.thread(row)

    async def get(self, thread_id: str) -> Thread:
        return decode.thread(await self._wire.ask("read the thread", self._wire.sdk.threads.get(thread_id)))

    async def update(self, thread_id: str, metadata: Json) -> Thread:
        """Merges `metadata` into the thread's."""
        row = await self._wire.ask("change the thread", self._wire.sdk.threads.update(thread_id, metadata=metadata))
        return decode.thread(row)

    async def state(
        self, thread_id: str, checkpoint_id: str | None = None, *, namespace: str = "", subgraphs: bool = False
    ) -> State:
        """The newest state, or that of a checkpoint; of the subgraph with the `namespace`, if one is given.

        `subgraphs` fills in the state of paused subgraphs.
        """
        checkpoint = _checkpoint(thread_id, checkpoint_id)
        if namespace:
            checkpoint = {"thread_id": thread_id, "checkpoint_ns": namespace}
            checkpoint |= {"checkpoint_id": checkpoint_id} if checkpoint_id else {}
        row = await self._wire.ask(
            "read the state",
            self._wire.sdk.threads.get_state(thread_id, checkpoint=cast(Any, checkpoint), subgraphs=subgraphs),
        )
        return decode.state(row)

    async def history(
        self, thread_id: str, limit: int = 50, before: str | None = None, *, namespace: str = "", values: bool = True
    ) -> builtins.list[State]:
        """Checkpoints of all branches, newest first; `before` is the checkpoint id that the last page ended with.

        Those of the subgraph with the `namespace`, if one is given.
        `values=False`: without their values, which each have all messages up to there. Servers that can't leave them
        out send them all the same.
        """
        inside = {"thread_id": thread_id, "checkpoint_ns": namespace} if namespace else None
        if not values and await self._wire.is_own():
            body = {
                "limit": limit,
                "before": _before(thread_id, before),
                "select": _WITHOUT_VALUES,
                "checkpoint": inside,
            }
            answer = self._wire.sdk.http.post(
                f"/threads/{thread_id}/history", json={key: value for key, value in body.items() if value is not None}
            )
        else:
            answer = self._wire.sdk.threads.get_history(
                thread_id, limit=limit, before=cast(Any, _before(thread_id, before)), checkpoint=cast(Any, inside)
            )
        rows = await self._wire.ask("read the history", cast(Any, answer))
        return [decode.state(row) for row in rows]

    async def update_state(
        self,
        thread_id: str,
        values: Any,
        *,
        as_node: str | None = None,
        checkpoint_id: str | None = None,
    ) -> str:
        """Writes `values` as a new checkpoint, on `checkpoint_id` (a fork) or the newest; returns the new one's id."""
        answer = await self._wire.ask(
            "change the state",
            self._wire.sdk.threads.update_state(
                thread_id, values, as_node=as_node, checkpoint=cast(Any, _checkpoint(thread_id, checkpoint_id))
            ),
        )
        return str(answer["checkpoint"]["checkpoint_id"])

    async def delete(self, thread_id: str) -> None:
        """Deletes it with its runs and checkpoints."""
        await self._wire.ask("delete the thread", self._wire.sdk.threads.delete(thread_id))

    async def _newest(self, metadata: Json, wanted: int, samples: bool) -> builtins.list[Thread]:
        """So many, if there are as many. No server can be asked to leave the samples out."""
        found: dict[str, Thread] = {}
        read, size = 0, wanted
        while len(found) < wanted:
            page = await self._search(metadata, size, read)
            found |= {thread.thread_id: thread for thread in page if samples or not thread.is_sample}
            read += len(page)
            if len(page) < size:
                break
            size = max(wanted, _PAGE)
        return [*found.values()][:wanted]

    async def _search(self, metadata: Json, limit: int, offset: int) -> builtins.list[Thread]:
        rows = await self._wire.ask(
            "list the threads",
            self._wire.sdk.threads.search(
                metadata=metadata or None, limit=limit, offset=offset, sort_by="updated_at", sort_order="desc"
            ),
        )
        return [decode.thread(row) for row in rows]


def _checkpoint(thread_id: str, checkpoint_id: str | None) -> Json | None:
    return {"thread_id": thread_id, "checkpoint_ns": "", "checkpoint_id": checkpoint_id} if checkpoint_id else None


def _before(thread_id: str, checkpoint_id: str | None) -> Json | None:
    """A config, where the SDK's type has the plain checkpoint: LangGraph's server fails on that one."""
    checkpoint = _checkpoint(thread_id, checkpoint_id)
    return {"configurable": checkpoint} if checkpoint else None
