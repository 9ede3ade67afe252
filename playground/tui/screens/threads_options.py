"""How the next runs of Threads are run: chosen in a form, said beside the input."""

import asyncio
from dataclasses import replace
from typing import Any, ClassVar

from textual import work
from textual.binding import Binding, BindingType

from playground.client.errors import PlaygroundError
from playground.client.validation import where
from playground.client.values import Runnable
from playground.tui.forms.run_editing import STRATEGIES, RunEditing, options_text
from playground.tui.screens.threads_runs import RunThreadsScreen
from playground.tui.text import one_line
from playground.tui.ui_state import read_word, write_word
from playground.tui.widgets.thread_prompt import ThreadPrompt

_ALWAYS = "while_busy"  # the strategy for a second input that isn't asked for


class OptionThreadsScreen(RunThreadsScreen):
    """Options hold for all threads of the screen; another context only for the assistant that it was chosen for."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "O", "options", "Options", id="threads.options", show=False, tooltip="How it runs: context, limit, streams"
        ),
    ]

    def __init__(self) -> None:
        super().__init__()
        always = read_word(_ALWAYS)
        self.while_busy = always if always in STRATEGIES else None
        self._editing: RunEditing | None = None  # what could not be used yet

    def use(self, runnable: Runnable | None, schema: dict[str, Any] | None) -> None:
        """Another assistant runs with its own context."""
        if runnable is not None and self.options.context and runnable.assistant_id != self.options.context_of:
            names = one_line(", ".join(self.options.context), 60)
            self.options = replace(self.options, context={}, context_of=None)
            self.notify(f"{one_line(runnable.name, 40)} runs with its own {names}.", markup=False, timeout=6)
        super().use(runnable, schema)

    def show_ref(self) -> None:
        """What is chosen is said, too."""
        super().show_ref()
        chosen = replace(self.options, multitask_strategy=self.while_busy)
        for prompt in self.query(ThreadPrompt):
            prompt.show_options(options_text(chosen), runs=self.runnable is not None)

    async def remember_strategy(self, strategy: str | None) -> None:
        """It isn't asked any more, in this terminal and the next; None: it is."""
        self.while_busy = strategy
        await asyncio.to_thread(write_word, _ALWAYS, strategy or "")
        self.show_ref()

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_options(self) -> None:
        """Choose them."""
        from playground.tui.screens.run_options import RunOptionsForm

        client, runnable = self.client, self.runnable
        if client is None or runnable is None:
            return
        try:
            schema = (await client.graphs.schemas(runnable.assistant_id)).context
        except PlaygroundError:
            schema = None  # a graph that doesn't load says so when it runs
        chosen = replace(self.options, multitask_strategy=self.while_busy)
        editing = RunEditing(schema, runnable, chosen)
        if self._editing is not None and self._editing.base == editing.base:
            editing = self._editing
        await self.app.push_screen_wait(RunOptionsForm(editing, runnable.title))
        if self.runnable is not runnable:
            return
        if problems := editing.problems():
            path, why = next(iter(problems.items()))
            self._editing = editing
            self.problem(f"The options stay as they were: {where(path[1:]) or 'the context'} {why}. O goes on with it.")
            return
        self._editing = None
        self.problem("")
        found = editing.options(chosen)
        self.options = replace(found, context_of=runnable.assistant_id, multitask_strategy=None)
        await self.remember_strategy(found.multitask_strategy)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """They are those of what runs next."""
        if action == "options":
            return self.client is not None and self.runnable is not None
        return super().check_action(action, parameters)
