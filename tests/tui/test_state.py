"""The state of a thread on the screen: looked at, held against another, edited; on a real server."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from playground.tui.screens.edit_state import EditState
from playground.tui.screens.edit_state_review import ReviewState
from playground.tui.widgets.state_view import StateView
from tests.servers import Server
from tests.tui.runs import HOSTILE, PROJECT, Running, running


@pytest.fixture(scope="module")
def researchers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a graph that has something in its state."""
    server = Server(PROJECT, Path(tmp_path_factory.mktemp("researchers")) / "store").start()
    yield server
    server.kill()


async def finished(server: Server, text: str = "parcels") -> str:
    """A thread on which the graph ran once."""
    client = server.client()
    thread = await client.threads.create()
    message = {"type": "human", "content": text, "id": "h1"}
    given: Any = {"messages": [message], "topic": text, "log": ["asked"]}
    await client.runs.wait(thread["thread_id"], "stateful", input=given)
    return str(thread["thread_id"])


async def state_view(run: Running, thread_id: str) -> StateView:
    """The state of a thread that is open."""
    screen = await run.open_chat("stateful", thread_id)
    await run.leave_input()
    await run.until(lambda: len(screen.checkpoints) > 2, "the checkpoints")
    screen.pane.show_view("state")
    screen.pane.focus_view()
    await run.until(lambda: screen.pane.state.shown is not None, "the state")
    return screen.pane.state


def names(view: StateView) -> list[Any]:
    return [node.key for node in view.tree_view.rows if node.depth == 0]


def edit(run: Running) -> EditState:
    assert isinstance(run.app.screen, EditState)
    return run.app.screen


def review(run: Running) -> ReviewState:
    assert isinstance(run.app.screen, ReviewState)
    return run.app.screen


async def form_is_open(run: Running) -> EditState:
    """The state, to be edited."""
    await run.until(lambda: isinstance(run.app.screen, EditState) and run.app.screen.query("FormList > *"), "the form")
    return edit(run)


async def open_json(run: Running) -> EditState:
    """The state as JSON, to be edited."""
    await run.pilot.press("E")
    screen = await form_is_open(run)
    await run.pilot.press("f7")
    await run.until(lambda: screen.text_view.area.has_focus, "the JSON")
    return screen


def typed(screen: EditState, values: Any) -> None:
    screen.text_view.area.text = json.dumps(values, indent=2)


async def test_values_are_a_tree_of_the_place_that_is_looked_at_and_of_subgraphs(researchers: Server) -> None:
    thread_id = await finished(researchers)
    async with running(researchers) as run:
        view = await state_view(run, thread_id)
        screen = run.threads
        assert names(view) == ["messages", "log", "count", "topic"]
        assert "step 2 · answer" in str(view.query_one(".place").render())
        await run.pilot.press("slash", *"found")
        await run.until(lambda: view.tree_view.path == ("messages", 1, "content"), "what was looked for")
        await run.pilot.press("escape")
        await run.until(lambda: view.tree_view.has_focus, "the tree")
        await run.pilot.press("d")
        await run.until(lambda: view.is_diff and "messages[1]" in view.differences.text, "the differences")
        assert "log[1]" in view.differences.text
        assert "messages[0]" not in view.differences.text
        timeline, oldest = screen.timeline, list(screen.checkpoints)[-1]
        timeline.toggle_mark(oldest.checkpoint_id)
        await run.until(lambda: "from step -1" in str(view.query_one(".place").render()), "since the mark")
        timeline.toggle_mark(oldest.checkpoint_id)
        searched = next(one for one in screen.checkpoints if one.ran == ("search",))
        await screen.go_to(searched.checkpoint_id)
        await run.until(lambda: "1 · search" in str(view.query_one(".place").render()), "the step before")
        await run.pilot.press("d")
        await run.until(lambda: not view.is_diff and "count" not in names(view), "the values there")
        await run.pilot.press("u")
        await run.until(lambda: names(view) == ["topic", "found"], "the subgraph's state")
        assert [part.title for part in view.shown.parts] == ["state", "search"]  # type: ignore[union-attr]
        await run.pilot.press("n")
        await run.until(lambda: view.shown is None and not str(view.query_one(".place").render()), "a new thread")


async def test_an_edit_is_reviewed_and_written_beside_what_followed(researchers: Server) -> None:
    thread_id = await finished(researchers)
    client = researchers.client()
    async with running(researchers) as run:
        view = await state_view(run, thread_id)
        screen = run.threads
        searched = next(one for one in screen.checkpoints if one.ran == ("search",))
        await screen.go_to(searched.checkpoint_id)
        await run.until(lambda: "1 · search" in str(view.query_one(".place").render()), "the step")
        before = (await client.threads.get_state(thread_id, checkpoint_id=searched.checkpoint_id))["values"]
        screen_of_edit = await open_json(run)
        changed = {**before, "messages": [{**before["messages"][0], "content": HOSTILE}], "topic": "letters"}
        typed(screen_of_edit, {**changed, "count": "many"})
        await run.pilot.press("ctrl+s")
        await run.until(lambda: screen_of_edit.problems, "what the schema refuses")
        typed(screen_of_edit, {key: value for key, value in changed.items() if key != "log"})
        await run.until(
            lambda: any("taken out" in why for why in screen_of_edit.problems.values()), "a field that went"
        )
        typed(screen_of_edit, changed)
        await run.until(lambda: not screen_of_edit.problems, "an edit that is valid")
        await run.pilot.press("ctrl+s")
        await run.until(lambda: isinstance(run.app.screen, ReviewState), "the review")
        await run.until(lambda: "messages[1].content" in review(run).differences.text, "the differences")
        assert review(run).node == "search"
        assert "then     answer" in str(review(run).query_one("#as-node").render())
        await run.pilot.press("right")
        assert review(run).node == "answer"
        await run.pilot.press("left", "escape")
        await form_is_open(run)
        await run.pilot.press("escape")
        await run.until(lambda: run.app.screen is screen, "the thread")
        await run.pilot.press("E")
        assert (await form_is_open(run)).editing.value == changed
        await run.pilot.press("ctrl+s")
        await run.until(lambda: isinstance(run.app.screen, ReviewState), "the review")
        await run.pilot.press("ctrl+s")
        await run.until(lambda: run.app.screen is screen and view.is_diff and "topic" in view.differences.text, "it")
    written: Any = await client.threads.get_state(thread_id)
    assert written["values"]["topic"] == "letters"
    assert [(one["id"], one["content"]) for one in written["values"]["messages"]] == [("h1", HOSTILE)]
    assert written["parent_checkpoint"]["checkpoint_id"] == searched.checkpoint_id
    assert written["next"] == ["answer"]
    assert len(await client.threads.get_history(thread_id, limit=100)) == 5  # nothing went


async def test_what_a_reducer_makes_of_an_edit_is_said(researchers: Server) -> None:
    thread_id = await finished(researchers)
    async with running(researchers, size=(80, 24)) as run:
        await state_view(run, thread_id)
        screen_of_edit = await open_json(run)
        typed(screen_of_edit, {**screen_of_edit.editing.value, "log": ["mine"]})
        await run.until(lambda: screen_of_edit.editing.value["log"] == ["mine"], "the edit")
        await run.pilot.press("ctrl+s")
        await run.until(lambda: isinstance(run.app.screen, ReviewState), "the review")
        await run.pilot.press("ctrl+s")
        problem = run.threads.query_one("#problem")
        await run.until(lambda: "something else of log" in str(problem.render()), "that it became more")  # type: ignore[attr-defined]
    state: Any = await researchers.client().threads.get_state(thread_id)
    assert state["values"]["log"] == ["asked", "answered", "mine"]
