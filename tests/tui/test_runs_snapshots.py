"""How Compare and Threads look, on the sample project, with clocks that stand still."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from playground.client.target import Target
from playground.tui.screens.compare import CompareScreen
from playground.tui.screens.samples import SamplesScreen
from playground.tui.screens.threads import ThreadsScreen
from playground.tui.widgets.run_input import RunInput
from tests.servers import SAMPLES, Server
from tests.tui.runs import Running, TestApp
from tests.tui.screen_text import screen_text

Snap = Callable[..., bool]
SIZES = [(80, 24), (120, 40), (200, 60)]
BLOG = "11111111-1111-4111-8111-111111111111"
SUPPORT = "22222222-2222-4222-8222-222222222222"


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The sample project with a blog writer of two versions."""
    server = Server(SAMPLES, Path(tmp_path_factory.mktemp("samples")) / "store").start()
    client = server.sync_client()
    client.assistants.create(
        "writer", assistant_id=BLOG, name="blog", context={"system_prompt": "Write a long blog post."}
    )
    client.assistants.update(BLOG, context={"system_prompt": "Write a concise tweet.", "include_hashtags": True})
    yield server
    server.kill()


@pytest.fixture(autouse=True)
def _clocks_stand_still(monkeypatch: pytest.MonkeyPatch) -> None:
    for screen in (CompareScreen, ThreadsScreen):
        monkeypatch.setattr(screen, "clock", staticmethod(lambda: 0.0))


def app_of(server: Server) -> TestApp:
    return TestApp(Target(url=server.url, key=server.key))


async def compared(pilot: Pilot[None], *refs: str) -> Running:
    run = Running(pilot.app, pilot)  # type: ignore[arg-type]
    await run.until(lambda: run.app.client is not None, "the connection")
    await run.open_compare(*refs)
    return run


async def answered(run: Running, text: str) -> None:
    """Everybody has answered, what ran is known, it is all laid out, and the focus is in the first pane."""
    await run.type(text)
    await run.all_done()
    panes = run.compare.panes
    await run.until(lambda: all(pane.conversation.ran for pane in panes), "what ran")
    await run.pilot.press("escape")
    shown = [pane for pane in panes if pane.is_on_screen]
    await run.until(lambda: panes[0].view.has_focus and all(pane.view.settled for pane in shown), "the layout")
    await run.pilot.pause(0.3)


@pytest.mark.parametrize("size", SIZES)
def test_compare(snap_compare: Snap, samples: Server, size: tuple[int, int]) -> None:
    async def before(pilot: Pilot[None]) -> None:
        run = await compared(pilot, "blog@v1", "blog@v2")
        await answered(run, "the history of tea")

    assert snap_compare(app_of(samples), run_before=before, terminal_size=size)


def test_compare_four(snap_compare: Snap, samples: Server) -> None:
    async def before(pilot: Pilot[None]) -> None:
        run = await compared(pilot, "blog@v1", "blog@v2", "writer", "support")
        await answered(run, "tea")

    assert snap_compare(app_of(samples), run_before=before, terminal_size=(120, 40))


@pytest.mark.parametrize("size", SIZES[:2])
def test_compare_empty(snap_compare: Snap, start_server: Callable[..., Server], size: tuple[int, int]) -> None:
    async def before(pilot: Pilot[None]) -> None:
        run = Running(pilot.app, pilot)  # type: ignore[arg-type]
        await run.until(lambda: run.app.client is not None, "the connection")
        await pilot.press("3")
        await run.until(lambda: run.app.current_mode == "compare")
        await pilot.pause(0.3)

    assert snap_compare(app_of(start_server()), run_before=before, terminal_size=size)


@pytest.mark.parametrize("size", SIZES)
def test_samples(snap_compare: Snap, samples: Server, size: tuple[int, int]) -> None:
    async def before(pilot: Pilot[None]) -> None:
        run = await compared(pilot, "blog@v1", "blog@v2")
        await answered(run, "tea")
        await pilot.press("5", "r")
        await run.until(lambda: isinstance(run.app.screen, SamplesScreen), "the samples")
        sides = run.compare.comparison.sides
        await run.until(lambda: not run.compare.samples.active and all(len(side.samples) == 5 for side in sides))
        await pilot.pause(0.3)

    assert snap_compare(app_of(samples), run_before=before, terminal_size=size)


def without_threads(server: Server) -> None:
    """Nothing ran on it."""
    client = server.sync_client()
    for thread in client.threads.search(limit=1000, select=["thread_id"]):
        client.threads.delete(thread["thread_id"])


@pytest.mark.parametrize("size", SIZES)
def test_a_thread_that_waits(snap_compare: Snap, samples: Server, size: tuple[int, int]) -> None:
    without_threads(samples)
    samples.sync_client().threads.create(thread_id=SUPPORT)

    async def before(pilot: Pilot[None]) -> None:
        run = Running(pilot.app, pilot)  # type: ignore[arg-type]
        await run.until(lambda: run.app.client is not None, "the connection")
        screen = await run.open_chat("support", SUPPORT)
        await run.until(lambda: isinstance(run.app.focused, RunInput))
        await run.type("My order 1234 arrived broken, please refund it.")
        card = screen.pane.card
        await run.until(lambda: card.has_focus and "asked by" in str(card.query_one("#question").render()), "who asks")
        screen.action_zoom()  # the list has times in it
        await pilot.pause(0.3)

    assert snap_compare(app_of(samples), run_before=before, terminal_size=size)


def test_no_threads(snap_compare: Snap, samples: Server) -> None:
    without_threads(samples)

    async def before(pilot: Pilot[None]) -> None:
        run = Running(pilot.app, pilot)  # type: ignore[arg-type]
        await run.until(lambda: run.app.client is not None, "the connection")
        await pilot.press("4")
        await run.until(lambda: run.app.current_mode == "threads")
        await run.until(lambda: "No threads" in screen_text(run.app), "the empty list")
        await pilot.pause(0.3)

    assert snap_compare(app_of(samples), run_before=before, terminal_size=(120, 40))
