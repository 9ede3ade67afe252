"""Prompts, JSON and YAML on the Edit screen: find, steps back, problems at their line, two notations of one context."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from langgraph_sdk.client import SyncLangGraphClient
from textual.events import Paste

from playground.client.target import Target
from playground.tui.screens.dialogs import Confirm
from playground.tui.widgets.find_bar import FindBar
from playground.tui.widgets.search_bar import SearchTools
from playground.tui.widgets.text_view import TextView
from tests.servers import Server
from tests.tui.edit_help import PROMPT, Driver, edit, run
from tests.tui.test_edit_faults import Terminal

TEXT = "You work for {company}.\nWork well, and {{so on}}.\n\nThen rework the work: 語 🧑‍🚀."


@pytest.fixture
def sdk(shared_server: Server) -> SyncLangGraphClient:
    client: SyncLangGraphClient = shared_server.sync_client()
    return client


def create(sdk: SyncLangGraphClient, prompt: str = TEXT) -> str:
    context = {"system_prompt": prompt, "temperature": 0.5}
    return sdk.assistants.create("writer", context=context, name="Tester")["assistant_id"]


async def open_prompt(driver: Driver) -> None:
    await driver.go_to(PROMPT)
    await driver.press("enter")
    await driver.until(lambda: driver.screen.form_view.editor.area.has_focus)


async def open_view(driver: Driver, key: str, view: str) -> TextView:
    await driver.press(key)
    shown = driver.screen.query_one(f"#{view}-view", TextView)
    await driver.until(lambda: driver.screen.view == view and shown.area.has_focus and shown.area.text)
    return shown


async def back_to_form(driver: Driver) -> None:
    await driver.press("escape")
    await driver.until(lambda: driver.screen.form_view.form.has_focus)


def found(driver: Driver) -> str:
    return str(driver.screen.form_view.editor.query_one(SearchTools).render())


async def test_find_goes_from_match_to_match_and_leaves_one_there(
    shared_server: Server, sdk: SyncLangGraphClient
) -> None:
    async with edit(shared_server, create(sdk)) as driver:
        await open_prompt(driver)
        area, bar = driver.screen.form_view.editor.area, driver.screen.form_view.editor.query_one(FindBar)
        await driver.press("ctrl+f")
        await driver.type("work")
        await driver.until(lambda: "1 of 4" in found(driver))
        assert area.selected_text == "work"
        await driver.press("enter")
        await driver.until(lambda: "2 of 4" in found(driver))
        assert area.selected_text == "Work"
        await driver.press("up", "up")
        await driver.until(lambda: "4 of 4" in found(driver))
        await driver.press("alt+c")
        await driver.until(lambda: " of 3" in found(driver))
        await driver.press("escape")
        await driver.until(lambda: area.has_focus and not bar.is_open)
        assert area.selected_text == "work"
        await driver.press("ctrl+c")
        await driver.until(lambda: "Copied 4 characters." in driver.told() or "4 characters is in" in driver.told())
        assert driver.app.clipboard == "work"
        assert area.text == TEXT

        await driver.press("ctrl+f")
        await driver.until(lambda: " of 3" in found(driver))
        tools = driver.screen.form_view.editor.query_one(SearchTools)
        await driver.pilot.click(tools, offset=(tools.outer_size.width - 7, 0))  # the arrow down
        await driver.until(lambda: "1 of 3" in found(driver))
        await driver.pilot.click(tools, offset=(tools.outer_size.width - 14, 0))  # Aa
        await driver.until(lambda: " of 4" in found(driver) and bar.input.has_focus)
        await driver.pilot.click(tools, offset=(tools.outer_size.width - 2, 0))  # Esc
        await driver.until(lambda: area.has_focus)

        await driver.press("ctrl+f")
        await driver.type("nowhere")
        await driver.until(lambda: "✘ not there" in found(driver))
        await driver.press("escape")
        await driver.press("ctrl+g")
        await driver.type("2")
        await driver.press("enter")
        await driver.until(lambda: area.has_focus and area.cursor_location == (1, 0))


async def test_a_paste_says_what_it_left_out_and_undo_takes_it_back(
    shared_server: Server, sdk: SyncLangGraphClient
) -> None:
    async with edit(shared_server, create(sdk)) as driver:
        await open_prompt(driver)
        area = driver.screen.form_view.editor.area
        driver.app.post_message(Paste("a\x1b[31m\x07b\r\n"))
        await driver.until(lambda: "Pasted without 2 control characters" in driver.told())
        assert area.text == f"a[31mb\n{TEXT}"
        await driver.until(lambda: driver.field(*PROMPT).changed)
        await driver.press("ctrl+z")
        await driver.until(lambda: not driver.field(*PROMPT).changed)
        assert area.text == TEXT
        await driver.press("ctrl+y")
        await driver.until(lambda: driver.field(*PROMPT).changed)


async def test_a_value_that_was_taken_back_is_one_step_that_undo_brings_again(
    shared_server: Server, sdk: SyncLangGraphClient
) -> None:
    async with edit(shared_server, create(sdk)) as driver:
        await open_prompt(driver)
        area = driver.screen.form_view.editor.area
        await driver.type("Kind. ")
        await driver.until(lambda: driver.field(*PROMPT).changed)
        await back_to_form(driver)
        await driver.press("u")
        await driver.until(lambda: area.text == TEXT)
        await open_prompt(driver)
        await driver.press("ctrl+z")
        await driver.until(lambda: driver.field(*PROMPT).changed)
        assert area.text == f"Kind. {TEXT}"


async def test_another_assistant_has_no_step_back_into_this_one(
    shared_server: Server, sdk: SyncLangGraphClient
) -> None:
    first, second = create(sdk), create(sdk, "Another.")
    async with edit(shared_server, first) as driver:
        await open_prompt(driver)
        await driver.type("x")
        await driver.until(lambda: driver.field(*PROMPT).changed)
        driver.screen.show_assistant(second)
        await driver.until(lambda: driver.screen.session and driver.screen.session.assistant_id == second)
        await driver.until(lambda: driver.screen.form_view.editor.area.text == "Another.")
        await open_prompt(driver)
        await driver.press("ctrl+z")
        await driver.type("!")
        await driver.until(lambda: driver.field(*PROMPT).changed)
        assert driver.screen.form_view.editor.area.text == "!Another."


async def test_wrap_and_line_numbers_are_remembered(shared_server: Server, sdk: SyncLangGraphClient) -> None:
    assistant_id = create(sdk)
    async with edit(shared_server, assistant_id) as driver:
        await open_prompt(driver)
        area = driver.screen.form_view.editor.area
        assert area.soft_wrap
        assert not area.show_line_numbers
        await driver.press("alt+z", "alt+n")
        await driver.until(lambda: area.show_line_numbers and not area.soft_wrap)
    async with edit(shared_server, assistant_id) as driver:
        area = driver.screen.form_view.editor.area
        assert area.show_line_numbers
        assert not area.soft_wrap
        json = driver.screen.query_one("#json-view", TextView).area
        assert json.soft_wrap
        assert json.show_line_numbers


async def test_the_variables_of_a_prompt_and_how_long_it_is(shared_server: Server, sdk: SyncLangGraphClient) -> None:
    async with edit(shared_server, create(sdk)) as driver:
        await driver.until(lambda: "variables: " in driver.text())
        assert "! company is in no field" in driver.text()
        assert "15 words  79 chars  ~20 tok" in driver.text()
        await open_prompt(driver)
        await driver.type("{tone} ")
        await driver.until(lambda: "variables: + tone  ! company is in no field" in driver.text())
        driver.screen.form_view.editor.area.select_all()
        await driver.press("delete")
        await driver.until(lambda: "variables: - company" in driver.text())


async def test_json_yaml_and_the_form_are_one_context_with_problems_at_their_lines(
    shared_server: Server, sdk: SyncLangGraphClient
) -> None:
    async with edit(shared_server, create(sdk)) as driver:
        yaml = await open_view(driver, "Y", "yaml")
        assert yaml.area.text.startswith("system_prompt: |-\n  You work for {company}.\n  Work well")
        yaml.area.move_cursor(yaml.area.document.end)
        await driver.type("tone: formal")
        await driver.until(lambda: driver.field("context", "tone").entry.value == "formal")
        await back_to_form(driver)
        json = await open_view(driver, "J", "json")
        assert '"tone": "formal"' in json.area.text
        json.area.go_to(0)
        await driver.press("end")
        await driver.type('"tone":"rude",')
        await driver.until(lambda: "✘ line 4, column 3: the key “tone” is there twice" in driver.text())
        await driver.press("ctrl+z")
        await driver.until(lambda: "✘" not in driver.text())
        await back_to_form(driver)
        yaml = await open_view(driver, "Y", "yaml")
        yaml.area.move_cursor(yaml.area.document.end)
        await driver.press("backspace", *"x")
        await driver.until(lambda: "✘ line 7: tone must be one of" in driver.text())
        assert "7✘ tone: formalx" in driver.text()
        yaml.area.go_to(0)
        await driver.press("f9")
        await driver.until(lambda: yaml.area.cursor_location == (6, 0))


async def test_a_text_that_can_not_be_read_stays_as_it_is_and_blocks_only_saving(
    shared_server: Server, sdk: SyncLangGraphClient
) -> None:
    assistant_id, said = create(sdk), "✘ line 1, column 17: "
    async with edit(shared_server, assistant_id) as driver:
        text = await open_view(driver, "Y", "yaml")
        before = text.area.text
        await driver.type("[")
        await driver.until(lambda: said in driver.text())
        await driver.press("ctrl+s")
        await driver.until(lambda: "Not saved" in driver.told())
        assert text.area.text == f"[{before}"
        await driver.until(lambda: driver.screen.session and driver.screen.session.is_stored)
    async with run(Target(project=None, store=None, url=shared_server.url, key=shared_server.key)) as driver:
        driver.app.edit(assistant_id)
        await driver.until(lambda: said in driver.text())
        text = driver.screen.query_one("#yaml-view", TextView)
        await driver.until(lambda: text.area.has_focus)
        assert text.area.text == f"[{before}"
        await back_to_form(driver)
        await driver.press("J")
        await driver.until(lambda: isinstance(driver.app.screen, Confirm))
        await driver.press("escape")
        await driver.until(lambda: not isinstance(driver.app.screen, Confirm))
        assert (await open_view(driver, "Y", "yaml")).area.text == f"[{before}"


async def test_the_users_editor_may_fail_and_takes_nothing_away(server: Server, tmp_path: Path) -> None:
    sdk = server.sync_client()
    sdk.assistants.create("writer", context={"system_prompt": TEXT}, name="Tester")
    script = tmp_path / "ed.sh"
    script.write_text(f"#!/bin/sh\n. {tmp_path}/what\n")
    script.chmod(0o755)
    what = tmp_path / "what"

    def prompt() -> Any:
        drafts = sdk.store.search_items(["playground", "drafts"])["items"]
        return drafts[0]["value"]["content"]["context"].get("system_prompt") if drafts else None

    terminal = await asyncio.to_thread(Terminal, server, VISUAL=str(script), TMPDIR=str(tmp_path))
    try:
        await asyncio.to_thread(terminal.wait_for, lambda seen: b"Tester" in seen)
        terminal.send("e")
        await asyncio.to_thread(terminal.wait_for, lambda seen: b"Fields by node" in seen and b"tok" in seen)
        for code, said in {
            "true": "Nothing changed",
            'echo half > "$1"; exit 3': "ended with an error (3)",
            'printf "\\377" > "$1"': "UTF-8",
            'rm "$1"': "took its file away",
        }.items():
            what.write_text(code)
            terminal.send("\x1bOS")  # F4
            await asyncio.to_thread(terminal.wait_for, lambda seen, said=said: said.encode() in seen)
            assert prompt() is None
        kept = sorted(file.read_bytes() for file in tmp_path.glob("playground-*.md"))  # noqa: ASYNC240
        assert kept == [b"half\n", b"\xff"]
        what.write_text('echo "Written outside." > "$1"')
        terminal.send("\x1bOS")
        await asyncio.to_thread(terminal.wait_for, lambda _: prompt() == "Written outside.")
    finally:
        terminal.kill()
