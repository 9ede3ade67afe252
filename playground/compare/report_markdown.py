"""A report as Markdown. What models and users wrote stands in fences: text, never headings or links of the page."""

import re
from collections.abc import Sequence

from playground.compare.report import Report, ReportPane, ReportTurn, differing
from playground.compare.report_text import harmless, rows_text, statuses_text
from playground.compare.samples import group

_THEIRS = ("path", "tools")  # rows with names that aren't ours
_TICKS = re.compile("`+")


def report_markdown(report: Report) -> str:
    """The whole comparison: what differs in the configurations, then turn by turn."""
    parts = [f"# {code(report.title)}", f"{report.made_at:%Y-%m-%d %H:%M}"]
    if rows := differing(report.panes):
        heads = ["", *(f"{pane.letter} {_cell(pane.title)}" for pane in report.panes)]
        parts.append(_table(heads, [[_cell(path), *map(_cell, values)] for path, values in rows]))
    for index in range(len(report.parts)):
        parts += _turn(report, index)
    return "\n\n".join(parts) + "\n"


def pane_markdown(pane: ReportPane) -> str:
    """One pane's turns."""
    parts = [f"# {code(pane.title)} · {code(pane.context_hash[:6])}"]
    for number, turn in enumerate(pane.turns, 1):
        title, digest = pane.ran(turn)
        parts += [f"## Turn {number} · {code(title)} · {code(digest)}", fence(turn.input), *_answers(turn)]
    return "\n\n".join(parts) + "\n"


def _turn(report: Report, index: int) -> list[str]:
    found = [(pane, turn) for pane in report.panes if (turn := report.turn(pane, index)) is not None]
    heads = ["", *(f"{pane.letter} {_cell(pane.title)}" for pane, _ in found)]
    told = [rows_text(report, pane, index) for pane, _ in found]
    rows = [["status", *(statuses_text(turn.summary) for _, turn in found)]]
    for name in dict.fromkeys(name for one in told for name in one):
        show = _cell if name in _THEIRS else str
        rows.append([name, *(show(one.get(name, "")) for one in told)])
    parts = [f"## {report.parts[index]}", fence(report.input(index)), _table(heads, rows)]
    for pane, turn in found:
        title, digest = pane.ran(turn)
        parts += [f"### {pane.letter} {code(title)} · {code(digest)}", *_answers(turn)]
    return parts


def _answers(turn: ReportTurn) -> list[str]:
    parts = [fence("\n".join(turn.calls))] if turn.calls else []
    groups = group(turn.samples)
    for one in groups:
        who = "" if len(turn.samples) == 1 else f"{one.count}×"
        said = f"{who} {one.status}".strip() if one.status != "done" or who else ""
        parts += [said] if said else []
        parts.append(fence(one.text) if one.text else "(no text)")
    return parts


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cell or ' ' for cell in line)} |" for line in lines)


def code(text: str) -> str:
    """The text on one line, as code: nothing in it is read."""
    line = harmless(" ".join(text.split()))
    if not line:
        return ""
    ticks = "`" * (1 + max((len(found) for found in _TICKS.findall(line)), default=0))
    pad = " " if "`" in (line[0], line[-1]) else ""
    return f"{ticks}{pad}{line}{pad}{ticks}"


def _cell(text: str) -> str:
    """The same in a table, whose cells end at bars, even in code."""
    return code(text).replace("|", "\\|")


def fence(text: str) -> str:
    """The text as it is, in a fence that it can't close."""
    text = harmless(text)
    ticks = "`" * max(3, 1 + max((len(found) for found in _TICKS.findall(text)), default=0))
    return f"{ticks}text\n{text.rstrip()}\n{ticks}"
