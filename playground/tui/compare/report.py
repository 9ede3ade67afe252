"""A comparison on the screen as a report."""

import asyncio
from typing import TYPE_CHECKING

from playground.client.reporting import clean, report_pane, report_turn, turns_of
from playground.client.values import Schemas
from playground.compare.report import Report, ReportPane, ReportTurn
from playground.tui.compare.comparison import LETTERS, Comparison
from playground.tui.compare.side import Side

if TYPE_CHECKING:
    from datetime import datetime

    from playground.client.client import Client


async def report_of(client: "Client", comparison: Comparison, made_at: "datetime") -> Report:
    """Everything that ran in it, as far as the screen has it. Raises PlaygroundError."""
    sides = zip(LETTERS, comparison.sides, strict=False)
    panes = await asyncio.gather(*(_pane(client, letter, side) for letter, side in sides))
    return Report(clean(comparison.name), made_at.astimezone(), tuple(panes))


async def _pane(client: "Client", letter: str, side: Side) -> ReportPane:
    schemas = await client.graphs.schemas_if_any(side.runnable.assistant_id)
    turns = turns_of(side.conversation, side.now(), schemas)
    return report_pane(letter, side.runnable, schemas, turns, _sampled(side, schemas))


def _sampled(side: Side, schemas: Schemas | None) -> ReportTurn | None:
    """Its samples: they are of its last input, or of what was typed before there was one."""
    if not side.samples:
        return None
    given = [turn.input for turn in side.conversation.transcript.turns if turn.input is not None]
    return report_turn(given[-1] if given else None, side.samples, schemas=schemas)
