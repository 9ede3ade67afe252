"""The words and numbers that every kind of report shares."""

from playground.compare.report import Report, ReportPane
from playground.compare.samples import SampleSummary, Spread

FIGURES = (
    ("run", "running", " s"),
    ("time to first token", "first_token", " s"),
    ("queue", "queued", " s"),
    ("tokens in", "input_tokens", ""),
    ("tokens out", "output_tokens", ""),
    ("tokens a second", "tokens_per_second", ""),
    ("cost", "cost", ""),
)
"""(what a person calls it, the field of a summary, its unit)"""

_MARKS = {"done": "✔", "failed": "✘", "interrupted": "‖", "stopped": "■", "running": "▍"}


def statuses_text(summary: SampleSummary) -> str:
    """`✔ done`, `✔ 3 done, ✘ 2 failed`."""
    if summary.count == 1:
        return "".join(f"{_MARKS.get(status, '·')} {status}" for status in summary.statuses)
    return ", ".join(f"{_MARKS.get(status, '·')} {count} {status}" for status, count in summary.statuses.items())


def calls_text(summary: SampleSummary) -> str:
    """`lookup_order 5/5, refund 3/5`; "" if no tool was called."""
    return ", ".join(f"{name} {count}/{summary.ended}" for name, count in summary.calls.items())


def figure_text(report: Report, pane: ReportPane, index: int, field: str, unit: str) -> str:
    """`0.52 s`, `0.41 – 0.52 – 0.80 s  +12%`: least, median, most; "" if nobody knows."""
    turn = report.turn(pane, index)
    spread: Spread | None = getattr(turn.summary, field) if turn is not None else None
    if spread is None:
        return ""
    more = report.difference(pane, index, field)
    told = f"  {round(more):+d}%" if more is not None and field != "queued" else ""
    return f"{_spread(spread, unit)}{told}"


def _spread(spread: Spread, unit: str) -> str:
    least, middle, most = (_number(value, unit) for value in (spread.least, spread.median, spread.most))
    return f"{middle}{unit}" if least == most else f"{least} – {middle} – {most}{unit}"


def _number(value: float, unit: str) -> str:
    return f"{value:.2f}" if unit else f"{value:.4g}"
