"""Every call of the SDK's synchronous client, at least once, on our server."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest
from langgraph_sdk import get_sync_client
from langgraph_sdk.client import SyncLangGraphClient
from langgraph_sdk.errors import APIStatusError

from tests.servers import KEY

PARTS = ("assistants", "threads", "runs", "store", "crons")


@dataclass
class There:
    """What a call finds: an assistant with two versions, a thread with a finished run, and an item."""

    assistant: str
    thread: str
    run: str
    namespace: list[str]


Call = Callable[[SyncLangGraphClient, There], Any]


def a_slow_run(client: SyncLangGraphClient, there: There) -> str:
    return str(client.runs.create(there.thread, "slow", input={"foo": "long"})["run_id"])


def cancelled(client: SyncLangGraphClient, there: There) -> Any:
    run = a_slow_run(client, there)
    client.runs.cancel(there.thread, run, wait=True)
    return client.runs.get(there.thread, run)["status"]


def many_cancelled(client: SyncLangGraphClient, there: There) -> Any:
    run = a_slow_run(client, there)
    client.runs.cancel_many(thread_id=there.thread, run_ids=[run])
    client.runs.join(there.thread, run)
    return client.runs.get(there.thread, run)["status"]


def deleted(client: SyncLangGraphClient, make: Callable[[], str], delete: Callable[[str], None], get: Any) -> Any:
    made = make()
    delete(made)
    with pytest.raises(APIStatusError) as refusal:
        get(made)
    return refusal.value.status_code


def joined(client: SyncLangGraphClient, there: There) -> Any:
    run = client.runs.create(there.thread, "progress", input={}, stream_mode="custom", stream_resumable=True)
    parts = client.runs.join_stream(there.thread, run["run_id"], last_event_id="-1")
    return [part.data for part in parts if part.event == "custom"]


def joined_thread(client: SyncLangGraphClient, there: There) -> Any:
    run = client.runs.create(there.thread, "steps", input={}, stream_mode="updates")
    parts = client.threads.join_stream(there.thread, last_event_id="-")
    found = next(part.data for part in parts if part.event == "updates")
    client.runs.join(there.thread, run["run_id"])
    return found


# What is called, and what it answers (`...`: anything, but no error).
CALLS: dict[str, tuple[Call, Any]] = {
    "assistants.get": (lambda c, t: c.assistants.get(t.assistant)["version"], 2),
    "assistants.get_graph": (lambda c, t: len(c.assistants.get_graph("subgraphs", xray=True)["nodes"]), 5),
    "assistants.get_schemas": (lambda c, t: c.assistants.get_schemas(t.assistant)["graph_id"], "pydantic_context"),
    "assistants.get_subgraphs": (lambda c, t: c.assistants.get_subgraphs(t.assistant), {}),
    "assistants.create": (lambda c, t: c.assistants.create("named", name="made")["name"], "made"),
    "assistants.update": (
        lambda c, t: c.assistants.update(c.assistants.create("named")["assistant_id"], name="new")["version"],
        2,
    ),
    "assistants.delete": (
        lambda c, t: deleted(
            c, lambda: str(c.assistants.create("named")["assistant_id"]), c.assistants.delete, c.assistants.get
        ),
        404,
    ),
    "assistants.search": (
        lambda c, t: c.assistants.search(graph_id="branches", limit=1, response_format="object")["next"],
        None,
    ),
    "assistants.count": (lambda c, t: c.assistants.count(graph_id="branches"), 1),
    "assistants.get_versions": (
        lambda c, t: [row["version"] for row in c.assistants.get_versions(t.assistant)],
        [2, 1],
    ),
    "assistants.set_latest": (
        lambda c, t: c.assistants.set_latest(t.assistant, 1)["context"],
        {"system_prompt": "one"},
    ),
    "threads.get": (lambda c, t: c.threads.get(t.thread)["status"], "idle"),
    "threads.create": (lambda c, t: c.threads.create(metadata={"a": 1})["metadata"]["a"], 1),
    "threads.update": (lambda c, t: c.threads.update(t.thread, metadata={"b": 2})["metadata"]["b"], 2),
    "threads.delete": (
        lambda c, t: deleted(c, lambda: str(c.threads.create()["thread_id"]), c.threads.delete, c.threads.get),
        404,
    ),
    "threads.search": (lambda c, t: len(c.threads.search(ids=[t.thread])), 1),
    "threads.count": (lambda c, t: c.threads.count(metadata={"mark": t.thread}), 0),
    "threads.copy": (
        lambda c, t: c.threads.get_state(c.threads.copy(t.thread)["thread_id"])["values"]["out"],
        ["left"],
    ),
    "threads.prune": (lambda c, t: c.threads.prune([str(c.threads.create()["thread_id"])])["pruned_count"], 1),
    "threads.get_state": (lambda c, t: c.threads.get_state(t.thread)["next"], []),
    "threads.update_state": (
        lambda c, t: c.threads.update_state(t.thread, {"foo": "new"})["checkpoint"]["thread_id"] == t.thread,
        True,
    ),
    "threads.get_history": (
        lambda c, t: [one["metadata"]["step"] for one in c.threads.get_history(t.thread)],
        [1, 0, -1],
    ),
    "threads.join_stream": (joined_thread, {"step_1": {"out": [1]}}),
    "runs.stream": (
        lambda c, t: [part.event for part in c.runs.stream(t.thread, "branches", input={}, stream_mode="updates")],
        ["metadata", "updates"],
    ),
    "runs.create": (lambda c, t: c.runs.create(t.thread, "branches", input={})["status"], "pending"),
    "runs.create_batch": (lambda c, t: len(c.runs.create_batch([{"assistant_id": "branches", "input": {}}] * 2)), 2),
    "runs.wait": (lambda c, t: c.runs.wait(None, "branches", input={"foo": "left"})["out"], ["left"]),
    "runs.list": (lambda c, t: [run["run_id"] == t.run for run in c.runs.list(t.thread)], [True]),
    "runs.get": (lambda c, t: c.runs.get(t.thread, t.run)["status"], "success"),
    "runs.cancel": (cancelled, "interrupted"),
    "runs.cancel_many": (many_cancelled, "interrupted"),
    "runs.join": (lambda c, t: c.runs.join(t.thread, t.run)["out"], ["left"]),
    "runs.join_stream": (joined, [{"progress": number} for number in range(3)]),
    "runs.delete": (
        lambda c, t: deleted(
            c, lambda: t.run, lambda run: c.runs.delete(t.thread, run), lambda run: c.runs.get(t.thread, run)
        ),
        404,
    ),
    "store.put_item": (lambda c, t: c.store.put_item(t.namespace, "b", {"n": 2}, ttl=5), None),
    "store.get_item": (lambda c, t: c.store.get_item(t.namespace, "a")["value"], {"n": 1}),
    "store.delete_item": (lambda c, t: c.store.delete_item(t.namespace, "a"), None),
    "store.search_items": (
        lambda c, t: [item["key"] for item in c.store.search_items(t.namespace, filter={"n": 1})["items"]],
        ["a"],
    ),
    "store.list_namespaces": (
        lambda c, t: c.store.list_namespaces(prefix=t.namespace)["namespaces"] == [t.namespace],
        True,
    ),
}

# What this server doesn't have: status 501, and a sentence that names it.
REFUSED: dict[str, Call] = {
    "crons.create": lambda c, t: c.crons.create("branches", schedule="* * * * *"),
    "crons.create_for_thread": lambda c, t: c.crons.create_for_thread(t.thread, "branches", schedule="* * * * *"),
    "crons.delete": lambda c, t: c.crons.delete(t.run),
    "crons.update": lambda c, t: c.crons.update(t.run, enabled=False),
    "crons.search": lambda c, t: c.crons.search(),
    "crons.count": lambda c, t: c.crons.count(),
}
# A context manager over the event protocol (v2) and a websocket, which this server doesn't have.
NOT_CALLED = {"threads.stream"}


@pytest.fixture
def client(our_server: str) -> Iterator[SyncLangGraphClient]:
    with get_sync_client(url=our_server, api_key=KEY) as client:
        yield client


@pytest.fixture
def there(client: SyncLangGraphClient) -> There:
    made = client.assistants.create("pydantic_context", context={"system_prompt": "one"})
    client.assistants.update(made["assistant_id"], context={"system_prompt": "two"})
    thread_id = str(client.threads.create()["thread_id"])
    client.runs.wait(thread_id, "branches", input={"foo": "left"})
    (run,) = client.runs.list(thread_id)
    namespace = ["sync", uuid4().hex]
    client.store.put_item(namespace, "a", {"n": 1})
    return There(made["assistant_id"], thread_id, run["run_id"], namespace)


@pytest.mark.parametrize("name", CALLS)
def test_answers(client: SyncLangGraphClient, there: There, name: str) -> None:
    call, expected = CALLS[name]
    assert call(client, there) == expected


@pytest.mark.parametrize("name", REFUSED)
def test_is_refused_by_name(client: SyncLangGraphClient, there: There, name: str) -> None:
    with pytest.raises(httpx.HTTPStatusError, match="not supported by the playground's server") as refusal:
        REFUSED[name](client, there)
    assert refusal.value.response.status_code == 501


def test_no_call_of_the_client_is_left_out(client: SyncLangGraphClient) -> None:
    public = {
        f"{part}.{name}"
        for part in PARTS
        for name, _ in inspect.getmembers(type(getattr(client, part)), inspect.isfunction)
        if not name.startswith("_")
    }
    assert public == CALLS.keys() | REFUSED.keys() | NOT_CALLED
