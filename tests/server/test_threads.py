"""Threads over the wire, through the official SDK."""

from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest
from langgraph_sdk.errors import BadRequestError, ConflictError, NotFoundError, UnprocessableEntityError

from tests.servers import PROJECTS, Server


@pytest.fixture(scope="module", name="running")
def running_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Little graphs that do one odd thing each."""
    server = Server(PROJECTS / "runs", tmp_path_factory.mktemp("threads") / "store").start()
    yield server
    server.kill()


async def test_a_threads_life(running: Server) -> None:
    threads = running.client().threads
    thread_id = str(uuid4())
    made = await threads.create(thread_id=thread_id, metadata={"topic": "tea"})
    assert (made["thread_id"], made["status"], made["values"]) == (thread_id, "idle", None)
    with pytest.raises(ConflictError, match="already exists"):
        await threads.create(thread_id=thread_id)
    assert (await threads.create(thread_id=thread_id, if_exists="do_nothing"))["metadata"] == {"topic": "tea"}
    changed = await threads.update(thread_id, metadata={"title": "Green"})
    assert changed["metadata"] == {"topic": "tea", "title": "Green"}
    assert (await threads.get_state(thread_id))["values"] == {}
    assert await threads.get_history(thread_id) == []
    await threads.delete(thread_id)
    with pytest.raises(NotFoundError, match=f"Thread with ID {thread_id} not found"):
        await threads.get(thread_id)
    with pytest.raises(UnprocessableEntityError, match="must be a UUID"):
        await threads.get("not-an-id")


async def test_search_by_metadata_status_values_and_ids(running: Server) -> None:
    client = running.client()
    mark = {"mark": uuid4().hex}
    ids = [(await client.threads.create(metadata=mark))["thread_id"] for _ in range(3)]
    await client.runs.wait(ids[1], "ask", input={})
    await client.runs.wait(ids[2], "sleep", input={"seconds": 0})
    found = await client.threads.search(metadata=mark, limit=10)
    assert [thread["thread_id"] for thread in found] == [ids[2], ids[1], ids[0]]  # last changed first
    assert await client.threads.count(metadata=mark) == 3
    waiting = await client.threads.search(metadata=mark, status="interrupted")
    assert [thread["thread_id"] for thread in waiting] == [ids[1]]
    slept = await client.threads.search(metadata=mark, values={"seconds": 0})
    assert [thread["thread_id"] for thread in slept] == [ids[2]]
    named = await client.threads.search(ids=[ids[0]], select=["thread_id", "values"])
    assert named == [{"thread_id": ids[0], "values": None}]


async def test_a_history_without_values_has_all_the_rest(running: Server) -> None:
    client = running.client()
    thread_id = (await client.threads.create())["thread_id"]
    await client.runs.wait(thread_id, "sleep", input={"seconds": 0})
    whole = await client.threads.get_history(thread_id)
    names = [name for name in whole[0] if name != "values"]
    assert len(whole) > 1
    found = await client.http.post(f"/threads/{thread_id}/history", json={"limit": 10, "select": names})
    assert found == [{name: value for name, value in state.items() if name != "values"} for state in whole]


async def test_every_step_can_be_read_and_a_past_one_forked(running: Server) -> None:
    client = running.client()
    thread_id = (await client.threads.create())["thread_id"]
    for _ in range(2):
        await client.runs.wait(thread_id, "echo", input={})
    history = await client.threads.get_history(thread_id, limit=20)
    assert [len(state["values"].get("seen", [])) for state in history] == [2, 1, 1, 1, 0, 0]  # type: ignore[union-attr]
    past = next(state for state in history if len(state["values"].get("seen", [])) == 1)  # type: ignore[union-attr]
    again = await client.threads.get_state(thread_id, checkpoint_id=past["checkpoint"]["checkpoint_id"])
    assert again["values"] == past["values"]
    older = await client.threads.get_history(thread_id, limit=20, before=past["checkpoint"])
    assert len(older) == len(history) - history.index(past) - 1
    written = await client.threads.update_state(
        thread_id, {"seen": ["mine"]}, as_node="node", checkpoint_id=past["checkpoint"]["checkpoint_id"]
    )
    head = await client.threads.get_state(thread_id)
    assert head["checkpoint"]["checkpoint_id"] == written["checkpoint"]["checkpoint_id"]  # type: ignore[typeddict-item]
    assert head["values"]["seen"] == ["default", "mine"]  # type: ignore[call-overload]
    assert head["parent_checkpoint"]["checkpoint_id"] == past["checkpoint"]["checkpoint_id"]  # type: ignore[index]


async def test_a_state_that_cannot_be_written_is_refused(running: Server) -> None:
    client = running.client()
    fresh = (await client.threads.create())["thread_id"]
    with pytest.raises(BadRequestError, match="has no assigned graph ID"):
        await client.threads.update_state(fresh, {"seen": ["x"]})
    used = (await client.threads.create())["thread_id"]
    await client.runs.wait(used, "echo", input={})
    with pytest.raises(BadRequestError, match="Node nowhere does not exist"):
        await client.threads.update_state(used, {"seen": ["x"]}, as_node="nowhere")
    with pytest.raises(BadRequestError, match="Expected dict"):
        await client.threads.update_state(used, [{"seen": ["x"]}])
    run = await client.runs.create(used, "sleep", input={"seconds": 30})
    with pytest.raises(ConflictError, match="in-flight runs"):
        await client.threads.update_state(used, {"seen": ["x"]})
    await client.runs.cancel(used, run["run_id"], wait=True)


def test_every_route_of_threads_is_described(running: Server) -> None:
    document = httpx.get(f"{running.url}/openapi.json", headers={"x-api-key": running.key}).json()
    described = {
        f"{method} {path}": operation
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if path.startswith("/threads") and "/runs" not in path
    }
    assert len(described) == 15
    for name, operation in described.items():
        assert operation.get("description"), name
        assert operation["responses"].get("200", operation["responses"].get("204"))["description"], name
    shapes = document["components"]["schemas"]
    assert {"ThreadCreate", "ThreadSearch", "Thread", "ThreadState", "StateUpdate"} <= shapes.keys()
    assert shapes["ThreadCreate"]["properties"]["thread_id"]["format"] == "uuid"


async def test_an_update_as_a_node_whose_edge_asks_for_the_context(shared_server: Server) -> None:
    client = shared_server.client()
    made = await client.assistants.create("support", context={"refund_limit": 10})
    thread_id = (await client.threads.create())["thread_id"]
    asked = {"messages": [{"role": "user", "content": "Where is my order 1234?"}]}
    await client.runs.wait(thread_id, made["assistant_id"], input=asked)
    call = {"name": "refund_order", "args": {"order_id": "1234", "amount": 20}, "id": "c", "type": "tool_call"}
    written = {"messages": [{"type": "ai", "content": "", "tool_calls": [call]}]}
    await client.threads.update_state(thread_id, written, as_node="agent")
    state = await client.threads.get_state(thread_id)
    assert state["next"] == ["approve"], "the refund is above the limit of the version that ran"
