"""The differences of two sides as lines of a given width: a table of two columns, or what went over what came. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, zip_longest
from typing import Any, Final

from textual.content import Content

from playground.compare.config_diff import Change
from playground.compare.output_diff import Line, LinePair, TextDiff, diff_text
from playground.compare.path_diff import PathRow, Step, changed_steps
from playground.tui.changes import value_line
from playground.tui.compare.differences import RUNS, Difference, TurnDifference
from playground.tui.text import MUTED, count, join, one_line, plain, safe
from playground.tui.widgets.transcript_rows import call_text, json_text

BESIDE: Final = 110
"""Cells from which there is room for two columns."""
NEAR: Final = 2
"""Equal lines shown before and after a difference."""
_SHORT: Final = 40  # characters up to which both values fit on one line, with an arrow
_LABEL: Final = 28  # cells of the longest name of a field beside its values
_SIGNS: Final = {
    "added": ("+", "$text-success"),
    "removed": ("-", "$text-error"),
    "changed": ("~", "$text-warning"),
    "equal": ("=", MUTED),
    "same": (" ", MUTED),
}
_OLD: Final = "$text-error"
_NEW: Final = "$text-success"


@dataclass(frozen=True, slots=True)
class Heading:
    """What the lines below are about, and a fact at the right end."""

    text: Content
    fact: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence over the whole width."""

    text: Content


@dataclass(frozen=True, slots=True)
class Pair:
    """What stands beside each other. `kind` has a sign; None where a side has nothing; `difference` is its number."""

    kind: str
    left: Content | None
    right: Content | None
    difference: int | None = None
    label: str = ""


Item = Heading | Note | Pair


@dataclass(slots=True)
class Shown:
    """What to draw, how many differences there are in it, and what to say of it in a word or two."""

    items: list[Item] = field(default_factory=list)
    differences: int = 0
    summary: str = ""

    def note(self, text: str, style: str = MUTED) -> None:
        self.items.append(Note(safe(text, style)))

    def note_first(self, text: str) -> None:
        """A note over everything else."""
        self.items.insert(0, Note(safe(text, MUTED)))

    def differ(self) -> int:
        """The number of one more difference."""
        self.differences += 1
        return self.differences - 1


@dataclass(slots=True)
class Drawn:
    """Lines, and the difference that each belongs to."""

    lines: list[Content] = field(default_factory=list)
    owners: list[int | None] = field(default_factory=list)
    folded: bool = False  # whether equal lines were left out

    def place(self, difference: int) -> tuple[int, int]:
        """The first line of a difference, and how many lines it takes up to its last one."""
        at = [number for number, owner in enumerate(self.owners) if owner == difference]
        return (at[0], at[-1] - at[0] + 1) if at else (0, 1)

    def add(self, lines: Iterable[Content], owner: int | None = None) -> None:
        for line in lines:
            self.lines.append(line)
            self.owners.append(owner)


# What differs


def configuration(found: Difference) -> Shown:
    """The fields by their paths, those that differ first; texts by word."""
    shown = Shown()
    differing = [change for change in found.configuration if change.kind != "equal"]
    for side in (found.left, found.right):
        if not side.schema_known:
            shown.note(
                f"! What is secret in {side.title} isn't known, since its schema can't be read: no value is shown."
            )
    for change in differing:
        shown.items += _field(change, shown)
    if not differing:
        shown.note("No differences: both ran with the same configuration.", "bold")
    equal = found.configuration[len(differing) :]
    if equal:
        shown.items.append(Heading(safe(f"= {count(len(equal), 'equal field')}", MUTED)))
    for change in equal:
        value = safe(value_line(change.left, 200), MUTED)
        shown.items.append(Pair("equal", value, value, label=change.path))
    shown.summary = f"~{len(differing)}" if differing else "="
    return shown


def output(found: Difference) -> Shown:
    """What was answered, turn by turn and word by word."""
    shown = Shown()
    for turn in found.turns:
        shown.items.append(_turn_heading(turn, f"{turn.output.percent} % equal" if turn.output else ""))
        _troubles(turn, found, shown)
        if turn.output is None:
            continue
        if turn.output.percent == 100:
            shown.note("No differences: both answered the same.", "bold")
        _lines(turn.output, shown)
    if not found.turns:
        shown.note("Nothing has been answered yet: send an input, the answers are compared while they come.")
    shown.summary = "" if found.percent is None else f"{found.percent} %"
    return shown


def path(found: Difference) -> Shown:
    """The nodes that ran and the tools that were called, turn by turn."""
    shown = Shown()
    total = 0
    for turn in found.turns:
        differing = changed_steps(turn.path)
        total += differing
        shown.items.append(
            _turn_heading(turn, f"{count(differing, 'step')} differ{'s' * (differing == 1)}" * bool(differing))
        )
        if turn.left is None or turn.right is None:
            _troubles(turn, found, shown)
        elif not turn.path:
            shown.note("Neither has run a node yet." if _active(turn) else "Neither ran a node.")
        elif not differing:
            shown.note("No differences: both went the same way.", "bold")
        for row in turn.path:
            shown.items += _step(row, shown)
    if not found.turns:
        shown.note("Nothing has run yet: send an input, the steps are compared while they come.")
    shown.summary = "" if not found.turns else f"~{total}" if total else "="
    return shown


def _field(change: Change, shown: Shown) -> Iterator[Item]:
    number = shown.differ()
    left = None if change.kind == "added" else _shown(change.left)
    right = None if change.kind == "removed" else _shown(change.right)
    if left == right:
        note = safe("  another one; neither is shown", MUTED)
        yield Pair("changed", safe(left or "", _OLD), join(safe(right or "", _NEW), note), number, change.path)
        return
    if left is None or right is None or _is_short(left, right):
        yield Pair(change.kind, _value(left, _OLD), _value(right, _NEW), number, change.path)
        return
    found = diff_text(left, right)
    sizes = [safe(count(len(text.split()), "word"), MUTED) for text in (left, right)]
    equal = safe(f"  {found.percent} % equal", MUTED)
    yield Pair("changed", sizes[0], join(sizes[1], equal), number, change.path)
    for line in found.lines:
        yield _line(line, number if line.differs else None)


def _lines(found: TextDiff, shown: Shown) -> None:
    """The lines of an output. Lines that only one side has are one difference with those before and after them."""
    before = "same"
    for line in found.lines:
        kind = _line(line, None).kind
        if kind == "changed" or kind not in (before, "same"):
            shown.differ()
        before = kind
        shown.items.append(_line(line, shown.differences - 1 if line.differs else None))


def _line(line: LinePair, number: int | None) -> Pair:
    if not line.differs:
        kind = "same"
    elif not line.left and line.right:
        kind = "added"
    else:
        kind = "changed" if line.left and line.right else "removed" if line.right is None or line.left else "added"
    left = None if kind == "added" else _words(line.left, "delete")
    return Pair(kind, left, None if kind == "removed" else _words(line.right, "insert"), number)


def _step(row: PathRow, shown: Shown) -> Iterator[Item]:
    number = None if row.kind == "equal" else shown.differ()
    style = MUTED if row.kind == "equal" else ""
    yield Pair(row.kind, _step_line(row.left, style or _OLD), _step_line(row.right, style or _NEW), number)
    for change in row.changes:
        if change.kind != "equal":
            yield Pair(change.kind, _argument(change, "added", _OLD), _argument(change, "removed", _NEW), number)


def _argument(change: Change, unless: str, style: str) -> Content | None:
    if change.kind == unless:
        return None
    value = change.left if unless == "added" else change.right
    return safe(f"      {one_line(change.path, 60)} = {value_line(value, 400)}", f"{style} underline")


def _step_line(step: Step | None, style: str) -> Content | None:
    if step is None:
        return None
    if step.kind == "node":
        return safe(one_line(step.name, 80), style)
    end = safe(" ✘ failed", "$text-error") if step.failed else Content("")
    return join(safe("  ⚙ ", MUTED), safe(call_text(step.name, step.arguments, 400), style), end)


def _turn_heading(turn: TurnDifference, fact: str) -> Heading:
    asked = join(safe("  > ", MUTED), safe(one_line(turn.asked, 300))) if turn.asked else Content("")
    return Heading(join(safe(f"turn {turn.number}", "bold $text-accent"), asked), fact)


def _troubles(turn: TurnDifference, found: Difference, shown: Shown) -> None:
    """Why there is nothing, or not everything, to compare."""
    if turn.asked_otherwise:
        shown.note(f"! {found.right.title} was asked something else: {one_line(turn.asked_otherwise, 300)}")
    for side, view in ((found.left, turn.left), (found.right, turn.right)):
        if view is None:
            shown.note(f"{side.title} has no turn {turn.number}.")
        elif view.status == "failed":
            shown.note(f"✘ {side.title} failed: {one_line(view.trouble, 400)}", "$text-error")
        elif view.status in _UNFINISHED:
            shown.note(f"{_UNFINISHED[view.status].format(side.title)}", "$text-warning")
        elif not view.answer:
            shown.note(f"{side.title} gave no answer.")


_UNFINISHED: Final = {
    "queued": "○ {} waits for its turn to run.",
    "running": "▍ {} still runs: this is what there is so far.",
    "interrupted": "‖ {} waits for an answer.",
    "stopped": "■ {} was stopped.",
}


def _active(turn: TurnDifference) -> bool:
    return any(view is not None and view.status in RUNS for view in (turn.left, turn.right))


def _shown(value: Any) -> str:
    line = value_line(value, _SHORT + 1)
    return line if len(line) <= _SHORT and not (isinstance(value, str) and "\n" in value) else json_text(value)


def _is_short(*texts: str) -> bool:
    return all(len(text) <= _SHORT and "\n" not in text for text in texts)


def _value(text: str | None, style: str) -> Content | None:
    return None if text is None else safe(_spaced(text), style)


def _words(line: Line | None, kind: str) -> Content | None:
    """One side of a line. What differs is underlined, so that colour alone says nothing."""
    if line is None:
        return None
    style = f"{_OLD if kind == 'delete' else _NEW} underline"
    whole = all(span.kind != "equal" for span in line)
    return join(
        *(
            safe(
                _spaced(span.text), "" if span.kind == "equal" else style.removesuffix(" underline") if whole else style
            )
            for span in line
        )
    )


def _spaced(text: str) -> str:
    return plain(text).expandtabs(4)


# Drawing


def draw(shown: Shown, width: int, *, everything: bool = False) -> Drawn:
    """The lines, two cells of each left free for the cursor. `everything`: equal lines far from differences, too."""
    drawn = Drawn()
    room = max(24, width - 2)
    labels = [len(item.label) for item in shown.items if isinstance(item, Pair)]
    label = min(_LABEL, max(labels, default=0))
    for item in _folded(shown.items, everything):
        if isinstance(item, Heading):
            drawn.add([Content("")] if drawn.lines else [])
            drawn.add([_heading(item, room)])
        elif isinstance(item, Note):
            drawn.add(item.text.wrap(room))
        elif isinstance(item, int):
            drawn.folded = True
            drawn.add([safe(f"  … {count(item, 'equal line')}", MUTED)])
        elif width >= BESIDE:
            for pair in item:
                drawn.add(_beside(pair, room, label), pair.difference)
        else:
            drawn.add(_below(item, room), item[0].difference)
    return drawn


def _folded(items: Sequence[Item], everything: bool) -> Iterator[Heading | Note | int | list[Pair]]:
    """Pairs of the same difference together, and how many equal lines are left out where there are many."""
    for key, group in groupby(items, _group):
        several = list(group)
        pairs = [item for item in several if isinstance(item, Pair)]
        if not pairs:
            yield from (item for item in several if not isinstance(item, Pair))
        elif key == "same" and not everything and len(pairs) > 2 * NEAR + 1:
            yield from ([pair] for pair in pairs[:NEAR])
            yield len(pairs) - 2 * NEAR
            yield from ([pair] for pair in pairs[-NEAR:])
        elif isinstance(key, int):
            yield pairs
        else:
            yield from ([pair] for pair in pairs)


def _group(item: Item) -> object:
    if not isinstance(item, Pair):
        return "other"
    return item.difference if item.difference is not None else "same" if item.kind == "same" else "equal"


def _heading(item: Heading, room: int) -> Content:
    fact = safe(item.fact, MUTED)
    text = item.text.truncate(max(8, room - fact.cell_length - 2), ellipsis=True)
    return join(text, " " * max(2, room - text.cell_length - fact.cell_length), fact) if item.fact else text


def _sign(kind: str) -> Content:
    sign, style = _SIGNS[kind]
    return safe(f"{sign} ", style)


def _beside(pair: Pair, room: int, label: int) -> Iterator[Content]:
    """`~ temperature   0.7   │ 0.2`, on as many lines as it takes."""
    label += 2 if label else 0
    half = (room - 2 - label - 3) // 2
    left, right = (side.wrap(half) or [Content("")] if side else [Content("")] for side in (pair.left, pair.right))
    name = safe(one_line(pair.label, max(1, label - 2)).ljust(label), "bold" if pair.difference is not None else MUTED)
    head = join(_sign(pair.kind), name)
    for mine, theirs in zip_longest(left, right, fillvalue=Content("")):
        yield join(head, mine, " " * max(0, half - mine.cell_length), safe(" │ ", MUTED), theirs)
        head = Content(" " * (2 + label))


def _below(pairs: Sequence[Pair], room: int) -> Iterator[Content]:
    """What went over what came; a short value with an arrow to the next one."""
    first = pairs[0]
    if first.label:
        name = safe(one_line(first.label, 60), "bold" if first.difference is not None else MUTED)
        head = join(_sign(first.kind), name)
        values = _on_one_line(first)
        fits = "\n" not in values.plain and head.cell_length + 2 + values.cell_length <= room
        yield join(head, "  ", values) if fits else head.truncate(room, ellipsis=True)
        pairs = pairs[1:] if fits else pairs
    if first.difference is None:
        for pair in pairs:
            yield from _signed(_sign("same" if pair.label else pair.kind), pair.left or Content(""), room)
        return
    for sign, style, sides in (
        ("- ", _OLD, [pair.left for pair in pairs]),
        ("+ ", _NEW, [pair.right for pair in pairs]),
    ):
        for side in sides:
            if side is not None:
                yield from _signed(safe(sign, style), side, room)


def _on_one_line(pair: Pair) -> Content:
    if pair.difference is None:
        return pair.left or Content("")
    return safe(" → ", MUTED).join([side for side in (pair.left, pair.right) if side is not None])


def _signed(sign: Content, text: Content, room: int) -> Iterator[Content]:
    for line in text.wrap(room - 2) or [Content("")]:
        yield join(sign, line)
        sign = Content("  ")
