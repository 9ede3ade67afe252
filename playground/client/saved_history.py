"""A thread's checkpoints, read so that a transcript can be made of them, however long the thread is."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from playground.client.message_json import message_kind, messages_of
from playground.client.values import State

if TYPE_CHECKING:
    from playground.client.client import Client

_MOST: Final = 100
"""How many of a thread's checkpoints are read at once; older messages come without their steps."""
_SMALL: Final = 30_000
"""Characters of a state that is read whole at every checkpoint; of a larger one only what each checkpoint added is."""
_LARGE: Final = 4_000_000  # characters of all the states that are read whole


@dataclass(frozen=True, slots=True)
class SavedHistory:
    """`states`: newest first, with the values, or the messages, that they added. `older`: messages before all of them.

    `whole`: the states go back to the thread's beginning.
    """

    states: tuple[State, ...]
    older: tuple[dict[str, Any], ...] = ()
    whole: bool = True


async def read_history(client: "Client", thread_id: str, values: Any, checkpoint: State | None = None) -> SavedHistory:
    """The checkpoints up to one, or to the newest; `values` are those of that one. Raises PlaygroundError."""
    before = checkpoint.checkpoint_id if checkpoint is not None else None
    head = () if checkpoint is None else (checkpoint,)
    size = len(json.dumps(values, ensure_ascii=False))
    messages = messages_of(values)
    if size > _SMALL and messages:
        light = await client.threads.history(thread_id, limit=_MOST, before=before, values=False)
        if (found := by_what_they_added([*head, *light], messages)) is not None:
            return found
    most = max(2, min(_MOST, _LARGE // max(1, size)))
    return _split((*head, *await client.threads.history(thread_id, limit=most, before=before)))


def by_what_they_added(states: Sequence[State], messages: Sequence[dict[str, Any]]) -> SavedHistory | None:
    """States without values, with the messages each added to the last one's; None if that can't be told for sure.

    It can as long as messages are only added: then what the nodes wrote, one after the other, is what there is.
    """
    line = lineage(states)
    added = [_written(before) for before in line[:-1]]
    first = len(messages) - sum(len(some) for some in added)
    whole = bool(line) and line[0].parent_checkpoint_id is None
    if not line or first < 0 or (whole and first > 0):
        return None
    filled, at = [replace(line[0], values={"messages": []})], first
    for state, some in zip(line[1:], added, strict=True):
        there = messages[at : at + len(some)]
        if not all(_same(one, other) for one, other in zip(some, there, strict=True)):
            return None
        filled.append(replace(state, values={"messages": list(there)}))
        at += len(some)
    return SavedHistory(tuple(filled[::-1]), tuple(messages[:first]), whole)


def lineage(states: Sequence[State]) -> list[State]:
    """The newest state and its ancestors, oldest first."""
    by_id = {state.checkpoint_id: state for state in states}
    line: list[State] = []
    state = states[0] if states else None
    while state is not None:
        line.append(state)
        parent = state.parent_checkpoint_id
        state = by_id.get(parent) if parent else None
    return line[::-1]


def _split(states: tuple[State, ...]) -> SavedHistory:
    """The oldest state's messages are older than what is known of it, unless it is the thread's first."""
    line = lineage(states)
    if not line or line[0].parent_checkpoint_id is None:
        return SavedHistory(states)
    return SavedHistory(states, tuple(messages_of(line[0].values) or ()), whole=False)


def _written(state: State) -> list[dict[str, Any]]:
    """The messages that the tasks after a checkpoint wrote, in their order."""
    return [message for task in state.tasks for message in messages_of(task.get("result")) or []]


def _same(written: dict[str, Any], kept: dict[str, Any]) -> bool:
    """Whether this is the message that was written: a message of an input has no id until it is kept."""
    if written.get("id"):
        return bool(written["id"] == kept.get("id"))
    return message_kind(written) == message_kind(kept) and written.get("content") == kept.get("content")
