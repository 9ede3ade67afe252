"""A graph's state snapshots as the LangGraph API shows them."""

from typing import Any

JSON = dict[str, Any]


def thread_state(snapshot: Any, *, subgraphs: bool = False) -> JSON:
    """A `ThreadState` of the API from langgraph's StateSnapshot."""
    checkpoint = _checkpoint(snapshot.config)
    parent = _checkpoint(snapshot.parent_config)
    return {
        "values": snapshot.values,
        "next": list(snapshot.next),
        "tasks": [_task(task, subgraphs=subgraphs) for task in snapshot.tasks],
        "metadata": snapshot.metadata,
        "created_at": snapshot.created_at,
        "checkpoint": checkpoint,
        "parent_checkpoint": parent,
        "interrupts": [interrupt(item) for item in snapshot.interrupts],
        "checkpoint_id": (checkpoint or {}).get("checkpoint_id"),
        "parent_checkpoint_id": (parent or {}).get("checkpoint_id"),
    }


def empty_state(thread_id: str) -> JSON:
    """The state of a thread on which nothing ran yet."""
    return {
        "values": {},
        "next": [],
        "tasks": [],
        "metadata": {},
        "created_at": None,
        "checkpoint": {"checkpoint_id": None, "thread_id": thread_id, "checkpoint_ns": ""},
        "parent_checkpoint": None,
        "interrupts": [],
        "checkpoint_id": None,
        "parent_checkpoint_id": None,
    }


def pending_interrupts(snapshot: Any) -> dict[str, list[JSON]]:
    """What a thread waits for: task id → its interrupts."""
    return {task.id: [interrupt(item) for item in task.interrupts] for task in snapshot.tasks if task.interrupts}


def interrupt(item: Any) -> JSON:
    """An interrupt as the thread shows it."""
    return {"id": item.id, "value": item.value}


def _task(task: Any, *, subgraphs: bool) -> JSON:
    state = task.state
    inner: JSON | None = None
    checkpoint: JSON | None = None
    if state is not None and hasattr(state, "values") and hasattr(state, "next"):
        inner = thread_state(state, subgraphs=subgraphs)
    elif state:
        checkpoint = _checkpoint(state)
    return {
        "id": task.id,
        "name": task.name,
        "path": list(task.path),
        "error": repr(task.error) if task.error else None,
        "interrupts": [interrupt(item) for item in task.interrupts],
        "checkpoint": checkpoint,
        "state": inner,
        "result": task.result,
    }


def _checkpoint(config: Any) -> JSON | None:
    configurable = (config or {}).get("configurable")
    if not configurable:
        return None
    kept = ("checkpoint_id", "thread_id", "checkpoint_ns", "checkpoint_map")
    return {key: configurable[key] for key in kept if key in configurable}
