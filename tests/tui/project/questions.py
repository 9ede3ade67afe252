"""A graph whose two nodes ask at the same time, one of them inside of a subgraph, and with a schema."""

import operator
from typing import Annotated, Any

from langgraph.graph import StateGraph
from langgraph.types import interrupt
from typing_extensions import TypedDict

SCHEMA = {
    "type": "object",
    "properties": {"amount": {"type": "number", "minimum": 0, "maximum": 100}, "sure": {"type": "boolean"}},
    "required": ["amount"],
}


class State(TypedDict, total=False):
    said: Annotated[list[Any], operator.add]


def name(state: State) -> State:
    return {"said": [f"name {interrupt('Which name?')}"]}


def pay(state: State) -> State:
    return {"said": [f"pay {interrupt('How much?', response_schema=SCHEMA)}"]}


def end(state: State) -> State:
    return {"said": ["end"]}


inner = StateGraph(State).add_node(pay).set_entry_point("pay").compile()

graph = (
    StateGraph(State)
    .add_node(name)
    .add_node("till", inner)
    .add_node(end)
    .set_entry_point("name")
    .set_entry_point("till")
    .add_edge(["name", "till"], "end")
    .compile()
)
