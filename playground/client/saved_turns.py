"""Turns of a transcript as they are kept, and what is kept laid over a transcript that was read again. Pure."""

import json
from collections.abc import Container, Sequence
from dataclasses import replace
from typing import Any, Final, cast
from uuid import uuid4

from playground.client.blocks import Block, ErrorBlock, RunStatus, Turn
from playground.client.saved import SavedTurn, input_text
from playground.client.secret_values import without_secrets
from playground.client.transcript import Transcript
from playground.client.values import Run
from playground.compare.metrics import Metrics

_LONG: Final = 2_000
"""Characters of an input or an error that are kept."""
_STEPS: Final = 100
"""Nodes of a path that are kept."""
_UNSENT: Final = "The server never had this run: the playground ended before it was sent. R sends it again."
_DELETED: Final = "The thread is deleted, and its answers with it. What is kept of them stands here."
_UNKNOWN: Final = "The thread has nothing of this run: it failed before its first step, or was taken back."

_STATUSES: Final[dict[str, RunStatus]] = {"error": "failed", "timeout": "failed", "interrupted": "stopped"}


def saved_turn(transcript: Transcript, turn: Turn, now: float) -> SavedTurn:
    """What is kept of a turn; `now` is the transcript's clock."""
    metrics = Metrics() if turn.active else turn.metrics(now)
    return SavedTurn(
        run_id=turn.run_id,
        input=kept_input(turn.input),
        title=turn.title,
        context_hash=turn.context_hash,
        assistant_id=turn.assistant_id,
        version=turn.version,
        draft=turn.draft,
        status=turn.status,
        error=_error_of(transcript, turn) if turn.status == "failed" else "",
        queued=metrics.queued,
        first_token=metrics.first_token,
        running=metrics.running,
        input_tokens=metrics.input_tokens,
        output_tokens=metrics.output_tokens,
        cost=metrics.cost,
        steps=metrics.steps,
        path=metrics.path[:_STEPS],
    )


def kept_input(input: Any) -> Any:
    """The input, without what looks like a key; of a long one its beginning, as text."""
    cleaned, _ = without_secrets(input)
    if input is None or len(json.dumps(cleaned, ensure_ascii=False)) <= _LONG:
        return cleaned
    return f"{input_text(cleaned)[:_LONG]} … (the beginning of a long input)"


def lay_over(transcript: Transcript, kept: Sequence[SavedTurn], runs: Sequence[Run] = (), gone: bool = False) -> None:
    """The kept figures over the turns of a thread that was read; the turns of which it has nothing, among them.

    `runs` are the thread's. `gone`: the thread isn't there any more, so every kept turn is shown as far as it is kept.
    """
    parts = [(turn, [block for block in transcript.blocks if block.turn == turn.index]) for turn in transcript.turns]
    read = {turn.run_id: turn for turn in transcript.turns if turn.run_id}
    by_id = {run.run_id: run for run in runs}
    whole: list[tuple[Turn, list[Block]]] = []
    for one in _with_runs(kept, runs, read.keys()):
        if one.run_id is not None and (turn := read.get(one.run_id)):
            if turn.active and turn.input is None and turn is transcript.turns[-1]:
                transcript.take_input(one.input)
            _take(turn, one, last=turn is transcript.turns[-1])
            while any(turn is other for other, _ in parts):
                whole.append(parts.pop(0))
            blocks = next(blocks for other, blocks in whole if other is turn)
            if turn.status == "failed" and not any(isinstance(block, ErrorBlock) for block in blocks):
                blocks.append(_error_block(one, by_id.get(one.run_id)))  # a thread has only its last one
        elif gone or _left_nothing(one, by_id.get(one.run_id or "")):
            whole.append(_alone(one, by_id.get(one.run_id or ""), gone))
    transcript.turns[:], transcript.blocks[:] = [], []
    for turn, blocks in [*whole, *parts]:
        turn.index = len(transcript.turns)
        transcript.turns.append(turn)
        for block in blocks:
            block.turn = turn.index
            transcript.blocks.append(block)
    if gone and transcript.turns:
        last = len(transcript.turns) - 1
        transcript.blocks.append(ErrorBlock("deleted", turn=last, message=_DELETED, done=True))


def _with_runs(kept: Sequence[SavedTurn], runs: Sequence[Run], read: Container[str | None]) -> list[SavedTurn]:
    """The kept turns, with what the server took after the last of them was written."""
    known = {turn.run_id for turn in kept}
    unknown = sorted((run for run in runs if run.run_id not in known), key=lambda run: run.created_at)
    found = []
    for turn in kept:
        if turn.run_id is None and turn.active and unknown:
            turn = replace(turn, run_id=unknown.pop(0).run_id)
        found.append(turn)
    failed = [run for run in unknown if _status(run) == "failed" and run.run_id not in read]
    return [*found, *(SavedTurn(run_id=run.run_id, version=run.version, status="failed") for run in failed)]


def _left_nothing(one: SavedTurn, run: Run | None) -> bool:
    """Whether the thread has nothing of it because it never got so far; otherwise it is older than what was read."""
    if run is not None and (_status(run) == "done" or run.status in ("pending", "running")):
        return False
    return one.status in ("failed", "stopped") or one.active


def _status(run: Run) -> RunStatus:
    return _STATUSES.get(run.status, "done")


def _take(turn: Turn, one: SavedTurn, last: bool) -> None:
    """The figures of a run that was followed to its end."""
    if turn.active or one.active:
        return
    if not last or one.status in ("failed", "stopped"):
        turn.status = cast(RunStatus, one.status)
    turn.title = turn.title or one.title
    turn.input = one.input if turn.input is None else turn.input
    _take_times(turn, one)
    turn.tokens = {"kept": (one.input_tokens, one.output_tokens)} if one.output_tokens else turn.tokens
    turn.costs = {"kept": one.cost} if one.cost is not None else turn.costs
    turn.steps = one.steps or turn.steps
    turn.path = list(one.path) if one.path else turn.path


def _take_times(turn: Turn, one: SavedTurn) -> None:
    """Times from the moment it was sent: nothing but differences of them is ever shown."""
    if one.queued is None:
        return
    turn.sent, turn.started, turn.first, turn.ended = 0.0, None, None, one.queued
    if one.running is not None:
        turn.started, turn.ended = one.queued, one.queued + one.running
        turn.first = None if one.first_token is None else one.queued + one.first_token


def _alone(one: SavedTurn, run: Run | None, gone: bool) -> tuple[Turn, list[Block]]:
    """A turn of which the thread has nothing, as far as it is kept."""
    transcript = Transcript(lambda: 0.0)
    blocks = transcript.begin(one.input)
    turn = transcript.turns[0]
    turn.run_id, turn.context_hash, turn.assistant_id = one.run_id, one.context_hash, one.assistant_id
    turn.version, turn.draft, turn.title = one.version, one.draft, one.title
    turn.status = "failed" if one.active else cast(RunStatus, one.status)
    if run is not None:
        turn.assistant_id, turn.version, turn.draft = run.assistant_id, run.version, run.draft
        turn.context_hash, turn.status = run.context_hash or "", _status(run)
    _take(turn, replace(one, status=turn.status), last=False)
    turn.ended = turn.ended or 0.0
    for block in blocks:
        block.key = f"{one.run_id or uuid4().hex}/{block.key}"
    if turn.status == "failed" and (one.error or not gone):
        blocks.append(_error_block(one, run))
    return turn, blocks


def _error_block(one: SavedTurn, run: Run | None) -> ErrorBlock:
    key = f"{one.run_id or uuid4().hex}/error"
    if run is not None and run.error:
        said = {key: str(run.error.get(key) or "") for key in ("error", "message", "traceback")}
        return ErrorBlock(key, error=said["error"], message=said["message"], detail=said["traceback"], done=True)
    never_sent = one.run_id is None and one.active
    return ErrorBlock(key, message=one.error or (_UNSENT if never_sent else _UNKNOWN), done=True)


def _error_of(transcript: Transcript, turn: Turn) -> str:
    """What went wrong, in a line and without what looks like a key."""
    for block in reversed(transcript.blocks):
        if isinstance(block, ErrorBlock) and block.turn == turn.index:
            text = f"{block.error}: {block.message}" if block.error else block.message
            return str(without_secrets(text)[0])[:_LONG]
    return ""
