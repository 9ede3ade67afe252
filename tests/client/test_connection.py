"""Finding, starting, watching over and leaving the server of a project."""

import asyncio
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import psutil
import pytest

from playground.client.announced import read_announced
from playground.client.connection import Connection
from playground.client.errors import ConnectionFailed, ServerGone, UsageError
from playground.client.events import Accepted, Custom, Disconnected, Ended, Failed, Reconnected
from playground.client.target import Target
from playground.client.values import GraphsChanged, ServerBack, ServerEvent, ServerLost
from tests.servers import PROJECTS, StartServer

E = TypeVar("E", bound=ServerEvent)
Open = Callable[..., Connection]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of its own, with graphs that do one odd thing each."""
    return Path(shutil.copytree(PROJECTS / "runs", tmp_path / "project", ignore=shutil.ignore_patterns(".playground")))


@pytest.fixture
async def connect(project: Path) -> AsyncIterator[Open]:
    """Connections to the project; whatever servers they leave behind are ended."""
    opened: list[Connection] = []

    def connection(**target: object) -> Connection:
        opened.append(Connection(Target(**{"project": project, **target})))  # type: ignore[arg-type]
        return opened[-1]

    yield connection
    for one in opened:
        await one.close()
    if announced := read_announced(project / ".playground"):
        with suppress(ProcessLookupError):
            os.kill(announced.pid, signal.SIGKILL)


async def next_of(connection: Connection, kind: type[E]) -> E:
    """The next event of that kind."""
    async with asyncio.timeout(20):
        async for event in connection.watch():
            if isinstance(event, kind):
                return event
    raise AssertionError


async def pid_of(project: Path) -> int:
    announced = await asyncio.to_thread(read_announced, project / ".playground")
    assert announced is not None
    return announced.pid


async def test_a_server_is_started_found_and_left(connect: Open, project: Path) -> None:
    first = connect()
    client = await first.open()
    pid = await pid_of(project)
    assert (project / ".playground" / "server.json").stat().st_mode & 0o777 == 0o600
    other = await connect().open()
    assert (other.url, await pid_of(project)) == (client.url, pid)
    changed = await next_of(first, GraphsChanged)
    assert {graph.graph_id for graph in changed.graphs} >= {"echo", "broken"}
    broken = next(graph for graph in await client.graphs.settled() if graph.graph_id == "broken")
    assert broken.state == "failed"
    assert "no_such_module" in str(broken.error)
    assert "Traceback" in str(broken.traceback)


async def test_settings_of_the_server_reach_the_one_that_is_started(
    connect: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYGROUND_RUNS", "3")
    client = await connect().open()
    info = await client.graphs.info()
    assert info is not None
    assert info["runs"] == {"limit": 3, "executing": 0, "queued": 0, "blocked": None}


async def test_a_setting_that_is_none_is_one_sentence(connect: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYGROUND_RUNS", "many")
    with pytest.raises(ConnectionFailed, match="Invalid value for '--runs'") as failed:
        await connect().open()
    assert failed.value.exit_code == 2


async def test_two_that_start_at_once_share_one_server(connect: Open) -> None:
    first, second = await asyncio.gather(connect().open(), connect().open())
    assert first.url == second.url


async def test_the_server_ends_when_nobody_uses_it(connect: Open, project: Path) -> None:
    connection = connect()
    await connection.open()
    pid = await pid_of(project)
    await connection.close()
    await asyncio.to_thread(psutil.Process(pid).wait, 20)
    assert not (project / ".playground" / "server.json").exists()


async def test_a_killed_server_is_said_and_started_again(connect: Open, project: Path) -> None:
    connection = connect()
    client = await connection.open()
    kept = await client.assistants.create("echo", "kept")
    old = await pid_of(project)
    os.kill(old, signal.SIGKILL)
    lost = await next_of(connection, ServerLost)
    assert (lost.reason, lost.gave_up) == ("The server was killed by SIGKILL.", False)
    await next_of(connection, ServerBack)
    assert await pid_of(project) != old
    assert (await client.assistants.get(kept.assistant_id)).name == "kept"


async def test_a_kill_during_a_run_is_told_at_once(connect: Open, project: Path) -> None:
    connection = connect()
    client = await connection.open()
    stream = client.runs.stream(await client.resolve("sleep"), input={"seconds": 60})
    async for event in stream:
        if event == Custom("sleeping"):
            break
    os.kill(await pid_of(project), signal.SIGKILL)
    async with asyncio.timeout(1):
        assert isinstance(await anext(stream), Disconnected)
    await next_of(connection, ServerBack)
    rest = [event async for event in stream]
    assert [type(event) for event in rest] == [Reconnected, Failed, Ended]
    assert isinstance(rest[1], Failed)
    assert rest[1].error == "ServerDied"
    (thread,) = await client.threads.list(graph_id="sleep")
    (run,) = await client.runs.list(thread.thread_id)
    assert (thread.status, run.status) == ("error", "error")


async def test_code_that_ends_the_process_shows_its_last_words(connect: Open) -> None:
    connection = connect()
    client = await connection.open()
    events = [event async for event in client.runs.stream(await client.resolve("vanish"), input={})]
    assert isinstance(events[-2], Failed)
    assert (events[-2].error, events[-1]) == ("ServerDied", Ended("error"))
    lost = await next_of(connection, ServerLost)
    assert lost.reason == "The server ended with exit code 7."
    assert "last words of the graph" in lost.log
    await next_of(connection, ServerBack)


async def test_a_server_that_keeps_ending_is_given_up_until_asked_for(connect: Open, project: Path) -> None:
    connection = connect()
    await connection.open()
    (project / "broken.py").write_text("import os\nprint('bad import', flush=True)\nos._exit(9)\n")
    os.kill(await pid_of(project), signal.SIGKILL)
    losses: list[ServerLost] = []
    while not losses or not losses[-1].gave_up:
        losses.append(await next_of(connection, ServerLost))
    assert len(losses) == 4
    assert "exit code 9" in losses[-1].reason
    assert "not started again until you ask for it" in losses[-1].reason
    assert "bad import" in losses[-1].log
    (project / "broken.py").write_text("import no_such_module\n")
    await connection.restart()
    await next_of(connection, ServerBack)


async def test_restart_reads_changed_code(connect: Open, project: Path) -> None:
    connection = connect()
    client = await connection.open()
    old = await pid_of(project)
    echo = await client.assistants.create("echo", "kept")
    (project / "broken.py").write_text("from graphs import echo as graph\n")
    await connection.restart()
    assert await pid_of(project) != old
    mended = next(graph for graph in await client.graphs.settled() if graph.graph_id == "broken")
    assert mended.state == "ready"
    assert (await client.assistants.get(echo.assistant_id)).name == "kept"


async def test_changed_code_restarts_the_server_under_its_clients(connect: Open, project: Path) -> None:
    first, second = connect(), connect()
    client = await first.open()
    url, pid = (await second.open()).url, await pid_of(project)
    await client.graphs.settled()
    (project / "broken.py").write_text("from graphs import echo as graph\n")
    for connection in (first, second):
        lost = await next_of(connection, ServerLost)
        assert (lost.reason, lost.asked) == ("The server restarts with the new code: broken.py changed.", True)
        await next_of(connection, ServerBack)
    mended = next(graph for graph in await client.graphs.settled() if graph.graph_id == "broken")
    assert mended.state == "ready"
    assert (client.url, await pid_of(project)) == (url, pid)


async def test_restart_does_not_wait_for_code_that_blocks(connect: Open, project: Path) -> None:
    connection = connect()
    client = await connection.open()
    stream = client.runs.stream(await client.resolve("block"), input={"seconds": 100})
    async for event in stream:
        if event == Custom("blocking"):
            break
    async with asyncio.timeout(20):
        await connection.restart()
    with suppress(ServerGone):
        async for _ in stream:
            pass
    (thread,) = await client.threads.list(graph_id="block")
    assert thread.error is not None
    assert thread.error["error"] == "ServerStopped"


async def test_restart_ends_a_process_that_takes_no_request(connect: Open, project: Path) -> None:
    """Code that keeps the interpreter to itself stops everything, the API too."""
    code = "import re\nfrom graphs import Seen, one_node\n"
    code += 'graph = one_node(Seen, lambda state: print("begun", flush=True) or re.match("(a+)+$", "a" * 60 + "b"))\n'
    (project / "broken.py").write_text(code)
    connection = connect()
    client = await connection.open()
    await client.graphs.settled()
    stream = client.runs.stream(await client.resolve("broken"), input={})
    assert isinstance(await anext(stream), Accepted)
    log = project / ".playground" / "server.log"
    async with asyncio.timeout(20):
        while "begun" not in log.read_text():  # nothing can be asked any more
            await asyncio.to_thread(time.sleep, 0.05)
        await connection.restart()
    assert [event async for event in stream][-1] == Ended("error")
    (thread,) = await client.threads.list(graph_id="broken")
    assert thread.error is not None
    assert thread.error["error"] == "ServerDied"


async def test_a_server_that_takes_long_to_leave_is_followed_by_another(connect: Open, project: Path) -> None:
    """It has the store until it ends: the next one is started as soon as that is free."""
    first = connect()
    client = await first.open()
    pid = await pid_of(project)
    stream = client.runs.stream(await client.resolve("block"), input={"seconds": 3})
    async for event in stream:
        if event == Custom("blocking"):
            break
    os.kill(pid, signal.SIGTERM)
    await next_of(first, ServerBack)
    assert await pid_of(project) != pid
    (thread,) = await client.threads.list(graph_id="block")
    assert thread.error is not None
    assert thread.error["error"] == "ServerStopped"


@pytest.mark.parametrize(
    "left",
    [
        {"url": "http://127.0.0.1:1", "key": "x", "pid": 2**22 + 1},
        {"url": "http://127.0.0.1:1", "key": "x", "pid": os.getpid()},
        {"url": "http://elsewhere.example:80", "key": "x", "pid": os.getpid()},
        {"url": 7},
        [],
    ],
)
async def test_what_a_crash_left_behind_is_no_server(connect: Open, project: Path, left: object) -> None:
    store = project / ".playground"
    store.mkdir()
    (store / "server.json").write_text(json.dumps(left))
    client = await connect().open()
    assert "echo" in [graph.graph_id for graph in await client.graphs.list()]


async def test_another_program_on_the_old_port_is_not_taken_for_the_server(
    connect: Open, project: Path, start_server: StartServer
) -> None:
    other = start_server(PROJECTS / "runs")
    store = project / ".playground"
    store.mkdir()
    (store / "server.json").write_text(json.dumps({"url": other.url, "key": other.key, "pid": os.getpid()}))
    client = await connect().open()
    assert client.url != other.url


async def test_a_store_in_use_by_another_project(connect: Open, tmp_path: Path) -> None:
    await connect(store=tmp_path / "shared").open()
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(PROJECTS / "runs", elsewhere, ignore=shutil.ignore_patterns(".playground"))
    with pytest.raises(ConnectionFailed, match="in use by a server of another project"):
        await connect(project=elsewhere, store=tmp_path / "shared").open()


async def test_a_served_project_is_attached_to_with_its_key_only(
    connect: Open, project: Path, start_server: StartServer
) -> None:
    server = start_server(project, project / ".playground")
    with pytest.raises(ConnectionFailed, match="--key") as refused:
        await connect().open()
    assert server.key not in str(refused.value.__dict__)
    connection = connect(key=server.key)
    client = await connection.open()
    assert client.url == server.url
    with pytest.raises(UsageError, match="playground serve"):
        await connection.restart()


async def test_a_url_is_only_connected_to_again(connect: Open, start_server: StartServer) -> None:
    server = start_server(PROJECTS / "runs")
    connection = connect(url=server.url, key=server.key)
    await connection.open()
    server.kill()
    lost = await next_of(connection, ServerLost)
    assert lost.reason == f"The server at {server.url} went away."
    with pytest.raises(ConnectionFailed, match="does not answer"):
        await connection.restart()


@pytest.mark.parametrize(
    ("target", "sentence", "code"),
    [
        ({"url": "http://127.0.0.1:9"}, "does not answer (connection refused)", 3),
        ({"url": "localhost:2024"}, "write it as http://HOST:PORT", 2),
        ({"python": "/nowhere/python"}, "/nowhere/python cannot be started", 2),
        ({"python": "./no-python"}, "no-python cannot be started", 2),
    ],
)
async def test_what_cannot_be_reached_is_one_sentence(
    connect: Open, target: dict[str, str], sentence: str, code: int
) -> None:
    with pytest.raises(ConnectionFailed) as failed:
        await connect(**target).open()
    assert sentence in failed.value.sentence
    assert failed.value.exit_code == code
    assert "\n" not in failed.value.sentence


async def test_no_project_and_a_broken_one(connect: Open, tmp_path: Path, project: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConnectionFailed, match=r"no langgraph.json.*--demo") as missing:
        await connect(project=tmp_path / "empty").open()
    assert missing.value.exit_code == 2
    (project / "langgraph.json").write_text("{nonsense")
    with pytest.raises(ConnectionFailed, match=r"langgraph.json") as broken:
        await connect().open()
    assert broken.value.exit_code == 2
    assert "Traceback" not in str(broken.value.__dict__)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell script as interpreter")
async def test_an_interpreter_without_the_package(connect: Open, tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\necho '{sys.executable}: No module named playground' >&2\nexit 1\n")
    python.chmod(0o755)
    with pytest.raises(ConnectionFailed, match="install langgraph-playground beside the project's dependencies"):
        await connect(python=str(python)).open()
