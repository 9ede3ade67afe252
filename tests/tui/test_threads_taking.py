"""A thread is written to files, and its turns are replayed on another version."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.widgets import Input

from playground.tui.screens.export import ExportDialog
from playground.tui.screens.pick_file import PickFile
from playground.tui.screens.pick_ref import PickRef
from playground.tui.screens.replay import ReplayScreen
from tests.servers import Server
from tests.tui.runs import HOSTILE, PROJECT, Running, running, two_versions

KEY = "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCD"


@pytest.fixture(scope="module")
def sayers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(PROJECT, Path(tmp_path_factory.mktemp("away")) / "store").start()
    yield server
    server.kill()


async def said(run: Running, text: str) -> None:
    """Type a line, and wait for its answer."""
    conversation = run.threads.conversation
    assert conversation is not None
    turns = len(conversation.transcript.turns)
    await run.type(text)
    await run.until(lambda: len(conversation.transcript.turns) > turns and conversation.status == "done", "the answer")


async def export(run: Running, kind: int, path: Path) -> None:
    await run.pilot.press("x")
    await run.until(lambda: isinstance(run.app.screen, ExportDialog), "the dialog")
    await run.pilot.press(*["down"] * kind)
    run.app.screen.query_one(Input).value = str(path)
    await run.pilot.press("enter")
    await run.until(lambda: run.app.screen is run.threads, "the way back")
    await run.until(path.exists, "the file")


async def test_files_have_what_was_said_and_no_key(sayers: Server, tmp_path: Path) -> None:
    await two_versions(sayers, "taken", {"say": "Yes."}, {"say": f"{HOSTILE} {KEY}"})
    async with running(sayers) as run:
        await run.open_chat("taken@v2")
        await said(run, "may I?")
        await run.leave_input()
        for kind, ending in enumerate(("html", "md", "json", "py")):
            path = tmp_path / f"thread.{ending}"
            await export(run, kind, path)
            text = path.read_text()
            assert "may I?" in text, ending
            assert KEY not in text, ending
            assert "\x1b" not in text, ending
        assert json.loads((tmp_path / "thread.json").read_text())["graph_id"] == "sayer"
        assert "<script" not in (tmp_path / "thread.html").read_text()
        assert "taken@v2" in (tmp_path / "thread.md").read_text()
        original = run.threads.thread_id
        await run.pilot.press("I")
        await run.until(lambda: isinstance(run.app.screen, PickFile), "the choice of a file")
        run.app.screen.query_one(Input).value = str(tmp_path / "thread.json")
        await run.pilot.press("enter")
        await run.until(lambda: run.threads.thread_id not in (None, original), "the thread that is made of it")
        await run.until(lambda: "may I?" in run.threads.pane.chat.text, "what was said")


async def test_a_replay_says_where_the_answers_part(sayers: Server) -> None:
    assistant_id = await two_versions(sayers, "again", {"say": "Yes."}, {"say": "No."})
    async with running(sayers) as run:
        threads = await run.open_chat("again@v1")
        await said(run, "one")
        await said(run, "two")
        original = threads.thread_id
        assert original is not None
        await run.leave_input()
        await run.pilot.press("B")
        await run.until(lambda: isinstance(run.app.screen, PickRef), "the choice")
        run.app.screen.query_one(Input).value = "again@v2"
        await run.pilot.press("enter")
        await run.until(lambda: isinstance(run.app.screen, ReplayScreen), "the replay")
        screen = run.app.screen
        assert isinstance(screen, ReplayScreen)
        await run.until(lambda: screen.replay.over, "its end")
        assert [row.verdict for row in screen.replay.rows()] == ["differs", "differs"]
        assert [row.replay.title for row in screen.replay.rows() if row.replay] == ["again@v2"] * 2
        replayed = screen.replay.conversation.thread_id
        assert replayed is not None
        await run.until(lambda: screen.check_action("open", ()), "the key")
        await run.pilot.press("o")
        await run.until(lambda: run.app.screen is run.threads and threads.thread_id == replayed, "the new thread")
    client = sayers.client()
    runs = await client.runs.list(replayed)
    assert {(one["assistant_id"], (one.get("metadata") or {}).get("assistant_version")) for one in runs} == {
        (assistant_id, 2)
    }
    assert len(await client.runs.list(original)) == 2
