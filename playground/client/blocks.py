"""The parts of a transcript (what was said, called, written, asked, what went wrong) and the runs that made them."""

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

from playground.client.values import Interrupt, Unsaved
from playground.compare.metrics import Metrics

RunStatus = Literal["queued", "running", "done", "failed", "interrupted", "stopped"]
ToolState = Literal["writing", "running", "done", "failed", "unanswered"]


@dataclass(slots=True, eq=False)
class Block:
    """A part of a transcript. `key` is unique in it and stays; `turn` is the index of the run it belongs to."""

    key: str
    turn: int = 0
    node: str | None = None
    namespace: tuple[str, ...] = ()
    done: bool = False


@dataclass(slots=True, eq=False)
class TextBlock(Block):
    """What someone said: `role` is "ai", "human", "system" or another message type, or "reasoning".

    The text comes in pieces; it is their sum. `rewritten` counts how often pieces already read were replaced.
    `aside`: a model wrote it on the way, it isn't among the thread's messages.
    """

    role: str = "ai"
    pieces: list[str] = field(default_factory=list)
    rewritten: int = 0
    aside: bool = False

    @property
    def text(self) -> str:
        return "".join(self.pieces)


@dataclass(slots=True, eq=False)
class ToolBlock(Block):
    """A tool call and its answer. `seconds`: from the call's last piece to the answer; None if not seen live."""

    call_id: str | None = None
    name: str = ""
    pieces: list[str] = field(default_factory=list)
    state: ToolState = "writing"
    result: str | None = None
    called: float | None = None
    seconds: float | None = None

    @property
    def arguments(self) -> Any:
        """The arguments; their text as it is, as long as it isn't whole JSON."""
        text = "".join(self.pieces)
        try:
            return json.loads(text) if text else {}
        except ValueError:
            return text


@dataclass(slots=True, eq=False)
class NodeBlock(Block):
    """A node ended and wrote `update`. `version`, `draft`, `seconds` and `step` are known from saved states only."""

    update: Any = None
    step: int | None = None
    version: int | None = None
    draft: Unsaved = False
    seconds: float | None = None


@dataclass(slots=True, eq=False)
class CustomBlock(Block):
    """What a graph wrote to its stream writer."""

    data: Any = None


@dataclass(slots=True, eq=False)
class ValueBlock(Block):
    """The input or the output of a run, where it isn't messages."""

    title: Literal["input", "output"] = "input"
    value: Any = None


@dataclass(slots=True, eq=False)
class InterruptBlock(Block):
    """What a run asks before it goes on; `done` once answered. At a breakpoint `interrupt` is None.

    `left`: it never was: the thread went on otherwise.
    """

    interrupt: Interrupt | None = None
    answer: Any = None
    left: bool = False


@dataclass(slots=True, eq=False)
class ErrorBlock(Block):
    """Why a run failed: `error` is the exception's name, "" if the fault isn't the graph's."""

    error: str = ""
    message: str = ""
    detail: str | None = None


@dataclass(slots=True)
class Turn:
    """One run of a transcript. `title` to `draft` say what ran, once the server has said it.

    `input` is None where the run went on with what was there. `cached`: a cache answered for a node or a model.
    """

    index: int
    status: RunStatus = "queued"
    run_id: str | None = None
    input: Any = None
    title: str = ""
    context_hash: str = ""
    assistant_id: str = ""
    version: int | None = None
    draft: Unsaved = False
    sent: float | None = None
    started: float | None = None
    first: float | None = None
    ended: float | None = None
    path: list[str] = field(default_factory=list)
    steps: int = 0
    cached: bool = False
    tokens: dict[str, tuple[int, int]] = field(default_factory=dict)
    costs: dict[str, float] = field(default_factory=dict)
    open_nodes: Counter[str] = field(default_factory=Counter)

    @property
    def active(self) -> bool:
        return self.status in ("queued", "running")

    def metrics(self, now: float) -> Metrics:
        end = now if self.ended is None else self.ended
        return Metrics(
            queued=_between(self.sent, self.started if self.started is not None else end),
            first_token=_between(self.started, self.first),
            running=_between(self.started, end),
            input_tokens=sum(tokens[0] for tokens in self.tokens.values()),
            output_tokens=sum(tokens[1] for tokens in self.tokens.values()),
            path=tuple(self.path),
            steps=self.steps,
            cost=sum(self.costs.values()) if self.costs else None,
            ended=not self.active,
        )


def _between(start: float | None, end: float | None) -> float | None:
    return None if start is None or end is None else max(0.0, end - start)
