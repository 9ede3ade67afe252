"""Graphs that answer without a model."""

from typing import Any

from langgraph.graph import END, START, MessagesState, StateGraph
from pydantic import BaseModel, Field


class Context(BaseModel):
    system_prompt: str = Field("You write.", json_schema_extra={"langgraph_type": "prompt"})
    temperature: float = Field(0.7, ge=0, le=2)


def plan(state: MessagesState) -> dict[str, Any]:
    return {}


def write(state: MessagesState) -> dict[str, Any]:
    return {"messages": [("ai", "Written.")]}


def more(state: MessagesState) -> str:
    return END


def chain() -> Any:
    graph = StateGraph(MessagesState, context_schema=Context)
    graph.add_node(plan)
    graph.add_node(write)
    graph.add_edge(START, "plan")
    graph.add_edge("plan", "write")
    graph.add_edge("write", END)
    return graph.compile()


def branching() -> Any:
    graph = StateGraph(MessagesState, context_schema=Context)
    graph.add_node(plan)
    graph.add_node(write)
    graph.add_edge(START, "plan")
    graph.add_conditional_edges("plan", more, ["write", END])
    graph.add_edge("write", "plan")
    return graph.compile()


writer = chain()
support = branching()
