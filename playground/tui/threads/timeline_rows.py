"""The lines of a timeline as rows of a list: what made each step, under which version, and what it took. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from textual.content import Content

from playground.client.checkpoint_tree import START, Checkpoint
from playground.client.values import ran_title, version_title
from playground.tui.text import MUTED, join, one_line, safe, short_id
from playground.tui.threads.timeline import Line, Timeline
from playground.tui.widgets.columns import Column
from playground.tui.widgets.row_list import LazyRows, Row
from playground.tui.widgets.transcript_rows import seconds_text

TIMELINE_COLUMNS: Final = (
    Column(grow=True, least=20),
    Column(most=24),
    Column(align="right", most=13, drop=2),
    Column(align="right", most=6, drop=3),
    Column(most=1, drop=1),
)
_DEEPEST: Final = 6  # branches of branches that are drawn beside each other
_TEXT: Final = 120
_NAME: Final = 40
_SHORT: Final = 9  # characters of an assistant's name on each line


@dataclass(slots=True)
class TimelineRows:
    """Makes the rows of a timeline. `names` are the assistants'; `active`: a run goes on after the newest one."""

    timeline: Timeline
    names: Mapping[str, str] = field(default_factory=dict)
    active: bool = False
    _step: int = 1
    _one: bool = True
    _widest: tuple[int, int, int] = (0, 0, 0)

    def __post_init__(self) -> None:
        """Look once at all of them, for what is the same for all rows."""
        checkpoints = [line.checkpoint for line in self.timeline.lines]
        self._step = max((len(str(one.step)) for one in checkpoints), default=1)
        self._one = len({one.assistant_id for one in checkpoints if one.assistant_id}) < 2
        versions = {one.ran_as: one for one in checkpoints if one.version is not None or one.assistant_id}
        self._widest = (
            max((len(self.version(one)) for one in versions.values()), default=0),
            max((len(tokens_of(one)) for one in checkpoints), default=0),
            6 if any(one.seconds is not None for one in checkpoints) else 0,
        )

    def rows(self, here: str | None) -> LazyRows:
        """Made when they are looked at. `here` is the checkpoint that is looked at, None if that is the newest."""
        place = self.timeline.at(here) if here is not None else None
        lines = {line.key: line for line in self.timeline.lines}
        shown = self.timeline.lines[place].key if place is not None else None
        return LazyRows(
            [*lines], lambda key: self._row(lines[key], key == shown), (0, *self._widest, int(place is not None))
        )

    def title(self, checkpoint: Checkpoint, limit: int = _NAME) -> str:
        """`support@v7`, as far as the server says it; a name gives way, a version doesn't."""
        if not checkpoint.assistant_id:
            return ""
        name = self.names.get(checkpoint.assistant_id) or short_id(checkpoint.assistant_id)
        return ran_title(one_line(name, limit), checkpoint.version, checkpoint.draft)

    def version(self, checkpoint: Checkpoint) -> str:
        """`v7`; with the assistant's name where more than one ran on the thread."""
        alone = self._one or not checkpoint.assistant_id
        return version_title(checkpoint.version, checkpoint.draft) if alone else self.title(checkpoint, _SHORT)

    def _row(self, line: Line, here: bool) -> Row:
        checkpoint = line.checkpoint
        untimed = checkpoint.seconds is None or checkpoint.is_input
        cells = (
            self._inside_label(line) if line.inside else self._label(line),
            safe("" if _is_input(checkpoint) else self.version(checkpoint), self._version_style(checkpoint)),
            safe(tokens_of(checkpoint), MUTED),
            safe("" if untimed else seconds_text(checkpoint.seconds or 0), MUTED),
            safe("◀" if here else "", "$accent"),
        )
        return Row(line.key, cells)

    def _label(self, line: Line) -> Content:
        checkpoint = line.checkpoint
        step = "·" if checkpoint.step is None else str(checkpoint.step)
        opened = line.key in self.timeline.inside
        return join(
            lanes(line),
            self._mark(checkpoint),
            safe(f" {step:>{self._step}} ", MUTED),
            name_content(checkpoint),
            safe((" ▾" if opened else " ▸") if checkpoint.made.subgraphs else "", MUTED),
            safe(" fork" if line.forked and checkpoint.source != "fork" else "", MUTED),
            self._note(checkpoint),
        )

    def _inside_label(self, line: Line) -> Content:
        """A step of a subgraph, under the step that it was a part of."""
        return join(lanes(line), " " * (self._step + 3), safe(f"└ {nodes_text(line.checkpoint.ran)}", MUTED))

    def _version_style(self, checkpoint: Checkpoint) -> str:
        """Another version than the one told before it on its branch is told by its colour, too."""
        tree = self.timeline.tree
        told = before = tree.get(checkpoint.parent_id)
        while told is not None and not self._tells_version(told):
            before, told = told, tree.get(told.parent_id)
        last = told or before  # before any version was told: the first input, which was for one
        return MUTED if last is None or last.ran_as == checkpoint.ran_as else "$text-accent"

    def _tells_version(self, checkpoint: Checkpoint) -> bool:
        line = self.timeline.line(checkpoint.checkpoint_id)
        has_line = line is not None and line.checkpoint is checkpoint
        return has_line and checkpoint.assistant_id is not None and not _is_input(checkpoint)

    def _goes_on(self, checkpoint: Checkpoint) -> bool:
        return self.active and checkpoint.checkpoint_id == self.timeline.tree.newest

    def _stopped(self, checkpoint: Checkpoint) -> bool:
        """Whether it is where a run was stopped, or waits at a breakpoint: nothing came of it, and something would."""
        tree = self.timeline.tree
        return bool(checkpoint.next) and not tree.children(checkpoint.checkpoint_id) and not self._goes_on(checkpoint)

    def _mark(self, checkpoint: Checkpoint) -> Content:
        after = checkpoint.after
        if after.error:
            return safe("✘", "$text-error")
        if after.waits:
            return safe("‖", "$text-warning")
        if self._goes_on(checkpoint):
            return safe("▍", "$text-accent")
        if self._stopped(checkpoint):
            return safe("■", "$text-warning")
        if _is_input(checkpoint):
            return safe("○", MUTED)
        return safe("~", "$text-warning") if checkpoint.source == "update" else safe("●", MUTED)

    def _note(self, checkpoint: Checkpoint) -> Content:
        """What became of the nodes after it, where they didn't simply make the next step."""
        text, style = self.outcome(checkpoint)
        return safe(f"  {text}" if text else "", style)

    def outcome(self, checkpoint: Checkpoint) -> tuple[str, str]:
        """`‖ tools asks`, `✘ tools failed`, `■ before tools`, and its style."""
        after, nodes = checkpoint.after, nodes_text(checkpoint.next)
        if after.error:
            return f"✘ {nodes} failed", "$text-error"
        if after.waits:
            return f"‖ {nodes} asks", "$text-warning"
        if after.asked:
            return f"‖ {nodes} asked", MUTED
        if self._goes_on(checkpoint):
            return f"▍ {nodes}" if nodes else "", "$text-accent"
        return (f"■ before {nodes}", "$text-warning") if self._stopped(checkpoint) else ("", "")


def lanes(line: Line) -> Content:
    """The branches left of a line, and whether its own one begins there."""
    depth = min(line.depth, _DEEPEST)
    if not depth:
        return Content("")
    return safe("│ " * (depth - 1) + ("├─" if line.begins else "│ "), "$foreground 40%")


def name_content(checkpoint: Checkpoint) -> Content:
    """The nodes that made it, the text of an input, or what else it came of."""
    if _is_input(checkpoint):
        text = one_line(checkpoint.made.text or checkpoint.after.text, _TEXT)
        return join(safe("input", MUTED), f" “{text}”" if text else "")
    if checkpoint.ran:
        return safe(nodes_text(checkpoint.ran))
    return safe({"loop": "step"}.get(checkpoint.source, one_line(checkpoint.source, _NAME) or "step"), MUTED)


def _is_input(checkpoint: Checkpoint) -> bool:
    """Taken in, or not yet."""
    return checkpoint.is_input or checkpoint.source == "input"


def nodes_text(nodes: Iterable[str]) -> str:
    """`plan, tools ×3`: each node once."""
    counted = Counter(one_line(node, _NAME) for node in nodes if node != START)
    return ", ".join(f"{node} ×{times}" if times > 1 else node for node, times in counted.items())


def tokens_of(checkpoint: Checkpoint) -> str:
    """`640→40`, "" where its models don't count."""
    return "→".join(str(number) for number in checkpoint.made.tokens) if checkpoint.made.tokens else ""
