"""Where a thread pauses: questions of several nodes, breakpoints, steps; on a real server."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from playground.tui.screens.breakpoints import BreakpointsDialog
from playground.tui.screens.input_form import InputForm
from playground.tui.screens.threads import ThreadsScreen
from playground.tui.widgets.graph_drawing import GraphDrawing
from tests.servers import Server
from tests.tui.runs import PROJECT, Running, running, two_versions


@pytest.fixture(scope="module")
def sayers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with graphs that do what they are told."""
    server = Server(PROJECT, Path(tmp_path_factory.mktemp("pauses")) / "store").start()
    yield server
    server.kill()


async def status(run: Running, wanted: str, turns: int) -> None:
    """The last of so many runs has it."""
    conversation = run.threads.conversation
    assert conversation is not None
    await run.until(
        lambda: len(conversation.transcript.turns) == turns and conversation.status == wanted, f"the status {wanted}"
    )


def question(screen: ThreadsScreen) -> str:
    return str(screen.pane.card.query_one("#question").render())


async def test_questions_of_several_nodes_are_answered_by_their_ids(sayers: Server) -> None:
    async with running(sayers) as run:
        screen = await run.open_chat("questions")
        screen.send({"said": []})
        await status(run, "interrupted", 1)
        card = screen.pane.card
        await run.until(lambda: card.has_focus_within and "1/2 ‖‖" in question(screen), "both questions")
        if "How much?" in question(screen):  # the nodes run side by side: either may be told first
            await run.pilot.press("right_square_bracket")
        await run.until(lambda: "Which name?" in question(screen) and question(screen).endswith("name"), "who asks")
        await run.type("Ann")
        await run.until(lambda: "✔" in question(screen) and "How much?" in question(screen), "the other question")
        assert "till › pay" in question(screen)
        await run.pilot.press("ctrl+s")
        await status(run, "interrupted", 2)
        await run.until(lambda: card.has_focus and "How much?" in question(screen), "what is left to answer")
        assert screen.thread_id is not None
        state: Any = await sayers.client().threads.get_state(screen.thread_id)
        assert [interrupt["value"] for interrupt in state["interrupts"]] == ["How much?"]
        await run.pilot.press("f")
        await run.until(lambda: isinstance(run.app.screen, InputForm), "the form")
        await run.pilot.press("enter", "5", "enter", "ctrl+s")
        await status(run, "done", 3)
        state = await sayers.client().threads.get_state(screen.thread_id)
        assert state["values"]["said"][-1] == "end"
        assert "name Ann" in state["values"]["said"]
        assert any("'amount': 5" in str(said) for said in state["values"]["said"])


async def test_a_breakpoint_is_set_in_the_drawing_and_stays_with_the_thread(sayers: Server) -> None:
    await two_versions(sayers, "halting", {"say": "At last."}, {})
    async with running(sayers) as run:
        screen = await run.open_chat("halting@v1")
        await run.leave_input()
        await run.pilot.press("b")
        await run.until(lambda: isinstance(run.app.screen, BreakpointsDialog) and run.app.screen.is_read, "the drawing")
        dialog = run.app.screen
        assert isinstance(dialog, BreakpointsDialog)
        await run.until(lambda: dialog.query_one(GraphDrawing).list.has_focus)
        dialog.query_one(GraphDrawing).list.move_to("node __start__")
        await run.pilot.press("b")
        assert not dialog.breakpoints, "nothing runs at the start"
        dialog.query_one(GraphDrawing).list.move_to("node say")
        await run.pilot.press("b")
        assert list(dialog.breakpoints.marks().items()) == [("say", "‖ before")]
        await run.pilot.press("escape")
        await run.until(lambda: bool(screen.breakpoints), "the breakpoint")
        await run.pilot.press("i")
        await run.type("go")
        await status(run, "interrupted", 1)
        await run.until(lambda: "breakpoint before say" in question(screen), "the pause")
        thread_id = screen.thread_id
    async with running(sayers) as run:
        screen = await run.open_chat("halting@v1", thread_id)
        await run.until(lambda: screen.breakpoints.before == {"say"}, "the breakpoint in another terminal")
        assert "At last." not in screen.pane.chat.text
        assert "breakpoint" in question(screen)
        await run.until(lambda: screen.pane.card.has_focus, "the focus on the card")
        await run.pilot.press("greater_than_sign")
        await run.until(lambda: "At last." in screen.pane.chat.text, "the rest of the run")


async def test_a_run_goes_on_step_by_step(sayers: Server) -> None:
    async with running(sayers) as run:
        screen = await run.open_chat("questions")
        screen.breakpoints = screen.breakpoints.toggled("end", "before")
        screen.send({"said": []})
        await status(run, "interrupted", 1)
        await run.until(lambda: screen.pane.card.has_focus_within)
        for answer in ("1", "2"):
            if screen.pane.card.has_focus:
                await run.pilot.press("m")
            await run.type(answer)
        await status(run, "interrupted", 2)
        await run.until(lambda: "breakpoint" in question(screen), "the breakpoint before the end")
        state: Any = await sayers.client().threads.get_state(str(screen.thread_id))
        assert state["next"] == ["end"]
        screen.action_step()
        await run.until(lambda: screen.conversation and screen.conversation.turn.run_id)  # type: ignore[union-attr]
        await run.until(lambda: not screen.conversation.active, "the step")  # type: ignore[union-attr]
        state = await sayers.client().threads.get_state(str(screen.thread_id))
        assert state["values"]["said"][-1] == "end"


async def test_a_step_from_a_place_in_the_past_is_one_step(sayers: Server) -> None:
    client = sayers.client()
    thread_id = str((await client.threads.create())["thread_id"])
    given: Any = {"messages": [{"type": "human", "content": "go"}]}
    await client.runs.wait(thread_id, "stateful", input=given, interrupt_before=["search"])
    paused: Any = await client.threads.get_state(thread_id)
    await client.runs.wait(thread_id, "stateful")
    async with running(sayers) as run:
        screen = await run.open_chat("stateful@v1", thread_id)
        await run.until(lambda: len(screen.timeline.list.rows) > 2, "the steps")
        screen.focus_timeline()
        await run.until(lambda: screen.timeline.list.has_focus, "the focus in the timeline")
        while screen.here != paused["checkpoint"]["checkpoint_id"]:
            was = screen.here
            await run.pilot.press("up")
            await run.until(lambda was=was: screen.here != was, "the step before")
        await run.until(lambda: screen.pane.conversation is not screen.conversation, "what was then")
        await run.until(lambda: screen.check_action("step", ()), "what waits there")
        await run.pilot.press("full_stop")
        await run.until(lambda: screen.here is None and len(screen.checkpoints) > 4, "the step")
        await run.until(lambda: screen.conversation and not screen.conversation.active, "its end")
    assert (await client.threads.get_state(thread_id))["next"] == ["answer"]
