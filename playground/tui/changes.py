"""What differs between two versions, as text to show. Pure."""

import json
from collections.abc import Sequence
from typing import Any, Final

from textual.content import Content

from playground.client.values import Version
from playground.compare.config_diff import Change, diff_config
from playground.compare.text_diff import Span, count_changed_lines, diff_lines, diff_words
from playground.tui.text import MUTED, count, join, one_line, safe

_SIGNS: Final = {"added": "+", "removed": "-", "changed": "~", "equal": "="}
_STYLES: Final = {
    "added": "$text-success",
    "removed": "$text-error",
    "changed": "$text-warning",
    "equal": MUTED,
}
_LONG: Final = 32
"""Characters from which a text is told by its lines or words instead of being shown on one line."""


def version_changes(left: Version, right: Version) -> list[Change]:
    """The context's fields by their names, then what else makes a version (config, name, …), if it differs."""
    changes = diff_config(left.context, right.context) + changed(diff_config(_rest(left), _rest(right)))
    return sorted(changes, key=lambda change: change.kind == "equal")


def _rest(version: Version) -> dict[str, Any]:
    rest: dict[str, Any] = {"(name)": version.name}
    if version.description:
        rest["(description)"] = version.description
    if version.config:
        rest["(config)"] = version.config
    metadata = {key: value for key, value in version.metadata.items() if key != "created_by"}
    return {**rest, "(metadata)": metadata} if metadata else rest


def changed(changes: Sequence[Change]) -> list[Change]:
    """Those that differ."""
    return [change for change in changes if change.kind != "equal"]


def equal_count(changes: Sequence[Change]) -> int:
    """How many fields are the same."""
    return len(changes) - len(changed(changes))


def summary(changes: Sequence[Change]) -> Content:
    """A line a field that differs: `~ temperature  0.7 → 0.2`; long texts by how many lines or words changed."""
    differing = changed(changes)
    if not differing:
        return safe("No differences.", MUTED)
    width = min(24, max(len(one_line(change.path, 24)) for change in differing))
    return Content("\n").join([_summary_line(change, width) for change in differing])


def _summary_line(change: Change, width: int) -> Content:
    sign = safe(_SIGNS[change.kind] + " ", _STYLES[change.kind])
    return join(sign, safe(one_line(change.path, 24).ljust(width)), "  ", safe(_what(change), MUTED))


def _what(change: Change) -> str:
    if _is_long(change.left) and _is_long(change.right) and isinstance(change.left, str):
        return _text_summary(change.left, change.right)
    if change.kind == "changed":
        return f"{value_line(change.left, _LONG)} → {value_line(change.right, _LONG)}"
    return value_line(change.right if change.kind == "added" else change.left, 2 * _LONG)


def _is_long(value: Any) -> bool:
    return isinstance(value, str) and (len(value) > _LONG or "\n" in value)


def _text_summary(left: str, right: str) -> str:
    if "\n" in left or "\n" in right:
        added, removed = count_changed_lines(diff_lines(left, right))
        return f"+{added} −{removed} lines"
    spans = diff_words(left, right)
    added = sum(len(span.text.split()) for span in spans if span.kind == "insert")
    removed = sum(len(span.text.split()) for span in spans if span.kind == "delete")
    return f"+{added} −{removed} words"


def value_line(value: Any, limit: int) -> str:
    """A JSON value on one line; a text without quotes, an empty one as `""`."""
    if isinstance(value, str) and value.strip():
        return one_line(value, limit)
    return one_line(json.dumps(value, ensure_ascii=False, default=repr), limit)


def details(changes: Sequence[Change]) -> Content:
    """Every field that differs, in full: texts with what was inserted and deleted, other values before and after."""
    differing = changed(changes)
    if not differing:
        return safe("No differences: both answer with the same configuration.", MUTED)
    blocks = [_block(change) for change in differing]
    same = [one_line(change.path, 40) for change in changes if change.kind == "equal"]
    if same:
        blocks.append(safe(f"= {count(len(same), 'equal field')}: {', '.join(same)}", MUTED))
    return Content("\n\n").join(blocks)


def _block(change: Change) -> Content:
    head = join(safe(f"{_SIGNS[change.kind]} ", _STYLES[change.kind]), safe(one_line(change.path, 80), "bold"))
    if change.kind == "changed" and (_is_long(change.left) or _is_long(change.right)) and _are_texts(change):
        both = join(head, "  ", safe(_text_summary(change.left, change.right), MUTED), "\n")
        return join(both, _text_details(change.left, change.right))
    if _fits_a_line(change):
        return join(head, "  ", _what(change))
    lines = []
    if change.kind != "added":
        lines.append(safe(_indent(change.left, "- "), "$text-error"))
    if change.kind != "removed":
        lines.append(safe(_indent(change.right, "+ "), "$text-success"))
    return Content("\n").join([head, *lines])


def _are_texts(change: Change) -> bool:
    return isinstance(change.left, str) and isinstance(change.right, str)


def _fits_a_line(change: Change) -> bool:
    return all(
        len(value_line(value, _LONG + 1)) <= _LONG and not _is_long(value) for value in (change.left, change.right)
    )


def _indent(value: Any, sign: str) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2, default=repr)
    return "\n".join(f"  {sign}{line}" for line in (text or '""').splitlines() or [""])


def _text_details(left: str, right: str) -> Content:
    """Line by line; within a line that changed, the words that did are underlined, so colour alone says nothing."""
    lines = []
    for row in diff_lines(left, right):
        if row.kind == "equal":
            lines.append(safe(f"    {row.left}", MUTED))
        elif row.kind == "changed":
            words = diff_words(row.left or "", row.right or "")
            lines.append(join(safe("  - ", "$text-error"), marked(words, "delete", "$text-error")))
            lines.append(join(safe("  + ", "$text-success"), marked(words, "insert", "$text-success")))
        elif row.kind == "removed":
            lines.append(safe(f"  - {row.left}", "$text-error"))
        else:
            lines.append(safe(f"  + {row.right}", "$text-success"))
    return Content("\n").join(lines)


def marked(spans: Sequence[Span], kind: str, style: str) -> Content:
    """One side of two texts; the words of that `kind` are underlined, too, so that colour alone says nothing."""
    parts = []
    for span in spans:
        if span.kind == "equal":
            parts.append(safe(span.text, style))
        elif span.kind == kind:
            word = span.text.lstrip()  # a word takes the white space before it along
            parts += [safe(span.text[: len(span.text) - len(word)]), safe(word, f"{style} underline bold")]
    return join(*parts)
