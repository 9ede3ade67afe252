"""Labels, notes, drafts and remembered values, kept in the server's store."""

import getpass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from playground.client.client import Client
from playground.client.errors import UsageError
from playground.client.notes import check_label, user_name


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


async def test_a_label_says_who_put_it_there_when_and_why(client: Client) -> None:
    someone = str(uuid4())
    set_now = await client.notes.set_label(someone, "prod", 2, "  the demo ")
    facts = (await client.notes.label_facts(someone))["prod"]
    assert facts == set_now
    assert (facts.version, facts.why, facts.by) == (2, "the demo", user_name())
    assert facts.at is not None
    assert datetime.now(UTC) - facts.at < timedelta(minutes=5)
    await client.notes.set_label(someone, "prod", 3)
    assert (await client.notes.label_facts(someone))["prod"].why is None, "the reason was of the move before"


async def test_what_was_made_active_by_hand_is_remembered_newest_first(client: Client) -> None:
    someone = str(uuid4())
    await client.notes.record_promotion(someone, 2, 3, "asks first")
    last = await client.notes.record_promotion(someone, 4, 2)
    found = await client.notes.promotions(someone)
    assert [(one.version, one.from_version, one.note) for one in found] == [(4, 2, None), (2, 3, "asks first")]
    await client.notes.drop_promotion(someone, last)
    assert [one.version for one in await client.notes.promotions(someone)] == [2]
    await client.notes.forget(someone)
    assert await client.notes.promotions(someone) == []


async def test_items_of_somebody_else_are_no_notes(client: Client) -> None:
    someone = str(uuid4())
    store = client.wire.sdk.store
    for kind, key, value in (
        ("labels", "old", {"version": 3}),  # as they were before they said who and why
        ("labels", "odd", {"version": "3"}),
        ("labels", "other", {"text": 1}),
        ("notes", "vx", {"note": "text"}),
        ("notes", "v1", {"note": 7}),
        ("promotions", "k", {"version": True, "from": 1}),
    ):
        await store.put_item(["playground", kind, someone], key=key, value=value)
    assert await client.notes.labels(someone) == {"old": 3}
    assert (await client.notes.label_facts(someone))["old"].by is None
    assert await client.notes.notes(someone) == {}
    assert await client.notes.promotions(someone) == []


def test_a_user_without_a_name_is_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise KeyError("getpwuid(): uid not found: 4711")

    monkeypatch.setattr(getpass, "getuser", nameless)
    assert user_name() is None
