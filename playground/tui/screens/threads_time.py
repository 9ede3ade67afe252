"""Time travel: the timeline of a thread, and going on from any of its checkpoints."""

from textual.app import ComposeResult

from playground.tui.screens.threads_core import ThreadsCore


class TimeThreadsScreen(ThreadsCore):
    """The timeline on the left."""

    def compose_timeline(self) -> ComposeResult:
        """What the left column has besides the list."""
        yield from ()

    def focus_timeline(self) -> None:
        """The focus into the timeline."""
        for widget in self.query("#timeline-column *"):
            if widget.focusable:
                widget.focus()
                return
