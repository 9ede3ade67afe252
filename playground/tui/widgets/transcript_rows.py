"""The blocks of a transcript as rows of text, folded or open. Pure; all text from outside goes through `plain`."""

import json
from typing import Any, Final

from textual.content import Content
from textual.highlight import highlight

from playground.client.blocks import (
    Block,
    CustomBlock,
    ErrorBlock,
    InterruptBlock,
    NodeBlock,
    TextBlock,
    ToolBlock,
    ValueBlock,
)
from playground.client.values import version_title
from playground.tui.text import MUTED, count, join, one_line, plain, safe

_MOST_JSON: Final = 40_000  # characters of a value that are shown
_FOLDED_LINES: Final = 12  # of a value that is shown without being opened
_SAID: Final = ("text", "message", "status")
"""Where a custom event says in words what it is about."""


def rows_of(block: Block, width: int, expanded: bool) -> list[Content]:
    """The rows of any block but a text that is shown as a text."""
    match block:
        case ToolBlock():
            head, body = _tool_head(block, width), _tool_body(block)
        case NodeBlock():
            head, body = _node_head(block), json_content(block.update)
        case CustomBlock():
            head, body = _custom_head(block, width), json_content(block.data)
        case ErrorBlock():
            head, body = _error_head(block), safe(block.detail or "", MUTED)
        case ValueBlock():
            return _value_rows(block, width, expanded)
        case InterruptBlock():
            head, body = _interrupt_head(block), json_content(block.interrupt.value if block.interrupt else None)
        case TextBlock():
            head, body = _aside_head(block), safe(block.text, MUTED)
        case _:
            raise TypeError(f"no rows for {block!r}")
    rows = head.wrap(width)
    return [*rows, *_indented(body, width)] if expanded else rows


def height_of(block: Block, width: int, expanded: bool) -> int:
    """About how many rows the block will have, for the price of a look at its length."""
    match block:
        case TextBlock() if not foldable(block):
            return 1 + _lines(block.text, width)
        case ToolBlock() if expanded:
            return 4 + len(block.pieces) + _lines(block.result or "", width)
        case ValueBlock():
            return _FOLDED_LINES + 1
        case _:
            return 2 if expanded else 1


def foldable(block: Block) -> bool:
    """Whether there is more of the block than its first rows."""
    match block:
        case TextBlock():
            return block.aside or block.role == "reasoning"
        case ErrorBlock():
            return bool(block.detail)
        case InterruptBlock():
            return block.interrupt is not None
        case ValueBlock():
            return json_text(block.value).count("\n") >= _FOLDED_LINES
    return True


def json_text(value: Any) -> str:
    """The value as one reads it: indented JSON, a text as it is."""
    if isinstance(value, str):
        return value
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)


def json_content(value: Any) -> Content:
    """The value as indented, coloured JSON; very long ones cut, saying so."""
    text = plain(json_text(value), _MOST_JSON)
    return Content(text) if isinstance(value, str) else highlight(text, language="json")


def call_text(name: str, arguments: Any, limit: int) -> str:
    """`refund(order="4411")`, on one line."""
    if not isinstance(arguments, dict):
        return one_line(f"{name}({arguments if isinstance(arguments, str) else json.dumps(arguments)}", limit)
    inside = ", ".join(f"{key}={json.dumps(value, ensure_ascii=False)}" for key, value in arguments.items())
    return one_line(f"{name}({inside})", limit)


def seconds_text(seconds: float) -> str:
    """`0.3 s`, `12 s`, `3m 05s`: at most six characters."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{int(seconds) // 60}m {int(seconds) % 60:02}s"


def _mark(expanded_with: str = "▸") -> Content:
    return Content.styled(f"{expanded_with} ", MUTED)


def _tool_head(block: ToolBlock, width: int) -> Content:
    states = {
        "writing": ("…", MUTED),
        "running": ("…", MUTED),
        "done": ("✔", "$text-success"),
        "failed": ("✘", "$text-error"),
        "unanswered": ("– no answer", "$text-warning"),
    }
    glyph, style = states[block.state]
    took = f" {seconds_text(block.seconds)}" if block.seconds is not None else ""
    room = max(12, width - 6 - len(glyph) - len(took))
    return join(
        safe("⚙ ", "$text-accent"),
        safe(call_text(block.name, block.arguments, room)),
        safe(f" {glyph}", style),
        safe(took, MUTED),
    )


def _tool_body(block: ToolBlock) -> Content:
    parts = [safe("arguments", MUTED), json_content(block.arguments)]
    if block.result is not None:
        parts += [safe("result", MUTED), json_content(_parsed(block.result))]
    return join(*parts, separator="\n")


def _parsed(text: str) -> Any:
    """A tool's answer as the JSON it is, or as the text it is."""
    try:
        return json.loads(text) if text[:1] in ("{", "[") and len(text) < _MOST_JSON else text
    except ValueError:
        return text


def _node_head(block: NodeBlock) -> Content:
    path = "/".join(part.partition(":")[0] for part in block.namespace)
    name = f"{path}/{block.node}" if path else str(block.node)
    facts = [
        version_title(block.version, block.draft),
        seconds_text(block.seconds) if block.seconds is not None else "",
        _wrote(block.update),
    ]
    step = f"{block.step:>3} " if block.step is not None else "  · "
    return join(safe(step, MUTED), safe(one_line(name, 60)), safe("  " + "  ".join(filter(None, facts)), MUTED))


def _wrote(update: Any) -> str:
    if isinstance(update, dict):
        return one_line(", ".join(str(key) for key in update), 60)
    return "" if update is None else count(len(update), "update") if isinstance(update, list) else ""


def _custom_head(block: CustomBlock, width: int) -> Content:
    data = block.data
    said = (
        next((data[key] for key in _SAID if isinstance(data.get(key), str)), None) if isinstance(data, dict) else data
    )
    text = said if isinstance(said, str) else json.dumps(data, ensure_ascii=False, default=str)
    return safe(f"· {one_line(text, max(10, width - 3))}", MUTED)


def _error_head(block: ErrorBlock) -> Content:
    said = plain(f"{block.error}: {block.message}" if block.error else block.message, 2_000)
    head = safe(f"✘ {said}", "$text-error")
    return join(head, safe("  (o: traceback)", MUTED)) if block.detail else head


def _interrupt_head(block: InterruptBlock) -> Content:
    if block.interrupt is None:
        return safe("‖ breakpoint", "$text-warning")
    if not block.done:
        return safe("‖ waits for an answer", "$text-warning")
    answer = "answered" if block.answer is None else one_line(answer_text(block.answer), 80)
    answer = "not answered" if block.left else answer
    question = one_line(interrupt_question(block.interrupt.value), 300)
    return join(safe("‖ ", "$text-warning"), safe(question), safe(f"  → {answer}", MUTED))


def answer_text(answer: Any) -> str:
    """An answer in a word, where it follows a convention; else as JSON on one line."""
    decisions = answer.get("decisions") if isinstance(answer, dict) else answer
    if isinstance(decisions, list) and decisions and all(isinstance(d, dict) and "type" in d for d in decisions):
        return ", ".join(str(decision["type"]) for decision in decisions)
    return answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False, default=str)


def interrupt_question(value: Any) -> str:
    """What an interrupt asks, as far as its payload says it in a known place."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, dict):
        requests = value.get("action_requests")
        if isinstance(requests, list) and requests and isinstance(requests[0], dict):
            return interrupt_question(requests[0])
        for key in ("description", "question", "message", "prompt"):
            if isinstance(value.get(key), str) and value[key].strip():
                return str(value[key])
        request = value.get("action_request")
        if isinstance(request, dict):
            return call_text(str(request.get("action")), request.get("args"), 200)
        if "name" in value and "args" in value:
            return call_text(str(value["name"]), value["args"], 200)
    return json_text(value)


def _aside_head(block: TextBlock) -> Content:
    words = count(len(block.text.split()), "word")
    what = "reasoning" if block.role == "reasoning" else f"{block.node or 'a model'} wrote on the way"
    state = "" if block.done else " …"
    return safe(f"▸ {one_line(what, 60)}  {words}{state}", f"italic {MUTED}")


def _value_rows(block: ValueBlock, width: int, expanded: bool) -> list[Content]:
    head = safe(block.title, f"bold {MUTED}" if block.title == "input" else "bold $text-accent")
    lines = json_content(block.value).split("\n", allow_blank=True)
    hidden = len(lines) - _FOLDED_LINES if not expanded else 0
    rows = [head]
    for line in lines if hidden <= 0 else lines[:_FOLDED_LINES]:
        rows += _indented(line, width)
    if hidden > 0:
        rows.append(safe(f"  … {count(hidden, 'more line')}  (o: all)", MUTED))
    return rows


def _indented(body: Content, width: int, indent: str = "  ") -> list[Content]:
    return [Content(indent) + row for row in body.wrap(max(4, width - len(indent)))]


def _lines(text: str, width: int) -> int:
    return text.count("\n") + len(text) // width
