"""A model that writes at a steady rate, whoever reads."""

import asyncio
from typing import Any, TypedDict

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langgraph.graph import MessagesState, StateGraph
from langgraph.runtime import Runtime
from mixed import RATE, pieces


class Context(TypedDict, total=False):
    pane: str


class Writer(BaseChatModel):
    """Writes for as many seconds as the last message says; its last word names the pane."""

    pane: str

    @property
    def _llm_type(self) -> str:
        return "writer"

    def _generate(self, messages, stop=None, run_manager=None, **kwargs):
        return ChatResult(generations=[ChatGeneration(message=AIMessage("it only streams"))])

    async def _astream(self, messages, stop=None, run_manager=None, **kwargs):
        loop, text = asyncio.get_running_loop(), pieces(self.pane)
        begun = loop.time()
        for number in range(int(messages[-1].content) * RATE):
            await asyncio.sleep(begun + number / RATE - loop.time())
            chunk = ChatGenerationChunk(message=AIMessageChunk(next(text)))
            if run_manager:
                await run_manager.on_llm_new_token(chunk.text, chunk=chunk)
            yield chunk
        yield ChatGenerationChunk(message=AIMessageChunk(f"\n```\n\nthe-end-of-{self.pane}"))


async def write(state: MessagesState, runtime: Runtime[Context]) -> Any:
    """One answer."""
    writer = Writer(pane=(runtime.context or {}).get("pane", "A"))
    return {"messages": [await writer.ainvoke(state["messages"])]}


builder = StateGraph(MessagesState, context_schema=Context)
builder.add_node("write", write)
builder.add_edge("__start__", "write")
graph = builder.compile()
