"""The state of a thread at the place that is looked at: its values, those of subgraphs, what differs from elsewhere."""

import asyncio
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType

from playground.client.checkpoint_tree import Checkpoint
from playground.client.client import Client
from playground.client.errors import PlaygroundError
from playground.client.state_parts import GRAPH, Part, inner_parts
from playground.tui.screens.threads_core import ThreadsCore
from playground.tui.text import count
from playground.tui.threads.state_differences import state_differences
from playground.tui.widgets.json_tree import JsonTree
from playground.tui.widgets.state_view import NEW, NONE, READING, ShownState, StateView
from playground.tui.widgets.thread_pane import ThreadPane
from playground.tui.widgets.timeline import TimelinePane

if TYPE_CHECKING:
    from playground.tui.usecases.editing_state import StateEdit


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What shall be shown; if that changes while it is read, what was read isn't."""

    thread_id: str
    here: str | None
    part: Part
    against: str | None  # a checkpoint, for the differences to it


class StateThreadsScreen(ThreadsCore):
    """Reads the state when it is wanted."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "state_diff", "Diff", id="threads.diff", tooltip="What the step changed, or since the marked one"),
        Binding("E", "edit_state", "Edit state", id="threads.edit_state", tooltip="Edit the state here: a branch"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._edits: dict[tuple[str, str], StateEdit] = {}  # those that were left, by thread and checkpoint
        self._part = GRAPH
        self._diff = False

    # When it is read

    def thread_shown(self) -> None:
        """Another thread: its own state."""
        super().thread_shown()
        self._part, self._diff = GRAPH, False
        self.pane.state.say(NONE if self.conversation is None else NEW if self.thread_id is None else READING)

    def run_ended(self) -> None:
        """There is a newer state."""
        super().run_ended()
        self.show_state()

    def place_changed(self) -> None:
        """Another state; a subgraph's is that of its step."""
        super().place_changed()
        self._part = GRAPH
        self.show_state()

    def tree_changed(self) -> None:
        """A run made a step."""
        super().tree_changed()
        self.show_state()

    @on(ThreadPane.ViewShown)
    def _view_shown(self) -> None:
        self.show_state()

    def show_state(self) -> None:
        """Read the state, if that is what is shown."""
        if self.pane.view == "state" and self.thread_id is not None:
            self._load_state()

    @on(TimelinePane.MarksChanged)
    def _marks_changed(self) -> None:
        if self._diff:
            self.show_state()

    # Reading

    @work(group="state", exclusive=True, exit_on_error=False)
    async def _load_state(self) -> None:
        client, wanted = self.client, self._wanted_state()
        if client is None or wanted is None:
            return
        try:
            shown = await self._read_state(client, wanted)
        except PlaygroundError as error:
            if wanted == self._wanted_state():
                self.pane.state.say(error.sentence, failed=True)
            return
        if wanted == self._wanted_state():
            self.pane.state.show(shown)

    def _wanted_state(self) -> _Wanted | None:
        if self.thread_id is None:
            return None
        return _Wanted(self.thread_id, self.here, self._part, self._base() if self._diff else None)

    async def _read_state(self, client: Client, wanted: _Wanted) -> ShownState:
        """Raises PlaygroundError."""
        at = None if wanted.part.namespace else wanted.here  # a namespace is of one task: its last state is that step's
        state = await client.threads.state(wanted.thread_id, at, namespace=wanted.part.namespace)
        checkpoint = self.checkpoints.get(wanted.here or self.checkpoints.newest)
        parts = self._parts(checkpoint, wanted.part, inner_parts(state.tasks))
        place = _place(checkpoint)
        if wanted.against is None:
            return ShownState(place, state.values, parts, wanted.part, await asyncio.to_thread(_size, state.values))
        base = await client.threads.state(wanted.thread_id, wanted.against)
        found = await asyncio.to_thread(state_differences, base.values, state.values)
        against = _place(self.checkpoints.get(wanted.against))
        return ShownState(place, state.values, against=against, differences=found)

    def _parts(self, checkpoint: Checkpoint | None, part: Part, inner: list[Part]) -> tuple[Part, ...]:
        """The graph, the subgraphs that made this step, those that come next, and those in the one that is shown."""
        ran = [*checkpoint.made.subgraphs, *checkpoint.after.subgraphs] if checkpoint is not None else []
        found = [GRAPH, *(Part(namespace) for _, namespace in ran), part, *inner]
        return tuple(dict.fromkeys(found))

    def _base(self) -> str | None:
        """What differences are to: the marked checkpoint, else the one before."""
        here = self.here or self.checkpoints.newest
        marked = [key for key in self.query_one(TimelinePane).marked if key != here]
        if marked:
            return marked[-1]
        checkpoint = self.checkpoints.get(here)
        return checkpoint.parent_id if checkpoint is not None else None

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is a step before, or a marked one."""
        if action == "state_diff":
            return self.thread_id is not None and (self._diff or self._base() is not None)
        if action == "edit_state":
            return self.conversation is not None and not self.conversation.active and len(self.checkpoints) > 0
        return super().check_action(action, parameters)

    def action_state_diff(self) -> None:
        """What differs from the step before or the marked one; again: the values."""
        self._diff = not self._diff or self.pane.view != "state"
        self._part = GRAPH
        if self.pane.view != "state":
            self.pane.show_view("state")
        else:
            self.show_state()
        self.refresh_bindings()

    def action_edit_state(self) -> None:
        """What the state at this place shall be; what followed it stays."""
        self._edit_state()

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def _edit_state(self) -> None:
        from playground.tui.usecases import editing_state

        client, conversation = self.client, self.conversation
        checkpoint = self.checkpoints.get(self._chosen)
        if client is None or conversation is None or conversation.thread_id is None or checkpoint is None:
            return
        graph_id = conversation.thread.graph_id if conversation.thread else None
        graph_id = graph_id or (self.runnable.graph_id if self.runnable else None)
        if graph_id is None:
            self.problem("Nobody knows which graph this thread is of: run something on it first.")
            return
        self.problem("")
        key = (conversation.thread_id, checkpoint.checkpoint_id)
        if key in self._edits:
            self.notify("Your edit of this state is as you left it.", timeout=3, markup=False)
        try:
            edit = self._edits.get(key) or await editing_state.begin(
                client, conversation.thread_id, graph_id, checkpoint, _place(checkpoint)
            )
            self._edits[key] = edit
            values = await editing_state.ask(self.playground, edit)
            if values is None:
                if not edit.editing.changes():
                    del self._edits[key]
                return
            written = await editing_state.write(client, edit, values)
            del self._edits[key]
            if conversation is self.conversation:
                await self._show_written(written.note)
        except PlaygroundError as error:
            self.problem(error.sentence)

    async def _show_written(self, note: str) -> None:
        """What the edit made of the state; what is sent now begins there."""
        self._diff = True
        await self.state_written()
        self.pane.show_view("state")
        self.pane.focus_view()
        self.problem(note)

    @property
    def _chosen(self) -> str | None:
        """The checkpoint under the timeline's cursor if one is there: it comes before what the views show."""
        timeline = self.query_one(TimelinePane)
        if timeline.has_focus_within and timeline.key is not None:
            return timeline.key
        return self.here or self.checkpoints.newest

    @on(StateView.PartPicked)
    def _part_picked(self, event: StateView.PartPicked) -> None:
        self._part, self._diff = event.part, False
        self.show_state()

    @on(JsonTree.Copied)
    def _value_copied(self, event: JsonTree.Copied) -> None:
        self.playground.copy(event.text, event.what)


def _place(checkpoint: Checkpoint | None) -> str:
    """`step 4 · tools`."""
    if checkpoint is None:
        return "the newest state"
    made = ", ".join(dict.fromkeys(checkpoint.ran)) if not checkpoint.is_input else "input"
    return " · ".join(part for part in (_step(checkpoint), made or checkpoint.source) if part)


def _step(checkpoint: Checkpoint) -> str:
    return "" if checkpoint.step is None else f"step {checkpoint.step}"


def _size(values: Any) -> str:
    """`12 keys · 31 kB`."""
    size = len(json.dumps(values, ensure_ascii=False, default=str))
    keys = f"{count(len(values), 'key')} · " if isinstance(values, dict) else ""
    return keys + (
        f"{size:,} B" if size < 1_000 else f"{size / 1_000:,.0f} kB" if size < 1e6 else f"{size / 1e6:.1f} MB"
    )
