"""What ran, as the panes and turns of a report: without secrets. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from playground.client.blocks import ToolBlock
from playground.client.conversation import Conversation
from playground.client.inputs import input_schema
from playground.client.sampling import sample_of_turn
from playground.client.saved import input_text
from playground.client.secret_values import without_secrets
from playground.client.values import Runnable, Schemas
from playground.compare.report import ReportPane, ReportTurn
from playground.compare.samples import Sample

_LONGEST: Final = 2_000  # characters of a tool's arguments or result


def report_pane(
    letter: str,
    runnable: Runnable,
    schemas: Schemas | None,
    turns: Sequence[ReportTurn],
    sampled: ReportTurn | None = None,
) -> ReportPane:
    """A pane. Of a graph that can't say what is secret in its context, nothing of the context is told."""
    context, left_out = without_secrets(runnable.context, schemas.context) if schemas else ({}, ["the whole context"])
    return ReportPane(
        letter=letter,
        title=clean(runnable.title),
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


def report_turn(
    input: Any, samples: Sequence[Sample], calls: Sequence[str] = (), schemas: Schemas | None = None
) -> ReportTurn:
    """An input and its answers, without what is secret in the input and what looks like a key in any of it."""
    schema = input_schema(schemas) if schemas else None
    return ReportTurn("" if input is None else _input(input, schema), tuple(map(_sample, samples)), tuple(calls))


def turns_of(conversation: Conversation, now: float, schemas: Schemas | None = None) -> list[ReportTurn]:
    """A conversation's turns, with their tool calls. `now` is its clock."""
    found = []
    for turn in conversation.transcript.turns:
        blocks = [block for block in conversation.transcript.blocks if block.turn == turn.index]
        calls = [_call(block) for block in blocks if isinstance(block, ToolBlock)]
        found.append(report_turn(turn.input, [sample_of_turn(conversation, turn, now)], calls, schemas))
    return found


def clean(text: str) -> str:
    """The text without what looks like a key."""
    return str(without_secrets(text)[0])


def _input(input: Any, schema: Mapping[str, Any] | None) -> str:
    return clean(input_text(without_secrets(input, schema)[0]))


def _sample(sample: Sample) -> Sample:
    answer, note, title = clean(sample.answer), clean(sample.note), clean(sample.title)
    return replace(sample, answer=answer, note=note, title=title)


def _call(block: ToolBlock) -> str:
    """What was called, with what, and what came of it. Cut when it is clean: half a key doesn't look like one."""
    arguments, _ = without_secrets(block.arguments)
    inside = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False, default=str)
    result = "" if block.result is None else f" → {clean(block.result)[:_LONGEST]}"
    return f"{clean(block.name)}({inside[:_LONGEST]}){result}"
