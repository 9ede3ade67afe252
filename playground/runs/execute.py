"""Executes one run on the graph loop, from the graph's factory to the thread's state afterwards."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import Any, Literal
from uuid import UUID

from playground.graphs.errors import GraphFailed
from playground.graphs.explaining import traceback_of
from playground.graphs.loader import Graphs
from playground.runs.answer import Answer
from playground.runs.config import Merged
from playground.runs.context import known_context, refusal, typed_context
from playground.runs.encode import to_plain
from playground.runs.events import Event
from playground.runs.fresh import go_without_caches, is_fresh
from playground.runs.request import RunRequest, command_input
from playground.runs.state import pending_interrupts, state_shape
from playground.runs.stream import api_events

JSON = dict[str, Any]
Status = Literal["success", "error", "interrupted"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended: its status, what the graph answered, what the thread waits for, what went wrong."""

    status: Status
    values: Any = None
    error: JSON | None = None
    interrupts: dict[str, list[JSON]] = field(default_factory=dict)
    pending: bool = False
    """Whether the thread has nodes left to run: it is interrupted, not idle."""
    shape: JSON | None = None
    """Of the thread's state; None if it wasn't looked at."""


async def execute(
    graphs: Graphs, graph_id: str, request: RunRequest, merged: Merged, emit: Callable[[Event], None]
) -> Outcome:
    """Run the graph, emit its events, say how it ended. What the user's code raises (sys.exit(), too) is an outcome."""
    try:
        async with graphs.open(graph_id, merged.config, access="threads.create_run", context=merged.context) as graph:
            if request.temporary:  # nothing of it is kept
                return await _run(graph.copy(update={"checkpointer": None}), request, merged, emit)
            outcome = await _run(graph, request, merged, emit)
            return await _with_state(graph, merged, outcome)
    except asyncio.CancelledError:
        return Outcome("interrupted")
    except BaseException as error:  # noqa: BLE001 - the user's code: whatever it raises ends this run, nothing else
        return Outcome("error", error=describe(error))


async def _run(graph: Any, request: RunRequest, merged: Merged, emit: Callable[[Event], None]) -> Outcome:
    answer = Answer()
    context = known_context(graph, merged.context)
    try:
        typed = typed_context(graph.context_schema, context)
    except BaseException as error:  # noqa: BLE001 - as above
        return Outcome("error", error=refusal(error, graph.context_schema, context or {}))
    try:
        command = command_input(request.command) if request.command else None
        if command is not None and command.resume is not None:
            await _check_resumable(graph, merged)
        async for event, values in api_events(
            graph,
            request.input if command is None else command,
            _graph_config(merged, context),
            modes=list(request.stream_modes),
            subgraphs=request.stream_subgraphs,
            context=typed,
            output_keys=graph.output_channels,
            interrupt_before=request.interrupt_before,
            interrupt_after=request.interrupt_after,
            durability=None if request.temporary else request.durability,
        ):
            if values is not None:
                answer.add(values)
            emit(event)
    except asyncio.CancelledError:
        return Outcome("interrupted", to_plain(answer.values))
    except BaseException as error:  # noqa: BLE001 - as above
        return Outcome("error", error=describe(error))
    return Outcome("success", to_plain(answer.values))


def _graph_config(merged: Merged, context: Mapping[str, Any] | None) -> JSON:
    """The config that the graph gets: with the run's id for its traces, without what is no context of this graph."""
    configurable = merged.config["configurable"]
    if merged.gave_context:
        dropped = {key: merged.context[key] for key in merged.context.keys() - (context or {}).keys()}
        configurable = {k: v for k, v in configurable.items() if k not in dropped or v != dropped[k]}
    if is_fresh(merged.metadata):
        configurable = go_without_caches(configurable)
    about = {"run_attempt": 1, "langgraph_version": version("langgraph")}
    return {
        **merged.config,
        "run_id": UUID(configurable["run_id"]),
        "configurable": configurable,
        "metadata": {**merged.config["metadata"], **about},
    }


async def _check_resumable(graph: Any, merged: Merged) -> None:
    """Refuse to resume what never ran: langgraph would run it, without an input."""
    from langgraph.errors import EmptyInputError

    snapshot = await graph.aget_state({"configurable": {"thread_id": merged.config["configurable"]["thread_id"]}})
    if snapshot.created_at is None:
        raise EmptyInputError("There is nothing to resume: nothing has run on this thread yet.")


async def _with_state(graph: Any, merged: Merged, outcome: Outcome) -> Outcome:
    """The outcome with what the thread's state says after it."""
    thread_id = merged.config["configurable"]["thread_id"]
    snapshot = await graph.aget_state({"configurable": {"thread_id": thread_id}})
    return replace(
        outcome,
        values=to_plain(snapshot.values) if outcome.values is None else outcome.values,
        interrupts=to_plain(pending_interrupts(snapshot)),
        pending=bool(snapshot.next),
        shape=state_shape(snapshot),
    )


def describe(error: BaseException) -> JSON:
    """An exception as a run shows it: type, message, and the traceback of the user's code."""
    if isinstance(error, GraphFailed):
        return {"error": "GraphFailed", "message": str(error), "traceback": error.traceback or ""}
    message = f"The graph's code called sys.exit({error})." if isinstance(error, SystemExit) else str(error)
    return {"error": type(error).__name__, "message": message, "traceback": traceback_of(error)}
