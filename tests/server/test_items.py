"""Store items and subgraphs over the wire, through the official SDK; and graphs that use the store."""

import pytest
from langgraph_sdk.errors import UnprocessableEntityError

from tests.servers import Server


async def test_an_items_life(shared_server: Server) -> None:
    store = shared_server.client().store
    for number in range(3):
        await store.put_item(["notes", "tea"], f"n{number}", {"stars": number})
    item = await store.get_item(["notes", "tea"], "n2")
    assert (item["namespace"], item["key"], item["value"]) == (["notes", "tea"], "n2", {"stars": 2})
    found = await store.search_items(["notes"], filter={"stars": {"$gte": 1}})
    assert {row["key"] for row in found["items"]} == {"n1", "n2"}
    assert ["notes", "tea"] in (await store.list_namespaces(prefix=["notes"]))["namespaces"]
    await store.delete_item(["notes", "tea"], "n2")
    assert await store.get_item(["notes", "tea"], "n2") is None


async def test_what_cannot_be_stored_or_asked_is_one_sentence(shared_server: Server) -> None:
    store = shared_server.client().store
    with pytest.raises(UnprocessableEntityError, match="contain no dots"):
        await store.put_item([""], "k", {})
    with pytest.raises(UnprocessableEntityError, match="Search by meaning needs an index"):
        await store.search_items(["notes"], query="something about tea")


async def test_a_graphs_subgraphs_are_listed(shared_server: Server) -> None:
    assistants = shared_server.client().assistants
    research = (await assistants.search(graph_id="research"))[0]
    listed = await assistants.get_subgraphs(research["assistant_id"])
    assert all("input_schema" in schemas for schemas in listed.values())
    assert await assistants.get_subgraphs(research["assistant_id"], namespace="nowhere") == {}
