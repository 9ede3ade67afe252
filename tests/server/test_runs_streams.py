"""The streams of runs, byte by byte: how they begin, stay open, and go on for a client that was away."""

import asyncio
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from langgraph_sdk.client import LangGraphClient

from tests.servers import PROJECTS, Server, StartServer


@pytest.fixture(scope="module", name="running")
def running_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Little graphs that sleep and count."""
    server = Server(PROJECTS / "runs", tmp_path_factory.mktemp("streams") / "store").start()
    yield server
    server.kill()


async def a_thread(client: LangGraphClient) -> str:
    return (await client.threads.create())["thread_id"]


async def joined(client: LangGraphClient, thread_id: str, run_id: str, **given: Any) -> list[tuple[str, Any]]:
    return [(part.event, part.data) async for part in client.runs.join_stream(thread_id, run_id, **given)]


async def test_a_long_run_is_heard_of_every_five_seconds(http: httpx.AsyncClient) -> None:
    body = {"assistant_id": "sleep", "input": {"seconds": 5.5}, "stream_mode": "values"}
    streamed, waited = await asyncio.gather(http.post("/runs/stream", json=body), http.post("/runs/wait", json=body))
    assert streamed.text.startswith('event: metadata\r\ndata: {"run_id":')
    assert re.findall(r"(?m)^:.*\r\n\r\n", streamed.text)
    assert waited.text == '\n{"seconds":5.5}'
    assert waited.json() == {"seconds": 5.5}


async def test_a_replay_begins_after_the_event_that_was_seen_last(running: Server) -> None:
    client = running.client()
    thread_id = await a_thread(client)
    request: Any = {"input": {}, "stream_mode": "custom", "stream_resumable": True}
    whole = [part async for part in client.runs.stream(thread_id, "count", **request)]
    run_id = whole[0].data["run_id"]
    assert len({part.id for part in whole}) == len(whole)
    for seen, last in enumerate(whole, 1):
        again = [part async for part in client.runs.join_stream(thread_id, run_id, last_event_id=last.id)]
        assert again == whole[seen:]


async def test_what_came_before_is_not_replayed_of_a_run_that_is_not_resumable(running: Server) -> None:
    client = running.client()
    thread_id = await a_thread(client)
    numbers: list[int] = []
    async for part in client.runs.stream(thread_id, "count", input={}, stream_mode="custom"):
        if part.event == "metadata":
            run_id = part.data["run_id"]
        elif not numbers:
            numbers.append(part.data)
            rest = asyncio.create_task(joined(client, thread_id, run_id, last_event_id="-1"))
    events = await rest
    assert "metadata" not in dict(events)
    assert events[-1] == ("custom", 9)
    assert await joined(client, thread_id, run_id, last_event_id="-1") == []


async def test_the_stream_of_a_run_without_a_thread_can_be_taken_up_again(http: httpx.AsyncClient) -> None:
    body = {"assistant_id": "count", "input": {}, "stream_mode": "custom", "stream_resumable": True}
    async with http.stream("POST", "/runs/stream", json=body) as first:
        location = first.headers["location"]
        lines = first.aiter_lines()
        async for line in lines:
            if line.startswith("id: "):
                break
    rest = await http.get(location, headers={"Last-Event-ID": line.removeprefix("id: ")})
    assert re.findall(r"data: (.*)\r\n", rest.text) == [str(number) for number in range(10)]
    unknown = await http.get("/runs/01a2039f-0000-7000-8000-000000000000/stream")
    assert unknown.status_code == 404


async def test_a_list_of_modes_that_is_none_is_refused(http: httpx.AsyncClient, running: Server) -> None:
    client = running.client()
    thread_id = await a_thread(client)
    run = await client.runs.create(thread_id, "count", input={})
    path = f"/threads/{thread_id}/runs/{run['run_id']}/stream"
    answer = await http.get(path, params={"stream_mode": '["values'})
    assert (answer.status_code, answer.json()["detail"]) == (
        422,
        "stream_mode must be a mode, or a JSON list of modes.",
    )


async def test_events_end_with_the_server_and_the_run_stays(start_server: StartServer) -> None:
    server = start_server(PROJECTS / "runs")
    client = server.client()
    thread_id = await a_thread(client)
    run = await client.runs.create(thread_id, "count", input={}, stream_resumable=True)
    values = await client.runs.join(thread_id, run["run_id"])
    server.stop()
    server.start()
    client = server.client()
    assert await joined(client, thread_id, run["run_id"], last_event_id="-1") == []
    assert await client.runs.join(thread_id, run["run_id"]) == values
