"""A pane around a text that one edits: with finding, and going to a line."""

from textual import on
from textual.app import ComposeResult
from textual.widgets import TextArea

from playground.tui.widgets.find_bar import FindBar
from playground.tui.widgets.form_text_area import PlainTextArea
from playground.tui.widgets.pane import Pane


class TextPane(Pane):
    """The text, and under it the bar for finding once it is asked for."""

    DEFAULT_CSS = """
    TextPane PlainTextArea { height: 1fr; padding: 0 1; background: transparent; scrollbar-size-vertical: 1; }
    """

    def __init__(self, area: PlainTextArea, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.area = area

    def compose(self) -> ComposeResult:
        """The text over the bar."""
        bar = FindBar(self.area)
        self.area.ask = bar.ask
        yield self.area
        yield bar

    @property
    def bar(self) -> FindBar:
        """Where one says what to find."""
        return self.query_one(FindBar)

    @on(FindBar.Closed)
    def _bar_closed(self, event: FindBar.Closed) -> None:
        event.stop()
        self.screen.set_focus(self.area)

    @on(TextArea.Changed)
    def _look_again(self) -> None:
        if self.bar.is_open:
            self.bar.look(go=False)
