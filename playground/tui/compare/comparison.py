"""A comparison: two to four sides, and what it is called."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import uuid4

from playground.tui.compare.side import Side

MOST: Final = 4
LETTERS: Final = "ABCD"


@dataclass(eq=False)
class Comparison:
    """`sides` from left to right; the others are held against the first one. `name` is "" until one names it."""

    sides: list[Side] = field(default_factory=list)
    name: str = ""
    comparison_id: str = field(default_factory=lambda: str(uuid4()))

    @property
    def refs(self) -> list[str]:
        """What was asked for, from left to right."""
        return [side.runnable.ref for side in self.sides]

    @property
    def active(self) -> bool:
        """Whether anything runs."""
        return any(side.conversation.active for side in self.sides)

    @property
    def title(self) -> str:
        """Its name, else its refs."""
        return self.name or " | ".join(side.runnable.title for side in self.sides)

    def add(self, sides: Sequence[Side]) -> None:
        """More sides, as far as there is room."""
        self.sides += sides[: MOST - len(self.sides)]

    def remove(self, side: Side) -> None:
        """Takes a side away; its thread stays."""
        self.sides.remove(side)

    def move(self, side: Side, by: int) -> None:
        """To the left or to the right, changing places with the one that is there."""
        index = self.sides.index(side)
        target = max(0, min(len(self.sides) - 1, index + by))
        self.sides[index], self.sides[target] = self.sides[target], side
