"""What is taken away from a thread, or put back: an export, an import, a replay on another version."""

import asyncio
from pathlib import Path
from typing import Any, ClassVar

from textual import work
from textual.binding import Binding, BindingType

from playground.client.errors import PlaygroundError
from playground.tui.screens.threads_core import ThreadsCore
from playground.tui.text import one_line


class TakingThreadsScreen(ThreadsCore):
    """Export, import and replay."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x", "export", "Export", id="threads.export", show=False, tooltip="To a file: HTML, Markdown, code …"),
        Binding(
            "B", "replay", "Replay", id="threads.replay", show=False, tooltip="Its turns again, on another version"
        ),
        Binding("I", "import", "Import", id="threads.import", show=False, tooltip="A thread of an exported JSON file"),
    ]

    def check_action(self, action: str, parameters: tuple[Any, ...]) -> bool | None:
        """Where there is something to take."""
        conversation = self.conversation
        match action:
            case "import":
                return self.client is not None
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
    async def action_import(self) -> None:
        """Make a thread of an exported one, and open it."""
        from playground.client.thread_import import import_thread, parse_thread
        from playground.client.transfer_file import read_file
        from playground.tui.screens.pick_file import PickFile

        client = self.client
        if client is None:
            return
        path = await self.app.push_screen_wait(PickFile("Import a thread", "Import", Path.cwd(), (".json",)))
        if path is None:
            return
        self.problem("")
        try:
            text = await asyncio.to_thread(read_file, path)
            made = await import_thread(client, parse_thread(text))
        except PlaygroundError as error:
            self.problem(error.sentence)
            return
        self.notify(one_line(made.sentence, 300), markup=False, timeout=6)
        self.open_thread(made.thread.thread_id, None)

    def open_thread(self, thread_id: str, ref: str | None) -> None:
        """Read the thread; the whole screen knows how."""

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
