"""A draft whose base has moved on: what the active version changed, what the draft did, and what becomes of both."""

from collections.abc import Callable
from typing import Any, ClassVar, Final

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from playground.compare.text_diff import count_changed_lines, diff_lines
from playground.compare.three_way import MISSING, Keys, Merge, Merged, Side
from playground.tui.changes import value_line
from playground.tui.edit.diff import differences
from playground.tui.screens.base import NARROW
from playground.tui.text import MUTED, count, join, one_line, safe
from playground.tui.widgets.columns import Column
from playground.tui.widgets.diff_lines import draw
from playground.tui.widgets.keybar import KeyBar
from playground.tui.widgets.pane import Pane
from playground.tui.widgets.row_list import Row, RowList

Names = Callable[[Keys], str]
WIDE: Final = 28  # characters of a value in the list
WORDS: Final = {"theirs": "theirs", "mine": "mine", "same": "the same", "merged": "both"}


class Sides(RowList):
    """The fields; Enter takes the other side."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Other side", id="three.turn", tooltip="Theirs if it is mine, else mine"),
    ]


class ThreeWay(ModalScreen[dict[Keys, Side] | None]):
    """Answers which side was taken where, or None to leave the draft on its base.

    `merge` makes both edits one, with the choices made so far.
    """

    DEFAULT_CSS = """
    ThreeWay {
        background: $background;
        layout: vertical;
        #three-facts { height: auto; max-height: 3; padding: 0 1; }
        #three-list { height: 1fr; max-height: 14; }
        #three-sides { height: 2fr; }
        #three-sides Pane { width: 1fr; height: 1fr; }
        #three-sides VerticalScroll { padding: 0 1; scrollbar-size-vertical: 1; }
        &.-stacked #three-sides { layout: vertical; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "Back", id="three.leave", tooltip="Leave the draft on its base"),
        Binding("t", "choose('theirs')", "Take theirs", id="three.theirs", tooltip="What the active version has"),
        Binding("m", "choose('mine')", "Keep mine", id="three.mine", tooltip="What the draft has"),
        Binding("b", "choose('both')", "Both", id="three.both", tooltip="The lines of both"),
        Binding("n", "conflict", "Next conflict", id="three.next", tooltip="To the next field to decide"),
        Binding("ctrl+s", "apply", "Go on from it", id="three.apply", tooltip="Base the draft on the active version"),
        Binding("tab", "app.focus_next", "Next pane", id="three.next_pane", show=False, tooltip="To the next pane"),
    ]

    def __init__(self, merge: Callable[[dict[Keys, Side]], Merge], base: int, active: int, name: Names) -> None:
        super().__init__()
        self._merge_with = merge
        self._base = base
        self._active = active
        self._title_of = name
        self._choices: dict[Keys, Side] = {}
        self._fields: dict[str, Merged] = {}

    def compose(self) -> ComposeResult:
        """What it is about, the fields, and both sides of the one under the cursor."""
        yield Static(id="three-facts")
        with Pane(id="three-fields") as fields:
            fields.border_title = safe(f"v{self._base} → v{self._active} and draft")
            yield Sides(
                Column("FIELD", grow=True, least=12, most=40),
                Column(f"V{self._base} BASE", most=WIDE, drop=1),
                Column(f"V{self._active}", most=WIDE),
                Column("DRAFT", most=WIDE),
                Column("BECOMES", most=16),
                header=True,
                id="three-list",
            )
        with Horizontal(id="three-sides"):
            for side, title in (("theirs", f"v{self._active} changed"), ("mine", "the draft changed")):
                with Pane(id=f"three-{side}") as pane:
                    pane.border_title = safe(title)
                    with VerticalScroll():
                        yield Static(id=f"three-{side}-text")
        yield KeyBar()

    def on_mount(self) -> None:
        """Conflicts come first, and the first one is under the cursor."""
        self._show()
        self.query_one(RowList).focus()

    def on_resize(self, event: events.Resize) -> None:
        """The sides stand below each other where the terminal is narrow."""
        self.set_class(event.size.width < NARROW, "-stacked")
        self.call_after_refresh(self._show_sides)

    @property
    def _current(self) -> Merged | None:
        key = self.query_one(RowList).key
        return self._fields.get(key) if key is not None else None

    def action_choose(self, side: str) -> None:
        """Decide the field under the cursor; what only one side changed can be taken back, too."""
        field = self._current
        if field is None:
            return
        if side == "both":
            self._choices.pop(field.keys, None)
        else:
            self._choices[field.keys] = "theirs" if side == "theirs" else "mine"
        self._show()

    def action_conflict(self) -> None:
        """To the next field to decide, round and round."""
        rows = self.query_one(RowList)
        keys = list(self._fields)
        waiting = [at for at, field in enumerate(self._fields.values()) if _is_open(field)]
        if waiting:
            rows.move_to(keys[next((at for at in waiting if at > rows.cursor), waiting[0])])

    def action_apply(self) -> None:
        """Go on from the active version; not before every conflict is decided."""
        waiting = sum(_is_open(field) for field in self._fields.values())
        if waiting:
            sentence = f"{count(waiting, 'field')} to decide: t takes theirs, m keeps mine."
            self.notify(sentence, severity="warning", markup=False)
            self.action_conflict()
        else:
            self.dismiss(self._choices)

    def action_leave(self) -> None:
        """Leave the draft as it is."""
        self.dismiss(None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The lines of both, where they go together; conflicts, if there are any."""
        field = self._current if self.is_mounted else None
        if action == "choose" and parameters == ("both",):
            return field is not None and field.outcome == "merged"
        if action == "choose":
            return field is not None and field.outcome != "same"
        return any(_is_open(field) for field in self._fields.values()) if action == "conflict" else True

    @on(RowList.Opened)
    def _turn(self) -> None:
        """Enter, or a double click, takes one side and then the other."""
        field = self._current
        if field is not None and field.outcome != "same":
            self.action_choose("mine" if _becomes_theirs(field) else "theirs")

    @on(RowList.Moved)
    def _moved(self) -> None:
        self._show_sides()
        self.refresh_bindings()

    def _show(self) -> None:
        found = self._merge_with(self._choices)
        fields = [field for field in found.fields if field.outcome != "equal"]
        order = {"conflict": 0, "merged": 1}
        fields.sort(key=lambda field: order.get(field.outcome, 2))
        self._fields = {repr(field.keys): field for field in fields}
        rows = [Row(key, self._cells(field)) for key, field in self._fields.items()]
        self.query_one(RowList).set_rows(rows, safe("Nobody changed anything.", MUTED))
        waiting = len(found.undecided)
        self.query_one("#three-facts", Static).update(
            join(
                safe(f"The draft is based on v{self._base}, and v{self._active} is active now. ", "bold"),
                safe(
                    f"✘ {count(waiting, 'field')} changed on both sides: t takes theirs, m keeps mine."
                    if waiting
                    else f"✔ Nothing left to decide: Ctrl+S goes on from v{self._active}. The draft stays a draft.",
                    "$text-warning" if waiting else "$text-success",
                ),
            )
        )
        self._show_sides()
        self.refresh_bindings()

    def _cells(self, field: Merged) -> tuple[Content, ...]:
        mark = safe("✘ ", "$text-warning") if _is_open(field) else safe("✔ ", "$text-success")
        becomes = "decide" if _is_open(field) else field.chosen or WORDS.get(field.outcome, "mine")
        return (
            join(mark, one_line(self._title_of(field.keys), 60)),
            safe(_line(field.base), MUTED),
            _side(field.base, field.theirs),
            _side(field.base, field.mine),
            safe(becomes, "$text-warning" if _is_open(field) else ""),
        )

    def _show_sides(self) -> None:
        field = self._current
        for side in ("theirs", "mine"):
            text = self.query_one(f"#three-{side}-text", Static)
            width = text.parent.scrollable_content_region.width if isinstance(text.parent, VerticalScroll) else 0
            if field is None or width < 1:
                text.update("")
                continue
            text.update(_difference(field, getattr(field, side), width, self._title_of))


def _is_open(field: Merged) -> bool:
    return field.outcome == "conflict" and field.chosen is None


def _becomes_theirs(field: Merged) -> bool:
    return field.chosen == "theirs" or (field.chosen is None and field.outcome == "theirs")


def _difference(field: Merged, value: Any, width: int, name: Names) -> Content:
    """How one side changed the field, in full."""
    key = name(field.keys)
    left, right = ({key: one} if one is not MISSING else {} for one in (field.base, value))
    found = differences(left, right, {})
    if not found.hunks:
        return safe(f"Not changed: {_line(value)}", MUTED)
    return Content("\n").join(draw(found, min(width, 149), lambda path: str(path[0])).lines)


def _side(base: Any, value: Any) -> Content:
    """A value in the list; muted if it is the base's."""
    if base is not MISSING and value is not MISSING and value_line(base, 10_000) == value_line(value, 10_000):
        return safe("·", MUTED)
    if base is MISSING and value is MISSING:
        return safe("·", MUTED)
    if isinstance(base, str) and isinstance(value, str) and ("\n" in base or "\n" in value):
        added, removed = count_changed_lines(diff_lines(base, value))
        return safe(f"+{added} −{removed} lines")
    return safe(_line(value))


def _line(value: Any) -> str:
    return "not set" if value is MISSING else value_line(value, WIDE)
