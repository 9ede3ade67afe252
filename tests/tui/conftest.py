"""What every test of the screens needs: a user's folders of its own, and no tmux around it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.servers import Server
from tests.tui.browsing import PROJECT, Browsing, browsing, empty, seed


@pytest.fixture(autouse=True, scope="session")
def same_name() -> Iterator[None]:
    """Labels say who put them there: in the pictures the same one for everybody."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOGNAME", "robin")
        yield


@pytest.fixture(scope="session", autouse=True)
def same_user() -> Iterator[None]:
    """Whoever labels a version in a test is called the same everywhere: pictures show it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOGNAME", "ann")
        yield


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is remembered from, or for, the user who runs the tests."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("TMUX", raising=False)


@pytest.fixture(scope="module")
def shelf_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """What `shelf` fills for each test: to start a server for each would take longer than most of them."""
    server = Server(PROJECT, tmp_path_factory.mktemp("shelf") / "store").start()
    yield server
    server.kill()


@pytest.fixture
async def shelf(shelf_server: Server) -> Server:
    """A server with some assistants, for one test."""
    if shelf_server.process is None:
        shelf_server.start()
    await empty(shelf_server)
    await seed(shelf_server)
    return shelf_server


@pytest.fixture
async def browse(shelf: Server) -> AsyncIterator[Browsing]:
    """The Browse screen on it, 120×40, everything loaded."""
    async with browsing(shelf) as running:
        yield running


@pytest.fixture(scope="module")
def still_shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with some assistants that nobody changes, for pictures."""
    import asyncio

    server = Server(PROJECT, tmp_path_factory.mktemp("still") / "store").start()
    asyncio.run(seed(server))
    yield server
    server.kill()
