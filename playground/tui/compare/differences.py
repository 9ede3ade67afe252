"""Two sides of a comparison held against each other: what they were, what they said, the way they went. No widgets."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import chain
from typing import Any, Final

from playground.client.blocks import Block, ErrorBlock, NodeBlock, TextBlock, ToolBlock, Turn, ValueBlock
from playground.client.secret_values import hidden
from playground.client.transcript import Transcript, answer_in
from playground.compare.config_diff import Change, diff_config
from playground.compare.output_diff import TextDiff, diff_text
from playground.compare.path_diff import PathRow, Step, diff_path
from playground.compare.text_diff import percent_equal
from playground.tui.compare.side import Side

Keys = tuple[str, ...]
RUNS: Final = ("queued", "running")
UNKNOWN: Final = {"additionalProperties": {"writeOnly": True}}
"""Stands for a context's schema that can't be read: anything may be a secret then."""


@dataclass(frozen=True, slots=True)
class TurnView:
    """What a side was asked, and all that came of it up to the next input. `trouble` is why it failed, "" if not.

    `run_ids`: of the runs that made it; on two branches of a thread they may be the same ones.
    """

    asked: str
    answer: str
    steps: tuple[Step, ...]
    status: str
    trouble: str = ""
    run_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SideView:
    """A side as it ran. Secrets are dots; `sealed` tells those of two sides apart without showing them."""

    title: str
    context: Mapping[str, Any]
    config: Mapping[str, Any] = field(default_factory=dict)
    turns: tuple[TurnView, ...] = ()
    graph_id: str = ""
    sealed: Mapping[Keys, str] = field(default_factory=dict)
    schema_known: bool = True


@dataclass(frozen=True, slots=True)
class TurnDifference:
    """The same turn of both. `left` or `right` is None where a side has none; then there is no diff."""

    number: int
    left: TurnView | None
    right: TurnView | None
    output: TextDiff | None
    path: tuple[PathRow, ...]

    @property
    def asked(self) -> str:
        """What both were asked, else what the left one was."""
        turn = self.left or self.right
        return turn.asked if turn else ""

    @property
    def asked_otherwise(self) -> str:
        """What the right one was asked, if that is something else."""
        return self.right.asked if self.left and self.right and self.left.asked != self.right.asked else ""


@dataclass(frozen=True, slots=True)
class Difference:
    """All that differs between two sides. `percent` is how much of their outputs is equal, None before there is any."""

    left: SideView
    right: SideView
    configuration: tuple[Change, ...]
    turns: tuple[TurnDifference, ...]
    percent: int | None


def side_view(side: Side, letter: str = "", schema: Mapping[str, Any] | None = None) -> SideView:
    """The side as it is now; what it said is copied. `schema` is its context's, which says what is secret."""
    ran, runnable = side.conversation.ran, side.runnable
    shown = {"context": hidden(runnable.context, schema), "config": hidden(runnable.config)}
    return SideView(
        f"{letter} {ran.title if ran else runnable.title}".strip(),
        shown["context"],
        shown["config"],
        turn_views(side.conversation.transcript),
        runnable.graph_id,
        dict(
            chain(
                _sealed(runnable.context, shown["context"], ()),
                _sealed(runnable.config, shown["config"], ("(config)",)),
            )
        ),
        schema_known=schema is not UNKNOWN,
    )


def turn_views(transcript: Transcript) -> tuple[TurnView, ...]:
    """A view for each input: what ran after an interrupt was answered belongs to the input before it."""
    by_turn: dict[int, list[Block]] = defaultdict(list)
    for block in transcript.blocks:
        by_turn[block.turn].append(block)
    views: list[TurnView] = []
    for turn in transcript.turns:
        view = _turn_view(turn, by_turn[turn.index])
        if views and not view.asked:
            before = views.pop()
            answers = [text for text in (before.answer, view.answer) if text]
            view = replace(view, asked=before.asked, answer="\n\n".join(answers), steps=before.steps + view.steps)
            view = replace(view, run_ids=before.run_ids + view.run_ids)
        views.append(view)
    return tuple(views)


def compare(left: SideView, right: SideView, shared: int = 0) -> Difference:
    """Everything but the first turns, as many as are `shared`. Long texts take a while: tenths of a second."""
    turns = tuple(_turns(left.turns, right.turns))[shared:]
    outputs = [turn.output for turn in turns if turn.output is not None]
    spans = [span for output in outputs for span in output.spans]
    return Difference(left, right, tuple(_configuration(left, right)), turns, percent_equal(spans) if spans else None)


def shared_turns(left: SideView, right: SideView) -> int:
    """How many turns two branches have in common before they part, from the same runs; one is left, if all are."""
    both = list(zip(left.turns, right.turns, strict=False))
    differing = (at for at, (mine, theirs) in enumerate(both) if mine != theirs)
    return next(differing, max(0, len(both) - (len(left.turns) == len(right.turns))))


def _turns(left: Sequence[TurnView], right: Sequence[TurnView]) -> Iterable[TurnDifference]:
    for at in range(max(len(left), len(right))):
        mine = left[at] if at < len(left) else None
        theirs = right[at] if at < len(right) else None
        both = mine is not None and theirs is not None
        yield TurnDifference(
            at + 1,
            mine,
            theirs,
            diff_text(mine.answer, theirs.answer) if mine and theirs and (mine.answer or theirs.answer) else None,
            tuple(diff_path(mine.steps if mine else (), theirs.steps if theirs else ())) if both else (),
        )


def _configuration(left: SideView, right: SideView) -> list[Change]:
    """The fields of the context, then graph and config if they differ; changed ones first."""
    changes = diff_config(left.context, right.context)
    rest = diff_config(
        {"(graph)": left.graph_id, "(config)": left.config}, {"(graph)": right.graph_id, "(config)": right.config}
    )
    changes = [_unsealed(change, left, right) for change in [*changes, *rest]]
    mine = [change for change in changes if change.keys[0] not in ("(graph)", "(config)") or change.kind != "equal"]
    return sorted(mine, key=lambda change: change.kind == "equal")


def _unsealed(change: Change, left: SideView, right: SideView) -> Change:
    """Dots on both sides look the same: whether what is behind them is, the seals tell."""
    same = left.sealed.get(change.keys) == right.sealed.get(change.keys)
    return change if same or change.kind != "equal" else replace(change, kind="changed")


def _sealed(value: Any, shown: Any, keys: Keys) -> Iterable[tuple[Keys, str]]:
    """A hash for each field that isn't shown as it is."""
    if isinstance(value, Mapping) and isinstance(shown, Mapping):
        for key, inner in value.items():
            yield from _sealed(inner, shown.get(key), (*keys, key))
    elif value != shown:
        yield keys, sha256(json.dumps(value, sort_keys=True, default=repr).encode()).hexdigest()


def _turn_view(turn: Turn, blocks: Sequence[Block]) -> TurnView:
    said = [block.text for block in blocks if isinstance(block, TextBlock) and block.role == "human"]
    given = [block.value for block in blocks if isinstance(block, ValueBlock) and block.title == "input"]
    asked = "\n".join([*said, *(json.dumps(value, ensure_ascii=False, default=repr) for value in given)])
    errors = [f"{block.error}: {block.message}".removeprefix(": ") for block in blocks if isinstance(block, ErrorBlock)]
    run_ids = (turn.run_id,) if turn.run_id else ()
    return TurnView(asked, answer_in(blocks), steps_of(turn, blocks), turn.status, " ".join(errors), run_ids)


def steps_of(turn: Turn, blocks: Sequence[Block]) -> tuple[Step, ...]:
    """The nodes of a run in their order, each followed by the calls it made."""
    calls: dict[tuple[str, int], list[Step]] = defaultdict(list)
    ended: Counter[str] = Counter()
    unknown: list[Step] = []  # calls of which only the order is known: of the node that ends next
    for block in blocks:
        if isinstance(block, ToolBlock):
            node = _outer_node(block)
            (calls[node, ended[node]] if node else unknown).append(_call(block))
        elif isinstance(block, NodeBlock) and block.node and not block.namespace:
            calls[block.node, ended[block.node]] += unknown
            unknown = []
            ended[block.node] += 1
    found: list[Step] = []
    seen: Counter[str] = Counter()
    for node in turn.path:
        found += [Step("node", node), *calls.pop((node, seen[node]), [])]
        seen[node] += 1
    return (*found, *chain.from_iterable(calls.values()), *unknown)


def _outer_node(block: Block) -> str:
    """The graph's own node: inside of a subgraph, the one that the subgraph is."""
    return block.namespace[0].partition(":")[0] if block.namespace else block.node or ""


def _call(block: ToolBlock) -> Step:
    return Step("call", block.name, block.arguments, failed=block.state == "failed")
