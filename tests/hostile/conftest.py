"""A server for those who mean it ill, and a check that it is well afterwards."""

from collections.abc import Iterator

import httpx
import pytest

from tests.servers import PROJECTS, Server


@pytest.fixture(scope="session")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server on graphs with hostile output."""
    server = Server(PROJECTS / "hostile", tmp_path_factory.mktemp("target") / "store").start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def client(target: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=target.url, headers={"x-api-key": target.key}, timeout=30, trust_env=False) as client:
        yield client


@pytest.fixture
def http(client: httpx.Client, target: Server) -> Iterator[httpx.Client]:
    """A client with the key. After the test the server still answers, and nothing failed inside it."""
    yield client
    assert client.get("/ok").json()["ok"] is True
    assert " failed\n" not in target.output
