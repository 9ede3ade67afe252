"""Time travel, driven by keys, on a real server: go back, run again with either version, hold branches together."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Static

from playground.tui.screens.branches import BranchesDiff
from playground.tui.screens.pick_ref import PickRef
from playground.tui.screens.rerun import ConfirmRerun
from playground.tui.screens.threads import ThreadsScreen
from playground.tui.widgets.run_input import RunInput
from tests.servers import Server
from tests.tui.runs import PROJECT, Running, running, two_versions


@pytest.fixture(scope="module")
def sayers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with graphs that do what they are told."""
    server = Server(PROJECT, Path(tmp_path_factory.mktemp("sayers")) / "store").start()
    yield server
    server.kill()


async def thread_of(server: Server, ref: str, *texts: str) -> str:
    """A thread on which these were said."""
    client = server.client()
    thread = await client.threads.create()
    for text in texts:
        given: Any = {"messages": [{"type": "human", "content": text}]}
        await client.runs.wait(thread["thread_id"], ref, input=given, raise_error=False)
    return str(thread["thread_id"])


def lines(screen: ThreadsScreen) -> list[str]:
    """The timeline as it is read: what made each step, and under which version."""
    shown = [" ".join(cell.plain for cell in row.cells[:2]).split() for row in screen.timeline.list.rows]
    return [" ".join(words) for words in shown]


async def open_timeline(run: Running, ref: str, thread_id: str, steps: int) -> ThreadsScreen:
    screen = await run.open_chat(ref, thread_id)
    await run.until(lambda: len(screen.timeline.list.rows) == steps, "the steps")
    screen.focus_timeline()
    await run.until(lambda: screen.timeline.list.has_focus, "the focus in the timeline")
    return screen


async def body(run: Running) -> str:
    await run.until(lambda: isinstance(run.app.screen, ConfirmRerun), "the question")
    return str(run.app.screen.query_one("#body Static", Static).render())


async def test_a_step_runs_again_with_the_version_that_ran_there_or_with_another(sayers: Server) -> None:
    assistant = await two_versions(sayers, "traveller", {"say": "one"}, {"say": "two"})
    client = sayers.client()
    await client.assistants.set_latest(assistant, 1)
    thread_id = await thread_of(sayers, assistant, "first", "second")
    await client.assistants.set_latest(assistant, 2)
    async with running(sayers) as run:
        screen = await open_timeline(run, "traveller@v2", thread_id, 4)
        assert lines(screen) == ["○ 0 input “first”", "● 1 say v1", "○ 3 input “second”", "● 4 say v1"]
        assert screen.here is None

        await run.pilot.press("up")
        await run.until(lambda: "from step 3>" in str(screen.query_one("#prompt-label").render()), "the place")
        await run.pilot.press("R")
        assert "Executes again  say" in await body(run)
        assert "traveller@v1 as last time" in await body(run)
        await run.pilot.press("enter")
        await run.until(lambda: len(lines(screen)) == 5 and not screen.conversation.active, "the branch")  # type: ignore[union-attr]
        assert lines(screen)[3:] == ["├─● 4 say v1", "● 5 say fork v1"]
        assert screen.here is None
        assert screen.timeline.timeline.at(screen.timeline.key) == 4, "the cursor follows the run"

        await run.pilot.press("up", "up")
        await run.until(lambda: screen.here == screen.timeline.list.rows[2].key, "the place")
        await run.pilot.press("V")
        await run.until(lambda: isinstance(run.app.screen, PickRef), "the choice")
        await run.until(lambda: len(run.app.screen.query_one("#refs").rows) == 2, "the versions")  # type: ignore[attr-defined]
        await run.pilot.press("enter")
        assert "traveller@v2 instead of traveller@v1" in await body(run)
        assert "~ say  one → two" in await body(run)
        await run.pilot.press("enter")
        await run.until(lambda: len(lines(screen)) == 6 and not screen.conversation.active, "the other branch")  # type: ignore[union-attr]
        assert lines(screen)[3:] == ["├─● 4 say v1", "├─● 5 say fork v1", "● 5 say fork v2"]
        await run.until(lambda: "two" in screen.pane.chat.text, "the answer")
    found = await client.threads.get_history(thread_id, limit=1)
    assert found[0]["metadata"]["assistant_version"] == 2  # type: ignore[typeddict-item, index]
    said = [message["content"] for message in found[0]["values"]["messages"]]  # type: ignore[index, call-overload]
    assert said == ["first", "one", "second", "two"]


async def test_branches_are_held_against_each_other_from_where_they_part(sayers: Server) -> None:
    assistant = await two_versions(sayers, "parted", {"say": "old words"}, {"say": "new words"})
    client = sayers.client()
    await client.assistants.set_latest(assistant, 1)
    thread_id = await thread_of(sayers, assistant, "first", "second")
    history = await client.threads.get_history(thread_id, limit=10)
    ended = next(state["checkpoint_id"] for state in history if state["metadata"]["step"] == 1)  # type: ignore[typeddict-item, index]
    given: Any = {"messages": [{"type": "human", "content": "second"}]}
    await client.assistants.set_latest(assistant, 2)
    await client.runs.wait(thread_id, assistant, input=given, checkpoint_id=ended)
    async with running(sayers) as run:
        screen = await open_timeline(run, "parted@v2", thread_id, 6)
        assert lines(screen)[2:] == ["├─○ 3 input “second”", "│ ● 4 say v1", "○ 3 input “second”", "● 4 say v2"]
        await run.pilot.press("h")
        await run.until(
            lambda: screen.here is not None and "new words" not in screen.pane.chat.text, "the other branch"
        )
        assert screen.timeline.timeline.at(screen.timeline.key) == 3, "as far along"
        await run.pilot.press("c")
        await run.until(lambda: isinstance(run.app.screen, BranchesDiff), "the comparison")
        diff = run.app.screen
        assert isinstance(diff, BranchesDiff)
        await run.until(lambda: "old" in diff.query_one("#differences").text, "the differences")  # type: ignore[attr-defined]
        shown = diff.query_one("#differences").text  # type: ignore[attr-defined]
        assert "Turn 1 is the same on both branches." in shown
        assert "turn 2" in shown
        assert "first" not in shown
        assert [diff.title_of(at) for at in (0, 1)] == ["A step 4 · parted@v1", "B step 4 · parted@v2"]
        await run.pilot.press("left")
        await run.until(lambda: "old words" in diff.query_one("#differences").text, "the configuration")  # type: ignore[attr-defined]


async def test_nothing_runs_again_where_a_run_ended_but_one_goes_on_from_there(sayers: Server) -> None:
    assistant = await two_versions(sayers, "ended", {}, {"say": "so it is"})
    thread_id = await thread_of(sayers, assistant, "first", "second")
    async with running(sayers) as run:
        screen = await open_timeline(run, "ended", thread_id, 4)
        await run.pilot.press("up", "up")
        await run.until(lambda: screen.place_text == "step 1", "the place")
        await run.pilot.press("R")
        await run.until(
            lambda: "Nothing comes after this step" in str(screen.query_one("#problem").render()), "why not"
        )
        await run.pilot.press("enter")
        await run.until(lambda: isinstance(run.app.focused, RunInput), "the input")
        await run.type("instead")
        await run.until(lambda: len(lines(screen)) == 6 and not screen.conversation.active, "the branch")  # type: ignore[union-attr]
        assert [line.split()[-1] for line in lines(screen)[2:]] == ["“second”", "v2", "“instead”", "v2"]
        await run.until(lambda: "second" not in screen.pane.chat.text, "the branch in the chat")


async def test_what_ran_inside_of_a_step_is_shown_when_it_is_asked_for(sayers: Server) -> None:
    thread_id = await thread_of(sayers, "stateful", "tea")
    async with running(sayers) as run:
        screen = await open_timeline(run, "stateful", thread_id, 3)
        assert lines(screen)[1] == "● 1 search ▸ v1"
        await run.pilot.press("up", "o")
        await run.until(lambda: len(lines(screen)) == 4, "the steps inside")
        assert lines(screen)[1:3] == ["● 1 search ▾ v1", "└ look_up v1"]
        await run.until(lambda: screen.place_text == "step 1", "the place")
        await run.pilot.press("down")
        assert screen.timeline.key == screen.here, "a part of that step"
        await run.pilot.press("o")
        await run.until(lambda: len(lines(screen)) == 3, "the steps alone")


async def test_the_turn_one_looks_at_in_the_chat_runs_again(sayers: Server) -> None:
    assistant = await two_versions(sayers, "retried", {}, {"say": "once more"})
    thread_id = await thread_of(sayers, assistant, "first")
    async with running(sayers) as run:
        screen = await open_timeline(run, "retried", thread_id, 2)
        screen.pane.chat.focus()
        await run.until(lambda: screen.pane.chat.has_focus, "the focus in the chat")
        await run.pilot.press("R")
        assert "retried@v2 as last time" in await body(run)
        await run.pilot.press("y")
        await run.until(lambda: len(lines(screen)) == 3 and not screen.conversation.active, "the branch")  # type: ignore[union-attr]
        assert lines(screen)[1:] == ["├─● 1 say v2", "● 2 say fork v2"]


async def test_what_was_asked_is_asked_again_on_a_branch(sayers: Server) -> None:
    assistant = await two_versions(sayers, "asker", {}, {"ask": "Really?", "say": "Done."})
    thread_id = await thread_of(sayers, assistant, "first")
    async with running(sayers) as run:
        screen = await open_timeline(run, "asker", thread_id, 1)
        assert lines(screen) == ["‖ 0 input “first” ‖ say asks"]
        await run.pilot.press("R")
        assert "asked again" in await body(run)
        await run.pilot.press("y")
        await run.until(lambda: len(lines(screen)) == 2, "the branch")
        assert lines(screen) == ["‖ 0 input “first” ‖ say asks", "‖ 1 fork ‖ say asks v2"]
        conversation = screen.conversation
        assert conversation is not None
        assert len(conversation.interrupts) == 1, "the question of the branch, not the one before"
