"""Following a thread over the wire."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
from orjson import loads

from tests.servers import PROJECTS, Server, StartServer

Events = AsyncIterator[tuple[str, Any]]


@asynccontextmanager
async def followed(server: Server, thread_id: str, query: str = "") -> AsyncIterator[Events]:
    """The events of a thread, as [name, data], from the moment on at which this is entered."""
    url = f"{server.url}/threads/{thread_id}/stream{query}"
    http = httpx.AsyncClient(headers={"x-api-key": server.key}, timeout=20, trust_env=False)
    async with http, http.stream("GET", url) as response:
        assert response.status_code == 200
        yield events(response)


async def events(response: httpx.Response) -> Events:
    name = ""
    async for line in response.aiter_lines():
        if line.startswith("event: "):
            name = line[7:]
        elif line.startswith("data: "):
            yield name, loads(line[6:])


async def until_ends(stream: Events, count: int) -> list[tuple[str, Any]]:
    """What comes until so many runs have ended."""
    seen = []
    async for name, data in stream:
        seen.append((name, data))
        if sum(map(is_end, seen)) == count:
            break
    return seen


def is_end(event: tuple[str, Any]) -> bool:
    return event[0] == "metadata" and event[1].get("status") == "run_done"


async def test_queued_runs_are_followed_one_after_the_other(start_server: StartServer) -> None:
    server = start_server(PROJECTS / "runs")
    client = server.client()
    thread_id = (await client.threads.create())["thread_id"]
    running = await client.runs.create(thread_id, "sleep", input={"seconds": 0.3}, stream_mode=["custom", "values"])
    async with AsyncExitStack() as stack:
        streams = [await stack.enter_async_context(followed(server, thread_id)) for _ in range(2)]
        later = [await client.runs.create(thread_id, "echo", input={}, stream_mode="updates") for _ in range(2)]
        seen = [await until_ends(stream, 3) for stream in streams]
    for one in seen:
        ids = [data["run_id"] for name, data in one if name == "metadata"]
        # The first had begun before anyone followed: only its end is sure to be seen.
        assert ids[-5:] == [running["run_id"], *(run["run_id"] for run in later for _ in range(2))]
        assert [name for name, _ in one].count("updates") == 2


async def test_updates_of_the_state_are_told(start_server: StartServer) -> None:
    server = start_server(PROJECTS / "runs")
    client = server.client()
    thread_id = (await client.threads.create(graph_id="echo"))["thread_id"]
    async with followed(server, thread_id, "?stream_modes=state_update") as stream:
        await client.threads.update_state(thread_id, {"seen": ["mine"]}, as_node="node")
        name, data = await anext(stream)
    assert (name, data["thread_id"]) == ("state_update", thread_id)
    assert data["state"] == await client.threads.get_state(thread_id)


async def test_a_server_that_stops_lets_followers_go(start_server: StartServer) -> None:
    server = start_server(PROJECTS / "runs")
    client = server.client()
    thread_id = (await client.threads.create())["thread_id"]
    async with followed(server, thread_id) as stream:
        await client.runs.create(thread_id, "sleep", input={"seconds": 30})
        assert (await anext(stream))[0] == "metadata"
        stopping = asyncio.create_task(asyncio.to_thread(server.stop))
        rest = [event async for event in stream]
    assert await stopping == 0
    assert is_end(rest[-1])


async def test_what_was_seen_is_not_sent_again(start_server: StartServer) -> None:
    server = start_server(PROJECTS / "runs")
    client = server.client()
    thread_id = (await client.threads.create())["thread_id"]
    for _ in range(2):
        run = await client.runs.create(thread_id, "echo", input={}, stream_mode="updates", stream_resumable=True)
        await client.runs.join(thread_id, run["run_id"])

    async def since(last_event_id: str) -> list[Any]:
        parts: list[Any] = []
        async for part in await client.threads.join_stream(thread_id, last_event_id=last_event_id):  # type: ignore[misc]
            parts.append(part)
            if sum(is_end((one.event, one.data)) for one in parts) == 2:
                break
        return parts

    whole = await since("-")
    assert len({part.id for part in whole}) == len(whole) == 6
    assert [part.data for part in await since(whole[1].id)] == [part.data for part in whole[2:]]
