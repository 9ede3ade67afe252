"""Store items over the wire, through the official SDK; and graphs that use the store."""

import re
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest
from langgraph_sdk.errors import APIStatusError, BadRequestError, UnprocessableEntityError
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

from tests.servers import PROJECTS, Server, StartServer

PROJECT = PROJECTS / "item_store"
NOTES = {"drink": "green tea", "animal": "a dog and a cat", "weather": "rain all day"}


async def test_an_items_life(shared_server: Server) -> None:
    store = shared_server.client().store
    for number in range(3):
        await store.put_item(["notes", "tea"], f"n{number}", {"stars": number})
    item = await store.get_item(["notes", "tea"], "n2")
    assert (item["namespace"], item["key"], item["value"]) == (["notes", "tea"], "n2", {"stars": 2})
    found = await store.search_items(["notes"], filter={"stars": {"$gte": 1}})
    assert [row["key"] for row in found["items"]] == ["n2", "n1"]
    assert ["notes", "tea"] in (await store.list_namespaces(prefix=["notes"]))["namespaces"]
    await store.delete_item(["notes", "tea"], "n2")
    assert await store.get_item(["notes", "tea"], "n2") is None


async def test_what_cannot_be_stored_or_asked_is_one_sentence(shared_server: Server) -> None:
    store = shared_server.client().store
    with pytest.raises(UnprocessableEntityError, match="non-empty string without periods"):
        await store.put_item([""], "k", {})
    with pytest.raises(BadRequestError, match="Namespace cannot be empty"):
        await store.put_item([], "k", {})
    with pytest.raises(BadRequestError, match="Unsupported operator"):
        await store.search_items(["notes"], filter={"a": {"$like": 1}})
    with pytest.raises(UnprocessableEntityError, match=r'"store": \{"index"'):
        await store.search_items(["notes"], query="something about tea")


@pytest.fixture(scope="module")
def noting(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A project whose items are searched by meaning and are gone after 1.2 seconds."""
    server = Server(PROJECT, tmp_path_factory.mktemp("notes") / "store").start()
    yield server
    server.kill()


async def test_items_are_found_by_meaning(noting: Server) -> None:
    store, namespace = noting.client().store, ["meaning"]
    for key, text in NOTES.items():
        await _put(noting, namespace=namespace, key=key, value={"text": text, "tags": [], "n": len(text)})
    await _put(noting, namespace=namespace, key="tagged", value={"text": "?", "tags": ["thirsty", "sun"], "n": 0})
    await _put(noting, namespace=namespace, key="hidden", value={"text": "tea tea tea", "n": 0}, index=False)
    await _put(noting, namespace=namespace, key="own", value={"other": "coffee", "n": 0}, index=["other"])
    found = (await store.search_items(namespace, query="I am thirsty"))["items"]
    scores = [(row["key"], row["score"]) for row in found]
    assert {key for key, _ in scores[:3]} == {"drink", "own", "tagged"}
    assert scores[0][1] == pytest.approx(1, abs=0.01)
    assert scores[-1] == ("hidden", None)
    numbers = [score for _, score in scores if score is not None]
    assert numbers == sorted(numbers, reverse=True)
    second = (await store.search_items(namespace, query="pet", filter={"n": {"$gt": 0}}, limit=1))["items"]
    assert [row["key"] for row in second] == ["animal"]
    third = (await store.search_items(namespace, query="pet", filter={"n": {"$gt": 0}}, limit=5, offset=1))["items"]
    assert {row["key"] for row in third} == {"drink", "weather"}


async def test_a_graph_finds_by_meaning(noting: Server) -> None:
    asked = {"namespace": ["of", "graph"], "notes": NOTES, "query": "is it cold?"}
    state = await noting.client().runs.wait(None, "notes", input=asked)
    assert state["found"][0] == ["weather", True]  # type: ignore[call-overload, index]


async def test_a_changed_item_is_found_by_what_it_says_now(noting: Server) -> None:
    store, namespace = noting.client().store, ["changing"]
    await _put(noting, namespace=namespace, key="a", value={"text": "tea"})
    await _put(noting, namespace=namespace, key="b", value={"text": "dog"})
    assert (await store.search_items(namespace, query="coffee"))["items"][0]["key"] == "a"
    await _put(noting, namespace=namespace, key="a", value={"text": "cat"})
    await _put(noting, namespace=namespace, key="b", value={"text": "coffee"})
    assert (await store.search_items(namespace, query="coffee"))["items"][0]["key"] == "b"


async def test_an_embedding_that_fails_fails_the_search_alone(noting: Server) -> None:
    await _put(noting, namespace=["failing"], key="a", value={"text": "unreachable"})
    with pytest.raises(APIStatusError, match=r"embedding '\./embedding\.py:embed'.*ConnectionError: no network"):
        await noting.client().store.search_items(["failing"], query="tea")
    with pytest.raises(BadRequestError, match="Unsupported operator"):
        await noting.client().store.search_items(["failing"], query="tea", filter={"a": {"$like": 1}})
    assert len((await noting.client().store.search_items(["failing"]))["items"]) == 1


async def test_items_live_as_long_as_the_project_says(noting: Server) -> None:
    store = noting.client().store
    await store.put_item(["ttl"], "usual", {"n": 1})
    await store.put_item(["ttl"], "longer", {"n": 2}, ttl=60)
    state = await noting.client().runs.wait(None, "plain", input={"namespace": ["ttl", "graph"]})
    assert state["found"] == ["usual", ["kept", "usual"]]  # type: ignore[call-overload, index]

    @retry(retry=retry_if_exception_type(AssertionError), wait=wait_fixed(0.1), stop=stop_after_delay(15), reraise=True)
    async def only_what_was_to_stay() -> None:
        found = (await store.search_items(["ttl"], refresh_ttl=False))["items"]
        assert {row["key"] for row in found} == {"longer", "kept"}

    await only_what_was_to_stay()
    assert await store.get_item(["ttl"], "usual") is None

    @retry(retry=retry_if_exception_type(AssertionError), wait=wait_fixed(0.1), stop=stop_after_delay(15), reraise=True)
    def swept_from_the_disk() -> None:
        assert re.search(r'"items":\{[^{}]*"\d+":null', (noting.store / "store.json.journal").read_text())

    swept_from_the_disk()


def test_an_embedding_that_cannot_be_loaded_is_said(start_server: StartServer, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    shutil.copytree(PROJECT, folder, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    (folder / "embedding.py").write_text("import no_such_module_at_all\n")
    server = start_server(folder)
    headers = {"x-api-key": server.key}
    body = {"namespace_prefix": ["a"], "query": "tea"}
    answer = httpx.post(f"{server.url}/store/items/search", json=body, headers=headers, timeout=30)
    assert answer.status_code == 424
    assert "no_such_module_at_all" in answer.json()["detail"]
    notices = httpx.get(f"{server.url}/playground", headers=headers).json()["notices"]
    assert any("can't be searched by meaning" in notice and "no_such_module_at_all" in notice for notice in notices)
    httpx.put(f"{server.url}/store/items", json={"namespace": ["a"], "key": "k", "value": {}}, headers=headers)
    plain = httpx.post(f"{server.url}/store/items/search", json={"namespace_prefix": ["a"]}, headers=headers)
    assert len(plain.json()["items"]) == 1


async def _put(server: Server, **item: Any) -> None:
    async with httpx.AsyncClient(headers={"x-api-key": server.key}) as http:
        (await http.put(f"{server.url}/store/items", json={"ttl": None, **item})).raise_for_status()
