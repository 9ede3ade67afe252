"""Threads that begin with a history: made whole, or not at all."""

from typing import Any

from playground.runs.threads import BadUpdate, ThreadStates
from playground.store.database import Database

JSON = dict[str, Any]


async def create_from(
    database: Database,
    states: ThreadStates,
    supersteps: list[list[JSON]],
    *,
    thread_id: str | None,
    metadata: JSON,
    ttl: JSON | None,
) -> JSON:
    """A new thread with the state that the updates of all supersteps, one after the other, lead to.

    Raises BadUpdate, Conflict, UnknownGraph, GraphFailed: then there is no thread, and nothing was written.
    """
    graph_id = metadata.get("graph_id")
    if not isinstance(graph_id, str):
        raise BadUpdate("Supersteps need the thread's graph: give graph_id, or metadata with it.")
    thread_id = await database.call(database.threads.reserve, thread_id)
    try:
        found = await states.build(thread_id, graph_id, supersteps)
        return await database.call(database.threads.create, thread_id=thread_id, metadata=metadata, ttl=ttl, **found)
    except BaseException:
        await database.call(database.threads.discard, thread_id)
        raise
