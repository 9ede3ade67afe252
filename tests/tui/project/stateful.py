"""A graph with something to look at in its state: messages, a list that grows, a number, and a subgraph."""

from operator import add
from typing import Annotated, Any

from langchain_core.messages import AIMessage
from langgraph.graph import MessagesState, StateGraph
from typing_extensions import TypedDict


class Search(TypedDict, total=False):
    topic: str
    found: list[str]


class Research(MessagesState, total=False):
    log: Annotated[list[str], add]
    count: int
    topic: str


def look_up(state: Search) -> dict[str, Any]:
    return {"found": [f"{state.get('topic', 'nothing')} one", "two"]}


search = StateGraph(Search).add_node(look_up).set_entry_point("look_up").compile()


def answer(state: Research) -> dict[str, Any]:
    said = AIMessage(f"I found {len(state['messages'])}.", id=f"answer-{len(state['messages'])}")
    return {"messages": [said], "log": ["answered"], "count": state.get("count", 0) + 1}


graph = (
    StateGraph(Research)
    .add_node("search", search)
    .add_node("answer", answer)
    .add_edge("search", "answer")
    .set_entry_point("search")
    .compile()
)
