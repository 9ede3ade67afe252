"""Checkpoints for the tests, as a server gives them: branches, questions, runs of several versions."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from playground.client.checkpoint_tree import CheckpointTree
from playground.client.values import State

BEGAN = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
Task = dict[str, Any]


def task(name: str, result: Any = None, **more: Any) -> Task:
    return {"id": name, "name": name, "result": result, "error": None, "interrupts": [], "checkpoint": None, **more}


class Thread:
    """Makes states as a server has them, a second apart."""

    def __init__(self) -> None:
        self.states: list[State] = []

    def add(
        self,
        parent: str | None,
        source: str,
        tasks: Sequence[Task] = (),
        *,
        run: str | None = "run",
        version: int | None = 1,
    ) -> str:
        number = len(self.states)
        metadata: dict[str, Any] = {"source": source, "step": self.step(parent) + 1}
        if run is not None:
            metadata |= {"run_id": run, "assistant_id": "a", "assistant_version": version}
        self.states.insert(
            0,
            State(
                checkpoint_id=f"{number:04}",
                parent_checkpoint_id=parent,
                values=None,
                next=tuple(one["name"] for one in tasks),
                tasks=tuple(tasks),
                metadata=metadata,
                created_at=BEGAN + timedelta(seconds=number),
                interrupts=(),
            ),
        )
        return f"{number:04}"

    def step(self, checkpoint_id: str | None) -> int:
        return next((state.step or 0 for state in self.states if state.checkpoint_id == checkpoint_id), -2)

    def turn(self, parent: str | None, text: str, run: str = "run", version: int = 1) -> list[str]:
        """An input, what it came to, a model, its tool, the model again."""
        usage = {"input_tokens": 640, "output_tokens": 40}
        said = {"messages": [{"type": "ai", "content": "yes", "usage_metadata": usage}]}
        given = {"messages": [{"type": "human", "content": text}]}
        line = [self.add(parent, "input", [task("__start__", given)], run=run, version=version)]
        for tasks in ([task("model", said)], [task("tools", {}), task("tools", {})], [task("model", said)], []):
            line.append(self.add(line[-1], "loop", tasks, run=run, version=version))
        return line

    @property
    def tree(self) -> CheckpointTree:
        return CheckpointTree.of(self.states)
