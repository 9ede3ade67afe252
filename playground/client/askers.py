"""Which nodes ask: interrupts by the way to the task that raised them. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from playground.client.values import State

BETWEEN: Final = " › "


def askers(state: State) -> dict[str, str]:
    """`research › approve` for each interrupt's id; of a state that was read with its subgraphs, down to the last."""
    return dict(_askers(state.tasks, ()))


def _askers(tasks: Iterable[Mapping[str, Any]], path: tuple[str, ...]) -> Iterable[tuple[str, str]]:
    """Outer tasks first: they tell of the interrupts inside of them, too."""
    for task in tasks:
        way = (*path, str(task.get("name")))
        for interrupt in task.get("interrupts") or ():
            if isinstance(interrupt, Mapping) and interrupt.get("id"):
                yield str(interrupt["id"]), BETWEEN.join(way)
        inner = task.get("state")
        if isinstance(inner, Mapping):
            yield from _askers(inner.get("tasks") or (), way)
