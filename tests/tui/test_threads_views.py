"""The steps of a thread's runs and their events, on the screen, over a network that fails."""

import json
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.proxy import Proxy, proxy
from tests.servers import PROJECTS, Server
from tests.tui.runs import Running, running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(PROJECTS / "steps", tmp_path_factory.mktemp("steps") / "store").start()
    client = server.sync_client().assistants
    client.create("steps", name="talker", context={"say": " ".join(f"word{number}" for number in range(200))})
    client.create("steps", name="failer", context={"fail": "no [/b] way \x1b[31m"})
    yield server
    server.kill()


@pytest.fixture
async def network(server: Server) -> AsyncIterator[Proxy]:
    async with proxy(server.url) as made:
        yield made


async def ended(run: Running, status: str) -> None:
    await run.until(lambda: run.threads.conversation is not None and run.threads.conversation.status == status, status)


async def test_a_run_goes_on_after_the_connection_was_lost(server: Server, network: Proxy) -> None:
    network.cuts = [90_000]
    async with running(Server(server.project, server.store, url=network.url), (180, 40)) as run:
        screen = await run.open_chat("talker@v1")
        await run.type("go")
        await ended(run, "done")
        assert network.lost == 1
        assert "word198 word199" in " ".join(screen.pane.chat.text.split())
        record = screen.conversation.record  # type: ignore[union-attr]
        said = "".join(json.loads(event.data)[0]["content"] for event in record if event.event.startswith("messages|"))
        assert said.split() == [f"word{number}" for number in range(200)]
        await run.leave_input()
        await run.pilot.press("s")
        steps = screen.pane.steps.lines
        await run.until(lambda: "4  ✔ check" in steps.text, "the numbers of the steps")
        assert "– The connection is back: the stream goes on where it was." in steps.text
        assert "tried again: attempt 1 failed with ConnectionError" in steps.text
        await run.pilot.press("s", "s")
        raw = screen.pane.raw.lines
        await run.until(lambda: raw.line_count == len(record) and raw.has_focus, "the events")
        await run.pilot.press("slash")
        await run.pilot.press(*"back")
        await run.until(lambda: "1 of 1" in str(screen.pane.raw.query_one("SearchTools").render()), "the notes")
        await run.pilot.press("escape")
        await run.until(lambda: raw.has_focus, "the events")
        event, _ = raw.at(raw.cursor)
        assert event is not None
        assert event.note


async def test_a_failure_is_shown_at_its_step_in_any_detail(server: Server) -> None:
    async with running(server, (180, 40)) as run:
        screen = await run.open_chat("failer@v1")
        await run.type("go")
        await ended(run, "failed")
        await run.leave_input()
        await run.pilot.press("s")
        lines = screen.pane.steps.lines
        await run.until(lambda: "4  ✘ check" in lines.text, "the numbers of the steps")
        assert "✘ RuntimeError: no [/b] way [31m" in lines.text
        await run.until(lambda: lines.has_focus and lines.following, "the focus")
        at = next(index for index in range(lines.line_count) if "RuntimeError" in lines.line_text(index))
        lines.go_to(at)
        await run.pilot.press("enter")
        await run.until(lambda: "in check" in lines.text, "the traceback")
        await run.pilot.press("minus")
        await run.until(lambda: "~ done" not in lines.text and "✘ RuntimeError" in lines.text, "the messages only")
        await run.pilot.press("plus", "plus")
        await run.until(lambda: "← messages, done · by branch:to:check" in lines.text, "the tasks")
        await run.pilot.press("plus")
        await run.until(lambda: "tells its debug" in str(screen.pane.steps.query_one(".head").render()), "the hint")
