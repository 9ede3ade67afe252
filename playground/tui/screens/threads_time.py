"""Time travel: the timeline of a thread, and going on from any of its checkpoints."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.timer import Timer

from playground.client.checkpoint_tree import Checkpoint, CheckpointTree
from playground.client.errors import PlaygroundError
from playground.client.made_by import made_by
from playground.client.values import Runnable
from playground.tui.compare.differences import UNKNOWN
from playground.tui.screens.threads_runs import RunThreadsScreen
from playground.tui.widgets.timeline import TimelineList, TimelinePane

_PAUSE: Final = 0.12  # seconds the cursor rests before a checkpoint is read: a held key walks over many
_INSIDE: Final = 100  # steps of a subgraph that are shown
_LOOK: Final = 0.5  # seconds between two looks at whether a run made a step


class TimeThreadsScreen(RunThreadsScreen):
    """The timeline on the left; its cursor is the place that is looked at."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("R", "rerun", "Re-run", id="threads.rerun", tooltip="Run again from here; says what executes"),
        Binding("V", "rerun_with", "With…", id="threads.rerun_with", tooltip="Run again from here, another version"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.timeline = TimelinePane()
        self._going: Timer | None = None
        self._walking = False  # the cursor is on its way, and the views aren't there yet
        self._watching: Timer | None = None
        self._seen: object = None
        self._inside: dict[str, list[Checkpoint]] = {}  # steps of subgraphs, by the checkpoint that they led to

    def compose_timeline(self) -> ComposeResult:
        """What the left column has besides the list."""
        yield self.timeline

    def on_mount(self) -> None:
        """Nothing runs yet."""
        self._watching = self.set_interval(_LOOK, self._watch, pause=True)

    def focus_timeline(self) -> None:
        """The focus into the timeline."""
        self.timeline.list.focus()

    # What it shows

    def thread_shown(self) -> None:
        """Another thread, none, or a new one."""
        super().thread_shown()
        self._inside = {}
        if self.conversation is None:
            self.timeline.show_none()
        elif self.thread_id is None:
            self.timeline.show_new()
        else:
            self.timeline.show_reading()

    async def read_tree(self) -> None:
        """Where there is nothing to show, it is said why."""
        try:
            await super().read_tree()
        except PlaygroundError as error:
            if not len(self.checkpoints):
                self.timeline.show_failed(error.sentence)
            raise
        if self.conversation is not None and not len(self.checkpoints):
            self.timeline.show_new()

    def tree_changed(self) -> None:
        """The checkpoints are there, or more of them."""
        super().tree_changed()
        if len(self.checkpoints):
            self._show_timeline()

    def place_changed(self) -> None:
        """The cursor goes along, whoever went there."""
        super().place_changed()
        self.timeline.show_here(self.here, move=not self._walking)

    def run_began(self) -> None:
        """Its steps come while it runs."""
        super().run_began()
        self._seen = None
        if self._watching is not None:
            self._watching.resume()
        self._show_timeline()

    def run_ended(self) -> None:
        """Whoever shows the run's end reads the last checkpoints."""
        super().run_ended()
        if self._watching is not None:
            self._watching.pause()
        self.workers.cancel_group(self, "tree")

    def _show_timeline(self) -> None:
        active = self.conversation is not None and self.conversation.active
        if len(self.checkpoints):
            self.timeline.show(
                self.checkpoints,
                self.here,
                names=self.names,
                inside=dict(self._inside),
                active=active,
                now=self.playground.now(),
                move=not self._walking,
            )
        elif active:
            self.timeline.show_new()

    def _watch(self) -> None:
        """Read the checkpoints when a run has made a step."""
        conversation = self.conversation
        if conversation is None or conversation.turn is None or not conversation.active:
            return
        turn = conversation.turn
        seen = (turn.run_id, turn.status, len(turn.path))
        if seen != self._seen and self.with_timeline and turn.run_id is not None:
            self._seen = seen
            self.run_worker(self.read_tree(), group="tree", exclusive=True, exit_on_error=False)

    # Going there

    @on(TimelinePane.Chosen)
    def _step_chosen(self, event: TimelinePane.Chosen) -> None:
        """The views follow the cursor, once it rests."""
        if self._going is not None:
            self._going.stop()
        self._walking = not self._is_there(event.checkpoint_id)
        if self._walking:
            self._going = self.set_timer(_PAUSE, self._go)

    @on(TimelinePane.Opened)
    def _step_opened(self, event: TimelinePane.Opened) -> None:
        """Go on from there: what is sent begins at this step."""
        self._go()
        self.show_column("thread")
        self.focus_input()

    def _go(self) -> None:
        self._walking, key = False, self.timeline.key
        if key is not None and not self._is_there(key):
            self.run_worker(self.go_to(key), group="place", exclusive=True, exit_on_error=False)

    def _is_there(self, checkpoint_id: str | None) -> bool:
        """Whether this checkpoint is looked at, or one that is shown on the same line."""
        timeline = self.timeline.timeline
        return checkpoint_id is not None and timeline.at(checkpoint_id) == timeline.at(self.here)

    # Inside of a step

    @on(TimelineList.InsideAsked)
    def _inside_asked(self, event: TimelineList.InsideAsked) -> None:
        """The steps of its subgraphs under it, or no more."""
        if self._inside.pop(event.key, None) is not None:
            self._show_timeline()
        else:
            self.run_worker(self._read_inside(event.key), group="inside", exclusive=True, exit_on_error=False)

    async def _read_inside(self, checkpoint_id: str) -> None:
        client, thread_id, checkpoint = self.client, self.thread_id, self.checkpoints.get(checkpoint_id)
        if client is None or thread_id is None or checkpoint is None:
            return
        steps: list[Checkpoint] = []
        for _, namespace in checkpoint.made.subgraphs:
            states = await client.threads.history(thread_id, limit=_INSIDE, namespace=namespace, values=False)
            tree = CheckpointTree.of(states)
            steps += tree.lineage(tree.newest)
        if thread_id == self.thread_id:
            self._inside[checkpoint_id] = steps
            self._show_timeline()

    # Running again

    @on(TimelineList.Rerun)
    def _step_rerun(self, event: TimelineList.Rerun) -> None:
        self.rerun(event.key, choose=event.choose)

    def action_rerun(self) -> None:
        """Run the chat's current turn again, with the version that ran it."""
        if (place := self._place_to_rerun) is not None:
            self.rerun(place)

    def action_rerun_with(self) -> None:
        """Run it again with another version."""
        if (place := self._place_to_rerun) is not None:
            self.rerun(place, choose=True)

    @property
    def _place_to_rerun(self) -> str | None:
        """Where the current turn began, while the focus is in the thread."""
        turn = self.current_turn
        if not self.pane.has_focus_within or self.typing or turn is None or turn.run_id is None:
            return None
        return self.checkpoints.beginning(turn.run_id)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What there is to run again."""
        if action in ("rerun", "rerun_with"):
            idle = self.conversation is not None and not self.conversation.active
            return idle and self._place_to_rerun is not None
        return super().check_action(action, parameters)

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def rerun(self, checkpoint_id: str, *, choose: bool = False) -> None:
        """Say which nodes will execute again from a checkpoint, and run them if that is wanted.

        With the version that ran there; `choose`: with one that is chosen now.
        """
        from playground.tui.screens.rerun import ConfirmRerun, Rerun

        checkpoint = self.checkpoints.get(checkpoint_id)
        if self.client is None or checkpoint is None:
            return
        self.problem("")
        if not checkpoint.next:
            self.problem("Nothing comes after this step: Enter goes on from here with an input.")
            return
        made = await made_by(self.client, self.checkpoints.made_next(checkpoint_id))
        before = made.runnable
        if choose:
            runnable = await self._choose(checkpoint, before)
        else:
            runnable = replace(before, draft=before.draft is True) if before else None if made.told else self.runnable
        if runnable is None:
            if not choose:
                self.problem(f"{made.note} V chooses what runs.")
            return
        runs = self.options.runnable(runnable)
        begins, followed = self.checkpoints.executes(checkpoint_id)
        schema = await self._context_schema(runs)
        asks = checkpoint.after.asked
        rerun = Rerun(place_of(checkpoint), begins, followed, runs, before, schema, made.note, asks)
        if await self.app.push_screen_wait(ConfirmRerun(rerun)):
            await self.run_from(checkpoint_id, runnable=runnable)

    async def _choose(self, checkpoint: Checkpoint, before: Runnable | None) -> Runnable | None:
        """Another version, the versions of what ran there first."""
        from playground.tui.screens.pick_ref import PickRef

        known = before or self.runnable
        if self.client is None:
            return None
        text = f"{known.name}@" if known else ""
        picker = PickRef(self.client, f"Re-run from {place_of(checkpoint)} with", text=text)
        ref = await self.app.push_screen_wait(picker)
        return await self.resolve(ref or None)

    async def _context_schema(self, runnable: Runnable) -> Mapping[str, Any]:
        """Which says what in a context is secret; if it can't be read, all may be."""
        if self.client is None:
            return UNKNOWN
        try:
            return (await self.client.graphs.schemas(runnable.assistant_id)).context or {}
        except PlaygroundError:
            return UNKNOWN

    # Comparing

    @on(TimelineList.Compare)
    def _compare_asked(self) -> None:
        self.compare_branches()

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def compare_branches(self) -> None:
        """Hold two branches against each other: the marked ones, else the one under the cursor and the newest other."""
        from playground.tui.screens.branches import Branch, BranchesDiff

        pair = self._branches()
        if self.client is None or pair is None:
            self.problem("There is no other branch to compare with: R or an input from an earlier step makes one.")
            return
        self.problem("")
        branches = []
        for end in pair:
            made = await made_by(self.client, self._last_run(end))
            branches.append(Branch(await self.conversation_at(end.checkpoint_id), end, made))
        await self.app.push_screen_wait(BranchesDiff(branches))

    def _last_run(self, end: Checkpoint) -> Checkpoint | None:
        """The last checkpoint up to there that a run made: an update has nobody behind it."""
        line = self.checkpoints.lineage(end.checkpoint_id)
        return next((checkpoint for checkpoint in reversed(line) if checkpoint.run_id), None)

    def _branches(self) -> list[Checkpoint] | None:
        """The ends of the two branches, the older one first; two steps of one branch as they are."""
        tree, key = self.checkpoints, self.timeline.key
        if key is None:
            return None
        keys = [*self.timeline.marked, key, key][:2]
        ends = [tree.end(one) for one in keys]
        if ends[0] == ends[1] and keys[0] != keys[1]:
            ends = keys
        elif ends[0] == ends[1]:
            ends = [ends[0], *(other.checkpoint_id for other in tree.ends if other.checkpoint_id != ends[0])][:2]
        pair = [one for one in tree if one.checkpoint_id in ends][::-1]
        return pair if len(pair) == 2 else None


def place_of(checkpoint: Checkpoint) -> str:
    """`step 4`."""
    return "here" if checkpoint.step is None else f"step {checkpoint.step}"
