"""The states that a thread has at a checkpoint: its own, and those of the subgraphs in it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Part:
    """The state of the graph itself (`namespace` is ""), or of a subgraph in it (`namespace` is as the API has it)."""

    namespace: str = ""

    @property
    def title(self) -> str:
        """The way there by its nodes: `research › search`."""
        return " › ".join(node_of(piece) for piece in self.namespace.split("|")) if self.namespace else "state"


GRAPH: Final = Part()


def node_of(piece: str) -> str:
    """The node of `node:task id`, a part of a namespace."""
    return piece.partition(":")[0]


def inner_parts(tasks: Iterable[Mapping[str, Any]]) -> list[Part]:
    """The subgraphs that the tasks of a state have, in their order."""
    found: dict[str, Part] = {}
    for task in tasks:
        checkpoint = task.get("checkpoint")
        namespace = checkpoint.get("checkpoint_ns") if isinstance(checkpoint, Mapping) else None
        if isinstance(namespace, str) and namespace:
            found[namespace] = Part(namespace)
    return list(found.values())
