"""What differs between two panes of a comparison: what they were, what they said, and the way they went."""

from collections.abc import Sequence
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from playground.client.blocks import ToolBlock
from playground.compare.config_diff import diff_config
from playground.compare.text_diff import diff_sequence, diff_words
from playground.tui.changes import details
from playground.tui.text import MUTED, join, one_line, safe
from playground.tui.widgets.keybar import KeyBar
from playground.tui.widgets.pane import Pane
from playground.tui.widgets.run_pane import RunPane
from playground.tui.widgets.transcript_rows import call_text

_ALIKE: Final = 0.4
"""The part of two answers that must be the same for a diff by word to be readable."""


class CompareDiff(ModalScreen[None]):
    """Two panes, the left one held against the right one."""

    DEFAULT_CSS = """
    CompareDiff {
        background: $background;
        Pane { height: 1fr; }
        VerticalScroll { padding: 1 2; scrollbar-size-vertical: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,d,q", "dismiss", "Back", id="compare_diff.back", tooltip="Back to the comparison"),
        Binding("right,n", "pair(1)", "Next pair", id="compare_diff.next", tooltip="The next two panes"),
        Binding(
            "left,N", "pair(-1)", "Previous pair", id="compare_diff.previous", show=False, tooltip="The two before"
        ),
        Binding("y", "copy", "Copy", id="compare_diff.copy", tooltip="Copy the differences as text"),
        Binding("j", "scroll('down')", "Down", id="compare_diff.down", show=False, tooltip="Scroll down"),
        Binding("k", "scroll('up')", "Up", id="compare_diff.up", show=False, tooltip="Scroll up"),
        Binding("g", "scroll('home')", "Top", id="compare_diff.top", show=False, tooltip="To the top"),
        Binding("G", "scroll('end')", "End", id="compare_diff.end", show=False, tooltip="To the end"),
    ]

    def __init__(self, panes: Sequence[RunPane], pair: tuple[int, int]) -> None:
        super().__init__()
        self._panes = panes
        self._pairs = [(i, j) for i in range(len(panes)) for j in range(i + 1, len(panes))]
        self._index = self._pairs.index(pair) if pair in self._pairs else 0

    def compose(self) -> ComposeResult:
        """One text in one scroller."""
        with Pane(), VerticalScroll():
            yield Static(id="differences")
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the pair; the arrows scroll at once."""
        self._show()
        self.query_one(VerticalScroll).focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Other pairs, if there are any."""
        return len(self._pairs) > 1 if action == "pair" else True

    def action_pair(self, by: int) -> None:
        """Another two panes."""
        self._index = (self._index + by) % len(self._pairs)
        self._show()

    def action_copy(self) -> None:
        """Copy the differences as text."""
        left, right = self._pair
        title = join(left.title_content, " → ", right.title_content)
        self.app.copy_to_clipboard(f"{title.plain}\n\n{differences(left, right).plain}\n")
        self.notify("Copied the differences.", markup=False, timeout=3)

    def action_scroll(self, where: str) -> None:
        """Scroll the text."""
        getattr(self.query_one(VerticalScroll), f"scroll_{where}")(animate=False)

    @property
    def _pair(self) -> tuple[RunPane, RunPane]:
        left, right = self._pairs[self._index]
        return self._panes[left], self._panes[right]

    def _show(self) -> None:
        left, right = self._pair
        pane = self.query_one(Pane)
        pane.border_title = join(left.title_content, safe(" → ", MUTED), right.title_content)
        several = f"pair {self._index + 1} of {len(self._pairs)}" if len(self._pairs) > 1 else ""
        pane.border_subtitle = safe(several, MUTED)
        self.query_one("#differences", Static).update(differences(left, right))


def differences(left: RunPane, right: RunPane) -> Content:
    """Configuration, output and path."""
    one, other = left.runnable, right.runnable
    changes = diff_config(one.context, other.context)
    if one.config != other.config:
        changes += diff_config({"(config)": one.config}, {"(config)": other.config})
    answers = (left.conversation.transcript.answer, right.conversation.transcript.answer)
    return Content("\n").join(
        [
            _heading("Configuration"),
            details(sorted(changes, key=lambda change: change.kind == "equal")),
            _heading("Output", first=False),
            output_differences(*answers),
            _heading("Path", first=False),
            path_differences(steps(left), steps(right)),
        ]
    )


def _heading(text: str, first: bool = True) -> Content:
    return safe(f"{'' if first else chr(10)}{text}\n", "bold $text-accent")


def output_differences(left: str, right: str) -> Content:
    """The right answer with what is new in it, and what only the left one had; signs say it, not only colours."""
    if not left and not right:
        return safe("Nothing has been answered yet.", MUTED)
    if left == right:
        return safe("Both said the same.", MUTED)
    styles = {"equal": "", "insert": "$text-success underline", "delete": "$text-error strike"}
    marks = {"equal": ("", ""), "insert": ("{+", "+}"), "delete": ("[-", "-]")}
    spans = diff_words(left, right)
    alike = sum(len(span.text) for span in spans if span.kind == "equal") / max(len(left), len(right))
    if alike < _ALIKE:
        return join(safe("-\n", MUTED), safe(left), safe("\n\n+\n", MUTED), safe(right))
    return join(*(safe(f"{marks[span.kind][0]}{span.text}{marks[span.kind][1]}", styles[span.kind]) for span in spans))


def steps(pane: RunPane) -> list[str]:
    """The nodes that ran in the last turn, and the tools that were called with what."""
    conversation = pane.conversation
    if conversation.turn is None:
        return []
    calls = [
        f"⚙ {call_text(block.name, block.arguments, 200)}"
        for block in conversation.transcript.blocks
        if isinstance(block, ToolBlock) and block.turn == conversation.turn.index
    ]
    return [*conversation.turn.path, *calls]


def path_differences(left: list[str], right: list[str]) -> Content:
    """A step a line: in both, or in one of them."""
    if not left and not right:
        return safe("Nothing has run yet.", MUTED)
    pieces = diff_sequence(left, right) or []
    signs = {"equal": "=", "insert": "+", "delete": "-"}
    styles = {"equal": MUTED, "insert": "$text-success", "delete": "$text-error"}
    lines = [
        safe(f"{signs[piece.kind]} {one_line(item, 200)}", styles[piece.kind])
        for piece in pieces
        for item in piece.items
    ]
    return Content("\n").join(lines)
