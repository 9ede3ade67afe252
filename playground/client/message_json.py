"""Messages as LangGraph's JSON has them: found in a state, and read."""

from math import isfinite
from typing import Any

from playground.client.attachments import attachment_name

_KINDS = {"ai", "human", "tool", "system", "developer", "function", "user", "assistant", "AIMessageChunk"}
_ALIASES = {"user": "human", "assistant": "ai", "AIMessageChunk": "ai", "developer": "system", "function": "tool"}

_COSTS = ("cost", "total_cost")


def messages_of(values: Any) -> list[dict[str, Any]] | None:
    """The messages of a state, an input or an update; None if it has none. One message alone is a list of one."""
    if isinstance(values, dict):
        values = values.get("messages")
    if isinstance(values, dict) and _is_message(values):
        return [values]
    if isinstance(values, list) and values and all(_is_message(item) for item in values):
        return values
    return None


def message_kind(message: dict[str, Any]) -> str:
    """ "ai", "human", "tool", "system" … from a message's `type` or `role`."""
    return role_of(str(message.get("type") or message.get("role") or ""))


def role_of(kind: str) -> str:
    """One name for each kind of message: "human" for "user", "ai" for "assistant" …"""
    return _ALIASES.get(kind, kind)


def message_text(message: dict[str, Any]) -> tuple[str, str]:
    """The text and the reasoning of a message. What isn't text (an image …) is named in brackets."""
    content = message.get("content")
    extra = message.get("additional_kwargs") or {}
    reasoning = str(extra.get("reasoning_content") or "") if isinstance(extra, dict) else ""
    if not isinstance(content, list):
        return ("" if content is None else str(content)), reasoning
    text, attached = "", False
    thoughts: list[str] = [reasoning]
    for part in content:
        kind = part.get("type") if isinstance(part, dict) else None
        if isinstance(part, str) or kind == "text":
            words = part if isinstance(part, str) else str(part.get("text") or "")
            text, attached = _on_its_line(text, words) if attached and words else text + words, False
        elif kind in ("thinking", "reasoning"):
            thoughts.append(str(part.get("thinking") or part.get("reasoning") or part.get("text") or ""))
        elif kind not in ("tool_use", "tool_call", "tool_call_chunk", "input_json_delta"):
            name = attachment_name(part) if isinstance(part, dict) else type(part).__name__
            text, attached = _on_its_line(text, f"[{name}]"), True
    return text, "".join(thoughts)


def _on_its_line(text: str, more: str) -> str:
    return f"{text}\n{more}" if text and not text.endswith("\n") and not more.startswith("\n") else text + more


def message_cost(message: dict[str, Any]) -> float | None:
    """What the model says this message cost; providers have several places for it. None if it says nothing."""
    metadata = message.get("response_metadata")
    places = [message.get("usage_metadata"), metadata]
    if isinstance(metadata, dict):
        places += [metadata.get("token_usage"), metadata.get("usage")]
    said = [place.get(key) for place in places if isinstance(place, dict) for key in _COSTS]
    numbers = (cost for cost in said if isinstance(cost, int | float) and not isinstance(cost, bool))
    return next((float(cost) for cost in numbers if isfinite(cost)), None)


def is_from_cache(message: dict[str, Any]) -> bool:
    """Whether LangChain's cache gave the message instead of the model: it sets such a message's cost to a whole 0."""
    usage = message.get("usage_metadata")
    cost = usage.get("total_cost") if isinstance(usage, dict) else None
    return isinstance(cost, int) and not isinstance(cost, bool) and cost == 0


def _is_message(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and ("content" in value or "tool_calls" in value)
        and (value.get("type") in _KINDS or value.get("role") in _KINDS)
    )
