"""The inputs of a thread, sent again one after the other to a fresh thread, on another ref."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from playground.client.blocks import Turn
from playground.client.conversation import Conversation
from playground.client.sampling import sample_of_turn
from playground.client.saved import input_text
from playground.client.values import Runnable
from playground.compare.replay import ReplayRow, rows
from playground.compare.samples import Sample

if TYPE_CHECKING:
    from playground.client.client import Client


@dataclass(frozen=True, slots=True)
class Given:
    """An input of the original, with what came of it: of several runs (it asked, it was answered) the last one's."""

    turn: Turn
    sample: Sample


def replayed(conversation: Conversation) -> list[Given]:
    """What can be sent again: every input, with the answer that the thread has to it."""
    found: list[Given] = []
    now = conversation.clock()
    for turn in conversation.transcript.turns:
        sample = sample_of_turn(conversation, turn, now)
        if turn.input is not None:
            found.append(Given(turn, sample))
        elif found:  # it went on without an input: that belongs to the one before
            found[-1] = Given(found[-1].turn, sample)
    return found


class Replay:
    """Runs one turn after the other; `listener` is called whenever something changed.

    It ends where a run isn't done: what follows was said to another answer. `why` says so then.
    """

    def __init__(
        self, client: "Client", original: Conversation, runnable: Runnable, listener: Callable[[], None]
    ) -> None:
        self.given = replayed(original)
        self.conversation = Conversation(runnable, lambda blocks: listener(), original.clock)
        self.conversation.quiet = True  # whoever replays looks at it
        self.why = ""
        self.over = False
        self._client = client
        self._listener = listener
        self._stopped = False

    async def run(self) -> None:
        """Send them all. Failures become part of the transcript."""
        for number, given in enumerate(self.given, 1):
            if self._stopped:
                break
            await self.conversation.send(self._client, given.turn.input)
            status = self.conversation.status
            if status != "done":
                left = len(self.given) - number
                more = f": {left} more not sent" if left else ""
                self.why = f"turn {number} is {_SAID.get(status, status)}{more}"
                break
        self.over = True
        self._listener()

    async def stop(self) -> None:
        """Send no more, and stop what runs. What it has said stays."""
        self._stopped = True
        await self.conversation.stop(self._client)

    def rows(self) -> list[ReplayRow]:
        """Each turn with both answers, as far as they are known."""
        conversation = self.conversation
        now = conversation.clock()
        replays = [sample_of_turn(conversation, turn, now) for turn in conversation.transcript.turns]
        inputs = [input_text(given.turn.input) for given in self.given]
        return rows(inputs, [given.sample for given in self.given], replays)


_SAID: Final = {"failed": "failed", "stopped": "stopped", "interrupted": "waiting for an answer"}
