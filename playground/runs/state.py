"""A graph's state snapshots as the LangGraph API shows them."""

from collections.abc import Mapping
from typing import Any

from playground.runs.encode import to_plain

JSON = dict[str, Any]


def thread_state(snapshot: Any, *, subgraphs: bool = False) -> JSON:
    """A `ThreadState` of the API from langgraph's StateSnapshot."""
    checkpoint = _existing(snapshot.config)
    parent = _existing(snapshot.parent_config)
    metadata = snapshot.metadata
    if metadata is not None and checkpoint:
        metadata = {**metadata, "thread_id": checkpoint["thread_id"]}
    return {
        "values": snapshot.values,
        "next": list(snapshot.next),
        "tasks": [_task(task, subgraphs=subgraphs) for task in snapshot.tasks],
        "metadata": metadata,
        "created_at": snapshot.created_at,
        "checkpoint": checkpoint,
        "parent_checkpoint": parent,
        "interrupts": [interrupt(item) for item in snapshot.interrupts],
        "checkpoint_id": (checkpoint or {}).get("checkpoint_id"),
        "parent_checkpoint_id": (parent or {}).get("checkpoint_id"),
    }


def empty_state() -> JSON:
    """The state of a thread on which nothing ran yet."""
    return {
        "values": {},
        "next": [],
        "tasks": [],
        "metadata": None,
        "created_at": None,
        "checkpoint": None,
        "parent_checkpoint": None,
        "interrupts": [],
        "checkpoint_id": None,
        "parent_checkpoint_id": None,
    }


def pending_interrupts(snapshot: Any) -> dict[str, list[JSON]]:
    """What a thread waits for: task id → its interrupts."""
    return {task.id: [interrupt(item) for item in task.interrupts] for task in snapshot.tasks if task.interrupts}


def state_shape(snapshot: Any) -> JSON:
    """What the thread's row keeps of a state: whether it is `pending`, and what its values look like.

    From a thread's file alone, without its graph, one can't tell which channels are shown (`keys`), nor which have a
    value, like `[]`, that nothing wrote and so is stored nowhere (`empty`).
    """
    shape: JSON = {"pending": bool(snapshot.next)}
    if isinstance(snapshot.values, Mapping):
        shape["keys"] = [str(key) for key in snapshot.values]
        shape["empty"] = to_plain({str(key): value for key, value in snapshot.values.items() if _is_empty(value)})
    return shape


def _is_empty(value: Any) -> bool:
    try:
        return not value
    except Exception:  # noqa: BLE001 - the user's class, like an array of numbers: it has no truth
        return False


def interrupt(item: Any) -> JSON:
    """An interrupt as the thread shows it; with the schema of its answer, if it has one."""
    schema = getattr(item, "response_schema", None)
    return {"id": item.id, "value": item.value} | ({"response_schema": schema} if schema else {})


def _task(task: Any, *, subgraphs: bool) -> JSON:
    state = task.state
    inner: JSON | None = None
    checkpoint: JSON | None = None
    if state is not None and hasattr(state, "values") and hasattr(state, "next"):
        inner = thread_state(state, subgraphs=subgraphs)
    elif state:
        checkpoint = checkpoint_ids(state)
    return {
        "id": task.id,
        "name": task.name,
        "path": list(task.path),
        "error": _error(task.error),
        "interrupts": [interrupt(item) for item in task.interrupts],
        "checkpoint": checkpoint,
        "state": inner,
        "result": task.result,
    }


def _error(error: Any) -> str | None:
    """An error as its repr, which is what the checkpoint has kept of one that was read back."""
    return error if error is None or isinstance(error, str) else repr(error)


def _existing(config: Any) -> JSON | None:
    found = checkpoint_ids(config)
    return found if found and found.get("checkpoint_id") else None


def checkpoint_ids(config: Any) -> JSON | None:
    """The keys of a checkpoint in a runnable config; None if it names none."""
    configurable = (config or {}).get("configurable")
    if not configurable:
        return None
    kept = ("checkpoint_id", "thread_id", "checkpoint_ns", "checkpoint_map")
    return {key: configurable[key] for key in kept if key in configurable}
