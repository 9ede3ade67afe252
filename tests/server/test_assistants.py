"""Assistants over the wire, through the official SDK."""

import asyncio
import json
import shutil
from pathlib import Path
from uuid import UUID, uuid5

import httpx
import pytest
from langgraph_sdk.errors import ConflictError, NotFoundError, UnprocessableEntityError

from tests.servers import PROJECTS, Server, StartServer

JSON = {"content-type": "application/json"}
NAMESPACE = UUID("6ba7b821-9dad-11d1-80b4-00c04fd430c8")


async def test_every_graph_has_its_default_assistant_under_langgraphs_id(shared_server: Server) -> None:
    client = shared_server.client()
    found = await client.assistants.search(metadata={"created_by": "system"}, limit=100)
    assert {row["graph_id"]: row["assistant_id"] for row in found} == {
        graph_id: str(uuid5(NAMESPACE, graph_id)) for graph_id in ("writer", "support", "research", "classify")
    }


async def test_every_edit_is_a_version_and_rollback_restores_all_of_it(shared_server: Server) -> None:
    assistants = shared_server.client().assistants
    first = await assistants.create(
        "writer", context={"tone": "formal"}, metadata={"v": 1}, name="One", description="d1"
    )
    assert first["version"] == 1
    assert first["config"] == {"configurable": {"tone": "formal"}}
    second = await assistants.update(
        first["assistant_id"],
        graph_id="support",
        context={"refund_limit": 5},
        metadata={"v": 2},
        name="Two",
        description="d2",
    )
    assert (second["version"], second["graph_id"], second["name"]) == (2, "support", "Two")
    back = await assistants.set_latest(first["assistant_id"], 1)
    same = ("graph_id", "context", "config", "metadata", "name", "description", "version")
    assert {key: back[key] for key in same} == {key: first[key] for key in same}  # type: ignore[literal-required]
    third = await assistants.update(first["assistant_id"], name="Three")
    assert (third["version"], third["context"], third["graph_id"]) == (3, {"tone": "formal"}, "writer")
    versions = await assistants.get_versions(first["assistant_id"])
    assert [(row["version"], row["name"]) for row in versions] == [(3, "Three"), (2, "Two"), (1, "One")]


async def test_paging_says_where_the_next_page_is(shared_server: Server) -> None:
    client = shared_server.client()
    for number in range(3):
        await client.assistants.create("writer", name=f"Paged {number}", metadata={"paged": True})
    page = await client.assistants.search(metadata={"paged": True}, limit=2, response_format="object")
    rest = await client.assistants.search(metadata={"paged": True}, limit=2, offset=int(page["next"] or 0))
    assert [row["name"] for row in [*page["assistants"], *rest]] == ["Paged 2", "Paged 1", "Paged 0"]
    assert await client.assistants.count(metadata={"paged": True}) == 3


async def test_what_is_wrong_is_said_as_langgraph_says_it(shared_server: Server) -> None:
    assistants = shared_server.client().assistants
    with pytest.raises(NotFoundError, match=r"Graph 'nope' not found\. Expected one of:"):
        await assistants.create("nope")
    made = await assistants.create("writer")
    with pytest.raises(ConflictError, match="already exists"):
        await assistants.create("writer", assistant_id=made["assistant_id"])
    with pytest.raises(UnprocessableEntityError, match="Invalid assistant ID: must be a UUID"):
        await assistants.get("writer")
    with pytest.raises(NotFoundError, match="not found"):
        await assistants.set_latest(made["assistant_id"], 9)
    async with httpx.AsyncClient(headers={"x-api-key": shared_server.key}) as http:
        response = await http.post(f"{shared_server.url}/assistants", content=b"{", headers=JSON)
    assert (response.status_code, response.json()) == (422, {"detail": "Invalid JSON in request body"})


async def test_schemas_and_drawing_come_from_the_graph(shared_server: Server) -> None:
    assistants = shared_server.client().assistants
    default = str(uuid5(NAMESPACE, "writer"))
    schemas = await assistants.get_schemas(default)
    assert set(schemas) == {
        "graph_id", "input_schema", "output_schema", "state_schema", "config_schema", "context_schema",
    }  # fmt: skip
    drawing = await assistants.get_graph("writer")
    assert {"__start__", "plan", "write", "__end__"} == {node["id"] for node in drawing["nodes"]}


async def test_deleting_leaves_threads_unless_asked(shared_server: Server) -> None:
    client = shared_server.client()
    made = await client.assistants.create("classify")
    threads = [await client.threads.create() for _ in range(2)]
    await asyncio.gather(
        *(
            client.runs.wait(
                thread["thread_id"], made["assistant_id"], input={"text": "so good", "labels": ["good", "bad"]}
            )
            for thread in threads
        )
    )
    await client.assistants.delete(made["assistant_id"], delete_threads=True)
    with pytest.raises(NotFoundError):
        await client.assistants.get(made["assistant_id"])
    for thread in threads:
        with pytest.raises(NotFoundError):
            await client.threads.get(thread["thread_id"])


async def test_default_assistants_are_made_with_langgraphs_variable_and_keep_their_edits(
    start_server: StartServer, tmp_path: Path
) -> None:
    config = {"writer": {"configurable": {"tone": "formal"}, "tags": ["t"]}}
    store, writer = tmp_path / "kept", str(uuid5(NAMESPACE, "writer"))
    server = start_server(store=store, LANGGRAPH_CONFIG=json.dumps(config))
    made = await server.client().assistants.get(writer)
    assert (made["config"], made["context"], made["version"]) == (config["writer"], {"tone": "formal"}, 1)
    await server.client().assistants.update(writer, context={"tone": "witty"})
    server.stop()
    again = await server.start().client().assistants.get(writer)
    assert (again["context"], again["version"]) == ({"tone": "witty"}, 2)


async def test_what_a_request_cannot_be_is_said_with_its_place(shared_server: Server) -> None:
    wrong: list[tuple[object, str]] = [
        ({"graph_id": "writer", "name": None}, "name: Input should be a valid string"),
        ({"graph_id": "writer", "config": {"recursion_limit": "5"}}, "config.recursion_limit: it must be a number"),
        ({"graph_id": "writer", "config": {"tags": [1]}}, "config.tags.0: Input should be a valid string"),
        ({}, "graph_id: Field required"),
    ]
    async with httpx.AsyncClient(headers={"x-api-key": shared_server.key}) as http:
        for body, sentence in wrong:
            answer = await http.post(f"{shared_server.url}/assistants", json=body)
            assert answer.status_code == 422
            assert sentence in answer.json()["detail"]


async def test_deleting_an_assistant_stops_nothing_that_runs(start_server: StartServer) -> None:
    client = start_server(PROJECTS / "runs").client()
    made, thread = await client.assistants.create("sleep"), await client.threads.create()
    run = await client.runs.create(thread["thread_id"], made["assistant_id"], input={"seconds": 0.5})
    await client.assistants.delete(made["assistant_id"])
    await client.runs.join(thread["thread_id"], run["run_id"])
    ended = await client.runs.get(thread["thread_id"], run["run_id"])
    assert (ended["status"], ended["assistant_id"]) == ("success", made["assistant_id"])
    with pytest.raises(NotFoundError):
        await client.runs.create(thread["thread_id"], made["assistant_id"], input={})


async def test_an_assistant_outlives_its_graph(start_server: StartServer, tmp_path: Path) -> None:
    project, store = tmp_path / "project", tmp_path / "store"
    shutil.copytree(PROJECTS / "runs", project, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    server = start_server(project, store)
    made = await server.client().assistants.create("echo", context={"word": "kept"}, name="Kept")
    server.stop()
    manifest = json.loads((project / "langgraph.json").read_text())
    del manifest["graphs"]["echo"]
    (project / "langgraph.json").write_text(json.dumps(manifest))
    client = server.start().client()
    assert await client.assistants.get(made["assistant_id"]) == made
    assert [row["name"] for row in await client.assistants.search(name="Kept")] == ["Kept"]
    with pytest.raises(NotFoundError, match="Graph 'echo' not found"):
        await client.assistants.get_schemas(made["assistant_id"])
    with pytest.raises(NotFoundError, match="Graph 'echo' not found"):
        await client.assistants.search(graph_id="echo")
    moved = await client.assistants.update(made["assistant_id"], graph_id="count")
    assert (moved["graph_id"], moved["context"], moved["version"]) == ("count", {"word": "kept"}, 2)


async def test_metadata_is_merged_unless_it_shall_be_replaced(shared_server: Server) -> None:
    client = shared_server.client()
    made = await client.assistants.create("writer", metadata={"kept": 1, "gone": 2})
    path = f"/assistants/{made['assistant_id']}"
    merged = await client.http.patch(path, json={"metadata": {"new": 3}})
    assert merged["metadata"] == {"kept": 1, "gone": 2, "new": 3}
    replaced = await client.http.patch(path, json={"metadata": {"kept": 1}, "replace_metadata": True})
    assert (replaced["metadata"], replaced["version"]) == ({"kept": 1}, 3)
    unchanged = await client.http.patch(path, json={"name": "Other", "replace_metadata": True})
    assert unchanged["metadata"] == {"kept": 1}, "what isn't given stays"
    assert (await client.assistants.get_versions(made["assistant_id"]))[3]["metadata"] == {"kept": 1, "gone": 2}
