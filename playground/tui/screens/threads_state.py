"""The state of a thread: its values at the place that is looked at."""

from textual import on, work

from playground.tui.screens.threads_core import ThreadsCore
from playground.tui.widgets.thread_pane import ThreadPane


class StateThreadsScreen(ThreadsCore):
    """Reads the state when it is wanted."""

    def run_ended(self) -> None:
        """There is a newer state."""
        super().run_ended()
        self.show_state()

    def place_changed(self) -> None:
        """Another state."""
        super().place_changed()
        self.show_state()

    @on(ThreadPane.ViewShown)
    def _view_shown(self) -> None:
        self.show_state()

    def show_state(self) -> None:
        """Read the state, if that is what is shown."""
        if self.pane.view == "state":
            self._load_state()

    @work(group="state", exclusive=True, exit_on_error=False)
    async def _load_state(self) -> None:
        conversation, here = self.conversation, self.here
        if self.client is None or conversation is None or conversation.thread_id is None:
            return
        state = await self.client.threads.state(conversation.thread_id, here)
        if conversation is self.conversation and here == self.here:
            self.pane.show_state(state.values)
