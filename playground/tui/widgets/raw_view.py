"""The events of a thread's runs as the server sent them: a line of JSON each."""

import json
from typing import Any, ClassVar, Final

from textual.binding import Binding, BindingType
from textual.content import Content

from playground.client.record import Recorded, RunRecord
from playground.tui.text import MUTED, clickable, count, join, one_line, safe
from playground.tui.widgets.line_view import LineView
from playground.tui.widgets.lines_pane import LinesPane
from playground.tui.widgets.transcript_rows import json_content

_WIDE: Final = 90
_NAME_CELLS: Final = {False: 12, True: 22}  # wide or not
_EMPTY: Final = "No events yet.\n\nThey are kept from the runs that are followed here, until the thread is left."
_MOST_LINES: Final = 2_000  # of an open event
_STYLES: Final = {"error": "$text-error", "messages": MUTED, "metadata": "$text-accent"}


class RawLines(LineView):
    """A line an event; an open one has its data below it, indented."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy_line", "Copy", id="raw.copy", tooltip="Copy the event, as JSON on one line"),
        Binding("Y", "copy_all", "Copy all", id="raw.copy_all", tooltip="Copy all events, as JSON lines"),
        Binding("/", "find", "Find", id="raw.find", tooltip="Find in the events"),
    ]

    def __init__(self) -> None:
        super().__init__(id="raw-lines")
        self._record = RunRecord()
        self._first = 0  # the position of the first event when the lines were counted
        self._count = 0  # of events
        self._open: dict[int, list[Content]] = {}  # by position: the rows below it
        self.say(_EMPTY)

    def show(self, record: RunRecord) -> None:
        """Another record."""
        self._record = record
        self._open.clear()
        self._first = record.first
        self.following = True
        self.take()

    def take(self) -> None:
        """Take in what came, and what went."""
        went = self._record.first - self._first
        lost = [position for position in self._open if position < self._record.first]
        shift = went + sum(len(self._open.pop(position)) for position in lost)
        self._first, self._count = self._record.first, len(self._record)
        self.lines_changed(self.cursor - shift if shift else None)

    @property
    def line_count(self) -> int:
        """Events, and the rows of open ones."""
        return self._count + sum(map(len, self._open.values()))

    def at(self, index: int) -> tuple[Recorded | None, int]:
        """The event of a line, and which of its rows that is: 0 is its head."""
        position = self._first + index
        for opened in sorted(self._open):
            if opened >= position:
                break
            rows = len(self._open[opened])
            if position <= opened + rows:
                return self._record.get(opened), position - opened
            position -= rows
        return self._record.get(position), 0

    def line(self, index: int, width: int) -> Content:
        """`  12  +0.31  updates  {"call_model": …}`."""
        event, row = self.at(index)
        if event is None:
            return Content("")
        if row:
            return Content("   ") + self._open[event.position][row - 1]
        return _head(event, self._record.seconds(event), width, opened=event.position in self._open)

    def line_text(self, index: int) -> str:
        """Its name and data; of an open event the row."""
        event, row = self.at(index)
        if event is None:
            return ""
        return self._open[event.position][row - 1].plain if row else f"{event.event} {event.data}"

    def action_open(self) -> None:
        """Its data, indented; or fold it."""
        event, row = self.at(self.cursor)
        if event is None:
            return
        if self._open.pop(event.position, None) is None:
            self._open[event.position] = _rows(event)
        self.following = False
        self.lines_changed(self.cursor - row)

    def action_copy_line(self) -> None:
        """The event as one line."""
        event, _ = self.at(self.cursor)
        if event is not None:
            self.post_message(RawView.Copied(event.line, "the event"))

    def action_copy_all(self) -> None:
        """All of them."""
        lines = [event.line for event in self._record]
        if lines:
            self.post_message(RawView.Copied("\n".join(lines), count(len(lines), "event")))

    def action_find(self) -> None:
        """Ask what."""
        self.query_ancestor(RawView).find()


class RawView(LinesPane):
    """The events, and how many there are."""

    def __init__(self, id: str = "raw") -> None:
        self.lines = RawLines()
        self._record = RunRecord()
        super().__init__(self.lines, id)

    def show(self, record: RunRecord) -> None:
        """Show what a thread's runs said."""
        self._record = record
        self.lines.show(record)
        self.tell()

    def on_show(self) -> None:
        """What came while nobody looked."""
        self.catch_up()

    def take(self) -> None:
        """Events that came."""
        self.lines.take()

    def tell(self) -> None:
        """How many there are, and whether it follows."""
        record = self._record
        parts = [safe(count(len(record), "event") if len(record) else "", MUTED)]
        if record.first:
            parts.append(safe(f"the first {record.first:,} aren't kept any more", MUTED))
        if record.lost:
            parts.append(safe("⟳ reconnecting", "$text-warning"))
        if len(record) and not self.lines.following:
            parts.append(clickable(safe("↓ G follows the end", "$text-accent"), "follow"))
        self.head.update(join(*[part for part in parts if part.plain], separator="  ·  "), layout=False)


def _head(event: Recorded, seconds: float, width: int, *, opened: bool) -> Content:
    if event.note:
        return join(safe(f"{'':>4}{seconds:>8.2f}  ", MUTED), safe(f"– {one_line(event.data)}", "$text-warning"))
    mode, _, path = event.event.partition("|")
    where = "/".join(part.partition(":")[0] for part in path.split("|") if part)
    cells = _NAME_CELLS[width >= _WIDE]
    name = one_line(f"{where}/{mode}" if where else mode, cells).ljust(cells)
    head = join(
        safe("▾ " if opened else "▸ ", MUTED),
        safe(f"{event.position:>6} {seconds:>7.2f}  ", MUTED),
        safe(name, _STYLES.get(mode, "$text-primary")),
        "  ",
    )
    room = max(10, width - head.cell_length)
    return head if opened else head + safe(one_line(event.data, room))


def _rows(event: Recorded) -> list[Content]:
    """All of an event, a row a line."""
    value: Any = event.data
    if not event.note:
        value = json.loads(event.data)
    about = {"event": event.event, "id": event.id} if event.event else {}
    head = [safe(f"{key}  {text}", MUTED) for key, text in about.items() if text]
    rows = [*head, *json_content(value).split("\n", allow_blank=True)]
    if len(rows) > _MOST_LINES:
        rows = [*rows[:_MOST_LINES], safe(f"… {count(len(rows) - _MOST_LINES, 'more line')}: y copies all", MUTED)]
    return rows
