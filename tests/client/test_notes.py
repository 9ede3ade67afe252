"""Labels, notes, drafts and remembered values, kept in the server's store."""

from uuid import uuid4

import pytest

from playground.client.client import Client
from playground.client.errors import UsageError
from playground.client.notes import check_label


async def test_a_label_moves(client: Client) -> None:
    assistant = await client.assistants.create("echo", "labelled", {"word": "one"})
    first = (await client.assistants.versions(assistant.assistant_id))[0]
    await client.assistants.save(first, context={"word": "two"})
    await client.notes.set_label(assistant.assistant_id, " prod ", 1)
    await client.notes.set_label(assistant.assistant_id, "prüfung", 2)
    newest, oldest = await client.assistants.versions(assistant.assistant_id)
    assert (newest.labels, oldest.labels) == (("prüfung",), ("prod",))
    await client.notes.set_label(assistant.assistant_id, "prod", 2)
    assert (await client.assistants.get(assistant.assistant_id)).labels == ("prod", "prüfung")
    assert (await client.notes.all_labels())[assistant.assistant_id] == {"prod": 2, "prüfung": 2}
    await client.notes.drop_label(assistant.assistant_id, "prod")
    await client.notes.drop_label(assistant.assistant_id, "prod")
    assert await client.notes.labels(assistant.assistant_id) == {"prüfung": 2}


@pytest.mark.parametrize("label", ["", "  ", "v3", "3", "draft", "active", "a b", "a@b", "\x1b[31m", "x" * 41])
def test_what_no_ref_could_name_is_no_label(label: str) -> None:
    with pytest.raises(UsageError):
        check_label(label)


async def test_notes(client: Client) -> None:
    someone = str(uuid4())
    await client.notes.set_note(someone, 2, "two [/bold]")
    await client.notes.set_note(someone, 12, "twelve")
    assert await client.notes.notes(someone) == {2: "two [/bold]", 12: "twelve"}
    await client.notes.set_note(someone, 2, " ")
    assert await client.notes.note(someone, 2) is None


async def test_drafts_survive_and_come_back_whole(client: Client) -> None:
    someone = str(uuid4())
    content = {"context": {"word": "draft", "none": None}, "raw": {"temperature": "2.5x"}}
    await client.notes.save_draft(someone, 3, content)
    draft = await client.notes.draft(someone)
    assert draft is not None
    assert (draft.base_version, draft.content, draft.context) == (3, content, content["context"])
    assert draft in await client.notes.drafts()
    await client.notes.drop_draft(someone)
    assert await client.notes.draft(someone) is None


async def test_remembered_values(client: Client) -> None:
    key = uuid4().hex
    assert await client.notes.value(key) is None
    await client.notes.set_value(key, ["support@v7", {"linked": True}])
    assert await client.notes.value(key) == ["support@v7", {"linked": True}]
