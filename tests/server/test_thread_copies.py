"""Copying, pruning and expiring threads over the wire; threads that are made with a history."""

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from langgraph_sdk.client import LangGraphClient
from langgraph_sdk.errors import BadRequestError, ConflictError, NotFoundError
from tenacity import retry, retry_if_not_exception_type, stop_after_delay, wait_fixed

from tests.servers import PROJECTS, Server, StartServer


@pytest.fixture(scope="module", name="running")
def running_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Little graphs that do one odd thing each."""
    server = Server(PROJECTS / "runs", tmp_path_factory.mktemp("copies") / "store").start()
    yield server
    server.kill()


@retry(retry=retry_if_not_exception_type(NotFoundError), stop=stop_after_delay(10), wait=wait_fixed(0.02))
async def until_gone(client: LangGraphClient, thread_id: str) -> None:
    await client.threads.get(thread_id)
    raise AssertionError(f"{thread_id} is still there")


def files(server: Server) -> set[str]:
    """The names of the threads that have checkpoints on disk."""
    return {path.name.partition(".")[0] for path in (server.store / "threads").glob("*")}


async def test_a_thread_is_deleted_when_its_time_is_over(running: Server) -> None:
    client = running.client()
    thread_id = (await client.threads.create(ttl={"strategy": "delete", "ttl": 60}))["thread_id"]
    await client.runs.wait(thread_id, "echo", input={})
    assert thread_id in files(running)
    await client.threads.update(thread_id, metadata={}, ttl={"ttl": 0.001})  # type: ignore[dict-item]
    with pytest.raises(NotFoundError):
        await until_gone(client, thread_id)
    assert thread_id not in files(running)


async def test_a_thread_in_use_outlives_its_time(running: Server) -> None:
    client = running.client()
    busy, idle = [(await client.threads.create())["thread_id"] for _ in range(2)]
    run = await client.runs.create(busy, "sleep", input={"seconds": 30})
    for thread_id in (busy, idle):
        await client.threads.update(thread_id, metadata={}, ttl={"ttl": 0.0005})  # type: ignore[dict-item]
    with pytest.raises(NotFoundError):
        await until_gone(client, idle)
    assert (await client.threads.get(busy))["status"] == "busy"
    await client.runs.cancel(busy, run["run_id"], wait=True)


async def test_a_thread_whose_time_was_over_while_nothing_ran_goes_at_the_start(start_server: StartServer) -> None:
    server = start_server(PROJECTS / "runs")
    client = server.client()
    deleted = (await client.threads.create(ttl=0.05))["thread_id"]  # type: ignore[arg-type]
    pruned = (await client.threads.create(ttl={"strategy": "keep_latest", "ttl": 0.05}))["thread_id"]
    over = time.monotonic() + 0.05 * 60
    kept = (await client.threads.create(ttl=600))["thread_id"]
    for thread_id in (deleted, pruned, kept):
        await client.runs.wait(thread_id, "echo", input={})
    server.kill()
    await asyncio.sleep(over - time.monotonic())
    server.start()
    client = server.client()
    with pytest.raises(NotFoundError):
        await until_gone(client, deleted)
    await until_pruned(client, pruned)
    assert (await client.threads.get_state(pruned))["values"]["seen"] == ["default"]  # type: ignore[call-overload]
    assert "ttl" not in await client.threads.get(pruned, include=["ttl"])
    assert (await client.threads.get(kept, include=["ttl"]))["ttl"]["ttl_minutes"] == 600  # type: ignore[typeddict-item]
    assert len(await client.threads.get_history(kept)) == 3


@retry(stop=stop_after_delay(10), wait=wait_fixed(0.05), reraise=True)
async def until_pruned(client: LangGraphClient, thread_id: str) -> None:
    assert len(await client.threads.get_history(thread_id)) == 1


async def test_a_busy_thread_can_be_copied_but_not_pruned_to_its_latest_state(running: Server) -> None:
    client = running.client()
    busy, idle = [(await client.threads.create(metadata={"topic": "tea"}))["thread_id"] for _ in range(2)]
    for thread_id in (busy, idle):
        await client.runs.wait(thread_id, "echo", input={})
    run = await client.runs.create(busy, "sleep", input={"seconds": 30})
    copied: Any = await client.threads.copy(busy)
    assert (copied["status"], copied["values"]["seen"]) == ("idle", ["default"])
    with pytest.raises(ConflictError, match="in-flight runs"):
        await client.threads.prune([idle, busy], strategy="keep_latest")
    assert len(await client.threads.get_history(idle)) == 3
    assert await client.threads.prune([idle, busy]) == {"pruned_count": 2}
    with pytest.raises(NotFoundError):
        await client.runs.get(busy, run["run_id"])
    assert (await client.threads.get(copied["thread_id"]))["metadata"]["topic"] == "tea"  # type: ignore[index]


STEP = {"updates": [{"values": {"seen": ["given"]}, "as_node": "node"}]}


async def test_supersteps_that_fail_leave_nothing(running: Server) -> None:
    client, thread_id = running.client(), str(uuid4())
    nowhere = {"updates": [{"values": {}, "as_node": "nowhere"}]}
    wrong = {"updates": [{"values": {"seen": 1}, "as_node": "node"}]}
    cases: list[tuple[list[Any], str | None, str]] = [
        ([STEP], None, "graph_id"),
        ([STEP, nowhere], "echo", "Node nowhere does not exist"),
        ([STEP, wrong], "echo", "does not take this update: TypeError"),
    ]
    for supersteps, graph_id, sentence in cases:
        with pytest.raises(BadRequestError, match=sentence):
            await client.threads.create(thread_id=thread_id, supersteps=supersteps, graph_id=graph_id)
    assert thread_id not in files(running)
    made = await client.threads.create(thread_id=thread_id, supersteps=[STEP], graph_id="echo")
    assert (made["status"], made["values"]) == ("idle", {"seen": ["given"], "configured": []})


async def test_supersteps_are_not_applied_to_a_thread_that_is_there(running: Server) -> None:
    client = running.client()
    thread_id = (await client.threads.create(graph_id="echo"))["thread_id"]
    given: Any = {"thread_id": thread_id, "supersteps": [STEP], "graph_id": "echo"}
    with pytest.raises(ConflictError, match="already exists"):
        await client.threads.create(**given)
    kept = await client.threads.create(**given, if_exists="do_nothing")
    assert kept["values"] is None


def test_a_thread_that_was_cut_off_while_it_was_made_is_not_there(tmp_path: Path) -> None:
    server = Server(PROJECTS / "runs", tmp_path / "store").start()
    thread_id = str(uuid4())
    body = {"thread_id": thread_id, "supersteps": [STEP] * 2000, "metadata": {"graph_id": "echo"}}
    with ThreadPoolExecutor(1) as other:
        url, headers = f"{server.url}/threads", {"x-api-key": server.key}
        making = other.submit(httpx.post, url, json=body, headers=headers, timeout=20, trust_env=False)
        until_written(server, thread_id)
        server.kill()
        with pytest.raises(httpx.HTTPError):
            making.result()
    server.start()
    client = server.sync_client()
    with pytest.raises(NotFoundError):
        client.threads.get(thread_id)
    assert thread_id not in files(server)
    assert client.threads.create(thread_id=thread_id)["values"] is None
    server.kill()


@retry(stop=stop_after_delay(10), wait=wait_fixed(0.01), reraise=True)
def until_written(server: Server, thread_id: str) -> None:
    assert thread_id in files(server)
