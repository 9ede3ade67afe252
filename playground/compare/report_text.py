"""The words and numbers that every kind of report shares."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from playground.compare.report import Report, ReportPane
from playground.compare.samples import Sample, SampleSummary, Spread

FIGURES: Final = (
    ("run", "running", " s"),
    ("time to first token", "first_token", " s"),
    ("queue", "queued", " s"),
    ("tokens in", "input_tokens", ""),
    ("tokens out", "output_tokens", ""),
    ("tokens a second", "tokens_per_second", ""),
    ("cost", "cost", ""),
)
"""(what a person calls it, the field of a summary, its unit)"""

HARMFUL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What a browser or a terminal would obey, or a file can't hold: control characters but tab and line feed, bidi
overrides and isolates, lone surrogates."""

_MARKS: Final = {"done": "✔", "failed": "✘", "interrupted": "‖", "stopped": "■", "running": "▍"}


def harmless(text: str) -> str:
    """The text, each harmful character replaced by a sign that there was one."""
    return HARMFUL.sub("�", text.replace("\r\n", "\n"))


def statuses_text(summary: SampleSummary) -> str:
    """`✔ done`, `✔ 3 done, ✘ 2 failed`; what came from a cache is said."""
    one = summary.count == 1
    counts = summary.statuses.items()
    said = [f"{_MARKS.get(status, '·')} {status if one else f'{count} {status}'}" for status, count in counts]
    cached = [] if not summary.cached else ["from a cache" if one else f"{summary.cached} from a cache"]
    return ", ".join([*said, *cached])


def rows_text(report: Report, pane: ReportPane, index: int) -> dict[str, str]:
    """What is known of a pane's part, by what a person calls it; of many answers least, median and most."""
    turn = report.turn(pane, index)
    if turn is None:
        return {}
    figures = {name: figure_text(report, pane, index, field, unit) for name, field, unit in FIGURES}
    rows = {**figures, "path": _ways(turn.samples), "tools": _calls(turn.summary)}
    return {name: text for name, text in rows.items() if text}


def figure_text(report: Report, pane: ReportPane, index: int, field: str, unit: str) -> str:
    """`0.52 s`, `0.41 – 0.52 – 0.80 s  +12%`: least, median, most; "" if nobody knows."""
    turn = report.turn(pane, index)
    spread = turn.figure(field) if turn is not None else None
    if spread is None:
        return ""
    more = report.difference(pane, index, field)
    told = f"  {round(more):+d}%" if more is not None and field != "queued" else ""
    return f"{_spread(spread, unit)}{told}"


def _calls(summary: SampleSummary) -> str:
    """`lookup_order 5/5, refund 3/5`; of a single answer the names alone."""
    one = summary.count == 1
    return ", ".join(name if one else f"{name} {count}/{summary.ended}" for name, count in summary.calls.items())


def _ways(samples: Sequence[Sample]) -> str:
    """The nodes that ran, in their order: `agent→tools→agent`, `agent 3/5, agent→tools→agent 2/5`."""
    ways = Counter("→".join(sample.metrics.path) for sample in samples if sample.status != "stopped")
    if len(ways) == 1:
        return next(iter(ways))
    return ", ".join(f"{way or 'none'} {count}/{ways.total()}" for way, count in ways.most_common())


def _spread(spread: Spread, unit: str) -> str:
    least, middle, most = (_number(value, unit) for value in (spread.least, spread.median, spread.most))
    return f"{middle}{unit}" if least == most else f"{least} – {middle} – {most}{unit}"


def _number(value: float, unit: str) -> str:
    return f"{value:.2f}" if unit else f"{value:.4g}"
