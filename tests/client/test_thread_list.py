"""Threads as a list shows them, of a real server."""

from typing import Any
from uuid import uuid4

from playground.client.client import Client
from playground.client.thread_list import RanHere, Scope, name_of
from playground.client.values import Thread


async def listed(client: Client, scope: Scope) -> list[Thread]:
    return [page async for page in client.thread_list.read(scope)][-1]


async def used_thread(client: Client, *runnables: str, said: str = "hello") -> str:
    thread_id = str(uuid4())
    for ref in runnables:
        given: Any = {"text": said, "messages": [{"role": "human", "content": said}]}
        async for _ in client.runs.stream(await client.resolve(ref), thread_id=thread_id, input=given):
            pass
    return thread_id


async def test_a_thread_tells_all_versions_that_ran_on_it(client: Client) -> None:
    name = f"teller-{uuid4().hex[:8]}"
    made = await client.assistants.create("echo", name, {"system_prompt": "one"})
    (first,) = await client.assistants.versions(made.assistant_id)
    await client.assistants.save(first, context={"system_prompt": "two"})
    thread_id = await used_thread(client, f"{name}@v1", f"{name}@v2", "echo")
    (thread,) = [one for one in await listed(client, Scope()) if one.thread_id == thread_id]
    assert thread.values is None, "values aren't read for a list"
    (facts,) = (await client.thread_list.facts([thread])).values()
    who = [(one.assistant_id, one.version) for one in facts.ran]
    assert who[1:] == [(made.assistant_id, 2), (made.assistant_id, 1)]
    assert who[0][0] != made.assistant_id
    assert facts.size
    assert facts.steps
    # It is in the list of each that ever ran there, not only of the last one.
    assert thread_id in [one.thread_id for one in await listed(client, Scope(assistant_id=made.assistant_id))]
    assert thread_id in [one.thread_id for one in await listed(client, Scope(assistant_id=who[0][0]))]
    assert thread_id in [one.thread_id for one in await listed(client, Scope(graph_id="echo"))]
    assert thread_id not in [one.thread_id for one in await listed(client, Scope(graph_id="sleep"))]


async def test_a_draft_that_ran_is_told_as_one(client: Client) -> None:
    name = f"drafted-{uuid4().hex[:8]}"
    made = await client.assistants.create("echo", name, {"system_prompt": "one"})
    await client.notes.save_draft(made.assistant_id, 1, {"context": {"system_prompt": "tried"}})
    thread_id = await used_thread(client, f"{name}@draft")
    thread = await client.threads.get(thread_id)
    facts = (await client.thread_list.facts([thread]))[thread_id]
    assert facts.ran == (RanHere(made.assistant_id, 1, True),)


async def test_only_what_changed_is_read_again(client: Client) -> None:
    graph = Scope(graph_id="echo")
    kept, gone = await used_thread(client, "echo"), await used_thread(client, "echo")
    known = await listed(client, graph)
    await client.threads.update(kept, {"title": "Parcels"})
    changed = await client.thread_list.update(graph, known)
    assert changed[0].thread_id == kept
    assert name_of(changed[0], None) == "Parcels"
    await client.thread_list.delete([gone, gone])
    left = await client.thread_list.update(graph, changed)
    assert {one.thread_id for one in changed} - {one.thread_id for one in left} == {gone}


async def test_words_are_found_in_the_newest_states(client: Client) -> None:
    word = f"w{uuid4().hex}"
    ids = [await used_thread(client, "tokens", said=f"say {word.upper()} twice"), await used_thread(client, "tokens")]
    steps = [step async for step in client.thread_list.find(word, ids)]
    assert [searched for searched, _ in steps] == [2]
    assert list(steps[0][1]) == ids[:1]
    assert word.upper() in steps[0][1][ids[0]]


async def test_only_the_newest_state_is_kept(client: Client) -> None:
    thread_id = await used_thread(client, "echo", "echo")
    before = await client.threads.state(thread_id)
    await client.thread_list.keep_newest([thread_id])
    states = await client.threads.history(thread_id)
    assert [state.checkpoint_id for state in states] == [before.checkpoint_id]
    assert states[0].values == before.values


async def test_another_server_tells_titles_and_versions_too(client: Client) -> None:
    """As one that only has the API: nothing but what the SDK asks for."""
    name = f"elsewhere-{uuid4().hex[:8]}"
    made = await client.assistants.create("tokens", name, {"system_prompt": "one"})
    thread_id = await used_thread(client, f"{name}@v1", said="parcels, please")
    thread = await client.threads.get(thread_id)
    client.wire.own = False
    try:
        facts = (await client.thread_list.facts([thread], versions=True))[thread_id]
        found = [found async for _, found in client.thread_list.find("PARCELS", [thread_id])]
    finally:
        client.wire.own = None
    assert facts.text == "parcels, please"
    assert facts.ran == (RanHere(made.assistant_id, 1, False),)
    assert facts.size is None, "unknown there"
    assert "parcels" in found[0][thread_id]
