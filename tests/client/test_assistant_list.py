"""The list of assistants: few requests, and afterwards only what changed."""

from uuid import uuid4

import pytest

from playground.client.assistant_list import PIN
from playground.client.client import Client
from playground.client.values import Assistant
from playground.client.wire import Wire


async def make(client: Client, name: str = "") -> Assistant:
    """An assistant with a name of its own."""
    return await client.assistants.create("echo", f"{name} {uuid4().hex[:6]}", {"word": "one"})


def by_id(assistants: list[Assistant]) -> dict[str, Assistant]:
    return {assistant.assistant_id: assistant for assistant in assistants}


async def test_an_update_brings_what_was_made_changed_and_deleted(client: Client) -> None:
    kept, changed, gone = await make(client, "kept"), await make(client, "changed"), await make(client, "gone")
    before = await client.assistants.list()
    base = (await client.assistants.versions(changed.assistant_id))[0]
    await client.assistants.save(base, context={"word": "two"})
    made = await make(client, "made")
    after = await client.assistants.update(before)
    assert by_id(after)[changed.assistant_id].version == 2
    assert made.assistant_id in by_id(after)
    assert by_id(after)[kept.assistant_id] is by_id(before)[kept.assistant_id], "what didn't change is the same object"
    await client.assistants.delete(gone.assistant_id)
    after = await client.assistants.update(after)
    assert gone.assistant_id not in by_id(after)
    assert after == await client.assistants.list()


async def test_an_update_brings_labels_and_the_active_version(client: Client) -> None:
    made = await make(client, "labelled")
    base = (await client.assistants.versions(made.assistant_id))[0]
    await client.assistants.save(base, context={"word": "two"})
    before = await client.assistants.list()
    await client.notes.set_label(made.assistant_id, "prod", 1)
    found = by_id(after := await client.assistants.update(before))[made.assistant_id]
    assert (found.labels, found.label_versions) == ((), {"prod": 1})
    await client.assistants.promote(made.assistant_id, 1)
    found = by_id(await client.assistants.update(after))[made.assistant_id]
    assert (found.version, found.labels) == (1, ("prod",))


async def test_pins_are_neither_listed_nor_missed(client: Client) -> None:
    before = await client.assistants.list()
    pin = await client.assistants.create("echo", "pinned", metadata={"playground": PIN, "pin_of": "another"})
    after = await client.assistants.update(before)
    assert pin.assistant_id not in by_id(after)
    assert after == before


async def test_nothing_new_costs_few_requests(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        await make(client)
    before = await client.assistants.list()
    asked: list[str] = []
    ask = Wire.ask

    async def counting(self: Wire, what: str, answer: object) -> object:
        asked.append(what)
        return await ask(self, what, answer)  # type: ignore[arg-type]

    monkeypatch.setattr(Wire, "ask", counting)
    assert await client.assistants.update(before) == before
    assert len(asked) == 5, asked


async def test_a_server_that_refuses_long_pages_is_asked_for_shorter_ones(client: Client) -> None:
    made = await make(client)
    client.wire.page_limit = 5_000
    assert made.assistant_id in by_id(await client.assistants.list())
    assert client.wire.page_limit == 100
