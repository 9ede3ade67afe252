"""The runs that this client follows, wherever they were begun: on a thread, in a comparison, to try a draft."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from playground.client.blocks import TextBlock

if TYPE_CHECKING:
    from playground.client.conversation import Conversation

_REMEMBERED: Final = 20
_LONGEST: Final = 400
"""Characters of what was asked."""


@dataclass(frozen=True, slots=True)
class Flight:
    """A run as it is at one moment: what was asked, what runs, how it is, and for how many seconds it ran or waited."""

    thread_id: str
    asked: str
    ran: str
    status: str
    seconds: float | None

    @property
    def active(self) -> bool:
        """Whether it can be stopped."""
        return self.status in ("queued", "running")


def flight_of(conversation: "Conversation") -> Flight:
    """The conversation's last run, as it is now."""
    turn = conversation.turn
    took = turn.metrics(conversation.clock()) if turn is not None else None
    seconds = None if took is None else took.running if took.running is not None else took.queued
    ran = (turn.title if turn is not None else "") or (conversation.runnable.title if conversation.runnable else "")
    return Flight(conversation.thread_id or "", _asked(conversation), ran, conversation.status, seconds)


class Flights:
    """Conversations whose runs are followed, and what the last ones were like.

    `watcher` is called with a conversation when a run of it begins or ends.
    """

    def __init__(self) -> None:
        self.watcher: Callable[[Conversation], None] = lambda conversation: None
        self._flying: list[Conversation] = []
        self._landed: deque[Flight] = deque(maxlen=_REMEMBERED)

    def began(self, conversation: "Conversation") -> None:
        """A run of it is followed."""
        self._flying.append(conversation)
        self.watcher(conversation)

    def ended(self, conversation: "Conversation") -> None:
        """It is over, asks, or can't be followed any more."""
        self._flying.remove(conversation)
        if not conversation.quiet:
            self._landed.append(flight_of(conversation))  # not itself: a long thread takes its room
        self.watcher(conversation)

    def follows(self, thread_id: str | None) -> bool:
        """Whether a run of the thread is followed."""
        return any(one.thread_id == thread_id for one in self._flying)

    @property
    def all(self) -> "list[Conversation]":
        """A conversation each thread that runs, the last begun first: one that was left and opened again has two."""
        found: dict[object, Conversation] = {}
        for one in reversed(self._flying):
            found.setdefault(one.thread_id or id(one), one)
        return [*found.values()]

    @property
    def landed(self) -> list[Flight]:
        """The last run of each thread that doesn't run any more, the last ended first."""
        found: dict[str, Flight] = {}
        for one in reversed(self._landed):
            found.setdefault(one.thread_id, one)
        return [one for one in found.values() if not self.follows(one.thread_id)]


def _asked(conversation: "Conversation") -> str:
    """The last thing the user said, else the run's input."""
    blocks = reversed(conversation.transcript.blocks)
    said = (block.text.strip() for block in blocks if isinstance(block, TextBlock) and block.role == "human")
    if text := next((text for text in said if text), ""):
        return text[:_LONGEST]
    turn = conversation.turn
    return str(turn.input)[:_LONGEST] if turn is not None and turn.input is not None else ""
