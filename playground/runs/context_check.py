"""What a graph's own type says of a context: it is made of it exactly as a run makes it, and the run doesn't happen."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from playground.graphs.errors import GraphFailed
from playground.graphs.explaining import describe
from playground.graphs.factories import Stopped, in_thread
from playground.graphs.loader import Graphs
from playground.runs.execute import known_context
from playground.runs.type_errors import Problem, other_problem, pydantic_problems, secret_names, told

JSON = dict[str, Any]
SECONDS = 3.0  # that the user's code has
STUCK = 4  # checks that may hang at a time; each is a thread that can't be ended
_THREAD = "context-check"

BLOCKED = f"could not be checked: the graph's own check of it did not return within {SECONDS:g} seconds"
TOO_MANY = f"could not be checked: {STUCK} checks before it have not returned yet; restart the server"


async def context_problems(
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
        problems = await _made(lambda: declared(context), None, context)
        if problems:
            return told(problems, context)  # or the factory would fail with the same
    try:
        async with graphs.open(graph_id, {**config, "configurable": dict(context)}, context=context) as graph:
            schema, known = graph.context_schema, known_context(graph, context)
    except GraphFailed as failure:
        if not graphs.is_factory(graph_id):
            raise
        return told([((), failure.error)], context)
    if known is None or not isinstance(schema, type) or not (issubclass(schema, BaseModel) or is_dataclass(schema)):
        return []
    problems = await _made(lambda: schema(**known), schema, known)
    return told(problems, context, _secret_names(schema)) if problems else []


async def _made(make: Callable[[], Any], schema: type | None, given: Mapping[str, Any]) -> list[Problem]:
    """What making it raises, on a thread: validators are the user's code, and may block or end the program."""
    if schema is not None and (missing := _missing(schema, given)):
        return [((name,), "is required: it has no default") for name in missing]
    try:
        await in_thread(make, name=_THREAD)
    except ValidationError as error:
        return list(pydantic_problems(error.errors(include_url=False, include_input=False), dict(given)))
    except Stopped as stop:
        cause = stop.__cause__ or stop
        return [((), f"the graph's type ends the program ({describe(cause)})")]
    except asyncio.CancelledError:
        raise
    except BaseException as error:  # noqa: BLE001 - the user's code raises what it likes
        if isinstance(error, RuntimeError) and "event loop" in str(error):
            return []  # it wants the loop that runs have: only a run can tell
        return [((), other_problem(error))]
    return []


def _secret_names(schema: type) -> set[str]:
    try:
        return set(secret_names(TypeAdapter(schema).json_schema()))
    except Exception:  # noqa: BLE001 - types of the user's own raise what they like
        return set()


def _missing(schema: type, given: Mapping[str, Any]) -> list[str]:
    """Fields of a plain dataclass that have no default and aren't given. Its own error would name a constructor."""
    if not is_dataclass(schema) or hasattr(schema, "__pydantic_validator__"):
        return []
    needed = [
        one.name for one in fields(schema) if one.init and one.default is MISSING and one.default_factory is MISSING
    ]
    return [name for name in needed if name not in given]
