"""What the Edit screen looks like at the three sizes that count."""

import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from playground.client.target import Target
from playground.tui.app import PlaygroundApp
from playground.tui.screens.edit_save import SaveDialog
from tests.servers import SAMPLES, Server
from tests.tui.edit_help import HEAT, NOW, PROMPT, Driver

PROMPT_TEXT = """You are the support agent of {company}.

Ask for the order id before any refund.
- Be brief, and never promise what the tools did not say.
- Escape nothing: [b]this[/b] is text, and so is \\x1b[31mthis.
"""
SIZES = [(80, 24), (120, 40), (200, 60)]


class SnapshotApp(PlaygroundApp):
    """Without the random port of the test's server."""

    @property
    def place(self) -> str:
        return "~/code/support-bot"


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Where nobody else has typed anything: what wasn't sent yet comes back, on every screen."""
    server = Server(SAMPLES, tmp_path_factory.mktemp("pictures") / "store").start()
    yield server
    server.kill()


@pytest.fixture
def app(server: Server) -> SnapshotApp:
    return SnapshotApp(Target(project=None, store=None, url=server.url, key=server.key), clock=lambda: NOW)


@pytest.fixture
def assistant_id(server: Server) -> str:
    sdk = server.sync_client()
    context = {"system_prompt": PROMPT_TEXT, "temperature": 0.5, "tools": ["lookup_order"], "a key of its own": [1]}
    made = sdk.assistants.create("support", context=context, name="Support with a rather long name")
    return made["assistant_id"]


async def opened(pilot: Pilot[None], assistant_id: str) -> Driver:
    app = pilot.app
    assert isinstance(app, PlaygroundApp)
    driver = Driver(app, pilot)
    await driver.until(lambda: app.client is not None)
    await driver.open(assistant_id)
    return driver


async def edited(pilot: Pilot[None], assistant_id: str) -> Driver:
    """A draft with a changed prompt, a bad number and a ticked box."""
    driver = await opened(pilot, assistant_id)
    editing = driver.screen.session.editing if driver.screen.session else None
    assert editing is not None
    editing.write(PROMPT, PROMPT_TEXT.replace("brief", "kind"))
    editing.write(HEAT, "2.5")
    await driver.screen.changed()
    await driver.until(lambda: driver.screen.session and driver.screen.session.is_stored)
    await driver.until(lambda: "autosaved" in driver.text())
    await driver.go_to(HEAT)
    await driver.until(lambda: driver.text().count("must be ≤ 2") == 2)
    return driver


Snapshot = Callable[..., bool]
Before = Callable[[Pilot[None]], Awaitable[Any]]


@pytest.mark.parametrize("size", SIZES)
def test_a_draft_with_a_problem(snap_compare: Snapshot, app: SnapshotApp, assistant_id: str, size: Any) -> None:
    async def before(pilot: Pilot[None]) -> None:
        await edited(pilot, assistant_id)

    assert snap_compare(app, terminal_size=size, run_before=before)


@pytest.mark.parametrize("size", SIZES)
def test_the_draft_as_yaml_in_the_light(snap_compare: Snapshot, app: SnapshotApp, assistant_id: str, size: Any) -> None:
    async def before(pilot: Pilot[None]) -> None:
        app.theme = "textual-light"
        driver = await edited(pilot, assistant_id)
        await driver.press("Y")
        await driver.until(lambda: "context as YAML" in driver.text() and "temperature must be ≤ 2" in driver.text())
        driver.context_text("yaml").cursor_blink = False
        await driver.until(lambda: driver.context_text("yaml").has_focus)

    assert snap_compare(app, terminal_size=size, run_before=before)


@pytest.mark.parametrize("size", SIZES)
def test_the_diff(snap_compare: Snapshot, app: SnapshotApp, assistant_id: str, size: Any) -> None:
    async def before(pilot: Pilot[None]) -> None:
        driver = await edited(pilot, assistant_id)
        await driver.press("d")
        await driver.until(lambda: "v1 → draft" in driver.text() and "temperature" in driver.text())
        await driver.until(lambda: driver.screen.query_one("#diff-scroll").has_focus)

    assert snap_compare(app, terminal_size=size, run_before=before)


@pytest.mark.parametrize("size", SIZES)
def test_the_question_before_a_save(snap_compare: Snapshot, app: SnapshotApp, assistant_id: str, size: Any) -> None:
    async def before(pilot: Pilot[None]) -> None:
        driver = await edited(pilot, assistant_id)
        await driver.press("u")
        await driver.until(lambda: not driver.field(*HEAT).changed)
        await driver.press("ctrl+s")
        await driver.until(lambda: isinstance(driver.app.screen, SaveDialog) and "Go on editing" in driver.text())
        await driver.until(lambda: driver.app.screen.query_one("#note").has_focus)
        driver.app.screen.query_one("#note", Input)._pause_blink(visible=True)

    assert snap_compare(app, terminal_size=size, run_before=before)


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_open(snap_compare: Snapshot, start_server: Any, size: Any) -> None:
    server = start_server()
    app = SnapshotApp(Target(project=None, store=None, url=server.url, key=server.key), clock=lambda: NOW)

    async def before(pilot: Pilot[None]) -> None:
        driver = Driver(app, pilot)
        await driver.until(lambda: app.client is not None)
        await driver.press("2")
        await driver.until(lambda: "No assistant is open." in driver.text())

    assert snap_compare(app, terminal_size=size, run_before=before)
