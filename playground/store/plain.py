"""Plain JSON values: checked, copied, encoded."""

from collections.abc import Mapping
from contextlib import suppress
from math import isfinite
from typing import Any, TypeVar

import orjson

from playground.store.errors import Invalid

JSON = dict[str, Any]
T = TypeVar("T")

_DEEPEST = 200  # orjson refuses to encode more than 254 levels
_INTEGERS = range(-(2**63), 2**64)  # what orjson encodes and reads back as an int


def plain(value: Any, where: str = "The value", depth: int = 0) -> Any:
    """A copy of `value` made of what JSON has: tuples become lists, everything else stays equal.

    `where` names the value in the sentence. Raises Invalid for what JSON in UTF-8 can't hold: NaN, infinities,
    integers beyond 64 bits, lone surrogates, keys that aren't strings, other types, more than 200 levels.
    """
    if not depth:
        with suppress(_Unusual, UnicodeEncodeError):
            return _quick(value, 0)
    if value is None or value is True or value is False:
        return value
    if isinstance(value, str):
        return _text(value, where)
    if isinstance(value, int):
        if value not in _INTEGERS:
            raise Invalid(f"{where} is an integer beyond 64 bits, which can't be stored; give it as a string.")
        return int(value)
    if isinstance(value, float):
        if not isfinite(value):
            raise Invalid(f"{where} is {value}, which JSON can't hold.")
        return float(value)
    if depth >= _DEEPEST:
        raise Invalid(f"{_short(where)} is nested more than {_DEEPEST} levels deep.")
    if isinstance(value, dict):
        return {_key(key, where): plain(item, f"{where}.{key}", depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item, f"{where}[{index}]", depth + 1) for index, item in enumerate(value)]
    raise Invalid(f"{where} is a {type(value).__name__}, which JSON can't hold.")


class _Unusual(Exception):
    """A value that is not JSON as it is: one to be looked at more closely."""


def _quick(value: Any, depth: int) -> Any:
    """As `plain`, for values that need no conversion and no explanation: nearly all."""
    kind = type(value)
    if kind is str:
        if not value.isascii():
            value.encode()
        return value
    if kind is dict or kind is list:
        if depth >= _DEEPEST:
            raise _Unusual
        if kind is list:
            return [_quick(item, depth + 1) for item in value]
        for key in value:
            if type(key) is not str or not key.isascii():
                raise _Unusual
        return {key: _quick(item, depth + 1) for key, item in value.items()}
    if value is None or kind is bool or (kind is int and value in _INTEGERS) or (kind is float and isfinite(value)):
        return value
    raise _Unusual


def plain_object(value: Any, where: str) -> JSON:
    """A plain copy of an object. Raises Invalid."""
    if type(value) is dict:
        with suppress(_Unusual, UnicodeEncodeError):
            quick: JSON = _quick(value, -1)
            return quick
    if not isinstance(value, Mapping):
        raise Invalid(f"{where} must be an object, not {type(value).__name__}.")
    return {_key(key, where): plain(item, f"{where}.{key}") for key, item in value.items()}


def copy(value: T) -> T:
    """A deep copy of a plain value."""
    if isinstance(value, dict):
        return {key: copy(item) for key, item in value.items()}  # type: ignore[return-value]
    if isinstance(value, list):
        return [copy(item) for item in value]  # type: ignore[return-value]
    return value


def dumps(value: Any) -> bytes:
    """JSON of a plain value, in one line."""
    return orjson.dumps(value)


def canonical(value: Any) -> bytes:
    """JSON with sorted keys: equal values, equal bytes."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def _text(value: str, where: str) -> str:
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise Invalid(
                f"{_short(where)} has half of a surrogate pair at position {error.start}, which UTF-8 can't hold."
            ) from None
    return str(value)


def _key(key: Any, where: str) -> str:
    if not isinstance(key, str):
        raise Invalid(f"{where} has the key {key!r}; keys must be strings.")
    return _text(key, f"A key of {where}")


def _short(where: str) -> str:
    return where.encode(errors="replace").decode()[:200]
