"""What the frame and Browse look like, as pictures: three sizes, a dark and a light theme, and every state.

The data is the same each time; ages read `now`, since the app's clock stands before anything was made.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from playground.client.target import Target
from playground.client.values import ServerLost
from playground.tui.app import PlaygroundApp
from playground.tui.widgets import changes_pane
from tests.servers import Server
from tests.tui.browsing import Browsing, StillApp, app_on, loaded

pytestmark = pytest.mark.xdist_group("pictures")


@pytest.fixture(autouse=True)
def same_date(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was made for a picture was made at one moment."""
    monkeypatch.setattr(changes_pane, "date", lambda _: "2026-11-22 14:03:59")


SIZES = [(80, 24), (120, 40), (200, 60)]
Step = Callable[[Browsing], Awaitable[None]]


def browsing(*steps: Step) -> Callable[[Pilot[None]], Awaitable[None]]:
    """What is done before the picture is taken."""

    async def run(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, PlaygroundApp)
        await loaded(pilot)
        browse = Browsing(app, pilot)
        await browse.choose_assistant("blog writer")
        for step in steps:
            await step(browse)
        for field in app.screen.query(Input):
            field.cursor_blink = False
        app.clear_notifications()
        await browse.settled()

    return run


async def two_marked(browse: Browsing) -> None:
    for number, version in enumerate(("1", "2"), 1):
        await browse.choose("versions", version)
        await browse.press("space")
        await browse.until(lambda words=f"Compare({number})": words in browse.text(), "the mark")


def key(name: str, screen: str = "BrowseScreen") -> Step:
    """Press a key and wait for the screen that it opens."""

    async def step(browse: Browsing) -> None:
        await browse.press(name)
        await browse.on_screen(screen)

    return step


async def broken_graph(browse: Browsing) -> None:
    await browse.choose("graphs", "broken")
    await browse.until(lambda: "✘ Importing" in browse.text(), "why it failed")


async def nothing_matches(browse: Browsing) -> None:
    await browse.press("slash", *"zzz")
    await browse.until(lambda: "Nothing matches" in browse.text(), "the filter")


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
@pytest.mark.parametrize("size", SIZES)
def test_browse(snap_compare: Any, still_shelf: Server, size: tuple[int, int], theme: str) -> None:
    app = app_on(still_shelf)
    app.theme = theme
    assert snap_compare(app, terminal_size=size, run_before=browsing(two_marked))


@pytest.mark.parametrize("size", SIZES[:2])
@pytest.mark.parametrize(
    "steps",
    [
        pytest.param((broken_graph,), id="broken"),
        pytest.param((nothing_matches,), id="filtered"),
        pytest.param((two_marked, key("d", "DiffScreen")), id="diff"),
        pytest.param((key("f", "Ask"),), id="fork"),
        pytest.param((key("D", "Confirm"),), id="delete"),
        pytest.param((key("question_mark", "HelpScreen"),), id="help"),
        pytest.param((key("ctrl+o", "JumpScreen"),), id="jump"),
        pytest.param((key("z"),), id="zoom"),
    ],
)
def test_states(snap_compare: Any, still_shelf: Server, size: tuple[int, int], steps: tuple[Step, ...]) -> None:
    assert snap_compare(app_on(still_shelf), terminal_size=size, run_before=browsing(*steps))


def on_version(number: str) -> Step:
    """Put the cursor on a version."""

    async def step(browse: Browsing) -> None:
        await browse.choose("versions", number)

    return step


async def moving_prod(browse: Browsing) -> None:
    await browse.press("down")
    await browse.until(lambda: "It moves to v1." in browse.text(), "where the label is")


@pytest.mark.parametrize(
    ("steps", "size", "theme"),
    [
        pytest.param((on_version("1"), key("L", "LabelDialog"), moving_prod), SIZES[0], "textual-dark", id="label"),
        pytest.param((on_version("1"), key("L", "LabelDialog"), moving_prod), SIZES[1], "textual-light", id="light"),
        pytest.param((on_version("2"), key("p", "Confirm")), SIZES[0], "textual-dark", id="active"),
        pytest.param((key("m", "MetadataDialog"),), SIZES[0], "textual-dark", id="metadata"),
        pytest.param((key("x", "ExportDialog"),), SIZES[1], "textual-dark", id="export"),
    ],
)
def test_dialogs(
    snap_compare: Any, still_shelf: Server, steps: tuple[Step, ...], size: tuple[int, int], theme: str
) -> None:
    app = app_on(still_shelf)
    app.theme = theme
    assert snap_compare(app, terminal_size=size, run_before=browsing(*steps))


@pytest.mark.parametrize("size", SIZES[:2])
def test_no_project(snap_compare: Any, tmp_path: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    async def failed(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, PlaygroundApp)
        await Browsing(app, pilot).on_screen("FailureScreen")

    monkeypatch.chdir(tmp_path)
    assert snap_compare(StillApp(Target()), terminal_size=size, run_before=failed)


@pytest.mark.parametrize("size", SIZES[:2])
def test_the_server_is_away(snap_compare: Any, still_shelf: Server, size: tuple[int, int]) -> None:
    async def lost(browse: Browsing) -> None:
        browse.app.disconnected(ServerLost("The server was killed by SIGKILL.", ("last line",)))
        await browse.until(lambda: "The server went away" in browse.text(), "the toast")

    assert snap_compare(app_on(still_shelf), terminal_size=size, run_before=browsing(lost))
