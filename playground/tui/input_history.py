"""What was sent from a line before, and the way through it. Pure."""

from collections.abc import Iterable
from typing import Final

MOST: Final = 100
"""Texts that are remembered; the oldest goes first."""


class InputHistory:
    """Texts, oldest first, each once. What is being typed comes back at their end."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self.texts: list[str] = []
        self._at = 0
        self._typed = ""
        self.set(texts)

    def set(self, texts: Iterable[str]) -> None:
        """Other texts; one is behind the last of them then."""
        self.texts = merged((), texts)
        self._at = len(self.texts)

    def add_older(self, texts: Iterable[str]) -> None:
        """Texts from before those that are there; where one is in them stays."""
        behind = len(self.texts) - self._at
        self.texts = merged(texts, self.texts)
        self._at = max(0, len(self.texts) - behind)

    def remember(self, text: str) -> None:
        """The newest one; one is behind it then."""
        self.texts = merged(self.texts, (text,))
        self._at = len(self.texts)
        self._typed = ""

    def go(self, by: int, shown: str) -> str | None:
        """The text so many steps on, -1 is the one before; None at an end. `shown` is what stands in the line."""
        target = self._at + by
        if not 0 <= target <= len(self.texts):
            return None
        if self._at == len(self.texts):
            self._typed = shown
        self._at = target
        return self.texts[target] if target < len(self.texts) else self._typed


def merged(older: Iterable[str], newer: Iterable[str]) -> list[str]:
    """Both, oldest first: of equal texts the last one stays, and of all as many as are remembered."""
    found = list(dict.fromkeys(reversed([*older, *newer])))
    return found[:MOST][::-1]
