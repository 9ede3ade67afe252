"""What is done again or goes on: a turn retried, a thread that the others go on from. The threads before stay."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from playground.client.copying import go_on_from
from playground.tui.compare.answering import hears
from playground.tui.compare.running import last_asked
from playground.tui.compare.side import Side

if TYPE_CHECKING:
    from playground.client.client import Client


async def retry(client: "Client", side: Side, moved: Callable[[], None]) -> None:
    """The last input again, from the state before it, on a copy of the thread. Raises PlaygroundError.

    `moved` is called when the side is on its new thread, before the input is sent.
    """
    turn = last_asked(side.conversation.transcript.turns)
    if turn is None or side.busy:
        return
    with _moving(side):
        target = side.fresh()
        checkpoint_id = await go_on_from(client, side.conversation, target, side.now(), before=turn)
        side.go_on(target)
    moved()
    await target.send(client, turn.input, checkpoint_id=checkpoint_id)


async def follow(client: "Client", winner: Side, others: Sequence[Side]) -> None:
    """The others go on from copies of the winner's thread; what they run stays what it is. Raises PlaygroundError.

    All of them or none: a copy that fails leaves every side where it was.
    """
    with _moving(winner, *others):
        targets = [side.fresh() for side in others]
        copying = [go_on_from(client, winner.conversation, target, winner.now()) for target in targets]
        results = await asyncio.gather(*copying, return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result
        for side, target in zip(others, targets, strict=True):
            side.go_on(target)


@contextmanager
def _moving(*sides: Side) -> Iterator[None]:
    """Nothing else is done with them meanwhile: a run that began now would be left on the thread before."""
    for side in sides:
        side.moving = True
    try:
        yield
    finally:
        for side in sides:
            side.moving = False


def refusal(sides: Sequence[Side], winner: Side) -> str:
    """Why the winner's thread can't be the base now, in a sentence; "" if it can."""
    who, status = hears(sides, [winner]), winner.conversation.status
    running = [side for side in sides if side.busy]
    if running:
        return f"{hears(sides, running)} still {'runs' if len(running) == 1 else 'run'}: wait, or stop with X."
    if status == "interrupted":
        return f"{who} waits for an answer: answer it first, so that its copies don't wait, too."
    if status == "failed":
        return f"{who} failed: its thread stopped half-way. R tries it again."
    return ""
