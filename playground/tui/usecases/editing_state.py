"""An edit of the state at a checkpoint: what is asked, shown and written."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from playground.client.checkpoint_tree import Checkpoint
from playground.client.client import Client
from playground.client.errors import PlaygroundError
from playground.client.state_edit import DECIDES, followers, otherwise, update_of, with_ids, writers
from playground.tui.forms.state_editing import StateEditing
from playground.tui.text import one_line
from playground.tui.threads.state_differences import state_differences

if TYPE_CHECKING:
    from playground.tui.app import PlaygroundApp

JSON = dict[str, Any]


@dataclass(slots=True)
class StateEdit:
    """An edit that goes on until it is written: left, it waits for the user to come back to it.

    `editing` begins with the values at the checkpoint; `node` is as which it shall be written, None before that was
    asked.
    """

    thread_id: str
    checkpoint: Checkpoint
    place: str
    editing: StateEditing
    drawing: JSON
    node: str | None = None

    @property
    def before(self) -> JSON:
        """The values at the checkpoint."""
        values: JSON = self.editing.base["context"]
        return values

    @property
    def nodes(self) -> list[str]:
        """As whom it can be written: the node that made the checkpoint first."""
        known = writers(self.drawing)
        made = [name for name in dict.fromkeys(self.checkpoint.ran) if name in known]
        first = made if len(made) == 1 else [DECIDES]
        return [*first, *(name for name in (*known, DECIDES) if name not in first)]


@dataclass(frozen=True, slots=True)
class Written:
    """The new checkpoint, and what is to be said of it: fields of which the graph made something else."""

    checkpoint_id: str
    note: str = ""


async def begin(client: Client, thread_id: str, graph_id: str, checkpoint: Checkpoint, place: str) -> StateEdit:
    """Read the state and what the graph says of it. Raises PlaygroundError."""
    state = await client.threads.state(thread_id, checkpoint.checkpoint_id)
    if not isinstance(state.values, dict):
        raise PlaygroundError("This state has no fields to edit: the graph's state is a single value.")
    schemas = await client.graphs.schemas_if_any(graph_id)
    try:
        drawing: JSON = dict(await client.graphs.drawing(graph_id))
    except PlaygroundError:
        drawing = {}  # then the server finds the node
    editing = await asyncio.to_thread(StateEditing, schemas.state if schemas else None, state.values)
    return StateEdit(thread_id, checkpoint, place, editing, drawing)


async def ask(app: "PlaygroundApp", edit: StateEdit) -> JSON | None:
    """Let the user edit and review it, back and forth; what is to be written, None if it isn't to be now."""
    from playground.tui.screens.edit_state import EditState
    from playground.tui.screens.edit_state_review import ReviewState, Writing

    while True:
        filled = await app.push_screen_wait(EditState(edit.editing, edit.place))
        if filled is None or not filled.send:
            return None
        values = with_ids(edit.editing.value, edit.before)
        found = await asyncio.to_thread(state_differences, edit.before, values)
        if not found.lines:
            app.notify("Nothing is changed.", timeout=3, markup=False)
            continue
        then = {node: followers(edit.drawing, node) for node in edit.nodes}
        node = await app.push_screen_wait(ReviewState(Writing(edit.place, found, edit.nodes, then), edit.node))
        if node is not None:
            edit.node = node
            return values if isinstance(values, dict) else None


async def write(client: Client, edit: StateEdit, values: JSON) -> Written:
    """Write it beside what followed the checkpoint, and look at what the graph made of it. Raises PlaygroundError."""
    update = update_of(edit.before, values)
    checkpoint_id = await client.threads.update_state(
        edit.thread_id, update, as_node=edit.node or None, checkpoint_id=edit.checkpoint.checkpoint_id
    )
    try:
        made = await client.threads.state(edit.thread_id, checkpoint_id)
    except PlaygroundError:
        return Written(checkpoint_id)  # whoever shows it says why it can't be read
    differ = otherwise(values, made.values, update)
    names = ", ".join(one_line(key, 40) for key in differ)
    note = f"The graph made something else of {names}: its reducer does more than take a value. d shows what."
    return Written(checkpoint_id, note if differ else "")
