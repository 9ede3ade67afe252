"""The orders in which threads are listed. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from playground.client.values import Thread

NAMES: Final = {"changed": "last change", "created": "age", "title": "title", "status": "status"}
"""What each order is called, in the order in which they are offered."""
_ENDS: Final = {
    "changed": ("newest first", "oldest first"),
    "created": ("youngest first", "oldest first"),
    "title": ("A first", "Z first"),
    "status": ("what runs or waits first", "what is idle first"),
}
_STATUSES: Final = ("busy", "interrupted", "error", "idle")


@dataclass(frozen=True, slots=True)
class ThreadOrder:
    """By what, and whether the other way round than one expects."""

    by: str = "changed"
    reverse: bool = False

    @property
    def sentence(self) -> str:
        """`last change, newest first`."""
        return f"{NAMES[self.by]}, {_ENDS[self.by][self.reverse]}"

    def next(self) -> "ThreadOrder":
        """The same the other way round, then the next."""
        names = list(NAMES)
        return ThreadOrder(names[(names.index(self.by) + 1) % len(names)]) if self.reverse else self.flipped()

    def flipped(self) -> "ThreadOrder":
        """The other way round."""
        return replace(self, reverse=not self.reverse)

    def arrow(self, by: str) -> str:
        """For the head of a column, "" if another one is sorted by."""
        return "" if by != self.by else "▴" if (by in ("title", "status")) != self.reverse else "▾"

    def sort(self, threads: Iterable[Thread], title: Callable[[Thread], str]) -> list[Thread]:
        """In this order; what is equal by the last change."""
        newest_first = sorted(threads, key=lambda thread: thread.updated_at, reverse=True)
        keys: dict[str, Callable[[Thread], Any]] = {
            "changed": lambda thread: -thread.updated_at.timestamp(),
            "created": lambda thread: -thread.created_at.timestamp(),
            "title": lambda thread: ((name := title(thread).casefold()) == "", name),
            "status": lambda thread: _STATUSES.index(thread.status) if thread.status in _STATUSES else 9,
        }
        return sorted(newest_first, key=keys[self.by], reverse=self.reverse)


USUAL: Final = ThreadOrder()
"""What changed last is on top."""


def order_named(name: str | None) -> ThreadOrder:
    """An order as it was written down (`title`, `-title`); the usual one for anything else."""
    by = (name or "").removeprefix("-")
    return ThreadOrder(by, by != name) if by in NAMES else USUAL


def name_of_order(order: ThreadOrder) -> str:
    """To write it down."""
    return f"-{order.by}" if order.reverse else order.by
