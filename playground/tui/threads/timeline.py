"""The checkpoints of a thread in the order in which its timeline draws them, and how to walk over them. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from playground.client.checkpoint_tree import Checkpoint, CheckpointTree


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the timeline: a checkpoint, on the `depth`th branch from the left; `begins`: a branch does, here.

    `forked`: a run was begun anew here, from the checkpoint before it. `inside`: a step of a subgraph, on the way to
    the checkpoint with this id.
    """

    checkpoint: Checkpoint
    depth: int
    begins: bool
    forked: bool = False
    inside: str | None = None

    @property
    def key(self) -> str:
        """Its own: a step of a subgraph is a part of the step that it led to."""
        identifier = self.checkpoint.checkpoint_id
        return f"{self.inside}/{identifier}" if self.inside else identifier


def checkpoint_of(key: str) -> str:
    """The checkpoint of the thread that a line's key is about."""
    return key.partition("/")[0]


class Timeline:
    """What is drawn of a tree: a branch stands, to the right, under the checkpoint that it left.

    The branch of the newest checkpoint goes straight down. Two checkpoints are no lines of their own: an input that was
    taken in at once, which is one with what it came to, and the copy from which a run began anew. `inside`: steps of
    subgraphs, by the checkpoint that they led to.
    """

    def __init__(self, tree: CheckpointTree, inside: Mapping[str, Sequence[Checkpoint]] | None = None) -> None:
        self.tree = tree
        self.inside = inside or {}
        self._line_of: dict[str, int] = {}  # also of those that have no line of their own
        self.lines: Sequence[Line] = tuple(self._draw())

    def __len__(self) -> int:
        return len(self.lines)

    def at(self, checkpoint_id: str | None) -> int | None:
        """The place of the line that shows a checkpoint; of None: of the newest. None if it isn't known."""
        return self._line_of.get(checkpoint_of(checkpoint_id or self.tree.newest or ""))

    def line(self, checkpoint_id: str | None) -> Line | None:
        """The line that shows a checkpoint."""
        place = self.at(checkpoint_id)
        return self.lines[place] if place is not None else None

    @property
    def branches(self) -> int:
        """How many there are."""
        return len(self.tree.ends)

    def neighbour(self, checkpoint_id: str, by: int) -> str | None:
        """The checkpoint as far along on the next branch, or on the one before; None if there is no other branch.

        On a line before the branches part it is the first one of a branch beside.
        """
        tree = self.tree
        line = tree.lineage(checkpoint_id)
        for index in range(len(line) - 1, -1, -1):
            siblings = self._siblings(line[index])
            if len(siblings) > 1:
                place = [one.checkpoint_id for one in siblings].index(line[index].checkpoint_id)
                beside = siblings[(place + by) % len(siblings)]
                return self._along(beside, self._count(line[index:]))
        for later in tree.onwards(checkpoint_id):
            siblings = self._siblings(later)
            if len(siblings) > 1:
                beside = next(one for one in siblings if one is not later)
                return self._along(beside, 1)
        return None

    def _draw(self) -> Iterator[Line]:
        todo = self._after(None, 0)[::-1]
        waiting: list[str] = []  # those that are shown with the next line
        place = 0
        while todo:
            line = todo.pop()
            after = self._after(line.checkpoint.checkpoint_id, line.depth)
            waiting.append(line.checkpoint.checkpoint_id)
            if _is_one_with(line.checkpoint, after):
                todo.append(replace(line, checkpoint=after[0].checkpoint))
                continue
            self._line_of.update((identifier, place) for identifier in waiting)
            waiting.clear()
            yield line
            within = [replace(line, checkpoint=one, begins=False, inside=line.key) for one in self._inside(line)]
            place += 1 + len(within)
            yield from within
            todo += after[::-1]

    def _inside(self, line: Line) -> Sequence[Checkpoint]:
        """The steps of its subgraphs that nodes made."""
        found = self.inside.get(line.key, ())
        return [checkpoint for checkpoint in found if checkpoint.ran and not checkpoint.is_input]

    def _after(self, checkpoint_id: str | None, depth: int) -> list[Line]:
        """What follows a checkpoint: branches first, the oldest one on top, then what goes straight on."""
        straight = self.tree.following(checkpoint_id)
        if straight is None:
            return []
        beside = [child for child in self.tree.children(checkpoint_id) if child is not straight]
        root = checkpoint_id is None  # where a page of a thread begins, which isn't where its branches part
        return [
            *(Line(child, depth if root else depth + 1, not root, child.source == "fork") for child in beside),
            Line(straight, depth, False, straight.source == "fork"),
        ]

    def _siblings(self, checkpoint: Checkpoint) -> Sequence[Checkpoint]:
        parent = self.tree.get(checkpoint.parent_id)
        return self.tree.children(parent.checkpoint_id if parent is not None else None)

    def _count(self, checkpoints: Sequence[Checkpoint]) -> int:
        """How many lines they take."""
        return len({self._line_of[checkpoint.checkpoint_id] for checkpoint in checkpoints})

    def _along(self, checkpoint: Checkpoint, lines: int) -> str:
        """So many lines along a branch, or its end."""
        seen = {self._line_of[checkpoint.checkpoint_id]}
        for later in self.tree.onwards(checkpoint.checkpoint_id):
            seen.add(self._line_of[later.checkpoint_id])
            if len(seen) > lines:
                break
            checkpoint = later
        return self.lines[self._line_of[checkpoint.checkpoint_id]].checkpoint.checkpoint_id


def _is_one_with(checkpoint: Checkpoint, after: Sequence[Line]) -> bool:
    """Whether a checkpoint is shown with the only one that followed it."""
    if len(after) != 1 or after[0].checkpoint.source != "loop":
        return False
    return checkpoint.source == "fork" or (checkpoint.source == "input" and after[0].checkpoint.is_input)
