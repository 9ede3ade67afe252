"""What ran, as the panes and turns of a report: without secrets."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from playground.client.blocks import ToolBlock
from playground.client.conversation import Conversation
from playground.client.sampling import sample_of_turn
from playground.client.saved import input_text
from playground.client.secret_values import without_secrets
from playground.client.values import Runnable
from playground.compare.report import ReportPane, ReportTurn
from playground.compare.samples import Sample

if TYPE_CHECKING:
    from playground.client.client import Client

_LONGEST = 2_000  # characters of a tool's arguments or result


async def report_pane(
    client: "Client",
    letter: str,
    runnable: Runnable,
    turns: Sequence[ReportTurn],
    sampled: ReportTurn | None = None,
) -> ReportPane:
    """A pane. Of a graph that can't say what is secret in its context, nothing of the context is told."""
    schemas = await client.graphs.schemas_if_any(runnable.assistant_id)
    context, left_out = without_secrets(runnable.context, schemas.context) if schemas else ({}, ["the whole context"])
    return ReportPane(
        letter=letter,
        title=runnable.title,
        graph_id=runnable.graph_id,
        assistant_id=runnable.assistant_id,
        version=runnable.version,
        draft=runnable.draft,
        context_hash=runnable.context_hash,
        context=context,
        left_out=tuple(left_out),
        turns=tuple(turns),
        sampled=sampled,
    )


def report_turn(input: Any, samples: Sequence[Sample], calls: Sequence[str] = ()) -> ReportTurn:
    """An input and its answers; what looks like a key is taken out of all of them."""
    cleaned = [replace(sample, answer=_clean(sample.answer), note=_clean(sample.note)) for sample in samples]
    return ReportTurn(
        _clean("" if input is None else input_text(input)), tuple(cleaned), tuple(_clean(call) for call in calls)
    )


def turns_of(conversation: Conversation, now: float) -> list[ReportTurn]:
    """A conversation's turns, with their tool calls. `now` is its clock."""
    found = []
    for turn in conversation.transcript.turns:
        blocks = [block for block in conversation.transcript.blocks if block.turn == turn.index]
        calls = [_call(block) for block in blocks if isinstance(block, ToolBlock)]
        found.append(report_turn(turn.input, [sample_of_turn(conversation, turn, now)], calls))
    return found


def _call(block: ToolBlock) -> str:
    arguments = block.arguments
    inside = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False, default=str)
    result = "" if block.result is None else f" → {block.result[:_LONGEST]}"
    return f"{block.name}({inside[:_LONGEST]}){result}"


def _clean(text: str) -> str:
    return str(without_secrets(text)[0])
