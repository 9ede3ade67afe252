"""What LangGraph makes itself (the ReAct agent, the functional API), and small graphs to try. No model behind them."""

from typing import Any, NotRequired

from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from langgraph.func import entrypoint, task
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import create_react_agent
from langgraph.types import interrupt
from typing_extensions import TypedDict


class Model(GenericFakeChatModel):
    """Says that it is done."""

    def bind_tools(self, tools: Any, **more: Any) -> Any:
        return self


def look_up(order: str) -> str:
    """What is known about an order."""
    return f"{order}: on its way"


@task
def double(number: int) -> int:
    return 2 * number


class Given(TypedDict):
    number: int


@entrypoint()
def functional(given: Given) -> dict[str, int]:
    return {"number": double(given["number"]).result()}


def ask(state: MessagesState) -> dict[str, Any]:
    answer = interrupt({"question": "May I?"})
    return {"messages": [("ai", f"You said {answer}.")]}


def fail(state: MessagesState) -> dict[str, Any]:
    raise ValueError("no [/key] for \x1b[31mthe model")


class Numbers(TypedDict):
    number: int
    name: str
    doubled: NotRequired[int]


def calculate(state: Numbers) -> dict[str, Any]:
    return {"doubled": 2 * state["number"]}


react = create_react_agent(Model(messages=iter([AIMessage("Done.")] * 100)), [look_up])
asks = StateGraph(MessagesState).add_node(ask).add_edge(START, "ask").compile()
fails = StateGraph(MessagesState).add_node(fail).add_edge(START, "fail").compile()
numbers = StateGraph(Numbers).add_node(calculate).add_edge(START, "calculate").compile()
