"""What made a checkpoint, found again: exactly that, or with a word on how it isn't."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from playground.client.checkpoint_tree import Checkpoint
from playground.client.client import Client
from playground.client.made_by import made_by
from playground.client.values import VARIANT, Assistant
from playground.refs import context_hash
from tests.checkpoints import Thread


def checkpoint(assistant: Assistant, **facts: Any) -> Checkpoint:
    """One that the assistant's version 1 made, unless the facts say otherwise."""
    thread = Thread()
    last = thread.turn(None, "hello")[-1]
    one = thread.tree.get(last)
    assert one is not None
    made = {"assistant_id": assistant.assistant_id, "version": 1, "context_hash": context_hash({"word": "one"})[:12]}
    return replace(one, **{**made, **facts})


async def test_the_version_that_ran_is_found_again(client: Client) -> None:
    assistant = await client.assistants.create("echo", f"made {uuid4().hex[:6]}", {"word": "one"})
    made = await made_by(client, checkpoint(assistant))
    assert made.exact
    assert made.runnable is not None
    assert (made.runnable.version, made.runnable.context) == (1, {"word": "one"})


async def test_what_ran_otherwise_is_said(client: Client) -> None:
    assistant = await client.assistants.create("echo", f"made {uuid4().hex[:6]}", {"word": "one"})
    variant = await made_by(client, checkpoint(assistant, draft=VARIANT))
    assert variant.runnable is not None
    assert variant.runnable.title.endswith("@v1*")
    assert not variant.exact
    other = await made_by(client, checkpoint(assistant, context_hash="0123456789ab"))
    assert not other.exact
    assert "Another context" in other.note
    unsaid = await made_by(client, checkpoint(assistant, version=None, context_hash=None))
    assert not unsaid.exact
    assert "active" in unsaid.note


async def test_a_draft_is_that_draft_as_long_as_nobody_changes_it(client: Client) -> None:
    assistant = await client.assistants.create("echo", f"made {uuid4().hex[:6]}", {"word": "one"})
    ran = checkpoint(assistant, draft=True, context_hash=context_hash({"word": "draft"})[:12])
    await client.notes.save_draft(assistant.assistant_id, 1, {"context": {"word": "draft"}})
    assert (await made_by(client, ran)).exact
    await client.notes.save_draft(assistant.assistant_id, 1, {"context": {"word": "other"}})
    assert "changed since" in (await made_by(client, ran)).note


async def test_nothing_is_found_of_what_is_gone_or_was_never_told(client: Client) -> None:
    assistant = await client.assistants.create("echo", f"made {uuid4().hex[:6]}", {"word": "one"})
    await client.assistants.delete(assistant.assistant_id)
    gone = await made_by(client, checkpoint(assistant))
    assert (gone.runnable, gone.told) == (None, True)
    untold = await made_by(client, checkpoint(assistant, assistant_id=None))
    assert (untold.runnable, untold.told) == (None, False)
    assert not (await made_by(client, None)).told
