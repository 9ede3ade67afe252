"""Graphs that do what their context says: say a text in pieces, hang, ask, fail."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langgraph.graph import MessagesState, StateGraph
from langgraph.runtime import Runtime
from langgraph.types import interrupt
from pydantic import BaseModel
from typing_extensions import TypedDict


class Context(BaseModel):
    say: str = "Hello there."
    times: int = 1
    hang: bool = False
    fail: str = ""
    ask: str = ""


class Sayer(BaseChatModel):
    """Says its text word by word, then hangs if it shall."""

    text: str
    hang: bool

    @property
    def _llm_type(self) -> str:
        return "sayer"

    def _generate(self, messages: list[BaseMessage], *_: Any, **__: Any) -> ChatResult:
        raise NotImplementedError

    async def _agenerate(self, messages: list[BaseMessage], *_: Any, **__: Any) -> ChatResult:
        pieces = [piece.message async for piece in self._astream(messages)]
        return ChatResult(generations=[ChatGeneration(message=AIMessage("".join(str(m.content) for m in pieces)))])

    async def _astream(self, messages: list[BaseMessage], *_: Any, **__: Any) -> AsyncIterator[ChatGenerationChunk]:
        words = self.text.replace("SURROGATE", "\ud800").split(" ")  # JSON clients refuse to send one
        for index, word in enumerate(words):
            piece = word if index == len(words) - 1 else f"{word} "
            yield ChatGenerationChunk(message=AIMessageChunk(piece))
        if self.hang:
            await asyncio.sleep(600)


async def say(state: MessagesState, runtime: Runtime[Context]) -> dict[str, Any]:
    context = runtime.context
    answer = interrupt({"question": context.ask}) if context.ask else ""
    if context.fail:
        raise RuntimeError(context.fail)
    text = context.say * context.times + (f" You said {answer}." if answer else "")
    return {"messages": [await Sayer(text=text, hang=context.hang).ainvoke(state["messages"])]}


graph = StateGraph(MessagesState, context_schema=Context).add_node(say).set_entry_point("say").compile()


class Numbers(TypedDict):
    a: int
    b: int


class Sum(TypedDict):
    sum: int


class Both(Numbers, Sum):
    pass


def add(state: Numbers) -> Sum:
    return {"sum": state["a"] + state["b"]}


adder = (
    StateGraph(Both, input_schema=Numbers, output_schema=Sum).add_node(add).set_entry_point("add").compile(name="adder")
)
