"""A step as a line: what it is, what came of it, when it ran as a bar. Pure; text from outside goes through `safe`."""

import json
from dataclasses import dataclass
from typing import Any, Final

from textual.content import Content

from playground.client.message_json import message_kind, message_text, messages_of
from playground.client.steps import Step
from playground.client.values import Interrupt
from playground.tui.text import MUTED, count, join, one_line, safe, short_id
from playground.tui.widgets.transcript_rows import interrupt_question, seconds_text

_NUMBER: Final = 4  # cells of a superstep's number
_SECONDS: Final = 8
_TOKENS: Final = 13
_INDENT: Final = 2
_MOST: Final = 300  # characters of what is said on a line
_STATUS: Final = {
    "running": ("●", "$text-accent"),
    "done": ("✔", "$text-success"),
    "failed": ("✘", "$text-error"),
    "waits": ("‖", "$text-warning"),
    "stopped": ("■", "$text-warning"),
    "": (" ", ""),
}
_SAID: Final = ("text", "message", "status")
"""Where a custom event says in words what it is about."""


@dataclass(frozen=True, slots=True)
class Span:
    """When a run ran, and when it is now, on the clock of its steps: what bars are drawn against."""

    began: float | None
    ended: float | None
    now: float | None = None

    @property
    def seconds(self) -> float:
        """From its beginning to its end, or to now."""
        end = self.ended if self.ended is not None else self.now
        return 0.0 if self.began is None or end is None else max(0.0, end - self.began)


def bar_cells(width: int) -> int:
    """How many cells there are for a bar; none on a narrow screen."""
    return 24 if width >= 100 else 12 if width >= 70 else 0


def step_line(step: Step, depth: int, span: Span, width: int, title: str = "", *, keys: bool = False) -> Content:
    """One line; `title` is what the server says ran, of a run. `keys`: a node says what it wrote."""
    if step.kind == "run":
        left, right = _run(step, title), _timing(step, span, width, is_run=True)
    else:
        is_numbered = step.number is not None and step.kind in ("node", "checkpoint") and depth == 1
        number = str(step.number) if is_numbered else ""
        indent = " " * (_INDENT * (depth - 1))
        left = join(
            safe(f"{number:>{_NUMBER}}  {indent}", MUTED),
            _what(step),
            _wrote(step) if keys and step.kind == "node" else "",
        )
        right = _timing(step, span, width) if step.kind in ("node", "message") else Content("")
    room = width - right.cell_length - (1 if right.cell_length else 0)
    if left.cell_length > room:
        left = left.truncate(max(4, room), ellipsis=True)
    return join(left, " " * max(0, width - left.cell_length - right.cell_length), right)


def step_text(step: Step, title: str = "") -> str:
    """What is looked through."""
    return f"{title} {_what(step).plain}" if step.kind == "run" else _what(step).plain


def _run(step: Step, title: str) -> Content:
    said = f"“{one_line(step.text, 120)}”" if step.text else "goes on"
    return join(safe(title or "a run", "bold"), "  ", safe(said, MUTED))


def _what(step: Step) -> Content:
    glyph, style = _STATUS[step.status]
    match step.kind:
        case "run":
            return safe(one_line(step.text, _MOST))
        case "node":
            return join(safe(f"{'↺' if step.cached else glyph} ", style), safe(one_line(step.name, 60)))
        case "message":
            return join(
                safe(f"{_who(step)} ", "$text-primary"), safe(_spoken(step), MUTED), safe(_open_end(step), MUTED)
            )
        case "write":
            return join(
                safe("~ ", "$text-accent"), safe(one_line(step.name, 40)), "  ", safe(_value(step.value), MUTED)
            )
        case "custom":
            return safe(f"· {_custom(step.value)}", MUTED)
        case "interrupt":
            question = "breakpoint" if step.name == "breakpoint" else interrupt_question(_payload(step.value))
            return safe(f"‖ {one_line(question, _MOST)}", "$text-warning" if step.status == "waits" else MUTED)
        case "error":
            said = f"{step.name}: {step.text}" if step.name else step.text
            return safe(f"✘ {one_line(said, _MOST)}", "$text-error")
        case "given":
            return safe(f"← {one_line(step.text, _MOST)}", MUTED)
        case "checkpoint":
            return safe(f"○ checkpoint {short_id(step.name)}  {one_line(step.text, 80)}", MUTED)
        case "note":
            return safe(f"– {one_line(step.text, _MOST)}", "$text-warning")
    return safe(f"{one_line(step.name, 20)}  {one_line(step.text, _MOST)}", MUTED)


def _who(step: Step) -> str:
    if step.name == "tool" and isinstance(step.value, list):
        return f"⚙ {one_line(str(step.value[0]), 40)}"
    return one_line(step.name, 20)


def _spoken(step: Step) -> str:
    calls = f"⚙ {', '.join(map(str, step.value))}" if isinstance(step.value, list) and step.name != "tool" else ""
    text = f"“{one_line(step.text, _MOST)}”" if step.text.strip() else ""
    return "  ".join(filter(None, (text, one_line(calls, 80)))) or ("reasoning" if step.value == "reasoning" else "")


def _open_end(step: Step) -> str:
    return " …" if step.status == "running" else ""


def _wrote(step: Step) -> Content:
    """Of what a node wrote, the keys; what is in them is below it."""
    keys = ", ".join(dict.fromkeys(child.name for child in step.children if child.kind == "write" and child.name))
    return safe(f"  {one_line(keys, 60)}", MUTED) if keys else Content("")


def _value(value: Any) -> str:
    messages = messages_of(value)
    if not messages:
        return one_line(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str), _MOST)
    last = messages[-1]
    text = one_line(message_text(last)[0], 120)
    return f"+{count(len(messages), 'message')}  {message_kind(last)}{f' “{text}”' if text else ''}"


def _custom(data: Any) -> str:
    said = (
        next((data[key] for key in _SAID if isinstance(data.get(key), str)), None) if isinstance(data, dict) else data
    )
    return one_line(said if isinstance(said, str) else json.dumps(data, ensure_ascii=False, default=str), _MOST)


def _payload(value: Any) -> Any:
    return value.value if isinstance(value, Interrupt) else value


def _timing(step: Step, span: Span, width: int, *, is_run: bool = False) -> Content:
    """`  640→40   ━━━━━━      0.61 s`: tokens, the bar, how long."""
    end = step.ended if step.ended is not None else span.now if step.status == "running" else None
    took = _seconds(max(0.0, end - step.began)) if step.began is not None and end is not None else ""
    parts = [safe(f"{took:>{_SECONDS}}", MUTED)]
    if (cells := bar_cells(width)) and not is_run:
        parts.insert(0, _bar(step, end, span, cells))
    if width >= 60:
        tokens = f"{step.tokens[0]}→{step.tokens[1]}" if step.tokens else ""
        parts.insert(0, safe(f"{tokens:>{_TOKENS}}  ", MUTED))
    if is_run:
        glyph, style = _STATUS[step.status]
        parts.insert(-1, safe(f"{glyph} {step.status}", style))
    return join(*parts)


def _seconds(seconds: float) -> str:
    if seconds < 0.0995:
        return f"{seconds * 1000:.0f} ms"
    return f"{seconds:.2f} s" if seconds < 1 else seconds_text(seconds)


def _bar(step: Step, end: float | None, span: Span, cells: int) -> Content:
    """Where in its run it ran, to half a cell."""
    whole = span.seconds
    if step.began is None or end is None or span.began is None or whole <= 0:
        return safe(" " * cells)
    halves = 2 * cells
    first = min(halves - 1, max(0, round((step.began - span.began) / whole * halves)))
    last = max(first + 1, min(halves, round((end - span.began) / whole * halves)))
    drawn = "".join(_cell(first <= 2 * cell < last, first <= 2 * cell + 1 < last) for cell in range(cells))
    return safe(drawn, _STATUS[step.status][1] if step.status != "done" else "$accent 70%")


def _cell(left: bool, right: bool) -> str:
    return "━" if left and right else "╸" if left else "╺" if right else " "
