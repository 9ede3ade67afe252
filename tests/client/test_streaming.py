"""Runs through the client: what is shown is what ran, and every end is told."""

import asyncio
from typing import Any

import pytest

from playground.client.client import Client
from playground.client.errors import ApiError
from playground.client.events import (
    Accepted,
    Custom,
    Ended,
    Failed,
    Interrupted,
    MessageChunk,
    NodeUpdate,
    RunEvent,
    Started,
    Values,
)
from playground.client.run_options import RunOptions
from playground.client.values import Assistant, Runnable


@pytest.fixture
async def two_versions(client: Client) -> Assistant:
    assistant = await client.assistants.create("echo", "two versions", {"word": "one"})
    first = (await client.assistants.versions(assistant.assistant_id))[0]
    await client.assistants.save(first, context={"word": "two"})
    return await client.assistants.get(assistant.assistant_id)


async def events_of(client: Client, ref: str | Runnable, **given: Any) -> list[RunEvent]:
    runnable = await client.resolve(ref) if isinstance(ref, str) else ref
    return [event async for event in client.runs.stream(runnable, **given)]


def accepted(events: list[RunEvent]) -> Accepted:
    assert isinstance(events[0], Accepted)
    return events[0]


async def test_a_run_from_acceptance_to_end(client: Client) -> None:
    events = await events_of(client, "tokens", input={"messages": [{"role": "user", "content": "50"}]}, values=True)
    assert isinstance(events[0], Accepted)
    assert isinstance(events[1], Started)
    assert events[-1] == Ended("success")
    chunks = [event for event in events if isinstance(event, MessageChunk)]
    assert len(chunks) >= 50
    assert "".join(chunk.text for chunk in chunks) == "".join(f"word{number} " for number in range(50))
    assert {(chunk.kind, chunk.node, chunk.message_id) for chunk in chunks} == {("ai", "node", chunks[0].message_id)}
    assert chunks[-1].last
    assert any(isinstance(event, NodeUpdate) and event.node == "node" for event in events)
    assert any(isinstance(event, Values) for event in events)


async def test_the_named_version_runs_and_everything_says_so(client: Client, two_versions: Assistant) -> None:
    first = await client.resolve(f"{two_versions.assistant_id}@v1")
    where = accepted(await events_of(client, first, input={}))
    run = await client.runs.get(where.thread_id, where.run_id)
    thread = await client.threads.get(where.thread_id)
    state = await client.threads.state(where.thread_id)
    assert state.values["seen"] == ["one"]
    for told in (run, thread, state):
        assert (told.assistant_id, told.version) == (two_versions.assistant_id, 1)
        assert told.context_hash == first.context_hash
        assert not told.draft
    assert [one.run_id for one in await client.runs.list(where.thread_id)] == [where.run_id]


async def test_a_resolved_version_stays_what_it_is_when_another_becomes_active(
    client: Client, two_versions: Assistant
) -> None:
    active = await client.resolve(two_versions.assistant_id)
    await client.assistants.promote(two_versions.assistant_id, 1)
    where = accepted(await events_of(client, active, input={}))
    assert (await client.threads.state(where.thread_id)).values["seen"] == ["two"]


@pytest.mark.parametrize("context", [{"word": "draft"}, {"word": "draft", "more": 1}, {}])
async def test_a_draft_runs_as_it_is(client: Client, two_versions: Assistant, context: dict[str, Any]) -> None:
    await client.notes.save_draft(two_versions.assistant_id, 2, {"context": context, "config": {"tags": ["x"]}})
    draft = await client.resolve(f"{two_versions.assistant_id}@draft")
    where = accepted(await events_of(client, draft, input={}))
    state = await client.threads.state(where.thread_id)
    assert state.values["seen"] == [context.get("word", "default")]
    run = await client.runs.get(where.thread_id, where.run_id)
    for told in (run, await client.threads.get(where.thread_id), state):
        assert (told.assistant_id, told.version, told.draft) == (two_versions.assistant_id, 2, True)
        assert told.context_hash == draft.context_hash
    names = [assistant.assistant_id for assistant in await client.assistants.list("echo")]
    assert run.metadata["assistant_id"] == two_versions.assistant_id or run.metadata["assistant_id"] not in names
    assert where.thread_id in [t.thread_id for t in await client.threads.list(two_versions.assistant_id)]
    # Another version on the same thread is not taken for the draft.
    second = await client.resolve(f"{two_versions.assistant_id}@v2")
    await events_of(client, second, thread_id=where.thread_id, input={})
    thread = await client.threads.get(where.thread_id)
    assert (thread.draft, thread.version, thread.context_hash) == (False, 2, second.context_hash)


async def test_a_failed_run_has_its_reason(client: Client) -> None:
    events = await events_of(client, "boom", input={})
    failed = next(event for event in events if isinstance(event, Failed))
    assert (failed.error, failed.message) == ("CustomError", "boom [/bold] \x1b[31m")
    assert failed.traceback is not None
    assert "graphs.py" in failed.traceback
    assert events[-1] == Ended("error")
    where = accepted(events)
    assert [event async for event in client.runs.join(where.thread_id, where.run_id)][-1] == Ended("error")


async def test_an_interrupt_waits_for_its_answer(client: Client) -> None:
    events = await events_of(client, "ask", input={"name": ""})
    (asked,) = [event for event in events if isinstance(event, Interrupted)]
    (interrupt,) = asked.interrupts
    assert interrupt.value == {"question": "name?"}
    assert events[-1] == Ended("success")
    thread = await client.threads.get(accepted(events).thread_id)
    assert (thread.status, thread.interrupts) == ("interrupted", (interrupt,))
    state = await client.threads.state(thread.thread_id)
    assert (state.next, state.interrupts) == (("node",), (interrupt,))
    await events_of(client, "ask", thread_id=thread.thread_id, command={"resume": "Ann"})
    assert (await client.threads.state(thread.thread_id)).values["name"] == "Ann"


async def test_a_breakpoint_is_an_interrupt_without_a_question(client: Client) -> None:
    events = await events_of(client, "echo", input={}, options=RunOptions(interrupt_before=("node",)))
    assert Interrupted(()) in events
    assert events[-1] == Ended("success")


async def test_a_stopped_run_says_so(client: Client) -> None:
    events: list[RunEvent] = []
    async for event in client.runs.stream(await client.resolve("sleep"), input={"seconds": 60}):
        events.append(event)
        if event == Custom("sleeping"):
            where = accepted(events)
            await client.runs.cancel(where.thread_id, where.run_id)
    assert events[-1] == Ended("interrupted")
    await client.runs.cancel(where.thread_id, where.run_id)  # it is over: nothing to stop, nothing to complain about


async def test_going_away_does_not_stop_a_run_and_joining_tells_it_all(client: Client) -> None:
    stream = client.runs.stream(await client.resolve("count"), input={})
    async for event in stream:
        if isinstance(event, Accepted):
            where = event
        if event == Custom(2):
            break
    await stream.aclose()  # type: ignore[attr-defined]
    events = [event async for event in client.runs.join(where.thread_id, where.run_id)]
    assert [event.data for event in events if isinstance(event, Custom)] == list(range(10))
    assert (events[0], events[-1]) == (where, Ended("success"))


async def test_acceptance_is_told_before_the_run_starts(client: Client) -> None:
    sleep = await client.resolve("sleep")
    first = client.runs.stream(sleep, input={"seconds": 60})
    running = await anext(first)
    assert isinstance(running, Accepted)
    second = client.runs.stream(sleep, thread_id=running.thread_id, input={"seconds": 0})
    async with asyncio.timeout(5):
        waiting = await anext(second)
    assert isinstance(waiting, Accepted)
    assert (await client.runs.get(waiting.thread_id, waiting.run_id)).status == "pending"
    await client.runs.cancel(running.thread_id, running.run_id)
    assert [event async for event in second][-1] == Ended("success")


async def test_an_input_that_the_server_refuses(client: Client) -> None:
    runnable = await client.resolve("echo")
    with pytest.raises(ApiError, match="Could not run echo@v1"):
        await events_of(client, runnable, thread_id="not-a-uuid", input={})


async def test_a_hundred_kilobytes_of_escapes_come_through_unchanged(client: Client) -> None:
    events = await events_of(client, "shout", input={"messages": [{"role": "user", "content": "hi"}]})
    (message,) = (await client.threads.state(accepted(events).thread_id)).values["messages"][1:]
    text = message["content"]
    assert "[/bold] [red]not red \x1b[31m\x1b[2J\x07" in text
    assert len(text) > 100_000
    assert events[-1] == Ended("success")


async def test_threads_page_fork_and_go(client: Client, two_versions: Assistant) -> None:
    runnable = await client.resolve(two_versions.assistant_id)
    where = [accepted(await events_of(client, runnable, input={})).thread_id for _ in range(3)]
    await events_of(client, runnable, thread_id=where[0], input={})
    assert two_versions.runs == 0
    assert (await client.assistants.get(two_versions.assistant_id)).runs == 4
    assert {a.assistant_id: a.runs for a in await client.assistants.list()}[two_versions.assistant_id] == 4
    listed = [thread.thread_id for thread in await client.threads.list(two_versions.assistant_id)]
    assert listed == [where[0], where[2], where[1]]
    assert [t.thread_id for t in await client.threads.list(two_versions.assistant_id, limit=1, offset=1)] == [where[2]]
    assert [t.thread_id for t in await client.threads.list(graph_id="echo", limit=1)] == [where[0]]

    history = await client.threads.history(where[0])
    assert [state.step for state in history][-1] == -1
    first = await client.threads.history(where[0], limit=2)
    rest = await client.threads.history(where[0], before=first[-1].checkpoint_id)
    assert [s.checkpoint_id for s in [*first, *rest]] == [s.checkpoint_id for s in history]

    base = next(state for state in history if state.values.get("seen") == ["two"])
    fork = await client.threads.update_state(where[0], {"seen": ["by hand"]}, checkpoint_id=base.checkpoint_id)
    state = await client.threads.state(where[0], fork)
    assert (state.parent_checkpoint_id, state.values["seen"]) == (base.checkpoint_id, ["two", "by hand"])
    await client.threads.delete(where[0])
    with pytest.raises(ApiError):
        await client.threads.get(where[0])
