"""What runs did, step by step: nodes, what they said and wrote, how long they took, in as much detail as one wants."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.timer import Timer

from playground.client.record import RunRecord
from playground.client.steps import DETAILS, Detail, Step
from playground.tui.text import MUTED, clickable, join, safe
from playground.tui.threads.steps_rows import Span, step_line, step_text
from playground.tui.widgets.line_view import LineView
from playground.tui.widgets.lines_pane import LinesPane
from playground.tui.widgets.transcript_rows import json_content

_TICK: Final = 0.25  # seconds between two moves of a running bar
_NONE: Final = "No steps yet."
_READING: Final = "Reading the steps…"
_MOST_LINES: Final = 500  # of what is below an open step


@dataclass(frozen=True, slots=True)
class _Row:
    """A line: of a step, or of what is below an open one."""

    step: Step
    depth: int
    run: Step
    below: Content | None = None


class StepLines(LineView):
    """Steps under their runs. An open one has all there is to see of it below it; a folded run hides its steps."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("minus", "detail(-1)", "Less", id="steps.less", tooltip="Less detail: messages, updates, tasks, debug"),
        Binding("plus,equals_sign", "detail(1)", "More", id="steps.more", tooltip="More detail, up to debug"),
        Binding("y", "copy", "Copy", id="steps.copy", tooltip="Copy what there is to see of the step, as JSON"),
        Binding("/", "find", "Find", id="steps.find", tooltip="Find in the steps"),
    ]

    def __init__(self) -> None:
        super().__init__(id="steps-lines")
        self.record = RunRecord()
        self.detail: Detail = "updates"
        self._runs: Sequence[Step] = ()
        self._titles: Mapping[str, str] = {}
        self._rows: list[_Row] = []
        self._opened: set[str] = set()
        self._folded: set[str] = set()
        self.say(_NONE)

    def show(self, runs: Sequence[Step], titles: Mapping[str, str], record: RunRecord) -> None:
        """These runs, oldest first; `titles` say what ran in each, `record` has the events that steps point to."""
        self._runs, self._titles, self.record = runs, titles, record
        self.take()

    def set_detail(self, detail: Detail) -> None:
        """Show more, or less."""
        self.detail = detail
        self.take()

    def take(self) -> None:
        """The steps are others now."""
        key = self._key(self.cursor)
        level = DETAILS.index(self.detail)
        self._rows = [row for run in self._runs for row in self._rows_of(run, level)]
        self.lines_changed(self._index(key))

    @property
    def is_running(self) -> bool:
        """Whether bars grow."""
        return any(run.status == "running" for run in self._runs[-1:])

    @property
    def is_without_detail(self) -> bool:
        """Whether the last run that was streamed doesn't tell what the detail shows."""
        if not self.record.runs or self.detail not in ("tasks", "debug"):
            return False
        told = self.record.runs[-1].modes
        return "debug" not in told and (self.detail == "debug" or "tasks" not in told) and "metadata" in told

    def _rows_of(self, run: Step, level: int) -> list[_Row]:
        rows: list[_Row] = []
        for depth, step in run.walk(level):
            rows.append(_Row(step, depth, run))
            if step is run and run.key in self._folded:
                break
            if step is not run and step.key in self._opened:
                rows += [_Row(step, depth, run, below) for below in _below(step, depth, self.record)]
        return rows

    def _key(self, index: int) -> tuple[str, int] | None:
        """The step of a line, and how many lines below its own that is."""
        if not 0 <= index < len(self._rows):
            return None
        head = index
        while head and self._rows[head].below is not None:
            head -= 1
        return self._rows[head].step.key, index - head

    def _index(self, key: tuple[str, int] | None) -> int | None:
        if key is None:
            return None
        found = (index for index, row in enumerate(self._rows) if row.below is None and row.step.key == key[0])
        head = next(found, None)
        return None if head is None else head + key[1]

    # Lines

    @property
    def line_count(self) -> int:
        """Steps that are shown, and the lines below open ones."""
        return len(self._rows)

    def line(self, index: int, width: int) -> Content:
        """A step, or what is below it."""
        row = self._rows[index]
        if row.below is not None:
            return row.below
        span = Span(row.run.began, row.run.ended, self.record.now() if row.run.status == "running" else None)
        title, keys = self._titles.get(row.run.key, ""), self.detail == "messages"
        line = step_line(row.step, row.depth, span, width - 2, title, keys=keys)
        return join(safe(f"{self._sign(row.step)} ", MUTED), line)

    def _sign(self, step: Step) -> str:
        if step.kind == "run":
            return "▸" if step.key in self._folded else "▾"
        return "▾" if step.key in self._opened else "▸" if has_more(step) else " "

    def line_text(self, index: int) -> str:
        """What is looked through."""
        row = self._rows[index]
        return row.below.plain if row.below is not None else step_text(row.step, self._titles.get(row.run.key, ""))

    @property
    def text(self) -> str:
        """All lines as plain text."""
        return "\n".join(self.line(index, self.size.width or 80).plain for index in range(self.line_count))

    # What one can do

    @property
    def step(self) -> Step | None:
        """What the cursor is on."""
        return self._rows[self.cursor].step if self._rows else None

    def action_open(self) -> None:
        """All there is to see of the step, or fold it."""
        step = self.step
        if step is None or not (step.kind == "run" or has_more(step)):
            return
        places = self._folded if step.kind == "run" else self._opened
        self.following = False
        places.symmetric_difference_update((step.key,))
        key = (step.key, 0)
        self.take()
        self.go_to(self._index(key) or 0)

    def action_detail(self, by: int) -> None:
        """More or less of it."""
        place = min(len(DETAILS) - 1, max(0, DETAILS.index(self.detail) + by))
        self.query_ancestor(StepsView).action_detail(DETAILS[place])

    def action_copy(self) -> None:
        """All there is to see of it."""
        if self.step is not None:
            parts = dict(_parts(self.step, self.record))
            text = json.dumps(parts, indent=2, ensure_ascii=False, default=str) if parts else step_text(self.step)
            self.post_message(StepsView.Copied(text, "the step"))

    def action_find(self) -> None:
        """Ask what."""
        self.query_ancestor(StepsView).find()


class StepsView(LinesPane):
    """The steps under the slider for their detail."""

    class DetailChosen(Message):
        """The user wants this detail: it is kept, and the next run is asked for it."""

        def __init__(self, detail: Detail) -> None:
            super().__init__()
            self.detail: Detail = detail

    class Wanted(Message):
        """The view is shown: its steps are to be read."""

    def __init__(self, id: str = "steps") -> None:
        self.lines = StepLines()
        super().__init__(self.lines, id)
        self._timer: Timer | None = None

    def on_mount(self) -> None:
        """Bars grow while something runs."""
        self._timer = self.set_interval(_TICK, self._tick, pause=True)
        self.tell()

    def on_show(self) -> None:
        """What came while nobody looked."""
        self.post_message(self.Wanted())

    def show(self, runs: Sequence[Step], titles: Mapping[str, str], record: RunRecord) -> None:
        """These runs, oldest first."""
        self.lines.show(runs, titles, record)
        self.tell()

    def reading(self, reads: bool) -> None:
        """Whether what there is isn't known yet."""
        self.lines.say(_READING if reads else _NONE)

    def set_detail(self, detail: Detail) -> None:
        """Show so much."""
        self.lines.set_detail(detail)
        self.tell()

    def action_detail(self, detail: Detail) -> None:
        """So much is wanted."""
        if detail != self.lines.detail:
            self.set_detail(detail)
            self.post_message(self.DetailChosen(detail))

    def take(self) -> None:
        """Steps that went on."""
        self.lines.take()

    def _tick(self) -> None:
        if self.display and self.lines.is_running:
            self.lines.refresh()
        else:
            self.tell()

    def tell(self) -> None:
        """How much detail there is, and what is missing."""
        if self._timer is not None:
            (self._timer.resume if self.lines.is_running else self._timer.pause)()
        words = [
            clickable(
                safe(detail, "bold underline $text-accent" if detail == self.lines.detail else MUTED),
                f"detail('{detail}')",
            )
            for detail in DETAILS
        ]
        parts = [join(safe("detail  ", MUTED), join(*words, separator="  "), safe("  - +", MUTED))]
        if self.lines.record.lost:
            parts.append(safe("⟳ reconnecting", "$text-warning"))
        elif self.lines.is_without_detail:
            parts.append(safe(f"the next run tells its {self.lines.detail}", MUTED))
        if self.lines.line_count and not self.lines.following:
            parts.append(clickable(safe("↓ G follows the end", "$text-accent"), "follow"))
        self.head.update(join(*parts, separator="  ·  "), layout=False)


def has_more(step: Step) -> bool:
    """Whether there is more to see of it than its line."""
    if step.kind in ("custom", "interrupt", "write"):
        return step.value is not None
    return bool(step.traceback or step.given is not None or step.event is not None or step.value not in (None, {}))


def _parts(step: Step, record: RunRecord) -> list[tuple[str, Any]]:
    """What there is to see of a step, each with its name."""
    parts: list[tuple[str, Any]] = []
    if step.kind == "node":
        given = _recorded(record, step.given)
        payload = given.get("payload", given) if isinstance(given, dict) else {}
        if step.given is not None:
            parts.append(("input", payload.get("input", "(not kept any more)")))
        if step.triggers:
            parts.append(("triggers", list(step.triggers)))
        if step.value is not None:
            parts.append(("wrote", step.value))
        parts += [("traceback", child.traceback) for child in step.children if child.traceback]
    elif step.kind == "error":
        parts += [("error", step.name), ("message", step.text), ("traceback", step.traceback)]
    elif step.kind == "message":
        parts += [("text", step.text), ("calls" if isinstance(step.value, list) else "also", step.value)]
    elif step.kind in ("given", "checkpoint", "event"):
        parts.append(("event", _recorded(record, step.event)))
    else:
        parts.append((step.name or step.kind, step.value))
    return [(name, value) for name, value in parts if value is not None and value != ""]


def _recorded(record: RunRecord, position: int | None) -> Any:
    event = record.get(position) if position is not None else None
    return json.loads(event.data) if event is not None else None


def _below(step: Step, depth: int, record: RunRecord) -> list[Content]:
    indent = " " * (6 + 2 * depth)
    rows: list[Content] = []
    for name, value in _parts(step, record):
        rows.append(safe(f"{indent}{name}", "$text-primary"))
        body = json_content(value).split("\n", allow_blank=True)
        rows += [join(indent, "  ", row) for row in body[:_MOST_LINES]]
        if len(body) > _MOST_LINES:
            rows.append(safe(f"{indent}  … {len(body) - _MOST_LINES:,} more lines: y copies all", MUTED))
    return rows
