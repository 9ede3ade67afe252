"""Graphs that put out what a careless server would choke on, or pass on."""

from typing import Any

from langgraph.config import get_stream_writer
from langgraph.graph import StateGraph
from typing_extensions import TypedDict

# Lines of its own in a stream of events; escape codes in a terminal.
EVIL = "node\r\n\r\nevent\r\ndata\r\n\x00\x1b[2J\u2028"


class State(TypedDict, total=False):
    value: Any
    depth: int


def nested(depth: int) -> Any:
    value: Any = "bottom"
    for level in range(depth):
        value = [value] if level % 2 else {"in": value}
    return value


def _keep(state: State) -> State:
    return {"value": state.get("value")}


def _deep(state: State) -> State:
    get_stream_writer()(nested(state["depth"]))
    return {"value": nested(state["depth"])}


def one_node(name: str, node: Any) -> Any:
    builder = StateGraph(State)
    builder.add_node(name, node)
    builder.add_edge("__start__", name)
    return builder.compile()


keep = one_node("keep", _keep)
deep = one_node("deep", _deep)
names = one_node(EVIL, one_node("inner", _keep))
