"""What the four screens share: the line on top, the banner, the footer, and the app they belong to."""

from typing import TYPE_CHECKING, cast

from textual import events, on
from textual.app import ComposeResult
from textual.screen import Screen
from textual.worker import Worker

from playground.tui.widgets.banner import Banner
from playground.tui.widgets.keybar import KeyBar
from playground.tui.widgets.topbar import TopBar

if TYPE_CHECKING:
    from playground.client.client import Client
    from playground.client.values import Graph
    from playground.tui.app import PlaygroundApp

NARROW = 100
"""Columns below which panes become tabs: the screen has the class `-narrow`, otherwise `-wide`."""


class PlaygroundScreen(Screen[None]):
    """A screen of the playground, shown as one of the app's modes.

    A subclass names its `MODE`, composes its content in `compose_body`, and overrides `on_connected` (a server
    answers, for the first time or again: load or reload) and, if it shows graphs, `on_graphs_changed`. Both are called
    only while the screen is mounted. A failing worker of the screen is reported to the user by itself.
    """

    MODE = ""
    _styled_for: object = None

    @property
    def playground(self) -> "PlaygroundApp":
        """The app, as what it is."""
        return cast("PlaygroundApp", self.app)

    @property
    def client(self) -> "Client | None":
        """The client once connected, None before and while the server is away."""
        return self.playground.client

    def compose(self) -> ComposeResult:
        """The shared frame around `compose_body`."""
        yield TopBar(self.MODE)
        yield Banner()
        yield from self.compose_body()
        yield KeyBar()

    def compose_body(self) -> ComposeResult:
        """The screen's own widgets, between the line on top and the footer."""
        yield from ()

    async def on_painted(self) -> None:
        """The app's first frame was painted: the first screen mounts what it left out of it."""

    def on_connected(self) -> None:
        """A server answers: `self.client` is there."""

    def on_graphs_changed(self, graphs: "list[Graph]") -> None:
        """A graph was loaded, failed, or changed."""

    def where(self, thread_id: str) -> str:
        """What of this screen shows the thread (`Threads`, `Compare B`); "" if nothing does."""
        return ""

    def show_where(self, thread_id: str) -> None:
        """Put the focus where the thread is shown."""

    def on_draft_discarded(self, assistant_id: str) -> None:
        """The draft of an assistant was discarded on another screen."""

    def on_mount(self) -> None:
        """Join the app; a subclass's own `on_mount` runs, too (Textual calls every class's)."""
        self.playground.screens_opened.append(self)
        if self.client is not None:
            self.connected()

    def _on_screen_resume(self, event: events.ScreenResume) -> None:
        # Textual calls this before its own, which would look every rule up again and paint every widget anew. Nothing
        # on a screen changes its style while it is away, unless the theme or the terminal did.
        styled_for = (self.app.theme, self.app.size, self.app.app_focus)
        event.refresh_styles = styled_for != self._styled_for
        self._styled_for = styled_for

    def connected(self) -> None:
        """Called by the app; override `on_connected`."""
        self.query_one(Banner).show(None)
        self.on_connected()

    def disconnected(self, sentence: str) -> None:
        """Called by the app: the server has gone; the sentence says why and what happens now."""
        self.query_one(Banner).show(sentence)

    @on(Worker.StateChanged)
    def _report_failed_worker(self, event: Worker.StateChanged) -> None:
        self.playground.report_failed_worker(event)
