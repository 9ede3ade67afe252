"""A client of a real server whose graphs do one odd thing each."""

from collections.abc import AsyncIterator, Iterator

import pytest

from playground.client.client import Client
from tests.servers import PROJECTS, Server


@pytest.fixture(scope="session")
def odd_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Shared by all tests of the client: what they make has names of its own."""
    server = Server(PROJECTS / "runs", tmp_path_factory.mktemp("odd") / "store").start()
    yield server
    server.kill()


@pytest.fixture
async def client(odd_server: Server) -> AsyncIterator[Client]:
    client = await Client.connect(odd_server.url, odd_server.key)
    yield client
    await client.close()
