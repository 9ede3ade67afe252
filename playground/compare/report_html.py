"""A report as one page of HTML: no script, nothing from a network, light or dark as the reader likes it."""

import json
from collections.abc import Iterable
from html import escape
from typing import Final

from playground.compare.report import Report, ReportPane, ReportTurn, differing
from playground.compare.report_text import harmless, rows_text, statuses_text
from playground.compare.samples import group

_STYLE: Final = """
:root { color-scheme: light dark; --line: #8885; --soft: #8881; --muted: #777; --changed: #b58900; }
@media (prefers-color-scheme: dark) { :root { --muted: #999; --changed: #e5b94e; } }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 110rem; padding: 0 1.5rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2.5rem; } h3 { font-size: 1rem; margin: 0 0 .5rem; }
.muted, th { color: var(--muted); font-weight: normal; }
.panes { display: grid; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); gap: 1rem; align-items: start; }
.pane { border: 1px solid var(--line); border-radius: 6px; padding: 1rem; min-width: 0; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: .5rem 0; font: 13px/1.5 ui-monospace, monospace; }
.input, .calls { background: var(--soft); border-radius: 4px; padding: .5rem .75rem; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: .2rem .6rem .2rem 0; border-bottom: 1px solid var(--line); }
td { overflow-wrap: anywhere; white-space: pre-wrap; }
.pane th { white-space: nowrap; }
.contexts { table-layout: fixed; } .contexts th { overflow-wrap: anywhere; } .contexts th:first-child { width: 12rem; }
td.changed { border-left: 2px solid var(--changed); padding-left: .6rem; }
"""


def report_html(report: Report) -> str:
    """The whole page, as text to be written as UTF-8."""
    body = [
        f"<h1>{text_html(report.title)}</h1>",
        f'<p class="muted">{report.made_at:%Y-%m-%d %H:%M} · {report.turns} turn{"s" * (report.turns != 1)}</p>',
        *_configuration(report),
        *(part for index in range(len(report.parts)) for part in _turn(report, index)),
    ]
    return page(report.title, body)


def page(title: str, body: Iterable[str]) -> str:
    """A page of this title; `body` is HTML."""
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            f"<title>{text_html(title)}</title>",
            f"<style>{_STYLE}</style></head><body>",
            *body,
            "</body></html>\n",
        ]
    )


def _configuration(report: Report) -> Iterable[str]:
    rows = differing(report.panes)
    yield "<h2>Configuration</h2>"
    if rows:
        heads = "".join(f"<th>{pane.letter} {text_html(pane.title)}</th>" for pane in report.panes)
        yield f'<table class="contexts"><tr><th></th>{heads}</tr>'
        for path, values in rows:
            cells = "".join(f'<td class="changed">{text_html(value)}</td>' for value in values)
            yield f"<tr><th>{text_html(path)}</th>{cells}</tr>"
        yield "</table>"
    else:
        yield "<p>No differences.</p>"
    for pane in report.panes:
        left = f'<p class="muted">Left out: {text_html(", ".join(pane.left_out))}</p>' if pane.left_out else ""
        whole = json.dumps(pane.context, ensure_ascii=False, indent=2, default=str)
        summary = f"{pane.letter} {text_html(pane.title)} · {text_html(pane.context_hash[:6])}: the whole context"
        yield f'<details><summary class="muted">{summary}</summary><pre>{text_html(whole)}</pre>{left}</details>'


def _turn(report: Report, index: int) -> Iterable[str]:
    yield f'<h2>{report.parts[index]}</h2><pre class="input">{text_html(report.input(index))}</pre><div class="panes">'
    for pane in report.panes:
        turn = report.turn(pane, index)
        if turn is not None:
            yield from _pane(report, pane, turn, index)
    yield "</div>"


def _pane(report: Report, pane: ReportPane, turn: ReportTurn, index: int) -> Iterable[str]:
    title, digest = pane.ran(turn)
    head = f'{pane.letter} {text_html(title)} <span class="muted">· {text_html(digest)}</span>'
    yield f'<section class="pane"><h3>{head}</h3><p>{text_html(statuses_text(turn.summary))}</p>'
    if turn.input != report.input(index):
        yield f'<pre class="input">{text_html(turn.input)}</pre>'
    if turn.calls:
        yield f'<pre class="calls">{text_html(chr(10).join(turn.calls))}</pre>'
    for one in group(turn.samples):
        who = "" if len(turn.samples) == 1 else f'<p class="muted">{one.count}× {text_html(one.status)}</p>'
        yield f"{who}<pre>{text_html(one.text) or '(no text)'}</pre>"
    yield "<table>"
    for name, value in rows_text(report, pane, index).items():
        yield f"<tr><th>{name}</th><td>{text_html(value).replace('→', '→<wbr>')}</td></tr>"
    yield "</table></section>"


def text_html(text: str) -> str:
    """The text as it is: nothing in it is read."""
    return escape(harmless(text))
