"""Threads, driven by keys, on a real server."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from playground.tui.screens.dialogs import Confirm
from playground.tui.screens.pick_ref import PickRef
from playground.tui.widgets.run_input import RunInput
from tests.servers import Server
from tests.tui.runs import HOSTILE, PROJECT, Running, running, two_versions


@pytest.fixture(scope="module")
def sayers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with graphs that do what they are told."""
    server = Server(PROJECT, Path(tmp_path_factory.mktemp("sayers")) / "store").start()
    yield server
    server.kill()


async def status(run: Running, wanted: str) -> None:
    conversation = run.threads.conversation
    assert conversation is not None
    await run.until(lambda: conversation.status == wanted, f"the status {wanted}")


async def finished_thread(server: Server, ref: str, text: str = "hello") -> str:
    client = server.client()
    thread = await client.threads.create()
    given: Any = {"messages": [{"type": "human", "content": text}]}
    await client.runs.wait(thread["thread_id"], ref, input=given, raise_error=False)
    return str(thread["thread_id"])


async def test_a_chat_reads_the_same_when_it_is_reopened(sayers: Server) -> None:
    await two_versions(sayers, "chatty", {"say": "# Hi\n\n**You** there."}, {"say": "two"})
    async with running(sayers) as run:
        screen = await run.open_chat("chatty@v1")
        assert "chatty@v1>" in str(screen.query_one("#prompt-label").render())
        await run.type("hello")
        await status(run, "done")
        pane = screen.pane
        await run.until(lambda: "chatty@v1" in pane.conversation.turn.title)  # type: ignore[union-attr]
        await run.until(lambda: "You there." in pane.chat.text)
        live = pane.chat.text
        assert pane.conversation is not None
        thread_id = pane.conversation.thread_id
        await run.open_chat("chatty@v2", thread_id)
        await run.until(lambda: "You there." in pane.chat.text)
        assert pane.chat.text == live
        assert "chatty@v2>" in str(screen.query_one("#prompt-label").render())


async def test_each_step_names_the_version_that_made_it(sayers: Server) -> None:
    await two_versions(sayers, "stepper", {"say": "one"}, {"say": "two"})
    async with running(sayers) as run:
        screen = await run.open_chat("stepper@v1")
        await run.type("first")
        await status(run, "done")
        assert screen.conversation is not None
        await run.open_chat("stepper@v2", screen.conversation.thread_id)
        await run.type("second")
        await run.until(lambda: "two" in screen.pane.chat.text)
        await status(run, "done")
        await run.leave_input()
        await run.pilot.press("s")
        steps = screen.pane.steps.lines
        await run.until(lambda: "1  ✔ say" in steps.text and "4  ✔ say" in steps.text, "the numbers of the steps")
        ran = [line.split() for line in steps.text.splitlines()]
        heads = [words[1:3] for words in ran if words[1].startswith("stepper")]
        assert heads == [["stepper@v1", "“first”"], ["stepper@v2", "“second”"]]
        await run.pilot.press("s")
        await run.until(lambda: screen.pane.state.tree_view.search("second") == 1, "the state")


async def test_an_interrupt_waits_and_is_answered(sayers: Server) -> None:
    await two_versions(sayers, "asking", {"ask": "Really [red]?", "say": "Done."}, {})
    thread_id = ""
    async with running(sayers) as run:
        screen = await run.open_chat("asking@v1")
        await run.type("go")
        await status(run, "interrupted")
        assert screen.conversation is not None
        thread_id = screen.conversation.thread_id or ""
        assert "Really [red]?" in str(screen.pane.card.query_one("#question").render())
    async with running(sayers) as run:  # it still waits when the playground is opened again
        screen = await run.open_chat("asking@v1", thread_id)
        await run.until(lambda: screen.pane.card.has_focus_within, "the question")
        await run.type("surely")
        await run.until(lambda: "Done. You said surely." in screen.pane.chat.text, "the answer")
        await status(run, "done")
        assert "surely" in screen.pane.chat.text


async def test_a_run_is_stopped(sayers: Server) -> None:
    await two_versions(sayers, "hanging", {"say": "Once upon", "hang": True}, {})
    async with running(sayers) as run:
        screen = await run.open_chat("hanging@v1")
        await run.type("go")
        await run.until(lambda: "Once upon" in screen.pane.chat.text)
        await run.pilot.press("ctrl+c")
        await status(run, "stopped")
        assert "Once upon" in screen.pane.chat.text


async def test_a_thread_that_runs_is_joined(sayers: Server) -> None:
    assistant = await two_versions(sayers, "joined", {"say": "slowly"}, {"say": "slowly going on", "hang": True})
    client = sayers.client()
    thread = await client.threads.create()
    given: Any = {"messages": [{"type": "human", "content": "go"}]}
    row = await client.runs.create(thread["thread_id"], assistant, input=given)
    async with running(sayers) as run:
        screen = await run.open_chat("joined", thread["thread_id"])
        await status(run, "running")
        await run.pilot.press("ctrl+c")
        await status(run, "stopped")
        assert screen.conversation is not None
        assert screen.conversation.turn is not None
        assert screen.conversation.turn.run_id == row["run_id"]


async def test_a_failed_run_says_why_with_the_traceback_a_key_away(sayers: Server) -> None:
    assistant = await two_versions(sayers, "failing", {}, {"fail": "no [/bold] luck"})
    thread_id = await finished_thread(sayers, assistant)
    async with running(sayers) as run:
        screen = await run.open_chat("failing", thread_id)
        await run.until(lambda: "✘ RuntimeError: no [/bold] luck" in screen.pane.chat.text)
        assert "Traceback" not in screen.pane.chat.text
        await run.pilot.press("escape")
        await run.pilot.pause()
        await run.pilot.press("o")
        await run.until(lambda: "raise RuntimeError" in screen.pane.chat.text, "the traceback")


async def test_threads_are_listed_opened_and_deleted(sayers: Server) -> None:
    assistant = await two_versions(sayers, "listed", {}, {"say": "x"})
    thread_id = await finished_thread(sayers, assistant, f"hello {HOSTILE}")
    async with running(sayers) as run:
        await run.pilot.press("4")
        await run.until(lambda: run.app.current_mode == "threads")
        screen = run.threads
        await run.until(lambda: screen.list.key == thread_id, "the list")
        cells = [cell.plain for cell in screen.list.list.rows[0].cells]
        assert cells[1].startswith("hello [/bold] [red]x[/]")
        assert cells[2:4] == ["listed", "v2"]
        await run.pilot.press("enter")
        await run.until(lambda: screen.conversation is not None and "x" in screen.pane.chat.text, "the thread")
        await run.pilot.press("escape")
        await run.pilot.pause()
        await run.pilot.press("D")
        await run.until(lambda: isinstance(run.app.screen, Confirm), "the question")
        assert run.app.focused is run.app.screen.query_one("#cancel"), "Enter leaves the thread as it is"
        await run.pilot.press("y")
        await run.until(lambda: all(row.key != thread_id for row in screen.list.list.rows), "the deletion")
        assert screen.conversation is None


async def test_another_version_runs_next(sayers: Server) -> None:
    assistant = await two_versions(sayers, "switched", {"say": "old words"}, {"say": "new words"})
    thread_id = await finished_thread(sayers, assistant)
    async with running(sayers) as run:
        screen = await run.open_chat("switched", thread_id)
        await run.pilot.press("escape")
        await run.pilot.pause()
        await run.pilot.press("v")
        await run.until(lambda: isinstance(run.app.screen, PickRef), "the choice")
        await run.until(lambda: run.app.screen.query_one("#refs").rows, "the assistants")  # type: ignore[attr-defined]
        await run.pilot.press(*"switched", "at")
        await run.until(
            lambda: (
                [row.key for row in run.app.screen.query_one("#refs").rows]  # type: ignore[attr-defined]
                == [f"{assistant}@v2", f"{assistant}@v1"]
            ),
            "the versions",
        )
        await run.pilot.press("down", "enter")
        await run.until(lambda: "switched@v1>" in str(screen.query_one("#prompt-label").render()), "the ref")
        await run.until(lambda: isinstance(run.app.focused, RunInput))
        await run.type("again")
        await run.until(lambda: "old words" in screen.pane.chat.text)


async def test_a_run_goes_on_while_one_looks_elsewhere(sayers: Server) -> None:
    await two_versions(sayers, "background", {"say": "still here", "hang": True}, {})
    async with running(sayers) as run:
        screen = await run.open_chat("background@v1")
        await run.type("go")
        await run.until(lambda: "still here" in screen.pane.chat.text)
        first = screen.conversation
        await run.open_chat("background@v2")
        assert screen.conversation is not first
        assert first is not None
        assert first.active
        await run.open_chat("background@v1", first.thread_id)
        await status(run, "running")
        again = screen.conversation
        await run.open_chat("background@v2")
        assert run.app.client is not None
        await first.stop(run.app.client)
        await run.until(lambda: not first.active and not again.active, "the end of what was followed before")  # type: ignore[union-attr]
        assert screen.pane.chat.text == ""


async def test_below_a_hundred_columns_list_and_thread_take_turns(sayers: Server) -> None:
    await two_versions(sayers, "narrow", {}, {"say": "x"})
    async with running(sayers, size=(80, 24)) as run:
        screen = await run.open_chat("narrow")
        await run.until(lambda: screen.pane.is_on_screen and not screen.list.is_on_screen, "the thread")
        await run.pilot.press("escape")
        await run.until(lambda: screen.pane.chat.has_focus, "the focus in the thread")
        await run.pilot.press("escape")
        await run.until(lambda: screen.list.is_on_screen and not screen.pane.is_on_screen, "the list")


async def test_what_is_sent_from_an_earlier_place_is_a_branch(sayers: Server) -> None:
    assistant = await two_versions(sayers, "forked", {"say": "old words"}, {"say": "new words"})
    client = sayers.client()
    async with running(sayers) as run:
        screen = await run.open_chat("forked@v1")
        await run.type("first")
        await status(run, "done")
        await run.type("second")
        await run.until(lambda: screen.conversation and len(screen.conversation.transcript.turns) == 2)  # type: ignore[arg-type]
        await status(run, "done")
        await run.until(lambda: len(screen.checkpoints) == 6 and screen.conversation, "the checkpoints")
        line = screen.checkpoints.lineage(screen.checkpoints.newest)
        await screen.go_to(line[2].checkpoint_id)
        await run.until(lambda: "second" not in screen.pane.chat.text and "first" in screen.pane.chat.text)
        assert "from step 1>" in str(screen.query_one("#prompt-label").render())
        runnable = await screen.resolve("forked@v2")
        screen.use(runnable, screen.schema)
        await run.type("instead")
        await run.until(lambda: "new words" in screen.pane.chat.text, "the branch")
        await status(run, "done")
        await run.until(lambda: len(screen.checkpoints) == 9, "the checkpoints of both branches")
        assert screen.here is None
        assert screen.thread_id is not None
        branches = screen.checkpoints.children(line[2].checkpoint_id)
        assert [(branch.version, branch.assistant_id) for branch in branches] == [(1, assistant), (2, assistant)]
        state: Any = await client.threads.get_state(screen.thread_id)
    texts = [message["content"] for message in state["values"]["messages"]]
    assert texts[0] == "first"
    assert texts[2] == "instead"
    assert len(texts) == 4
