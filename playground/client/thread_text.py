"""What a thread is called, and where a word occurs in it: of its newest state, as JSON. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from playground.client.message_json import message_kind, message_text, messages_of

TITLE: Final = "title"
"""Where a thread's name is kept in its metadata."""
_NAMES: Final = (TITLE, "thread_title", "custom_name")
"""Where other tools keep it, too: assistant-ui and many more; open-canvas; deep-agents-ui."""
LONGEST: Final = 400
"""Characters of a title: it is one line of a list."""
_AROUND: Final = 8
"""Characters before what was found: it is to be seen where a list has little room."""
_DEEPEST: Final = 40


def given_title(metadata: Mapping[str, Any]) -> str:
    """The name that somebody gave the thread, "" if nobody did."""
    names = (metadata.get(name) for name in _NAMES)
    return next((name.strip()[:LONGEST] for name in names if isinstance(name, str) and name.strip()), "")


def title_changes(metadata: Mapping[str, Any], title: str) -> dict[str, str]:
    """What to merge into the metadata so that it is called so; "" for what was said first, whoever named it before."""
    return {TITLE: title} if title else dict.fromkeys([name for name in _NAMES if name in metadata] or [TITLE], "")


def first_text(values: Any) -> str:
    """The first thing the user said, else the state's first text, else nothing."""
    for message in messages_of(values) or []:
        if message_kind(message) == "human" and (text := message_text(message)[0].strip()):
            return text[:LONGEST]
    if isinstance(values, dict):
        texts = (value.strip()[:LONGEST] for value in values.values() if isinstance(value, str))
        return next((text for text in texts if text), "")
    return ""


def message_count(values: Any) -> int | None:
    """How many messages the state has, None if it is none of messages."""
    messages = messages_of(values)
    return None if messages is None else len(messages)


def found_in(values: Any, wanted: str) -> str | None:
    """The text around the first place where `wanted` occurs, whatever its case; None where it doesn't.

    Texts of messages and of all else in the state are looked at, not names of fields, ids and what a provider adds.
    """
    needle = wanted.casefold()
    for text in _texts(values):
        at = text.casefold().find(needle)
        if at >= 0:
            start = max(0, at - _AROUND)
            return ("…" if start else "") + text[start : at + LONGEST]
    return None


def _texts(value: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict) and depth < _DEEPEST:
        for key, item in value.items():
            if key not in ("id", "type", "response_metadata", "usage_metadata", "tool_call_id"):
                yield from _texts(item, depth + 1)
    elif isinstance(value, list) and depth < _DEEPEST:
        for item in value:
            yield from _texts(item, depth + 1)
