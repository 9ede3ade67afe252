"""The Try-it pane of the Edit screen: the draft answers as it is, and nothing stays behind."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from langgraph_sdk.client import SyncLangGraphClient

from playground.client.client import Client
from playground.refs import context_hash
from playground.tui.edit.trials import METADATA, sweep
from playground.tui.widgets.try_it import TryIt
from tests.servers import PROJECTS, Server
from tests.tui.edit_help import PROMPT, Driver, edit


@pytest.fixture(scope="module")
def drawings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Graphs that fail, ask and take numbers."""
    server = Server(PROJECTS / "drawings", tmp_path_factory.mktemp("drawings") / "store").start()
    yield server
    server.kill()


def made(server: Server, graph_id: str, context: dict[str, Any] | None = None) -> str:
    sdk: SyncLangGraphClient = server.sync_client()
    assistant = sdk.assistants.create(graph_id, context=context or {}, name=f"Trial of {graph_id}")
    return assistant["assistant_id"]


def threads(server: Server, assistant_id: str) -> int:
    found = server.sync_client().threads.search(limit=1000)
    return sum((thread["metadata"] or {}).get("assistant_id") == assistant_id for thread in found) + sum(
        (thread["metadata"] or {}).get("playground") == "trial" for thread in found
    )


def pane(driver: Driver) -> TryIt:
    return driver.screen.query_one(TryIt)


@asynccontextmanager
async def trying(server: Server, assistant_id: str, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Driver]:
    """The assistant on the Edit screen, the cursor in the Try-it line."""
    async with edit(server, assistant_id, size=size) as driver:
        await driver.press("f8")
        await driver.until(lambda: pane(driver).line.has_focus)
        await driver.until(lambda: driver.screen.try_out._graph is not None and pane(driver)._schema is not None)
        yield driver


async def ask(driver: Driver, text: str = "") -> None:
    await driver.type(text)
    before = len(pane(driver).trials.conversation.transcript.turns)
    await driver.press("enter")
    await driver.until(lambda: len(pane(driver).trials.conversation.transcript.turns) > before)
    await driver.until(lambda: not pane(driver).trials.active)
    await driver.until(lambda: not any(worker.group == "trial" for worker in driver.app.workers))


async def test_the_draft_answers_and_a_change_makes_the_answer_old(shared_server: Server) -> None:
    assistant_id = made(shared_server, "writer", {"system_prompt": "Write a concise tweet.", "model": "scripted"})
    async with trying(shared_server, assistant_id) as driver:
        await ask(driver, "tea")
        await driver.until(lambda: re.search(r"✔ done  v1 · [0-9a-f]{6}", driver.text()))
        assert re.search(r"ttft +\d\.\d · +\d+\.\d s", driver.text())
        assert pane(driver).line.text == "tea"  # to be asked again, of another prompt

        await driver.press("escape")
        await driver.go_to(PROMPT)
        await driver.press("enter")
        await driver.until(lambda: driver.screen.form_view.editor.area.has_focus)
        await driver.type("Be kind. ")
        await driver.until(lambda: "before your last change" in driver.text())

        await driver.press("f8")
        await driver.until(lambda: pane(driver).line.has_focus)
        await ask(driver)
        await driver.until(lambda: "✔ done  draft on v1 · " in driver.text())
        session = driver.screen.session
        assert session is not None
        ran = context_hash(session.editing.document["context"])
        assert pane(driver).trials.turn.context_hash == ran  # type: ignore[union-attr]
        assert f"draft on v1 · {ran[:6]}" in driver.text()
        turns = pane(driver).trials.conversation.transcript.turns
        assert turns[0].context_hash != turns[1].context_hash
    assert threads(shared_server, assistant_id) == 0
    assert len(shared_server.sync_client().assistants.get_versions(assistant_id)) == 1


async def test_what_was_typed_and_asked_comes_back(shared_server: Server) -> None:
    assistant_id = made(shared_server, "support", {"model": "scripted"})
    async with trying(shared_server, assistant_id) as driver:
        pane(driver).line.text = ""
        await ask(driver, "where is order 1001")
        assert "⚙ lookup_order" in pane(driver).view.text or "⚙" in pane(driver).view.text
        pane(driver).line.text = ""
        await driver.type("not sent yet")
        await driver.press("escape")
        await driver.until(lambda: driver.screen.try_out._unsent._kept == "not sent yet")
        await driver.until(lambda: not any(worker.group == "unsent" for worker in driver.app.workers))
    async with trying(shared_server, assistant_id) as driver:
        await driver.until(lambda: pane(driver).line.text == "not sent yet")
        await driver.press("up")
        await driver.until(lambda: pane(driver).line.text == "where is order 1001")


async def test_an_interrupt_says_what_to_do(drawings: Server) -> None:
    assistant_id = made(drawings, "asks")
    async with trying(drawings, assistant_id) as driver:
        await ask(driver, "go")
        await driver.until(lambda: "‖ asks: May I?  Esc, then t: open as a chat" in driver.text())
    assert threads(drawings, assistant_id) == 0


async def test_an_error_in_one_line_and_its_traceback_on_a_key(drawings: Server) -> None:
    assistant_id = made(drawings, "fails")
    async with trying(drawings, assistant_id) as driver:
        await ask(driver, "go")
        await driver.until(lambda: "✘ failed  F2 shows the traceback" in driver.text())
        assert "ValueError: no [/key]" in driver.text()
        assert "\x1b" not in driver.text()
        await driver.press("f2")
        await driver.until(lambda: "raise ValueError" in driver.text())
    assert threads(drawings, assistant_id) == 0


async def test_a_graph_that_takes_json_starts_with_its_required_fields_and_is_checked(drawings: Server) -> None:
    assistant_id = made(drawings, "numbers")
    async with trying(drawings, assistant_id) as driver:
        line = pane(driver).line
        await driver.until(lambda: line.text == '{"number": 0, "name": ""}')
        line.text = '{"number": "two", "name": ""}'
        await driver.press("enter")
        await driver.until(lambda: "✘ number: must be a whole number" in driver.text())
        line.text = '{"number": 2, "name": "x"'
        await driver.press("enter")
        await driver.until(lambda: "takes JSON, and that isn't" in driver.text())
        line.text = '{"number": 2, "name": "x"}'
        await ask(driver)
        await driver.until(lambda: '"doubled": 4' in pane(driver).view.text)


async def test_what_a_crash_left_behind_is_swept_up_later(drawings: Server) -> None:
    sdk = drawings.sync_client()
    left = sdk.threads.create(metadata=dict(METADATA))["thread_id"]
    theirs = sdk.threads.create(metadata={"playground": "something else"})["thread_id"]
    client = await Client.connect(drawings.url, drawings.key)
    try:
        now = datetime.now(UTC)
        await sweep(client, now + timedelta(minutes=30))
        assert sdk.threads.get(left)["thread_id"] == left
        await sweep(client, now + timedelta(minutes=90))
    finally:
        await client.close()
    ids = {thread["thread_id"] for thread in sdk.threads.search(limit=1000)}
    assert left not in ids
    assert theirs in ids


async def test_it_is_stopped_and_says_so(start_server: Any) -> None:
    server = start_server(SCRIPTED_DELAY_MS="200")
    assistant_id = made(server, "writer", {"model": "scripted"})
    async with trying(server, assistant_id, (80, 24)) as driver:
        await driver.type("tea")
        await driver.press("enter")
        await driver.until(lambda: pane(driver).trials.turn and pane(driver).trials.turn.first)
        await driver.press("ctrl+c")
        await driver.until(lambda: "■ stopped" in driver.text())
        await driver.until(lambda: not any(worker.group == "trial" for worker in driver.app.workers))
    assert threads(server, assistant_id) == 0
