"""A graph's own screen, on a real server with a graph of every shape."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from playground.client.values import Graph
from playground.tui.screens.graph import VIEWS, GraphScreen
from playground.tui.widgets.graph_drawing import GraphDrawing
from tests.servers import PROJECTS, Server
from tests.tui.browsing import Browsing, app_on


@pytest.fixture(scope="module")
def drawings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A graph of every shape."""
    server = Server(PROJECTS / "drawings", tmp_path_factory.mktemp("drawings") / "store").start()
    yield server
    server.kill()


@asynccontextmanager
async def looking(server: Server, graph_id: str, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Browsing]:
    """The app with the graph's screen over Browse, everything read."""
    app = app_on(server)
    async with app.run_test(size=size, notifications=True) as pilot:
        running = Browsing(app, pilot)
        await running.until(lambda: app.client is not None, "a server")
        await app.push_screen(GraphScreen(graph_id))
        await running.until(lambda: screen(running).is_read, "the graph")
        await running.settled()
        yield running


def screen(look: Browsing) -> GraphScreen:
    assert isinstance(look.app.screen, GraphScreen)
    return look.app.screen


async def show(look: Browsing, view: str) -> None:
    while screen(look).view != view:
        before = screen(look).view
        await look.press("tab")
        await look.until(lambda before=before: screen(look).view != before)
    await look.settled()


SHAPES = {
    "chain": ["○ start", "● plan", "● write", "● check", "○ end"],
    "branch": ["├⇢ refund  → close", "├⇢ answer  → close", "◆ close"],
    "loop": ["├⇢ tools (yes)  ↺ agent", "└⇢ end (no)"],
    "fan": ["├→ left  → sum", "├→ right  → sum", "│  ● question  → sum", "◆ sum"],
    "many": ["├⇢ search  ↺ supervisor", "├⇢ publish  ↺ supervisor", "└⇢ end"],
    "react": ["├⇢ tools  ↺ agent", "└⇢ end"],
    "functional": ["● functional", "⇣"],
    "hostile": ["● [/bold] [red]x[/] [31mred gnp.exe {0} second line", "● 日本語のノード"],
}


async def test_each_shape_is_drawn_and_every_view_takes_hostile_text(drawings: Server) -> None:
    async with looking(drawings, "chain", (80, 24)) as look:
        for graph_id, lines in SHAPES.items():
            await look.app.push_screen(GraphScreen(graph_id))
            await look.until(lambda lines=lines: all(line in look.text() for line in lines), graph_id)
        for view, _ in VIEWS:
            await show(look, view)
            assert not set("\x1b\x07\u202e") & set(look.text())


async def test_subgraphs_open_and_close_in_place(drawings: Server) -> None:
    async with looking(drawings, "nested") as look:
        assert "┃ ┃ ● agent" in look.text()
        await look.press("E")
        await look.until(lambda: "▸ middle" in look.text())
        assert "agent" not in look.text()
        await look.press("down", "down", "down", "down", "enter")
        await look.until(lambda: "┃ ▸ inner" in look.text())
        await look.press("down", "down", "down", "right")
        await look.until(lambda: "┃ ┃ ● agent" in look.text())
        await look.press("down", "down", "down")
        await look.until(lambda: re.search(r"agent +in middle › inner", look.text()))
        assert re.search(r"to +⇢ tools \(yes\) +⇢ end \(no\)", look.text())
        await look.press("left")
        await look.until(lambda: "┃ ▸ inner" in look.text())


async def test_sixty_nodes_to_walk_through_and_to_copy(drawings: Server) -> None:
    async with looking(drawings, "sixty") as look:
        lines = screen(look).query_one(GraphDrawing).list
        assert lines.move_to("node join_3")
        await look.until(lambda: "from  → worker_3_0  → worker_3_1" in look.text())
        assert "→ stage_4" in look.text()
        await look.press("y")
        await look.until(lambda: "◆ join_9  ⇢ ↺ stage_0 (no)  ⇢ ↺ stage_9 (yes)\n" in look.app.clipboard)
        await look.press("Y")
        await look.until(lambda: look.app.clipboard.startswith("graph TD\n"))
        assert '-.->|"yes"|' in look.app.clipboard


async def test_the_source_is_shown_and_opened_at_its_line(drawings: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    code = PROJECTS / "drawings" / "shapes.py"
    line = next(n for n, text in enumerate(code.read_text().splitlines(), 1) if text.startswith("loop = "))
    opened: list[tuple[str, int | None]] = []
    async with looking(drawings, "loop") as look:
        await show(look, "source")
        await look.until(lambda: f"▌{line:>3}  loop = make_loop().compile()" in look.text())
        assert f"shapes.py:{line}" in look.text()
        monkeypatch.setattr(look.app, "open_editor", lambda path, line=None: opened.append((path, line)))
        await look.press("f4")
        await look.until(lambda: opened)
    assert opened == [(str(code), line)]


async def test_schemas_are_fields_and_json_on_a_key(shared_server: Server) -> None:
    async with looking(shared_server, "writer") as look:
        await show(look, "input")
        assert re.search(r"messages +list of message", look.text())
        await show(look, "context")
        assert re.search(r"temperature +number ≥ 0 ≤ 2", look.text())
        assert "default 0.7  ·  node write" in look.text()
        await look.press("J")
        await look.until(lambda: '"langgraph_nodes"' in look.text() or '"properties"' in look.text())
        await look.press("y")
        await look.until(lambda: '"temperature"' in look.app.clipboard)


async def test_a_graph_that_failed_says_why_and_how_on_a_key(drawings: Server) -> None:
    async with looking(drawings, "broken") as look:
        await look.until(lambda: "RuntimeError: no [/key]" in look.text())
        assert "Traceback" not in look.text()
        await look.press("f2")
        await look.on_screen("ErrorDetails")
        assert 'raise RuntimeError("no [/key]' in look.text()


async def test_it_follows_the_code_and_leads_back(drawings: Server) -> None:
    async with looking(drawings, "loop") as look:
        here = screen(look)
        here._graph = Graph("loop", "failed", "It broke.", "Traceback")  # as it was before the code was mended
        here._show()
        await look.until(lambda: "It broke." in look.text())
        look.app.graphs_changed([Graph("loop", "ready")])
        await look.until(lambda: "├⇢ tools (yes)" in look.text())
        look.app.browse("chain")
        await look.on_screen("BrowseScreen")
        assert len(look.app.screen_stack) == 1
        assert here not in look.app.screens_opened
