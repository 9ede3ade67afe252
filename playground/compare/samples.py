"""Samples: the same input, run several times. What they said, how often they agree, what they took. Pure."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Literal

from playground.compare.metrics import Metrics

SampleStatus = Literal["done", "failed", "interrupted", "stopped", "running"]

# A point between digits and a sign before them are no punctuation: 1.5 isn't 15, nor is -5 the same as 5.
_OF_NUMBERS = re.compile(r"(?<=\d)[.,:/](?=\d)|(?<!\S)-(?=\d)")
_DROPPED = ("P", "Z", "C")  # Unicode's classes of punctuation, of space, of what isn't seen
_MARKUP = frozenset("`^~|<>")  # symbols for Unicode, punctuation in Markdown


@dataclass(frozen=True, slots=True)
class Sample:
    """One run of several. `answer` is what the models said; `note` what it asks, or what went wrong.

    `calls` are the names of the tools that were called, in order. `title` to `context_hash` say what ran, in the
    server's own words. `cached`: some of it came from a cache, in spite of all.
    """

    answer: str
    calls: tuple[str, ...] = ()
    status: SampleStatus = "done"
    metrics: Metrics = field(default_factory=Metrics)
    title: str = ""
    context_hash: str = ""
    run_id: str | None = None
    thread_id: str | None = None
    cached: bool = False
    note: str = ""

    @property
    def said(self) -> str:
        """What there is to read: of a sample that isn't done, why, too."""
        return self.answer if self.status == "done" else "\n\n".join(filter(None, (self.answer, self.note)))


@dataclass(frozen=True, slots=True)
class Group:
    """Samples that ended alike and said the same. `text` is the first one's, `indexes` are theirs among all."""

    text: str
    status: SampleStatus
    indexes: tuple[int, ...]

    @property
    def count(self) -> int:
        """How many they are."""
        return len(self.indexes)


@dataclass(frozen=True, slots=True)
class Spread:
    """The least, the middle one and the most of some figures."""

    least: float
    median: float
    most: float


@dataclass(frozen=True, slots=True)
class SampleSummary:
    """Samples in figures. `statuses` and `titles` count them; times in seconds, None where nothing is known.

    `calls` counts, of the `ended` samples, those that called a tool; one that was stopped might still have. Times and
    tokens are of those that are done: one that failed at once isn't a fast one.
    """

    count: int
    ended: int
    statuses: dict[str, int]
    titles: dict[str, int]
    calls: dict[str, int]
    cached: int
    queued: Spread | None
    first_token: Spread | None
    running: Spread | None
    input_tokens: Spread | None
    output_tokens: Spread | None
    tokens_per_second: Spread | None
    cost: Spread | None


def group(samples: Sequence[Sample], loose: bool = False) -> list[Group]:
    """Equal answers together, the largest group first. `loose` ignores case, space and punctuation."""
    found: dict[tuple[str, str], list[int]] = {}
    for index, sample in enumerate(samples):
        text = loosened(sample.said) if loose else sample.said
        found.setdefault((sample.status, text), []).append(index)
    groups = [Group(samples[who[0]].said, samples[who[0]].status, tuple(who)) for who in found.values()]
    return sorted(groups, key=lambda one: -one.count)


def loosened(text: str) -> str:
    """The text without case, space and punctuation; the text as it is, if it is nothing else."""
    text = unicodedata.normalize("NFKC", text)
    kept = {match.start() for match in _OF_NUMBERS.finditer(text)}
    bare = "".join(char for at, char in enumerate(text) if at in kept or not _is_dropped(char))
    return unicodedata.normalize("NFKC", bare.casefold()) or text.strip()


def _is_dropped(char: str) -> bool:
    return char in _MARKUP or unicodedata.category(char).startswith(_DROPPED)


def call_counts(samples: Iterable[Sample]) -> dict[str, int]:
    """In how many samples each tool was called, the most called first. Stopped ones don't count."""
    counts = Counter(name for sample in _ended(samples) for name in dict.fromkeys(sample.calls))
    return dict(counts.most_common())


def spread(values: Iterable[float | None]) -> Spread | None:
    """Of the values that are known; None if none is."""
    known = [value for value in values if value is not None]
    return Spread(min(known), median(known), max(known)) if known else None


def summary(samples: Sequence[Sample]) -> SampleSummary:
    """Everything that can be counted."""
    done = [sample.metrics for sample in samples if sample.status == "done"]
    return SampleSummary(
        count=len(samples),
        ended=len(_ended(samples)),
        statuses=dict(Counter(sample.status for sample in samples).most_common()),
        titles=dict(Counter(sample.title for sample in samples if sample.title).most_common()),
        calls=call_counts(samples),
        cached=sum(sample.cached for sample in samples),
        queued=spread(metrics.queued for metrics in done),
        first_token=spread(metrics.first_token for metrics in done),
        running=spread(metrics.running for metrics in done),
        input_tokens=spread(metrics.input_tokens or None for metrics in done),
        output_tokens=spread(metrics.output_tokens or None for metrics in done),
        tokens_per_second=spread(metrics.tokens_per_second for metrics in done),
        cost=spread(metrics.cost for metrics in done),
    )


def _ended(samples: Iterable[Sample]) -> list[Sample]:
    return [sample for sample in samples if sample.status != "stopped"]
