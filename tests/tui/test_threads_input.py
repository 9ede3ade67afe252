"""What is typed into a thread: options of its runs, a second input while it runs, a form, a file, what isn't sent."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from playground.client.values import RAN_DRAFT, RAN_VERSION, VARIANT
from playground.tui.screens.busy import BusyDialog
from playground.tui.screens.input_form import InputForm
from playground.tui.screens.pick_file import PickFile
from playground.tui.screens.run_options import RunOptionsForm
from playground.tui.screens.threads import ThreadsScreen
from playground.tui.ui_state import read_word
from playground.tui.widgets.run_input import RunInput
from tests.servers import Server
from tests.tui.runs import PROJECT, Running, running, two_versions


@pytest.fixture(scope="module")
def sayers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with graphs that do what they are told."""
    server = Server(PROJECT, Path(tmp_path_factory.mktemp("inputs")) / "store").start()
    yield server
    server.kill()


async def status(run: Running, wanted: str) -> None:
    await run.until(lambda: run.threads.conversation and run.threads.conversation.status == wanted, wanted)


def label(screen: ThreadsScreen) -> str:
    return str(screen.query_one("#prompt-label").render())


def titles(screen: ThreadsScreen) -> list[str]:
    return [turn.title for turn in screen.conversation.transcript.turns] if screen.conversation else []


async def options(run: Running) -> RunOptionsForm:
    """The form of the options, once one can type in it."""
    await run.pilot.press("O")
    await run.until(
        lambda: isinstance(run.app.screen, RunOptionsForm) and run.app.screen.form.rows and run.app.screen.form.state,
        "the options",
    )
    assert isinstance(run.app.screen, RunOptionsForm)
    return run.app.screen


async def test_a_run_with_another_context_is_a_variant_and_the_version_stays_what_it_was(sayers: Server) -> None:
    await two_versions(sayers, "varied", {"say": "plain"}, {})
    async with running(sayers) as run:
        screen = await run.open_chat("varied@v1")
        await run.leave_input()
        form = await options(run)
        form.editing.write(("context", "say"), "another")
        form.editing.write(("config", "recursion_limit"), "many")
        await run.pilot.press("escape")
        await run.until(lambda: "recursion_limit" in str(screen.query_one("#problem").render()), "the problem")
        assert "varied@v1>" in label(screen)  # what doesn't fit isn't used, and not lost
        form = await options(run)
        assert form.editing.texts == {("config", "recursion_limit"): "many"}
        form.editing.write(("config", "recursion_limit"), "7")
        await run.pilot.press("ctrl+s")
        await run.until(lambda: "varied@v1*>" in label(screen), "the variant in the label")
        assert "limit 7" in str(screen.query_one("#prompt-place").render())
        await run.pilot.press("i")
        await run.type("go")
        await status(run, "done")
        await run.until(lambda: "another" in screen.pane.chat.text, "the variant's answer")
        await run.until(lambda: titles(screen) == ["varied@v1*"], "what ran")
        assert screen.conversation is not None
        assert screen.conversation.ran is not None
        assert screen.conversation.ran.differs is None
        await run.leave_input()
        form = await options(run)
        await run.pilot.press("X")
        await run.until(lambda: not form.editing.changes(), "nothing of it")
        await run.pilot.press("escape")
        await run.until(lambda: "varied@v1>" in label(screen), "the version in the label")
        await run.pilot.press("i")
        await run.type("go")
        await run.until(lambda: "plain" in screen.pane.chat.text, "the version's answer")
        await status(run, "done")
        thread_id = str(screen.thread_id)
        await run.open_chat("varied@v1", thread_id)  # read from the server, it is said, too
        await run.until(lambda: titles(screen) == ["varied@v1*", "varied@v1"], "the titles")
    client = sayers.client()
    last, first = await client.runs.list(thread_id)
    assert (first["metadata"][RAN_DRAFT], first["metadata"][RAN_VERSION]) == (VARIANT, 1)  # type: ignore[index]
    assert first["kwargs"]["config"]["recursion_limit"] == 7  # type: ignore[typeddict-item]
    assert last["metadata"]["assistant_version"] == 1  # type: ignore[index]


async def busy(run: Running, name: str) -> ThreadsScreen:
    """A thread on which v1 runs and doesn't end, with v2 to run next, and an input for it sent: the question."""
    screen = await run.open_chat(f"{name}@v1")
    await run.type("one")
    await run.until(lambda: "Once upon" in screen.pane.chat.text, "the first run")
    await run.until(lambda: screen.thread_id and screen.conversation.turn.run_id, "its id")  # type: ignore[union-attr]
    await run.open_chat(f"{name}@v2", screen.thread_id)
    await run.type("two")
    await run.until(lambda: isinstance(run.app.screen, BusyDialog) and run.app.focused, "the question")
    return screen


async def test_a_second_input_may_end_the_run(sayers: Server) -> None:
    client = sayers.client()
    await two_versions(sayers, "ended", {"say": "Once upon", "hang": True}, {"say": "The end."})
    async with running(sayers) as run:
        for keys, kept in ((["down"], ["one"]), (["down"], [])):  # interrupt, then rollback: the last choice is there
            screen = await busy(run, "ended")
            await run.pilot.press(*keys, "enter")
            await run.until(lambda: "The end." in run.threads.pane.chat.text, "the second answer")
            await status(run, "done")
            assert screen.query_one(RunInput).text == ""
            assert screen.pane.chat.text.count("two") == 1
            assert ("one" in screen.pane.chat.text) is bool(kept)
            values: Any = (await client.threads.get_state(str(screen.thread_id)))["values"]
            assert [message["content"] for message in values["messages"]] == [*kept, "two", "The end."]


async def test_a_second_input_waits_for_the_run(sayers: Server) -> None:
    await two_versions(sayers, "waiting", {"say": "Once upon", "hang": True}, {"say": "The end."})
    async with running(sayers) as run:
        screen = await busy(run, "waiting")
        await run.pilot.press("a", "home", "enter")  # always
        await run.until(lambda: "1 input waits" in str(screen.pane.border_title), "what waits")
        assert screen.while_busy == "enqueue"
        await run.open_chat("waiting@v1", screen.thread_id)  # one leaves, comes back, and it still waits
        await run.until(lambda: "1 input waits" in str(screen.pane.border_title), "what waits, again")
        await run.pilot.press("ctrl+c")
        await run.until(lambda: "The end." in screen.pane.chat.text, "the second answer")
        await status(run, "done")
        assert screen.conversation is not None
        assert [turn.status for turn in screen.conversation.transcript.turns] == ["stopped", "done"]
        await run.until(lambda: screen.conversation.turn.title == "waiting@v2", "who answered")  # type: ignore[union-attr]
        assert read_word("while_busy") == "enqueue"  # it isn't asked any more


async def test_a_file_and_a_form_fill_the_line(sayers: Server, tmp_path: Path) -> None:
    (tmp_path / "given.json").write_text('{"a": 2}\n')
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\0")
    async with running(sayers) as run:
        screen = await run.open_chat("adder")
        await attach(run, tmp_path / "picture.png")
        await run.until(lambda: "no text file" in str(screen.query_one("#problem").render()), "the problem")
        await attach(run, tmp_path / "given.json")
        await run.until(lambda: screen.query_one(RunInput).text == '{"a": 2}', "the text")
        await run.pilot.press("f7")
        await run.until(lambda: isinstance(run.app.screen, InputForm) and run.app.screen.form.rows, "the form")
        assert isinstance(run.app.screen, InputForm)
        run.app.screen.editing.write(("context", "b"), "40")
        await run.pilot.press("ctrl+s")
        await run.until(lambda: "42" in screen.pane.chat.text, "the sum")
        await status(run, "done")


async def attach(run: Running, path: Path) -> None:
    screen = run.app.screen
    await run.pilot.press("f6")
    await run.until(lambda: isinstance(run.app.screen, PickFile) and run.app.screen.focused, "the dialog")
    run.app.screen.query_one("#answer", Input).value = str(path)
    await run.pilot.press("enter")
    await run.until(lambda: run.app.screen is screen, "the way back")


async def test_what_was_typed_for_a_new_thread_goes_with_it(sayers: Server) -> None:
    await two_versions(sayers, "typed", {"say": "x"}, {})
    async with running(sayers) as run:
        screen = await run.open_chat("typed@v1")
        await run.type("first")
        await status(run, "done")
        await run.write("half")
        await run.until(lambda: screen.unsent.place == f"thread/{screen.thread_id}", "the place")
        thread_id = screen.thread_id
        await run.open_chat("typed@v1")
        assert screen.query_one(RunInput).text == ""
    async with running(sayers) as run:
        screen = await run.open_chat("typed@v1", thread_id)
        await run.until(lambda: screen.query_one(RunInput).text == "half", "what was typed")
