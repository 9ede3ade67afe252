"""Every kind of field, by its keys and by the mouse: from a real graph's schema to a version on its server."""

from collections.abc import Iterator
from typing import Any

import pytest
from langgraph_sdk.client import SyncLangGraphClient
from textual.events import Paste

from playground.client.secret_values import MASK
from playground.tui.forms.document import UNSET, Path
from playground.tui.screens.dialogs import Ask
from playground.tui.screens.edit_save import SaveDialog
from playground.tui.screens.pick import Pick
from playground.tui.widgets.form_inline import ChoiceMenu, InlineInput
from tests.servers import PROJECTS, Server
from tests.tui.browsing import browsing
from tests.tui.edit_help import Driver, edit


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose graph has every kind of field."""
    server = Server(PROJECTS / "every_kind", tmp_path_factory.mktemp("kinds") / "store").start()
    yield server
    server.kill()


@pytest.fixture
def sdk(kinds: Server) -> SyncLangGraphClient:
    return kinds.sync_client()


def create(sdk: SyncLangGraphClient, **context: Any) -> str:
    created = sdk.assistants.create("every_kind", context={"company": "ACME", **context}, name="Kinds")
    return created["assistant_id"]


def path(*keys: str | int) -> Path:
    return ("context", *keys)


def value(driver: Driver, *keys: str | int) -> Any:
    """What the draft has at a path."""
    assert driver.screen.session is not None
    held = driver.screen.session.editing.document["context"]
    for key in keys:
        held = held[key] if isinstance(held, list) or key in held else UNSET
        if held is UNSET:
            return UNSET
    return held


async def go(driver: Driver, *keys: str | int) -> None:
    """The cursor on a field, however far down it is."""
    form = driver.screen.form_view.form
    form.focus()
    await driver.until(lambda: form.has_focus)
    form.move_to(path(*keys))
    await driver.until(lambda: form.state is not None and form.state.path == path(*keys))


async def typed(driver: Driver, text: str) -> None:
    """Type into the field that is open in its row, and leave it."""
    await driver.until(lambda: isinstance(driver.app.focused, InlineInput))
    await driver.type(text)
    await driver.press("enter")
    await driver.until(lambda: driver.screen.form_view.form.has_focus)


async def pick(driver: Driver, label: str) -> None:
    """Choose in the menu that v opens."""
    await driver.press("v")
    await driver.until(lambda: isinstance(driver.app.screen, Pick))
    menu = driver.app.screen.query_one("RowList")
    labels = [row.cells[0].plain for row in menu.rows]
    menu.move_to(str(labels.index(label)))
    await driver.press("enter")
    await driver.until(lambda: driver.app.screen is driver.screen)


async def test_rows_are_added_typed_moved_and_removed_and_each_step_goes_back(
    kinds: Server, sdk: SyncLangGraphClient
) -> None:
    async with edit(kinds, create(sdk)) as driver:
        await go(driver, "keywords")
        assert driver.field(*path("keywords")).tag == "by code"
        for word in ("stop", "bye"):
            await driver.press("a")
            await typed(driver, word)
        await driver.until(lambda: value(driver, "keywords") == ["stop", "bye"])
        await driver.press("[")
        await driver.until(lambda: value(driver, "keywords") == ["bye", "stop"])
        assert driver.screen.form_view.form.state.path == path("keywords", 0)  # type: ignore[union-attr]
        await driver.press("alt+down")
        await driver.until(lambda: value(driver, "keywords") == ["stop", "bye"])
        await driver.press("x")
        await driver.until(lambda: value(driver, "keywords") == ["stop"])
        for expected in (["stop", "bye"], ["bye", "stop"], ["stop", "bye"]):
            await driver.press("ctrl+z")
            await driver.until(lambda expected=expected: value(driver, "keywords") == expected)
        await driver.press("ctrl+y")
        await driver.until(lambda: value(driver, "keywords") == ["bye", "stop"])


async def test_a_row_of_a_default_brings_the_others_along_and_long_texts_open_in_the_editor(
    kinds: Server, sdk: SyncLangGraphClient
) -> None:
    async with edit(kinds, create(sdk)) as driver:
        await go(driver, "greetings", 1)
        await driver.press("enter")
        await driver.until(lambda: isinstance(driver.app.focused, InlineInput))
        driver.app.focused.post_message(Paste("Hey!\nWhat is it?"))  # type: ignore[union-attr]
        await driver.until(lambda: driver.screen.form_view.editor.area.has_focus)
        assert value(driver, "greetings") == ["Hello!\nHow can I help?", "HiHey!\nWhat is it?"]
        await driver.until(lambda: driver.screen.form_view.editor.area.text == "HiHey!\nWhat is it?")
        assert driver.screen.form_view.editor.path == path("greetings", 1)


async def test_keys_of_a_map_are_added_and_renamed(kinds: Server, sdk: SyncLangGraphClient) -> None:
    async with edit(kinds, create(sdk)) as driver:
        await go(driver, "weights")
        await driver.press("a")
        await driver.until(lambda: isinstance(driver.app.screen, Ask))
        await driver.type("cost")
        await driver.press("enter")
        await typed(driver, "2.5")
        await driver.until(lambda: value(driver, "weights") == {"cost": 2.5})
        await driver.press("R")
        await driver.until(lambda: isinstance(driver.app.screen, Ask))
        await driver.press("ctrl+u")
        await driver.type("price")
        await driver.press("enter")
        await driver.until(lambda: value(driver, "weights") == {"price": 2.5})


async def test_unions_nothing_and_empty_are_chosen(kinds: Server, sdk: SyncLangGraphClient) -> None:
    async with edit(kinds, create(sdk)) as driver:
        await go(driver, "source")
        await pick(driver, "Web")
        await driver.until(lambda: value(driver, "source") == {"kind": "web"})
        assert driver.field(*path("source", "fresh")).entry.effective is True
        await go(driver, "either")
        await pick(driver, "text")
        await typed(driver, "two")
        await driver.until(lambda: str(value(driver, "either")).endswith("two"))
        await go(driver, "signature")
        for label, expected in (("empty", ""), ("none", None), ("not set", UNSET)):
            await pick(driver, label)
            await driver.until(lambda expected=expected: value(driver, "signature") == expected)
            if label == "empty":
                await typed(driver, "")
        await go(driver, "plan")
        await driver.press("a")
        await driver.until(lambda: value(driver, "plan") == {})
        assert driver.field(*path("plan")).folded is False
        await driver.until(lambda: driver.field(*path("plan", "title")).problem)


async def test_numbers_are_stepped_on_their_grid(kinds: Server, sdk: SyncLangGraphClient) -> None:
    async with edit(kinds, create(sdk)) as driver:
        await go(driver, "budget")
        await driver.press("right")
        await driver.until(lambda: value(driver, "budget") == 550)
        await go(driver, "creativity")
        await driver.press("minus", "minus")
        await driver.until(lambda: value(driver, "creativity") == 0.1)
        await driver.press("left", "left", "left")
        await driver.until(lambda: value(driver, "creativity") == 0.0)


async def test_what_is_not_a_date_is_refused_at_its_row(kinds: Server, sdk: SyncLangGraphClient) -> None:
    async with edit(kinds, create(sdk)) as driver:
        await go(driver, "since")
        await driver.press("enter")
        await typed(driver, "2024-02-30")
        await driver.until(lambda: driver.field(*path("since")).problem)
        await driver.press("enter")
        await driver.until(lambda: isinstance(driver.app.focused, InlineInput))
        await driver.press("backspace")
        await typed(driver, "")
        await driver.press("enter")
        await driver.until(lambda: isinstance(driver.app.focused, InlineInput))
        await driver.press("backspace")
        await typed(driver, "29")
        await driver.until(lambda: value(driver, "since") == "2024-02-29" and not driver.field(*path("since")).problem)


async def test_a_secret_is_neither_shown_nor_taken(kinds: Server, sdk: SyncLangGraphClient) -> None:
    async with edit(kinds, create(sdk, api_key="sk-very-secret")) as driver:
        await go(driver, "api_key")
        await driver.until(lambda: MASK in driver.text() and "environment" in driver.text())
        for key in ("J", "Y", "d"):
            await driver.press(key)
            await driver.until(lambda: driver.screen.view != "form")
            assert "sk-very-secret" not in driver.text()
            await driver.press("escape")
            await driver.until(lambda: driver.screen.view == "form")
        await go(driver, "retries")
        await driver.press("right")
        await driver.until(lambda: driver.screen.session is not None and driver.screen.session.is_stored)
        assert driver.screen.session is not None
        draft = sdk.store.search_items(["playground", "drafts"])
        assert "sk-very-secret" not in str(draft)


async def test_browse_has_dots_for_a_secret(kinds: Server, sdk: SyncLangGraphClient) -> None:
    """Another program stored it. Browse's pane, its diff, and the question before another version is made active."""
    assistant_id = create(sdk, api_key="one-9f2c")
    sdk.assistants.update(assistant_id, name="Holder", context={"company": "ACME", "retries": 2})
    async with browsing(kinds) as browse:
        await browse.choose_assistant("Holder")
        await browse.choose("versions", "1")
        await browse.until(lambda: MASK in browse.text() and "9f2c" not in browse.text(), "dots in the pane")
        for key, screen in (("d", "DiffScreen"), ("p", "Confirm")):
            await browse.press(key)
            await browse.on_screen(screen)
            assert MASK in browse.text()
            assert "9f2c" not in browse.text()
            await browse.press("escape")
            await browse.on_screen("BrowseScreen")


async def test_the_mouse_folds_opens_and_chooses_and_what_was_made_is_saved(
    kinds: Server, sdk: SyncLangGraphClient
) -> None:
    assistant_id = create(sdk, examples=[{"question": f"q{at}"} for at in range(3)])
    async with edit(kinds, assistant_id, size=(200, 60)) as driver:
        await driver.click_value(path("tone"))
        await driver.until(lambda: isinstance(driver.app.focused, ChoiceMenu))
        await driver.press("f", "enter")
        await driver.until(lambda: value(driver, "tone") == "formal")
        await driver.click_value(path("retrieval"))
        await driver.until(lambda: driver.field(*path("retrieval")).folded is True)
        assert all(row.state.path != path("retrieval", "count") for row in driver.screen.form_view.form.rows)
        await go(driver, "retrieval", "count")
        assert driver.field(*path("retrieval")).folded is False
        await driver.press("right")
        await driver.until(lambda: value(driver, "retrieval") == {"source": "docs", "count": 4, "limits": LIMITS})
        await driver.press("ctrl+s")
        await driver.until(lambda: isinstance(driver.app.screen, SaveDialog))
        await driver.press("enter")
        await driver.until(lambda: "Saved as v2" in driver.told())
    saved = sdk.assistants.get(assistant_id)["context"]
    assert (saved["tone"], saved["retrieval"]["count"], len(saved["examples"])) == ("formal", 4, 3)


LIMITS = {"tokens": 4000, "seconds": 30.0}
