"""What steps wrote, as a graph takes it back: messages whole, with the ids that they have in the state. Pure."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from playground.client.message_json import message_kind, message_text, messages_of

Json = dict[str, Any]

INPUT: Final = "__input__"
"""As which node langgraph takes a superstep for an input."""
_UNTAKEN: Final = ("tool_call_chunks", "chunk_position", "usage_metadata", "invalid_tool_calls")
"""What LangChain would put among a message's `additional_kwargs`, not back where it was."""
_SUFFIX: Final = "MessageChunk"


class _Takeable:
    """Values with their messages as they are in the `state` that they led to."""

    def __init__(self, state: Any) -> None:
        self._messages: list[Json] = [one for one in messages_of(state) or [] if isinstance(one, dict)]
        self._claimed: set[str] = set()

    def take(self, update: Json) -> Any:
        """What is written. An input is no part of the state yet: its ids come when the graph's start writes it."""
        return update["values"] if update.get("as_node") == INPUT else self._whole(update["values"])

    def _whole(self, values: Any) -> Any:
        if isinstance(values, list):
            return [self._whole(one) for one in values]
        if not isinstance(values, dict):
            return values
        if is_message(values):
            return self._message(values)
        return {key: self._whole(one) for key, one in values.items()}

    def _message(self, message: Json) -> Json:
        whole = plain_message(message)
        kind = whole.get("type")
        if isinstance(kind, str) and kind.endswith(_SUFFIX):
            whole["type"] = kind.removesuffix(_SUFFIX).lower()
        if not whole.get("id") and (known := next(self._like(whole), None)):
            whole["id"] = known
        if isinstance(whole.get("id"), str):
            self._claimed.add(whole["id"])
        return whole

    def _like(self, message: Json) -> Iterator[str]:
        said = message_kind(message), message_text(message)
        for one in self._messages:
            identifier = one.get("id")
            alike = (message_kind(one), message_text(one)) == said
            if alike and isinstance(identifier, str) and identifier not in self._claimed:
                yield identifier


def takeable(steps: Sequence[Json], state: Any) -> list[Json]:
    """Supersteps as `POST /threads` takes them, from what the API says of tasks."""
    whole = _Takeable(state)
    return [{"updates": [{**update, "values": whole.take(update)} for update in step["updates"]]} for step in steps]


def plain_message(message: Json) -> Json:
    """The message without what no server takes back, as token counts."""
    return {key: value for key, value in message.items() if key not in _UNTAKEN}


def plain_state(values: Any) -> Any:
    """A state to be held against another one: its messages plain."""
    if isinstance(values, list):
        return [plain_state(one) for one in values]
    if not isinstance(values, dict):
        return values
    kept = plain_message(values) if is_message(values) else values
    return {key: plain_state(one) for key, one in kept.items()}


def is_message(value: Json) -> bool:
    """Whether it looks like a message, whatever key it stands under."""
    return "content" in value and (isinstance(value.get("type"), str) or isinstance(value.get("role"), str))
