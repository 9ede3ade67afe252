"""Editing without a screen, against a real server: drafts, one version a save, and saves whose answers get lost."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from playground.client.client import Client
from playground.client.errors import NothingChanged, PlaygroundError
from playground.client.values import Assistant
from playground.tui.edit.session import EditSession, open_session
from tests.servers import Server

NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
HEAT = ("context", "temperature")


@pytest.fixture
async def client(shared_server: Server) -> AsyncIterator[Client]:
    client = await Client.connect(shared_server.url, shared_server.key)
    yield client
    await client.close()


@pytest.fixture
async def assistant(client: Client) -> Assistant:
    return await client.assistants.create("writer", "Tester", {"temperature": 0.5, "tone": "formal"})


async def reopened(client: Client, session: EditSession) -> EditSession:
    return (await open_session(client, session.assistant_id)).session


async def test_an_assistant_opens_on_its_active_version(client: Client, assistant: Assistant) -> None:
    session = (await open_session(client, assistant.assistant_id)).session
    assert (session.base.version, session.next_number, session.is_changed) == (1, 2, False)
    assert session.schema is not None


async def test_a_save_makes_exactly_one_version_with_a_note_and_drops_the_draft(
    client: Client, assistant: Assistant
) -> None:
    session = (await open_session(client, assistant.assistant_id)).session
    session.editing.write(HEAT, "1.5")
    session.editing.assign(("config", "tags"), ["a", "b"])
    await session.keep(client, NOW)
    version = await session.save(client, "warmer")
    found = await client.assistants.versions(assistant.assistant_id)
    assert [(one.version, one.note, one.active) for one in found] == [(2, "warmer", True), (1, None, False)]
    assert found[0].context == {"temperature": 1.5, "tone": "formal"}
    assert found[0].config == {"tags": ["a", "b"]}
    assert (session.base, session.is_changed) == (version, False)
    assert await client.notes.draft(assistant.assistant_id) is None


async def test_metadata_is_part_of_the_version_and_what_others_wrote_there_stays(
    client: Client, assistant: Assistant
) -> None:
    first = (await client.assistants.versions(assistant.assistant_id))[0]
    fork = await client.assistants.fork(first, "Fork")
    session = (await open_session(client, fork.assistant_id)).session
    assert "forked_from" not in session.editing.document["metadata"]
    session.editing.add(("metadata",), "team")
    session.editing.assign(("metadata", "team"), "refunds")
    version = await session.save(client, None)
    assert version.version == 2
    assert version.metadata["team"] == "refunds"
    assert version.metadata["forked_from"]["assistant_id"] == assistant.assistant_id
    session.editing.remove(("metadata", "team"))
    assert "team" not in (await session.save(client, None)).metadata


async def test_nothing_changed_is_refused(client: Client, assistant: Assistant) -> None:
    session = (await open_session(client, assistant.assistant_id)).session
    with pytest.raises(NothingChanged, match="nothing to save"):
        await session.save(client, None)
    assert len(await client.assistants.versions(assistant.assistant_id)) == 1


async def test_name_and_description_belong_to_the_version_and_can_be_cleared(
    client: Client, assistant: Assistant
) -> None:
    session = (await open_session(client, assistant.assistant_id)).session
    session.editing.write(("name",), "Renamed")
    session.editing.write(("description",), "For tests")
    assert (await session.save(client, None)).description == "For tests"
    session.editing.write(("description",), "")
    await session.save(client, None)
    assert not (await client.assistants.get(assistant.assistant_id)).description
    assert (await client.assistants.get(assistant.assistant_id)).name == "Renamed"


async def test_a_draft_is_there_again_with_what_could_not_be_read(client: Client, assistant: Assistant) -> None:
    session = (await open_session(client, assistant.assistant_id)).session
    session.editing.write(HEAT, "warm")
    session.editing.assign(("context", "tone"), "witty")
    await session.keep(client, NOW)
    again = await reopened(client, session)
    assert again.editing.texts == {HEAT: "warm"}
    assert again.editing.content() == session.editing.content()
    assert (again.is_stored, again.is_changed) == (True, True)


async def test_a_draft_that_is_taken_back_is_dropped(client: Client, assistant: Assistant) -> None:
    session = (await open_session(client, assistant.assistant_id)).session
    session.editing.write(HEAT, "1.5")
    await session.keep(client, NOW)
    session.editing.write(HEAT, "0.5")
    await session.keep(client, NOW)
    assert await client.notes.draft(assistant.assistant_id) is None


async def test_asking_for_another_version_than_the_drafts_says_so(client: Client, assistant: Assistant) -> None:
    session = (await open_session(client, assistant.assistant_id)).session
    session.editing.write(HEAT, "1.5")
    await session.save(client, None)
    session.editing.write(HEAT, "1.9")
    await session.keep(client, NOW)
    opened = await open_session(client, assistant.assistant_id, 1)
    assert (opened.session.base.version, opened.other_base) == (2, 1)
    assert (await open_session(client, assistant.assistant_id, 2)).other_base is None


async def test_a_draft_on_an_older_version_is_saved_on_top_and_nothing_is_overwritten(
    client: Client, assistant: Assistant
) -> None:
    mine = (await open_session(client, assistant.assistant_id)).session
    mine.editing.write(HEAT, "1.5")
    theirs = (await open_session(client, assistant.assistant_id)).session
    theirs.editing.assign(("context", "tone"), "witty")
    await theirs.save(client, None)
    assert await mine.refresh(client)
    assert (mine.base.version, mine.moved_on.version if mine.moved_on else None, mine.next_number) == (1, 2, 3)
    await mine.save(client, None)
    found = await client.assistants.versions(assistant.assistant_id)
    assert [one.context for one in found] == [
        {"temperature": 1.5, "tone": "formal"},
        {"temperature": 0.5, "tone": "witty"},
        {"temperature": 0.5, "tone": "formal"},
    ]


async def test_an_edit_without_changes_follows_the_active_version(client: Client, assistant: Assistant) -> None:
    idle = (await open_session(client, assistant.assistant_id)).session
    other = (await open_session(client, assistant.assistant_id)).session
    other.editing.write(HEAT, "1.5")
    await other.save(client, None)
    await idle.refresh(client)
    assert idle.base.version == 2


async def test_a_draft_whose_save_was_made_is_recognised_and_dropped(client: Client, assistant: Assistant) -> None:
    session = (await open_session(client, assistant.assistant_id)).session
    session.editing.write(HEAT, "1.5")
    await session.keep(client, NOW)
    # As if the app had been killed between the save and its answer.
    await client.assistants.save(session.base, context=session.editing.document["context"])
    opened = await open_session(client, assistant.assistant_id)
    assert (opened.session.base.version, opened.session.is_changed) == (2, False)
    assert opened.notice is not None
    assert await client.notes.draft(assistant.assistant_id) is None


async def test_what_is_typed_while_a_save_is_on_its_way_is_a_draft_on_the_new_version(
    client: Client, assistant: Assistant
) -> None:
    session = (await open_session(client, assistant.assistant_id)).session
    session.editing.write(HEAT, "1.5")
    answer = client.assistants.save

    async def save_while_typing(*args: Any, **kwargs: Any) -> Any:
        session.editing.write(HEAT, "1.6")
        return await answer(*args, **kwargs)

    client.assistants.save = save_while_typing  # type: ignore[method-assign]
    await session.save(client, None)
    assert session.base.context["temperature"] == 1.5
    assert session.editing.document["context"]["temperature"] == 1.6
    draft = await client.notes.draft(assistant.assistant_id)
    assert draft is not None
    assert draft.base_version == 2


async def test_a_deleted_assistant_is_said_and_the_edit_stays(client: Client, assistant: Assistant) -> None:
    session = (await open_session(client, assistant.assistant_id)).session
    session.editing.write(HEAT, "1.5")
    await client.assistants.delete(assistant.assistant_id)
    with pytest.raises(PlaygroundError):
        await session.save(client, None)
    assert session.editing.document["context"]["temperature"] == 1.5
