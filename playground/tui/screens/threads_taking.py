"""What is taken away from a thread: an export, a replay on another version."""

from typing import Any, ClassVar

from textual import work
from textual.binding import Binding, BindingType

from playground.client.errors import PlaygroundError
from playground.tui.screens.threads_core import ThreadsCore


class TakingThreadsScreen(ThreadsCore):
    """Export and replay."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x", "export", "Export", id="threads.export", show=False, tooltip="To a file: HTML, Markdown, code …"),
        Binding(
            "B", "replay", "Replay", id="threads.replay", show=False, tooltip="Its turns again, on another version"
        ),
    ]

    def check_action(self, action: str, parameters: tuple[Any, ...]) -> bool | None:
        """Where there is something to take."""
        conversation = self.conversation
        match action:
            case "export":
                return conversation is not None and conversation.turn is not None and self.thread_id is not None
            case "replay":
                return conversation is not None and conversation.turn is not None and self.client is not None
        return super().check_action(action, parameters)

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_export(self) -> None:
        """Write the thread to a file."""
        from playground.tui.usecases.taking import export_thread

        if self.conversation is None:
            return
        try:
            await export_thread(self.playground, self.conversation)
        except PlaygroundError as error:
            self.problem(error.sentence)

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_replay(self) -> None:
        """Send its turns again, to a fresh thread on another ref, and watch where the answers part."""
        from playground.client.replay import replayed
        from playground.tui.screens.pick_ref import PickRef
        from playground.tui.screens.replay import ReplayScreen

        client, conversation = self.client, self.pane.conversation
        if client is None or conversation is None:
            return
        if not replayed(conversation):
            self.problem("There is nothing to replay: no turn of this thread has an input.")
            return
        ref = await self.app.push_screen_wait(PickRef(client, "Replay its turns on", "Replay"))
        runnable = await self.resolve(ref or None)
        if runnable is not None:
            opened = await self.app.push_screen_wait(ReplayScreen(client, conversation, runnable))
            if opened is not None:
                self.playground.chat(runnable.ref, opened)
