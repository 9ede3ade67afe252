"""A side of a comparison: what it runs, and the conversation with it. A pane shows it."""

import time
from collections.abc import Awaitable, Callable, Sequence
from uuid import uuid4

from playground.client.blocks import Block, Turn
from playground.client.conversation import Conversation
from playground.client.values import Runnable
from playground.compare.samples import Sample


class Side:
    """One of two to four. `linked`: it gets what is sent to all.

    `side_id` is its own wherever it is kept, `earlier` are the threads that it was on before, `notice` is what is to be
    said about what it runs ("" if nothing), `samples` the last ones that were taken of it, `moving` whether the thread
    that it goes on with is being made. `before_run` is awaited
    before each run, `progressed` called when one was accepted, asks something, or has ended.
    """

    def __init__(self, runnable: Runnable, clock: Callable[[], float] = time.monotonic) -> None:
        self.runnable = runnable
        self.linked = True
        self.moving = False
        self.side_id = str(uuid4())
        self.earlier: list[str] = []
        self.notice = ""
        self.samples: list[Sample] = []
        self.before_run: Callable[[], Awaitable[None]] = _at_once
        self.progressed: Callable[[], None] = lambda: None
        self.listener: Callable[[Sequence[Block]], None] = lambda blocks: None
        self._clock = clock
        self.conversation = self._converse()

    @property
    def busy(self) -> bool:
        """Whether a run is in flight, or about to be on a copy of the thread that is being made."""
        return self.moving or self.conversation.active

    def restart(self, runnable: Runnable | None = None) -> None:
        """On a new thread, with another runnable if one is given; what still runs is nobody's any more."""
        if runnable is not None:
            self.runnable, self.samples = runnable, []
        self.go_on(self.fresh())

    def fresh(self) -> Conversation:
        """A conversation that this side could go on with: its own runnable, no thread yet."""
        return self._converse()

    def go_on(self, conversation: Conversation) -> None:
        """With another conversation; the thread of the one before is remembered."""
        self.conversation.listener = lambda blocks: None
        if self.conversation.thread_id is not None:
            self.earlier.insert(0, self.conversation.thread_id)
        self.notice = ""
        self.conversation = conversation

    def becomes(self, runnable: Runnable) -> None:
        """The same content under another name, a saved draft: it goes on where it is."""
        self.runnable = self.conversation.runnable = runnable
        self.conversation.ran = None

    def ran(self, turn: Turn) -> bool:
        """Whether a turn was this side's own, not one of a thread that it goes on from; unknown is its own."""
        mine = self.runnable
        if not turn.assistant_id:
            return True
        return turn.assistant_id == mine.assistant_id and turn.context_hash[:12] in ("", mine.context_hash[:12])

    def now(self) -> float:
        """Seconds of the clock that its runs are timed by."""
        return self._clock()

    def _converse(self) -> Conversation:
        conversation = Conversation(self.runnable, self._changed, self._clock)
        conversation.before_run = self._before_run
        return conversation

    async def _before_run(self) -> None:
        await self.before_run()

    def _changed(self, blocks: Sequence[Block]) -> None:
        self.listener(blocks)
        if not blocks:
            self.progressed()


async def _at_once() -> None:
    """Nobody keeps it."""
