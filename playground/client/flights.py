"""The runs that this client follows, wherever they were begun: on a thread, in a comparison, to try a draft."""

from collections import deque
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from playground.client.conversation import Conversation

_REMEMBERED: Final = 20


class Flights:
    """Conversations whose runs are followed, and the last ones that were. `watcher` is called with one whenever its
    run begins or ends."""

    def __init__(self) -> None:
        self.watcher: Callable[[Conversation], None] = lambda conversation: None
        self._flying: list[Conversation] = []
        self._landed: deque[Conversation] = deque(maxlen=_REMEMBERED)

    def began(self, conversation: "Conversation") -> None:
        """A run of it is followed."""
        self._flying.append(conversation)
        self.watcher(conversation)

    def ended(self, conversation: "Conversation") -> None:
        """It is over, asks, or can't be followed any more."""
        self._flying.remove(conversation)
        self._landed.append(conversation)
        self.watcher(conversation)

    def follows(self, conversation: "Conversation") -> bool:
        """Whether a run of it is followed."""
        return any(one is conversation for one in self._flying)

    @property
    def all(self) -> "list[Conversation]":
        """A conversation each thread that runs, the last begun first."""
        return _one_a_thread(reversed(self._flying))

    @property
    def landed(self) -> "list[Conversation]":
        """Of the threads that don't run any more, the last ended first."""
        flying = {conversation.thread_id for conversation in self._flying}
        return [one for one in _one_a_thread(reversed(self._landed)) if one.thread_id not in flying]


def _one_a_thread(conversations: "Iterable[Conversation]") -> "list[Conversation]":
    """A thread that was left and opened again is followed twice."""
    found: dict[object, Conversation] = {}
    for one in conversations:
        found.setdefault(one.thread_id or id(one), one)
    return [*found.values()]
