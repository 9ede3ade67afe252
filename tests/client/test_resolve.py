"""From a ref as written to exactly what runs."""

from uuid import uuid4

import pytest

from playground.client.client import Client
from playground.client.errors import RefError
from playground.client.values import Assistant
from playground.refs import context_hash


@pytest.fixture
async def two_versions(client: Client) -> Assistant:
    """An assistant with v1 (labelled prod) and the active v2."""
    assistant = await client.assistants.create("echo", f"Writer {uuid4().hex[:8]}", {"word": "one"})
    first = (await client.assistants.versions(assistant.assistant_id))[0]
    await client.assistants.save(first, context={"word": "two"})
    await client.notes.set_label(assistant.assistant_id, "prod", 1)
    return await client.assistants.get(assistant.assistant_id)


async def test_every_way_to_name_a_version(client: Client, two_versions: Assistant) -> None:
    name, id_ = two_versions.name, two_versions.assistant_id
    for text, version in {
        name: 2,
        f" {name.upper()} ": 2,
        id_: 2,
        id_[:13]: 2,
        f"{name}@v1": 1,
        f"{name}@1": 1,
        f"{id_[:13]}@v2": 2,
        f"{name}@prod": 1,
        f"{name}@active": 2,
    }.items():
        runnable = await client.resolve(text)
        assert (runnable.assistant_id, runnable.version) == (id_, version), text
        assert runnable.context == {"word": "one" if version == 1 else "two"}
        assert runnable.context_hash == context_hash(runnable.context)
        assert runnable.title == f"{name}@v{version}"
        assert runnable.ref == text


async def test_a_graphs_name_is_its_default_assistant(client: Client) -> None:
    runnable = await client.resolve("sleep")
    assert (runnable.graph_id, runnable.version, runnable.title) == ("sleep", 1, "sleep@v1")


async def test_a_draft_is_its_own_context_on_its_base(client: Client, two_versions: Assistant) -> None:
    with pytest.raises(RefError, match="no draft"):
        await client.resolve(f"{two_versions.name}@draft")
    await client.notes.save_draft(two_versions.assistant_id, 1, {"context": {"word": "draft"}})
    draft = await client.resolve(f"{two_versions.name}@draft")
    assert (draft.draft, draft.version, draft.context) == (True, 1, {"word": "draft"})
    assert draft.title == f"{two_versions.name}@draft"
    with pytest.raises(RefError, match="draft"):
        await client.version(f"{two_versions.name}@draft")
    unread = {"context": {"word": "draft"}, "texts": [[["context"], "{"]]}
    await client.notes.save_draft(two_versions.assistant_id, 1, unread)
    with pytest.raises(RefError, match="can't be read"):  # what it would run is not what it says
        await client.resolve(f"{two_versions.name}@draft")


async def test_a_name_with_an_at_sign_is_a_name_first(client: Client) -> None:
    name = f"me@v1 {uuid4().hex[:6]}@v2"
    made = await client.assistants.create("echo", name)
    assert (await client.resolve(name)).assistant_id == made.assistant_id
    assert (await client.resolve(f"{name}@v1")).assistant_id == made.assistant_id


async def test_unknown_refs_say_what_may_be_meant(client: Client, two_versions: Assistant) -> None:
    typo = two_versions.name[:-2] + "zz"
    with pytest.raises(RefError, match="Did you mean") as unknown:
        await client.resolve(typo)
    assert two_versions.name in unknown.value.candidates
    with pytest.raises(RefError, match="the newest is v2") as version:
        await client.resolve(f"{two_versions.name}@v9")
    assert version.value.candidates == [f"{two_versions.name}@v2", f"{two_versions.name}@v1"]
    with pytest.raises(RefError, match="it has “prod”") as label:
        await client.resolve(f"{two_versions.name}@prd")
    assert label.value.candidates == [f"{two_versions.name}@prod"]
    for nothing in ("", "@v1", "name@"):
        with pytest.raises(RefError, match="names nothing"):
            await client.resolve(nothing)


async def test_an_ambiguous_name_lists_those_that_have_it(client: Client) -> None:
    name = f"[/bold]\x1b[31m{uuid4().hex[:6]}"
    made = [await client.assistants.create("echo", name) for _ in range(2)]
    with pytest.raises(RefError, match="2 assistants") as ambiguous:
        await client.resolve(f"{name}@v1")
    assert sorted(line[:8] for line in ambiguous.value.candidates) == sorted(one.assistant_id[:8] for one in made)
