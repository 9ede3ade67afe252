"""The real server, `langgraph dev`, on a few of our odd graphs."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

from playground.client.client import Client
from tests.servers import PROJECTS

GRAPHS = ("echo", "ask", "boom", "tokens", "sleep", "count")


@pytest.fixture(scope="module")
def dev_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its URL. It is started once, offline, in a folder of its own; everything that it keeps goes with it."""
    folder = tmp_path_factory.mktemp("dev")
    shutil.copy(PROJECTS / "runs" / "graphs.py", folder)
    manifest = {"dependencies": ["."], "graphs": {name: f"./graphs.py:{name}" for name in GRAPHS}}
    (folder / "langgraph.json").write_text(json.dumps(manifest))
    port = _free_port()
    command = ["langgraph", "dev", "--no-browser", "--no-reload", "--port", str(port), "--n-jobs-per-worker", "4"]
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
