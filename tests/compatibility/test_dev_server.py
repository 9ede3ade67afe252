"""The same client on LangGraph's own server: the same promises, kept by other means."""

import asyncio
import subprocess
import sys
from typing import Any

import pytest

from playground.client.checkpoint_tree import CheckpointTree
from playground.client.client import Client
from playground.client.connection import Connection
from playground.client.conversation import Conversation
from playground.client.errors import ApiError
from playground.client.events import Accepted, Custom, Ended, Failed, Interrupted, MessageChunk, RunEvent
from playground.client.snippets import snippets
from playground.client.target import Target
from playground.client.transfer import export, import_
from playground.client.values import Runnable, Version
from playground.client.yaml_text import dump, load
from playground.refs import context_hash
from playground.tui.edit.trials import METADATA, Trials

pytestmark = pytest.mark.xdist_group("langgraph dev")


async def make(client: Client, **given: Any) -> Version:
    assistant = await client.assistants.create("echo", "mine", **{"context": {"word": "one"}, **given})
    return (await client.assistants.versions(assistant.assistant_id))[0]


async def run(client: Client, ref: str | Runnable, **given: Any) -> tuple[Accepted, list[RunEvent]]:
    runnable = await client.resolve(ref) if isinstance(ref, str) else ref
    events = [event async for event in client.runs.stream(runnable, **given)]
    assert isinstance(events[0], Accepted)
    return events[0], events


async def seen(client: Client, ref: str | Runnable, **given: Any) -> tuple[str, str]:
    """What the graph found in its context and in its configurable."""
    where, _ = await run(client, ref, input={}, **given)
    values = (await client.threads.state(where.thread_id)).values
    return values["seen"][-1], values["configured"][-1]


async def test_what_there_is(dev_server: str) -> None:
    connection = Connection(Target(url=dev_server))
    client = await connection.open()
    assert [graph.graph_id for graph in await client.graphs.settled()] == sorted(
        ["echo", "ask", "boom", "tokens", "sleep", "count"]
    )
    assert await client.graphs.notices() == []
    schemas = await client.graphs.schemas("tokens")
    assert schemas.input is not None
    assert "messages" in schemas.input["properties"]
    assert [node["id"] for node in (await client.graphs.drawing("echo"))["nodes"]] == ["__start__", "node", "__end__"]
    opened, refused = await client.graphs.opened_drawing("echo")
    assert (len(opened["nodes"]), refused) == (3, None)
    assert (await client.resolve("echo")).title == "echo@v1"
    assert {assistant.runs for assistant in await client.assistants.list()} == {None}
    await connection.close()


async def test_a_save_keeps_and_clears_as_it_says(dev: Client) -> None:
    first = await make(dev, config={"tags": ["a"], "recursion_limit": 7}, description="why")
    second = await dev.assistants.save(first, context={"word": "two"})
    assert (second.context, second.config, second.description) == ({"word": "two"}, first.config, "why")
    assert await seen(dev, first.assistant_id) == ("two", "two")
    third = await dev.assistants.save(second, context={}, config={})
    assert (third.context, third.config) == ({}, {})
    assert await seen(dev, first.assistant_id) == ("default", "default")


async def test_a_trial_of_a_draft_leaves_no_thread(dev: Client) -> None:
    first = await make(dev)
    await dev.notes.save_draft(first.assistant_id, 1, {"context": {"word": "tried"}, "config": {}})
    trials = Trials()
    await trials.run(dev, f"{first.assistant_id}@draft", {})
    assert trials.turn is not None
    assert (trials.turn.status, trials.turn.draft, trials.turn.version) == ("done", True, 1)
    assert trials.turn.context_hash == context_hash({"word": "tried"})
    assert "tried" in trials.conversation.transcript.answer
    assert await dev.threads.with_metadata(dict(METADATA)) == []


async def test_promote_is_repaired(dev: Client) -> None:
    first = await make(dev, config={"tags": ["first"]})
    await dev.assistants.save(first, context={"word": "two"}, config={"tags": ["second"]})
    promoted = await dev.assistants.promote(first.assistant_id, 1)
    assert (promoted.context, promoted.config) == ({"word": "one"}, {"tags": ["first"]})
    assert await seen(dev, first.assistant_id) == ("one", "one")
    newest = (await dev.assistants.versions(first.assistant_id))[0]
    assert (newest.version, newest.active, newest.note) == (promoted.version, True, "v1 made active again")


async def test_the_named_version_runs_and_everything_says_so(dev: Client) -> None:
    first = await make(dev)
    await dev.assistants.save(first, context={"word": "two"})
    runnable = await dev.resolve(f"{first.assistant_id}@v1")
    where, events = await run(dev, runnable, input={})
    assert events[-1] == Ended("success")
    told = (
        await dev.threads.get(where.thread_id),
        await dev.threads.state(where.thread_id),
        await dev.runs.get(where.thread_id, where.run_id),
    )
    for one in told:
        assert (one.assistant_id, one.version, one.context_hash) == (first.assistant_id, 1, runnable.context_hash)
    assert [thread.thread_id for thread in await dev.threads.list(first.assistant_id)] == [where.thread_id]
    listed = [assistant for assistant in await dev.assistants.list() if assistant.name.startswith("mine")]
    assert not [assistant for assistant in listed if assistant.metadata.get("playground")]


async def test_a_thread_branches_and_each_step_names_its_version(dev: Client) -> None:
    first = await make(dev)
    await dev.assistants.save(first, context={"word": "two"})
    conversation = Conversation(await dev.resolve(f"{first.assistant_id}@v1"))
    for _ in range(2):
        await conversation.send(dev, {})
    assert conversation.thread_id is not None
    line = CheckpointTree.of(await dev.threads.history(conversation.thread_id, values=False))
    after_first = next(one for one in line.lineage(line.newest) if one.step == 1)
    branch = Conversation(await dev.resolve(f"{first.assistant_id}@v2"))
    await branch.open(dev, conversation.thread_id, after_first.checkpoint_id)
    assert [turn.version for turn in branch.transcript.turns] == [1]
    await branch.send(dev, {}, checkpoint_id=after_first.checkpoint_id)
    assert branch.ran is not None
    assert (branch.ran.title, branch.ran.differs) == ("mine@v2", None)
    tree = CheckpointTree.of(await dev.threads.history(conversation.thread_id, values=False))
    ends = {end.version: [one.version for one in tree.lineage(end.checkpoint_id) if one.ran] for end in tree.ends}
    assert {version: ran[-1] for version, ran in ends.items()} == {1: 1, 2: 2}
    assert set(ends[2]) == {1, 2}
    values = (await dev.threads.state(conversation.thread_id)).values
    assert values["seen"] == ["one", "two"]


async def test_a_thread_does_not_keep_the_first_assistants_values(dev: Client) -> None:
    first = await make(dev)
    second = await dev.assistants.save(first, context={"word": "two"})
    where, _ = await run(dev, f"{first.assistant_id}@v1", input={})
    assert await seen(dev, f"{first.assistant_id}@v{second.version}", thread_id=where.thread_id) == ("two", "two")
    assert (await dev.threads.get(where.thread_id)).version == second.version


@pytest.mark.parametrize("context", [{"word": "draft"}, {}])
async def test_a_draft(dev: Client, context: dict[str, str]) -> None:
    first = await make(dev)
    await dev.notes.save_draft(first.assistant_id, 1, {"context": context})
    draft = await dev.resolve(f"{first.assistant_id}@draft")
    where, _ = await run(dev, draft, input={})
    word = context.get("word", "default")
    assert (await dev.threads.state(where.thread_id)).values["seen"] == [word]
    thread = await dev.threads.get(where.thread_id)
    assert (thread.draft, thread.version, thread.assistant_id) == (True, 1, first.assistant_id)


async def test_labels_notes_and_delete(dev: Client) -> None:
    first = await make(dev)
    await dev.notes.set_label(first.assistant_id, "prod", 1)
    await dev.notes.set_note(first.assistant_id, 1, "why")
    assert (await dev.resolve(f"{first.assistant_id}@prod")).version == 1
    assert (await dev.version(first.assistant_id)).note == "why"
    where, _ = await run(dev, f"{first.assistant_id}@v1", input={})
    await dev.assistants.delete(first.assistant_id, threads=True)
    assert await dev.notes.labels(first.assistant_id) == {}
    with pytest.raises(ApiError):
        await dev.threads.get(where.thread_id)


async def test_an_export_comes_back_as_far_as_the_server_lets_it(dev: Client) -> None:
    first = await make(dev, config={"tags": ["a"]}, description="why", metadata={"team": "x"})
    second = await dev.assistants.save(first, context={"word": "two"}, note="shorter")
    third = await dev.assistants.set_metadata(first.assistant_id, {"other": 1})
    assert third.metadata == {"team": "x", "other": 1}, "a key of metadata stays: the screen says so"
    await dev.notes.set_label(first.assistant_id, "prod", 2, "the demo")
    text = await export(dev, [first.assistant_id])
    (copy,) = await import_(dev, text)
    assert (copy.state, copy.said) == ("made", ())
    assert (await import_(dev, text))[0].state == "there"
    versions = await dev.assistants.versions(copy.assistant_id)
    sources = await dev.assistants.versions(first.assistant_id)
    kept = ("version", "name", "description", "context", "config", "metadata", "note", "labels", "active")
    assert [[getattr(one, name) for name in kept] for one in versions] == [
        [getattr(one, name) for name in kept] for one in sources
    ]
    assert (await dev.notes.label_facts(copy.assistant_id))["prod"].why == "the demo"
    # Where it can't be the same, it is said: the first one active again is a fourth version there.
    document = load(text)
    document["assistants"][0]["active"] = 1
    document["assistants"][0]["versions"][1]["metadata"] = {}
    (changed,) = await import_(dev, dump(document))
    assert "This server can't go back: v4, a copy of v1, is the active one." in changed.sentence
    assert "This server keeps v2 with other metadata than the file" in changed.sentence
    assert second.version == 2
    assert (await import_(dev, dump(document)))[0].state == "there"


async def test_the_code_to_copy_runs_exactly_the_version(dev: Client) -> None:
    first = await make(dev)
    await dev.assistants.save(first, context={"word": "two"})
    pasted = {snippet.key: snippet.text for snippet in await snippets(dev, first)}
    command = [sys.executable, "-c", pasted["n"]]
    ran = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=60)
    assert "'seen': ['one']" in ran.stdout, ran.stderr


async def test_streams_failures_interrupts_and_stops(dev: Client) -> None:
    _, events = await run(dev, "tokens", input={"messages": [{"role": "user", "content": "20"}]})
    text = "".join(event.text for event in events if isinstance(event, MessageChunk))
    assert text == "".join(f"word{number} " for number in range(20))

    _, events = await run(dev, "boom", input={})
    assert [event.error for event in events if isinstance(event, Failed)] == ["CustomError"]
    assert events[-1] == Ended("error")

    where, events = await run(dev, "ask", input={"name": ""})
    (asked,) = [event for event in events if isinstance(event, Interrupted)]
    assert asked.interrupts[0].value == {"question": "name?"}
    await run(dev, "ask", thread_id=where.thread_id, command={"resume": "Ann"})
    assert (await dev.threads.state(where.thread_id)).values["name"] == "Ann"

    stopped: list[RunEvent] = []
    async for event in dev.runs.stream(await dev.resolve("sleep"), input={"seconds": 60}):
        stopped.append(event)
        if isinstance(event, Accepted):
            where = event
        if event == Custom("sleeping"):
            await dev.runs.cancel(where.thread_id, where.run_id)
    assert stopped[-1] == Ended("interrupted")


async def test_joining_tells_the_run_from_its_start(dev: Client) -> None:
    where, _ = await run(dev, "count", input={})
    events = [event async for event in dev.runs.join(where.thread_id, where.run_id)]
    assert events[-1] == Ended("success")
    history = await dev.threads.history(where.thread_id)
    page = await dev.threads.history(where.thread_id, before=history[0].checkpoint_id)
    assert [state.checkpoint_id for state in page] == [state.checkpoint_id for state in history[1:]]
    values = await dev.threads.update_state(where.thread_id, {"seen": ["x"]}, checkpoint_id=history[0].checkpoint_id)
    assert (await dev.threads.state(where.thread_id, values)).values["seen"] == ["x"]
