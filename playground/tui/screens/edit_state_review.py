"""Before an edit of a state is written: what it changes, as which node, and what comes next then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Button, Static

from playground.client.state_edit import DECIDES
from playground.client.validation import where
from playground.tui.compare.difference_lines import Drawn
from playground.tui.edit.diff import Differences
from playground.tui.screens.dialogs import Dialog
from playground.tui.text import MUTED, clickable, count, join, one_line, safe
from playground.tui.widgets.diff_lines import draw
from playground.tui.widgets.difference_view import DifferenceView
from playground.tui.widgets.keybar import KeyBar

_STAYS = "What is there stays: this becomes a checkpoint beside what followed it. Nothing runs."


@dataclass(frozen=True, slots=True)
class Writing:
    """What would be written. `nodes`: as whom it can be, the first one unless the user chooses another.

    `then` has, by node, what comes next in the graph; a node that isn't there leads nowhere that is known.
    """

    place: str
    found: Differences
    nodes: Sequence[str]
    then: Mapping[str, Sequence[str]]


class ReviewState(Dialog[str | None]):
    """Answers the node as which it is written ("": the server decides), or None to go back to the edit."""

    DEFAULT_CSS = """
    ReviewState {
        #as-node { height: 3; padding: 0 1; }
        DifferenceView { height: 1fr; margin-bottom: 1; }
        #stays { height: auto; padding: 0 1; }
        #buttons { margin-bottom: 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Back", id="review.back", tooltip="Back to the edit"),
        Binding("ctrl+s", "write", "Write", id="review.write", priority=True, tooltip="Write it as a new checkpoint"),
        Binding(
            "left", "node(-1)", "Node", id="review.node_back", show=False, priority=True, tooltip="As the node before"
        ),
        Binding("right", "node(1)", "Node", id="review.node", priority=True, tooltip="As another node"),
        Binding("n", "jump(1)", "Next change", id="review.next", tooltip="To the next difference"),
        Binding("N", "jump(-1)", "Change before", id="review.previous", show=False, tooltip="To the one before"),
    ]

    def __init__(self, writing: Writing, chosen: str | None = None) -> None:
        super().__init__(f"Write to the state at {one_line(writing.place, 60)}?")
        self._writing = writing
        self._at = writing.nodes.index(chosen) if chosen is not None and chosen in writing.nodes else 0

    def compose(self) -> ComposeResult:
        """The box over its own footer."""
        yield from super().compose()
        yield KeyBar()

    def compose_body(self) -> ComposeResult:
        """As whom, what changes, that nothing is lost, the buttons."""
        yield NodeLine(id="as-node")
        yield DifferenceView(id="differences")
        yield Static(safe(_STAYS, MUTED), id="stays")
        with Horizontal(id="buttons"):
            yield Button("Write  Ctrl+S", "primary", id="confirm", compact=True)
            yield Button("Back  Esc", id="cancel", compact=True)

    def on_mount(self) -> None:
        """The arrows scroll, or choose the node."""
        self._show_node()
        self.differences.focus()

    @property
    def node(self) -> str:
        """As which it is written."""
        return self._writing.nodes[self._at]

    @property
    def differences(self) -> DifferenceView:
        """What changes."""
        return self.query_one(DifferenceView)

    @on(DifferenceView.Resized)
    def _draw(self) -> None:
        found = self._writing.found
        drawn = draw(found, max(20, self.differences.room), where)
        self.differences.show(Drawn(drawn.lines, drawn.owners), len(found.hunks), from_top=False)

    def _show_node(self) -> None:
        self.query_one(NodeLine).show(self._writing, self._at)
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What there is to choose from."""
        if action == "node":
            return len(self._writing.nodes) > 1
        return action != "jump" or len(self._writing.found.hunks) > 1

    def action_node(self, by: int) -> None:
        """As another node."""
        self._at = (self._at + by) % len(self._writing.nodes)
        self._show_node()

    def action_jump(self, by: int) -> None:
        """To another difference."""
        self.differences.jump(by)

    @on(Button.Pressed, "#confirm")
    def action_write(self) -> None:
        """Write it."""
        self.dismiss(self.node)

    @on(Button.Pressed, "#cancel")
    def _back(self) -> None:
        self.dismiss(None)


class NodeLine(Static):
    """`as node  ‹ plan ›  1 of 3` over `then  write`."""

    ALLOW_SELECT = False
    auto_links = False

    def show(self, writing: Writing, at: int) -> None:
        """The node, how many there are, and what comes next if it is written as that one."""
        node = writing.nodes[at]
        name = safe(one_line(node, 60) if node != DECIDES else "the one that wrote last", "bold $text-accent")
        shown = [clickable(safe("‹ ", "bold"), "go(-1)"), name, clickable(safe(" ›", "bold"), "go(1)")]
        many = len(writing.nodes)
        head = join(safe("as node  ", MUTED), *(shown if many > 1 else [name]))
        told = safe(f"   {at + 1} of {count(many, 'choice')}, ← →" if many > 1 else "", MUTED)
        self.update(join(head, told, "\n", safe("then     ", MUTED), safe(one_line(_then(writing, node), 100))))

    def action_go(self, by: int) -> None:
        """A click on an arrow."""
        screen = self.screen
        if isinstance(screen, ReviewState):
            screen.action_node(by)


def _then(writing: Writing, node: str) -> str:
    if node == DECIDES:
        return "what follows it: the server finds it"
    targets = ["the end" if target == "__end__" else target for target in writing.then.get(node, ())]
    return " or ".join(targets) or "not known from the graph's drawing"
