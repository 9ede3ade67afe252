"""The checkpoints of a thread as a tree: what follows what, what made each, and what comes next. Pure."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from playground.client.message_json import message_text, messages_of
from playground.client.values import State, Unsaved

START: Final = "__start__"
"""The task that takes an input into the state."""
_OF_A_RUN: Final = ("loop", "fork")
"""Sources of the checkpoints that come of nodes running, not of an input or an update."""
_TEXT: Final = 200  # characters of an input that are kept


@dataclass(frozen=True, slots=True)
class Tasks:
    """What runs, or ran, after a checkpoint.

    `names` has one a task, so a node may be there more than once. `text` is the beginning of the input that they took
    in, `tokens` (in, out) what their models used, `subgraphs` (node, checkpoint namespace) which of them are graphs.
    `asked`: one of them asks, or did; `waits`: it has no answer yet.
    """

    names: tuple[str, ...] = ()
    text: str = ""
    tokens: tuple[int, int] | None = None
    subgraphs: tuple[tuple[str, str], ...] = ()
    asked: bool = False
    waits: bool = False
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One checkpoint, without its values. `made` are the tasks that made it, `after` those that come after it.

    `source` is "input", "loop", "update" or "fork" (a copy from which a run began). `seconds` is how long its tasks
    took, None where nobody knows. The last five say what ran, as far as the server does.
    """

    checkpoint_id: str
    parent_id: str | None
    step: int | None
    source: str
    run_id: str | None
    created_at: datetime | None
    next: tuple[str, ...]
    made: Tasks
    after: Tasks
    seconds: float | None
    assistant_id: str | None
    version: int | None
    draft: Unsaved
    context_hash: str | None

    @property
    def ran(self) -> tuple[str, ...]:
        """The nodes that made it, a name for each task; none made an update, nor a fork."""
        return self.made.names

    @property
    def is_input(self) -> bool:
        """Whether it is what an input came to, before any node of the graph ran."""
        return self.made.names == (START,)

    @property
    def ran_as(self) -> tuple[str | None, int | None, Unsaved]:
        """Assistant, version, whether a draft or a variant of it."""
        return self.assistant_id, self.version, self.draft


class CheckpointTree:
    """All checkpoints of a thread, as far as they were read. Thousands are no work, and nothing here recurses.

    A branch goes on, among the children of a checkpoint, with the one that leads to the newest checkpoint.
    """

    def __init__(self, checkpoints: Sequence[Checkpoint]) -> None:
        """`checkpoints`: newest first."""
        self._all = checkpoints
        self._by_id = {checkpoint.checkpoint_id: checkpoint for checkpoint in checkpoints}
        self._children: dict[str | None, list[Checkpoint]] = {}
        for checkpoint in reversed(checkpoints):
            self._children.setdefault(self._parent(checkpoint), []).append(checkpoint)
        self._newest_on = _newest_on(checkpoints)

    @classmethod
    def of(cls, states: Iterable[State]) -> "CheckpointTree":
        """Of saved states, newest first, as the API gives them."""
        read = {state.checkpoint_id: state for state in states if state.checkpoint_id}
        known: dict[str, Checkpoint] = {}
        for state in reversed(read.values()):  # a parent before what it led to
            checkpoint = _checkpoint(state, known.get(state.parent_checkpoint_id or ""))
            known[checkpoint.checkpoint_id] = checkpoint
        return cls([known[identifier] for identifier in read])

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[Checkpoint]:
        """Newest first."""
        return iter(self._all)

    @property
    def newest(self) -> str | None:
        """The id of the thread's last checkpoint, None if there is none yet."""
        return self._all[0].checkpoint_id if self._all else None

    def get(self, checkpoint_id: str | None) -> Checkpoint | None:
        """The checkpoint with this id."""
        return self._by_id.get(checkpoint_id or "")

    def children(self, checkpoint_id: str | None) -> Sequence[Checkpoint]:
        """What was made from it, oldest first; of None: where the thread begins, as far as it was read."""
        return self._children.get(checkpoint_id, ())

    def following(self, checkpoint_id: str | None) -> Checkpoint | None:
        """The next one on its branch; of None: where the newest branch begins."""
        return min(self.children(checkpoint_id), key=lambda child: self._newest_on[child.checkpoint_id], default=None)

    def lineage(self, checkpoint_id: str | None) -> list[Checkpoint]:
        """The checkpoint and all before it on its branch, oldest first."""
        line: list[Checkpoint] = []
        checkpoint = self.get(checkpoint_id)
        while checkpoint is not None:
            line.append(checkpoint)
            checkpoint = self.get(checkpoint.parent_id)
        return line[::-1]

    def onwards(self, checkpoint_id: str | None) -> Iterator[Checkpoint]:
        """What follows it on its branch, to the end."""
        checkpoint = self.following(checkpoint_id)
        while checkpoint is not None:
            yield checkpoint
            checkpoint = self.following(checkpoint.checkpoint_id)

    def end(self, checkpoint_id: str) -> str:
        """The last checkpoint of its branch."""
        for checkpoint in self.onwards(checkpoint_id):
            checkpoint_id = checkpoint.checkpoint_id
        return checkpoint_id

    @property
    def ends(self) -> list[Checkpoint]:
        """The last checkpoint of each branch, newest first."""
        return [checkpoint for checkpoint in self._all if not self.children(checkpoint.checkpoint_id)]

    def parting(self, left: str, right: str) -> Checkpoint | None:
        """The last checkpoint that two have in common, None if they have none."""
        mine = {checkpoint.checkpoint_id for checkpoint in self.lineage(left)}
        shared = [checkpoint for checkpoint in self.lineage(right) if checkpoint.checkpoint_id in mine]
        return shared[-1] if shared else None

    # Runs

    def executes(self, checkpoint_id: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Which nodes execute again in a run from there: those that come next, and those that followed them last time.

        What followed ends with the input after it: a run doesn't go further.
        """
        checkpoint, later = self.get(checkpoint_id), self._went_on(checkpoint_id)
        if checkpoint is None:
            return (), ()
        followed: list[str] = []
        while later is not None and later.source in _OF_A_RUN:
            followed += later.ran
            later = self.following(later.checkpoint_id)
        return checkpoint.next, tuple(followed[len(checkpoint.next) :])

    def made_next(self, checkpoint_id: str) -> Checkpoint | None:
        """The checkpoint that says what ran from there: the next one that nodes made, else the last one of a run."""
        line = self.lineage(checkpoint_id)
        return self._went_on(checkpoint_id) or next((one for one in reversed(line) if one.run_id), None)

    def _went_on(self, checkpoint_id: str) -> Checkpoint | None:
        """The newest one that came of a run of the nodes after it."""
        made = [child for child in self.children(checkpoint_id) if child.source in _OF_A_RUN]
        return min(made, key=lambda child: self._newest_on[child.checkpoint_id], default=None)

    def beginning(self, run_id: str) -> str | None:
        """The checkpoint from which the nodes of a run executed, to run them again; None if it isn't known."""
        of_run = [checkpoint for checkpoint in self._all if checkpoint.run_id == run_id]
        if not of_run:
            return None
        first = of_run[-1]
        if first.source == "input":
            taken_in = next((one for one in of_run if one.parent_id == first.checkpoint_id and one.is_input), first)
            return taken_in.checkpoint_id
        return first.parent_id if first.parent_id in self._by_id else None

    def _parent(self, checkpoint: Checkpoint) -> str | None:
        return checkpoint.parent_id if checkpoint.parent_id in self._by_id else None


def _newest_on(checkpoints: Sequence[Checkpoint]) -> dict[str, int]:
    """For each checkpoint the place, newest first, of the newest one that it led to."""
    found: dict[str, int] = {}
    for place, checkpoint in enumerate(checkpoints):
        own = found.setdefault(checkpoint.checkpoint_id, place)
        if checkpoint.parent_id is not None:
            found[checkpoint.parent_id] = min(own, found.get(checkpoint.parent_id, own))
    return found


def _checkpoint(state: State, parent: Checkpoint | None) -> Checkpoint:
    source = str(state.metadata.get("source") or "")
    made = parent.after if parent is not None and source == "loop" else Tasks()
    return Checkpoint(
        checkpoint_id=state.checkpoint_id or "",
        parent_id=state.parent_checkpoint_id,
        step=state.step,
        source=source,
        run_id=state.metadata.get("run_id"),
        created_at=state.created_at,
        next=state.next,
        made=made,
        after=_tasks(state),
        seconds=_seconds(state, parent) if made.names and not made.asked else None,
        assistant_id=state.assistant_id,
        version=state.version,
        draft=state.draft,
        context_hash=state.context_hash,
    )


def _seconds(state: State, parent: Checkpoint | None) -> float | None:
    """How long the tasks took; between two runs it is the time that nobody did anything."""
    if parent is None or parent.run_id != state.metadata.get("run_id") or not (parent.created_at and state.created_at):
        return None
    return (state.created_at - parent.created_at).total_seconds()


def _tasks(state: State) -> Tasks:
    asking = [task for task in state.tasks if task.get("interrupts")]
    return Tasks(
        names=tuple(str(task.get("name")) for task in state.tasks),
        text=next((_text(task.get("result")) for task in state.tasks if task.get("name") == START), ""),
        tokens=_tokens(state.tasks),
        subgraphs=tuple(_subgraphs(state.tasks)),
        asked=bool(asking or state.interrupts),
        waits=bool(state.interrupts) or any(task.get("result") is None for task in asking),
        error=next((str(task["error"]) for task in state.tasks if task.get("error")), None),
    )


def _text(given: Any) -> str:
    """What the user said, else the input as JSON: the beginning of it."""
    messages = messages_of(given)
    if messages:
        return message_text(messages[-1])[0][:_TEXT]
    return "" if given is None else json.dumps(given, ensure_ascii=False, default=str)[:_TEXT]


def _tokens(tasks: Iterable[Mapping[str, Any]]) -> tuple[int, int] | None:
    used = [
        usage
        for task in tasks
        for message in messages_of(task.get("result")) or []
        if task.get("name") != START and isinstance(usage := message.get("usage_metadata"), dict)
    ]
    if not used:
        return None
    return _sum(used, "input_tokens"), _sum(used, "output_tokens")


def _sum(used: Iterable[Mapping[str, Any]], key: str) -> int:
    numbers = (usage.get(key) for usage in used)
    return sum(number for number in numbers if isinstance(number, int))


def _subgraphs(tasks: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for task in tasks:
        checkpoint = task.get("checkpoint")
        namespace = checkpoint.get("checkpoint_ns") if isinstance(checkpoint, Mapping) else None
        if namespace:
            yield str(task.get("name")), str(namespace)
