"""A draft whose base has moved on: both edits are seen, every conflict is decided, and nothing is lost by it."""

from typing import Any

import pytest
from langgraph_sdk.client import SyncLangGraphClient
from textual.widgets import Static

from playground.tui.screens.edit_three_way import ThreeWay
from playground.tui.widgets.diff_view import DiffView
from playground.tui.widgets.row_list import RowList
from tests.servers import Server
from tests.tui.edit_help import HEAT, PROMPT, Driver, edit

TEXT = "You are a writer of long texts.\n\nAsk first.\n\nEnd with a question."
BASE = {"system_prompt": TEXT, "temperature": 0.5, "tone": "formal", "max_words": 100}
THEIRS = {**BASE, "system_prompt": TEXT.replace("long", "short"), "tone": "witty", "max_words": 200}
MINE = {**BASE, "system_prompt": TEXT.replace("a question", "thanks"), "tone": "friendly", "temperature": 0.9}


@pytest.fixture
def sdk(shared_server: Server) -> SyncLangGraphClient:
    client: SyncLangGraphClient = shared_server.sync_client()
    return client


def moved_on(sdk: SyncLangGraphClient, mine: dict[str, Any], theirs: dict[str, Any]) -> str:
    """An assistant with a draft on v1, and v2 active."""
    assistant_id = sdk.assistants.create("writer", context=BASE, name="Tester")["assistant_id"]
    content = {"name": "Tester", "context": mine, "config": {}, "metadata": {"team": "x"}}
    sdk.store.put_item(["playground", "drafts"], key=assistant_id, value={"base_version": 1, "content": content})
    sdk.assistants.update(assistant_id, context=theirs)
    return assistant_id


async def three_way(driver: Driver) -> ThreeWay:
    await driver.press("b")
    await driver.until(lambda: isinstance(driver.app.screen, ThreeWay) and driver.app.screen.query_one(RowList).rows)
    assert isinstance(driver.app.screen, ThreeWay)
    return driver.app.screen


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_conflicts_are_decided_and_the_draft_goes_on_from_the_active_version(
    shared_server: Server, sdk: SyncLangGraphClient, size: tuple[int, int]
) -> None:
    assistant_id = moved_on(sdk, MINE, THEIRS)
    async with edit(shared_server, assistant_id, size=size) as driver:
        await driver.until(lambda: "b brings both together" in driver.told())
        await three_way(driver)
        await driver.until(lambda: "1 field changed on" in driver.text())
        await driver.press("ctrl+s")
        await driver.until(lambda: "1 field to decide" in driver.told())
        await driver.press("m")
        await driver.until(lambda: "Nothing left to decide" in driver.text())
        await driver.press("ctrl+s")
        await driver.until(lambda: driver.screen.session and driver.screen.session.base.version == 2)
        await driver.until(lambda: driver.screen.session and driver.screen.session.is_stored)
        assert "is active now" not in driver.text()
    draft = sdk.store.get_item(["playground", "drafts"], key=assistant_id)["value"]
    both = TEXT.replace("long", "short").replace("a question", "thanks")
    assert draft["base_version"] == 2
    assert draft["content"]["context"] == {**MINE, "system_prompt": both, "max_words": 200}
    assert draft["content"]["metadata"] == {"team": "x"}


async def test_theirs_can_be_taken_with_the_mouse_and_leaving_changes_nothing(
    shared_server: Server, sdk: SyncLangGraphClient
) -> None:
    theirs = {**BASE, "system_prompt": TEXT.replace("a question", "a summary")}
    assistant_id = moved_on(sdk, MINE, theirs)
    async with edit(shared_server, assistant_id) as driver:
        screen = await three_way(driver)
        rows = screen.query_one(RowList)
        await driver.until(lambda: "a summary" in str(screen.query_one("#three-theirs-text", Static).render()))
        await driver.pilot.click(rows, offset=(8, 1), times=2)
        await driver.until(lambda: "Nothing left to decide" in driver.text())
        await driver.press("escape")
        await driver.until(lambda: driver.app.screen is driver.screen)
        assert driver.screen.session is not None
        assert driver.screen.session.base.version == 1
        assert driver.field(*PROMPT).entry.value == MINE["system_prompt"]


async def test_the_diff_is_against_the_base_the_active_or_any_version_and_changes_are_taken_back(
    shared_server: Server, sdk: SyncLangGraphClient
) -> None:
    assistant_id = moved_on(sdk, MINE, THEIRS)
    async with edit(shared_server, assistant_id) as driver:
        await driver.press("d")
        await driver.until(lambda: "v1 → draft" in driver.text() and "change 1 of 4" in driver.text())
        view = driver.screen.query_one(DiffView)
        await driver.press("a")
        await driver.until(lambda: "v2 → draft" in driver.text() and "max_words" in driver.text())
        await driver.press("v")
        await driver.until(lambda: type(driver.app.screen).__name__ == "Pick")
        await driver.press("end", "enter")
        await driver.until(lambda: "v1 → draft" in driver.text())
        while view.hunk and view.hunk.path != HEAT:
            await driver.press("n")
        await driver.press("u")
        await driver.until(lambda: "change 3 of 3" in driver.text() or "of 3" in driver.text())
        assert driver.screen.session is not None
        assert driver.screen.session.editing.document["context"]["temperature"] == 0.5
        while view.hunk and view.hunk.path != PROMPT:
            await driver.press("n")
        await driver.press("enter")
        await driver.until(lambda: driver.screen.view == "form" and driver.screen.form_view.editor.area.has_focus)
        assert driver.screen.form_view.editor.path == PROMPT
