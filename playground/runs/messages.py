"""The two message modes of the API, made from langgraph's stream of chunks.

Thousands of chunks are only text: they take a short way past pydantic, and a message's text is kept once, however many
events show it as it grew.
"""

from collections.abc import Iterable
from typing import Any

import orjson
from langchain_core.messages import AIMessageChunk, BaseMessageChunk, message_chunk_to_message

from playground.runs.encode import to_json
from playground.runs.events import Event


class MessageTuples:
    """The `messages-tuple` mode: each chunk and its metadata, which is encoded once for all chunks of a call."""

    def __init__(self) -> None:
        self._metadata: Any = None
        self._end: tuple[bytes] = (b"]",)

    def event(self, message: Any, metadata: Any, suffix: str) -> Event:
        """The `messages` event of a chunk."""
        if metadata is not self._metadata:
            self._metadata, self._end = metadata, (b"," + to_json(metadata) + b"]",)
        return Event(f"messages{suffix}", b"[" + _chunk_json(message), self._end)


class MessageStream:
    """The `messages` mode: each message with all its chunks so far, wherever in the graph it comes from."""

    def __init__(self) -> None:
        self._partials: dict[str | None, _Partial] = {}

    def events(self, message: Any, metadata: Any) -> Iterable[Event]:
        """`messages/metadata` once per message, then `messages/partial` per chunk, or `messages/complete`."""
        partial = self._partials.get(message.id)
        if partial is None:
            yield Event("messages/metadata", to_json({message.id: {"metadata": metadata}}))
        if not isinstance(message, BaseMessageChunk):
            self._partials[message.id] = _Partial(message)
            yield Event("messages/complete", to_json([message]))
            return
        if partial is None:
            partial = self._partials[message.id] = _Partial(message)
        else:
            partial.add(message)
        yield Event("messages/partial", *partial.pieces)


class _Partial:
    """One message, as far as its chunks have come; `pieces` are its JSON, in a list, as an event takes them."""

    pieces: tuple[bytes, tuple[bytes | memoryview, ...]]

    def __init__(self, message: Any) -> None:
        self._set(message)

    def add(self, chunk: Any) -> None:
        """Append a chunk."""
        encoded = _encoded_text(chunk.content) if self._text is not None and _is_only_text(chunk) else None
        if self._text is None or encoded is None:
            self._set(self._whole() + chunk)
            return
        self._added.append(chunk.content)
        self.pieces = (self._head, (self._text.append(encoded), self._tail))

    def _whole(self) -> Any:
        """The message with the texts that were only appended to its JSON."""
        if not self._added:
            return self._message
        return self._message.model_copy(update={"content": "".join([self._message.content, *self._added])})

    def _set(self, message: Any) -> None:
        self._message = message
        self._added: list[str] = []
        self._text: GrowingBytes | None = None
        encoded = _encoded_text(message.content) if type(message) is AIMessageChunk else None
        if encoded is None:
            self.pieces = (to_json([_as_message(message)]), ())
            return
        self._text = GrowingBytes()
        blank = to_json([_as_message(message.model_copy(update={"content": ""}))])
        head, _, tail = blank.partition(b'"content":""')  # the first of a message's fields
        self._head, self._tail = head + b'"content":"', b'"' + tail
        self.pieces = (self._head, (self._text.append(encoded), self._tail))


class GrowingBytes:
    """Bytes that only grow. Each `append` returns a view of all there is so far, which costs no copy to keep."""

    def __init__(self) -> None:
        self._buffer = bytearray(512)
        self._length = 0

    def append(self, more: bytes) -> memoryview:
        start, end = self._length, self._length + len(more)
        if end > len(self._buffer):
            larger = bytearray(2 * end)  # a new one: views of the old stay what they are
            larger[:start] = self._buffer[:start]
            self._buffer = larger
        self._buffer[start:end] = more
        self._length = end
        return memoryview(self._buffer)[:end]


def _chunk_json(message: Any) -> bytes:
    if type(message) is AIMessageChunk and _is_only_text(message):
        try:
            encoded: bytes = message.__pydantic_serializer__.to_json(message)
        except ValueError:  # a lone surrogate, for which `to_json` has an answer
            return to_json(message)
        return encoded
    return to_json(message)


def _is_only_text(message: Any) -> bool:
    """Whether a message is text and nothing that could need more care: no tools, usage, or values of a provider."""
    return type(message.content) is str and not (
        message.additional_kwargs
        or message.response_metadata
        or message.tool_call_chunks
        or message.tool_calls
        or message.invalid_tool_calls
        or message.usage_metadata
        or message.chunk_position
    )


def _encoded_text(content: Any) -> bytes | None:
    """The inside of a text's JSON string; None for what is no text, or has no UTF-8."""
    try:
        return orjson.dumps(content)[1:-1] if type(content) is str else None
    except orjson.JSONEncodeError:
        return None


def _as_message(message: Any) -> Any:
    return message_chunk_to_message(message) if isinstance(message, BaseMessageChunk) else message
