"""Reading and changing a thread's state: checkpoints as its graph sees them."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from playground.graphs.factories import Access
from playground.graphs.loader import Graphs
from playground.runs.encode import to_plain
from playground.runs.loop import GraphLoop
from playground.runs.state import empty_state, pending_interrupts, thread_state
from playground.store.database import Database
from playground.store.errors import NotFound

JSON = dict[str, Any]
T = TypeVar("T")


class BadUpdate(ValueError):
    """A state update that the thread's graph does not take; the message says why."""


class ThreadStates:
    """The states of threads, read and written by the graph that last ran on them."""

    def __init__(self, database: Database, graphs: Graphs, graph_loop: GraphLoop) -> None:
        self._database = database
        self._graphs = graphs
        self._graph_loop = graph_loop

    async def get(self, thread_id: str, checkpoint: JSON | None = None, *, subgraphs: bool = False) -> JSON:
        """The state at the thread's head or at a checkpoint; a thread without a graph has an empty one."""
        thread = self._database.threads.get(thread_id)
        if not thread["metadata"].get("graph_id"):
            return empty_state(thread_id)

        async def read(graph: Any) -> JSON:
            snapshot = await graph.aget_state(_config(thread_id, checkpoint), subgraphs=subgraphs)
            return _plain(thread_state(snapshot, subgraphs=subgraphs))

        return await self._with_graph(thread, "threads.read", read)

    async def history(
        self,
        thread_id: str,
        *,
        limit: int = 1,
        before: JSON | None = None,
        metadata: JSON | None = None,
        checkpoint: JSON | None = None,
    ) -> list[JSON]:
        """The thread's states, newest first."""
        thread = self._database.threads.get(thread_id)
        if not thread["metadata"].get("graph_id"):
            return []

        async def read(graph: Any) -> list[JSON]:
            states = graph.aget_state_history(
                _config(thread_id, checkpoint),
                limit=limit,
                before=_config(thread_id, before) if before else None,
                filter=metadata,
            )
            return [_plain(thread_state(snapshot)) async for snapshot in states]

        return await self._with_graph(thread, "threads.read", read)

    async def update(
        self, thread_id: str, values: Any, *, as_node: str | None = None, checkpoint: JSON | None = None
    ) -> JSON:
        """Write `values` as a node would; from an older checkpoint that makes a fork. Returns the new checkpoint.

        Raises NotFound, BadUpdate.
        """
        thread = self._database.threads.get(thread_id)
        if not thread["metadata"].get("graph_id"):
            raise BadUpdate(f"Thread '{thread_id}' has no assigned graph ID. Run an assistant on it first.")

        from langgraph.errors import InvalidUpdateError

        async def write(graph: Any) -> tuple[JSON, JSON, bool]:
            try:
                config = await graph.aupdate_state(_config(thread_id, checkpoint), values, as_node=as_node)
            except InvalidUpdateError as error:
                raise BadUpdate(str(error)) from error
            snapshot = await graph.aget_state(_config(thread_id, None))
            return config["configurable"], to_plain(pending_interrupts(snapshot)), bool(snapshot.next)

        written, interrupts, pending = await self._with_graph(thread, "threads.update", write)
        kept = {key: written[key] for key in ("thread_id", "checkpoint_ns", "checkpoint_id")}
        status = "interrupted" if pending else "idle"
        await self._database.call(self._database.threads.patch, thread_id, status=status, interrupts=interrupts)
        return {"checkpoint": kept, "configurable": kept, "checkpoint_id": kept["checkpoint_id"]}

    async def _with_graph(self, thread: JSON, access: Access, use: Callable[[Any], Awaitable[T]]) -> T:
        graph_id = thread["metadata"]["graph_id"]
        config = {"configurable": {**self._assistant_values(thread), "thread_id": thread["thread_id"]}}

        async def there() -> T:
            async with self._graphs.open(graph_id, config, access=access) as graph:
                return await use(graph)

        return await self._graph_loop.run(there())

    def _assistant_values(self, thread: JSON) -> JSON:
        """The configurable of the assistant that last ran here: a factory may need it to make the same graph."""
        try:
            assistant = self._database.assistants.get(thread["metadata"].get("assistant_id", ""))
        except NotFound:
            return {}
        return dict((assistant.get("config") or {}).get("configurable") or {})


def _config(thread_id: str, checkpoint: JSON | None) -> JSON:
    checkpoint = (checkpoint or {}).get("configurable") or checkpoint or {}  # `before` may come as a config
    given = {key: value for key, value in checkpoint.items() if value is not None}
    return {"configurable": {"checkpoint_ns": "", **given, "thread_id": thread_id}}


def _plain(state: JSON) -> JSON:
    plain: JSON = to_plain(state)
    return plain
