"""A graph with all that a step can be: a fan-out, a subgraph that says something, a retry, a failure, a question."""

import operator
from typing import Annotated, Any

from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from langgraph.config import get_stream_writer
from langgraph.graph import MessagesState, StateGraph
from langgraph.runtime import Runtime
from langgraph.types import RetryPolicy, Send, interrupt
from pydantic import BaseModel


class Context(BaseModel):
    say: str = "Hello there."
    fail: str = ""
    ask: str = ""


class State(MessagesState):
    done: Annotated[list[str], operator.add]


async def plan(state: State) -> dict[str, Any]:
    return {"done": ["plan"]}


def fan_out(state: State) -> list[Send]:
    return [Send("work", {"part": part}) for part in ("a", "b", "c")]


async def work(state: dict[str, Any]) -> dict[str, Any]:
    get_stream_writer()({"progress": state["part"]})
    return {"done": [state["part"]]}


async def write(state: MessagesState, runtime: Runtime[Context]) -> dict[str, Any]:
    model = GenericFakeChatModel(messages=iter([AIMessage(runtime.context.say)]))  # streams word by word
    return {"messages": [await model.ainvoke(state["messages"])]}


async def check(state: State, runtime: Runtime[Context]) -> dict[str, Any]:
    if runtime.execution_info.node_attempt == 1:
        raise ConnectionError("busy")
    if runtime.context.fail:
        raise RuntimeError(runtime.context.fail)
    answer = interrupt({"question": runtime.context.ask}) if runtime.context.ask else "fine"
    return {"done": [answer]}


author = StateGraph(MessagesState, context_schema=Context).add_node(write).set_entry_point("write").compile()
graph = (
    StateGraph(State, context_schema=Context)
    .add_node(plan)
    .add_node(work)
    .add_node("author", author)
    .add_node(check, retry_policy=RetryPolicy(initial_interval=0.01, jitter=False))
    .set_entry_point("plan")
    .add_conditional_edges("plan", fan_out, ["work"])
    .add_edge("work", "author")
    .add_edge("author", "check")
    .compile()
)
