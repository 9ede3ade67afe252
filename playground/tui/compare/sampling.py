"""The samples of a comparison: what is to be run again, how far that is, what is kept of it."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from playground.client.blocks import Turn
from playground.client.errors import ApiError, PlaygroundError
from playground.client.sample_json import sample_to_json, samples_from_json
from playground.client.sampling import Job, Sampling, states_before
from playground.client.saved import input_text
from playground.compare.samples import Sample
from playground.tui.compare.comparison import Comparison
from playground.tui.compare.side import Side

if TYPE_CHECKING:
    from playground.client.client import Client

MOST_SAMPLES: Final = 50
"""Samples of a pane that can be asked for at once."""
PROPOSED: Final = 5


class Samples:
    """Of one comparison. `about` is what was sampled, "" before; `problems` say, by side, why nothing was.

    `listener` gets the side that went on, None if more than that changed.
    """

    def __init__(self, comparison: Comparison, listener: Callable[[Side | None], None] = lambda side: None) -> None:
        self.comparison = comparison
        self.listener = listener
        self.about = ""
        self.problems: dict[str, str] = {}
        self.sampling: Sampling | None = None
        self.starting = False
        self._taken: dict[str, list[Sample]] = {}
        self._unwanted: set[str] = set()  # ids of sides that were stopped before they began

    @property
    def active(self) -> bool:
        """Whether any is being taken."""
        return self.starting or (self.sampling is not None and self.sampling.active())

    def is_active(self, side: Side) -> bool:
        """Whether any of this side is being taken."""
        return self.starting or (self.sampling is not None and self.sampling.active(side.side_id))

    def of(self, side: Side) -> list[Sample]:
        """The side's, as far as they are over."""
        if self.sampling is not None and self.sampling.wanted(side.side_id):
            return self.sampling.of(side.side_id)
        return self._taken.get(side.side_id, [])

    def wanted(self, side: Side) -> int:
        """How many of the side were asked for, or are there."""
        asked = self.sampling.wanted(side.side_id) if self.sampling is not None else 0
        return asked or len(self.of(side))

    @property
    def any(self) -> bool:
        """Whether there is something to show."""
        return any(self.wanted(side) or side.side_id in self.problems for side in self.comparison.sides)

    async def take(self, client: "Client", number: int, typed: Any = None) -> None:
        """So many of each side: of its last input, from where that began; of what is typed, if nothing was sent."""
        sides = list(self.comparison.sides)
        self.problems, self.about, self.starting = {}, _about(sides, typed), True
        self._unwanted.clear()
        self.sampling, self._taken = None, {}  # the last ones aren't these
        try:
            jobs = [job for job in await asyncio.gather(*(self._job(client, side, typed) for side in sides)) if job]
        finally:
            self.starting = False
        jobs = [job for job in jobs if job.key not in self._unwanted]
        rounds = [job for _ in range(number) for job in jobs]  # a pane after the other, so that all go on together
        clock = sides[0].now
        self.sampling = Sampling(client, rounds, comparison_id=self.comparison.comparison_id, clock=clock)
        by_id = {side.side_id: side for side in sides}
        changed = asyncio.Event()

        def went_on(key: str) -> None:
            changed.set()
            self.listener(by_id[key])

        self.sampling.listener = went_on
        self.listener(None)
        keeping = asyncio.create_task(self._keep_each(client, sides, changed))
        try:
            await self.sampling.run()
        finally:
            keeping.cancel()
            for side in sides:
                side.samples = self.of(side)
            self.listener(None)
        await self._keep(client, sides)

    async def stop(self, side: Side | None = None) -> None:
        """Of one side, or all. What has ended stays."""
        if self.starting:
            self._unwanted |= {one.side_id for one in self.comparison.sides if side in (None, one)}
        elif self.sampling is not None:
            await self.sampling.stop(side.side_id if side is not None else None)
            self.listener(side)

    async def read(self, client: "Client") -> None:
        """What is kept of them, if they were taken at another time, or in another terminal."""
        if self.sampling is not None:
            return
        comparison_id = self.comparison.comparison_id
        for side in self.comparison.sides:
            rows = await client.comparisons.samples(comparison_id, side.side_id)
            side.samples = self._taken[side.side_id] = samples_from_json(rows)
            self.about = next((str(row["about"]) for row in rows if row.get("about")), self.about)

    async def _job(self, client: "Client", side: Side, typed: Any) -> Job | None:
        turn = last_given(side)
        thread_id = side.conversation.thread_id
        if turn is None:
            return Job(side.side_id, side.runnable, typed) if typed is not None else None
        if thread_id is None or turn is side.conversation.transcript.turns[0]:
            return Job(side.side_id, side.runnable, turn.input)
        try:
            before = await states_before(client, thread_id, turn.run_id)
        except PlaygroundError as error:
            gone = isinstance(error, ApiError) and error.status == 404
            sentence = "The thread is gone, and with it what this input was an answer to." if gone else error.sentence
            self.problems[side.side_id] = sentence
            return None
        return Job(side.side_id, side.runnable, turn.input, thread_id, before)

    async def _keep_each(self, client: "Client", sides: list[Side], changed: asyncio.Event) -> None:
        """As they end: a crash loses none that is over. What can't be kept now is tried again with the next."""
        while await changed.wait():
            changed.clear()
            with suppress(PlaygroundError):
                await self._keep(client, sides)

    async def _keep(self, client: "Client", sides: list[Side]) -> None:
        """On the server, with the comparison: one item a side."""
        for side in sides:
            rows = [{**sample_to_json(sample), "about": self.about} for sample in self.of(side)]
            if rows:
                await client.comparisons.save_samples(self.comparison.comparison_id, side.side_id, rows)


def last_given(side: Side) -> Turn | None:
    """The side's last run that was given an input: answers to its questions aren't."""
    return next((turn for turn in reversed(side.conversation.transcript.turns) if turn.input is not None), None)


def _about(sides: list[Side], typed: Any) -> str:
    given = [turn.input for side in sides if (turn := last_given(side)) is not None] or [typed]
    texts = list(dict.fromkeys(input_text(one) for one in given))
    return texts[0] if len(texts) == 1 else "the last input of each pane"
