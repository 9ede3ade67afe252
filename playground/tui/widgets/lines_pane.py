"""Lines that grow while a run goes on: under a line that says what they are, over the one in which one searches."""

from typing import Final, Self

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static

from playground.tui.widgets.line_view import LineView
from playground.tui.widgets.search_bar import SearchBar

_FRAME: Final = 0.1  # seconds between two looks at what came


class LinesPane(Vertical):
    """A subclass brings the lines (`take` looks at what came) and says in `tell` what stands above them."""

    DEFAULT_CSS = """
    LinesPane {
        height: 1fr;
        .head { height: 1; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """

    class Copied(Message):
        """The user wants this text in the clipboard; `what` says what it is."""

        def __init__(self, text: str, what: str) -> None:
            super().__init__()
            self.text = text
            self.what = what

    def __init__(self, view: LineView, id: str) -> None:
        super().__init__(id=id)
        self._view = view
        self.head = Static(classes="head")
        self.head.auto_links = False
        self._waiting = False

    def compose(self) -> ComposeResult:
        """What they are, the lines, the search."""
        yield self.head
        yield self._view
        yield SearchBar(self._view)

    def focus(self, scroll_visible: bool = True) -> Self:
        """To the lines."""
        self._view.focus(scroll_visible)
        return self

    def take(self) -> None:
        """Look at what came."""
        raise NotImplementedError

    def tell(self) -> None:
        """Say what they are."""
        raise NotImplementedError

    def changed(self) -> None:
        """Something came: it is shown a moment later, all at once."""
        if not self._waiting and self.is_attached:
            self._waiting = True
            self.set_timer(_FRAME, self.catch_up)

    def catch_up(self) -> None:
        """Show what came, if anybody looks."""
        self._waiting = False
        if self.display and self.is_attached:
            self.take()
            self.tell()

    def find(self) -> None:
        """Ask what to find."""
        self.query_one(SearchBar).open()

    def on_search_bar_closed(self, event: SearchBar.Closed) -> None:
        """Back to the lines."""
        event.stop()
        self._view.focus()

    def on_line_view_moved(self) -> None:
        """Whether it follows is said."""
        self.tell()

    def action_follow(self) -> None:
        """A click on what says that there is more."""
        self._view.action_follow()
