"""What the user's graphs printed, as it comes."""

from typing import ClassVar, Final, cast

from textual import work
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from playground.client.errors import PlaygroundError
from playground.tui.screens.dialogs import Details
from playground.tui.text import safe

_LINES: Final = 500
_SECONDS: Final = 1.0
_WHAT: Final = "What your graphs print, log and warn of goes here; the newest is at the end."


class ServerLog(Details):
    """The end of the server's log. It follows, unless the user has scrolled up."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f3", "cancel", "Close", id="log.close", show=False, tooltip="Close the log"),
    ]

    def __init__(self) -> None:
        super().__init__(_WHAT, "Reading …", "Server log")

    def on_mount(self) -> None:
        """Read at once, and again every second."""
        self._read()
        self.set_interval(_SECONDS, self._read)

    @work(group="log", exclusive=True, exit_on_error=False)
    async def _read(self) -> None:
        from playground.tui.app import PlaygroundApp

        try:
            lines = await cast(PlaygroundApp, self.app).connected_client.graphs.log(_LINES)
        except PlaygroundError:
            return  # the server is away; the banner says so, and what was read stays
        if lines is None:
            self._show("This server doesn't show its log: look where it runs.")
        else:
            self._show("\n".join(lines) or "Nothing was printed so far.")

    def _show(self, text: str) -> None:
        if text == self._detail:
            return
        self._detail = text
        scroller = self.query_one("#detail", VerticalScroll)
        follows = scroller.scroll_offset.y >= scroller.max_scroll_y
        scroller.query_one(Static).update(safe(text))
        if follows:
            scroller.scroll_end(animate=False)
