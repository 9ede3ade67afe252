"""A conversation that goes on from a copy of another's thread; the thread itself stays as it is."""

from typing import TYPE_CHECKING

from playground.client.blocks import Turn
from playground.client.conversation import Conversation
from playground.client.sampling import states_before
from playground.client.saved_turns import lay_over, saved_turn
from playground.client.transcript import Transcript

if TYPE_CHECKING:
    from playground.client.client import Client

_CHECKPOINTS = 100


async def go_on_from(
    client: "Client", source: Conversation, target: Conversation, now: float, *, before: Turn | None = None
) -> str | None:
    """Puts `target` on a copy of the source's thread, with all its turns or with those before one of them.

    The id of the checkpoint that the next run begins from; None if that is the beginning: then there is no copy.
    `now` is the source's clock. Raises PlaygroundError, and changes nothing then.
    """
    thread_id = source.thread_id
    if thread_id is None:
        return None
    if before is None:
        states = tuple(await client.threads.history(thread_id, limit=_CHECKPOINTS))
    else:
        states = await states_before(client, thread_id, before.run_id)
    if not states:
        return None
    copy = await client.threads.copy(thread_id)
    turns = [turn for turn in source.transcript.turns if before is None or turn.index < before.index]
    transcript = Transcript.from_history(states, clock=source.clock)
    lay_over(transcript, [saved_turn(source.transcript, turn, now) for turn in turns])
    target.thread_id, target.transcript = copy.thread_id, transcript
    return states[0].checkpoint_id
