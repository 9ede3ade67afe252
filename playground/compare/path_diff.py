"""What differs between the ways that two runs went: their nodes, and the tools they called with what."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from playground.compare.config_diff import Change, ChangeKind, diff_config
from playground.compare.text_diff import diff_sequence


@dataclass(frozen=True, slots=True)
class Step:
    """A node that ran, or a call of a tool. `arguments` are an object, or the text that could not be read as one."""

    kind: Literal["node", "call"]
    name: str
    arguments: Any = None
    failed: bool = False


@dataclass(frozen=True, slots=True)
class PathRow:
    """A step of both, or of one of them. Of a call with other arguments `changes` are all arguments, changed first."""

    kind: ChangeKind
    left: Step | None
    right: Step | None
    changes: tuple[Change, ...] = ()


def diff_path(left: Sequence[Step], right: Sequence[Step]) -> list[PathRow]:
    """All steps of both in their order. The same tool called with other arguments is one `changed` row."""
    rows: list[PathRow] = []
    gone: list[Step] = []
    come: list[Step] = []
    for kind, ours, theirs in _paired(left, right, _whole):
        if kind == "equal":
            rows += [*_between(gone, come), PathRow("equal", ours, theirs)]
            gone, come = [], []
        gone += [ours] if kind == "delete" and ours else []
        come += [theirs] if kind == "insert" and theirs else []
    return [*rows, *_between(gone, come)]


def _between(left: Sequence[Step], right: Sequence[Step]) -> Iterator[PathRow]:
    """Steps that differ: those with the same name are the same step, done differently."""
    for kind, ours, theirs in _paired(left, right, lambda step: (step.kind, step.name)):
        if kind == "equal" and ours and theirs:
            yield PathRow("changed", ours, theirs, tuple(_arguments(ours.arguments, theirs.arguments)))
        else:
            yield PathRow("removed" if kind == "delete" else "added", ours, theirs)


def _paired(left: Sequence[Step], right: Sequence[Step], key: Any) -> Iterator[tuple[str, Step | None, Step | None]]:
    """The steps of both, those with equal keys together."""
    ours, theirs = iter(left), iter(right)
    for piece in diff_sequence([key(step) for step in left], [key(step) for step in right]):
        for _ in piece.items:
            mine = next(ours) if piece.kind != "insert" else None
            yield piece.kind, mine, next(theirs) if piece.kind != "delete" else None


def _whole(step: Step) -> tuple[str, ...]:
    arguments = json.dumps(step.arguments, sort_keys=True, default=repr)
    return step.kind, step.name, arguments, str(step.failed)


def _arguments(left: Any, right: Any) -> list[Change]:
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return diff_config(left, right)
    return diff_config({"(arguments)": left}, {"(arguments)": right})


def steps_of(rows: Sequence[PathRow]) -> tuple[list[Step], list[Step]]:
    """The left and the right steps that the rows were made from."""
    return [row.left for row in rows if row.left], [row.right for row in rows if row.right]


def changed_steps(rows: Sequence[PathRow]) -> int:
    """How many steps differ; one that was replaced by another one counts once."""
    found = 0
    gone = come = 0
    for row in [*rows, PathRow("equal", None, None)]:
        if row.kind == "removed":
            gone += 1
        elif row.kind == "added":
            come += 1
        else:
            found += max(gone, come) + (row.kind == "changed")
            gone = come = 0
    return found
