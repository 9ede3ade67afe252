"""Runs over the wire, through the official SDK: streamed, waited for, joined, stopped, named by their version."""

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import pytest
from langgraph_sdk.client import LangGraphClient
from langgraph_sdk.errors import ConflictError, NotFoundError, UnprocessableEntityError

from playground.refs import context_hash
from tests.servers import PROJECTS, Server

QUESTION = {"messages": [{"role": "user", "content": "Write about lighthouses"}]}


@pytest.fixture(scope="module", name="running")
def running_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Little graphs that sleep, fail, exit, echo what they see."""
    server = Server(PROJECTS / "runs", tmp_path_factory.mktemp("runs") / "store").start()
    yield server
    server.kill()


async def collect(
    client: LangGraphClient, thread_id: str | None, assistant: str, **request: Any
) -> list[tuple[str, Any]]:
    """The events of a run."""
    return [(part.event, part.data) async for part in client.runs.stream(thread_id, assistant, **request)]


async def test_tokens_stream_and_the_state_holds_the_answer(shared_server: Server) -> None:
    client = shared_server.client()
    thread = await client.threads.create()
    modes = ["messages-tuple", "updates"]
    parts = await collect(client, thread["thread_id"], "writer", input=QUESTION, stream_mode=modes)
    assert parts[0][0] == "metadata"
    chunks = [data[0] for event, data in parts if event == "messages" and data[1]["langgraph_node"] == "write"]
    assert len(chunks) > 5
    state = await client.threads.get_state(thread["thread_id"])
    answer = state["values"]["messages"][-1]["content"]  # type: ignore[call-overload]
    assert "".join(chunk["content"] for chunk in chunks) == answer
    found = await client.threads.get(thread["thread_id"])
    assert (found["status"], found["values"]["messages"][-1]["content"]) == ("idle", answer)


async def test_the_version_that_ran_is_on_the_run_its_thread_and_every_checkpoint(running: Server) -> None:
    client = running.client()
    made = await client.assistants.create("echo", context={"word": "one"})
    await client.assistants.update(made["assistant_id"], context={"word": "two"})
    thread = await client.threads.create()
    old = await client.runs.wait(thread["thread_id"], f"{made['assistant_id']}@v1", input={"seen": []})
    assert old["seen"] == ["one"]  # type: ignore[call-overload]
    run = (await client.runs.list(thread["thread_id"]))[0]
    expected = {
        "assistant_id": made["assistant_id"],
        "assistant_version": 1,
        "context_hash": context_hash({"word": "one"}),
    }
    history = await client.threads.get_history(thread["thread_id"])
    metadatas = [run["metadata"], (await client.threads.get(thread["thread_id"]))["metadata"]]
    for metadata in [*metadatas, *(state["metadata"] for state in history)]:
        assert {key: metadata[key] for key in expected} == expected  # type: ignore[index]
    new = await client.runs.wait(thread["thread_id"], made["assistant_id"], input={})
    assert new["seen"] == ["one", "two"]  # type: ignore[call-overload]


async def test_the_assistant_of_the_run_wins_on_a_used_thread(running: Server) -> None:
    client = running.client()
    thread = await client.threads.create()
    for word in ("first", "second"):
        made = await client.assistants.create("echo", context={"word": word})
        await client.runs.wait(thread["thread_id"], made["assistant_id"], input={})
    state = await client.threads.get_state(thread["thread_id"])
    assert state["values"] == {"seen": ["first", "second"], "configured": ["first", "second"]}


async def test_an_edit_while_a_run_is_queued_does_not_change_the_run(running: Server) -> None:
    client = running.client()
    made = await client.assistants.create("echo", context={"word": "as created"})
    thread = await client.threads.create()
    run = await client.runs.create(thread["thread_id"], made["assistant_id"], input={}, after_seconds=1)
    await client.assistants.update(made["assistant_id"], context={"word": "edited"})
    values = await client.runs.join(thread["thread_id"], run["run_id"])
    assert values["seen"] == ["as created"]


async def test_runs_of_several_threads_run_at_once(running: Server) -> None:
    client = running.client()
    await client.runs.wait(None, "sleep", input={"seconds": 0})
    started = time.monotonic()
    await asyncio.gather(*(client.runs.wait(None, "sleep", input={"seconds": 1}) for _ in range(8)))
    assert time.monotonic() - started < 4  # eight seconds one after the other
    sleeping = await client.threads.search(metadata={"graph_id": "sleep"}, status="idle", limit=100)
    assert [thread for thread in sleeping if thread["values"] == {"seconds": 1}] == []


async def test_a_second_run_on_a_busy_thread_waits_or_is_refused(running: Server) -> None:
    client = running.client()
    thread = await client.threads.create()
    thread_id = thread["thread_id"]
    first = await client.runs.create(thread_id, "sleep", input={"seconds": 0.5})
    assert (await client.threads.get(thread_id))["status"] == "busy"
    with pytest.raises(ConflictError, match="already running a task"):
        await client.runs.create(thread_id, "sleep", input={"seconds": 0}, multitask_strategy="reject")
    second = await client.runs.create(thread_id, "sleep", input={"seconds": 0})
    await client.runs.join(thread_id, second["run_id"])
    runs = {run["run_id"]: run["status"] for run in await client.runs.list(thread_id)}
    assert runs == {first["run_id"]: "success", second["run_id"]: "success"}


@pytest.mark.parametrize("graph", ["sleep", "sleep_sync"])
async def test_a_run_can_be_stopped(running: Server, graph: str) -> None:
    client = running.client()
    thread_id = (await client.threads.create())["thread_id"]
    events: list[str] = []
    async for part in client.runs.stream(thread_id, graph, input={"seconds": 30}, stream_mode="custom"):
        events.append(part.event)
        if part.event == "custom":
            run = (await client.runs.list(thread_id))[0]
            await client.runs.cancel(thread_id, run["run_id"], wait=True)
    assert events == ["metadata", "custom"]
    assert (await client.runs.list(thread_id))[0]["status"] == "interrupted"
    thread = await client.threads.get(thread_id)
    assert thread["status"] == "interrupted"
    with pytest.raises(NotFoundError, match="No matching runs to cancel"):
        await client.runs.cancel(thread_id, run["run_id"])


async def test_rollback_leaves_nothing_of_a_run(running: Server) -> None:
    client = running.client()
    thread_id = (await client.threads.create())["thread_id"]
    await client.runs.wait(thread_id, "echo", input={})
    run = await client.runs.create(thread_id, "sleep", input={"seconds": 30})
    await client.runs.cancel(thread_id, run["run_id"], wait=True, action="rollback")
    assert len(await client.runs.list(thread_id)) == 1
    assert "seconds" not in (await client.threads.get(thread_id))["values"]


@pytest.mark.parametrize(
    ("graph", "error", "message"),
    [
        ("boom", "CustomError", "boom [/bold] \x1b[31m"),
        ("quit", "SystemExit", "called sys.exit(3)"),
        ("bad_factory", "GraphFailed", "no such model"),
        ("strict", "ValidationError", "The context doesn't fit the graph: temperature: must be ≤ 2"),
    ],
)
async def test_a_failing_graph_says_what_it_raised_and_where(
    running: Server, graph: str, error: str, message: str
) -> None:
    client = running.client()
    thread_id = (await client.threads.create())["thread_id"]
    context = {"temperature": 9} if graph == "strict" else None
    parts = await collect(client, thread_id, graph, input={}, context=context)
    event, data = parts[-1]
    assert (event, data["error"]) == ("error", error)
    assert message in data["message"]
    run = (await client.runs.list(thread_id))[0]
    assert run["status"] == "error"
    assert run["error"] == data  # type: ignore[typeddict-item]
    assert ("Traceback" in data["traceback"]) == (graph != "strict")  # pydantic's would quote the values
    assert (await client.threads.get(thread_id))["status"] == "error"
    # The server and the other graphs go on.
    assert (await client.runs.wait(None, "echo", input={}))["seen"] == ["default"]  # type: ignore[call-overload]


async def test_a_graph_that_blocks_its_loop_does_not_block_the_api(running: Server) -> None:
    client = running.client()
    thread_id = (await client.threads.create())["thread_id"]
    async for part in client.runs.stream(thread_id, "block", input={"seconds": 2}, stream_mode="custom"):
        if part.event == "custom":
            started = time.monotonic()
            await client.assistants.search()
            assert time.monotonic() - started < 1


async def test_a_graph_that_fails_to_import_leaves_the_others_alone(running: Server) -> None:
    client = running.client()
    await client.runs.wait(None, "echo", input={})
    about = await client.http.get("/playground")
    states = {graph["graph_id"]: graph for graph in about["graphs"]}
    assert states["echo"]["state"] == "ready"
    with pytest.raises(Exception, match="no_such_module"):
        await client.runs.wait(None, "broken", input={})
    about = await client.http.get("/playground")
    broken = next(graph for graph in about["graphs"] if graph["graph_id"] == "broken")
    assert broken["state"] == "failed"
    assert "no_such_module" in broken["error"]
    assert "Traceback" in broken["traceback"]


async def test_an_interrupt_waits_for_its_answer(running: Server) -> None:
    client = running.client()
    thread_id = (await client.threads.create())["thread_id"]
    first = await client.runs.wait(thread_id, "ask", input={})
    assert first["__interrupt__"][0]["value"] == {"question": "name?"}  # type: ignore[call-overload]
    thread = await client.threads.get(thread_id)
    assert thread["status"] == "interrupted"
    assert [item["value"] for items in thread["interrupts"].values() for item in items] == [{"question": "name?"}]
    answered = await client.runs.wait(thread_id, "ask", command={"resume": "Ada"})
    assert answered == {"name": "Ada"}
    assert (await client.threads.get(thread_id))["status"] == "idle"


async def test_a_resumable_stream_goes_on_where_the_client_left(running: Server) -> None:
    client = running.client()
    thread_id = (await client.threads.create())["thread_id"]
    run = await client.runs.create(thread_id, "count", input={}, stream_mode="custom", stream_resumable=True)
    seen = []
    async for part in client.runs.join_stream(thread_id, run["run_id"], last_event_id="0"):
        if part.event == "custom":
            seen.append((part.id, part.data))
        if len(seen) == 3:
            break
    async for part in client.runs.join_stream(thread_id, run["run_id"], last_event_id=seen[-1][0]):
        seen.append((part.id, part.data))
    assert [data for _, data in seen] == list(range(10))


@pytest.mark.parametrize(
    ("thread_id", "assistant", "error", "sentence"),
    [
        (None, "nope", UnprocessableEntityError, "Invalid assistant: 'nope'"),
        (None, "echo@prod", UnprocessableEntityError, "Invalid assistant: 'echo@prod'"),
        (None, "echo@v7", NotFoundError, "Version 7 not found"),
        ("01a2039f-0000-7000-8000-000000000000", "echo", NotFoundError, "Thread or assistant not found"),
        ("../../etc", "echo", NotFoundError, "Not Found"),
    ],
)
async def test_an_unknown_assistant_version_or_thread_is_refused(
    running: Server, thread_id: str | None, assistant: str, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        await collect(running.client(), thread_id, assistant, input={})


@pytest.mark.parametrize(
    ("mode", "events"),
    [
        ("values", {"values"}),
        ("updates", {"updates"}),
        ("messages", {"messages/metadata", "messages/partial", "messages/complete"}),
        ("messages-tuple", {"messages"}),
        ("tasks", {"tasks"}),
        ("checkpoints", {"checkpoints"}),
        ("debug", {"debug"}),
        ("events", {"events"}),
    ],
)
async def test_every_stream_mode_streams_its_own_events(running: Server, mode: str, events: set[str]) -> None:
    message = {"messages": [{"role": "user", "content": "3"}]}
    client = running.client()
    thread_id = (await client.threads.create())["thread_id"]
    parts = await collect(client, thread_id, "tokens", input=message, stream_mode=mode)
    names = {name for name, _ in parts} - {"metadata"}
    assert names
    assert names <= events


async def test_chunks_of_a_message_add_up(running: Server) -> None:
    message = {"messages": [{"role": "user", "content": "3"}]}
    parts = await collect(running.client(), None, "tokens", input=message, stream_mode="messages")
    partials = [data[0] for name, data in parts if name == "messages/partial"]
    assert partials[-1]["content"] == "word0 word1 word2 "
    assert partials[-1]["type"] == "ai"


async def test_events_of_subgraphs_name_where_they_come_from(shared_server: Server) -> None:
    parts = await collect(
        shared_server.client(), None, "research", input=QUESTION, stream_mode="updates", stream_subgraphs=True
    )
    assert any(name.startswith("updates|") for name, _ in parts)
    assert any(name == "updates" for name, _ in parts)


@pytest.mark.parametrize("strategy", ["interrupt", "rollback"])
async def test_a_second_run_can_push_the_first_aside(running: Server, strategy: Any) -> None:
    client = running.client()
    thread_id = (await client.threads.create())["thread_id"]
    first = await client.runs.create(thread_id, "sleep", input={"seconds": 30})
    await client.runs.wait(thread_id, "sleep", input={"seconds": 0}, multitask_strategy=strategy)
    runs = {run["run_id"]: run["status"] for run in await client.runs.list(thread_id)}
    assert runs.get(first["run_id"]) == ("interrupted" if strategy == "interrupt" else None)
    assert list(runs.values()).count("success") == 1


async def test_a_deleted_run_takes_its_checkpoints_along(running: Server) -> None:
    client = running.client()
    thread_id = (await client.threads.create())["thread_id"]
    await client.runs.wait(thread_id, "echo", input={})
    kept = len(await client.threads.get_history(thread_id, limit=50))
    run = await client.runs.create(thread_id, "echo", input={})
    await client.runs.join(thread_id, run["run_id"])
    await client.runs.delete(thread_id, run["run_id"])
    assert len(await client.threads.get_history(thread_id, limit=50)) == kept
    with pytest.raises(NotFoundError, match="Run not found"):
        await client.runs.get(thread_id, run["run_id"])
