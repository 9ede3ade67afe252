"""Differences as lines of a given width: one column of `-` and `+`, or two side by side. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Final

from textual.content import Content

from playground.compare.text_diff import diff_words
from playground.tui.changes import marked, value_line
from playground.tui.edit.diff import SHORT, Differences, Gap, Head, Row
from playground.tui.forms.document import UNSET, Path
from playground.tui.text import MUTED, count, join, one_line, safe

SIDE_BY_SIDE: Final = 150
"""Cells from which there is room for two columns."""
ALIKE: Final = 0.4
"""The part of two lines that must be the same for single words to be marked."""
SIGNS: Final = {"added": ("+", "$text-success"), "removed": ("-", "$text-error"), "changed": ("~", "$text-warning")}
_OLD, _NEW = "$text-error", "$text-success"


@dataclass(slots=True)
class Drawn:
    """The lines, the change each belongs to, and which lines each change takes."""

    lines: list[Content] = field(default_factory=list)
    owners: list[int | None] = field(default_factory=list)

    def place(self, hunk: int) -> tuple[int, int]:
        """The first line of a change, and how many it has up to its last one."""
        at = [number for number, owner in enumerate(self.owners) if owner == hunk]
        return (at[0], at[-1] - at[0] + 1) if at else (0, 1)


def draw(found: Differences, width: int, name: Callable[[Path], str]) -> Drawn:
    """All differences, two cells of each line left free for the cursor. `name` is what a field is called."""
    drawn = Drawn()
    room = max(20, width - 2)
    for number, line in enumerate(found.lines):
        if isinstance(line, Head):
            if number:
                _add(drawn, [Content("")], None)
            _add(drawn, [_head(line, name(line.path)).truncate(room, ellipsis=True)], line.hunk)
        elif isinstance(line, Gap):
            _add(drawn, [safe(f"      … {count(line.lines, 'equal line')}", MUTED)], None)
        else:
            _add(drawn, _beside(line, room) if width >= SIDE_BY_SIDE else list(_below(line, room)), line.hunk)
    if found.equal:
        same = ", ".join(name(path) for path in found.equal)
        _add(
            drawn,
            [Content(""), safe(f"= {count(len(found.equal), 'equal field')}: {one_line(same, 400)}", MUTED)],
            None,
        )
        drawn.lines[-1:] = drawn.lines[-1].wrap(room)
        drawn.owners += [None] * (len(drawn.lines) - len(drawn.owners))
    return drawn


def _add(drawn: Drawn, lines: list[Content], owner: int | None) -> None:
    drawn.lines += lines
    drawn.owners += [owner] * len(lines)


def _head(head: Head, name: str) -> Content:
    sign, style = SIGNS[head.kind]
    title = join(safe(f"{sign} ", style), safe(one_line(name, 80), "bold"))
    if not head.is_short:
        facts = f"  +{head.added} −{head.removed} lines" + ("  against the default, which held" * head.was_default)
        return join(title, safe(facts, MUTED))
    old, new = (None if value is UNSET else value_line(value, SHORT) for value in (head.left, head.right))
    if new is None:
        return join(title, "  ", safe(f"{old}", f"{_OLD} strike"), safe("  not set any more", MUTED))
    if old is None:
        return join(title, "  ", safe(new, _NEW), safe("  was not set", MUTED))
    return join(title, "  ", safe(old, _OLD), safe(" → ", MUTED), safe(new, _NEW))


def _below(row: Row, room: int) -> Iterator[Content]:
    """What went over what came."""
    if row.hunk is None:
        yield from _wrapped(safe(_text(row.right), MUTED), row.right_number, " ", MUTED, room)
        return
    old, new = _sides(row)
    if old is not None:
        yield from _wrapped(old, row.left_number, "-", _OLD, room)
    if new is not None:
        yield from _wrapped(new, row.right_number, "+", _NEW, room)


def _beside(row: Row, room: int) -> list[Content]:
    """What went on the left, what came on the right."""
    half = (room - 3) // 2
    old, new = (safe(_text(row.left), MUTED), safe(_text(row.right), MUTED)) if row.hunk is None else _sides(row)
    left = [] if old is None else _wrapped(old, row.left_number, " " if row.hunk is None else "-", _OLD, half)
    right = [] if new is None else _wrapped(new, row.right_number, " " if row.hunk is None else "+", _NEW, half)
    blank = Content("")
    return [
        join(_fill(one, half), safe(" │ ", MUTED), other) for one, other in zip_longest(left, right, fillvalue=blank)
    ]


def _fill(line: Content, width: int) -> Content:
    return line.pad_right(max(0, width - line.cell_length))


def _wrapped(text: Content, number: int | None, sign: str, style: str, room: int) -> list[Content]:
    """`  12 + text`, on as many lines as it takes."""
    lines = text.wrap(max(8, room - 7)) or [Content("")]
    heads = [join(safe(f"{number or '':>4} ", MUTED), safe(f"{sign} ", style))] + [Content(" " * 7)] * (len(lines) - 1)
    return [join(head, line) for head, line in zip(heads, lines, strict=True)]


def _sides(row: Row) -> tuple[Content | None, Content | None]:
    """Both lines in their colours; the words that differ are underlined, so that colour alone says nothing."""
    if row.left is None or row.right is None:
        return (
            None if row.left is None else safe(_text(row.left), _OLD),
            None if row.right is None else safe(_text(row.right), _NEW),
        )
    left, right = _text(row.left), _text(row.right)
    spans = diff_words(left, right)
    alike = sum(len(span.text) for span in spans if span.kind == "equal") / max(1, len(left), len(right))
    if alike < ALIKE:
        return safe(left, _OLD), safe(right, _NEW)
    return marked(spans, "delete", _OLD), marked(spans, "insert", _NEW)


def _text(line: str | None) -> str:
    return (line or "").rstrip("\r").expandtabs(4)
