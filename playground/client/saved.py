"""A comparison as it is kept: what ran in which pane, on which thread, and what it took. Plain values.

The answers stay on the threads. What a turn was given and what went wrong is kept, too, cut where it is long: a run
that failed at once leaves nothing on its thread.
"""

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final, cast

from playground.client.message_json import message_text, messages_of
from playground.client.values import Unsaved, ran_title

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Json = dict[str, Any]

MOST_TURNS: Final = 100
"""Turns of a side that are kept with their figures; older ones are on the thread."""
_NEVER: Final = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class SavedTurn:
    """One run of a side. Times in seconds, as in `Metrics`; `run_id` is None until the server has taken it.

    `input` is None where the run went on with what was there; a long one is its beginning, as text.
    """

    run_id: str | None = None
    input: Any = None
    title: str = ""
    context_hash: str = ""
    assistant_id: str = ""
    version: int | None = None
    draft: Unsaved = False
    status: str = "queued"
    error: str = ""
    queued: float | None = None
    first_token: float | None = None
    running: float | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = None
    steps: int = 0
    path: tuple[str, ...] = ()

    @property
    def active(self) -> bool:
        """Whether it was still in flight when it was written."""
        return self.status in ("queued", "running")


@dataclass(frozen=True, slots=True)
class SavedSide:
    """A pane: exactly what it runs, and its turns. `context` and `config` are without secrets.

    `left_out` are the paths of what was a secret: then the context here isn't what ran, its hash is. `earlier` are the
    threads that it was on before, `samples` how many samples are kept of it.
    """

    side_id: str
    ref: str
    assistant_id: str
    graph_id: str
    name: str
    version: int
    context_hash: str
    draft: Unsaved = False
    context: Json = field(default_factory=dict)
    config: Json = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    thread_id: str | None = None
    earlier: tuple[str, ...] = ()
    linked: bool = True
    turns: tuple[SavedTurn, ...] = ()
    samples: int = 0

    @property
    def title(self) -> str:
        """`support@v7`."""
        return ran_title(self.name, self.version, self.draft)

    @property
    def threads(self) -> tuple[str, ...]:
        """The thread that it is on, and those before."""
        return (*((self.thread_id,) if self.thread_id else ()), *self.earlier)


@dataclass(frozen=True, slots=True)
class SavedComparison:
    """`sides` from left to right. The times are the server's."""

    comparison_id: str
    name: str = ""
    sides: tuple[SavedSide, ...] = ()
    created_at: datetime = _NEVER
    updated_at: datetime = _NEVER

    @property
    def title(self) -> str:
        """Its name, else what it compares."""
        return self.name or self.refs

    @property
    def refs(self) -> str:
        """`support@v7 | support@v9`."""
        return " | ".join(side.title for side in self.sides)

    @property
    def turns(self) -> int:
        """As many as the side with the most has."""
        return max((len(side.turns) for side in self.sides), default=0)

    @property
    def inputs(self) -> list[str]:
        """What was sent, as text, oldest first, each once."""
        texts = (input_text(turn.input) for side in self.sides for turn in side.turns if turn.input is not None)
        return list(dict.fromkeys(text for text in texts if text))

    @property
    def threads(self) -> tuple[str, ...]:
        """All threads that it ran on, each once."""
        return tuple(dict.fromkeys(thread for side in self.sides for thread in side.threads))


def input_text(input: Any) -> str:
    """An input as one reads it: what the user says in it, else its JSON."""
    messages = messages_of(input)
    if messages:
        return "\n".join(message_text(message)[0] for message in messages)
    return input if isinstance(input, str) else json.dumps(input, ensure_ascii=False)


def to_json(saved: SavedComparison) -> Json:
    """What is written: JSON that any client can send. The times are the server's own."""
    text = json.dumps({"name": saved.name, "sides": [asdict(side) for side in saved.sides]}, ensure_ascii=False)
    return cast(Json, json.loads(text.encode("utf-8", "replace")))  # a lone surrogate can't be sent


def from_json(comparison_id: str, value: Any, created_at: datetime, updated_at: datetime) -> SavedComparison | None:
    """None of what is no comparison: anyone can write to the Store API."""
    from pydantic import ValidationError

    if not isinstance(value, dict) or not isinstance(value.get("sides"), list):
        return None
    try:
        saved = _reader().validate_python({**value, "comparison_id": comparison_id})
    except ValidationError:
        return None
    return replace(saved, created_at=created_at, updated_at=updated_at)


@cache
def _reader() -> "TypeAdapter[SavedComparison]":
    from pydantic import TypeAdapter  # loads in 100 ms: not before something is read

    return TypeAdapter(SavedComparison)
