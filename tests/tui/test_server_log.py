"""The server's log on the screen."""

from pathlib import Path

from playground.client.target import Target
from playground.tui.screens.server_log import ServerLog
from tests.servers import PROJECTS
from tests.tui.browsing import Browsing, StillApp


async def test_what_a_graph_prints_is_shown_as_it_comes(tmp_path: Path) -> None:
    app = StillApp(Target(project=PROJECTS / "runs", store=tmp_path / "store"))
    async with app.run_test(size=(100, 30)) as pilot:
        run = Browsing(app, pilot)
        await run.until(lambda: app.client is not None)
        client = app.connected_client
        await client.graphs.settled()
        await pilot.press("f3")
        await run.on_screen("ServerLog")
        async for _ in client.runs.stream(await client.resolve("quit"), input={}):
            pass
        await run.until(lambda: "leaving [/markup]" in run.text())
        assert "\x1b" not in run.text()
        await pilot.press("f3")
        assert not isinstance(app.screen, ServerLog)
