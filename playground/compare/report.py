"""A comparison as it is handed on: what ran on which input, what it said and took. Plain values, no secrets."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from playground.compare.metrics import percent
from playground.compare.samples import Sample, SampleSummary, Spread, spread, summary

_UNSET = "(not set)"


@dataclass(frozen=True, slots=True)
class ReportTurn:
    """An input and its answers: one, or one a sample. `calls` are the tool calls of a single answer, a line each."""

    input: str
    samples: tuple[Sample, ...]
    calls: tuple[str, ...] = ()

    @property
    def summary(self) -> SampleSummary:
        """Its figures; of a single answer the least is the most."""
        return summary(self.samples)

    def figure(self, name: str) -> Spread | None:
        """One of them. A single answer tells its own, even if it isn't done; among many only those that are count."""
        if len(self.samples) != 1:
            found: Spread | None = getattr(self.summary, name)
            return found
        value = getattr(self.samples[0].metrics, name)
        return spread([value or None if name.endswith("_tokens") else value])


@dataclass(frozen=True, slots=True)
class ReportPane:
    """What ran in a pane. `context` is without secrets; `left_out` are the paths of those."""

    letter: str
    title: str
    graph_id: str
    assistant_id: str
    version: int
    draft: bool | str
    context_hash: str
    context: Mapping[str, Any]
    left_out: tuple[str, ...] = ()
    turns: tuple[ReportTurn, ...] = ()
    sampled: ReportTurn | None = None
    """The samples that were taken beside its turns."""

    def ran(self, turn: ReportTurn) -> tuple[str, str]:
        """What answered a turn, and its context's hash: another version's where the pane goes on from a copy."""
        titles = [(one.title, one.context_hash) for one in turn.samples if one.title]
        title, digest = titles[0] if titles else (self.title, self.context_hash)
        return title, (digest or self.context_hash)[:6]


@dataclass(frozen=True, slots=True)
class Report:
    """Panes from left to right; the figures of the others are held against the first one's."""

    name: str
    made_at: datetime
    panes: tuple[ReportPane, ...] = field(default_factory=tuple)

    @property
    def title(self) -> str:
        """Its name, else what is compared."""
        return self.name or " | ".join(pane.title for pane in self.panes)

    @property
    def turns(self) -> int:
        """Of the pane that has most."""
        return max((len(pane.turns) for pane in self.panes), default=0)

    @property
    def parts(self) -> list[str]:
        """What there is to show, by name: each turn, then the samples if there are any."""
        turns = [f"Turn {number}" for number in range(1, self.turns + 1)]
        return [*turns, "Samples"] if any(pane.sampled for pane in self.panes) else turns

    def turn(self, pane: ReportPane, index: int) -> ReportTurn | None:
        """A pane's part; None if it has none."""
        if index == self.turns:
            return pane.sampled
        return pane.turns[index] if index < len(pane.turns) else None

    def input(self, index: int) -> str:
        """What the panes were given; of a pane that was written to alone, the first one's word holds."""
        return next((turn.input for pane in self.panes if (turn := self.turn(pane, index))), "")

    def difference(self, pane: ReportPane, index: int, figure: str) -> float | None:
        """How much more a median of a turn is than the first pane's, in per cent."""
        mine, base = self.turn(pane, index), self.turn(self.panes[0], index)
        if mine is None or base is None or pane is self.panes[0]:
            return None
        ours, theirs = mine.figure(figure), base.figure(figure)
        return percent(ours.median, theirs.median) if ours and theirs else None


def differing(panes: Sequence[ReportPane]) -> list[tuple[str, list[str]]]:
    """The paths at which the contexts differ, each with the panes' values as text."""
    flat = [dict(_flat(pane.context, "")) for pane in panes]
    paths = dict.fromkeys(path for one in flat for path in one)
    rows = [(path, [one.get(path, _UNSET) for one in flat]) for path in paths]
    return [(path, values) for path, values in rows if len(set(values)) > 1]


def _flat(value: Any, path: str) -> list[tuple[str, str]]:
    if isinstance(value, Mapping) and (value or not path):
        return [row for key, one in value.items() for row in _flat(one, f"{path}.{key}" if path else str(key))]
    return [(path, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str))]
