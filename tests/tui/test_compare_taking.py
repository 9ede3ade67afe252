"""What ran in a comparison is copied and written to files: all of it, and no secret."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.widgets import Input, Static

from playground.tui.screens.dialogs import Confirm
from playground.tui.screens.export import ExportDialog
from playground.tui.widgets.run_input import RunInput
from tests.servers import Server
from tests.tui.runs import HOSTILE, PROJECT, Running, running, two_versions

KEY = "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCD"


@pytest.fixture(scope="module")
def sayers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(PROJECT, Path(tmp_path_factory.mktemp("taking")) / "store").start()
    yield server
    server.kill()


async def export(run: Running, kind: int, path: Path) -> None:
    """Through the dialog, as a user does; over a file that is there only when asked again."""
    await run.pilot.press("x")
    await run.until(lambda: isinstance(run.app.screen, ExportDialog), "the dialog")
    await run.pilot.press(*["down"] * kind)
    run.app.screen.query_one(Input).value = str(path)
    there = await asyncio.to_thread(path.exists)
    await run.pilot.press("enter")
    if there:
        await run.until(lambda: isinstance(run.app.screen, Confirm), "the question")
        await run.pilot.press("y")
    await run.until(lambda: run.app.screen is run.compare, "the way back")


async def test_copies_and_files_have_what_ran_and_no_secret(sayers: Server, tmp_path: Path) -> None:
    await two_versions(sayers, "taken", {"say": f"Yes. {KEY}"}, {"say": HOSTILE})
    async with running(sayers) as run:
        await run.open_compare("taken@v1", "taken@v2")
        await run.type("may I?")
        await run.all_done()
        await run.leave_input()
        await run.pilot.press("y")
        await run.until(lambda: "Yes." in run.app.clipboard, "the copy of the pane")
        assert "may I?" in run.app.clipboard
        assert KEY not in run.app.clipboard
        await run.pilot.press("Y")
        await run.until(lambda: "### B" in run.app.clipboard, "the copy of all")
        assert KEY not in run.app.clipboard
        written = [tmp_path / name for name in ("a.html", "a.md", "a.json")]
        for kind, path in enumerate(written):
            await export(run, kind, path)
            await run.until(path.exists, str(path))
        texts = [path.read_text() for path in written]
        for text in texts:
            assert "may I?" in text
            assert "taken@v2" in text
            assert KEY not in text
        assert "[link](javascript:x)" in texts[0]
        assert "<a " not in texts[0]
        first, second = json.loads(texts[2])["panes"]
        assert first["turns"][0]["samples"][0]["title"] == "taken@v1"
        assert second["turns"][0]["summary"]["statuses"] == {"done": 1}
        written[2].write_text("mine")
        await export(run, 2, written[2])
        await run.until(lambda: written[2].read_text() != "mine", "written over, as was said")
        await export(run, 3, tmp_path / "a.svg")
        await run.until(lambda: "looks like a key" in str(run.compare.query_one("#problem", Static).render()))
        assert not await asyncio.to_thread((tmp_path / "a.svg").exists)


async def test_a_picture_of_the_screen(sayers: Server, tmp_path: Path) -> None:
    await two_versions(sayers, "drawn", {"say": "one"}, {"say": HOSTILE})
    async with running(sayers) as run:
        await run.open_compare("drawn@v1", "drawn@v2")
        await run.type("go")
        await run.all_done()
        await run.leave_input()
        await export(run, 3, tmp_path / "a.svg")
        await run.until((tmp_path / "a.svg").exists, "the picture")
        picture = (tmp_path / "a.svg").read_text()
        assert "drawn@v1" in picture
        assert 'url("http' not in picture
        assert "comparison.svg" not in picture, "the dialog doesn't lie over it"
        run.compare.query_one("#input", RunInput).text = f"is {KEY} a key"
        await export(run, 3, tmp_path / "b.svg")
        await run.until(lambda: "looks like a key" in str(run.compare.query_one("#problem", Static).render()))
        assert not await asyncio.to_thread((tmp_path / "b.svg").exists), "nor what was typed and not sent"
