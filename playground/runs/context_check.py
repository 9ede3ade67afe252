"""What a graph's own type says of a context: it is made of it exactly as a run makes it, and the run doesn't happen."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from typing import Any

from playground.graphs.errors import GraphFailed
from playground.graphs.factories import in_thread
from playground.graphs.loader import Graphs
from playground.runs.context import context_problems, known_context, typed_context
from playground.runs.type_errors import Problem, told

SECONDS = 3.0  # that the user's code has
STUCK = 4  # checks that may hang at a time; each is a thread that can't be ended
_THREAD = "context-check"

BLOCKED = f"could not be checked: the graph's own check of it did not return within {SECONDS:g} seconds"
TOO_MANY = f"could not be checked: {STUCK} checks before it have not returned yet; restart the server"


async def check_context(
    graphs: Graphs, graph_id: str, config: Mapping[str, Any], context: Mapping[str, Any]
) -> list[Problem]:
    """What a run with this context would fail on before its first node; on the graphs' loop.

    Only pydantic models and dataclasses are made of a context; a TypedDict, or no schema at all, refuses nothing.
    Raises UnknownGraph, and GraphFailed for a graph that can't be had whatever the context.
    """
    await graphs.load(graph_id)
    if sum(thread.name == _THREAD for thread in threading.enumerate()) >= STUCK:
        return [((), TOO_MANY)]
    try:
        async with asyncio.timeout(SECONDS):
            return await _problems(graphs, graph_id, config, context)
    except TimeoutError:
        return [((), BLOCKED)]


async def _problems(
    graphs: Graphs, graph_id: str, config: Mapping[str, Any], context: Mapping[str, Any]
) -> list[Problem]:
    if (declared := graphs.runtime_context(graph_id)) is not None:
        problems = await _made(lambda: declared.make(context), declared.type, context)
        if problems:
            return problems  # or the factory would fail with the same
    try:
        async with graphs.open(graph_id, {**config, "configurable": dict(context)}, context=context) as graph:
            schema, known = graph.context_schema, known_context(graph, context)
    except GraphFailed as failure:
        if not graphs.is_factory(graph_id):
            raise
        return told([((), failure.error)], context)
    return await _made(lambda: typed_context(schema, known), schema, known or {})


async def _made(make: Callable[[], Any], schema: Any, given: Mapping[str, Any]) -> list[Problem]:
    """What making it raises, on a thread: validators are the user's code, and may block or end the program."""
    try:
        await in_thread(make, name=_THREAD)
    except asyncio.CancelledError:
        raise
    except BaseException as error:  # noqa: BLE001 - the user's code raises what it likes
        if isinstance(error, RuntimeError) and "event loop" in str(error):
            return []  # it wants the loop that runs have: only a run can tell
        return context_problems(error, schema, given)
    return []
