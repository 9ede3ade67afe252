"""The orders in which assistants are listed. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from playground.client.values import Assistant

_DIGITS: Final = re.compile(r"([0-9]{1,18})")


def _natural(name: str) -> list[str | int]:
    """As people count: `variant 2` comes before `variant 10`."""
    parts = _DIGITS.split(name.casefold())
    return [int(part) if index % 2 else part for index, part in enumerate(parts)]


_KEYS: Final[dict[str, Callable[[Assistant], Any]]] = {
    "updated": lambda one: one.updated_at,
    "name": lambda one: (_natural(one.name), one.assistant_id),
    "runs": lambda one: one.runs or 0,
    "created": lambda one: one.created_at,
}
NAMES: Final = {"updated": "last change", "name": "name", "runs": "runs", "created": "creation"}
"""What each order is called, in the order in which they are offered."""


@dataclass(frozen=True, slots=True)
class Order:
    """By what, and whether the other way round than one expects: names from A, all else from the most or the newest."""

    by: str = "updated"
    reverse: bool = False

    @property
    def descends(self) -> bool:
        """Whether what is more, or newer, is on top."""
        return (self.by != "name") != self.reverse

    @property
    def arrow(self) -> str:
        """For the head of the column."""
        return "▾" if self.descends else "▴"

    @property
    def sentence(self) -> str:
        """`last change, newest first`."""
        ends = {"name": ("Z first", "A first"), "runs": ("most first", "fewest first")}
        return f"{NAMES[self.by]}, {ends.get(self.by, ('newest first', 'oldest first'))[not self.descends]}"

    def next(self) -> Order:
        """By the next thing."""
        names = list(NAMES)
        return Order(names[(names.index(self.by) + 1) % len(names)])

    def flipped(self) -> Order:
        """The other way round."""
        return replace(self, reverse=not self.reverse)

    def sort(self, assistants: Iterable[Assistant]) -> list[Assistant]:
        """In this order; a default assistant comes after the user's own, whatever the order."""
        found = sorted(assistants, key=_KEYS[self.by], reverse=self.descends)
        return sorted(found, key=lambda one: one.is_default)


USUAL: Final = Order()
"""What changed last is on top."""


def order_named(name: str | None) -> Order:
    """An order as it was written down (`runs`, `-runs`); the usual one for anything else."""
    by = (name or "").removeprefix("-")
    return Order(by, by != name) if by in NAMES else USUAL


def name_of(order: Order) -> str:
    """To write it down."""
    return f"-{order.by}" if order.reverse else order.by
