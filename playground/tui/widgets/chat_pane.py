"""What was said in a thread, over the line in which one says what to find in it."""

from typing import Self

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from playground.tui.widgets.search_bar import SearchBar
from playground.tui.widgets.transcript_cursor import ChatView


class ChatPane(Vertical):
    """A transcript that can be searched. The focus is the transcript's."""

    DEFAULT_CSS = """
    ChatPane {
        height: 1fr;
        ChatView { height: 1fr; }
    }
    """

    def __init__(self, view: ChatView, id: str | None = None) -> None:
        super().__init__(id=id)
        self.view = view
        self.bar = SearchBar(view)

    def compose(self) -> ComposeResult:
        """The transcript over the search bar."""
        yield self.view
        yield self.bar

    def focus(self, scroll_visible: bool = True) -> Self:
        """Its keys are the transcript's."""
        self.view.focus(scroll_visible)
        return self

    @on(ChatView.FindAsked)
    def _find(self, event: ChatView.FindAsked) -> None:
        event.stop()
        self.bar.open()

    @on(SearchBar.Closed)
    def _found(self, event: SearchBar.Closed) -> None:
        event.stop()
        self.view.focus()
