"""The messages of a thread: copied, edited, deleted."""

from typing import ClassVar

from textual.binding import Binding, BindingType

from playground.tui.screens.threads_core import ThreadsCore


class MessageThreadsScreen(ThreadsCore):
    """What is done with a message."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "Copy", id="threads.copy", show=False, tooltip="Copy the last answer, or the thread's id"),
    ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The footer shows what works now."""
        if action == "copy":
            return self.list_key is not None or bool(self.conversation and self.conversation.turn)
        return super().check_action(action, parameters)

    @property
    def list_key(self) -> str | None:
        """The thread under the cursor while the focus is in the list."""
        return None

    def action_copy(self) -> None:
        """The last answer; in the list, the thread's id."""
        text, what = self.list_key or "", "the thread's id"
        if not text:
            text, what = (self.conversation.transcript.answer if self.conversation else ""), "the answer"
        if text:
            self.app.copy_to_clipboard(text)
            self.notify(f"Copied {what}.", markup=False, timeout=3)
