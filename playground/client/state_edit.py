"""An edit of a thread's state as what is written to make it: reducers take it in, messages keep their ids. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import uuid4

from playground.client.message_json import message_kind, messages_of
from playground.compare.state_diff import same_json

JSON = dict[str, Any]
REMOVE_ALL: Final = "__remove_all__"
"""The id that LangGraph's `add_messages` takes for all messages."""
DECIDES: Final = ""
"""Stands for the node that LangGraph finds itself: the one that wrote last."""


def with_ids(values: Any, before: Any) -> Any:
    """The values with an id for each new message, in fields whose messages had ids: what is written can be found."""
    if not isinstance(values, Mapping):
        return values
    old = before if isinstance(before, Mapping) else {}
    return {key: _identified(value, old.get(key)) for key, value in values.items()}


def update_of(before: Mapping[str, Any], after: Mapping[str, Any]) -> JSON:
    """What to write so that the values become `after`, field by field.

    Messages with ids are written as LangGraph's `add_messages` takes them in: those that changed and the new ones, and
    a removal for each that is gone; where their order changed, all of them anew.
    """
    changed = {key: value for key, value in after.items() if key not in before or not same_json(before[key], value)}
    return {key: _messages(before.get(key), value) for key, value in changed.items()}


def gone(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The fields that an edit took away: a state keeps its fields, their values can be set to null."""
    return [key for key in before if key not in after]


def otherwise(wanted: Mapping[str, Any], written: Any, keys: Iterable[str]) -> list[str]:
    """The fields that became something else than what was wanted: their reducers do more than to take a value."""
    found = written if isinstance(written, Mapping) else {}
    return [key for key in keys if not _is_what(wanted.get(key), found.get(key))]


def followers(drawing: Mapping[str, Any], node: str) -> list[str]:
    """The nodes to which edges of the graph's drawing lead from a node, in their order; `__end__` is the end."""
    return list(
        dict.fromkeys(str(edge.get("target")) for edge in drawing.get("edges") or () if edge.get("source") == node)
    )


def writers(drawing: Mapping[str, Any]) -> list[str]:
    """The nodes as which a state can be written."""
    names = (str(node.get("id")) for node in drawing.get("nodes") or ())
    return [name for name in names if name not in ("__start__", "__end__")]


def _identified(value: Any, before: Any) -> Any:
    if not _have_ids(before) or messages_of(value) is None or not isinstance(value, list):
        return value
    return [message if message.get("id") else {**message, "id": str(uuid4())} for message in value]


def _messages(before: Any, after: Any) -> Any:
    """A field that isn't of messages with ids is written as it is."""
    if not _have_ids(before) or not isinstance(after, list) or (after and not _have_ids(after)):
        return after
    old = {message["id"]: message for message in before}
    new = {message["id"]: message for message in after}
    written = [message for key, message in new.items() if key not in old or not same_json(old[key], message)]
    order = [key for key in old if key in new] + [key for key in new if key not in old]
    if order != list(new):
        return [_removal(REMOVE_ALL), *after]
    return [*(_removal(key) for key in old if key not in new), *written]


def _removal(identifier: str) -> JSON:
    return {"type": "remove", "content": "", "id": identifier}


def _have_ids(value: Any) -> bool:
    """Whether it is a list of messages, each with an id of its own."""
    if not isinstance(value, list) or messages_of(value) is None:
        return False
    ids = [message.get("id") for message in value]
    return all(isinstance(one, str) and one for one in ids) and len(set(ids)) == len(ids)


def _is_what(wanted: Any, found: Any) -> bool:
    """Messages gain what their class adds; who says what must be the same."""
    if isinstance(wanted, list) and isinstance(found, list) and (messages_of(wanted) or messages_of(found)):
        ours, theirs = messages_of(wanted) or [], messages_of(found) or []
        return [_said(message) for message in ours] == [_said(message) for message in theirs]
    return same_json(wanted, found)


def _said(message: JSON) -> tuple[Any, ...]:
    return message.get("id"), message_kind(message), message.get("content")
