"""Objects that are graphs."""

import operator
from typing import Annotated

from langgraph.func import entrypoint, task
from langgraph.graph import END, START, StateGraph
from typing_extensions import TypedDict


class State(TypedDict):
    text: str
    steps: Annotated[list[str], operator.add]


def build(*names: str) -> StateGraph:
    """A graph with a node for each name, one after the other; each notes its name."""
    builder = StateGraph(State)
    for name in names:
        builder.add_node(name, lambda state, name=name: {"steps": [name]})
    for source, target in zip((START, *names), (*names, END), strict=True):
        builder.add_edge(source, target)
    return builder


compiled = build("first", "second").compile()
uncompiled = build("first", "second")

inner = build("inner_first", "inner_second").compile(name="inner")
builder = StateGraph(State)
builder.add_node("before", lambda state: {"steps": ["before"]})
builder.add_node("inner", inner)
builder.add_conditional_edges(START, lambda state: "before" if state["text"] else "inner", ["before", "inner"])
builder.add_edge("before", "inner")
builder.add_edge("inner", END)
with_subgraph = builder.compile()


@task
def shout(text: str) -> str:
    return text.upper()


@entrypoint()
def functional(text: str) -> str:
    """Shouts."""
    return shout(text).result()
