"""The scripted chat model: LangChain's interface around a script."""

import asyncio
import hashlib
import json
import os
import re
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.base import LangSmithParams
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, ToolCall
from langchain_core.messages.ai import UsageMetadata
from langchain_core.messages.tool import tool_call_chunk
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import Field

from sample_agents.scripted.calling import Call, choose_calls
from sample_agents.scripted.reading import read
from sample_agents.scripted.writing import write

_WORD = re.compile(r"\S+\s*|\s+")


def _delay_ms() -> float:
    return float(os.environ.get("SCRIPTED_DELAY_MS") or 20)


class ScriptedChatModel(BaseChatModel):
    """Answers from a script. The reply is a pure function of the messages, the bound tools and the temperature.

    It keeps no state, so replays, forks, retries and parallel nodes agree. Its tokens are words.
    """

    model: str = "scripted"
    temperature: float = 0.7
    delay_ms: float = Field(default_factory=_delay_ms)
    """Milliseconds before each chunk of a stream; SCRIPTED_DELAY_MS sets the default."""

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _get_ls_params(self, stop: list[str] | None = None, **kwargs: Any) -> LangSmithParams:
        return LangSmithParams(
            ls_provider="scripted", ls_model_name=self.model, ls_model_type="chat", ls_temperature=self.temperature
        )

    def bind_tools(self, tools: Sequence[Any], *, tool_choice: str | None = None, **kwargs: Any) -> Runnable[Any, Any]:
        """A model that may call these tools; with `tool_choice` "any" or a tool's name, one that must."""
        return self.bind(tools=[convert_to_openai_tool(tool) for tool in tools], tool_choice=tool_choice, **kwargs)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self._reply(messages, stop, **kwargs))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        for chunk in _chunks(self._reply(messages, stop, **kwargs)):
            time.sleep(self.delay_ms / 1000)
            if run_manager:
                run_manager.on_llm_new_token(chunk.text, chunk=chunk)
            yield chunk

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        for chunk in _chunks(self._reply(messages, stop, **kwargs)):
            await asyncio.sleep(self.delay_ms / 1000)
            if run_manager:
                await run_manager.on_llm_new_token(chunk.text, chunk=chunk)
            yield chunk

    def _reply(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        *,
        tools: Sequence[dict[str, Any]] = (),
        tool_choice: Any = None,
        **_: Any,
    ) -> AIMessage:
        request = read(messages, temperature=self.temperature)
        said = choose_calls(request, [tool["function"] for tool in tools], tool_choice) if tools else write(request)
        text, calls = (_cut(said, stop), []) if isinstance(said, str) else ("", said)
        return AIMessage(
            content=text,
            tool_calls=[_tool_call(call, number, messages) for number, call in enumerate(calls)],
            response_metadata={"model_name": self.model, "finish_reason": "tool_calls" if calls else "stop"},
            usage_metadata=_usage(messages, text, calls),
        )


def _cut(text: str, stop: Sequence[str] | None) -> str:
    """The text before the first stop sequence."""
    return min((text.split(word)[0] for word in stop or ()), key=len, default=text)


def _tool_call(call: Call, number: int, messages: Sequence[BaseMessage]) -> ToolCall:
    """A tool call with an id that is the same at every replay, and another one in every turn of a thread."""
    turn = json.dumps([[message.type, message.text] for message in messages])
    digest = hashlib.sha256(f"{turn}{call.name}{number}".encode("utf-8", "surrogatepass")).hexdigest()
    return ToolCall(name=call.name, args=call.args, id=f"call_{digest[:16]}", type="tool_call")


def _usage(messages: Sequence[BaseMessage], text: str, calls: Sequence[Call]) -> UsageMetadata:
    """Tokens, counted in words."""
    read_words = sum(len(message.text.split()) for message in messages)
    said_words = len(_WORD.findall(text)) + sum(1 + len(call.args) for call in calls)
    return UsageMetadata(input_tokens=read_words, output_tokens=said_words, total_tokens=read_words + said_words)


def _chunks(reply: AIMessage) -> Iterator[ChatGenerationChunk]:
    """The reply word by word, then its tool calls piece by piece; joined they are the reply again."""
    pieces = [AIMessageChunk(content=word) for word in _WORD.findall(reply.text)]
    pieces += [piece for number, call in enumerate(reply.tool_calls) for piece in _call_chunks(number, call)]
    pieces = pieces or [AIMessageChunk(content="")]
    pieces[-1].usage_metadata = reply.usage_metadata
    pieces[-1].response_metadata = reply.response_metadata
    pieces[-1].chunk_position = "last"
    return (ChatGenerationChunk(message=piece) for piece in pieces)


def _call_chunks(number: int, call: ToolCall) -> list[AIMessageChunk]:
    head = tool_call_chunk(name=call["name"], args="", id=call["id"], index=number)
    arguments = _WORD.findall(json.dumps(call["args"], ensure_ascii=False))
    tail = [tool_call_chunk(name=None, args=piece, id=None, index=number) for piece in arguments]
    return [AIMessageChunk(content="", tool_call_chunks=[chunk]) for chunk in (head, *tail)]
