"""A row of a JSON tree as text: its key, and as much of its value as says what is in it. Pure."""

import json
from collections.abc import Sequence
from typing import Any, Final

from textual.content import Content

from playground.client.message_json import message_kind, message_text, messages_of
from playground.tui.text import MUTED, count, join, one_line, safe
from playground.tui.threads.json_nodes import Node

KEY: Final = "$text-primary"
_STYLES: Final = {str: "$text-success 90%", bool: "$text-accent", type(None): "$text-accent"}
_NUMBER: Final = "$text-warning"
_KEY_CELLS: Final = 20  # up to which the values of siblings line up
_LOOKED_AT: Final = 64  # siblings that are looked at for that, and entries to say what a list is of
_MOST: Final = 400  # characters of a value that a row can show
_TOLD: Final = 6  # keys that a folded object names


def row_content(node: Node, siblings: Sequence[Node]) -> Content:
    """`▸ messages  [3]`, `  order  "4411"`, or a line of an unfolded text."""
    indent = "  " * node.depth
    if node.is_line:
        return safe(f"{indent}  {node.value}", _STYLES[str])
    sign = " " if not node.can_open else "▾" if node.is_open else "▸"
    head = join(safe(f"{indent}{sign} ", MUTED), _key(node))
    fill = " " * max(0, _key_cells(siblings) - _key(node).cell_length) + "  " if node.key is not None else ""
    return join(head, fill, value_content(node.value, folded=not node.is_open))


def value_content(value: Any, *, folded: bool = True) -> Content:
    """A value on one line; of an unfolded one only how much there is."""
    if isinstance(value, list):
        kinds = (
            count(len(value), "message") if messages_of(value[:_LOOKED_AT]) else f"[{len(value):,}]" if value else "[]"
        )
        return safe(kinds, MUTED)
    if isinstance(value, dict):
        return _object(value, folded)
    if isinstance(value, str):
        return _text(value, folded)
    style = _STYLES.get(type(value), _NUMBER)
    return safe(one_line(json.dumps(value, default=str), _MOST), style)


def _key(node: Node) -> Content:
    if node.key is None:
        return Content("")
    return safe(f"{node.key:>2}", MUTED) if isinstance(node.key, int) else safe(one_line(node.key, 60) or '""', KEY)


def _key_cells(siblings: Sequence[Node]) -> int:
    looked_at = siblings[:_LOOKED_AT]
    if looked_at and isinstance(looked_at[0].key, int):
        return max(2, len(f"{len(siblings) - 1}"))
    cells = (_key(node).cell_length for node in looked_at)
    return max((number for number in cells if number <= _KEY_CELLS), default=0)


def _text(value: str, folded: bool) -> Content:
    if not folded:
        lines = value.count("\n") + 1
        return safe(count(len(value), "character") + (f", {count(lines, 'line')}" if lines > 1 else ""), MUTED)
    style = _STYLES[str]
    if len(value) <= _MOST:
        return safe(one_line(json.dumps(value, ensure_ascii=False), _MOST), style)
    shown = json.dumps(value[:_MOST], ensure_ascii=False)[:-1]
    return safe(one_line(shown, _MOST), style)


def _object(value: dict[str, Any], folded: bool) -> Content:
    message = _message(value)
    if message is not None:
        said = one_line(message, _MOST) if folded else ""
        return join(safe(f"{message_kind(value)}  ", MUTED), safe(said, "$foreground 80%"))
    names = ", ".join(one_line(str(key), 24) for key in [*value][:_TOLD])
    more = ", …" if len(value) > _TOLD else ""
    return safe(f"{{{names}{more}}}" if folded or not value else "", MUTED)


def _message(value: dict[str, Any]) -> str | None:
    """What a message says, or what it calls; None if it is none."""
    found = messages_of([value])
    if not found:
        return None
    text = message_text(found[0])[0]
    calls = found[0].get("tool_calls")
    if text or not isinstance(calls, list):
        return text
    return "calls " + ", ".join(str(call.get("name")) for call in calls if isinstance(call, dict)) if calls else ""
