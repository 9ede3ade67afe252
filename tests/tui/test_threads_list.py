"""The list of threads, and what runs anywhere, driven by keys on a real server and checked through the SDK."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from playground.tui.screens.dialogs import Ask, Confirm
from playground.tui.screens.pick import Pick
from playground.tui.screens.running import RunningDialog
from playground.tui.screens.threads import ThreadsScreen
from playground.tui.widgets.row_list import RowList
from playground.tui.widgets.topbar import TopBar
from tests.servers import Server
from tests.tui.runs import PROJECT, Running, running, two_versions


@pytest.fixture(scope="module")
def sayers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with graphs that do what they are told."""
    server = Server(PROJECT, Path(tmp_path_factory.mktemp("listed")) / "store").start()
    yield server
    server.kill()


async def talked(server: Server, ref: str, text: str, thread_id: str | None = None) -> str:
    client = server.client()
    thread_id = thread_id or str((await client.threads.create())["thread_id"])
    given: Any = {"messages": [{"type": "human", "content": text}]}
    await client.runs.wait(thread_id, ref, input=given, raise_error=False)
    return thread_id


def titles(screen: ThreadsScreen) -> list[str]:
    return [row.cells[1].plain for row in screen.list.list.rows]


async def open_list(run: Running, *expected: str) -> ThreadsScreen:
    """The Threads screen, with these among the titles."""
    await run.pilot.press("4")
    await run.until(lambda: run.app.current_mode == "threads", "the screen")
    await run.until(lambda: set(expected) <= set(titles(run.threads)), "the titles")
    return run.threads


async def answered(run: Running, dialog: type) -> None:
    await run.until(lambda: isinstance(run.app.screen, dialog), "the question")


async def back(run: Running) -> None:
    await run.until(lambda: isinstance(run.app.screen, ThreadsScreen), "the way back")


async def test_threads_are_named_copied_searched_and_deleted(sayers: Server) -> None:
    name = "teller"
    assistant = await two_versions(sayers, name, {"say": "Your parcel is lost."}, {"say": "Found it."})
    other = await two_versions(sayers, "another", {"say": "x"}, {"say": "y"})
    first = await talked(sayers, f"{assistant}@1", "where is it")
    await talked(sayers, f"{assistant}@2", "and now?", first)
    await talked(sayers, other, "something else")
    async with running(sayers) as run:
        screen = await open_list(run, "something else", "where is it")
        assert [row.cells[3].plain for row in screen.list.list.rows] == ["v2", "v2 +1"]
        facts = screen.list.query_one("#thread-facts")
        await run.pilot.press("down")
        await run.until(lambda: "teller v2 v1" in str(facts.render()), "the versions that ran there")

        await run.pilot.press("a")  # whose: of the one under the cursor
        await run.until(lambda: titles(screen) == ["where is it"], "those of the assistant")
        assert screen.whose.name == name

        await run.pilot.press("N")
        await answered(run, Ask)
        run.app.screen.query_one("#answer", Input).value = "Lost [/bold]"
        await run.pilot.press("enter")
        await run.until(lambda: titles(screen) == ["Lost [/bold]"], "the title")
        assert (await sayers.client().threads.get(first))["metadata"]["title"] == "Lost [/bold]"  # type: ignore[index]

        await run.pilot.press("C")
        await run.until(lambda: "Lost [/bold] (copy)" in titles(screen), "the copy")
        await run.pilot.press("a", "a")  # its graph's, then all
        await run.until(lambda: len(titles(screen)) == 3, "all threads")

        await run.pilot.press("f")
        await run.write("PARCEL")
        await run.pilot.press("enter")
        await run.until(lambda: len(titles(screen)) == 2 and screen.list.list.has_focus, "what was found")
        assert all("Your parcel is lost." in title for title in titles(screen))
        await run.pilot.press("ctrl+a", "D")
        await answered(run, Confirm)
        await run.pilot.press("y")
        await run.until(lambda: not titles(screen), "the deletion")
        await run.pilot.press("escape")
        await run.until(lambda: titles(screen) == ["something else"], "what is left")
    assert [row["metadata"]["assistant_id"] for row in await sayers.client().threads.search()] == [other]  # type: ignore[index]


async def test_history_is_dropped_after_saying_how_much_goes(sayers: Server) -> None:
    assistant = await two_versions(sayers, "pruned", {}, {"say": "x"})
    thread_id = await talked(sayers, assistant, "one")
    await talked(sayers, assistant, "two", thread_id)
    client = sayers.client()
    before = await client.threads.get_history(thread_id, limit=50)
    async with running(sayers) as run:
        screen = await open_list(run, "one")
        await run.until(lambda: screen.list.key == thread_id, "the cursor on it")
        await run.pilot.press("P")
        await answered(run, Pick)
        await run.pilot.press("enter")
        await answered(run, Confirm)
        said = " ".join(str(one.render()) for one in run.app.screen.query("#body Static"))
        assert f"{len(before) - 1} of {len(before)} steps go" in said
        await run.pilot.press("y")
        await back(run)
        await run.until(lambda: " 1 step" in str(screen.list.query_one("#thread-facts").render()), "the rest")
    (left,) = await client.threads.get_history(thread_id, limit=50)
    assert left["values"] == before[0]["values"]


async def test_what_runs_is_counted_listed_and_stopped_and_its_end_is_told(sayers: Server) -> None:
    await two_versions(sayers, "afar", {"say": "still here", "hang": True}, {})
    elsewhere = await two_versions(sayers, "stranger", {}, {"say": "hm", "hang": True})
    client = sayers.client()
    strange = (await client.threads.create())["thread_id"]
    given: Any = {"messages": [{"type": "human", "content": "from a script"}]}
    await client.runs.create(strange, elsewhere, input=given)
    async with running(sayers) as run:
        screen = await run.open_chat("afar@v1")
        await run.type("go on")
        await run.until(lambda: "still here" in screen.pane.chat.text, "the answer")
        thread_id = screen.thread_id
        await run.pilot.press("escape")
        await run.until(lambda: screen.pane.chat.has_focus, "the focus on the pane")
        await run.pilot.press("1")
        await run.until(lambda: run.app.current_mode == "browse", "another screen")
        await run.until(lambda: "▍1" in str(run.app.screen.query_one(TopBar).render()), "the count")

        await run.pilot.press("W")
        await answered(run, RunningDialog)
        rows = run.app.screen.query_one(RowList)
        await run.until(lambda: [row.key for row in rows.rows] == [thread_id, strange], "what runs")
        assert [[cell.plain for cell in row.cells][1:4] for row in rows.rows] == [
            ["go on", "afar@v1", "Threads"],
            ["from a script", "stranger@v2", "elsewhere"],
        ]
        await run.pilot.press("down", "x")
        await run.until(lambda: [row.key for row in rows.rows] == [thread_id], "the end of what somebody else began")
        await run.pilot.press("x")
        await run.until(lambda: not run.app.client or not run.app.client.flights.all, "the end")
        await run.until(lambda: any("afar@v1 was stopped" in one.message for one in run.app._notifications), "a word")
        await run.until(lambda: rows.rows and rows.rows[0].cells[0].plain == "■", "what is over")
        await run.pilot.press("enter")
        await run.until(lambda: run.app.current_mode == "threads" and screen.thread_id == thread_id, "the way there")
    assert (await client.runs.list(strange))[0]["status"] == "interrupted"
