"""The real server, `langgraph dev`: on a few of our odd graphs, and on those of the comparison, beside ours."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx
import pytest
from langgraph_sdk import get_client
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

from playground.client.client import Client
from tests.compatibility.differential import Side
from tests.servers import KEY, PROJECTS, Server

GRAPHS = ("echo", "ask", "boom", "tokens", "sleep", "count")
FOUR_JOBS = ("--n-jobs-per-worker", "4")  # by default it is one at a time
MANY_JOBS = ("--n-jobs-per-worker", "30")


@pytest.fixture(scope="module")
def dev_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its URL."""
    folder = tmp_path_factory.mktemp("dev")
    shutil.copy(PROJECTS / "runs" / "graphs.py", folder)
    manifest = {"dependencies": ["."], "graphs": {name: f"./graphs.py:{name}" for name in GRAPHS}}
    (folder / "langgraph.json").write_text(json.dumps(manifest))
    with langgraph_dev(folder, *FOUR_JOBS) as url:
        yield url


@pytest.fixture(scope="session")
def real_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of `langgraph dev` on the graphs of the comparison."""
    folder = tmp_path_factory.mktemp("real") / "project"
    shutil.copytree(PROJECTS / "differential", folder, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    with langgraph_dev(folder, *MANY_JOBS) as url:
        yield url


@pytest.fixture(scope="session")
def our_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of our server on the graphs of the comparison."""
    store = tmp_path_factory.mktemp("ours") / "store"
    server = Server(PROJECTS / "differential", store, env={"PLAYGROUND_RUNS": "30"}).start()
    yield server.url
    server.kill()


@asynccontextmanager
async def side(url: str) -> AsyncIterator[Side]:
    """A server as the scenarios use it."""
    async with httpx.AsyncClient(base_url=url, headers={"x-api-key": KEY}, timeout=30, trust_env=False) as http:
        yield Side(get_client(url=url, api_key=KEY), http)


@contextmanager
def langgraph_dev(folder: Path, *options: str) -> Iterator[str]:
    """The real server's URL. It is started offline; everything that it keeps goes with the folder."""
    port = _free_port()
    command = ["langgraph", "dev", "--no-browser", "--no-reload", "--port", str(port), *options]
    executable = Path(sys.executable).parent / command[0]
    offline = {"LANGSMITH_TRACING": "false", "LANGGRAPH_CLI_NO_ANALYTICS": "1", "NO_PROXY": "*"}
    with (folder / "output.log").open("w") as log:
        process = subprocess.Popen(
            [str(executable), *command[1:]],
            cwd=folder,
            env=os.environ | offline,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        _answers(f"http://127.0.0.1:{port}/ok")
        yield f"http://127.0.0.1:{port}"
    except httpx.HTTPError as error:
        raise AssertionError((folder / "output.log").read_text()) from error
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture
async def dev(dev_server: str) -> AsyncIterator[Client]:
    client = await Client.connect(dev_server)
    yield client
    await client.close()


@retry(retry=retry_if_exception_type(httpx.HTTPError), wait=wait_fixed(0.1), stop=stop_after_delay(30), reraise=True)
def _answers(url: str) -> None:
    httpx.get(url, trust_env=False).raise_for_status()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
