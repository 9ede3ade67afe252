"""An afternoon of prompt work, by keys alone, on a real server; then what its store has, through the SDK."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from textual.widgets import Input

from playground.client.client import Client
from playground.tui.forms.document import Path
from playground.tui.screens.edit import EditScreen
from playground.tui.widgets.form_inline import InlineInput
from tests.servers import Server
from tests.tui.browsing import Browsing, browsing
from tests.tui.edit_help import HEAT, PROMPT, Driver


@pytest.fixture
async def client(shelf: Server) -> AsyncIterator[Client]:
    """What the user's own script sees."""
    client = await Client.connect(shelf.url, shelf.key)
    yield client
    await client.close()


async def test_fork_edit_save_roll_back_and_undo(shelf: Server, client: Client) -> None:
    """Three fields edited, a bad value refused, one version saved, rolled back, and that undone."""
    async with browsing(shelf) as browse:
        await browse.choose_assistant("blog writer")
        await _fork(browse, "night writer")
        edit = await _edit(browse)

        await _write(edit, PROMPT, "You write at night.")
        await _write_inline(edit, HEAT, "9")
        await _write_inline(edit, ("description",), "For the late edition")
        await edit.press("ctrl+s")
        await edit.until(lambda: "Not saved: temperature must be ≤ 2" in edit.told())
        assert await _numbers(client, "night writer") == [1]

        await _write_inline(edit, HEAT, "0.2")
        await _save(edit, "calmer")
        assert await _numbers(client, "night writer") == [2, 1]

        await _go_to_browse(browse)
        await browse.choose_assistant("night writer")
        await browse.choose("versions", "1")
        await browse.press("p")
        await browse.on_screen("Confirm")
        await edit.type("too calm")
        await browse.press("enter")
        await browse.on_screen("BrowseScreen")
        await browse.until(lambda: browse.screen.assistant is not None and browse.screen.assistant.version == 1)
        rolled_back = await _get(client, "night writer")

        await browse.press("u")
        await browse.until(lambda: browse.screen.assistant is not None and browse.screen.assistant.version == 2)

    source, now = await _get(client, "blog writer"), await _get(client, "night writer")
    assert (source["version"], rolled_back["version"]) == (3, 1)
    assert rolled_back["context"] == source["context"]
    assert now["version"] == 2
    assert now["context"]["system_prompt"] == "You write at night."
    assert now["context"]["temperature"] == 0.2
    assert now["description"] == "For the late edition"
    assert now["metadata"]["forked_from"]["name"] == "blog writer"
    assert await _numbers(client, "night writer") == [2, 1]
    assert await client.notes.note(now["assistant_id"], 2) == "calmer"
    assert await client.notes.draft(now["assistant_id"]) is None


async def _fork(browse: Browsing, name: str) -> None:
    await browse.press("f")
    await browse.on_screen("Ask")
    browse.app.screen.query_one(Input).value = name
    await browse.press("enter")
    await browse.until(lambda: browse.screen.assistant is not None and browse.screen.assistant.name == name)
    await browse.on_screen("BrowseScreen")


async def _edit(browse: Browsing) -> Driver:
    """Open what is under the cursor in the Edit screen."""
    await browse.press("e")
    edit = Driver(browse.app, browse.pilot)
    await edit.until(lambda: isinstance(browse.app.screen, EditScreen) and edit.screen.session is not None)
    await edit.until(lambda: edit.screen.form_view.form.has_focus)
    return edit


async def _write(edit: Driver, path: Path, text: str) -> None:
    """Write a text over what stands in the big editor."""
    await edit.go_to(path)
    await edit.press("enter")
    await edit.until(lambda: edit.screen.form_view.editor.area.has_focus)
    await edit.press("f7")
    await edit.type(text)
    await edit.press("escape")
    await edit.until(lambda: edit.screen.form_view.form.has_focus)


async def _write_inline(edit: Driver, path: Path, text: str) -> None:
    """Write a text over what stands in a row."""
    await edit.go_to(path)
    await edit.press("enter")
    await edit.until(lambda: isinstance(edit.app.focused, InlineInput))
    await edit.press("end", "ctrl+u")
    await edit.type(text)
    await edit.press("enter")
    await edit.until(lambda: edit.screen.form_view.form.has_focus)


async def _save(edit: Driver, note: str) -> None:
    await edit.press("ctrl+s")
    await edit.until(lambda: type(edit.app.screen).__name__ == "SaveDialog")
    await edit.type(note)
    await edit.press("enter")
    await edit.until(lambda: edit.screen.session is not None and not edit.screen.session.is_changed)
    await edit.until(lambda: isinstance(edit.app.screen, EditScreen))


async def _go_to_browse(browse: Browsing) -> None:
    await browse.press("1")
    await browse.on_screen("BrowseScreen")


async def _get(client: Client, name: str) -> dict[str, Any]:
    (found,) = await client._wire.sdk.assistants.search(name=name)
    return dict(found)


async def _numbers(client: Client, name: str) -> list[int]:
    """The versions that the store has, newest first."""
    found = await client._wire.sdk.assistants.get_versions((await _get(client, name))["assistant_id"])
    return [version["version"] for version in found]
