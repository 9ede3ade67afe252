"""A real server, in a process of its own, for every test that needs one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import SAMPLES, Server, StartServer


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[StartServer]:
    """Starts servers that end with the test: `start_server(project=SAMPLES, store=None, **env)`."""
    started: list[Server] = []

    def start(project: Path = SAMPLES, store: Path | None = None, **env: str) -> Server:
        server = Server(project, store or tmp_path / f"store{len(started)}", env=env).start()
        started.append(server)
        return server

    yield start
    for server in started:
        if server.process is not None:
            server.kill()


@pytest.fixture
def server(start_server: StartServer) -> Server:
    """The sample project on a fresh store."""
    return start_server()


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The sample project, for tests that don't mind what others left in its store."""
    server = Server(SAMPLES, tmp_path_factory.mktemp("shared") / "store").start()
    yield server
    server.kill()
