"""A side of a comparison: what it runs, and the conversation with it. A pane shows it."""

import time
from collections.abc import Callable, Sequence

from playground.client.blocks import Block
from playground.client.conversation import Conversation
from playground.client.values import Runnable


class Side:
    """One of two to four. `linked`: it gets what is sent to all."""

    def __init__(self, runnable: Runnable, clock: Callable[[], float] = time.monotonic) -> None:
        self.runnable = runnable
        self.linked = True
        self.listener: Callable[[Sequence[Block]], None] = lambda blocks: None
        self._clock = clock
        self.conversation = self._converse()

    def restart(self, runnable: Runnable | None = None) -> None:
        """On a new thread, with another runnable if one is given; what still runs is nobody's any more."""
        self.conversation.listener = lambda blocks: None
        self.runnable = runnable or self.runnable
        self.conversation = self._converse()

    def now(self) -> float:
        """Seconds of the clock that its runs are timed by."""
        return self._clock()

    def _converse(self) -> Conversation:
        return Conversation(self.runnable, self._changed, self._clock)

    def _changed(self, blocks: Sequence[Block]) -> None:
        self.listener(blocks)
