"""Messages of a thread: edited and run again, copied, deleted; by keys, on a real server."""

import json
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from playground.client.blocks import TextBlock
from playground.tui.screens.copy_menu import CopyMenu
from playground.tui.screens.dialogs import Confirm
from playground.tui.screens.edit_message import EditMessage
from tests.servers import Server
from tests.tui.runs import PROJECT, Running, running, two_versions

PILER = """
import operator
from typing import Annotated, Any
from langgraph.graph import StateGraph
from typing_extensions import TypedDict

class State(TypedDict):
    messages: Annotated[list[Any], operator.add]

def answer(state: State) -> Any:
    return {"messages": [{"type": "ai", "content": "noted", "id": f"a{len(state['messages'])}"}]}

graph = StateGraph(State).add_node(answer).set_entry_point("answer").compile()
"""


@pytest.fixture(scope="module")
def sayers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with graphs that do what they are told."""
    folder = Path(tmp_path_factory.mktemp("messages"))
    project = copytree(PROJECT, folder / "project")
    (project / "piler.py").write_text(PILER)
    graphs = {"sayer": "./graphs.py:graph", "piler": "./piler.py:graph"}
    (project / "langgraph.json").write_text(json.dumps({"dependencies": ["."], "graphs": graphs}))
    server = Server(project, folder / "store").start()
    yield server
    server.kill()


async def two_turns(server: Server, ref: str) -> str:
    """A thread with two questions, and their answers."""
    client = server.client()
    thread = str((await client.threads.create())["thread_id"])
    for text in ("first", "second"):
        await client.runs.wait(thread, ref, input={"messages": [{"role": "user", "content": text}]})
    return thread


def said(run: Running) -> list[str]:
    """What the chat shows that was said."""
    conversation = run.threads.pane.conversation
    blocks = conversation.transcript.blocks if conversation else []
    return [block.text for block in blocks if isinstance(block, TextBlock)]


async def messages(server: Server, thread: str) -> list[dict[str, Any]]:
    """Of the thread's newest state."""
    state: Any = await server.client().threads.get_state(thread)
    return list(state["values"]["messages"])


async def edit(run: Running, text: str) -> None:
    """Write the current message anew, and run it."""
    await run.until(lambda: run.threads.pane.chat.has_focus, "the chat")
    await run.pilot.press("m")
    await run.until(lambda: isinstance(run.app.screen, EditMessage), "the dialog")
    await run.write(text)
    await run.pilot.press("ctrl+j")


async def test_a_message_is_written_anew_and_run_from_before_it(sayers: Server) -> None:
    thread = await two_turns(sayers, await two_versions(sayers, "editor", {"say": "one"}, {"say": "two"}))
    old = await messages(sayers, thread)
    async with running(sayers) as run:
        await run.open_chat("editor@v2", thread)
        await run.until(lambda: len(run.threads.checkpoints) == 6, "the checkpoints")
        await run.leave_input()
        await run.pilot.press("m")
        await run.until(lambda: isinstance(run.app.screen, EditMessage), "the dialog")
        await run.write("!")
        await run.pilot.press("escape")
        await run.until(lambda: run.app.screen is run.threads, "the screen")
        await edit(run, "!")  # what was typed before is still there
        await run.until(lambda: said(run) == ["first", "two", "second!!", "two"], "the branch")
        await run.until(lambda: len(run.threads.checkpoints) == 9, "its checkpoints")
        new = await messages(sayers, thread)
        assert [m["content"] for m in new] == ["first", "two", "second!!", "two"]
        assert [m["id"] for m in new[:3]] == [m["id"] for m in old[:3]]

        await run.pilot.press("left_square_bracket", "left_square_bracket")
        assert run.threads.current_turn is not None
        assert run.threads.current_turn.index == 0
        await edit(run, "?")
        await run.until(lambda: said(run) == ["first?", "two"], "the first turn anew")
        await run.until(lambda: len(run.threads.checkpoints) == 12, "the checkpoints of that")
        await run.open_chat("editor@v1", thread)
        assert said(run) == ["first?", "two"]
    assert [m["content"] for m in await messages(sayers, thread)] == ["first?", "two"]
    history = await sayers.client().threads.get_history(thread, limit=50)
    assert max(len(state["values"].get("messages", [])) for state in history) == 4  # what was there is still there


async def test_a_message_is_copied_and_deleted(sayers: Server) -> None:
    text = "Do `it`:\n\n```py\nx = 1\n```"
    thread = await two_turns(sayers, await two_versions(sayers, "eraser", {}, {"say": text}))
    async with running(sayers) as run:
        screen = await run.open_chat("eraser@v2", thread)
        await run.until(lambda: len(screen.checkpoints) == 6, "the checkpoints")
        await run.leave_input()
        await run.pilot.press("K", "y")
        await run.until(lambda: run.app.clipboard.startswith("Do `it`:"), "the copy")
        await run.pilot.press("Y")
        await run.until(lambda: isinstance(run.app.screen, CopyMenu), "the menu")
        await run.pilot.press("1")
        await run.until(lambda: run.app.clipboard == "x = 1", "the code")
        await run.until(lambda: run.app.screen is screen, "the screen")

        await run.pilot.press("K")
        await run.pilot.press("delete")
        await run.until(lambda: isinstance(run.app.screen, Confirm), "the question")
        await run.pilot.press("y")
        await run.until(lambda: len(said(run)) == 3 and "second" not in said(run), "that it goes")
        assert [m["type"] for m in await messages(sayers, thread)] == ["human", "ai", "ai"]
        await run.until(lambda: screen.pane.chat.has_focus and len(screen.checkpoints) == 7, "the chat")
        await run.open_chat("eraser@v1", thread)
        assert "second" not in said(run)


async def test_what_a_graph_can_not_delete_stays(sayers: Server) -> None:
    thread = await two_turns(sayers, "piler")
    before = await messages(sayers, thread)
    async with running(sayers) as run:
        screen = await run.open_chat("piler", thread)
        await run.until(lambda: len(screen.checkpoints) == 6, "the checkpoints")
        await run.leave_input()
        await run.pilot.press("K", "delete")
        await run.until(lambda: isinstance(run.app.screen, Confirm), "the question")
        await run.pilot.press("y")
        await run.until(lambda: "doesn't delete single messages" in str(screen.query_one("#problem").render()))
    assert await messages(sayers, thread) == before
