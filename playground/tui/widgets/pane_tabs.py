"""Where the terminal is narrow, panes take turns: a line with their names, clickable."""

from collections.abc import Sequence
from typing import Final

from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from playground.tui.text import MUTED, clickable, join, safe
from playground.tui.titles import titles_within

_BETWEEN: Final = "   "


class PaneTabs(Static):
    """`Graphs   Assistants   Versions`: shown only on a narrow screen. A click posts `Picked`."""

    ALLOW_SELECT = False
    SCOPED_CSS = False  # whether it is shown depends on the screen
    DEFAULT_CSS = """
    PaneTabs { display: none; height: 1; padding: 0 1; }
    .-narrow PaneTabs { display: block; }
    """
    auto_links = False

    class Picked(Message):
        """The user wants this pane."""

        def __init__(self, pane: str) -> None:
            super().__init__()
            self.pane = pane

    def __init__(self, panes: Sequence[tuple[str, str]], current: str = "") -> None:
        """`panes`: an id and a title each."""
        super().__init__()
        self._panes = panes
        self._current = current
        self._marks: Sequence[tuple[str, str]] = ()
        self._show()

    def show_current(self, current: str) -> None:
        """Mark the pane that is shown."""
        self._current = current
        self._show()

    def show_marks(self, marks: Sequence[tuple[str, str]]) -> None:
        """A glyph and its style behind each title, as far as there is one: what happens in panes that aren't shown."""
        if marks != self._marks:
            self._marks = marks
            self._show()

    def on_resize(self) -> None:
        """Titles are cut as far as they must be."""
        self._show()

    def _show(self) -> None:
        marks = [*self._marks, *[("", "")] * len(self._panes)][: len(self._panes)]
        titles = [title for _, title in self._panes]
        if self.size.width:  # else it isn't shown, or not yet
            between = len(_BETWEEN) * (len(titles) - 1) + sum(len(mark) + 1 for mark, _ in marks if mark)
            titles = titles_within(titles, self.size.width - between)
        tabs = [
            clickable(join(safe(title, self._style(pane)), safe(f" {mark}" if mark else "", style)), f"pick('{pane}')")
            for (pane, _), title, (mark, style) in zip(self._panes, titles, marks, strict=True)
        ]
        self.update(Content(_BETWEEN).join(tabs), layout=False)

    def _style(self, pane: str) -> str:
        return "bold underline $text-accent" if pane == self._current else MUTED

    def action_pick(self, pane: str) -> None:
        """Ask for the pane."""
        self.post_message(self.Picked(pane))
