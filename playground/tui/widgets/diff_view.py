"""The differences between a saved version and the edit, change by change."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.widgets import Static

from playground.tui.edit.diff import Differences, Hunk
from playground.tui.forms.document import Path
from playground.tui.text import MUTED, clickable, join, safe
from playground.tui.widgets.diff_lines import Drawn, draw
from playground.tui.widgets.pane import Pane


@dataclass(frozen=True, slots=True)
class DiffState:
    """What is held against what. `versions` are those to choose from at once, with what they are: `(3, "active")`."""

    against: int
    versions: Sequence[tuple[int, str]]
    found: Differences
    name: Callable[[Path], str]
    unread: Sequence[str] = ()  # fields whose text can't be read, so that it is in no diff


class DiffView(Pane):
    """The changes, with a cursor on one of them. The keys are those of the text in it."""

    DEFAULT_CSS = """
    DiffView {
        #diff-against { height: 1; padding: 0 1; }
        #diff-scroll { height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "jump(1)", "Next change", id="diff.next", tooltip="To the next change"),
        Binding("N", "jump(-1)", "Previous change", id="diff.previous", show=False, tooltip="To the change before"),
        Binding("u", "screen.revert", "Take back", id="diff.take_back", tooltip="This change goes back to the version"),
        Binding("enter", "open", "Edit", id="diff.open", tooltip="To the field of this change, in the form"),
        Binding("a", "next_version", "Against", id="diff.against", tooltip="Against the base, or the active version"),
        Binding("v", "pick_version", "Version…", id="diff.version", tooltip="Against any other version"),
        Binding("j", "scroll('down')", "Down", id="diff.down", show=False, tooltip="Scroll down"),
        Binding("k", "scroll('up')", "Up", id="diff.up", show=False, tooltip="Scroll up"),
        Binding("g", "scroll('home')", "Top", id="diff.top", show=False, tooltip="To the top"),
        Binding("G", "scroll('end')", "End", id="diff.end", show=False, tooltip="To the end"),
    ]

    class Against(Message):
        """Hold it against this version; None: let the user choose one."""

        def __init__(self, version: int | None) -> None:
            super().__init__()
            self.version = version

    class FieldWanted(Message):
        """The user wants to edit the field of a change."""

        def __init__(self, path: Path) -> None:
            super().__init__()
            self.path = path

    def __init__(self, id: str, classes: str = "") -> None:
        super().__init__(id=id, classes=classes)
        self._state: DiffState | None = None
        self._drawn = Drawn()
        self._at = 0

    def compose(self) -> ComposeResult:
        """What it is held against, over one text in one scroller."""
        yield DiffText(id="diff-against")
        with VerticalScroll(id="diff-scroll"):
            yield DiffText(id="diff-text")

    @property
    def hunk(self) -> Hunk | None:
        """The change under the cursor."""
        hunks = self._state.found.hunks if self._state else ()
        return hunks[self._at] if hunks else None

    def show(self, state: DiffState) -> None:
        """Show these differences; the cursor stays about where it was."""
        if self._state is None or self._state.against != state.against:
            self._at = 0
        self._state = state
        self._at = max(0, min(self._at, len(state.found.hunks) - 1))
        self.border_title = safe(f"v{state.against} → draft")
        self._layout()

    def on_resize(self, event: events.Resize) -> None:
        """Lines are cut for the width they have."""
        self._layout()

    def action_jump(self, by: int) -> None:
        """To another change, round and round."""
        if self._state and self._state.found.hunks:
            self.put_cursor((self._at + by) % len(self._state.found.hunks))

    def put_cursor(self, at: int) -> None:
        """To this change."""
        self._at = at
        self._paint()
        line, lines = self._drawn.place(at)
        region = Region(0, max(0, line - 1), 1, lines + 2)
        self.query_one("#diff-scroll", VerticalScroll).scroll_to_region(region, animate=False, force=True)

    def action_open(self) -> None:
        """To the field of the change."""
        if self.hunk is not None:
            self.post_message(self.FieldWanted(self.hunk.path))

    def action_next_version(self) -> None:
        """The next of the versions to choose from."""
        if self._state is not None:
            numbers = [number for number, _ in self._state.versions]
            at = numbers.index(self._state.against) + 1 if self._state.against in numbers else 0
            self.post_message(self.Against(numbers[at % len(numbers)]))

    def action_pick_version(self) -> None:
        """Any version."""
        self.post_message(self.Against(None))

    def action_scroll(self, where: str) -> None:
        """Scroll the text."""
        getattr(self.query_one("#diff-scroll", VerticalScroll), f"scroll_{where}")(animate=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Other changes and other versions, if there are any."""
        if action in ("jump", "open"):
            return self.hunk is not None
        return self._state is not None and len(self._state.versions) > 1 if action == "next_version" else True

    def _layout(self) -> None:
        width = self.query_one("#diff-scroll").scrollable_content_region.width
        if self._state is None or width < 1:
            return
        self._drawn = draw(self._state.found, width, self._state.name)
        self.query_one("#diff-against", Static).update(_versions(self._state))
        self._paint()

    def _paint(self) -> None:
        state = self._state
        if state is None:
            return
        lines = [
            clickable(join(_gutter(owner == self._at), line), f"pick({owner})")
            if owner is not None
            else join("  ", line)
            for line, owner in zip(self._drawn.lines, self._drawn.owners, strict=True)
        ]
        notes = [safe(f"✘ {sentence}", "$text-error") for sentence in state.unread]
        if not state.found.hunks:
            notes.append(safe(f"Nothing differs from v{state.against}.", MUTED))
        self.query_one("#diff-text", Static).update(Content("\n").join([*notes, *lines]))
        many = len(state.found.hunks)
        self.border_subtitle = safe(f"change {self._at + 1} of {many}" if many else "", MUTED)
        self.refresh_bindings()


class DiffText(Static):
    """Lines to click."""

    ALLOW_SELECT = False
    auto_links = False

    @property
    def _view(self) -> DiffView:
        return next(node for node in self.ancestors if isinstance(node, DiffView))

    def action_pick(self, hunk: int) -> None:
        """Put the cursor on a change."""
        self._view.put_cursor(hunk)

    def action_against(self, version: int) -> None:
        """Hold it against a version; 0 lets the user choose."""
        self._view.post_message(DiffView.Against(version or None))


def _gutter(is_current: bool) -> Content:
    return safe("▌ ", "$accent") if is_current else Content("  ")


def _versions(state: DiffState) -> Content:
    """`against  v1 base   v3 active   another…`"""
    known = [(number, f"v{number} {what}".strip()) for number, what in state.versions]
    if state.against not in [number for number, _ in known]:
        known.append((state.against, f"v{state.against}"))
    shown = [
        clickable(
            safe(title, "bold underline $text-accent" if number == state.against else MUTED), f"against({number})"
        )
        for number, title in known
    ]
    other = clickable(safe("another…", MUTED), "against(0)")
    return join(safe("against  ", MUTED), Content("   ").join([*shown, other]))
