"""The Edit screen: from a key press to a version on the server, with a bad value refused on the way."""

from typing import Any

import pytest
from langgraph_sdk.client import SyncLangGraphClient

from playground.client.target import Target
from playground.tui.forms.document import UNSET
from playground.tui.forms.fields import Kind
from playground.tui.screens.dialogs import Confirm
from playground.tui.screens.edit import EditScreen
from playground.tui.screens.edit_save import SaveDialog
from playground.tui.widgets.form_inline import ChoiceMenu, InlineInput
from tests.servers import Server
from tests.tui.edit_help import HEAT, PROMPT, Driver, edit, run

HOSTILE = "[/bold] [red]x \x1b[31mESC\x1b[0m \u202ebidi {braces} 🧑‍🚀 \x07"


@pytest.fixture
def sdk(shared_server: Server) -> SyncLangGraphClient:
    client: SyncLangGraphClient = shared_server.sync_client()
    return client


def create(sdk: SyncLangGraphClient, context: dict[str, Any] | None = None, **more: Any) -> str:
    assistant = sdk.assistants.create("writer", context=context or {"temperature": 0.5}, name="Tester", **more)
    return assistant["assistant_id"]


def versions(sdk: SyncLangGraphClient, assistant_id: str) -> list[dict[str, Any]]:
    return [dict(row) for row in sdk.assistants.get_versions(assistant_id, limit=100)]


async def save(driver: Driver, note: str = "") -> None:
    await driver.press("ctrl+s")
    await driver.until(lambda: isinstance(driver.app.screen, SaveDialog))
    await driver.type(note)
    await driver.press("enter")
    await driver.until(lambda: driver.screen.session and not driver.screen.session.is_changed)


async def test_edit_a_bad_value_is_refused_fixed_and_saved_as_version_2(
    shared_server: Server, sdk: SyncLangGraphClient
) -> None:
    assistant_id = create(sdk)
    async with edit(shared_server, assistant_id) as driver:
        await driver.go_to(HEAT)
        await driver.press("enter")
        await driver.until(lambda: isinstance(driver.app.focused, InlineInput))
        await driver.type("2.5")
        await driver.until(lambda: driver.field(*HEAT).problem)
        assert "✘ must be ≤ 2" in driver.text()
        await driver.press("ctrl+s")
        await driver.until(lambda: "temperature must be ≤ 2" in driver.told())
        assert len(versions(sdk, assistant_id)) == 1

        await driver.press("enter")
        await driver.until(lambda: isinstance(driver.app.focused, InlineInput))
        await driver.type("1.5")
        await driver.press("enter")
        await driver.go_to(PROMPT)
        await driver.press("enter")
        await driver.until(lambda: driver.screen.form_view.editor.area.has_focus)
        await driver.type("Be kind. ")
        await driver.until(lambda: driver.field(*PROMPT).changed and not driver.screen.problems)
        assert "draft on v1 ~2 fields" in driver.text()
        await save(driver, "warmer")
        await driver.until(lambda: "v2  no changes" in driver.text())
        assert "Saved as v2." in driver.told()

    newest, oldest = versions(sdk, assistant_id)
    assert newest["version"] == 2
    assert newest["context"]["temperature"] == 1.5
    assert newest["context"]["system_prompt"].startswith("Be kind. ")
    assert oldest["context"] == {"temperature": 0.5}
    note = sdk.store.get_item(["playground", "notes", assistant_id], key="v2")
    assert note["value"] == {"note": "warmer"}


async def test_a_save_moves_a_label_to_the_version_if_it_can_be_one(
    shared_server: Server, sdk: SyncLangGraphClient
) -> None:
    assistant_id = create(sdk)
    async with edit(shared_server, assistant_id) as driver:
        await driver.go_to(("context", "include_hashtags"))
        await driver.press("space", "ctrl+s")
        await driver.until(lambda: isinstance(driver.app.screen, SaveDialog))
        await driver.type("tags")
        await driver.press("tab")
        await driver.type("two words")
        await driver.press("enter")
        await driver.until(lambda: "✘ A label is one word" in driver.text())
        await driver.press(*["backspace"] * len(" words"), "enter")
        await driver.until(lambda: "Saved as v2, which is two now." in driver.told())
    label = sdk.store.get_item(["playground", "labels", assistant_id], key="two")["value"]
    assert (label["version"], label["why"]) == (2, "tags")


async def test_a_text_that_can_not_be_read_is_kept_over_a_restart_and_can_be_taken_back(
    shared_server: Server, sdk: SyncLangGraphClient
) -> None:
    assistant_id = create(sdk)
    async with edit(shared_server, assistant_id) as driver:
        await driver.press("Y")
        await driver.until(lambda: driver.screen.view == "yaml" and driver.context_text("yaml").has_focus)
        driver.context_text("yaml").text = "temperature: [1"
        await driver.until(lambda: driver.screen.session and driver.screen.session.is_stored)
    async with run(Target(url=shared_server.url, key=shared_server.key)) as driver:
        driver.app.edit(assistant_id)
        await driver.until(lambda: isinstance(driver.app.screen, EditScreen) and driver.screen.view == "yaml")
        await driver.until(lambda: driver.context_text("yaml").text == "temperature: [1")
        await driver.until(lambda: driver.context_text("yaml").has_focus)
        await driver.press("f6")
        await driver.until(lambda: isinstance(driver.app.screen, Confirm))
        await driver.press("y")
        await driver.until(lambda: driver.context_text("yaml").text.strip() == "temperature: 0.5")
        await driver.until(lambda: "no changes" in driver.text())


async def test_nothing_changed_is_said_and_saves_nothing(shared_server: Server, sdk: SyncLangGraphClient) -> None:
    assistant_id = create(sdk)
    async with edit(shared_server, assistant_id) as driver:
        await driver.press("ctrl+s")
        await driver.until(lambda: "Nothing changed since v1" in driver.told())
    assert len(versions(sdk, assistant_id)) == 1


async def test_choices_boxes_and_resets(shared_server: Server, sdk: SyncLangGraphClient) -> None:
    tone, hashtags = ("context", "tone"), ("context", "include_hashtags")
    async with edit(shared_server, create(sdk)) as driver:
        await driver.go_to(tone)
        await driver.press("enter")
        await driver.until(lambda: isinstance(driver.app.focused, ChoiceMenu))
        await driver.press("w", "enter")
        await driver.until(lambda: driver.field(*tone).entry.value == "witty")
        await driver.go_to(hashtags)
        await driver.press("space")
        await driver.until(lambda: driver.field(*hashtags).entry.is_set)
        await driver.press("r")
        await driver.until(lambda: not driver.field(*hashtags).entry.is_set)
        await driver.go_to(HEAT)
        await driver.press("r")
        await driver.until(lambda: driver.field(*HEAT).changed)
        await driver.press("u")
        await driver.until(lambda: not driver.field(*HEAT).changed)
        assert driver.field(*HEAT).entry.value == 0.5


async def test_a_checklist_is_ticked_by_key_and_by_mouse(shared_server: Server, sdk: SyncLangGraphClient) -> None:
    assistant = sdk.assistants.create("support", context={}, name="Support")
    tools = ("context", "tools")
    async with edit(shared_server, assistant["assistant_id"]) as driver:
        await driver.go_to(tools)
        default = driver.field(*tools).entry.default
        await driver.press("right", "space")
        await driver.until(lambda: driver.field(*tools).entry.is_set)
        assert driver.field(*tools).entry.value == [one for one in default if one != default[1]]
        await driver.click_value(tools)
        await driver.until(lambda: len(driver.field(*tools).entry.value) == len(default) - 2)


async def test_one_can_save_with_the_mouse_alone(shared_server: Server, sdk: SyncLangGraphClient) -> None:
    assistant_id = create(sdk)
    async with edit(shared_server, assistant_id) as driver:
        await driver.click_value(("context", "include_hashtags"))
        await driver.until(lambda: driver.field("context", "include_hashtags").changed)
        await driver.pilot.click("#save")
        await driver.until(lambda: isinstance(driver.app.screen, SaveDialog))
        await driver.pilot.click("#confirm")
        await driver.until(lambda: "Saved as v2." in driver.told())


async def test_what_does_not_fit_the_schema_is_shown_as_json_and_kept(
    shared_server: Server, sdk: SyncLangGraphClient
) -> None:
    context = {"temperature": "warm", "unknown": {"a": [1]}, "tone": "loud"}
    assistant_id = create(sdk, context)
    async with edit(shared_server, assistant_id) as driver:
        assert driver.field(*HEAT).kind is Kind.JSON
        assert driver.field("context", "unknown").entry.value == {"a": [1]}
        assert driver.field(*HEAT).problem == 'must be a number now, but is "warm"'
        assert (driver.field("context", "tone").problem or "").startswith('"loud" is no longer one of: ')
        await driver.go_to(HEAT)
        await driver.press("enter")
        await driver.until(
            lambda: driver.screen.form_view.editor.path == HEAT and driver.screen.form_view.editor.area.has_focus
        )
        assert driver.screen.form_view.editor.area.text == '"warm"'
        driver.screen.form_view.editor.area.text = "0.3"
        await driver.until(lambda: driver.field(*HEAT).problem is None)
        await driver.go_to(("context", "tone"))
        await driver.press("r")
        await driver.until(lambda: not driver.screen.problems)
        await save(driver)
    assert versions(sdk, assistant_id)[0]["context"] == {"temperature": 0.3, "unknown": {"a": [1]}}


async def test_the_context_can_be_edited_as_json(shared_server: Server, sdk: SyncLangGraphClient) -> None:
    assistant_id = create(sdk)
    async with edit(shared_server, assistant_id) as driver:
        await driver.press("J")
        await driver.until(lambda: driver.screen.views.text and driver.screen.views.text.area.has_focus)
        driver.context_text("json").text = '{"temperature": 1.25, '
        await driver.until(lambda: "✘ line 1, column" in driver.text())
        await driver.press("escape")
        await driver.until(lambda: driver.screen.view == "form")
        assert "the JSON can't be read" in driver.text()
        await driver.press("ctrl+s")
        await driver.until(lambda: "Not saved" in driver.told() and driver.screen.view == "json")
        assert driver.context_text("json").text == '{"temperature": 1.25, '
        driver.context_text("json").text = '{"temperature": 1.25, "mine": null}'
        await driver.until(lambda: "✘" not in driver.text())
        await driver.press("escape")
        await driver.until(lambda: driver.screen.view == "form")
        assert driver.field("context", "mine").entry.value is None
        await driver.press("d")
        await driver.until(lambda: driver.screen.view == "diff")
        assert "temperature" in driver.text()
        assert "0.5 → 1.25" in driver.text()
        await save(driver)
    assert versions(sdk, assistant_id)[0]["context"] == {"temperature": 1.25, "mine": None}


@pytest.mark.parametrize("size", [(120, 40)])
async def test_hostile_text_is_data(shared_server: Server, sdk: SyncLangGraphClient, size: tuple[int, int]) -> None:
    context = {"system_prompt": HOSTILE, "tone": HOSTILE, HOSTILE: HOSTILE, "temperature": HOSTILE, "model": HOSTILE}
    assistant = sdk.assistants.create(
        "writer",
        context=context,
        config={"tags": [HOSTILE]},
        name=HOSTILE,
        description=HOSTILE,
    )
    async with edit(shared_server, assistant["assistant_id"], size=size) as driver:
        await driver.press("home")
        for row in list(driver.screen.form_view.form.rows):
            assert row.is_cursor
            assert "\x1b" not in driver.text()
            assert "\u202e" not in driver.text()
            if row.state.is_big:
                await driver.press("enter")
                await driver.until(lambda: driver.screen.form_view.editor.area.has_focus)
                assert "\x1b" not in driver.text()
                await driver.press("escape")
                await driver.until(lambda: driver.screen.form_view.form.has_focus)
            await driver.press("down")
        for key in ("J", "d"):
            await driver.press(key)
            await driver.until(lambda: driver.screen.view != "form")
            assert "\x1b" not in driver.text()
            await driver.press("escape")
            await driver.until(lambda: driver.screen.view == "form")
        await driver.go_to(("name",))
        await driver.press("enter", "end", "!", "escape")
        await driver.press("ctrl+s")
        await driver.until(lambda: "Not saved" in driver.told())
    assert versions(sdk, assistant["assistant_id"])[0]["context"] == context


async def test_an_open_draft_is_offered_where_nothing_is_chosen(
    shared_server: Server, sdk: SyncLangGraphClient
) -> None:
    assistant_id = create(sdk)
    async with edit(shared_server, assistant_id) as driver:
        await driver.go_to(("context", "max_words"))
        await driver.press("enter")
        await driver.until(lambda: isinstance(driver.app.focused, InlineInput))
        await driver.type("77")
        await driver.until(lambda: driver.screen.session and driver.screen.session.is_stored)
    async with edit(shared_server, None) as driver:
        await driver.until(lambda: "Drafts to go on with" in driver.text())
        await driver.press("enter")
        await driver.until(lambda: driver.screen.session is not None and driver.screen.form_view.form.has_focus)
        assert driver.field("context", "max_words").entry.value == 77


async def test_leaving_keeps_the_draft_and_discarding_asks(shared_server: Server, sdk: SyncLangGraphClient) -> None:
    assistant_id = create(sdk)
    async with edit(shared_server, assistant_id) as driver:
        await driver.go_to(HEAT)
        await driver.press("enter")
        await driver.until(lambda: isinstance(driver.app.focused, InlineInput))
        await driver.type("1.1")
    async with edit(shared_server, assistant_id) as driver:
        assert driver.field(*HEAT).entry.value == 1.1
        assert "draft on v1 ~1 field" in driver.text()
        await driver.press("D")
        await driver.until(lambda: isinstance(driver.app.screen, Confirm))
        await driver.press("y")
        await driver.until(lambda: driver.screen.session and driver.screen.session.is_stored)
        await driver.until(lambda: "no changes" in driver.text())
        assert driver.field(*HEAT).entry.value == 0.5


async def test_a_version_made_by_someone_else_is_said_and_not_overwritten(
    shared_server: Server, sdk: SyncLangGraphClient
) -> None:
    assistant_id = create(sdk)
    async with edit(shared_server, assistant_id) as driver:
        await driver.go_to(HEAT)
        await driver.press("enter")
        await driver.until(lambda: isinstance(driver.app.focused, InlineInput))
        await driver.type("1.1")
        await driver.press("enter")
        sdk.assistants.update(assistant_id, context={"temperature": 0.9, "tone": "witty"})
        await driver.press("ctrl+s")
        await driver.until(lambda: isinstance(driver.app.screen, SaveDialog))
        await driver.pilot.pause()
        assert "v2 is active now" in driver.text()
        await driver.press("enter")
        await driver.until(lambda: "Saved as v3." in driver.told())
    assert [row["context"].get("temperature") for row in versions(sdk, assistant_id)] == [1.1, 0.9, 0.5]


async def test_an_assistant_without_a_schema_is_edited_as_json(shared_server: Server, sdk: SyncLangGraphClient) -> None:
    async with edit(shared_server, create(sdk)) as driver:
        session = driver.screen.session
        assert session is not None
        session.schema, session.schema_problem = None, "Could not read the schemas: the factory refused."
        session.start_over(session.base)
        await driver.screen.show_session()
        await driver.until(lambda: "factory refused" in driver.text())
        assert driver.field("context").kind is Kind.JSON


async def test_an_editor_that_can_not_be_opened_is_said(
    shared_server: Server, sdk: SyncLangGraphClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", "true")
    async with edit(shared_server, create(sdk)) as driver:
        await driver.go_to(PROMPT)
        await driver.press("f4")
        await driver.until(lambda: "could not be started" in driver.told())
        assert driver.field(*PROMPT).entry.value is UNSET


async def test_no_assistant_is_a_screen_that_says_what_to_do(server: Server) -> None:
    async with edit(server, None) as driver:
        await driver.until(lambda: "No assistant is open." in driver.text())
        assert "press e" in driver.text()
        await driver.press("ctrl+s", "r", "d")
        assert driver.screen.view == "empty"
