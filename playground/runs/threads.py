"""Reading and changing a thread's state: checkpoints as its graph sees them."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from playground.graphs.factories import Access
from playground.graphs.loader import Graphs
from playground.runs.context import known_context, typed_context
from playground.runs.encode import to_plain
from playground.runs.loop import GraphLoop
from playground.runs.request import command_input
from playground.runs.state import empty_state, pending_interrupts, state_shape, thread_state
from playground.store.clock import now
from playground.store.database import Database
from playground.store.errors import NotFound, StoreError

JSON = dict[str, Any]
_RUNTIME: Final = "__pregel_runtime"  # langgraph's name for it among the configurable
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
        """The state at the thread's head or at a checkpoint; a thread without a graph has an empty one.

        Raises NotFound, also for a checkpoint that the thread doesn't have.
        """
        thread = self._database.threads.get(thread_id)
        if not thread["metadata"].get("graph_id"):
            return empty_state()

        await self._check(thread_id, checkpoint)

        async def read(graph: Any) -> JSON:
            snapshot = await graph.aget_state(_config(thread_id, checkpoint), subgraphs=subgraphs)
            return _plain(thread_state(snapshot, subgraphs=subgraphs))

        return await self._with_graph(thread, "threads.read", read)

    async def history(
        self,
        thread_id: str,
        *,
        limit: int = 1,
        before: JSON | str | None = None,
        metadata: JSON | None = None,
        checkpoint: JSON | None = None,
        values: bool = True,
    ) -> list[JSON]:
        """The thread's states, newest first; those older than the checkpoint `before` (or its id). Raises NotFound.

        Without `values` a long thread takes a fraction of the time: each state would have all its messages.
        """
        if isinstance(before, str):
            before = {"checkpoint_id": before}
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
            shown = states if values else (snapshot._replace(values=None) async for snapshot in states)
            return [_plain(thread_state(snapshot)) async for snapshot in shown]

        return await self._with_graph(thread, "threads.read", read)

    async def update(
        self, thread_id: str, values: Any, *, as_node: str | None = None, checkpoint: JSON | None = None
    ) -> JSON:
        """Write `values` as a node would; from an older checkpoint that makes a fork. Returns the new checkpoint.

        Raises NotFound, BadUpdate.
        """
        thread = self._database.threads.get(thread_id)
        if not (graph_id := thread["metadata"].get("graph_id")):
            raise BadUpdate(f"Thread '{thread_id}' has no assigned graph ID. Run an assistant on it first.")

        await self._check(thread_id, checkpoint)

        async def write(graph: Any) -> tuple[JSON, JSON]:
            with _refusals():
                runtime = _runtime(graph, self._context(thread))
                place = _config(thread_id, checkpoint, graph_id=graph_id, **runtime)
                config = await graph.aupdate_state(place, values, as_node=as_node)
            return config["configurable"], await _found(graph, thread_id)

        written, found = await self._with_graph(thread, "threads.update", write)
        kept = {key: written[key] for key in ("thread_id", "checkpoint_ns", "checkpoint_id")}
        changes = {**found, "error": None, "state_updated_at": now()}
        await self._database.call(self._database.threads.patch, thread_id, **changes)
        return {"checkpoint": kept, "configurable": kept, "checkpoint_id": kept["checkpoint_id"]}

    async def build(self, thread_id: str, graph_id: str, supersteps: list[list[JSON]]) -> JSON:
        """Apply supersteps to a thread that has no state yet; returns its status and interrupts.

        An update has `as_node` and `values` or `command`. Raises BadUpdate, UnknownGraph, GraphFailed.
        """

        async def write(graph: Any) -> JSON:
            from langgraph.types import StateUpdate

            with _refusals():
                steps = [
                    [
                        StateUpdate(command_input(one["command"]) if one["command"] else one["values"], one["as_node"])
                        for one in updates
                    ]
                    for updates in supersteps
                ]
                runtime = _runtime(graph, {})
                named: dict[str, Any] = {"graph_id": graph_id}  # in the first checkpoint only, as langgraph does it
                for step in steps:  # one by one: langgraph forgets the runtime between them
                    await graph.abulk_update_state(_config(thread_id, None, **named, **runtime), [step])
                    named = {}
            return await _found(graph, thread_id)

        made = {"thread_id": thread_id, "metadata": {"graph_id": graph_id}}
        return await self._with_graph(made, "threads.update", write)

    async def _check(self, thread_id: str, checkpoint: JSON | None) -> None:
        """Refuse a checkpoint that isn't there: langgraph would read an empty state, and even fork it."""
        config = _config(thread_id, checkpoint)
        if not (checkpoint_id := config["configurable"].get("checkpoint_id")):
            return
        ns, has = config["configurable"]["checkpoint_ns"], self._database.threads.has_checkpoint
        if not await self._database.call(has, thread_id, ns, checkpoint_id):
            raise NotFound(f"Thread {thread_id} has no checkpoint {checkpoint_id}.")

    async def _with_graph(self, thread: JSON, access: Access, use: Callable[[Any], Awaitable[T]]) -> T:
        graph_id = thread["metadata"]["graph_id"]
        config = {"configurable": {**self._assistant_values(thread), "thread_id": thread["thread_id"]}}

        async def there() -> T:
            async with self._graphs.open(graph_id, config, access=access) as graph:
                return await use(graph)

        return await self._graph_loop.run(there())

    def _context(self, thread: JSON) -> JSON:
        """The context that the last run here had, as far as its version is known."""
        metadata = thread["metadata"]
        try:
            version = self._database.assistants.version(metadata["assistant_id"], metadata["assistant_version"])
        except (KeyError, NotFound):
            return {}
        return dict(version.get("context") or {})

    def _assistant_values(self, thread: JSON) -> JSON:
        """The configurable of the assistant that last ran here: a factory may need it to make the same graph."""
        try:
            assistant = self._database.assistants.get(thread["metadata"].get("assistant_id", ""))
        except NotFound:
            return {}
        return dict((assistant.get("config") or {}).get("configurable") or {})


async def _found(graph: Any, thread_id: str) -> JSON:
    """What the thread's row says of the state at its head."""
    snapshot = await graph.aget_state(_config(thread_id, None))
    interrupts = to_plain(pending_interrupts(snapshot))
    status = "interrupted" if snapshot.next else "idle"
    return {"status": status, "interrupts": interrupts, "shape": state_shape(snapshot)}


@contextmanager
def _refusals() -> Iterator[None]:
    """What langgraph, or the user's reducers, say against an update, as BadUpdate."""
    from langgraph.errors import InvalidUpdateError

    try:
        yield
    except InvalidUpdateError as error:
        raise BadUpdate(str(error)) from error
    except StoreError:
        raise
    except Exception as error:
        raise BadUpdate(f"The graph does not take this update: {type(error).__name__}: {error}") from error


def _runtime(graph: Any, context: JSON) -> JSON:
    """What lets a graph's conditional edges have a runtime while an update looks for what comes next.

    langgraph calls them without any: an edge that asks for its context would make every update of its node fail.
    """
    from langgraph.runtime import Runtime

    try:
        typed = typed_context(graph.context_schema, known_context(graph, context))
    except Exception:  # noqa: BLE001 - the user's validators; an edge that needs the context says so itself
        typed = None
    return {_RUNTIME: Runtime(context=typed)}


def _config(thread_id: str, checkpoint: JSON | None, **more: Any) -> JSON:
    """The config that names a checkpoint; langgraph writes `more` into the metadata of one that it makes.

    But for what begins with two underscores.
    """
    checkpoint = (checkpoint or {}).get("configurable") or checkpoint or {}  # `before` may come as a config
    given = {key: value for key, value in checkpoint.items() if value is not None}
    return {"configurable": {"checkpoint_ns": "", **given, **more, "thread_id": thread_id}}


def _plain(state: JSON) -> JSON:
    plain: JSON = to_plain(state)
    return plain
