"""The user's code changes while the server runs: what was saved is kept, and what no longer fits is named."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from playground.cli import run as command
from playground.client.client import Client
from playground.client.events import Ended, Failed, NodeUpdate
from playground.client.misfits import find_misfits, misfits
from tests.server.playground_state import http_of, restarting, told
from tests.servers import PROJECTS, Server

JSON = dict[str, Any]


@pytest.fixture(scope="module", name="project")
def own_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(PROJECTS / "reworked", tmp_path_factory.mktemp("live") / "project"))


@pytest.fixture(scope="module")
def running(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(project, tmp_path_factory.mktemp("live_store") / "store").start()
    yield server
    server.kill()


@pytest.fixture
async def client(running: Server) -> AsyncIterator[Client]:
    client = await Client.connect(running.url, running.key)
    yield client
    await client.close()


async def answer(client: Client, ref: str) -> tuple[str, list[Any]]:
    """How a run of the ref ended, and what it said."""
    said, ended = [], ""
    async for event in client.runs.stream(await client.resolve(ref), input={"text": "hi"}):
        match event:
            case NodeUpdate():
                said.append(event.update["text"])
            case Failed():
                said.append((event.error, event.message, event.traceback))
            case Ended():
                ended = event.status
    return ended, said


async def rework(running: Server, project: Path, **replaced: str) -> None:
    """Edits the project's code, and waits until the server has it."""
    source = project / "support.py"
    code = source.read_text()
    for old, new in replaced.values():
        assert old in code
        code = code.replace(old, new)
    async with http_of(running) as http:
        async with restarting(http, "support.py changed"):
            source.write_text(code)
        await told(http, lambda about: all(graph["state"] == "ready" for graph in about["graphs"]))


async def test_values_that_no_longer_fit_are_kept_named_and_refused(
    running: Server, project: Path, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    formal = await client.assistants.create("support", "formal", {"tone": "formal", "greeting": "Good day"})
    hot = await client.assistants.create("support", "hot", {"temperature": 2.5})
    fine = await client.assistants.create("support", "fine", {"tone": "brief"})
    await client.notes.save_draft(fine.assistant_id, 1, {"context": {"tone": "brief", "greeting": "Hi"}})
    await client.notes.save_draft(hot.assistant_id, 1, {"context": [1]})  # typed as JSON, and no object yet
    assert await misfits(client) == {}
    assert await answer(client, "formal") == ("success", ["Good day (formal)"])
    before = await client.assistants.versions(formal.assistant_id)
    (thread,) = await running.client().threads.search(metadata={"assistant_id": formal.assistant_id})
    runs = await client.runs.list(thread["thread_id"])

    await rework(
        running,
        project,
        tone=('"formal", "casual", "brief"', '"casual", "brief"'),
        heat=("le=3", "le=2"),
        name=("greeting", "hello"),
    )

    schema = (await client.graphs.schemas("support")).context or {}
    assert schema["properties"]["tone"]["enum"] == ["casual", "brief"]
    expected = {
        formal.assistant_id: (
            'tone: "formal" is no longer one of: casual, brief',
            "greeting: is no longer a field of this graph",
        ),
        hot.assistant_id: ("temperature: 2.5 is more than the 2 it may be now",),
        fine.assistant_id: ("draft: greeting: is no longer a field of this graph",),
    }
    assert await misfits(client) == expected
    assert await misfits(client, [hot]) == {hot.assistant_id: expected[hot.assistant_id]}
    assert await client.graphs.validate(formal.assistant_id, formal.context) == [
        (("tone",), "must be 'casual' or 'brief'")
    ]

    status, said = await answer(client, "formal")
    assert (status, said) == (
        "error",
        [("ValidationError", "The context doesn't fit the graph: tone: must be 'casual' or 'brief'", "")],
    )

    # What was recorded is as it was.
    assert await client.assistants.versions(formal.assistant_id) == before
    assert (await client.assistants.get(formal.assistant_id)).context == {"tone": "formal", "greeting": "Good day"}
    assert await client.runs.list(thread["thread_id"]) == runs
    assert (await client.threads.get(thread["thread_id"])).values == {"text": "Good day (formal)"}

    # The command says the same, and that it is no failure: the project can be used.
    capsys.readouterr()
    code = await asyncio.to_thread(command, ["doctor", "--url", running.url, "--key", running.key])
    remarks = [line for line in capsys.readouterr().out.splitlines() if line.startswith("!")]
    assert code == 0
    assert sorted(remarks) == [
        "! fine@draft greeting: is no longer a field of this graph",
        "! formal@v1  greeting: is no longer a field of this graph",
        '! formal@v1  tone: "formal" is no longer one of: casual, brief',
        "! hot@v1     temperature: 2.5 is more than the 2 it may be now",
    ]


async def test_a_second_look_checks_nothing_again(client: Client, running: Server) -> None:
    found = await find_misfits(client)
    assert found
    again = await find_misfits(client)
    assert [one.problems for one in again] == [one.problems for one in found]
    assert all(one.problems is other.problems for one, other in zip(found, again, strict=True))


async def test_a_graph_that_failed_has_nothing_to_compare_with(running: Server, project: Path, client: Client) -> None:
    source = project / "support.py"
    code = source.read_text()
    async with http_of(running) as http:
        async with restarting(http, "support.py changed"):
            source.write_text(f"{code}raise RuntimeError('half an edit')\n")
        await told(http, lambda about: about["graphs"][0]["state"] == "failed")
    assert await misfits(client) == {}
    assert len(await client.assistants.list()) == 4
