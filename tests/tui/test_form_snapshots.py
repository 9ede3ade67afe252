"""What a form with every kind of field looks like: set, default, wrong, folded, and deep in a recursive one."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from textual.pilot import Pilot

from playground.client.target import Target
from playground.tui.app import PlaygroundApp
from playground.tui.widgets.form_info import FieldInfo
from tests.servers import PROJECTS, Server
from tests.tui.edit_help import NOW, Driver

CONTEXT = {
    "company": "A",
    "tone": "loud",
    "signature": None,
    "budget": 55,
    "tools": ["search", "refund"],
    "keywords": ["stop", "that is enough, thank you very much for all of it"],
    "examples": [{"question": "Where is my parcel?", "weight": 2}, {"answer": "There."}],
    "source": {"kind": "web", "sites": ["https://example.com/[b]not markup[/b]"]},
    "either": "two",
    "headers": {"accept": "text/html", "x-trace": ""},
    "plan": {"title": "Refund", "steps": [{"title": "Ask", "steps": [{"title": "for the order id"}]}]},
    "api_key": "sk-never-shown",
    "left over": {"from": "an older version"},
}
Snapshot = Callable[..., bool]


class SnapshotApp(PlaygroundApp):
    """Without the random port of the test's server."""

    @property
    def place(self) -> str:
        return "~/code/every-kind"


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(PROJECTS / "every_kind", tmp_path_factory.mktemp("kinds") / "store").start()
    yield server
    server.kill()


@pytest.fixture
def app(kinds: Server, monkeypatch: pytest.MonkeyPatch) -> SnapshotApp:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    return SnapshotApp(Target(project=None, store=None, url=kinds.url, key=kinds.key), clock=lambda: NOW)


LOOKS = [((80, 24), "textual-dark"), ((120, 40), "textual-dark"), ((120, 40), "textual-light"), ((200, 60), "nord")]


@pytest.mark.parametrize(("size", "theme"), LOOKS)
@pytest.mark.parametrize("field", ["tools", "plan"])
def test_every_kind(snap_compare: Snapshot, app: SnapshotApp, kinds: Server, size: Any, theme: str, field: str) -> None:
    made = kinds.sync_client().assistants.create("every_kind", context=CONTEXT, name="Every kind")

    async def before(pilot: Pilot[None]) -> None:
        driver = Driver(app, pilot)
        await driver.until(lambda: app.client is not None)
        app.theme = theme
        await driver.open(made["assistant_id"])
        screen, form = driver.screen, driver.screen.form_view.form
        await driver.until(lambda: screen.session and not screen.checks.needs_asking(screen.session))
        form.move_to(("context", field))
        await driver.until(lambda: (told := screen.query_one(FieldInfo)._shown[0]) and told.path[-1] == field)
        await driver.until(lambda: f" {field}  " in driver.text())

    assert snap_compare(app, terminal_size=size, run_before=before)
