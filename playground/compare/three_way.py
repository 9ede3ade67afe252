"""What two edits of the same configuration make together: by field, and by line in texts."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import Any, Final, Literal

from playground.compare.text_diff import diff_sequence

Keys = tuple[str, ...]
Outcome = Literal["equal", "theirs", "mine", "same", "merged", "conflict"]
Side = Literal["theirs", "mine"]


class Missing(Enum):
    """The type of `MISSING`: the key isn't there, which is not the same as null."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING


@dataclass(frozen=True, slots=True)
class Merged:
    """One field of three configurations, and what becomes of it.

    `equal`: nobody changed it. `theirs`, `mine`: one side did. `same`: both did the same. `merged`: both changed a text
    in other lines. `conflict`: both changed it; `value` is mine then, until somebody chooses.
    """

    keys: Keys
    outcome: Outcome
    base: Any
    theirs: Any
    mine: Any
    value: Any
    chosen: Side | None = None


@dataclass(frozen=True, slots=True)
class Merge:
    """Both edits in one configuration, and how each field came about."""

    result: Any
    fields: tuple[Merged, ...]

    @property
    def undecided(self) -> tuple[Merged, ...]:
        """The conflicts for which nobody chose a side."""
        return tuple(field for field in self.fields if field.outcome == "conflict" and field.chosen is None)


def merge(base: Any, theirs: Any, mine: Any, choices: Mapping[Keys, Side] | None = None) -> Merge:
    """Both edits of `base`. Objects merge key by key, texts line by line, everything else (lists, too) as a whole.

    `choices` decide a field whatever came of it. The keys are in the order of `mine`, new ones of `theirs` at the end.
    """
    found: list[Merged] = []
    result = _merge(base, theirs, mine, (), choices or {}, found)
    return Merge(result, tuple(found))


def merge_text(base: str, theirs: str, mine: str) -> str | None:
    """The text with both edits; None if they touch the same lines, or neighbouring ones."""
    lines = base.split("\n")
    left, right = _edits(lines, theirs.split("\n")), _edits(lines, mine.split("\n"))
    edits = sorted([*left, *(edit for edit in right if edit not in left)], key=lambda edit: edit[:2])
    if any(following[0] <= edit[1] for edit, following in pairwise(edits)):
        return None
    for start, end, new in reversed(edits):
        lines[start:end] = new
    return "\n".join(lines)


def _merge(base: Any, theirs: Any, mine: Any, keys: Keys, choices: Mapping[Keys, Side], found: list[Merged]) -> Any:
    if isinstance(theirs, Mapping) and isinstance(mine, Mapping) and (base is MISSING or isinstance(base, Mapping)):
        start = {} if base is MISSING else base
        names = [*mine, *(key for key in theirs if key not in mine), *(key for key in start if key not in theirs)]
        merged = {
            name: _merge(_at(start, name), _at(theirs, name), _at(mine, name), (*keys, name), choices, found)
            for name in dict.fromkeys(names)
        }
        return {name: value for name, value in merged.items() if value is not MISSING}
    field = _field(base, theirs, mine, keys, choices.get(keys))
    found.append(field)
    return field.value


def _at(side: Mapping[str, Any], name: str) -> Any:
    return side.get(name, MISSING)


def _field(base: Any, theirs: Any, mine: Any, keys: Keys, chosen: Side | None) -> Merged:
    outcome, value = _decide(base, theirs, mine)
    if outcome in ("equal", "same"):
        chosen = None
    if chosen is not None:
        value = theirs if chosen == "theirs" else mine
    return Merged(keys, outcome, base, theirs, mine, value, chosen)


def _decide(base: Any, theirs: Any, mine: Any) -> tuple[Outcome, Any]:
    if _same(theirs, mine):
        return ("equal" if _same(base, mine) else "same"), mine
    if _same(base, theirs):
        return "mine", mine
    if _same(base, mine):
        return "theirs", theirs
    if isinstance(base, str) and isinstance(theirs, str) and isinstance(mine, str):
        text = merge_text(base, theirs, mine)
        if text is not None:
            return "merged", text
    return "conflict", mine


def _edits(base: list[str], other: list[str]) -> list[tuple[int, int, list[str]]]:
    """Which lines of `base` are replaced by which."""
    found: list[tuple[int, int, list[str]]] = []
    start = end = 0
    new: list[str] = []
    for piece in diff_sequence(base, other):
        if piece.kind == "equal":
            if start < end or new:
                found.append((start, end, new))
            start = end = end + len(piece.items)
            new = []
        elif piece.kind == "delete":
            end += len(piece.items)
        else:
            new = [*new, *piece.items]
    return [*found, (start, end, new)] if start < end or new else found


def _same(left: Any, right: Any) -> bool:
    """The same JSON: 1, 1.0 and true differ."""
    if left is MISSING or right is MISSING:
        return left is right
    return json.dumps(left, sort_keys=True, default=repr) == json.dumps(right, sort_keys=True, default=repr)
