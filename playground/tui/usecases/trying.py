"""Trying out what is edited: the work behind the Try-it pane, for the screen that has it."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from playground.client.errors import PlaygroundError
from playground.client.inputs import input_schema
from playground.tui.edit.trials import sweep
from playground.tui.unsent import Unsent
from playground.tui.widgets.try_it import TryIt

if TYPE_CHECKING:
    from playground.client.client import Client
    from playground.tui.screens.base import PlaygroundScreen

_KEPT: Final = 20
"""Inputs of a graph that come back after a restart."""


class TryOut:
    """Opens the pane on an assistant, runs what is asked, keeps what was asked. Awaited in workers of the screen.

    `ref` stores the draft if there is one and answers what to run; None if it can't run, and the user was told why.
    """

    def __init__(self, screen: "PlaygroundScreen", ref: Callable[[], Awaitable[str | None]]) -> None:
        self.pane = TryIt(id="try-it")
        self._screen = screen
        self._ref = ref
        self._unsent = Unsent(screen)
        self._graph: str | None = None
        self._history: list[str] = []

    async def open(self, assistant_id: str, graph_id: str) -> None:
        """Another assistant is edited. Its line is what was typed for its graph before."""
        client = self._screen.client
        if client is None:
            return
        if self._graph is None:
            with suppress(PlaygroundError):  # the next start tries again
                await sweep(client, self._screen.playground.now())
        if graph_id != self._graph:
            self._graph = graph_id
            await self._unsent.restore(self.pane.line, f"try/{graph_id}")
            self._history = await _tried(client, graph_id)
        self.pane.show_graph(await _schema(client, assistant_id), self._history)

    async def follow_code(self, assistant_id: str) -> None:
        """The graph may take another input now; what was tried stays."""
        if self._screen.client is not None and self._graph is not None:
            self.pane.show_schema(await _schema(self._screen.client, assistant_id))

    def draft_is(self, draft: Any) -> None:
        """The edit has changed, or may have: answers from before are marked."""
        self.pane.show_draft(draft)

    def typed(self, text: str) -> None:
        """Keep what is in the line."""
        self._unsent.note(text)

    async def ask(self, asked: TryIt.Asked, draft: Any) -> None:
        """Run the draft as it is. Raises PlaygroundError if it can't be started."""
        trials, client = self.pane.trials, self._screen.client
        if client is None:
            self.pane.show_problem("There is no server yet: press Enter again once it is there.")
            return
        if trials.active:
            return
        ref = await self._ref()
        if ref is None:
            return
        self.pane.show_draft(draft)
        await trials.run(client, ref, asked.input, draft)
        if trials.error is not None:
            error = trials.error
            sentence = f"{error.error}: {error.message}" if error.error else error.message
            self._screen.playground.details = (sentence, error.detail or "", None)
        await self._remember(client, asked.text)

    async def stop(self) -> None:
        """Stop what runs."""
        if self._screen.client is not None:
            await self.pane.trials.stop(self._screen.client)

    async def _remember(self, client: "Client", text: str) -> None:
        self._history = [*(one for one in self._history if one != text), text][-_KEPT:]
        await client.notes.set_value(f"tried/{self._graph}", self._history)


async def _tried(client: "Client", graph_id: str) -> list[str]:
    """What was asked of the graph before, oldest first."""
    kept = await client.notes.value(f"tried/{graph_id}")
    return [text for text in kept if isinstance(text, str)] if isinstance(kept, list) else []


async def _schema(client: "Client", assistant_id: str) -> dict[str, Any] | None:
    """What the graph takes; None where it can't be read: a graph that doesn't load says so when it runs."""
    try:
        return input_schema(await client.graphs.schemas(assistant_id))
    except PlaygroundError:
        return None
