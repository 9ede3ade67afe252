"""Values of a graph's state to readable JSON and back. Imports langgraph.

Decoding imports nothing a file names: tags are a closed set, and what has none goes through langgraph's own
serializer, which revives the types it knows to be safe and those of the graph's own schemas, and no others.
"""

import base64
import copy
import hashlib
import json
import marshal
from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime, time
from decimal import Decimal
from math import isfinite
from typing import Any
from uuid import UUID

import langchain_core.messages as lc
import orjson
from langchain_core.documents import Document
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.serde.types import _DeltaSnapshot
from langgraph.types import Interrupt, Send

from playground.store.errors import Invalid, StoreDamaged
from playground.store.tagged import TAG, tagged

_DEEPEST = 60  # levels written as JSON; below, langgraph's serializer takes over
_MODELS: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        lc.AIMessage,
        lc.AIMessageChunk,
        lc.ChatMessage,
        lc.ChatMessageChunk,
        lc.FunctionMessage,
        lc.FunctionMessageChunk,
        lc.HumanMessage,
        lc.HumanMessageChunk,
        lc.RemoveMessage,
        lc.SystemMessage,
        lc.SystemMessageChunk,
        lc.ToolMessage,
        lc.ToolMessageChunk,
        Document,
    )
}
_TEXTS: dict[type[Any], tuple[str, Callable[[Any], str], Callable[[str], Any]]] = {
    datetime: ("datetime", datetime.isoformat, datetime.fromisoformat),
    date: ("date", date.isoformat, date.fromisoformat),
    time: ("time", time.isoformat, time.fromisoformat),
    UUID: ("uuid", str, UUID),
    Decimal: ("decimal", str, Decimal),
    bytes: ("bytes", lambda value: base64.b64encode(value).decode(), base64.b64decode),
    bytearray: (
        "bytearray",
        lambda value: base64.b64encode(value).decode(),
        lambda text: bytearray(base64.b64decode(text)),
    ),
}


class Serializer:
    """Encodes to plain JSON values and decodes them; also langgraph's SerializerProtocol, in bytes."""

    def __init__(self) -> None:
        # None: only the types langgraph calls safe, whatever LANGGRAPH_STRICT_MSGPACK says.
        self._fallback = JsonPlusSerializer(allowed_msgpack_modules=None)

    def with_msgpack_allowlist(self, extra: Iterable[tuple[str, ...] | type]) -> "Serializer":
        """A serializer that also revives these types, `(module, name)`: the graph's own."""
        clone = copy.copy(self)
        clone._fallback = self._fallback.with_msgpack_allowlist(extra)
        return clone

    def encode(self, value: Any, depth: int = 0) -> Any:
        """The value as JSON. Raises Invalid if it can't be stored."""
        if value is None or value is True or value is False:
            return value
        kind = type(value)
        if kind is str:
            return _text(value)
        if kind is int:
            return value if -(2**63) <= value < 2**64 else tagged("int", str(value))
        if kind is float:
            return value if isfinite(value) else tagged("float", str(value))
        if kind in _TEXTS and (text := _TEXTS[kind]):
            return self._as_text(value, *text)
        if isinstance(value, BaseException):
            return _text(repr(value))  # as langgraph stores them
        return self._structure(value, kind, depth) if depth < _DEEPEST else self._packed(value)

    def decode(self, value: Any) -> Any:
        """What `encode` was given. Raises StoreDamaged if it was never written by it."""
        try:
            return self._decode(value)
        except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, NotImplementedError) as error:
            raise StoreDamaged(f"A value can't be read ({error!r}): put a copy back.") from error

    def fingerprint(self, value: Any) -> bytes | None:
        """Of a message: equal only if all of it is equal. None: nothing that can be told so quickly, encode it."""
        kind = type(value)
        if _MODELS.get(kind.__name__) is not kind:
            return None
        fields = (value.__dict__, value.__pydantic_extra__)
        try:
            orjson.dumps(fields)  # refuses bytes and their like, which marshal doesn't tell apart
            # Never read back. Version 0 depends on nothing but the value, and knows the built-in types only.
            exact = marshal.dumps((kind.__name__, fields), 0)
        except (TypeError, ValueError):
            return None
        return hashlib.blake2b(exact, digest_size=16).digest()

    def dumps_typed(self, obj: Any) -> tuple[str, bytes]:
        """Bytes of readable JSON."""
        return "json", orjson.dumps(self.encode(obj))

    def loads_typed(self, data: tuple[str, bytes]) -> Any:
        """The value of `dumps_typed`."""
        return self.decode(orjson.loads(data[1]))

    def _structure(self, value: Any, kind: type[Any], depth: int) -> Any:
        inner = depth + 1
        if kind is list:
            return [self.encode(item, inner) for item in value]
        if kind is dict:
            return self._mapping(value, inner)
        if kind in (tuple, set, frozenset):
            return tagged(kind.__name__, [self.encode(item, inner) for item in value])
        if _MODELS.get(kind.__name__) is kind:
            fields = {**value.__dict__, **(value.__pydantic_extra__ or {})}
            return tagged(kind.__name__, self._mapping(fields, inner))
        if kind is _DeltaSnapshot:
            return tagged("DeltaSnapshot", self.encode(value.value, inner))
        if kind is Send and value.timeout is None:
            return tagged("Send", {"node": value.node, "arg": self.encode(value.arg, inner)})
        if kind is Interrupt and (value.response_schema is None or type(value.response_schema) is dict):
            fields = {"value": value.value, "id": value.id, "response_schema": value.response_schema}
            return tagged("Interrupt", self._mapping(fields, inner))
        return self._packed(value)

    def _mapping(self, value: dict[Any, Any], depth: int) -> Any:
        if TAG in value or not all(type(key) is str and _is_utf8(key) for key in value):
            pairs = [[self.encode(key, depth), self.encode(item, depth)] for key, item in value.items()]
            return tagged("map", pairs)
        return {key: self.encode(item, depth) for key, item in value.items()}

    def _as_text(self, value: Any, tag: str, write: Callable[[Any], str], read: Callable[[str], Any]) -> Any:
        text = write(value)
        # ISO text forgets named time zones and folds.
        return tagged(tag, text) if read(text) == value and not getattr(value, "fold", 0) else self._packed(value)

    def _packed(self, value: Any) -> Any:
        try:
            kind, data = self._fallback.dumps_typed(value)
        except (TypeError, ValueError, RecursionError) as error:
            raise Invalid(
                f"A value of type {type(value).__name__} can't be stored in a checkpoint: {error}."
            ) from error
        return tagged("msgpack", base64.b64encode(data).decode(), kind=kind, shown=_readable(value))

    def _decode(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._decode(item) for item in value]
        if not isinstance(value, dict):
            return value
        if TAG not in value:
            return {key: self._decode(item) for key, item in value.items()}
        tag, content = value[TAG], value["v"]
        if tag == "msgpack":
            return self._fallback.loads_typed((value["kind"], base64.b64decode(content)))
        if tag == "map":
            return {self._decode(key): self._decode(item) for key, item in content}
        if tag in _MODELS:
            return _MODELS[tag](**self._decode(content))
        return _READERS[tag](self._decode(content))


_PLAIN: tuple[type[Any], ...] = (str, int, float, dict, list)
_READERS: dict[str, Callable[[Any], Any]] = {
    "int": int,
    "float": float,
    "str": json.loads,
    "tuple": tuple,
    "set": set,
    "frozenset": frozenset,
    "DeltaSnapshot": _DeltaSnapshot,
    "Send": lambda fields: Send(fields["node"], fields["arg"]),
    "Interrupt": lambda fields: Interrupt(**fields),
    **{tag: read for tag, _, read in _TEXTS.values()},
}


def _is_utf8(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _text(value: str) -> Any:
    return value if _is_utf8(value) else tagged("str", json.dumps(value))


def _readable(value: Any) -> Any:
    """A value of the user's own types as the API would show it; only ever looked at, never decoded."""
    try:
        return orjson.loads(
            orjson.dumps(value, default=_fields, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_SUBCLASS)
        )
    except (TypeError, ValueError):
        return _text(repr(value)) if _is_utf8(repr(value)) else None


def _fields(value: Any) -> Any:
    for kind in _PLAIN:
        if isinstance(value, kind):
            return kind(value)
    if hasattr(value, "model_dump"):
        return value.model_dump()
    if isinstance(value, Collection) and not isinstance(value, bytes | bytearray):
        return list(value)
    return str(value)
