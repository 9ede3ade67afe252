"""Graphs that keep and find notes in the store."""

from typing import Any, TypedDict

from langgraph.config import get_store
from langgraph.graph import StateGraph


class State(TypedDict, total=False):
    namespace: list[str]
    notes: dict[str, str]
    query: str
    found: list[Any]


async def remember(state: State) -> State:
    store, namespace = get_store(), tuple(state["namespace"])
    for key, text in state.get("notes", {}).items():
        await store.aput(namespace, key, {"text": text}, ttl=None)
    found = await store.asearch(namespace, query=state.get("query"), limit=2)
    return {"found": [[item.key, item.score is not None] for item in found]}


async def by_hand(state: State) -> State:
    store, namespace = get_store(), tuple(state["namespace"])
    await store.aput(namespace, "usual", {})
    await store.aput(namespace, "kept", {}, ttl=None)
    item = await store.aget(namespace, "usual")
    return {"found": [item.key, sorted(found.key for found in await store.asearch(namespace))]}


def _chain(node: Any) -> Any:
    build = StateGraph(State)
    build.add_node("note", node)
    build.add_edge("__start__", "note")
    return build.compile()


graph = _chain(remember)
by_hand = _chain(by_hand)
