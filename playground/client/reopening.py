"""A kept side, opened again: exactly what it ran, and its thread with everything that is known of its runs."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playground.client.conversation import Conversation, Ran, what_ran
from playground.client.errors import ApiError
from playground.client.resolve import draft_of
from playground.client.saved import SavedSide
from playground.client.saved_turns import lay_over
from playground.client.values import Assistant, Run, Runnable, Version, ran_title

if TYPE_CHECKING:
    from playground.client.client import Client

_RUNS = 100
"""Runs of a thread that are asked for: the newest."""


@dataclass(frozen=True, slots=True)
class Exact:
    """What a kept side runs from now on. `notice`: how that isn't what it ran, in a few words; "" if it is."""

    runnable: Runnable
    notice: str = ""


async def exactly_what_ran(client: "Client", side: SavedSide) -> Exact:
    """The version itself, with its secrets; the context that a draft had. Raises PlaygroundError."""
    try:
        assistant, versions = await asyncio.gather(
            client.assistants.get(side.assistant_id), client.assistants.versions(side.assistant_id)
        )
    except ApiError as error:
        if error.status != 404:
            raise
        return Exact(_as_kept(side), f"{side.name} is deleted: it can be read, not run")
    base = next((version for version in versions if version.version == side.version), None)
    if side.draft:
        return await _draft(client, side, assistant, base)
    if base is None:
        return Exact(_as_kept(side, assistant), f"v{side.version} is gone: it can be read, not run")
    differs = base.context_hash != side.context_hash
    return Exact(_version(assistant, base), f"v{side.version} has another context now" if differs else "")


async def _draft(client: "Client", side: SavedSide, assistant: Assistant, base: Version | None) -> Exact:
    """The draft is run as it was, though it may have gone on, or be saved, since."""
    if not side.left_out:
        return Exact(_as_kept(side, assistant))
    draft = await client.notes.draft(side.assistant_id)
    if draft is not None and not draft.is_unread:
        now = draft_of(f"{side.assistant_id}@draft", assistant, draft)
        if now.context_hash == side.context_hash:
            return Exact(now)
    if base is None:
        return Exact(_as_kept(side, assistant), "the draft's secrets aren't kept: it can be read, not run")
    return Exact(_version(assistant, base), f"the draft's secrets aren't kept: v{base.version} runs")


async def open_thread(client: "Client", conversation: Conversation, side: SavedSide) -> str | None:
    """Reads the side's thread into the conversation; the id of the run that is in flight there, to be joined.

    Raises PlaygroundError, but not if the thread is gone: then what is kept is shown.
    """
    if side.thread_id is None:
        return None
    try:
        flying, runs = await asyncio.gather(
            conversation.open(client, side.thread_id), client.runs.list(side.thread_id, limit=_RUNS)
        )
    except ApiError as error:
        if error.status != 404:
            raise
        lost = any(turn.run_id for turn in side.turns)
        conversation.thread_id = None if lost else side.thread_id  # one that no run has made yet
        lay_over(conversation.transcript, side.turns, gone=lost)
        return None
    lay_over(conversation.transcript, side.turns, runs)
    _say_what_ran(conversation, side, runs)
    return flying


def _say_what_ran(conversation: Conversation, side: SavedSide, runs: list[Run]) -> None:
    """The turns' titles, and what ran last."""
    asked = conversation.runnable
    for turn in conversation.transcript.turns:
        if turn.assistant_id == side.assistant_id:
            turn.title = ran_title(asked.name if asked else side.name, turn.version, turn.draft)
    last = conversation.turn
    if last is None or asked is None:
        return
    run = next((run for run in runs if run.run_id == last.run_id), None)
    if run is not None:
        conversation.ran = what_ran(run, asked)
    elif last.context_hash and (last.assistant_id, last.version, last.draft) == (
        side.assistant_id,
        side.version,
        side.draft,
    ):  # else it is of a thread that this one is a copy of
        conversation.ran = Ran(side.name, last.version, last.context_hash, last.draft)


def _version(assistant: Assistant, version: Version) -> Runnable:
    return Runnable(
        ref=f"{assistant.assistant_id}@v{version.version}",
        assistant_id=assistant.assistant_id,
        graph_id=version.graph_id,
        name=assistant.name,
        version=version.version,
        context=version.context,
        context_hash=version.context_hash,
        config=version.config,
    )


def _as_kept(side: SavedSide, assistant: Assistant | None = None) -> Runnable:
    return Runnable(
        ref=f"{side.assistant_id}@draft" if side.draft else f"{side.assistant_id}@v{side.version}",
        assistant_id=side.assistant_id,
        graph_id=side.graph_id,
        name=assistant.name if assistant else side.name,
        version=side.version,
        context=side.context,
        context_hash=side.context_hash,
        config=side.config,
        draft=side.draft,
    )
