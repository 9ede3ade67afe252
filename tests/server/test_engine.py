"""Runs that block, that don't let themselves be stopped, that wait for their turn; and what the server says of them."""

import asyncio
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from langgraph_sdk.client import LangGraphClient

from tests.server.playground_state import http_of, noticed, told
from tests.servers import PROJECTS, Server, StartServer


@pytest.fixture(scope="module", name="running")
def running_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Graphs that don't let themselves be stopped."""
    server = Server(PROJECTS / "engine", tmp_path_factory.mktemp("engine") / "store").start()
    yield server
    server.kill()


async def begin(client: LangGraphClient, thread_id: str, graph: str, seconds: float) -> str:
    """The id of a run whose node is at work."""
    given = {"seconds": seconds}
    run = await client.runs.create(
        thread_id, graph, input=given, stream_mode=["custom", "updates"], stream_resumable=True
    )
    async for part in client.runs.join_stream(thread_id, run["run_id"], last_event_id="-1"):
        if part.event == "custom":
            break
    return run["run_id"]


async def new_thread(client: LangGraphClient) -> str:
    return (await client.threads.create())["thread_id"]


async def row(client: LangGraphClient, thread_id: str, run_id: str) -> dict[str, Any]:
    return dict(await client.runs.get(thread_id, run_id))


async def test_a_node_that_blocks_is_named_while_it_does_and_afterwards(running: Server) -> None:
    client = running.client()
    thread_id = await new_thread(client)
    async with http_of(running) as http:
        run_id = await begin(client, thread_id, "blocking", 2)
        about = await told(http, noticed("Node `hog` (graphs.py:28) of graph `blocking` blocks the event loop"))
        assert about["runs"]["blocked"] == {"run_id": run_id, "node": "hog", "line": "graphs.py:28"}
        assert (await http.get("/ok")).is_success  # the API answers meanwhile
        assert (await client.threads.get(thread_id))["status"] == "busy"
        about = await told(http, noticed("blocked the event loop for"))
        assert about["runs"]["blocked"] is None
        assert not noticed("blocks the event loop")(about)
        await client.runs.join(thread_id, run_id)
        (said,) = (await row(client, thread_id, run_id))["notices"]
        assert said.startswith("Node `hog` (graphs.py:28) of graph `blocking` blocked the event loop for ")
        assert "asyncio.to_thread" in said
        assert said in "\n".join((await http.get("/playground/log")).json()["lines"])


async def test_a_sync_node_is_let_go_and_its_thread_is_free_at_once(running: Server) -> None:
    client = running.client()
    thread_id = await new_thread(client)
    run_id = await begin(client, thread_id, "sync", 1000)
    await client.runs.cancel(thread_id, run_id, wait=True)
    stopped = await row(client, thread_id, run_id)
    assert stopped["status"] == "interrupted"
    assert "Node `sleeper` goes on in its thread until it returns" in stopped["notices"][0]
    error = (await client.threads.get(thread_id))["error"]  # type: ignore[typeddict-item]
    assert "goes on in its thread" in error["message"]
    answer = await client.runs.wait(thread_id, "wait", input={"seconds": 0, "words": []})
    assert answer["words"] == ["old"]  # type: ignore[call-overload]


async def test_what_a_node_does_after_its_run_reaches_neither_thread_nor_stream(running: Server) -> None:
    client = running.client()
    thread_id = await new_thread(client)
    run_id = await begin(client, thread_id, "zombie", 0.5)
    await client.runs.cancel(thread_id, run_id, wait=True)
    seen = [part async for part in client.runs.stream(thread_id, "wait", input={"seconds": 0}, stream_mode="custom")]
    async with http_of(running) as http:
        await told(http, lambda about: not noticed("Node `zombie`")(about))
        assert "the zombie was refused: RunEnded" in (await http.get("/playground/log?lines=1000")).json()["lines"]
    assert [part.data for part in seen if part.event == "custom"] == ["begun"]
    assert "from the dead" not in str(await client.threads.get_history(thread_id, limit=100))
    assert "from the dead" not in (running.store / "threads").joinpath(f"{thread_id}.json.journal").read_text()


async def test_a_node_that_ignores_its_cancelling_is_left_behind(running: Server) -> None:
    client = running.client()
    thread_id = await new_thread(client)
    run_id = await begin(client, thread_id, "stubborn", 4)
    await client.runs.cancel(thread_id, run_id, wait=True)
    stopped = await row(client, thread_id, run_id)
    assert stopped["status"] == "interrupted"
    assert stopped["notices"][0].startswith("Node `mule` (graphs.py:37) goes on although it was cancelled")
    assert "Restarting the server ends it" in stopped["notices"][0]
    answer = await client.runs.wait(thread_id, "wait", input={"seconds": 0, "words": []})
    assert answer["words"] == ["old"]  # type: ignore[call-overload]
    async with http_of(running) as http:
        await told(http, lambda about: not noticed("Node `mule`")(about))
    assert "mulish" not in str(await client.threads.get_history(thread_id, limit=100))
    assert "mulish" not in str([part async for part in client.runs.join_stream(thread_id, run_id, last_event_id="-1")])


async def test_a_node_that_blocks_is_cancelled_in_bounded_time_and_undone(running: Server) -> None:
    client = running.client()
    thread_id = await new_thread(client)
    run_id = await begin(client, thread_id, "blocking", 3.5)
    async with http_of(running) as http:
        await told(http, noticed("blocks the event loop"))
    await client.runs.cancel(thread_id, run_id, wait=True, action="rollback")
    assert await client.runs.list(thread_id) == []
    error = (await client.threads.get(thread_id))["error"]  # type: ignore[typeddict-item]
    assert "Node `hog` (graphs.py:28) blocks the event loop and can't be stopped" in error["message"]
    answer = await client.runs.wait(thread_id, "wait", input={"seconds": 0, "words": []})
    assert answer["words"] == ["old"]  # type: ignore[call-overload]


async def test_the_server_ends_although_no_node_does(start_server: StartServer) -> None:
    server = start_server(PROJECTS / "engine")
    client = server.client()
    graphs = ("sync", "pool", "stubborn", "blocking")
    threads = [await new_thread(client) for _ in graphs]
    runs = [await begin(client, thread_id, graph, 1000) for thread_id, graph in zip(threads, graphs, strict=True)]
    assert await asyncio.to_thread(server.stop) == 0
    await asyncio.to_thread(server.start)
    client = server.client()
    for thread_id, run_id in zip(threads, runs, strict=True):
        assert (await row(client, thread_id, run_id))["status"] == "interrupted"
        error = (await client.threads.get(thread_id))["error"]  # type: ignore[typeddict-item]
        assert error["error"] == "ServerStopped"


async def test_asked_twice_the_server_ends_too(start_server: StartServer) -> None:
    server = start_server(PROJECTS / "engine")
    await begin(server.client(), await new_thread(server.client()), "blocking", 1000)
    assert server.process is not None
    server.process.send_signal(signal.SIGINT)
    server.process.send_signal(signal.SIGINT)
    assert await asyncio.to_thread(server.process.wait, 20) == 0
    assert not (server.store / "server.json").exists()
    assert (server.store / "store.json").exists()  # folded: it was closed as it should be


async def test_runs_beyond_the_limit_wait_in_order_and_are_seen_to(start_server: StartServer) -> None:
    server = start_server(PROJECTS / "engine", PLAYGROUND_RUNS="1")
    client = server.client()
    threads = [await new_thread(client) for _ in range(3)]
    running = await begin(client, threads[0], "wait", 1000)
    waiting = [(await client.runs.create(thread_id, "wait", input={"seconds": 0}))["run_id"] for thread_id in threads]
    async with http_of(server) as http:
        about = (await http.get("/playground")).json()
        assert about["runs"] == {"limit": 1, "executing": 1, "queued": 3, "blocked": None}
        queue = (await http.get("/playground/queue")).json()["runs"]
        assert [(run["status"], run["waits_for"], run["position"]) for run in queue] == [
            ("running", None, None),
            ("pending", "thread", None),
            ("pending", "slot", 1),
            ("pending", "slot", 2),
        ]
        assert queue[0]["graph_id"] == "wait"
    assert (await row(client, threads[1], waiting[1]))["status"] == "pending"
    await client.runs.cancel(threads[0], running)
    for thread_id, run_id in zip(threads, waiting, strict=True):
        await client.runs.join(thread_id, run_id)
        assert (await row(client, thread_id, run_id))["status"] == "success"


async def test_what_code_prints_is_in_the_log_and_in_the_terminal(running: Server) -> None:
    await running.client().runs.wait(None, "talk", input={})
    async with http_of(running) as http:
        lines = (await http.get("/playground/log?lines=1000")).json()["lines"]
    assert "printed [/bold] \x1b[31m" in lines  # data: what shows it makes it harmless
    assert any(line.endswith("WARNING my.agent: logged") for line in lines)
    assert any("UserWarning: warned" in line for line in lines)
    assert "WARNING my.agent: logged" in running.output
