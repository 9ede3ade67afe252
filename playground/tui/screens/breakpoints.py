"""Breakpoints, set in the drawing of a graph."""

from typing import TYPE_CHECKING, ClassVar, cast

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from playground.client.breakpoints import Breakpoints
from playground.client.errors import PlaygroundError
from playground.client.values import Runnable
from playground.tui.drawing.model import BETWEEN, END, START
from playground.tui.screens.dialogs import Dialog
from playground.tui.text import MUTED, count, one_line, safe
from playground.tui.widgets.graph_drawing import GraphDrawing
from playground.tui.widgets.keybar import KeyBar

if TYPE_CHECKING:
    from playground.client.client import Client
    from playground.tui.app import PlaygroundApp

_WHY = "A run pauses there, and says so; > goes on, . does one step. They are kept with the thread."


class BreakpointsDialog(Dialog[Breakpoints]):
    """Walk to a node, set or take away. Escape keeps what is set."""

    DEFAULT_CSS = """
    BreakpointsDialog {
        #dialog { width: 84; max-width: 96%; height: 80%; }
        GraphDrawing { height: 1fr; }
        #why { height: auto; padding: 0 1; color: $text-muted; }
        #refused { height: auto; padding: 0 1; color: $text-warning; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("b,space", "set('before')", "Before", id="breakpoints.before", tooltip="Pause before this node"),
        Binding("a", "set('after')", "After", id="breakpoints.after", tooltip="Pause after this node"),
        Binding("x,delete", "clear", "None", id="breakpoints.none", tooltip="Take all of them away"),
        Binding("escape,q", "done", "Done", id="breakpoints.done", tooltip="Back to the thread, with these"),
    ]

    def __init__(self, client: "Client", runnable: Runnable, breakpoints: Breakpoints) -> None:
        super().__init__(f"Breakpoints in {one_line(runnable.graph_id, 60)}")
        self._client = client
        self._runnable = runnable
        self.breakpoints = breakpoints
        self._drawn_nodes: frozenset[str] = frozenset()
        self.is_read = False

    def compose(self) -> ComposeResult:
        """The box over its own footer."""
        yield from super().compose()
        yield KeyBar()

    def compose_body(self) -> ComposeResult:
        """The drawing, what the keys are for, and what can't be done."""
        yield Static(safe("Reading the graph…", MUTED), id="why")
        yield GraphDrawing(id="breakpoints-drawing")
        yield Static(id="refused")

    def on_mount(self) -> None:
        """Draw it."""
        self._load()

    @work(group="drawing", exclusive=True, exit_on_error=False)
    async def _load(self) -> None:
        why = self.query_one("#why", Static)
        try:
            drawing, _ = await self._client.graphs.opened_drawing(self._runnable.assistant_id)
        except PlaygroundError as error:
            why.update(safe(f"✘ {error.sentence}", "$text-error"))
            return
        why.update(safe(_WHY))
        drawn = self.query_one(GraphDrawing)
        drawn.show(drawing)
        drawn.list.focus()
        nodes = [name for node in drawing.get("nodes", ()) if (name := str(node.get("id"))) not in (START, END)]
        self._drawn_nodes = frozenset(nodes)
        if nodes:
            drawn.list.move_to(f"node {nodes[0]}")
        self.is_read = True
        self._show()

    def _show(self) -> None:
        self.query_one(GraphDrawing).show_marks(self.breakpoints.marks())
        gone = sorted((self.breakpoints.before | self.breakpoints.after) - self._whole)
        names = one_line(", ".join(gone), 80)
        said = f"{count(len(gone), 'breakpoint is', 'breakpoints are')} of nodes that this graph doesn't have: {names}."
        self._refuse(said if gone else "")

    @property
    def _whole(self) -> frozenset[str]:
        """The graph's own nodes; of an opened subgraph only its nodes are drawn, named after it."""
        return frozenset(node.partition(BETWEEN)[0] for node in self._drawn_nodes)

    def _refuse(self, sentence: str) -> None:
        self.query_one("#refused", Static).update(safe(sentence))

    def action_set(self, where: str) -> None:
        """A breakpoint at the node under the cursor, or none any more."""
        node = self.query_one(GraphDrawing).node
        if node is None or node in (START, END):
            self._refuse("A run pauses at nodes: choose one.")
        elif BETWEEN in node:
            outer = one_line(node.partition(BETWEEN)[0], 40)
            self._refuse(f"Inside of a subgraph no server can be told to pause: set it at {outer}.")
        else:
            self.breakpoints = self.breakpoints.toggled(node, where)
            self._show()

    def action_clear(self) -> None:
        """None at all."""
        self.breakpoints = Breakpoints()
        self._show()

    def action_done(self) -> None:
        """With what is set."""
        self.dismiss(self.breakpoints)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Once it is drawn."""
        if action == "clear":
            return bool(self.breakpoints)
        return self.is_read if action == "set" else super().check_action(action, parameters)

    @property
    def playground(self) -> "PlaygroundApp":
        """The app, as what it is."""
        return cast("PlaygroundApp", self.app)
