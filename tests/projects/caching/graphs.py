"""Graphs that answer from caches: of a node, of a subgraph's node, and LangChain's global one of models."""

from itertools import count
from typing import Any, TypedDict

from langchain_core.caches import InMemoryCache as ModelsCache
from langchain_core.globals import set_llm_cache
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langgraph.cache.memory import InMemoryCache
from langgraph.graph import MessagesState, StateGraph
from langgraph.types import CachePolicy

set_llm_cache(ModelsCache())
numbers = count(1)


class Numbers(TypedDict, total=False):
    word: str
    outer: int
    inner: int


class Counting(BaseChatModel):
    """Says how often it was asked."""

    @property
    def _llm_type(self) -> str:
        return "counting"

    def _generate(self, messages, stop=None, run_manager=None, **kwargs):
        message = AIMessage(
            f"call {next(numbers)}", usage_metadata={"input_tokens": 1, "output_tokens": 2, "total_tokens": 3}
        )
        return ChatResult(generations=[ChatGeneration(message=message)])


async def inner(state: Numbers) -> Any:
    return {"inner": next(numbers)}


async def outer(state: Numbers) -> Any:
    return {"outer": next(numbers)}


async def ask(state: MessagesState) -> Any:
    return {"messages": [await Counting().ainvoke([message.content for message in state["messages"]])]}


def _by_word(state: Any) -> str:
    return str(state.get("word"))


_inside = StateGraph(Numbers).add_node(inner, cache_policy=CachePolicy(key_func=_by_word)).set_entry_point("inner")
nodes = (
    StateGraph(Numbers)
    .add_node(outer, cache_policy=CachePolicy(key_func=_by_word))
    .add_node("inside", _inside.compile(cache=InMemoryCache()))
    .add_edge("outer", "inside")
    .set_entry_point("outer")
    .compile(cache=InMemoryCache())
)
models = StateGraph(MessagesState).add_node(ask).set_entry_point("ask").compile()
