"""Changed code is picked up by the same server, restarted: no run is cut off, nothing that is stored is lost."""

import asyncio
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.playground_state import JSON, http_of, noticed, restarting, told
from tests.server.test_engine import begin, new_thread
from tests.servers import PROJECTS, Server


@pytest.fixture(scope="module", name="project")
def own_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(PROJECTS / "engine", tmp_path_factory.mktemp("reload") / "project"))


@pytest.fixture(scope="module", name="running")
def running_server(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(project, tmp_path_factory.mktemp("store") / "store").start()
    yield server
    server.kill()


def state_of(about: JSON, graph_id: str) -> str:
    return next((str(graph["state"]) for graph in about["graphs"] if graph["graph_id"] == graph_id), "unknown")


async def test_a_run_ends_with_the_code_it_began_with_and_the_next_has_the_new(running: Server, project: Path) -> None:
    client = running.client()
    kept = await client.assistants.create("wait", name="kept", context={"word": "x"})
    thread_id = await new_thread(client)
    run_id = await begin(client, thread_id, "wait", 3)
    assert running.process is not None
    pid = running.process.pid
    async with http_of(running) as http:
        async with restarting(http, "said.py changed"):
            (project / "said.py").write_text('WORD = "new"\n')
            await told(http, noticed("said.py changed: the server restarts with the new code when 1 run has ended."))
            answer = await client.runs.join(thread_id, run_id)
            assert answer["words"] == ["old"]  # type: ignore[call-overload]
        about = await told(http, lambda about: state_of(about, "wait") == "ready")
        assert not noticed("changed")(about)
    # The same process, address and key; what was stored is there.
    answer = await client.runs.wait(thread_id, "wait", input={"seconds": 0})
    assert answer["words"] == ["old", "new"]  # type: ignore[call-overload]
    assert (await client.assistants.get(kept["assistant_id"]))["name"] == "kept"
    assert json.loads((running.store / "server.json").read_bytes())["pid"] == pid
    assert running.process.poll() is None


async def test_nobody_is_refused_while_the_code_changes(running: Server, project: Path) -> None:
    client = running.client()
    (project / "said.py").write_text('WORD = "newest"\n')
    async with asyncio.timeout(30):
        while (await client.runs.wait(None, "wait", input={"seconds": 0.01}))["words"] != ["newest"]:  # type: ignore[call-overload]
            pass


async def test_faults_in_new_code_are_told_and_mended(running: Server, project: Path) -> None:
    async with http_of(running) as http:
        await told(http, lambda about: state_of(about, "wait") == "ready")
        async with restarting(http, "said.py changed"):
            (project / "said.py").write_text("from helper import WORD\n")
        await told(http, lambda about: state_of(about, "wait") == "failed")
        async with restarting(http, "helper.py changed"):
            (project / "helper.py").write_text('WORD = "mended\n')  # no loaded module is from there, and it is wrong
        await told(http, lambda about: state_of(about, "wait") == "failed")
        async with restarting(http, "helper.py changed"):
            (project / "helper.py").write_text('WORD = "mended"\n')
        await told(http, lambda about: state_of(about, "wait") == "ready")


async def test_a_graph_that_langgraph_json_gains_is_there(running: Server, project: Path) -> None:
    manifest = project / "langgraph.json"
    content = json.loads(manifest.read_text())
    async with http_of(running) as http:
        manifest.write_text("{half written")
        await told(http, noticed("Until then the server goes on with what it has loaded."))
        async with restarting(http, "langgraph.json changed"):
            (project / ".env").write_text("FROM_FILE=1\n")
            graphs = content["graphs"] | {"more": "./graphs.py:wait"}
            manifest.write_text(json.dumps(content | {"env": ".env", "graphs": graphs}))
        await told(http, lambda about: state_of(about, "more") == "ready")
        async with restarting(http, ".env changed"):
            (project / ".env").write_text("FROM_FILE=2\n")
    assert [row["name"] for row in await running.client().assistants.search(graph_id="more")] == ["more"]
