"""Messages of a thread, changed: what an input is with another text, and what goes with a message. Pure."""

from collections.abc import Sequence
from typing import Any

from playground.client.blocks import Block, TextBlock, ToolBlock
from playground.client.message_json import message_kind, message_text, messages_of


def message_of(block: Block) -> str:
    """The id of the message that a block is a part of: its reasoning and its tool calls have keys of their own."""
    return block.key.partition("/")[0]


def find_message(values: Any, block: Block) -> dict[str, Any] | None:
    """The message of a state that a block shows; a tool's answer is found at the message that called it.

    What was sent just now is shown under a key of its own: of that, the last message that says the same.
    """
    messages = messages_of(values) or []
    by_id = {str(message.get("id")): message for message in messages if message.get("id")}
    if (mine := by_id.get(message_of(block))) is not None:
        return mine
    if isinstance(block, ToolBlock):
        return next((message for message in messages if block.call_id in _calls(message)), None)
    return _alike(messages, block) if isinstance(block, TextBlock) else None


def with_text(message: dict[str, Any], text: str) -> dict[str, Any]:
    """The message with another text; its images and files stay."""
    content = message.get("content")
    if not isinstance(content, list):
        return {**message, "content": text}
    others = [part for part in content if not _is_text(part)]
    return {**message, "content": [{"type": "text", "text": text}, *others]}


def written(message: dict[str, Any]) -> str:
    """What was written in a message, without the names of its images and files."""
    content = message.get("content")
    if not isinstance(content, list):
        return "" if content is None else str(content)
    return "".join(part if isinstance(part, str) else str(part.get("text") or "") for part in content if _is_text(part))


def edited_input(given: Any, before: Any, after: Any, block: TextBlock, text: str) -> Any:
    """The input `given`, but for the text of the message that a block shows; None if it isn't in there.

    `before` and `after` are the values that the input came to: what was added there has ids, which are kept, since the
    graph gave them to messages of the input that had none.
    """
    messages = messages_of(given) or []
    known = {message.get("id") for message in messages_of(before) or []}
    added = [message for message in messages_of(after) or [] if message.get("id") not in known]
    ids = [message.get("id") for message in added] if len(added) == len(messages) else [None] * len(messages)
    wanted = message_of(block)
    at = next((i for i, message in enumerate(messages) if wanted in (message.get("id"), ids[i])), None)
    if at is None:
        alike = _alike(messages, block)
        at = next((i for i, message in enumerate(messages) if message is alike), None)
    if at is None:
        return None
    changed = with_text(messages[at], text)
    if ids[at]:
        changed["id"] = ids[at]
    all_of_them = [*messages[:at], changed, *messages[at + 1 :]]
    return {**given, "messages": all_of_them} if isinstance(given, dict) and "messages" in given else all_of_them


def with_answers(values: Any, message: dict[str, Any]) -> list[str]:
    """The ids of a message and of the answers to its tool calls: models refuse answers without their call."""
    calls = _calls(message)
    answers = [
        str(one["id"])
        for one in messages_of(values) or []
        if message_kind(one) == "tool" and one.get("tool_call_id") in calls and one.get("id")
    ]
    return [str(message["id"]), *answers] if message.get("id") else []


def removal(message_ids: Sequence[str]) -> dict[str, Any]:
    """The update that takes messages out of a state whose reducer is LangGraph's `add_messages`."""
    return {"messages": [{"type": "remove", "content": "", "id": message_id} for message_id in message_ids]}


def has_gone(values: Any, message_ids: Sequence[str]) -> bool:
    """Whether a state has neither the messages any more nor the orders to remove them."""
    messages = values.get("messages") if isinstance(values, dict) else None
    if not isinstance(messages, list):
        return False
    return not any(isinstance(message, dict) and message.get("id") in message_ids for message in messages)


def _alike(messages: Sequence[dict[str, Any]], block: TextBlock) -> dict[str, Any] | None:
    return next(
        (one for one in reversed(messages) if message_kind(one) == block.role and message_text(one)[0] == block.text),
        None,
    )


def _calls(message: dict[str, Any]) -> set[str]:
    return {call["id"] for call in message.get("tool_calls") or [] if call.get("id")}


def _is_text(part: Any) -> bool:
    return isinstance(part, str) or (isinstance(part, dict) and part.get("type") == "text")
