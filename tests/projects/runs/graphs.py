"""Graphs that do one odd thing each."""

import asyncio
import operator
import os
import sys
import time
from typing import Annotated, Any, TypedDict

from langchain_core.messages import AIMessageChunk
from langchain_core.language_models import BaseChatModel
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import RunnableConfig
from langgraph.config import get_stream_writer
from langgraph.graph import MessagesState, StateGraph
from langgraph.runtime import Runtime
from langgraph.types import interrupt
from pydantic import BaseModel, Field


class Word(TypedDict, total=False):
    word: str


class Seen(TypedDict, total=False):
    seen: Annotated[list[str], operator.add]
    configured: Annotated[list[str], operator.add]


class Seconds(TypedDict, total=False):
    seconds: float


class Name(TypedDict, total=False):
    name: str


def one_node(state, node, context=None):
    builder = StateGraph(state, context_schema=context)
    builder.add_node("node", node)
    builder.add_edge("__start__", "node")
    return builder.compile()


def _echo(state: Seen, runtime: Runtime[Word], config: RunnableConfig) -> Any:
    word = (runtime.context or {}).get("word", "default")
    return {"seen": [word], "configured": [config["configurable"].get("word", "default")]}


async def _sleep(state: Seconds) -> Any:
    get_stream_writer()("sleeping")
    await asyncio.sleep(state["seconds"])
    return {}


def _sleep_sync(state: Seconds) -> Any:
    get_stream_writer()("sleeping")
    time.sleep(min(state["seconds"], 3))
    return {}


async def _block(state: Seconds) -> Any:
    get_stream_writer()("blocking")
    await asyncio.sleep(0.1)
    time.sleep(state["seconds"])
    return {}


class CustomError(Exception):
    pass


def _boom(state: Seen) -> Any:
    raise CustomError("boom [/bold] \x1b[31m")


async def _quit(state: Seen) -> Any:
    print("leaving [/markup] \x1b[2J")
    sys.exit(3)


def _vanish(state: Seen) -> Any:
    print("last words of the graph", flush=True)
    os._exit(7)


class Strict(BaseModel):
    temperature: float = Field(1.0, ge=0, le=2)


def bad_factory(config: RunnableConfig):
    raise RuntimeError("no such model")


async def _count(state: Seen) -> Any:
    writer = get_stream_writer()
    for number in range(10):
        writer(number)
        await asyncio.sleep(0.02)
    return {}


class Chunks(BaseChatModel):
    """As many chunks as the last message says."""

    @property
    def _llm_type(self) -> str:
        return "chunks"

    def _generate(self, messages, stop=None, run_manager=None, **kwargs):
        text = "".join(chunk.text for chunk in self._stream(messages))
        return ChatResult(generations=[ChatGeneration(message=AIMessageChunk(text))])

    def _stream(self, messages, stop=None, run_manager=None, **kwargs):
        for number in range(int(messages[-1].content)):
            chunk = ChatGenerationChunk(message=AIMessageChunk(f"word{number} "))
            if run_manager:
                run_manager.on_llm_new_token(chunk.text, chunk=chunk)
            yield chunk

    async def _astream(self, messages, stop=None, run_manager=None, **kwargs):
        for number in range(int(messages[-1].content)):
            chunk = ChatGenerationChunk(message=AIMessageChunk(f"word{number} "))
            if run_manager:
                await run_manager.on_llm_new_token(chunk.text, chunk=chunk)
            await asyncio.sleep(0)  # as a model that waits for its network does
            yield chunk


async def _tokens(state: MessagesState) -> Any:
    return {"messages": [await Chunks().ainvoke(state["messages"])]}


NASTY = "[/bold] [red]not red \x1b[31m\x1b[2J\x07 \u202eright to left\u202c " + "lone\ud800 " + "x" * 100_000


def _shout(state: MessagesState) -> Any:
    return {"messages": [("ai", NASTY)]}


echo = one_node(Seen, _echo, Word)
sleep = one_node(Seconds, _sleep)
sleep_sync = one_node(Seconds, _sleep_sync)
boom = one_node(Seen, _boom)
quit = one_node(Seen, _quit)
vanish = one_node(Seen, _vanish)
strict = one_node(Seen, lambda state, runtime: {}, Strict)
block = one_node(Seconds, _block)
ask = one_node(Name, lambda state: {"name": interrupt({"question": "name?"})})
count = one_node(Seen, _count)
tokens = one_node(MessagesState, _tokens)
shout = one_node(MessagesState, _shout)
