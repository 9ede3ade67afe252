"""The views of a thread beside its chat: steps and raw events."""

from typing import ClassVar

from textual.binding import Binding, BindingType

from playground.client.errors import PlaygroundError
from playground.client.transcript import Transcript
from playground.tui.screens.threads_core import ThreadsCore


class ViewThreadsScreen(ThreadsCore):
    """Steps, raw."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "next_view", "View", id="threads.view", tooltip="Chat, steps, state, raw"),
    ]

    def run_ended(self) -> None:
        """The checkpoints know more of the steps than the stream did."""
        super().run_ended()
        self.run_worker(self._read_steps(), group="steps", exclusive=True, exit_on_error=False)

    async def _read_steps(self) -> None:
        conversation = self.conversation
        if self.client is None or conversation is None or conversation.thread_id is None:
            return
        try:
            states = await self.client.threads.history(conversation.thread_id, limit=100)
        except PlaygroundError:
            return  # the steps as they were streamed stay
        if conversation is self.conversation and not conversation.active:
            self.pane.show_steps(Transcript.from_history(states).blocks)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The footer shows what works now."""
        if action == "next_view":
            return self.conversation is not None
        return super().check_action(action, parameters)

    def action_next_view(self) -> None:
        """Chat, steps, state, raw."""
        self.pane.next_view()
