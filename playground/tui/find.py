"""Finding in a text: where a word stands, line by line. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

MOST: Final = 5_000
"""Matches that are told apart; a single letter has more in a long text."""


@dataclass(frozen=True, slots=True, order=True)
class Match:
    """A part of a line, in characters; lines begin at 0."""

    line: int
    start: int
    end: int


def find(lines: Iterable[str], query: str, *, case: bool) -> list[Match]:
    """Where the query stands, from the top; at most `MOST`. `case`: large and small letters differ."""
    if not query:
        return []
    pattern = re.compile(re.escape(query), 0 if case else re.IGNORECASE)
    found: list[Match] = []
    for number, line in enumerate(lines):
        found += [Match(number, match.start(), match.end()) for match in pattern.finditer(line)]
        if len(found) >= MOST:
            return found[:MOST]
    return found


def nearest(matches: list[Match], line: int, column: int) -> int:
    """The index of the first match at or behind a place, else of the first of all; -1 if there is none."""
    at = (index for index, match in enumerate(matches) if (match.line, match.start) >= (line, column))
    return next(at, 0 if matches else -1)


def line_number(text: str, lines: int) -> int | None:
    """The line that a user means, from 0 and one that there is; None if it is no number. `-1` is the last."""
    try:
        wanted = int(text.strip())
    except ValueError:
        return None
    return max(0, min(lines - 1, wanted - 1 if wanted > 0 else lines + wanted if wanted < 0 else 0))
