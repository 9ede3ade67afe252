"""A project's graphs: each is imported alone, and what is wrong with one stays its own."""

import asyncio
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from playground.graphs.embedding import load_embeddings
from playground.graphs.errors import GraphError, GraphFailed, UnknownGraph
from playground.graphs.explaining import describe, explain_call, traceback_of
from playground.graphs.factories import (
    Access,
    RuntimeContext,
    Stopped,
    check_signature,
    in_thread,
    make,
    runtime_context,
)
from playground.graphs.importing import apply_environment, extend_path, import_object
from playground.graphs.locating import line_of
from playground.graphs.manifest import GraphSpec, IndexSpec, Manifest
from playground.store.plain import canonical

if TYPE_CHECKING:
    from langgraph.checkpoint.base import BaseCheckpointSaver
    from langgraph.graph import StateGraph
    from langgraph.pregel import Pregel
    from langgraph.store.base import BaseStore

T = TypeVar("T")
KEPT_LOOKS = 100  # some are 100 kB
PATIENCE = 10.0
"""Seconds that an import has the interpreter to itself. Imports on several threads at once can trip over
each other; but one that hangs must not keep the other graphs waiting for ever."""


@dataclass(frozen=True, slots=True)
class GraphStatus:
    """Where a graph stands. `error` is a sentence, `traceback` starts in the user's code, `source` is its file.

    `line` is where in the file it is defined, once it is loaded and if that can be told.
    """

    graph_id: str
    state: Literal["loading", "ready", "failed"]
    error: str | None = None
    traceback: str | None = None
    source: str | None = None
    description: str | None = None
    line: int | None = None


class Graphs:
    """The graphs of a project. All coroutines run on one event loop, the one that also runs the graphs.

    `checkpointer` and `store` are put on every graph; a function gives them on first use, when langgraph is imported.
    `on_change` is called with a status whenever it changes, on the loop.
    """

    def __init__(
        self,
        manifest: Manifest,
        *,
        checkpointer: "BaseCheckpointSaver[Any] | Callable[[], BaseCheckpointSaver[Any]] | None" = None,
        store: "BaseStore | Callable[[], BaseStore] | None" = None,
        on_change: Callable[[GraphStatus], None] | None = None,
    ) -> None:
        self.manifest = manifest
        self.specs = {spec.graph_id: spec for spec in manifest.graphs}
        self.on_change = on_change
        self._checkpointer, self._store = checkpointer, store
        self._statuses = {spec.graph_id: _initial(spec) for spec in manifest.graphs}
        self._notices = dict.fromkeys(manifest.notices)  # in order, each once
        self._loads: dict[str, asyncio.Task[None]] = {}
        self._index: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()
        self._prepared = False
        self._made: dict[str, Pregel[Any, Any, Any, Any]] = {}
        self._factories: dict[str, Callable[..., Any]] = {}
        self._seen: dict[bytes, Any] = {}

    @property
    def notices(self) -> tuple[str, ...]:
        """What of the project is not applied here, a sentence each."""
        return tuple(self._notices)

    def note(self, notice: str) -> None:
        """Keep a sentence for `notices`, once."""
        self._notices.setdefault(notice)

    def status(self, graph_id: str) -> GraphStatus:
        """Where a graph stands. Raises UnknownGraph."""
        self._spec(graph_id)
        return self._statuses[graph_id]

    def statuses(self) -> list[GraphStatus]:
        """All graphs, in the order of langgraph.json."""
        return list(self._statuses.values())

    async def load_all(self) -> None:
        """Import every graph, in the order of langgraph.json. What fails is in its status or in a notice."""
        await asyncio.gather(self._try_index(), *(self.load(graph_id) for graph_id in self.specs))

    async def load(self, graph_id: str) -> None:
        """Import a graph, once: later calls wait for the first. What fails is in its status. Raises UnknownGraph."""
        spec = self._spec(graph_id)
        if graph_id not in self._loads:
            self._loads[graph_id] = asyncio.create_task(self._load(spec))
        await asyncio.shield(self._loads[graph_id])

    async def load_index(self) -> None:
        """Let the store search by meaning, if the project has an embedding for it. Raises GraphFailed."""
        if self.manifest.index is None:
            return
        if self._index is None:
            self._index = asyncio.create_task(self._load_index(self.manifest.index))
        await asyncio.shield(self._index)

    @asynccontextmanager
    async def open(
        self,
        graph_id: str,
        config: Mapping[str, Any] | None = None,
        *,
        access: Access = "assistants.read",
        context: Any = None,
    ) -> "AsyncIterator[Pregel[Any, Any, Any, Any]]":
        """A graph with the project's checkpointer and store. A factory is called for it, with the config.

        Raises UnknownGraph, and GraphFailed if the graph could not be loaded or made.
        """
        await self.load(graph_id)
        if graph_id in self._made:
            yield self._made[graph_id]
            return
        status = self._statuses[graph_id]
        if graph_id not in self._factories:
            raise GraphFailed(graph_id, status.error or "The graph could not be loaded.", status.traceback)
        async with AsyncExitStack() as stack:
            graph = await self._make(graph_id, stack, config, access, context)
            if status.state == "failed":  # it only failed for the default configuration
                self._set(graph_id, state="ready", error=None, traceback=None)
            yield graph

    def is_factory(self, graph_id: str) -> bool:
        """Whether it is made anew for each configuration, by a function that could be imported."""
        return graph_id in self._factories

    def runtime_context(self, graph_id: str) -> RuntimeContext | None:
        """The type of context that its factory declares; None if it declares none, or there is no factory."""
        factory = self._factories.get(graph_id)
        return runtime_context(factory) if factory is not None else None

    async def look(
        self,
        graph_id: str,
        config: Mapping[str, Any],
        context: Mapping[str, Any],
        at: str,
        see: "Callable[[Pregel[Any, Any, Any, Any]], T]",
    ) -> T:
        """What `see` makes of a graph, kept under `at`: a factory may take seconds, and is asked again and again.

        Changed code is loaded by a new process. Raises UnknownGraph, and GraphFailed whatever the user's code raises.
        """
        await self.load(graph_id)
        made_of = [] if graph_id in self._made else [config, context]
        key = canonical([graph_id, at, *made_of])
        if key not in self._seen:
            try:
                async with self.open(graph_id, config, context=context) as graph:
                    seen = see(graph)
            except GraphError:
                raise
            except Exception as error:
                problem = f"Graph {graph_id!r} can't be shown: {describe(error)}"
                raise GraphFailed(graph_id, problem, traceback_of(error)) from error
            while len(self._seen) >= KEPT_LOOKS:
                del self._seen[next(iter(self._seen))]
            self._seen[key] = seen
        return cast("T", self._seen[key])

    def _spec(self, graph_id: str) -> GraphSpec:
        if graph_id not in self.specs:
            raise UnknownGraph(graph_id, list(self.specs))
        return self.specs[graph_id]

    async def _load(self, spec: GraphSpec) -> None:
        try:
            await self._import(spec)
        except GraphFailed as failure:
            self._set(spec.graph_id, state="failed", error=failure.error, traceback=failure.traceback)
        else:
            self._set(spec.graph_id, state="ready")

    async def _import(self, spec: GraphSpec) -> None:
        """Import a graph when it is its turn, and make it once to see that it works."""
        await self._in_turn(lambda: self._import_now(spec))
        source = str(spec.source) if spec.source else getattr(sys.modules[spec.module], "__file__", None)
        line = await asyncio.to_thread(line_of, source, spec.attribute) if source else None
        self._statuses[spec.graph_id] = replace(self._statuses[spec.graph_id], source=source, line=line)
        if spec.graph_id in self._factories:
            async with AsyncExitStack() as stack:
                await self._make(spec.graph_id, stack, None, "assistants.read", None)

    async def _in_turn(self, work: Callable[[], T]) -> T:
        """Do what imports the user's code, on a thread, after what began before it."""
        async with self._turn:
            self._prepare()
            task = asyncio.ensure_future(in_thread(work))
            await asyncio.wait((task,), timeout=PATIENCE)
        return await task

    async def _try_index(self) -> None:
        try:
            await self.load_index()
        except GraphFailed as failure:
            self.note(f"Items can't be searched by meaning: {failure.error}")

    async def _load_index(self, index: IndexSpec) -> None:
        embeddings = await self._in_turn(lambda: load_embeddings(index.embed, self.manifest))
        from playground.store.base_store import ItemStore
        from playground.store.meaning import Ranking

        store = self._base_store()
        if isinstance(store, ItemStore):
            store.ranking = Ranking(embeddings, index.fields)

    def _prepare(self) -> None:
        """Environment and path, before the first import."""
        if self._prepared:
            return
        self._prepared = True
        if ignored := apply_environment(self.manifest.env):
            self.note(f"Variables of `env` that can't be set here: {', '.join(ignored)}.")
        extend_path(self.manifest)

    def _import_now(self, spec: GraphSpec) -> None:
        """Import a graph, on a thread of its own; it is then in `_made` or in `_factories`."""
        value = import_object(spec, self.manifest.root)
        if _is_graph(value):
            self._made[spec.graph_id] = self._adopt(value, spec)
        elif callable(value) and not isinstance(value, type) and not hasattr(value, "invoke"):
            if problem := check_signature(value):
                raise GraphFailed(spec.graph_id, f"{spec.attribute} can't be called to make a graph: {problem}.")
            self._factories[spec.graph_id] = value
        else:
            problem = f"{spec.target} is {_kind(value)}, not a graph or a function that makes one."
            raise GraphFailed(spec.graph_id, problem)

    async def _make(
        self, graph_id: str, stack: AsyncExitStack, config: Mapping[str, Any] | None, access: Access, context: Any
    ) -> "Pregel[Any, Any, Any, Any]":
        spec, factory = self.specs[graph_id], self._factories[graph_id]
        settings: Any = {"configurable": {}, **(config or {})}
        store = self._base_store()
        try:
            made = await make(factory, stack, config=settings, store=store, access=access, context=context)
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # noqa: BLE001 - SystemExit too: a factory must not end the server
            cause = error.__cause__ if isinstance(error, Stopped) and error.__cause__ else error
            raise GraphFailed(graph_id, explain_call(cause, spec), traceback_of(cause)) from cause
        if not _is_graph(made):
            hint = " Decorate it with @asynccontextmanager." if isinstance(made, AsyncGenerator) else ""
            raise GraphFailed(graph_id, f"The factory {spec.attribute} made {_kind(made)}, not a graph.{hint}")
        return self._adopt(made, spec)

    def _adopt(self, graph: Any, spec: GraphSpec) -> "Pregel[Any, Any, Any, Any]":
        """The graph, compiled, with the playground's checkpointer and store, and with a name."""
        from langgraph.graph import StateGraph

        if isinstance(graph, StateGraph):
            graph = _compiled(graph, spec)
        own = [name for name in ("checkpointer", "store") if getattr(graph, name, None) not in (None, True, False)]
        if own:
            names = " and ".join(own)
            self.note(f"Graph {spec.graph_id!r} brings its own {names}: the playground uses its own instead.")
        update: dict[str, Any] = {"checkpointer": self._saver(), "store": self._base_store()}
        if graph.name == "LangGraph":
            update["name"] = spec.graph_id
        return cast("Pregel[Any, Any, Any, Any]", graph.copy(update))

    def _saver(self) -> "BaseCheckpointSaver[Any] | None":
        return self._checkpointer() if callable(self._checkpointer) else self._checkpointer

    def _base_store(self) -> "BaseStore | None":
        return self._store() if callable(self._store) else self._store

    def _set(self, graph_id: str, **changes: Any) -> None:
        self._statuses[graph_id] = replace(self._statuses[graph_id], **changes)
        if self.on_change is not None:
            self.on_change(self._statuses[graph_id])


def _initial(spec: GraphSpec) -> GraphStatus:
    source = str(spec.source) if spec.source else None
    return GraphStatus(spec.graph_id, "loading", source=source, description=spec.description)


def _compiled(graph: "StateGraph[Any, Any, Any, Any]", spec: GraphSpec) -> "Pregel[Any, Any, Any, Any]":
    try:
        return graph.compile()
    except Exception as error:
        problem = f"{spec.attribute} can't be compiled: {describe(error)}"
        raise GraphFailed(spec.graph_id, problem, traceback_of(error)) from error


def _is_graph(value: Any) -> bool:
    from langgraph.graph import StateGraph
    from langgraph.pregel import Pregel

    return isinstance(value, (Pregel, StateGraph))


def _kind(value: Any) -> str:
    name = value.__name__ if isinstance(value, type) else type(value).__name__
    return f"the class {name}" if isinstance(value, type) else f"a value of type {name}"
