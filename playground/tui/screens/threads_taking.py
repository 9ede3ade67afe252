"""What is taken away from a thread: an export, code, a replay on another version."""

from playground.tui.screens.threads_core import ThreadsCore


class TakingThreadsScreen(ThreadsCore):
    """Export and replay."""
