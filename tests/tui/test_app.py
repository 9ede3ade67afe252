"""The frame: connection, failure, palette, help, jump, themes."""

import gc
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from textual.widgets import Input
from textual.widgets._toast import Toast

from playground.client.errors import PlaygroundError
from playground.client.target import Target
from playground.tui.app import PlaygroundApp
from playground.tui.ui_state import read_theme
from playground.tui.widgets.banner import Banner
from playground.tui.widgets.row_list import RowList
from tests.servers import PROJECTS, Server, StartServer
from tests.tui.browsing import PROJECT, Browsing, StillApp, app_on, browsing, loaded

HEAVY = ("langgraph_sdk", "pydantic", "httpx", "jsonschema", "langgraph", "tinydb", "playground.client.client")
LATER = ("playground.tui.screens.edit", "playground.tui.screens.compare", "playground.tui.screens.threads")


def test_nothing_heavy_is_imported_before_the_first_paint() -> None:
    code = "import json, sys, playground.tui.app; print(json.dumps(list(sys.modules)))"
    modules = json.loads(
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout
    )
    assert not [name for name in (*HEAVY, *LATER) if name in modules]


async def test_without_a_project_the_whole_screen_says_so(tmp_path: Path) -> None:
    app = PlaygroundApp(Target(project=tmp_path))
    async with app.run_test(size=(100, 30)) as pilot:
        run = Browsing(app, pilot)
        await run.on_screen("FailureScreen")
        assert "There is no langgraph.json" in run.text()
        assert "--demo" in " ".join(run.text().split())
        await pilot.press("enter")
        await run.on_screen("FailureScreen")
        await pilot.press("q")
    assert app.return_code == 0


async def test_a_project_that_cannot_start_shows_why(tmp_path: Path) -> None:
    (tmp_path / "langgraph.json").write_text('{"graphs": {')
    app = PlaygroundApp(Target(project=tmp_path))
    async with app.run_test(size=(100, 30)) as pilot:
        run = Browsing(app, pilot)
        await run.on_screen("FailureScreen")
        assert "langgraph.json" in run.text()
        assert "Traceback" not in run.text()


async def test_a_killed_server_is_said_and_comes_back(tmp_path: Path) -> None:
    app = StillApp(Target(project=PROJECT, store=tmp_path / "store"))
    async with app.run_test(size=(120, 40)) as pilot:
        run = Browsing(app, pilot)
        await loaded(pilot)
        banner = run.screen.query_one(Banner)
        announced = tmp_path / "store" / "server.json"
        os.kill(json.loads(announced.read_text())["pid"], signal.SIGKILL)
        await run.until(lambda: "Reconnecting…" in run.text(), "the banner")
        await run.until(lambda: not banner.has_class("-shown"), "the reconnection")
        assert "SIGKILL" in app.details[0]  # what F2 shows
        await run.choose("graphs", "writer")
        assert [row.cells[0].plain for row in run.screen.query_one("#assistants-list", RowList).rows]


@pytest.mark.parametrize("keys", [(), ("ctrl+r",)], ids=["by itself", "when asked"])
async def test_changed_code_is_read(keys: tuple[str, ...], tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    for name in ("graphs.py", "langgraph.json", "broken.py"):
        (project / name).write_text((PROJECT / name).read_text())
    app = StillApp(Target(project=project))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        run = Browsing(app, pilot)
        await loaded(pilot)
        assert {graph.graph_id for graph in run.screen.catalog.graphs if graph.state == "failed"} == {"broken"}
        (project / "broken.py").write_text("from graphs import writer as graph\n")
        await pilot.press(*keys)
        await run.until(
            lambda: all(graph.state == "ready" for graph in run.screen.catalog.graphs), "the repaired graph"
        )
        assert "The server runs again" in " ".join(run.text().split())


async def test_the_palette_finds_commands_and_assistants(browse: Browsing) -> None:
    await browse.choose("graphs", "support")
    await browse.press("ctrl+p")
    await browse.on_screen("CommandPalette")
    await browse.press(*"blog")
    await browse.until(lambda: "assistant: blog writer" in browse.text(), "the assistant")
    await browse.press("enter")
    await browse.until(
        lambda: browse.screen.assistant is not None and browse.screen.assistant.name == "blog writer", "the cursor"
    )
    await browse.press("ctrl+p")
    await browse.on_screen("CommandPalette")
    await browse.press(*"restart")
    await browse.until(lambda: "Restart server" in browse.text(), "the command")
    await browse.press("escape")


async def test_help_lists_the_keys_of_the_screen(browse: Browsing) -> None:
    await browse.press("question_mark")
    await browse.on_screen("HelpScreen")
    for words in ("Compare", "Run the marked side by side", "Space"):
        assert words in browse.text()
    await browse.press("escape")
    await browse.on_screen("BrowseScreen")


async def test_jump_goes_to_a_pane_by_a_letter(browse: Browsing) -> None:
    await browse.choose("graphs", "writer")
    await browse.press("ctrl+o")
    await browse.on_screen("JumpScreen")
    await browse.press("s")
    await browse.on_screen("BrowseScreen")
    assert browse.app.focused is browse.screen.query_one("#assistants-list")


async def test_a_theme_is_previewed_and_only_kept_when_chosen(browse: Browsing) -> None:
    before = browse.app.theme
    browse.app.action_change_theme()
    await browse.on_screen("ThemeScreen")
    await browse.press("home")
    await browse.pilot.pause()
    assert browse.app.theme == "ansi-dark"
    await browse.press("escape")
    await browse.on_screen("BrowseScreen")
    assert browse.app.theme == before
    browse.app.action_change_theme()
    await browse.on_screen("ThemeScreen")
    await browse.press("slash", *"nord", "enter", "enter")
    await browse.on_screen("BrowseScreen")
    assert browse.app.theme == "nord"
    assert read_theme() == "nord"
    assert PlaygroundApp(Target()).theme == "nord"


@pytest.mark.parametrize("content", ["", "[]", '{"theme": 3}', '{"theme": "gone"}', "\x00"])
def test_a_damaged_memory_of_the_theme_is_ignored(content: str, tmp_path: Path) -> None:
    from playground.tui.ui_state import state_file, write_theme

    write_theme("nord")
    state_file().write_text(content)
    assert PlaygroundApp(Target()).theme == "textual-dark"


async def test_ctrl_c_does_not_end_the_app_and_ctrl_q_does(browse: Browsing) -> None:
    await browse.press("ctrl+c")
    await browse.until(lambda: "Ctrl+Q leaves" in browse.text(), "the hint")
    assert browse.app.is_running
    await browse.press("ctrl+q")
    await browse.until(lambda: not browse.app.is_running, "the end")


async def test_letters_are_letters_in_a_field(browse: Browsing) -> None:
    await browse.press("slash", *"1d?")
    assert browse.app.focused is not None
    assert isinstance(browse.app.focused, Input)
    assert browse.app.focused.value == "1d?"


async def test_copying_goes_through_the_terminal_and_too_much_to_a_file(
    shelf: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("TERM_PROGRAM", raising=False)
    async with browsing(shelf) as browse:
        await browse.choose("graphs", "writer")
        await browse.press("y")
        assert browse.app.clipboard == "writer"
        browse.app.copy("x" * 100_000, "the text")
        await browse.until(lambda: "playground-" in "".join(browse.text().split()), "the file's name")


async def test_what_of_the_project_is_not_applied_is_said_once_and_kept(start_server: StartServer) -> None:
    app = app_on(start_server(PROJECTS / "other_keys"))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        run = Browsing(app, pilot)
        await run.until(lambda: "10 project notices: F2 shows them." in run.text(), "the notices")
        await loaded(pilot)
        app.clear_notifications()
        await run.press("f2")
        await run.on_screen("Details")
        assert '"auth" is not applied locally: you are the only user here.' in run.text()
        assert '"my_own_key" is not a key that the playground knows' in run.text()
        await run.press("escape")
        app.connected()
        await app.workers.wait_for_complete([one for one in app.workers if one.group == "notices"])
        assert not app._notifications, "what was said is not said again"


async def test_the_palette_has_the_notices_after_something_else_was_said(start_server: StartServer) -> None:
    app = app_on(start_server(PROJECTS / "own_persistence"))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        run = Browsing(app, pilot)
        await run.until(lambda: "F2 shows" in run.text(), "the notices")
        app.report(PlaygroundError("Something else."))
        await run.press("ctrl+p")
        await run.on_screen("CommandPalette")
        await run.press(*"project not")
        await run.until(lambda: "What of the project is not applied" in run.text(), "the command")
        await run.press("enter")
        await run.on_screen("Details")
        app.clear_notifications()
        await run.until(lambda: "Graph 'factory' brings its own checkpointer" in run.text(), "the list")


async def test_what_is_said_takes_the_place_of_what_was_said(browse: Browsing) -> None:
    def said() -> set[str]:
        return {toast.render().plain for toast in browse.app.screen.query(Toast)}

    browse.app.notify("First.")
    browse.app.notify("Second.")
    await browse.until(lambda: said() == {"Second."}, "the second alone")
    browse.app.report(PlaygroundError("It broke."))
    await browse.until(lambda: said() == {"Error (F2 for details)\nIt broke."}, "the error alone")
    browse.app.notify("Third.")
    await browse.until(lambda: len(said()) == 2, "the error, still there")
    browse.app.notify("Fourth.")
    await browse.until(lambda: said() == {"Error (F2 for details)\nIt broke.", "Fourth."}, "the last word")


async def test_what_ends_the_navigation_is_said_and_the_app_goes_on(browse: Browsing) -> None:
    browse.app.action_go("nowhere")
    await browse.until(lambda: "Error (F2 for details)" in browse.text(), "the error")
    assert "No module named" in browse.app.details[0]
    await browse.press("f2")
    await browse.on_screen("ErrorDetails")
    assert "Traceback" in browse.app.details[1]
    await browse.press("escape", "4")
    await browse.on_screen("ThreadsScreen")


async def test_an_error_of_the_server_in_a_worker_of_the_app_is_one_sentence(browse: Browsing, shelf: Server) -> None:
    shelf.kill()
    browse.app.action_show_notices()
    # Either the answer that didn't come or the link's word for it is seen first: both are sentences.
    await browse.until(lambda: "does not answer" in browse.text() or "went away" in browse.text(), "the error")
    assert "Traceback" not in browse.text()
    assert browse.app.is_running


async def test_what_ends_a_worker_of_a_dialog_is_said(browse: Browsing) -> None:
    async def fail() -> None:
        raise PlaygroundError("The dialog could not go on.", "and why")

    await browse.choose_assistant("blog writer")
    await browse.press("f")
    await browse.on_screen("Ask")
    browse.app.screen.run_worker(fail, exit_on_error=False)
    await browse.until(lambda: "The dialog could not go on." in browse.text(), "the error")
    assert browse.app.details[:2] == ("The dialog could not go on.", "and why")


async def test_the_garbage_collector_passes_by_what_stays_while_the_app_runs(shelf: Server) -> None:
    before = gc.get_freeze_count()
    async with browsing(shelf) as browse:
        await browse.until(lambda: gc.get_freeze_count() > before + 100_000, "the freeze")
        frozen = gc.get_freeze_count()
        await browse.press("f5")
        await browse.pilot.pause()
        assert gc.get_freeze_count() <= frozen, "once"
    assert gc.get_freeze_count() == 0
