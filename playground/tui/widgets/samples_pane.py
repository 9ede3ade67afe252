"""The samples of one pane: equal answers together, which tools they called, what they took."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from playground.compare.samples import Group, Sample, SampleSummary, Spread, group, summary
from playground.tui.text import MUTED, join, one_line, safe
from playground.tui.widgets.pane import Pane
from playground.tui.widgets.run_pane import STATUSES

_LINES: Final = 4  # of an answer, in the list
_TOOLS: Final = 8  # that are listed; more are counted
_SMALLEST: Final = 34  # columns from which labels have room to be words


class Answers(OptionList):
    """Groups of answers, a few lines of each."""

    DEFAULT_CSS = """
    Answers {
        height: 1fr;
        border: none;
        padding: 0;
        background: transparent;
        scrollbar-size-vertical: 1;
        &:focus { border: none; background-tint: transparent; }
        & > .option-list--option { padding: 0 1; }
        & > .option-list--option-highlighted { background: $block-cursor-blurred-background; text-style: none; }
        &:focus > .option-list--option-highlighted { background: $accent 25%; color: $foreground; text-style: none; }
        & > .option-list--separator { color: $foreground 15%; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "cursor_up", "Up", id="answers.up", show=False, tooltip="The answer above"),
        Binding("down,j", "cursor_down", "Down", id="answers.down", show=False, tooltip="The answer below"),
        Binding("g", "first", "First", id="answers.first", show=False, tooltip="The first answer"),
        Binding("G", "last", "Last", id="answers.last", show=False, tooltip="The last answer"),
        Binding("enter", "select", "Read", id="answers.read", tooltip="Read these answers in whole"),
    ]


class SamplesPane(Pane):
    """One side's. `show` gets everything anew; the cursor stays on its group."""

    DEFAULT_CSS = """
    SamplesPane {
        width: 1fr;
        .figures {
            height: auto;
            border-top: solid $foreground 15%;
            padding: 0 1;
            text-wrap: nowrap;
            text-overflow: ellipsis;
        }
        #none { height: 1fr; padding: 1 2; color: $text-muted; display: none; }
        &.-none { #none { display: block; } Answers { display: none; } }
    }
    """

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key
        self.answers = Answers()
        self.groups: list[Group] = []
        self.samples: list[Sample] = []
        self._title = Content("")
        self._progress = Content("")

    def compose(self) -> ComposeResult:
        """The groups over the figures."""
        yield self.answers
        yield Static(id="none")
        yield Static(classes="figures")

    def on_resize(self) -> None:
        """The title fills the border."""
        self._show_title()

    def on_descendant_focus(self) -> None:
        """The title's line is drawn like the border."""
        self.call_after_refresh(self._show_title)

    def on_descendant_blur(self) -> None:
        """The title's line is drawn like the border."""
        self.call_after_refresh(self._show_title)

    @property
    def chosen(self) -> Group | None:
        """The group under the cursor."""
        index = self.answers.highlighted
        return self.groups[index] if index is not None and index < len(self.groups) else None

    def show(self, title: Content, samples: Sequence[Sample], wanted: int, *, active: bool, loose: bool) -> None:
        """How far they are, and what there is of them."""
        self._title = title
        self._progress = progress(len(samples), wanted, active)
        self._show_title()
        before = self.chosen
        self.samples = list(samples)
        self.groups = group(samples, loose)
        self.answers.set_options(self._option(one, len(samples)) for one in self.groups)
        if self.groups:
            first = before.indexes[0] if before else 0
            at = (number for number, one in enumerate(self.groups) if first in one.indexes)
            self.answers.highlighted = next(at, 0)
        facts = summary(samples)
        self.border_subtitle = statuses_content(facts)

    def show_figures(self, rows: Iterable[Content]) -> None:
        """Under the answers; all panes have the same rows."""
        self.query_one(".figures", Static).update(Content("\n").join(rows))

    def show_none(self, sentence: str) -> None:
        """Instead of answers: why there are none; "" shows the answers."""
        self.set_class(bool(sentence), "-none")
        self.query_one("#none", Static).update(safe(sentence))

    def _option(self, one: Group, of: int) -> Option:
        width = max(20, self.size.width - 5)
        return Option(group_content(one, of, width * _LINES))

    def _show_title(self) -> None:
        room = max(1, self.size.width - 7 - self._progress.cell_length)
        title = self._title.truncate(room, ellipsis=True)
        style = "$accent not bold" if self.has_focus_within else "$foreground 25%"
        fill = safe(f" {'─' * max(1, room + 1 - title.cell_length)} ", style)
        self.border_title = join(title, fill, self._progress)


def progress(ended: int, wanted: int, active: bool) -> Content:
    """`▍ 3/5` while they run, `✔ 5/5` when all have ended, `■ 3/5` when they were stopped before."""
    if not wanted:
        return safe("· none", MUTED)
    if active:
        return safe(f"▍ {ended}/{wanted}", "$text-accent")
    return (
        safe(f"✔ {ended}/{wanted}", "$text-success")
        if ended >= wanted
        else safe(f"■ {ended}/{wanted}", "$text-warning")
    )


def group_content(one: Group, of: int, characters: int) -> Content:
    """`3×  ▰▰▰▱▱` over the beginning of the answer."""
    glyph, word, style = STATUSES[one.status]
    filled = round(10 * one.count / of) if of else 0
    ended = safe(f"  {glyph} {word}", style) if one.status != "done" else Content("")
    head = join(safe(f"{one.count}× ", "bold $text-accent"), safe("▰" * filled + "▱" * (10 - filled), MUTED), ended)
    text = one_line(one.text, characters)
    return join(head, "\n", safe(text) if text else safe("(said nothing)", MUTED), "\n")


def statuses_content(facts: SampleSummary) -> Content:
    """`✔ 4 · ✘ 1`, and what came from a cache."""
    parts = [
        safe(f"{STATUSES[name][0]} {number} {STATUSES[name][1]}", MUTED) for name, number in facts.statuses.items()
    ]
    if facts.cached:
        parts.append(safe(f"! {facts.cached} from a cache", "bold $text-warning"))
    return Content(" · ").join(parts)


def figure_rows(all_facts: Sequence[SampleSummary], at: int, width: int) -> list[Content]:
    """The figures of the pane `at`, in rows that are the same in all panes."""
    facts = all_facts[at]
    label = 13 if width >= _SMALLEST else 8
    return [
        *_tool_rows(all_facts, at, width),
        safe(f"{'':{label}}{'min':>6}{'median':>7}{'max':>6}", MUTED),
        _spread_row("ttft", facts.first_token, label, " s"),
        _spread_row("run", facts.running, label, " s"),
        _spread_row("queue", facts.queued, label, " s"),
        _spread_row("tokens in" if label > 8 else "tok in", facts.input_tokens, label),
        _spread_row("tokens out" if label > 8 else "tok out", facts.output_tokens, label),
        *([_spread_row("cost", facts.cost, label)] if any(one.cost for one in all_facts) else []),
    ]


def _tool_rows(all_facts: Sequence[SampleSummary], at: int, width: int) -> list[Content]:
    """`~ lookup_order 5/5`: how many of the ended samples called it; ~ where the panes differ in that."""
    names = list(dict.fromkeys(name for facts in all_facts for name in facts.calls))
    rows: list[Content] = []
    for name in names[:_TOOLS]:
        shares = {facts.calls.get(name, 0) / facts.ended for facts in all_facts if facts.ended}
        sign = "~" if len(shares) > 1 else "="
        number = f"{all_facts[at].calls.get(name, 0)}/{all_facts[at].ended}"
        room = max(8, min(width - 4, 34) - len(number) - 3)
        rows.append(
            join(
                safe(f"{sign} ", "$text-warning" if sign == "~" else MUTED),
                safe(f"{one_line(name, room):<{room}} "),
                safe(number, "bold" if sign == "~" else ""),
            )
        )
    if len(names) > _TOOLS:
        rows.append(safe(f"  and {len(names) - _TOOLS} more tools", MUTED))
    none = "no tool was called" if any(facts.ended for facts in all_facts) else "tools –"
    return rows or [safe(f"  {none}", MUTED)]


def _spread_row(label: str, spread: Spread | None, width: int, unit: str = "") -> Content:
    values = (spread.least, spread.median, spread.most) if spread else (None, None, None)
    least, middle, most = (number(value) for value in values)
    return join(safe(f"{label:<{width}}", MUTED), safe(f"{least:>6}{middle:>7}{most:>6}"), safe(unit, MUTED))


def number(value: float | None) -> str:
    """In at most five characters: `0.51`, `12.3`, `640`, `12.5k`."""
    if value is None:
        return "–"
    if value >= 100_000:
        return f"{value / 1000:.0f}k"
    if value >= 10_000:
        return f"{value / 1000:.1f}k"
    if value == int(value) and value >= 10:
        return f"{value:.0f}"
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 1000 else f"{value:.0f}"
