"""Where a thread pauses: its breakpoints, and going on from them."""

from playground.tui.screens.threads_core import ThreadsCore


class PauseThreadsScreen(ThreadsCore):
    """Breakpoints, continue, step."""
