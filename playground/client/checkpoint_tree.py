"""The checkpoints of a thread as a tree: what follows what, what made each, and what comes next. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from playground.client.values import State


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One checkpoint, without its values. `ran`: the nodes that made it; `next`: those that come after it.

    `source` is "input", "loop", "update" or "fork". `error` is that of a node that failed after it.
    """

    checkpoint_id: str
    parent_id: str | None
    step: int | None
    source: str
    run_id: str | None
    created_at: datetime | None
    ran: tuple[str, ...]
    next: tuple[str, ...]
    interrupts: int
    error: str | None
    assistant_id: str | None
    version: int | None
    draft: bool
    context_hash: str | None


class CheckpointTree:
    """All checkpoints of a thread, as far as they were read."""

    def __init__(self, checkpoints: Sequence[Checkpoint]) -> None:
        """`checkpoints`: newest first."""
        self._all = checkpoints
        self._by_id = {checkpoint.checkpoint_id: checkpoint for checkpoint in checkpoints}
        self._children: dict[str | None, list[Checkpoint]] = {}
        for checkpoint in reversed(checkpoints):
            self._children.setdefault(checkpoint.parent_id, []).append(checkpoint)

    @classmethod
    def of(cls, states: Iterable[State]) -> "CheckpointTree":
        """Of saved states, newest first, as the API gives them."""
        known = {state.checkpoint_id: state for state in states}
        return cls([_checkpoint(state, known.get(state.parent_checkpoint_id)) for state in known.values()])

    def __len__(self) -> int:
        return len(self._all)

    @property
    def newest(self) -> str | None:
        """The id of the thread's last checkpoint, None if there is none yet."""
        return self._all[0].checkpoint_id if self._all else None

    def get(self, checkpoint_id: str | None) -> Checkpoint | None:
        """The checkpoint with this id."""
        return self._by_id.get(checkpoint_id or "")

    def children(self, checkpoint_id: str | None) -> Sequence[Checkpoint]:
        """What was made from it, oldest first; of None: where the thread began."""
        return self._children.get(checkpoint_id, ())

    def lineage(self, checkpoint_id: str | None) -> list[Checkpoint]:
        """The checkpoint and all before it on its branch, oldest first."""
        line: list[Checkpoint] = []
        checkpoint = self.get(checkpoint_id)
        while checkpoint is not None:
            line.append(checkpoint)
            checkpoint = self.get(checkpoint.parent_id)
        return line[::-1]


def _checkpoint(state: State, parent: State | None) -> Checkpoint:
    ran = tuple(str(task.get("name")) for task in parent.tasks) if parent is not None else ()
    return Checkpoint(
        checkpoint_id=state.checkpoint_id or "",
        parent_id=state.parent_checkpoint_id,
        step=state.step,
        source=str(state.metadata.get("source") or ""),
        run_id=state.metadata.get("run_id"),
        created_at=state.created_at,
        ran=ran,
        next=state.next,
        interrupts=len(state.interrupts) or sum(len(task.get("interrupts") or ()) for task in state.tasks),
        error=next((str(task["error"]) for task in state.tasks if task.get("error")), None),
        assistant_id=state.assistant_id,
        version=state.version,
        draft=state.draft,
        context_hash=state.context_hash,
    )
