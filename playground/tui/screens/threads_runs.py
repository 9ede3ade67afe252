"""Runs of the open thread: begin, go on from a checkpoint, answer, join, stop."""

from collections.abc import Awaitable
from typing import Any, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.widgets import TextArea

from playground.client.client import Client
from playground.client.conversation import Conversation
from playground.client.run_options import RunOptions
from playground.client.values import Runnable
from playground.tui.screens.threads_core import ThreadsCore
from playground.tui.widgets.interrupt_card import InterruptCard


class RunThreadsScreen(ThreadsCore):
    """What is sent, and what comes of it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "stop", "Stop", id="threads.stop", priority=True, tooltip="Stop the run"),
    ]

    @property
    def run_options(self) -> RunOptions:
        """How the next run is run."""
        return self.options

    def send(self, given: Any, *, title: str = "") -> bool:
        """Run an input on the open thread, or on a new one; from the place that is looked at. False if it can't be."""
        client, conversation = self.client, self.conversation
        if client is None:
            self.problem("There is no server yet: the input stays here until there is one.")
        elif self.runnable is None:
            self.problem("Nothing to run yet: v chooses an assistant.")
        elif conversation is not None and conversation.active:
            self.problem("A run is in flight here: wait for it, or stop it with Ctrl+C.")
        else:
            self.problem("")
            if self.here is not None:
                self.begin_from(self.here, input=given)
                return True
            if conversation is None:
                conversation = Conversation(self.runnable, clock=self.clock)
                self.show_conversation(conversation)
            if title and not conversation.transcript.blocks:
                self.pane.set_title(title)
            self._run(conversation.send(client, given, options=self.run_options), conversation)
            return True
        return False

    def begin_from(
        self,
        checkpoint_id: str | None,
        *,
        input: Any = None,
        answers: dict[str, Any] | None = None,
        runnable: Runnable | None = None,
        options: RunOptions | None = None,
    ) -> None:
        """Run from a checkpoint: a branch, unless that is the newest. Without an input, what comes next runs again."""
        self.run_worker(
            self.run_from(checkpoint_id, input=input, answers=answers, runnable=runnable, options=options),
            group="begin",
            exit_on_error=False,
        )

    async def run_from(
        self,
        checkpoint_id: str | None,
        *,
        input: Any = None,
        answers: dict[str, Any] | None = None,
        runnable: Runnable | None = None,
        options: RunOptions | None = None,
    ) -> None:
        """As `begin_from`; returns when the run is sent. Raises PlaygroundError if the checkpoint can't be read."""
        client = self.client
        if client is None or self.conversation is None:
            return
        if self.conversation.active:
            self.problem("A run is in flight here: wait for it, or stop it with Ctrl+C.")
            return
        if (runnable or self.runnable) is None:
            self.problem("Nothing to run yet: v chooses an assistant.")
            return
        live = self.conversation
        branch = await self.conversation_at(checkpoint_id)
        if live is not self.conversation or live.active:
            return  # meanwhile another thread was opened, or something runs here
        branch.runnable = runnable or self.runnable
        self.resume_at(branch)
        how: dict[str, Any] = {"checkpoint_id": checkpoint_id, "options": options or self.run_options}
        if answers is not None:
            self._run(branch.answer(client, answers, **how), branch)
        elif input is not None:
            self._run(branch.send(client, input, **how), branch)
        else:
            self._run(branch.rerun(client, **how), branch)

    def join(self, client: Client, conversation: Conversation, run_id: str) -> None:
        """Follow a run that was already there."""
        self._run(conversation.join(client, run_id), conversation)

    @on(InterruptCard.Answered)
    def _answered(self, event: InterruptCard.Answered) -> None:
        client, shown = self.client, self.pane.conversation
        if client is None or shown is None:
            return
        if self.runnable is None:
            self.problem("Nothing to go on with: v chooses an assistant.")
            self.pane.refresh_status()
            return
        self.focus_input()
        if self.here is not None:
            self.begin_from(self.here, answers=event.answers)
        elif shown is self.conversation:
            self._run(shown.answer(client, event.answers, options=self.run_options), shown)

    def resume_at(self, branch: Conversation) -> None:
        """The thread goes on as this branch of it."""
        if self._live is not None:
            branch.record = self._live.record  # of the same thread
        self._live, self.here = branch, None
        self.pane.show_at(branch)
        self.show_ref()

    def _run(self, running: Awaitable[None], conversation: Conversation) -> None:
        self.run_worker(self._follow(running, conversation), group="runs", exit_on_error=False)

    async def _follow(self, running: Awaitable[None], conversation: Conversation) -> None:
        self.run_began()
        await running
        self.name_turns(conversation)
        if conversation is self.conversation:
            self.run_ended()
            await self.read_tree()

    # Stopping

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The footer shows what works now."""
        if action == "stop":
            return self.conversation is not None and self.conversation.active
        return super().check_action(action, parameters)

    def action_stop(self) -> None:
        """Stop the run; a selected text is copied instead."""
        focused = self.focused
        if isinstance(focused, TextArea) and focused.selected_text:
            focused.action_copy()
        elif self.get_selected_text():
            self.action_copy_text()
        else:
            self._stop()

    @work(group="stop", exit_on_error=False)
    async def _stop(self) -> None:
        if self.client is not None and self.conversation is not None:
            await self.conversation.stop(self.client)
