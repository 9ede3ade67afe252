"""The state of a thread at a place: its values as a tree, or what differs from another place."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import ContentSwitcher, Static

from playground.client.state_parts import GRAPH, Part
from playground.tui.compare.difference_lines import Drawn
from playground.tui.edit.diff import Differences
from playground.tui.text import MUTED, clickable, count, join, one_line, safe
from playground.tui.threads.state_differences import place_name
from playground.tui.widgets.diff_lines import draw
from playground.tui.widgets.difference_view import DifferenceView
from playground.tui.widgets.json_tree import JsonTree
from playground.tui.widgets.search_bar import SearchBar

NONE = "No thread is open."
NEW = "No state yet: the thread begins with its first run."
READING = "Reading the state…"


@dataclass(frozen=True, slots=True)
class ShownState:
    """What is shown. `place`: `step 4 · tools`; `against`: what it is held against, "" for the values themselves.

    `parts` are the states there are at that place, `part` the one that is shown; `fact`: how much it is.
    """

    place: str
    values: Any
    parts: Sequence[Part] = (GRAPH,)
    part: Part = GRAPH
    fact: str = ""
    against: str = ""
    differences: Differences | None = None


class StateView(Vertical):
    """Where one is, over the tree or the differences. The screen reads what it shows."""

    DEFAULT_CSS = """
    StateView {
        height: 1fr;
        .place { height: 1; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
        ContentSwitcher { height: 1fr; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "Find", id="state.find", tooltip="Find a key or a value, folded ones too"),
        Binding("u", "next_part", "Subgraph", id="state.part", tooltip="The state of the next subgraph"),
        Binding("n", "jump(1)", "Next change", id="state.next", tooltip="To the next difference"),
        Binding("y", "copy_differences", "Copy", id="state.copy", tooltip="Copy the differences as text"),
        Binding("N", "jump(-1)", "Change before", id="state.previous", show=False, tooltip="To the difference before"),
    ]

    class PartPicked(Message):
        """The state of another subgraph is wanted."""

        def __init__(self, part: Part) -> None:
            super().__init__()
            self.part = part

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.shown: ShownState | None = None
        self.tree_view = JsonTree(id="state-tree")
        self.differences = DifferenceView(id="state-differences")
        self._place = PlaceLine(classes="place")
        self._message = ""

    def compose(self) -> ComposeResult:
        """The tree and the differences take turns."""
        yield self._place
        with ContentSwitcher(initial="state-tree"):
            yield self.tree_view
            yield self.differences
        yield SearchBar(self.tree_view)

    def on_mount(self) -> None:
        """Nothing is read yet."""
        if self.shown is None:
            self.say(self._message or NONE)

    # What it shows

    def show(self, shown: ShownState) -> None:
        """Show a state; another place of the same thread keeps what is unfolded."""
        before, self.shown = self.shown, shown
        kept = before is not None and before.part == shown.part
        self.query_one(ContentSwitcher).current = "state-differences" if shown.differences else "state-tree"
        if shown.differences is None and (before is None or not kept or before.values is not shown.values):
            self.tree_view.show(shown.values, keep=kept)
            if self.bar.display:
                self.bar.look(go=False)
        if shown.differences is not None:
            self._draw(from_top=before is None or before.differences is None)
        self._place.show(shown)
        if self.has_focus_within and not self.bar.has_focus_within:
            self.focus()
        self.refresh_bindings()

    def say(self, message: str, *, failed: bool = False) -> None:
        """Nothing to show, and why. The next state is a new one: it unfolds as far as fits."""
        self.shown, self._message = None, message
        if not self.is_mounted:
            return
        self.query_one(ContentSwitcher).current = "state-tree"
        self.tree_view.clear(safe(f"✘ {message}", "$text-error") if failed else safe(message, MUTED))
        self._place.show(None)
        self.refresh_bindings()

    @property
    def bar(self) -> SearchBar:
        """Where one says what to find."""
        return self.query_one(SearchBar)

    def focus(self, scroll_visible: bool = True) -> Self:
        """To what is shown."""
        (self.differences if self.is_diff else self.tree_view).focus(scroll_visible)
        return self

    @property
    def is_diff(self) -> bool:
        """Whether the differences are shown, and not the values."""
        return self.shown is not None and self.shown.differences is not None

    @work(group="draw", exclusive=True, exit_on_error=False)
    async def _draw(self, *, from_top: bool) -> None:
        shown = self.shown
        if shown is None or shown.differences is None:
            return
        # Beside the screen: a megabyte that came is tens of thousands of lines.
        drawn = await asyncio.to_thread(draw, shown.differences, max(20, self.differences.room), place_name)
        if shown is not self.shown:
            return
        lines = Drawn(drawn.lines, drawn.owners)
        if not lines.lines:
            lines = Drawn([safe(f"Nothing differs from {shown.against}.", MUTED)], [None])
        self.differences.show(lines, len(shown.differences.hunks), from_top=from_top)

    @on(DifferenceView.Resized)
    def _resized(self, event: DifferenceView.Resized) -> None:
        event.stop()
        self._draw(from_top=False)

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What there is to find, and to go to."""
        match action:
            case "search":
                return self.shown is not None and not self.is_diff
            case "next_part":
                return self.shown is not None and len(self.shown.parts) > 1
            case "copy_differences":
                return self.is_diff
            case "jump":
                return self.is_diff and self.differences.differences > 1
        return super().check_action(action, parameters)

    def action_search(self) -> None:
        """Find a key or a value."""
        self.bar.open()

    def action_next_part(self) -> None:
        """The state of the next subgraph, round to the graph's own."""
        if self.shown is not None:
            parts = list(self.shown.parts)
            at = parts.index(self.shown.part) if self.shown.part in parts else -1
            self.post_message(self.PartPicked(parts[(at + 1) % len(parts)]))

    def action_copy_differences(self) -> None:
        """The differences as they are shown."""
        if self.shown is not None:
            text = f"{self.shown.against} → {self.shown.place}\n\n{self.differences.text}\n"
            self.tree_view.post_message(JsonTree.Copied(text, "the differences"))

    def action_jump(self, by: int) -> None:
        """To another difference."""
        self.differences.jump(by)

    @on(SearchBar.Closed)
    def _bar_closed(self, event: SearchBar.Closed) -> None:
        event.stop()
        self.focus()


class PlaceLine(Static):
    """`step 4 · tools   state  research          12 keys · 31 kB`."""

    ALLOW_SELECT = False
    auto_links = False

    def __init__(self, classes: str) -> None:
        super().__init__(classes=classes)
        self._shown: ShownState | None = None

    def on_resize(self) -> None:
        """The fact is at the right end."""
        if self._shown is not None:
            self.show(self._shown)

    def show(self, shown: ShownState | None) -> None:
        """Where one is, which state of it, and how much it is or differs; None: nothing is shown."""
        self._shown = shown
        if shown is None:
            self.update("", layout=False)
            return
        parts = [self._part(shown, at) for at in range(len(shown.parts))] if len(shown.parts) > 1 else []
        left = Content("   ").join([safe(one_line(shown.place, 60)), *parts])
        fact = safe(self._fact(shown), MUTED)
        room = self.content_size.width or 80
        left = left.truncate(max(10, room - fact.cell_length - 2), ellipsis=True)
        fill = " " * max(2, room - left.cell_length - fact.cell_length)
        self.update(join(left, fill, fact), layout=False)

    def _part(self, shown: ShownState, at: int) -> Content:
        part = shown.parts[at]
        style = "bold underline $text-accent" if part == shown.part else MUTED
        return clickable(safe(one_line(part.title, 40), style), f"pick({at})")

    def _fact(self, shown: ShownState) -> str:
        if shown.differences is None:
            return shown.fact
        return f"{count(len(shown.differences.hunks), 'difference')} from {shown.against}"

    def action_pick(self, at: int) -> None:
        """A click on the name of a subgraph."""
        if self._shown is not None:
            self.post_message(StateView.PartPicked(self._shown.parts[at]))
