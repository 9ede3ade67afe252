"""A report as JSON: the same numbers, for scripts."""

import json
from dataclasses import asdict
from typing import Any

from playground.compare.report import Report, ReportPane
from playground.compare.report_text import HARMFUL
from playground.compare.samples import Sample, group

Json = dict[str, Any]

_COMPARED = ("running", "first_token", "input_tokens", "output_tokens", "tokens_per_second", "cost")


def report_json(report: Report) -> Json:
    """`{name, made_at, panes: [{…, turns: [{input, summary, groups, differs, samples}], sampled}]}`.

    Times in seconds. `summary` has least, median and most of each figure, of the samples that are done; `differs` how
    much more the medians are than the first pane's, in per cent; `groups` equal answers, `exact` and `loose` (without
    case, space and punctuation). What isn't known is null.
    """
    panes = [_pane(report, pane) for pane in report.panes]
    return {"name": report.name, "made_at": report.made_at.isoformat(timespec="seconds"), "panes": panes}


def report_json_text(report: Report) -> str:
    """The same as a document. What a terminal would obey, or a file can't hold, is escaped: still the same JSON."""
    text = json.dumps(report_json(report), ensure_ascii=False, indent=2)
    return HARMFUL.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"


def _pane(report: Report, pane: ReportPane) -> Json:
    return {
        "letter": pane.letter,
        "title": pane.title,
        "graph_id": pane.graph_id,
        "assistant_id": pane.assistant_id,
        "version": pane.version,
        "draft": pane.draft,
        "context_hash": pane.context_hash,
        "context": dict(pane.context),
        "left_out": list(pane.left_out),
        "turns": [_turn(report, pane, index) for index in range(len(pane.turns))],
        "sampled": _turn(report, pane, report.turns) if pane.sampled else None,
    }


def _turn(report: Report, pane: ReportPane, index: int) -> Json | None:
    turn = report.turn(pane, index)
    if turn is None:
        return None
    return {
        "input": turn.input,
        "summary": asdict(turn.summary),
        "groups": {"exact": _groups(turn.samples), "loose": _groups(turn.samples, loose=True)},
        "differs": {figure: report.difference(pane, index, figure) for figure in _COMPARED},
        "tool_calls": list(turn.calls),
        "samples": [_sample(sample) for sample in turn.samples],
    }


def _groups(samples: tuple[Sample, ...], *, loose: bool = False) -> list[Json]:
    found = group(samples, loose)
    return [{"count": one.count, "status": one.status, "text": one.text, "samples": list(one.indexes)} for one in found]


def _sample(sample: Sample) -> Json:
    figures = asdict(sample.metrics)
    figures["tokens_per_second"] = sample.metrics.tokens_per_second
    return {**asdict(sample), "metrics": figures}
