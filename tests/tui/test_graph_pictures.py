"""What a graph's own screen looks like at the three sizes that count."""

from collections.abc import Awaitable, Callable, Iterator

import pytest
from textual.pilot import Pilot

from playground.tui.app import PlaygroundApp
from playground.tui.screens.graph import GraphScreen
from playground.tui.widgets.graph_drawing import GraphDrawing
from tests.servers import PROJECTS, Server
from tests.tui.browsing import Browsing, StillApp, app_on

pytestmark = pytest.mark.xdist_group("pictures")

SIZES = [(80, 24), (120, 40), (200, 60)]


@pytest.fixture(scope="module")
def drawings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A graph of every shape."""
    server = Server(PROJECTS / "drawings", tmp_path_factory.mktemp("drawings") / "store").start()
    yield server
    server.kill()


@pytest.fixture
def app(drawings: Server) -> StillApp:
    return app_on(drawings)


def looking(graph_id: str, view: str = "drawing", node: str = "") -> Callable[[Pilot[None]], Awaitable[None]]:
    """What is done before the picture is taken."""

    async def run(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, PlaygroundApp)
        running = Browsing(app, pilot)
        await running.until(lambda: app.client is not None)
        screen = GraphScreen(graph_id)
        await app.push_screen(screen)
        await running.until(lambda: screen.is_read)
        while screen.view != view:
            before = screen.view
            await running.press("tab")
            await running.until(lambda before=before: screen.view != before)
        if node:
            drawn = screen.query_one(GraphDrawing).list
            await running.until(lambda: drawn.size.height > 0)
            await running.settled()
            assert drawn.move_to(f"node {node}")
        app.clear_notifications()
        await running.settled()

    return run


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_subgraphs_two_deep(snap_compare: Callable[..., bool], app: StillApp, size: tuple[int, int]) -> None:
    assert snap_compare(app, terminal_size=size, run_before=looking("nested", node="middle:inner:agent"))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_sixty_nodes(snap_compare: Callable[..., bool], app: StillApp, size: tuple[int, int]) -> None:
    assert snap_compare(app, terminal_size=size, run_before=looking("sixty", node="join_1"))


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
def test_hostile_names(snap_compare: Callable[..., bool], app: StillApp, theme: str) -> None:
    app.theme = theme
    assert snap_compare(app, terminal_size=(80, 24), run_before=looking("hostile"))


def test_a_graph_that_failed(snap_compare: Callable[..., bool], app: StillApp) -> None:
    assert snap_compare(app, terminal_size=(80, 24), run_before=looking("broken"))


def test_fields_of_an_input(snap_compare: Callable[..., bool], app: StillApp) -> None:
    assert snap_compare(app, terminal_size=(120, 40), run_before=looking("numbers", "input"))
