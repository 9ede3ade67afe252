"""Values of the user's graphs as JSON bytes: what goes over the wire and into a run's events."""

import json
from base64 import b64encode
from collections.abc import Mapping, Set
from math import isfinite
from typing import Any

import orjson

_OPTIONS = orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY


def to_json(value: Any) -> bytes:
    """JSON of any value: messages and pydantic models as their fields, what has no JSON form as its repr.

    Never raises, however odd the value.
    """
    try:
        encoded = orjson.dumps(value, default=_fields, option=_OPTIONS)
    except (orjson.JSONEncodeError, UnicodeEncodeError, RecursionError):
        # Whole numbers over 64 bits and lone surrogates, which no strict reader takes: those become `?`.
        return _slow_json(value)
    # orjson writes into a kilobyte and gives back what it doesn't need, which leaves holes that nothing fills: a log of
    # 100,000 small events would take half a gigabyte.
    return bytes(memoryview(encoded)) if len(encoded) < 1024 else encoded


def to_plain(value: Any) -> Any:
    """The value as a client receives it: dicts, lists, scalars. Lone surrogates, which have no UTF-8, become `?`."""
    return orjson.loads(to_json(value))


def _slow_json(value: Any) -> bytes:
    try:
        return json.dumps(_plain(value), ensure_ascii=False).encode("utf-8", "replace")
    except (TypeError, ValueError, RecursionError):
        return json.dumps(_short_repr(value)).encode()


def _plain(value: Any) -> Any:
    """`value` in the standard library's JSON types all the way down; NaN and infinity are null, as orjson has them."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, Mapping):
        return {key if isinstance(key, str) else str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    try:
        return orjson.loads(orjson.dumps(value, option=_OPTIONS))  # dates, UUIDs, enums, dataclasses, arrays
    except (orjson.JSONEncodeError, UnicodeEncodeError):
        return _plain(_fields(value))


def _fields(value: Any) -> Any:
    """The JSON form of one value that orjson does not know."""
    for method in ("model_dump", "_asdict", "dict"):
        dump = getattr(value, method, None)
        if callable(dump) and not isinstance(value, type):
            try:
                return dump()
            except Exception:  # noqa: BLE001 - the user's class: whatever it raises, it is shown by its repr
                return _short_repr(value)
    if isinstance(value, Set):
        return list(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return b64encode(bytes(value)).decode()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, BaseException):
        return {"error": type(value).__name__, "message": str(value)}
    if isinstance(value, type):
        return f"{value.__module__}.{value.__qualname__}"
    return _short_repr(value)


def _short_repr(value: Any) -> str:
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001 - the user's __repr__
        text = f"<{type(value).__name__}>"
    return text if len(text) <= 10_000 else text[:10_000] + "…"
