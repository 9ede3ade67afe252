"""A thread's turns beside those of a replay: which answers are the same, and where they part first. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from playground.compare.samples import Sample, loosened

Verdict = Literal["same", "nearly", "differs", "running", "waiting"]


@dataclass(frozen=True, slots=True)
class ReplayRow:
    """An input with both answers. `path`: other tools were called, or in another order."""

    number: int
    input: str
    original: Sample
    replay: Sample | None
    verdict: Verdict
    path: bool = False


def rows(inputs: Sequence[str], originals: Sequence[Sample], replays: Sequence[Sample]) -> list[ReplayRow]:
    """Turn by turn: the first replay answers the first input, and so on; what isn't there yet waits."""
    found = []
    for at, (given, original) in enumerate(zip(inputs, originals, strict=True)):
        replay = replays[at] if at < len(replays) else None
        path = replay is not None and replay.status != "running" and replay.calls != original.calls
        found.append(ReplayRow(at + 1, given, original, replay, _verdict(original, replay), path))
    return found


def parting(found: Sequence[ReplayRow]) -> int | None:
    """The index of the first turn that isn't the same, case, space and punctuation aside; None if there is none.

    Other tools count, too: the same words found in another way are another behaviour.
    """
    return next((at for at, row in enumerate(found) if row.verdict == "differs" or row.path), None)


def _verdict(original: Sample, replay: Sample | None) -> Verdict:
    if replay is None:
        return "waiting"
    if replay.status == "running":
        return "running"
    if replay.status != original.status:
        return "differs"
    if replay.said == original.said:
        return "same"
    return "nearly" if loosened(replay.said) == loosened(original.said) else "differs"
