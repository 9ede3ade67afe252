"""Assistants and versions through the client: nothing is lost, nothing is made twice."""

import asyncio
from uuid import uuid4

import pytest

from playground.client.client import Client
from playground.client.errors import ApiError, NothingChanged
from playground.client.values import Version


async def make(client: Client, **given: object) -> Version:
    """An assistant of its own, as its first version."""
    what = {"context": {"word": "one"}, **given}
    assistant = await client.assistants.create("echo", f"mine {uuid4().hex[:6]}", **what)  # type: ignore[arg-type]
    return (await client.assistants.versions(assistant.assistant_id))[0]


@pytest.mark.parametrize("page", [1, 3, 4, 100])
async def test_every_page_is_read(client: Client, page: int) -> None:
    client.wire.page_limit = page
    base = await make(client)
    for number in range(2, 5):
        base = await client.assistants.save(base, context={"word": str(number)}, note=f"note {number}")
    versions = await client.assistants.versions(base.assistant_id)
    assert [(version.version, version.note) for version in versions] == [
        (4, "note 4"),
        (3, "note 3"),
        (2, "note 2"),
        (1, None),
    ]
    assert [version.active for version in versions] == [True, False, False, False]
    others = await asyncio.gather(*(make(client) for _ in range(4)))
    listed = [assistant.assistant_id for assistant in await client.assistants.list("echo")]
    assert len(listed) == len(set(listed))
    assert {base.assistant_id, *(other.assistant_id for other in others)} <= set(listed)


async def test_a_save_keeps_what_is_not_given(client: Client) -> None:
    first = await make(client, config={"tags": ["a"], "recursion_limit": 7}, description="why", metadata={"team": "x"})
    second = await client.assistants.save(first, context={"word": "two"}, note="  shorter ")
    assert second.version == 2
    assert (second.context, second.config) == ({"word": "two"}, {"tags": ["a"], "recursion_limit": 7})
    assert (second.name, second.description, second.metadata) == (first.name, "why", {"team": "x"})
    saved, _ = await client.assistants.versions(first.assistant_id)
    assert (saved.note, saved.active, saved.context_hash) == ("shorter", True, second.context_hash)


async def test_a_save_can_clear(client: Client) -> None:
    first = await make(client, config={"tags": ["a"]}, description="why")
    second = await client.assistants.save(first, context={}, config={}, description="")
    assert (second.context, second.config, second.description) == ({}, {}, None)
    assert await ran(client, f"{first.assistant_id}@2") == "default"


async def test_a_save_on_an_older_version_takes_from_that_one(client: Client) -> None:
    first = await make(client, config={"tags": ["first"]}, description="first")
    await client.assistants.save(first, context={"word": "two"}, config={"tags": ["second"]}, description="second")
    third = await client.assistants.save(first, context={"word": "three"})
    assert (third.version, third.config, third.description) == (3, {"tags": ["first"]}, "first")


async def test_saving_no_change_is_refused(client: Client) -> None:
    first = await make(client, config={"tags": ["a"]})
    with pytest.raises(NothingChanged, match="v1"):
        await client.assistants.save(first, context={"word": "one"}, config={"tags": ["a"]})
    with pytest.raises(NothingChanged):
        await client.assistants.rename(first.assistant_id, first.name)
    assert len(await client.assistants.versions(first.assistant_id)) == 1


async def test_a_number_that_became_another_kind_is_a_change(client: Client) -> None:
    first = await make(client, context={"word": 1})
    second = await client.assistants.save(first, context={"word": True})
    assert second.context["word"] is True


async def test_a_fork_remembers_where_it_came_from(client: Client) -> None:
    first = await make(client, config={"tags": ["a"]}, metadata={"team": "x"}, description="why")
    await client.assistants.save(first, context={"word": "two"})
    fork = await client.assistants.fork(first, "[/bold] fork \x1b[31m")
    assert (fork.version, fork.context, fork.config, fork.description) == (1, {"word": "one"}, {"tags": ["a"]}, "why")
    source = {"assistant_id": first.assistant_id, "version": 1, "name": first.name}
    assert fork.metadata == {"team": "x", "forked_from": source}
    assert fork.name == "[/bold] fork \x1b[31m"
    default = next(assistant for assistant in await client.assistants.list("echo") if assistant.is_default)
    copy = await client.assistants.fork((await client.assistants.versions(default.assistant_id))[0], "copy")
    assert not copy.is_default
    assert "created_by" not in copy.metadata


async def test_promote_brings_back_the_whole_version(client: Client) -> None:
    first = await make(client, config={"tags": ["first"]})
    await client.assistants.save(first, context={"word": "two"}, config={"tags": ["second"]})
    promoted = await client.assistants.promote(first.assistant_id, 1)
    assert (promoted.version, promoted.context, promoted.config) == (1, {"word": "one"}, {"tags": ["first"]})
    assert await ran(client, first.assistant_id) == "one"
    versions = await client.assistants.versions(first.assistant_id)
    assert [(version.version, version.active) for version in versions] == [(2, False), (1, True)]
    with pytest.raises(ApiError, match="no v9"):
        await client.assistants.promote(first.assistant_id, 9)


async def test_delete_takes_what_was_said_about_it_along(client: Client) -> None:
    first = await make(client)
    await client.notes.set_label(first.assistant_id, "prod", 1)
    await client.notes.set_note(first.assistant_id, 1, "why")
    await client.notes.save_draft(first.assistant_id, 1, {"context": {"word": "draft"}})
    await client.assistants.delete(first.assistant_id)
    assert await client.notes.labels(first.assistant_id) == {}
    assert await client.notes.notes(first.assistant_id) == {}
    assert await client.notes.draft(first.assistant_id) is None
    with pytest.raises(ApiError) as missing:
        await client.assistants.get(first.assistant_id)
    assert missing.value.status == 404


async def test_what_the_server_refuses_is_one_sentence(client: Client) -> None:
    with pytest.raises(ApiError) as refused:
        await client.assistants.create("nix", "x")
    assert refused.value.status == 404
    assert refused.value.sentence.startswith("Could not create the assistant “x”: Graph 'nix' not found")
    assert "\n" not in refused.value.sentence


async def ran(client: Client, ref: str) -> str:
    """The word that the echo graph saw."""
    runnable = await client.resolve(ref)
    thread = ""
    async for event in client.runs.stream(runnable, input={}):
        thread = getattr(event, "thread_id", thread)
    return str((await client.threads.state(thread)).values["seen"][-1])
