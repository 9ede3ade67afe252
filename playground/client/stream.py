"""LangGraph's stream parts as RunEvents. Pure."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from playground.client import decode
from playground.client.events import (
    Custom,
    Failed,
    Interrupted,
    MessageChunk,
    NodeUpdate,
    RunEvent,
    Started,
    ToolCall,
    Values,
)
from playground.client.message_json import is_from_cache, message_cost, message_text, role_of

_INTERRUPT = "__interrupt__"
_METADATA = "__metadata__"


def run_events(event: str, data: Any) -> Iterator[RunEvent]:
    """The RunEvents of one server-sent event; none for those we have no use for.

    `event` is a stream mode, with `|node:task_id` for each subgraph it comes from.
    """
    mode, *path = event.split("|")
    namespace = tuple(path)
    if mode == "messages":
        if (chunk := message_chunk(data, namespace)) is not None:
            yield chunk
    elif mode == "updates":
        yield from _updates(data, namespace)
    elif mode == "custom":
        yield Custom(data, namespace)
    elif mode == "values":
        yield Values(_without_interrupts(data), namespace)
    elif mode == "metadata":
        yield Started(int(data.get("attempt") or 1) if isinstance(data, Mapping) else 1)
    elif mode == "error":
        yield failed(data)


def failed(error: Any) -> Failed:
    """A run's error, as the stream or the run itself has it."""
    if not isinstance(error, Mapping):
        return Failed("Error", str(error))
    return Failed(str(error.get("error") or "Error"), str(error.get("message") or ""), error.get("traceback"))


def message_chunk(data: Any, namespace: tuple[str, ...] = ()) -> MessageChunk | None:
    """`data` is [message or chunk, metadata], as in the stream mode messages-tuple."""
    message, metadata = [*data, None, None][:2] if isinstance(data, list) else (data, None)
    if not isinstance(message, dict):
        return None
    kind, whole = _kind(message)
    text, reasoning = message_text(message)
    return MessageChunk(
        message_id=str(message.get("id") or ""),
        kind=kind,
        text=text,
        reasoning=reasoning,
        tool_calls=_calls(message) if whole else _pieces(message),
        tool_call_id=message.get("tool_call_id"),
        name=message.get("name"),
        usage=message.get("usage_metadata") or None,
        cost=message_cost(message),
        node=metadata.get("langgraph_node") if isinstance(metadata, Mapping) else None,
        namespace=namespace,
        last=whole or message.get("chunk_position") == "last",
        status=message.get("status"),
        cached=is_from_cache(message),
    )


def _kind(message: Mapping[str, Any]) -> tuple[str, bool]:
    """(kind, whether it is a whole message): "AIMessageChunk" is a piece of an "ai"."""
    type_ = str(message.get("type") or message.get("role") or "")
    if type_.endswith("MessageChunk"):
        return type_.removesuffix("MessageChunk").lower(), False
    return role_of(type_), True


def _calls(message: Mapping[str, Any]) -> tuple[ToolCall, ...]:
    return tuple(
        ToolCall(index, call.get("id"), call.get("name"), json.dumps(call.get("args"), ensure_ascii=False))
        for index, call in enumerate(message.get("tool_calls") or ())
    )


def _pieces(message: Mapping[str, Any]) -> tuple[ToolCall, ...]:
    return tuple(
        ToolCall(_index(piece.get("index")), piece.get("id"), piece.get("name"), str(piece.get("args") or ""))
        for piece in message.get("tool_call_chunks") or ()
    )


def _index(index: Any) -> int:
    """Providers count with numbers, or with strings that end in one."""
    digits = "".join(c for c in str(index) if c.isdecimal())
    return int(digits) if digits else 0


def _updates(data: Any, namespace: tuple[str, ...]) -> Iterator[RunEvent]:
    if not isinstance(data, Mapping):
        return
    about = data.get(_METADATA)
    cached = isinstance(about, Mapping) and about.get("cached") is True
    for node, update in data.items():
        if node == _INTERRUPT:
            yield Interrupted(decode.interrupts(update or ()))
        elif node != _METADATA:
            yield NodeUpdate(node, update, namespace, cached)


def _without_interrupts(values: Any) -> Any:
    if isinstance(values, Mapping) and _INTERRUPT in values:
        return {key: value for key, value in values.items() if key != _INTERRUPT}
    return values
