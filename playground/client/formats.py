"""The `format` of a text, as pydantic writes it into a schema: checked no more strictly than pydantic reads it."""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from jsonschema import FormatChecker

NAMES = {
    "date": "a date, as 2026-01-31",
    "date-time": "a date and time, as 2026-01-31T18:30:00Z",
    "time": "a time, as 18:30",
    "email": "an e-mail address",
    "ipv4": "an IPv4 address",
    "ipv6": "an IPv6 address",
    "uri": "a URL, as https://example.com",
    "regex": "a regular expression",
    **dict.fromkeys(("uuid", *(f"uuid{number}" for number in range(1, 9))), "a UUID"),
}


def checker() -> "FormatChecker":
    """For jsonschema. A format that isn't in NAMES says what a text is for, not what it may be."""
    from jsonschema import FormatChecker

    found = FormatChecker(formats=())
    for name in NAMES:
        found.checks(name, raises=(ValueError, OverflowError, re.error))(_reading(name))
    return found


def _reading(name: str) -> Callable[[object], bool]:
    """A text that can't be read raises; other types are no concern of a format."""
    read = _READERS.get(name, UUID)
    return lambda value: not isinstance(value, str) or read(value) is not None


def _moment(text: str) -> Any:
    return float(text) if _is_number(text) else datetime.fromisoformat(text)


def _day(text: str) -> Any:
    """A moment is a day at midnight only; numbers from 2e10 on are milliseconds."""
    if _is_number(text):
        rest = float(text) % (86_400 if abs(float(text)) <= 2e10 else 86_400_000)
    else:
        rest = datetime.fromisoformat(text).time() != time()
    if rest:
        raise ValueError(text)
    return date


def _clock(text: str) -> Any:
    return float(text) if _is_number(text) else time.fromisoformat(text)


def _ipv4(text: str) -> Any:
    from ipaddress import IPv4Address

    return IPv4Address(text)


def _ipv6(text: str) -> Any:
    from ipaddress import IPv6Address

    return IPv6Address(text)


def _is_number(text: str) -> bool:
    """Seconds since 1970, or since midnight."""
    return re.fullmatch(r"[+-]?[0-9]+(\.[0-9]*)?", text) is not None and len(text) < 20


def _matching(pattern: str) -> Callable[[str], Any]:
    return re.compile(pattern).search


_READERS: dict[str, Callable[[str], Any]] = {
    "date": _day,
    "date-time": _moment,
    "time": _clock,
    "email": _matching(r"[^@\s]@[^@\s]"),
    "ipv4": _ipv4,
    "ipv6": _ipv6,
    "uri": _matching(r"^\s*[A-Za-z][A-Za-z0-9+.-]*:"),
    "regex": re.compile,
}
