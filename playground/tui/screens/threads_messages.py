"""The messages of a thread: copied, edited, deleted."""

from functools import partial
from typing import Any, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType

from playground.client.blocks import Block, TextBlock, ToolBlock, Turn
from playground.client.client import Client
from playground.client.conversation import Conversation
from playground.client.errors import PlaygroundError
from playground.client.message_edit import edited_input, find_message, has_gone, removal, with_answers, written
from playground.client.values import State
from playground.tui.screens.threads_runs import RunThreadsScreen
from playground.tui.text import count, one_line, safe
from playground.tui.widgets.transcript_cursor import ChatView

_NO_INPUT = "This message didn't come as an input of a run, so it can't be sent anew: E in the timeline edits it."
_GOES = "It goes from the state that comes next. Earlier checkpoints keep it: the timeline has them."
_KEPT = (
    "This graph doesn't delete single messages: its state has no reducer for that (LangGraph's add_messages). "
    "The state is what it was."
)


class MessageThreadsScreen(RunThreadsScreen):
    """What is done with a message: the one that is marked in the chat, else the last one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "y", "copy", "Copy", id="threads.copy", show=False, tooltip="Copy the message; in the list, the thread's id"
        ),
        Binding(
            "Y", "copy_menu", "Copy…", id="threads.copy_menu", show=False, tooltip="Copy code, the turn, the thread …"
        ),
        Binding(
            "m", "edit_message", "Edit message", id="threads.edit_message", tooltip="Write it anew, and run from there"
        ),
        Binding(
            "delete,backspace", "delete_message", "Delete", id="threads.delete_message", show=False,
            tooltip="Take the message out of the thread's state",
        ),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self._half_typed: dict[tuple[str | None, str], str] = {}  # what was left unsent, by thread and message

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The footer shows what works now."""
        idle = self.conversation is not None and not self.conversation.active
        match action:
            case "copy":
                return self.list_key is not None or bool(self.conversation and self.conversation.turn)
            case "copy_menu":
                return self.pane.chat.has_focus and self._copied is not None
            case "edit_message":
                return self.pane.chat.has_focus and idle and self._edited is not None
            case "delete_message":
                return self.pane.chat.has_focus and idle and self._deleted is not None
        return super().check_action(action, parameters)

    @property
    def list_key(self) -> str | None:
        """The thread under the cursor while the focus is in the list."""
        return None

    @property
    def current_turn(self) -> Turn | None:
        """The turn of the marked message, else the last one."""
        block, shown = self.pane.chat.current, self.pane.conversation
        if block is None or shown is None:
            return super().current_turn
        return next((turn for turn in shown.transcript.turns if turn.index == block.turn), None)

    @on(ChatView.Chosen)
    def _message_chosen(self) -> None:
        self.refresh_bindings()

    @property
    def _blocks(self) -> list[Block]:
        return self.pane.conversation.transcript.blocks if self.pane.conversation is not None else []

    @property
    def _copied(self) -> Block | None:
        """The marked message, else the last that somebody said."""
        said = (block for block in reversed(self._blocks) if isinstance(block, TextBlock) and not block.aside)
        return self.pane.chat.current or next(said, None)

    @property
    def _edited(self) -> TextBlock | None:
        """The marked message if a human said it, else the last one that a human said, of the marked one's turn."""
        marked = self.pane.chat.current
        if isinstance(marked, TextBlock) and marked.role == "human":
            return marked
        turn = marked.turn if marked is not None else None
        return next(
            (
                block
                for block in reversed(self._blocks)
                if isinstance(block, TextBlock) and block.role == "human" and turn in (None, block.turn)
            ),
            None,
        )

    @property
    def _deleted(self) -> TextBlock | ToolBlock | None:
        """The marked message: nothing is deleted that isn't pointed at."""
        marked = self.pane.chat.current
        return marked if isinstance(marked, TextBlock | ToolBlock) else None

    # Copying

    def action_copy(self) -> None:
        """The marked message, else the last answer; in the list, the thread's id."""
        from playground.tui.threads.chat_copies import copied_text

        if self.list_key:
            self.playground.copy(self.list_key, "the thread's id")
        elif (block := self.pane.chat.current) is not None:
            self.playground.copy(copied_text(block), "the message")
        elif self.conversation is not None and (answer := self.conversation.transcript.answer):
            self.playground.copy(answer, "the answer")

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_copy_menu(self) -> None:
        """Choose what of the message is copied."""
        from playground.tui.screens.copy_menu import CopyMenu
        from playground.tui.threads.chat_copies import copies

        block = self._copied
        if block is None:
            return
        chosen = await self.app.push_screen_wait(CopyMenu("Copy of the message", copies(block, self._blocks)))
        if chosen is not None:
            self.playground.copy(chosen.text, chosen.what)

    # Editing

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_edit_message(self) -> None:
        """Write a human's message anew, and run from before it: a branch, beside what is there."""
        from playground.tui.screens.edit_message import EditMessage

        block, client = self._edited, self.client
        if block is None or client is None:
            return
        self.problem("")
        if self.runnable is None:
            self.problem("Nothing to run it with: v chooses an assistant.")
            return
        state = await client.threads.state(self.thread_id, self.here) if self.thread_id else None
        message = find_message(state.values, block) if state is not None else None
        about = safe(f"Runs with {self.runnable.title}, from before the message. What is there stays, as a branch.")
        was = written(message) if message else block.text
        key = self.thread_id, block.key
        dialog = EditMessage(was, about, self._half_typed.get(key, was), partial(self._half_typed.__setitem__, key))
        text = await self.app.push_screen_wait(dialog)
        if text is not None:
            self._half_typed.pop(key, None)
            await self._run_with(client, block, text)

    async def _run_with(self, client: Client, block: TextBlock, text: str) -> None:
        """Run with this text instead of what a message said."""
        came = await self._came(client, block)
        if came is None:
            self.problem(_NO_INPUT)
            return
        before, after = came
        given = next((task.get("result") for task in before.tasks if task.get("name") == "__start__"), None)
        changed = edited_input(given, before.values, after.values, block, text)
        if changed is None:
            self.problem(_NO_INPUT)
        elif before.parent_checkpoint_id is not None:
            await self.run_from(before.parent_checkpoint_id, input=changed)
        else:
            await self._run_first(client, before, changed)

    async def _run_first(self, client: Client, before: State, given: Any) -> None:
        """The thread's first input anew. There is nothing before it: its own checkpoint takes the other one."""
        live = self.conversation
        if live is None or live.active or self.runnable is None:
            return
        branch = Conversation(self.runnable, clock=self.clock)
        branch.thread_id, branch.thread = live.thread_id, live.thread
        self.resume_at(branch)
        sent = branch.send(client, given, checkpoint_id=before.checkpoint_id, options=self.options)
        self._run(sent, branch)

    async def _came(self, client: Client, block: TextBlock) -> tuple[State, State] | None:
        """The checkpoint that took the message in and the one after it, where the state first has it."""
        thread_id, shown = self.thread_id, self.pane.conversation
        if thread_id is None or shown is None:
            return None
        line = self.checkpoints.lineage(self.here or self.checkpoints.newest)
        turn = next((turn for turn in shown.transcript.turns if turn.index == block.turn), None)
        at = next(
            (i for i, one in enumerate(line) if turn and turn.run_id == one.run_id and one.source == "input"), None
        )
        if at is None:
            at = await self._first_with(client, thread_id, [one.checkpoint_id for one in line], block) - 1
        if not 0 <= at < len(line) - 1:
            return None
        before = await client.threads.state(thread_id, line[at].checkpoint_id)
        return before, await client.threads.state(thread_id, line[at + 1].checkpoint_id)

    async def _first_with(self, client: Client, thread_id: str, line: list[str], block: TextBlock) -> int:
        """The first of the checkpoints that has the message; all after it have it, too."""
        low, high = 0, len(line) - 1
        while low < high:
            middle = (low + high) // 2
            state = await client.threads.state(thread_id, line[middle])
            if find_message(state.values, block) is None:
                low = middle + 1
            else:
                high = middle
        return low

    # Deleting

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_delete_message(self) -> None:
        """Take the marked message out of the state, with the answers to its calls; asks, and says what goes."""
        from playground.tui.screens.dialogs import Confirm

        block, client, thread_id = self._deleted, self.client, self.thread_id
        if block is None or client is None or thread_id is None:
            return
        self.problem("")
        state = await client.threads.state(thread_id, self.here)
        message = find_message(state.values, block)
        gone = with_answers(state.values, message) if message is not None else []
        if not gone:
            self.problem("The thread's state doesn't have this message under an id: there is nothing to delete.")
            return
        if state.interrupts:
            self.problem("The run waits for an answer: answer it first, then delete.")
            return
        said = one_line(block.text if isinstance(block, TextBlock) else block.name, 120)
        more = f", with {count(len(gone) - 1, 'answer')} of its tools" if len(gone) > 1 else ""
        body = (
            f"“{said}”{more}\n\nIt goes from the state that comes next. Earlier checkpoints, in the timeline, keep it."
        )
        if await self.app.push_screen_wait(Confirm("Delete the message?", body, "Delete", destructive=True)):
            await self._delete(client, thread_id, state, gone)

    async def _delete(self, client: Client, thread_id: str, state: State, gone: list[str]) -> None:
        place = self.pane.chat.place()
        try:
            await self._remove(client, thread_id, state, gone)
            left = await client.threads.state(thread_id)
            if not has_gone(left.values, gone):
                await client.threads.update_state(thread_id, None, checkpoint_id=state.checkpoint_id)
                self.problem(_KEPT)
        except PlaygroundError as error:
            self.problem(error.sentence)
            return
        self.resume_at(await self.conversation_at(None))
        self.pane.chat.show_place(*place)
        self.pane.chat.focus()
        await self.read_tree()

    async def _remove(self, client: Client, thread_id: str, state: State, gone: list[str]) -> None:
        """As whoever wrote last; where that can't be told, as the node that ran last."""
        try:
            await client.threads.update_state(thread_id, removal(gone), checkpoint_id=state.checkpoint_id)
        except PlaygroundError:
            made = self.checkpoints.get(state.checkpoint_id)
            if made is None or not made.ran:
                raise
            await client.threads.update_state(
                thread_id, removal(gone), checkpoint_id=state.checkpoint_id, as_node=made.ran[-1]
            )
