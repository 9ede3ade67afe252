"""`kill -9` of the server while it is used: what was answered is there, what was in flight is said."""

import asyncio
import random

import httpx
import pytest

from tests.servers import PROJECTS, Server, StartServer

ROUNDS = 4


async def write_until_dead(server: Server, answered: dict[str, list[str]], busy: asyncio.Event) -> None:
    """Create assistants and edit them; note each answer, until there is none any more."""
    # Not the SDK: it tries for 15 seconds to reach a server that has gone.
    async with httpx.AsyncClient(base_url=server.url, headers={"x-api-key": server.key}) as http:
        try:
            while True:
                body = {"graph_id": "echo", "context": {"word": "v1"}}
                assistant_id = (await http.post("/assistants", json=body)).json()["assistant_id"]
                answered[assistant_id] = ["v1"]
                for word in ("v2", "v3", "v4"):
                    edited = await http.patch(f"/assistants/{assistant_id}", json={"context": {"word": word}})
                    edited.raise_for_status()
                    answered[assistant_id].append(word)
                    busy.set()
        except httpx.TransportError:
            return


async def test_no_answered_edit_is_lost(start_server: StartServer) -> None:
    server = start_server(PROJECTS / "runs")
    answered: dict[str, list[str]] = {}
    for _ in range(ROUNDS):
        busy = asyncio.Event()
        writers = [asyncio.create_task(write_until_dead(server, answered, busy)) for _ in range(3)]
        await busy.wait()
        await asyncio.sleep(random.uniform(0, 0.3))  # a random moment, not a wait
        await asyncio.to_thread(server.kill)
        await asyncio.gather(*writers)
        await asyncio.to_thread(server.start)
    assert len(answered) >= ROUNDS
    client = server.client()
    for assistant_id, words in answered.items():
        versions = await client.assistants.get_versions(assistant_id, limit=10)
        stored = [row["context"]["word"] for row in reversed(versions)]  # type: ignore[typeddict-item]
        assert stored[: len(words)] == words
        assert len(stored) <= len(words) + 1  # the edit whose answer the kill cut off may be there


async def test_a_run_in_flight_is_marked_as_failed_with_the_reason(start_server: StartServer) -> None:
    server = start_server(PROJECTS / "runs")
    thread_id, run_id = await start_sleeping(server)
    await asyncio.to_thread(server.kill)
    await asyncio.to_thread(server.start)
    client = server.client()
    run = await client.runs.get(thread_id, run_id)
    assert run["status"] == "error"
    assert "ended while this run was in flight" in run["error"]["message"]  # type: ignore[typeddict-item]
    assert (await client.threads.get(thread_id))["status"] == "error"
    async with httpx.AsyncClient(base_url=server.url, headers={"x-api-key": server.key}) as http:
        notices = (await http.get("/playground")).json()["notices"]
    assert any("1 run was in flight when the server process ended (sleep)" in notice for notice in notices)
    again = await client.runs.wait(thread_id, "sleep", input={"seconds": 0})
    assert again == {"seconds": 0}


async def test_a_stopped_server_marks_what_it_interrupted(start_server: StartServer) -> None:
    server = start_server(PROJECTS / "runs")
    thread_id, run_id = await start_sleeping(server)
    assert await asyncio.to_thread(server.stop) == 0
    await asyncio.to_thread(server.start)
    run = await server.client().runs.get(thread_id, run_id)
    assert run["status"] == "interrupted"
    assert (server.store / "store.json").exists()


async def test_a_graph_that_ends_the_process_takes_no_answered_data_along(start_server: StartServer) -> None:
    server = start_server(PROJECTS / "runs")
    client = server.client()
    made = await client.assistants.create("echo", name="kept")
    thread_id = (await client.threads.create())["thread_id"]
    async with httpx.AsyncClient(base_url=server.url, headers={"x-api-key": server.key}) as http:
        with pytest.raises(httpx.TransportError):
            await http.post(f"/threads/{thread_id}/runs/wait", json={"assistant_id": "vanish", "input": {}})
    assert server.process is not None
    assert await asyncio.to_thread(server.process.wait, 10) == 7
    await asyncio.to_thread(server.start)
    assert (await server.client().assistants.get(made["assistant_id"]))["name"] == "kept"


async def start_sleeping(server: Server) -> tuple[str, str]:
    """A run that is executing: its thread and its id."""
    client = server.client()
    thread_id = (await client.threads.create())["thread_id"]
    given = {"seconds": 60}
    run = await client.runs.create(thread_id, "sleep", input=given, stream_mode="custom", stream_resumable=True)
    async for part in client.runs.join_stream(thread_id, run["run_id"], last_event_id="-1"):
        if part.event == "custom":
            break
    return thread_id, run["run_id"]
