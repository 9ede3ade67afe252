"""The timeline of a thread: its checkpoints as a tree, and what is known of the one under the cursor."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from playground.client.checkpoint_tree import Checkpoint, CheckpointTree
from playground.tui.text import MUTED, age, count, join, one_line, safe, short_hash, short_id
from playground.tui.threads.timeline import Timeline, checkpoint_of
from playground.tui.threads.timeline_rows import TIMELINE_COLUMNS, TimelineRows, name_content, nodes_text
from playground.tui.widgets.columns import GAP, lay_out
from playground.tui.widgets.pane import Pane
from playground.tui.widgets.row_list import Row, RowList
from playground.tui.widgets.transcript_rows import seconds_text

_NONE: Final = "No thread is open."
_NEW: Final = "No steps yet: the thread begins with its first run."
_READING: Final = "Reading the steps…"


class TimelineList(RowList):
    """The lines, with the keys that go from one to another; what a key does with one is the screen's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Go on", id="timeline.open", tooltip="Go on from here: what is sent begins here"),
        Binding("R", "rerun(False)", "Re-run", id="timeline.rerun", tooltip="Run again from here; says what executes"),
        Binding("V", "rerun(True)", "With…", id="timeline.rerun_with", tooltip="Run again from here, another version"),
        Binding(
            "c", "compare", "Compare", id="timeline.compare", tooltip="Compare two branches, the marked ones first"
        ),
        Binding("l", "branch(1)", "Branch", id="timeline.branch", tooltip="The next branch, as far along"),
        Binding("h", "branch(-1)", "Branch", id="timeline.branch_back", show=False, tooltip="The branch before"),
        Binding("right", "branch(1)", "Branch", id="timeline.right", show=False, tooltip="The next branch"),
        Binding("left", "branch(-1)", "Branch", id="timeline.left", show=False, tooltip="The branch before"),
        Binding("o", "inside", "Inside", id="timeline.inside", tooltip="The steps of a subgraph, or hide them"),
        Binding("space", "mark", "Mark", id="timeline.mark", show=False, tooltip="Mark two to compare their branches"),
    ]

    branched = False
    """Whether there is more than one branch."""
    has_inside = False
    """Whether the step under the cursor has subgraphs."""
    idle = True
    """Whether nothing runs on the thread."""

    class Rerun(RowList.RowMessage):
        """Run again from a checkpoint, with what ran there or with what is chosen now."""

        def __init__(self, row_list: RowList, key: str, choose: bool) -> None:
            super().__init__(row_list, key)
            self.choose = choose

    class InsideAsked(RowList.RowMessage):
        """Show the steps of the subgraphs in a step, or hide them."""

    class Compare(Message):
        """Hold two branches against each other."""

    class Walked(Message):
        """To the next branch, or the one before."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    def action_branch(self, by: int) -> None:
        """As far along, on another branch."""
        self.post_message(self.Walked(by))

    @property
    def checkpoint_id(self) -> str | None:
        """The checkpoint that the line under the cursor is about."""
        return checkpoint_of(self.key) if self.key is not None else None

    def action_inside(self) -> None:
        """The steps inside."""
        if self.checkpoint_id is not None:
            self.post_message(self.InsideAsked(self, self.checkpoint_id))

    def action_rerun(self, choose: bool) -> None:
        """Run again from the line under the cursor."""
        if self.checkpoint_id is not None:
            self.post_message(self.Rerun(self, self.checkpoint_id, choose))

    def action_compare(self) -> None:
        """Two branches."""
        self.post_message(self.Compare())

    def action_mark(self) -> None:
        """Mark the line under the cursor, or not."""
        if self.key is not None:
            self.post_message(self.MarkToggled(self, self.key))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys for what there is."""
        match action:
            case "branch":
                return self.branched
            case "rerun":
                return self.idle and bool(self.rows)
            case "inside":
                return self.has_inside
            case "compare":
                return self.branched or len(self._marked) > 1
            case "mark":
                return bool(self.rows)
        return super().check_action(action, parameters)

    def line_of(self, row: Row, widths: Sequence[int]) -> Content:
        """What has neither version nor figures, like an input, has the room for them."""
        label, *figures, here = row.cells
        if any(cell.cell_length for cell in figures):
            return super().line_of(row, widths)
        room = sum(widths[:-1]) + GAP * sum(wide > 0 for wide in widths[1:-1])
        return lay_out((self._columns[0], self._columns[-1]), (label, here), (room, widths[-1]))


class TimelinePane(Pane):
    """Shows a tree of checkpoints. `Moved` says which one the user chose, `Opened` that he goes on from there."""

    DEFAULT_CSS = """
    TimelinePane {
        height: 1fr;
        TimelineList { height: 1fr; }
        #timeline-facts {
            height: 4;
            border-top: solid $foreground 15%;
            padding: 0 1;
            text-wrap: nowrap;
            text-overflow: ellipsis;
        }
    }
    """

    class Chosen(Message):
        """The cursor was moved to a checkpoint."""

        def __init__(self, checkpoint_id: str) -> None:
            super().__init__()
            self.checkpoint_id = checkpoint_id

    class Opened(Chosen):
        """Enter, or a double click."""

    class MarksChanged(Message):
        """Other checkpoints are marked."""

    def __init__(self) -> None:
        super().__init__(id="timeline")
        self.list = TimelineList(*TIMELINE_COLUMNS, id="timeline-list")
        self.marked: tuple[str, ...] = ()
        self._facts = Static(id="timeline-facts")
        self._rows = TimelineRows(Timeline(CheckpointTree.of(())))
        self._now: datetime | None = None
        self.show_nothing(_NONE)

    def compose(self) -> ComposeResult:
        """The lines over the facts."""
        yield self.list
        yield self._facts

    # What it shows

    @property
    def timeline(self) -> Timeline:
        """What is drawn."""
        return self._rows.timeline

    @property
    def key(self) -> str | None:
        """The checkpoint under the cursor."""
        return self.list.checkpoint_id

    def show_nothing(self, why: str) -> None:
        """No thread, a new one, or one that is being read."""
        self._rows = TimelineRows(Timeline(CheckpointTree.of(())))
        self.list.branched = False
        self.marked = ()
        self.list.set_marked(frozenset())
        self.list.set_rows((), safe(why, MUTED))
        self.border_title = safe("Timeline")
        self._facts.update("", layout=False)
        self._facts.display = False

    def show_none(self) -> None:
        """No thread is open."""
        self.show_nothing(_NONE)

    def show_new(self) -> None:
        """A thread that didn't begin yet."""
        self.show_nothing(_NEW)

    def show_failed(self, sentence: str) -> None:
        """They can't be read."""
        self.show_nothing(f"✘ {sentence}\n\nr reads them again.")

    def show_reading(self) -> None:
        """Its checkpoints are on their way."""
        self.show_nothing(_READING)

    def show(
        self,
        tree: CheckpointTree,
        here: str | None,
        *,
        names: Mapping[str, str],
        inside: Mapping[str, Sequence[Checkpoint]] | None = None,
        active: bool = False,
        now: datetime | None = None,
        move: bool = True,
    ) -> None:
        """These checkpoints, the cursor on `here` or the newest if it may `move`; without any, that there are none."""
        if not len(tree):
            self.show_new()
            return
        self._now = now
        self._rows = TimelineRows(Timeline(tree, inside), names, active)
        self.marked = tuple(key for key in self.marked if tree.get(key))
        self.list.set_marked(frozenset(self.marked))
        self._facts.display = True
        self.list.branched, self.list.idle = self.timeline.branches > 1, not active
        self.show_here(here, move=move)
        self._show_title()

    def show_here(self, here: str | None, *, move: bool = True) -> None:
        """Another checkpoint is looked at, None is the newest; the cursor moves there."""
        self.list.set_rows(self._rows.rows(here), safe(_NEW, MUTED))
        line = self.timeline.line(here)
        if move and line is not None and self.key != line.key:
            self.list.move_to(line.key)
        self._show_facts()

    def toggle_mark(self, checkpoint_id: str) -> None:
        """Mark it, or not; of three the first one is let go."""
        marked = [key for key in self.marked if key != checkpoint_id]
        self.marked = tuple(marked if len(marked) < len(self.marked) else [*marked, checkpoint_id][-2:])
        self.list.set_marked(frozenset(self.marked))
        self.post_message(self.MarksChanged())

    # What the user does

    @on(RowList.Moved)
    def _moved(self, event: RowList.Moved) -> None:
        event.stop()
        self._show_facts()
        if event.key is not None:
            self.post_message(self.Chosen(checkpoint_of(event.key)))

    @on(RowList.Opened)
    def _opened(self, event: RowList.Opened) -> None:
        event.stop()
        self.post_message(self.Opened(checkpoint_of(event.key)))

    @on(RowList.MarkToggled)
    def _mark_toggled(self, event: RowList.MarkToggled) -> None:
        event.stop()
        self.toggle_mark(checkpoint_of(event.key))

    @on(TimelineList.Walked)
    def _walked(self, event: TimelineList.Walked) -> None:
        event.stop()
        found = self.timeline.neighbour(self.key, event.by) if self.key is not None else None
        if found is None:
            self.notify("There is no other branch: R or an input from an earlier step makes one.", timeout=3)
        else:
            self.list.move_to(found)

    # What it says

    def _show_title(self) -> None:
        branches = self.timeline.branches
        counted = f" {len(self.timeline):,}" + (f" · {count(branches, 'branch', 'branches')}" if branches > 1 else "")
        self.border_title = join(safe("Timeline"), safe(counted, f"{MUTED} not bold"))

    def _show_facts(self) -> None:
        line = self.timeline.line(self.key)
        self.list.has_inside = line is not None and bool(line.checkpoint.made.subgraphs)
        self.list.refresh_bindings()
        if line is not None:
            self._facts.update(self._facts_of(line.checkpoint), layout=False)

    def _facts_of(self, checkpoint: Checkpoint) -> Content:
        """Three lines: what made it and when; what comes next; what ran."""
        timed = checkpoint.seconds is not None and not checkpoint.is_input
        took = f" · {seconds_text(checkpoint.seconds or 0)}" if timed else ""
        ago = f" · {age(checkpoint.created_at, self._now)}" if checkpoint.created_at else ""
        step = "step ·" if checkpoint.step is None else f"step {checkpoint.step}"
        first = join(safe(f"{step} · ", MUTED), name_content(checkpoint), safe(f"{took}{ago}", MUTED))
        version = self._rows.title(checkpoint)
        digest = f" · {short_hash(checkpoint.context_hash)}" if checkpoint.context_hash else ""
        run = f" · run {short_id(checkpoint.run_id)}" if checkpoint.run_id else "no run made it"
        return Content("\n").join([first, self._next(checkpoint), safe(f"{version}{digest}{run}".lstrip(" ·"), MUTED)])

    def _next(self, checkpoint: Checkpoint) -> Content:
        outcome, style = self._rows.outcome(checkpoint)
        if checkpoint.after.error:
            return safe(f"✘ {one_line(checkpoint.after.error)}", style)
        if outcome:
            return safe(outcome, style)
        nodes = nodes_text(checkpoint.next)
        return safe(f"next: {nodes}" if nodes else "nothing comes next: a run ended here", MUTED)
