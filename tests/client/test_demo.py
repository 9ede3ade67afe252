"""The demo's assistants: made once, finished if that was cut off, never forced upon anyone."""

from collections.abc import AsyncIterator

import pytest

from playground.client.client import Client
from playground.client.demo import SAMPLES, seed
from playground.client.errors import ServerGone
from tests.servers import Server


@pytest.fixture
async def demo(server: Server) -> AsyncIterator[Client]:
    """A client of the sample project on a fresh store."""
    client = await Client.connect(server.url, server.key)
    yield client
    await client.close()


async def everything(client: Client) -> dict[str, list[tuple[int, str | None, tuple[str, ...]]]]:
    named = [assistant for assistant in await client.assistants.list() if not assistant.is_default]
    return {
        one.name: [(v.version, v.note, v.labels) for v in await client.assistants.versions(one.assistant_id)]
        for one in named
    }


async def test_seeding_makes_what_the_samples_say_and_only_once(demo: Client) -> None:
    await seed(demo)
    made = await everything(demo)
    assert {name: len(versions) for name, versions in made.items()} == {one.name: len(one.steps) for one in SAMPLES}
    assert made["Blog writer"] == [
        (3, "Ends with something to try", ("staging",)),
        (2, "Friendlier, and longer", ("prod",)),
        (1, "First try", ()),
    ]
    await seed(demo)
    assert await everything(demo) == made
    blog = await demo.resolve("Blog writer")
    await demo.assistants.delete(blog.assistant_id)
    await seed(demo)
    assert "Blog writer" not in await everything(demo)


async def test_seeding_that_was_cut_off_is_finished_at_the_next_start(demo: Client) -> None:
    """Wherever it is cut off, the next start makes of it what the samples say."""
    whole = {one.name: [(n, step.note) for n, step in enumerate(one.steps, 1)] for one in SAMPLES}
    for requests in range(1, 36, 3):
        await seed_until(demo, requests)
        await seed(demo)
        made = await everything(demo)
        assert {name: [v[:2] for v in reversed(versions)] for name, versions in made.items()} == whole
        for sample in SAMPLES:
            await demo.assistants.delete(sample.assistant_id)
        await demo.notes.set_value("demo-seeded", False)


async def seed_until(client: Client, requests: int) -> None:
    """Seeds until the server is gone after so many requests."""
    ask, left = client.wire.ask, requests

    async def ask_a_while(what, answer):  # type: ignore[no-untyped-def]
        nonlocal left
        left -= 1
        if left < 0:
            answer.close()
            raise ServerGone("cut off")
        return await ask(what, answer)

    client.wire.ask = ask_a_while  # type: ignore[method-assign]
    with pytest.raises(ServerGone):
        await seed(client)
    client.wire.ask = ask  # type: ignore[method-assign]


async def test_what_the_user_saved_meanwhile_stays(demo: Client) -> None:
    sample = SAMPLES[0]
    await demo.assistants.create("writer", sample.name, {"tone": "formal"}, assistant_id=sample.assistant_id)
    await seed(demo)
    (only,) = await demo.assistants.versions(sample.assistant_id)
    assert only.context == {"tone": "formal"}


async def test_the_samples_fit_their_graphs(demo: Client) -> None:
    from jsonschema import Draft202012Validator

    for sample in SAMPLES:
        schemas = await demo.graphs.schemas(sample.graph_id)
        assert schemas.context is not None
        validator = Draft202012Validator({**schemas.context, "additionalProperties": False})
        for step in sample.steps:
            validator.validate(step.context)
