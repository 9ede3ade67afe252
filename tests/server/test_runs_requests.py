"""Runs asked for in every way over the wire: what is refused starts nothing, what is stopped leaves what was before."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from langgraph_sdk.client import LangGraphClient

from tests.servers import PROJECTS, Server, StartServer

LONG = {"foo": "long"}


@pytest.fixture(scope="module", name="running")
def running_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The graphs of the comparison."""
    server = Server(PROJECTS / "differential", tmp_path_factory.mktemp("requests") / "store").start()
    yield server
    server.kill()


async def begun(client: LangGraphClient, thread_id: str, graph: str = "slow", **given: Any) -> str:
    """A run that is at its long wait."""
    request = {"input": LONG, "stream_mode": "custom", **given}
    async for part in client.runs.stream(thread_id, graph, **request):
        if part.event == "custom":
            break
    return str((await client.runs.list(thread_id, limit=1))[0]["run_id"])


async def ended(client: LangGraphClient, thread_id: str, run_id: str) -> str:
    """The status of a run that was left or stopped, once it is over."""
    async with asyncio.timeout(10):
        while (run := await client.runs.get(thread_id, run_id))["status"] in ("pending", "running"):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return run["status"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"on_disconnect": "nope"}, "on_disconnect: Input should be 'cancel' or 'continue'"),
        ({"on_completion": "nope"}, "on_completion: Input should be 'delete' or 'keep'"),
        ({"stream_mode": "nope"}, "'nope' is not one of checkpoints, custom"),
        ({"command": {"nope": 1}}, "command.nope: Extra inputs are not permitted"),
        ({"checkpoint_id": "nope"}, "checkpoint_id: it must be a UUID"),
        ({"after_seconds": -1}, "after_seconds: Input should be greater than or equal to 0"),
        ({"webhook": "https://example.invalid"}, "Webhooks are not supported"),
        ({"command": {"resume": 1}}, "You must provide a thread_id when resuming."),
    ],
)
@pytest.mark.parametrize("path", ["/runs", "/runs/wait", "/runs/stream"])
async def test_what_is_refused_is_said_and_starts_nothing(
    http: httpx.AsyncClient, path: str, fields: dict[str, Any], sentence: str
) -> None:
    answer = await http.post(path, json={"assistant_id": "branches", "input": {}, **fields})
    assert 400 <= answer.status_code < 500
    assert sentence in answer.json()["detail"]
    assert (await http.post("/threads/count", json={"metadata": {"graph_id": "branches"}})).json() == 0


async def test_a_batch_starts_all_or_none(http: httpx.AsyncClient, running: Server) -> None:
    good = {"assistant_id": "progress", "input": {}, "on_completion": "keep"}
    refused = await http.post("/runs/batch", json=[good, {"assistant_id": "nope"}])
    assert refused.status_code == 422
    client = running.client()
    assert await client.threads.count(metadata={"graph_id": "progress"}) == 0
    runs = await client.runs.create_batch([good, good])  # type: ignore[list-item]
    values = await asyncio.gather(*(client.runs.join(run["thread_id"], run["run_id"]) for run in runs))
    assert [value["out"] for value in values] == [["done"], ["done"]]


@pytest.mark.parametrize("status", ["running", "all"])
async def test_all_runs_in_a_status_are_cancelled(running: Server, status: Any) -> None:
    client = running.client()
    threads = [(await client.threads.create())["thread_id"] for _ in range(2)]
    runs = await asyncio.gather(*(begun(client, thread) for thread in threads))
    waiting = await client.runs.create(threads[0], "branches", input={})
    await client.runs.cancel_many(status=status)
    statuses = await asyncio.gather(*(ended(client, *one) for one in zip(threads, runs, strict=True)))
    assert statuses == ["interrupted", "interrupted"]
    last = await ended(client, threads[0], waiting["run_id"])
    assert last == ("success" if status == "running" else "interrupted")


async def test_a_rolled_back_run_leaves_the_question_that_was_there(running: Server) -> None:
    client = running.client()
    thread_id = (await client.threads.create())["thread_id"]
    await client.runs.wait(thread_id, "ask", input={"foo": "a"})
    before = await client.threads.get(thread_id)
    run_id = await begun(client, thread_id)
    await client.runs.cancel(thread_id, run_id, wait=True, action="rollback")
    after = await client.threads.get(thread_id)
    kept = ("status", "interrupts", "values")
    assert {key: after[key] for key in kept} == {key: before[key] for key in kept}  # type: ignore[literal-required]
    assert after["status"] == "interrupted"
    answered = await client.runs.wait(thread_id, "ask", command={"resume": "Ada"})
    assert answered["out"] == ["Ada"]  # type: ignore[call-overload]


async def test_a_client_that_stops_waiting_can_take_its_run_with_it(http: httpx.AsyncClient, running: Server) -> None:
    client = running.client()
    thread_id = (await client.threads.create())["thread_id"]
    body = {"assistant_id": "slow", "input": LONG, "on_disconnect": "cancel"}
    async with http.stream("POST", f"/threads/{thread_id}/runs/wait", json=body) as answer:
        run_id = answer.headers["content-location"].rpartition("/")[2]
    assert await ended(client, thread_id, run_id) == "interrupted"


async def test_a_graph_reaches_the_server_that_runs_it_and_does_not_wait_for_itself(start_server: StartServer) -> None:
    server = start_server(PROJECTS / "differential", PLAYGROUND_RUNS="1")
    answer = await server.client().runs.wait(None, "ask_the_server", input={"foo": "run"})
    itself, thread, other, streamed = answer["out"]  # type: ignore[call-overload]
    assert (itself, thread) == ("running", {"by": "graph"})
    assert other == {"foo": "left", "out": ["left"]}
    assert streamed == ["metadata", "updates"]


async def test_runs_record_what_they_were_asked_for(running: Server) -> None:
    client = running.client()
    thread_id = (await client.threads.create())["thread_id"]
    body = {"assistant_id": "branches", "input": {"foo": "left"}, "feedback_keys": ["liked"]}
    await client.http.post(f"/threads/{thread_id}/runs/wait", json=body)
    run = (await client.runs.list(thread_id))[0]
    kwargs = run["kwargs"]  # type: ignore[typeddict-item]
    assert run["status"] == "success"
    assert kwargs.items() >= {"input": {"foo": "left"}, "feedback_keys": ["liked"], "webhook": None}.items()
