"""Messages of a thread, changed: what an input is with another text, and what goes with a message. Pure."""

from collections.abc import Sequence
from typing import Any

from playground.client.blocks import Block
from playground.client.message_json import message_kind, messages_of


def message_of(block: Block) -> str:
    """The id of the message that a block is a part of: its reasoning and its tool calls have keys of their own."""
    return block.key.partition("/")[0]


def find_message(values: Any, message_id: str) -> dict[str, Any] | None:
    """The message with this id in a state."""
    return next((message for message in messages_of(values) or [] if message.get("id") == message_id), None)


def with_text(message: dict[str, Any], text: str) -> dict[str, Any]:
    """The message with another text; its id, its images and files stay."""
    content = message.get("content")
    if not isinstance(content, list):
        return {**message, "content": text}
    others = [part for part in content if not _is_text(part)]
    return {**message, "content": [{"type": "text", "text": text}, *others]}


def input_with(given: Any, message: dict[str, Any], text: str) -> Any:
    """The input as it was given, but for the text of one message, which has its id in any case.

    An input's message may have no id of its own: the graph gave it one.
    """
    mine = _mine(messages_of(given) or [], message)
    if mine is None:
        return None
    changed = [
        with_text({**one, "id": message["id"]}, text) if one is mine else one for one in messages_of(given) or []
    ]
    if not isinstance(given, dict):
        return changed
    return {**given, "messages": changed}


def with_answers(values: Any, message_id: str) -> list[str]:
    """The ids of a message and of the answers to its tool calls: models refuse answers without their call."""
    message = find_message(values, message_id)
    if message is None:
        return []
    calls = {call.get("id") for call in message.get("tool_calls") or []}
    answers = [
        str(one["id"])
        for one in messages_of(values) or []
        if message_kind(one) == "tool" and one.get("tool_call_id") in calls and one.get("id")
    ]
    return [message_id, *answers]


def removal(message_ids: Sequence[str]) -> dict[str, Any]:
    """The update that takes messages out of a state whose reducer is LangGraph's `add_messages`."""
    return {"messages": [{"type": "remove", "content": "", "id": message_id} for message_id in message_ids]}


def has_gone(values: Any, message_ids: Sequence[str]) -> bool:
    """Whether a state has neither the messages any more nor the orders to remove them."""
    messages = values.get("messages") if isinstance(values, dict) else values
    if not isinstance(messages, list):
        return False
    return not any(isinstance(message, dict) and message.get("id") in message_ids for message in messages)


def _mine(given: Sequence[dict[str, Any]], message: dict[str, Any]) -> dict[str, Any] | None:
    same = [one for one in given if one.get("id") == message.get("id")]
    alike = [
        one
        for one in given
        if not one.get("id")
        and message_kind(one) == message_kind(message)
        and one.get("content") == message.get("content")
    ]
    return next(iter([*same, *alike]), None)


def _is_text(part: Any) -> bool:
    return isinstance(part, str) or (isinstance(part, dict) and part.get("type") == "text")
