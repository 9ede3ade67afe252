"""What undo and redo go back and forth over: what each change of a document replaced. Pure, and bounded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from playground.tui.forms.document import Path

MOST: Final = 500
"""Steps that are remembered. They share with the document what they did not change."""
BURST: Final = 1.0
"""Seconds without a key after which typing goes on as another step."""


@dataclass(frozen=True, slots=True)
class Before:
    """What a path held: its value, and the texts at or below it that could not be read."""

    path: Path
    value: Any
    texts: Mapping[Path, str]


@dataclass(frozen=True, slots=True)
class _Typing:
    path: Path
    at: float  # seconds


class History:
    """One order of all changes; each field goes back by its own, as far as they don't lie in each other."""

    def __init__(self) -> None:
        self._done: list[Before] = []
        self._undone: list[Before] = []
        self._typing: _Typing | None = None

    def remember(self, before: Before, *, typed: Path | None = None, now: float = 0.0) -> None:
        """A change is about to be made. Typing on in the field `typed` is the same change."""
        going_on = typed is not None and self._typing is not None and self._typing.path == typed
        if not (going_on and self._typing is not None and now - self._typing.at < BURST):
            self._done = [*self._done[1 - MOST :], before]
        self._typing = _Typing(typed, now) if typed is not None else None
        self._undone = [step for step in self._undone if not overlap(step.path, before.path)]

    def undo(self, path: Path, now_at: Callable[[Path], Before]) -> Before | None:
        """What to go back to at `path`, in it or around it; None if nothing was changed there."""
        return self._take(self._done, self._undone, path, now_at)

    def redo(self, path: Path, now_at: Callable[[Path], Before]) -> Before | None:
        """What the last undo there went back from."""
        return self._take(self._undone, self._done, path, now_at)

    def can_undo(self, path: Path) -> bool:
        """Whether there is something to undo."""
        return any(overlap(step.path, path) for step in self._done)

    def _take(
        self, steps: list[Before], others: list[Before], path: Path, now_at: Callable[[Path], Before]
    ) -> Before | None:
        self._typing = None
        index = _last(steps, path)
        if index is None:
            return None
        # Later changes that lie in it, or around it, come first: else they would be lost with it.
        while (later := _last(steps, steps[index].path)) is not None and later > index:
            index = later
        step = steps.pop(index)
        others.append(now_at(step.path))
        return step


def overlap(one: Path, other: Path) -> bool:
    """Whether one path is the other, or lies in it."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def _last(steps: list[Before], path: Path) -> int | None:
    return next((at for at in range(len(steps) - 1, -1, -1) if overlap(steps[at].path, path)), None)
