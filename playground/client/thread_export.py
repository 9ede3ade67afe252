"""A thread as a file that makes it again: what it was given and what its nodes wrote, step by step, without secrets."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from playground.client.conversation import title_of
from playground.client.saved_history import lineage
from playground.client.secret_values import without_secrets
from playground.client.superstep_values import INPUT, takeable
from playground.client.values import Schemas, State, Thread
from playground.compare.report_text import HARMFUL

if TYPE_CHECKING:
    from playground.client.client import Client

Json = dict[str, Any]

KIND: Final = "thread"
FORMAT: Final = 1
_PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class SavedThread:
    """A thread and the checkpoints of all its branches, newest first, without their values.

    `schema`: of its state, which says what is secret in it; None where nobody knows.
    """

    thread: Thread
    states: tuple[State, ...]
    schema: Json | None = None


async def read_saved(client: "Client", thread_id: str) -> SavedThread:
    """Everything that a file needs, page by page. Raises PlaygroundError."""
    thread, states = await client.threads.get(thread_id), list[State]()
    known = await client.graphs.schemas_if_any(thread.assistant_id) if thread.assistant_id else None
    while True:
        before = states[-1].checkpoint_id if states else None
        page = await client.threads.history(thread_id, limit=_PAGE, before=before, values=False)
        states += page
        if len(page) < _PAGE:
            return SavedThread(thread, tuple(states), state_schema(known) if known else None)


def thread_json(saved: SavedThread, made_at: datetime) -> Json:
    """`{playground, format, title, graph_id, values, supersteps, steps, left_out, …}`; `steps` say who ran what when.

    `supersteps` are those of `POST /threads`, of the newest branch; null where what a step wrote isn't known.
    """
    thread = saved.thread
    line = lineage(saved.states)
    steps = supersteps(line)
    written = takeable(steps, thread.values) if steps is not None else None
    title, _ = without_secrets(title_of(thread))
    values, left_out = without_secrets(thread.values, saved.schema, "values")
    return {
        "playground": KIND,
        "format": FORMAT,
        "thread_id": thread.thread_id,
        "graph_id": thread.graph_id,
        "status": thread.status,
        "created_at": thread.created_at.isoformat(),
        "exported_at": made_at.isoformat(timespec="seconds"),
        "title": title,
        "values": values,
        "supersteps": None if written is None else [_clean(step, saved.schema, left_out) for step in written],
        "steps": [_step(state) for state in line],
        "left_out": left_out,
    }


def thread_json_text(saved: SavedThread, made_at: datetime) -> str:
    """The same as a document. What a terminal would obey, or a file can't hold, is escaped: still the same JSON."""
    text = json.dumps(thread_json(saved, made_at), ensure_ascii=False, indent=2)
    return HARMFUL.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"


def supersteps(line: Sequence[State]) -> list[Json] | None:
    """What leads from nothing to the last of these states, oldest first; None where it isn't known."""
    if not line or line[0].parent_checkpoint_id is not None:
        return None  # the beginning was pruned
    found: list[Json] = []
    for before, state in zip((None, *line), line, strict=False):
        source = state.metadata.get("source")
        if source == "fork":
            continue  # nothing was written
        if source == "input":
            given = [task.get("result") for task in state.tasks if task.get("name") == "__start__"]
            updates = [{"values": given[0], "as_node": INPUT}] if given else []
        elif source == "loop" and before is not None:
            updates = [{"values": task.get("result"), "as_node": task.get("name")} for task in before.tasks]
        else:
            return None  # an update: its values aren't kept apart from the state that they led to
        if not updates:
            return None
        found.append({"updates": updates})
    return found


def state_schema(schemas: Schemas) -> Json:
    """Of the state, else of the input."""
    return dict(schemas.state or schemas.input or {})


def _clean(step: Json, schema: Json | None, left_out: list[str]) -> Json:
    """A superstep without secrets; their paths are added to `left_out`, each once."""
    updates = []
    for update in step["updates"]:
        values, found = without_secrets(update["values"], schema, "supersteps")
        updates.append({**update, "values": values})
        left_out += [path for path in found if path not in left_out]
    return {"updates": updates}


def _step(state: State) -> Json:
    return {
        "checkpoint_id": state.checkpoint_id,
        "step": state.step,
        "source": state.metadata.get("source"),
        "created_at": state.created_at.isoformat() if state.created_at else None,
        "run_id": state.metadata.get("run_id"),
        "assistant_id": state.assistant_id,
        "version": state.version,
        "draft": state.draft,
        "context_hash": state.context_hash,
        "next": list(state.next),
    }
