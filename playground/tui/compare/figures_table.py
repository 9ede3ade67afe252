"""The figures of all panes as a table: a row for each, a column for each pane, beside it how it differs. Pure."""

from collections.abc import Callable, Sequence
from typing import Final

from playground.compare.metrics import Metrics
from playground.tui.compare.figures import cost_text, percent_text
from playground.tui.widgets.transcript_rows import seconds_text


def _queued(metrics: Metrics) -> float | None:
    return metrics.queued


_ROWS: Final[tuple[tuple[str, Callable[[Metrics], float | None], Callable[[float], str]], ...]] = (
    ("queued", _queued, seconds_text),
    ("first token", lambda m: m.first_token, seconds_text),
    ("running", lambda m: m.running, seconds_text),
    ("tokens in", lambda m: m.input_tokens or None, lambda n: f"{n:,.0f}"),
    ("tokens out", lambda m: m.output_tokens or None, lambda n: f"{n:,.0f}"),
    ("tokens/s", lambda m: m.tokens_per_second, lambda n: f"{n:.0f}"),
    ("steps", lambda m: m.steps or None, lambda n: f"{n:.0f}"),
    ("cost", lambda m: m.cost, cost_text),
)


def figures_table(titles: Sequence[str], contexts: Sequence[str], figures: Sequence[Metrics | None]) -> list[str]:
    """Lines of the same width; the first pane is what the others are held against, once both have ended."""
    columns = [
        [title, context or "–", *(_cell(metrics, figures[0], row) for row in _ROWS)]
        for title, context, metrics in zip(titles, contexts, figures, strict=True)
    ]
    names = ["", "context", *(name for name, _, _ in _ROWS)]
    widths = [max(map(len, column)) for column in columns]
    return [
        f"{name:<11}" + "".join(f"  {column[line]:>{width}}" for column, width in zip(columns, widths, strict=True))
        for line, name in enumerate(names)
    ]


def _cell(
    metrics: Metrics | None,
    base: Metrics | None,
    row: tuple[str, Callable[[Metrics], float | None], Callable[[float], str]],
) -> str:
    _, value, text = row
    mine = value(metrics) if metrics is not None else None
    if metrics is None or mine is None:
        return f"–{'':6}"
    if value is _queued:
        return f"{text(mine)}{'':6}"  # who came first waited less: that says nothing of what ran
    comparable = base is not None and base is not metrics and base.ended and metrics.ended
    difference = percent_text(mine, value(base)) if base is not None and comparable else ""
    return f"{text(mine)} {difference:>5}"
