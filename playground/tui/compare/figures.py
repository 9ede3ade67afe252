"""The figures of a run as text: fixed places, however large they grow, so that nothing jumps while it streams. Pure."""

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from textual.content import Content

from playground.client.values import Waiting
from playground.compare.metrics import Metrics, percent
from playground.tui.text import MUTED, count, join, one_line, safe
from playground.tui.widgets.transcript_rows import seconds_text

WIDE: Final = 70  # columns from which two lines are enough; less takes four
HEIGHT: Final = {True: 2, False: 4}
"""Lines of figures, wide or not."""


def figures_content(
    metrics: Metrics, base: Metrics | None = None, waiting: Waiting | None = None, width: int = 80
) -> Content:
    """The figures and how they differ from the base's, the most important first; `waiting` of a run in the queue."""
    wide = width >= WIDE
    if metrics.running is None and not metrics.ended:
        lines = [queue_content(metrics, waiting)]
    elif wide:
        lines = _wide_lines(metrics, base, width)
    else:
        lines = _narrow_lines(metrics, base, width)
    lines += [Content("")] * (HEIGHT[wide] - len(lines))
    return Content("\n").join(lines)


def queue_content(metrics: Metrics, waiting: Waiting | None) -> Content:
    """`waits   1.3 s  2 ahead of it`."""
    waited = f"waits {seconds_text(metrics.queued or 0):>6}"
    return join(waited, f"  {waiting_text(waiting)}" if waiting else "")


def waiting_text(waiting: Waiting) -> str:
    """What a run waits for, as the server says it."""
    match waiting.reason:
        case "slot" if waiting.ahead:
            return f"{waiting.ahead} ahead of it"
        case "slot":
            return "it is next"
        case "thread":
            return "the thread's last run first"
        case "time":
            return "starts later"
    return ""


def figures_text(metrics: Metrics) -> str:
    """`ttft 0.5  3.1 s  640→88 tok  28/s  queue 0.1`, all on one line."""
    first = f"{metrics.first_token:4.1f}" if metrics.first_token is not None else "   –"
    running = f"{metrics.running:6.1f} s" if metrics.running is not None else "     – s"
    rate = metrics.tokens_per_second
    tokens = f"{metrics.input_tokens:>5}→{metrics.output_tokens:<4} tok" if metrics.output_tokens else " " * 14
    speed = f"{rate:4.0f}/s" if rate is not None else " " * 6
    queued = f"queue {metrics.queued:4.1f}" if metrics.queued is not None else ""
    return f"ttft {first} {running} {tokens} {speed}  {queued}"


def path_text(path: Sequence[str]) -> str:
    """`path plan→question×3→sum`."""
    groups = [(node, len(list(same))) for node, same in groupby(path)]
    return "path " + one_line("→".join(f"{node}×{times}" if times > 1 else node for node, times in groups), 400)


def percent_text(mine: float | None, base: float | None) -> str:
    """`+12%`, `-3%`, `0%`, `×12` from ten times on; "" if there is nothing to compare with."""
    difference = percent(mine, base)
    if difference is None:
        return ""
    if difference >= 900:
        return f"×{min(9999, difference / 100 + 1):.0f}"
    return f"{round(difference):+d}%" if round(difference) else "0%"


def cost_text(cost: float) -> str:
    """`$0.0123`, at most eight characters. Providers report dollars."""
    if cost == 0 or cost >= 0.0001:
        return f"${cost:.4f}" if cost < 10 else f"${cost:.2f}"
    return f"${cost:.0e}"


def tokens_text(metrics: Metrics) -> str:
    """`640→88`; "–" if the model doesn't count."""
    if not metrics.input_tokens and not metrics.output_tokens:
        return "–"
    return f"{metrics.input_tokens}→{metrics.output_tokens}"


def _narrow_lines(metrics: Metrics, base: Metrics | None, width: int) -> list[Content]:
    """Three rows of a name, a figure, a difference and another figure at the right; then the path."""
    rate, waited = metrics.tokens_per_second, _waited(metrics)
    rows = [
        ("run ", _seconds(metrics.running), _of_run(metrics, base), f"{rate:.0f}/s" if rate is not None else ""),
        ("ttft", _seconds(metrics.first_token), _of_first(metrics, base), f"q {waited:.1f}" if waited else ""),
        ("tok ", tokens_text(metrics), _of_tokens(metrics, base), cost_text(metrics.cost) if metrics.cost else ""),
    ]
    lines = []
    for name, figure, difference, other in rows:
        left = join(safe(name, MUTED), safe(f"{figure:>9}", "$foreground"), safe(f" {difference:>5}", MUTED))
        lines.append(join(left, safe(other.rjust(max(0, width - left.cell_length)), MUTED)))
    return [*lines, _path_line(metrics, "", width)]


def _wide_lines(metrics: Metrics, base: Metrics | None, width: int) -> list[Content]:
    rate = metrics.tokens_per_second
    first = join(
        safe("run ", MUTED),
        safe(f"{_seconds(metrics.running):>6}", "$foreground"),
        safe(f" {_of_run(metrics, base):>5}", MUTED),
        safe("  ttft ", MUTED),
        safe(f"{_seconds(metrics.first_token):>6}", "$foreground"),
        safe(f" {_of_first(metrics, base):>5}", MUTED),
        safe("  tok ", MUTED),
        safe(f"{tokens_text(metrics):>11}", "$foreground"),
        safe(f" {_of_tokens(metrics, base):>5}", MUTED),
        safe(f"  {rate:4.0f}/s" if rate is not None else "", MUTED),
    )
    waited = _waited(metrics)
    facts = [
        f"queue {seconds_text(waited)}" if waited else "",
        cost_text(metrics.cost) if metrics.cost is not None else "",
    ]
    return [first, _path_line(metrics, "  ".join(filter(None, facts)), width)]


def _path_line(metrics: Metrics, facts: str, width: int) -> Content:
    """The path, cut, and the number of steps and other facts at the right."""
    right = "  ".join(filter(None, [facts, count(metrics.steps, "step") if metrics.steps else ""]))
    room = max(8, width - len(right) - 2) if right else width
    path = one_line(path_text(metrics.path), room)
    return safe(f"{path:<{room}}  {right}" if right else path, MUTED)


def _seconds(seconds: float | None) -> str:
    return "–" if seconds is None else seconds_text(seconds)


def _waited(metrics: Metrics) -> float | None:
    """Less than a twentieth of a second isn't waiting."""
    return metrics.queued if metrics.queued is not None and metrics.queued >= 0.05 else None


def _of_run(metrics: Metrics, base: Metrics | None) -> str:
    return percent_text(metrics.running, base.running) if base and base.ended and metrics.ended else ""


def _of_first(metrics: Metrics, base: Metrics | None) -> str:
    return percent_text(metrics.first_token, base.first_token) if base else ""


def _of_tokens(metrics: Metrics, base: Metrics | None) -> str:
    return percent_text(metrics.output_tokens, base.output_tokens) if base and base.ended and metrics.ended else ""
