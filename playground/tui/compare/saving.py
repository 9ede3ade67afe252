"""Keeps a comparison on the server, by itself: soon after each change, and before each run."""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from textual.timer import Timer

from playground.client.blocks import Turn
from playground.client.errors import PlaygroundError
from playground.client.merging import merged
from playground.client.saved import MOST_TURNS, SavedComparison, SavedSide, SavedTurn
from playground.client.saved_turns import saved_turn
from playground.client.secret_values import without_secrets
from playground.client.values import Runnable
from playground.refs import context_hash
from playground.tui.compare.comparison import Comparison
from playground.tui.compare.side import Side

if TYPE_CHECKING:
    from playground.client.client import Client
    from playground.tui.screens.compare_saved import SavedCompareScreen

_QUIET: Final = 0.3  # seconds without a change, after which it is written
_LONGEST_WAIT: Final = 30.0  # seconds until a write that failed is tried again; the first time one
_AWAY: Final = "The server is away: what is new in this comparison is kept here, and saved when it is back."

_Content = tuple[dict[str, Any], dict[str, Any], tuple[str, ...]]


class Saver:
    """One comparison's, from the moment it is on the screen until its last run has ended.

    `note` after every change; a side's runs tell by themselves. `base` is what is already kept of it.
    """

    def __init__(
        self, screen: "SavedCompareScreen", comparison: Comparison, base: SavedComparison | None = None
    ) -> None:
        self.comparison = comparison
        self.problem = ""
        self._screen = screen
        self._base = base
        self._dirty = False
        self._gone = False  # deleted, or left before anything ran
        self._writing = asyncio.Lock()
        self._timer: Timer | None = None
        self._wait = 1.0
        self._contents: dict[str, _Content] = {}
        self._ended: dict[int, tuple[Turn, SavedTurn]] = {}

    @classmethod
    async def opened(cls, screen: "SavedCompareScreen", comparison: Comparison, saved: SavedComparison) -> "Saver":
        """Of one that was read: what of it is there now, is kept already. Raises PlaygroundError."""
        saver = cls(screen, comparison)
        if screen.client is not None:
            await saver._read_contents(screen.client)
        mine = saver.snapshot()
        # A turn that was kept before the server had taken it has a run by now, and isn't another terminal's.
        waiting = {side.side_id: tuple(turn for turn in side.turns if not turn.run_id) for side in saved.sides}
        sides = (replace(side, turns=(*side.turns, *waiting.get(side.side_id, ()))) for side in mine.sides)
        saver._base = replace(mine, sides=tuple(sides))
        saver.listen()
        return saver

    @property
    def dirty(self) -> bool:
        """Whether something is not written yet."""
        return self._dirty

    @property
    def kept(self) -> SavedComparison | None:
        """What the server has of it, as this terminal saw it; None before the first time."""
        return self._base

    def note(self) -> None:
        """Something changed: it is written when nothing has for a moment."""
        self.listen()
        self._dirty = True
        self._later(_QUIET)

    def listen(self) -> None:
        """The sides tell what happens in them."""
        for side in self.comparison.sides:
            side.before_run, side.progressed = self.now, self.note

    async def now(self) -> None:
        """Everything is written when this returns, or `problem` says why not."""
        self._dirty = True
        await asyncio.sleep(0)  # sides that begin together are written together
        async with self._writing:
            if self._dirty and not self._gone:
                await self._write()

    async def leave(self) -> None:
        """Another comparison takes its place: one in which nothing ran, and which has no name, isn't kept."""
        if self.comparison.name or any(side.conversation.turn or side.samples for side in self.comparison.sides):
            if self._dirty:
                await self.now()
        else:
            await self.forget()

    async def forget(self) -> None:
        """It is deleted, and stays so, whatever still runs."""
        self._gone = True
        self._stop_waiting()
        async with self._writing:
            client = self._screen.client
            if client is not None and self._base is not None:
                await client.comparisons.delete(self.comparison.comparison_id)

    def snapshot(self) -> SavedComparison:
        """The comparison as it is kept, now."""
        sides = tuple(self._side(side) for side in self.comparison.sides)
        return SavedComparison(self.comparison.comparison_id, self.comparison.name, sides)

    # Writing

    async def _write(self) -> None:
        client = self._screen.client
        if client is None:
            self._failed(_AWAY)
            return
        try:
            await self._read_contents(client)
            self._dirty = False
            mine = self.snapshot()
            if mine != self._base:
                await self._put(client, mine)
        except PlaygroundError as error:
            self._dirty = True
            self._failed(f"Not saved: {error.sentence} It is tried again.")
        else:
            self._wait = 1.0
            self._say("")

    async def _put(self, client: "Client", mine: SavedComparison) -> None:
        stored = await client.comparisons.get(mine.comparison_id) if self._base is not None else None
        whole = merged(self._base, mine, stored)
        await client.comparisons.save(whole)
        if whole.name != mine.name and self.comparison.name == mine.name:
            self.comparison.name = whole.name  # another terminal has named it
        self._base = SavedComparison(mine.comparison_id, whole.name, mine.sides)

    def _failed(self, sentence: str) -> None:
        self._say(sentence)
        self._later(self._wait)
        self._wait = min(_LONGEST_WAIT, self._wait * 2)

    def _say(self, problem: str) -> None:
        self.problem = problem
        self._screen.show_unsaved()

    def _later(self, seconds: float) -> None:
        self._stop_waiting()
        if not self._gone and self._screen.is_attached:
            self._timer = self._screen.set_timer(seconds, self._start)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _start(self) -> None:
        self._screen.run_worker(self.now(), group="saving", exit_on_error=False)

    # What is written

    async def _read_contents(self, client: "Client") -> None:
        """The contexts without secrets; a schema says which fields are one."""
        for side in self.comparison.sides:
            if (key := _key(side.runnable)) not in self._contents:
                self._contents[key] = await _content(client, side.runnable)

    def _side(self, side: Side) -> SavedSide:
        runnable, conversation = side.runnable, side.conversation
        context, config, left_out = self._contents.get(_key(runnable), ({}, {}, ("*",)))
        return SavedSide(
            side_id=side.side_id,
            ref=runnable.ref,
            assistant_id=runnable.assistant_id,
            graph_id=runnable.graph_id,
            name=runnable.name,
            version=runnable.version,
            context_hash=runnable.context_hash,
            draft=runnable.draft,
            context=context,
            config=config,
            left_out=left_out,
            thread_id=conversation.thread_id,
            earlier=tuple(side.earlier),
            linked=side.linked,
            turns=tuple(self._turn(side, turn) for turn in conversation.transcript.turns[-MOST_TURNS:]),
            samples=len(side.samples),
        )

    def _turn(self, side: Side, turn: Turn) -> SavedTurn:
        """One that has ended doesn't change any more, but for the server's word on what ran."""
        known = self._ended.get(id(turn))
        if known is not None and known[1].title == turn.title:
            return known[1]
        saved = saved_turn(side.conversation.transcript, turn, side.now())
        if not turn.active:
            self._ended[id(turn)] = (turn, saved)
        return saved


async def _content(client: "Client", runnable: Runnable) -> _Content:
    schemas = await client.graphs.schemas_if_any(runnable.assistant_id)
    if schemas is None:
        return {}, {}, ("*",)  # nobody can say what of it is a secret
    context, left_out = without_secrets(runnable.context, schemas.context)
    config, more = without_secrets(runnable.config)
    whole = context_hash(context) == runnable.context_hash  # of one that was opened again it may be known already
    return context, config, (*left_out, *more) if whole or left_out else ("*", *more)


def _key(runnable: Runnable) -> str:
    return f"{runnable.assistant_id}@{runnable.version}:{runnable.draft}:{runnable.context_hash}"
