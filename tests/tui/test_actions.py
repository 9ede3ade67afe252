"""What one does to assistants from Browse: stories with keys on a real server, checked in its store through the SDK."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from textual.widgets import Button, Checkbox, Input, TextArea

from playground.client.client import Client
from playground.client.notes import user_name
from playground.client.snippets import snippets
from playground.client.values import Assistant
from playground.client.yaml_text import load
from playground.tui.screens.metadata import read_metadata
from playground.tui.widgets.row_list import RowList
from tests.servers import Server
from tests.tui.browsing import HOSTILE, PROJECT, Browsing, browsing


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all of them: each story has an assistant of its own."""
    server = Server(PROJECT, tmp_path_factory.mktemp("actions") / "store").start()
    yield server
    server.kill()


@pytest.fixture
async def client(shelf: Server) -> AsyncIterator[Client]:
    client = await Client.connect(shelf.url, shelf.key)
    yield client
    await client.close()


@pytest.fixture
async def blog(client: Client) -> Assistant:
    """An assistant with three versions, v3 active, v2 is prod."""
    name = f"blog {uuid4().hex[:6]}"
    made = await client.assistants.create("writer", name, {"system_prompt": "Write.", "temperature": 0.7})
    (first,) = await client.assistants.versions(made.assistant_id)
    asking = {"system_prompt": "Write.\nAsk.", "temperature": 0.2}
    second = await client.assistants.save(first, context=asking, note="asks")
    await client.assistants.save(second, context={**asking, "temperature": 1.2}, note="warmer")
    await client.notes.set_label(made.assistant_id, "prod", 2, "asked for")
    return await client.assistants.get(made.assistant_id)


@pytest.fixture
async def browse(shelf: Server, blog: Assistant) -> AsyncIterator[Browsing]:
    """Browse with the cursor on it."""
    async with browsing(shelf) as running:
        await running.choose_assistant(blog.name)
        yield running


async def ask(browse: Browsing, key: str, screen: str) -> None:
    """Press a key and wait for its dialog."""
    await browse.press(key)
    await browse.on_screen(screen)


async def answer(browse: Browsing, text: str, field: str = "#answer") -> None:
    """Write a text over what stands in a field, and press Enter."""
    browse.app.screen.query_one(field, Input).value = text
    await browse.press("enter")


def told(browse: Browsing) -> str:
    """What was said last, in the corner of the screen."""
    return " ".join(notification.message for notification in browse.app._notifications)


async def back(browse: Browsing) -> None:
    await browse.on_screen("BrowseScreen")


# Names


async def test_a_taken_name_is_allowed_on_purpose(browse: Browsing, client: Client, blog: Assistant) -> None:
    await ask(browse, "f", "Ask")
    await answer(browse, blog.name)
    await browse.until(lambda: "has that name" in browse.text(), "the hint")
    await browse.press("enter")
    await back(browse)
    await browse.until(lambda: browse.screen.assistant and "forked_from" in browse.screen.assistant.metadata, "it")
    assert len(await client.assistants.named(blog.name)) == 2
    (fork,) = await client.assistants.forks(blog.assistant_id)
    assert fork.metadata["forked_from"] == {"assistant_id": blog.assistant_id, "version": 3, "name": blog.name}


async def test_names_and_descriptions_make_versions_that_keep_the_rest(
    browse: Browsing, client: Client, blog: Assistant
) -> None:
    await ask(browse, "R", "Ask")
    await answer(browse, renamed := f"{blog.name} renamed")
    await back(browse)
    await browse.until(lambda: renamed in browse.text(), "the new name")
    await ask(browse, "i", "Ask")
    await answer(browse, "Long texts.")
    await back(browse)
    await browse.until(lambda: browse.screen.versions and browse.screen.versions[0].version == 5, "v5")
    after = await client.assistants.get(blog.assistant_id)
    assert (after.name, after.description, after.version) == (renamed, "Long texts.", 5)
    assert (after.context, after.config, after.metadata) == (blog.context, blog.config, blog.metadata)
    await ask(browse, "i", "Ask")
    await browse.press("enter")  # the same again
    await back(browse)
    await ask(browse, "n", "Ask")
    browse.app.screen.query_one("#answer", Input).value = f"{blog.name} new"
    await browse.press("tab", *"For", "enter")
    await browse.until(lambda: "is there, as v1" in told(browse), "the new one")
    assert (await client.assistants.get(blog.assistant_id)).version == 5
    (made,) = await client.assistants.named(f"{blog.name} new")
    assert (made.description, made.context, made.version) == ("For", {}, 1)


# Metadata


async def test_metadata_is_checked_at_its_line_and_keys_can_go(
    browse: Browsing, client: Client, blog: Assistant
) -> None:
    kept = {"forked_from": {"assistant_id": "x", "version": 1, "name": "y"}}
    await client.assistants.set_metadata(blog.assistant_id, {**kept, "team": "x", "gone": [1]})
    await browse.press("f5")
    await browse.until(lambda: browse.screen.assistant and browse.screen.assistant.version == 4, "v4")
    await ask(browse, "m", "MetadataDialog")
    area = browse.app.screen.query_one(TextArea)
    assert load(area.text) == {"team": "x", "gone": [1]}
    area.text = "team: y\nrun_id: 7"
    await browse.until(lambda: "Line 2: “run_id”" in browse.text(), "what is wrong")
    assert browse.app.screen.query_one("#confirm", Button).disabled
    await browse.press("ctrl+s")
    await browse.on_screen("MetadataDialog")
    area.text = '{"team": "y"}'
    await browse.until(lambda: "gone will be gone" in browse.text(), "what goes")
    await browse.press("ctrl+s")
    await back(browse)
    await browse.until(lambda: browse.screen.versions and browse.screen.versions[0].version == 5, "v5")
    (row,) = await client.wire.sdk.assistants.get_versions(blog.assistant_id, limit=1)
    assert row["metadata"] == {**kept, "team": "y"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\nb: [", "Line "),
        ("- 1", "Line 1: it must be keys with values"),
        ("a: 1\na: 2", "Line 2: the key “a” is there twice."),
        ("x: 1\nforked_from: y", "Line 2: “forked_from” is kept by the playground"),
    ],
)
def test_metadata_that_is_none(text: str, problem: str) -> None:
    found, said = read_metadata(text)
    assert found is None
    assert said is not None
    assert said.startswith(problem)


# The active version


async def test_make_active_notes_why_and_u_takes_it_back(browse: Browsing, client: Client, blog: Assistant) -> None:
    def active() -> int | None:
        return browse.screen.active_version.version if browse.screen.active_version else None

    await browse.choose("versions", "2")
    await ask(browse, "p", "Confirm")
    await answer(browse, "it asks")
    await browse.until(lambda: active() == 2, "v2 active")
    (promoted,) = await client.notes.promotions(blog.assistant_id)
    assert (promoted.version, promoted.from_version, promoted.note, promoted.by) == (2, 3, "it asks", user_name())
    await browse.press("u")
    await browse.until(lambda: active() == 3, "v3 active")
    assert f"Undone: v3 of {blog.name} is active again" in told(browse)
    assert await client.notes.promotions(blog.assistant_id) == []
    await browse.until(lambda: browse.screen.check_action("undo_make_active", ()) is False, "that there is no more")
    # Somebody else makes another one active after ours: ours isn't taken back.
    await browse.choose("versions", "1")
    await ask(browse, "p", "Confirm")
    await browse.press("enter")
    await browse.until(lambda: active() == 1, "v1 active")
    await client.assistants.promote(blog.assistant_id, 2)
    await browse.press("u")
    await browse.until(lambda: f"but v2 of {blog.name} is active since" in told(browse), "the no")
    assert (await client.assistants.get(blog.assistant_id)).version == 2
    assert len(await client.assistants.versions(blog.assistant_id)) == 3


async def test_what_somebody_else_made_active_is_asked_about(
    browse: Browsing, client: Client, blog: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "erika")
    await client.assistants.promote(blog.assistant_id, 1)
    await client.notes.record_promotion(blog.assistant_id, 1, 3, "the demo")
    monkeypatch.setenv("LOGNAME", "max")
    await browse.press("f5")
    await browse.until(lambda: browse.screen.check_action("undo_make_active", ()), "u")
    await ask(browse, "u", "Confirm")
    assert "erika" in browse.text()
    assert "the demo" in browse.text()
    await browse.press("enter")  # the harmless button
    await back(browse)
    assert (await client.assistants.get(blog.assistant_id)).version == 1
    await ask(browse, "u", "Confirm")
    await browse.press("y")
    await browse.until(lambda: browse.screen.active_version and browse.screen.active_version.version == 3, "v3 active")


# Labels


async def test_a_label_says_where_it_is_before_it_moves_and_goes(
    browse: Browsing, client: Client, blog: Assistant
) -> None:
    await browse.choose("versions", "1")
    await ask(browse, "L", "LabelDialog")
    assert [row.key for row in browse.app.screen.query_one(RowList).rows] == ["prod", "staging"]
    await browse.press("down")
    await browse.until(lambda: "prod is v2 now" in browse.text() and "It moves to v1." in browse.text(), "where it is")
    assert "asked for" in browse.text()
    await browse.press("enter", *"why", "space", *"not", "enter")
    await browse.until(lambda: browse.screen.version and browse.screen.version.labels == ("prod",), "the label")
    facts = (await client.notes.label_facts(blog.assistant_id))["prod"]
    assert (facts.version, facts.why, facts.by) == (1, "why not", user_name())
    await ask(browse, "L", "LabelDialog")
    await browse.press(*"prod")
    await browse.until(lambda: browse.app.screen.query_one("#take-away").display, "the button")
    await browse.pilot.click("#take-away")
    await browse.until(lambda: browse.screen.version and browse.screen.version.labels == (), "no label")
    assert await client.notes.labels(blog.assistant_id) == {}


# Deleting


async def test_delete_says_what_goes_what_stays_and_who_names_it(
    browse: Browsing, client: Client, blog: Assistant
) -> None:
    first = (await client.assistants.versions(blog.assistant_id))[-1]
    await client.assistants.fork(first, "its fork")
    await client.notes.save_draft(blog.assistant_id, 1, {"context": {}})
    await browse.choose("assistants", blog.assistant_id)
    await ask(browse, "D", "Confirm")
    said = " ".join(browse.text().replace("│", " ").split())
    assert "3 versions, the label prod, 2 notes and its draft" in said
    assert "its fork stays: a fork" in said
    await browse.press("y")
    await back(browse)
    await browse.until(lambda: browse.screen.catalog.assistant(blog.assistant_id) is None, "the deletion")
    assert await client.notes.draft(blog.assistant_id) is None
    assert [one.name for one in await client.assistants.forks(blog.assistant_id)] == ["its fork"]


# Copying


async def test_the_menu_copies_and_shows_what(browse: Browsing, client: Client, blog: Assistant) -> None:
    await browse.choose("versions", "2")
    await ask(browse, "y", "CopyMenu")
    await browse.press("end")
    await browse.until(lambda: "import" in browse.text() and "get_sync_client" in browse.text(), "the preview")
    await browse.press("r")
    await back(browse)
    assert browse.app.clipboard == f"{blog.name}@v2"
    await ask(browse, "y", "CopyMenu")
    await browse.press("y")
    await back(browse)
    copied = load(browse.app.clipboard)
    version = (await client.assistants.versions(blog.assistant_id))[1]
    assert (copied["version"], copied["context"], copied["labels"]) == (2, version.context, ["prod"])


async def test_the_code_runs_as_it_is_pasted_whatever_is_in_it(shelf: Server, client: Client) -> None:
    context = {"system_prompt": f'{HOSTILE}\n"""\n\\', 'a"b\n': [None, True, 1.5, {"": '"'}], "two": 'l1\nl2"'}
    made = await client.assistants.create("writer", HOSTILE, context, metadata={"api_token": "hidden-from-you"})
    (version,) = await client.assistants.versions(made.assistant_id)
    pasted = {snippet.key: snippet.text for snippet in await snippets(client, version)}
    assert "hidden-from-you" not in "".join(pasted.values())
    assert shelf.key not in "".join(pasted.values())
    assert "# Left out, since it is secret: metadata.api_token." in pasted["p"]
    copy = await client.assistants.get(_python(pasted["p"], shelf.key).strip())
    assert (copy.context, copy.name) == (context, HOSTILE)
    assert "Written." in _python(pasted["n"], shelf.key)


def _python(code: str, key: str) -> str:
    """What the code prints, run by a Python of its own."""
    environment = {**os.environ, "PLAYGROUND_KEY": key}
    ran = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


# Files


async def test_out_to_a_file_and_back(
    browse: Browsing, client: Client, blog: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    await ask(browse, "x", "ExportDialog")
    await answer(browse, "out.yaml")
    file = tmp_path / "out.yaml"
    await browse.until(file.exists, "the file")
    await back(browse)
    assert file.stat().st_mode & 0o777 == 0o600
    written = file.read_text()
    await ask(browse, "x", "ExportDialog")
    await browse.press("down")
    assert browse.app.screen.query_one(Input).value == "writer-assistants.yaml"
    await answer(browse, "out.yaml")
    await browse.on_screen("Confirm")
    await browse.press("enter")  # the harmless button
    await back(browse)
    assert file.read_text() == written

    (tmp_path / "bad.yaml").write_text("a: [")
    await ask(browse, "I", "PickFile")
    await answer(browse, "bad.yaml")
    await browse.until(lambda: "The file can't be read, line 1" in told(browse), "the sentence")
    await back(browse)
    (tmp_path / "bad.yaml").unlink()

    await ask(browse, "I", "PickFile")
    assert [row.cells[0].plain for row in browse.app.screen.query_one(RowList).rows] == ["out.yaml"]
    await browse.press("enter")
    await browse.on_screen("ImportPreview")
    assert "1 assistant will be made or completed, with 3 versions." in " ".join(browse.text().split())
    browse.app.screen.query_one(Checkbox).value = True
    await browse.until(lambda: browse.app.screen.query_one("#confirm", Button).disabled, "nothing to do")
    assert "Nothing to do" in browse.text()
    browse.app.screen.query_one(Checkbox).value = False
    await browse.until(lambda: not browse.app.screen.query_one("#confirm", Button).disabled, "something to do")
    await browse.pilot.click("#confirm")
    await back(browse)
    await browse.until(lambda: "1 assistant imported, with 3 versions." in told(browse), "the import")
    one, other = await client.assistants.named(blog.name)
    (made,) = {one.assistant_id, other.assistant_id} - {blog.assistant_id}
    await browse.until(lambda: browse.screen.panes.assistants.key == made, "the cursor on what was imported")
    assert browse.screen.column == "assistants"
    assert browse.screen.panes.assistants.list.has_focus
    assert (one.context, one.version, one.metadata) == (other.context, other.version, other.metadata)
    assert await client.notes.labels(one.assistant_id) == await client.notes.labels(other.assistant_id) == {"prod": 2}


# Whatever it is called


async def test_dialogs_show_hostile_text_as_text_and_keep_their_buttons(shelf: Server, client: Client) -> None:
    name = f"{HOSTILE} {'long ' * 30}"
    made = await client.assistants.create("writer", name, {"x": HOSTILE}, metadata={HOSTILE: HOSTILE})
    (first,) = await client.assistants.versions(made.assistant_id)
    await client.assistants.save(first, context={"x": "y\n" * 50}, note=HOSTILE)
    await client.notes.set_label(made.assistant_id, "prod", 2, HOSTILE * 10)
    dialogs: dict[str, Any] = {
        **{"f": "Ask", "p": "Confirm", "L": "LabelDialog", "R": "Ask"},
        **{"m": "MetadataDialog", "y": "CopyMenu", "x": "ExportDialog"},
    }
    async with browsing(shelf, size=(80, 24)) as browse:
        await browse.choose("graphs", "writer")
        await browse.choose("assistants", made.assistant_id)
        await browse.until(lambda: len(browse.screen.versions) == 2, "its versions")
        await browse.choose("versions", "1")
        for key, screen in dialogs.items():
            await ask(browse, key, screen)
            shown = browse.text()
            assert "\x1b" not in shown
            assert "\u202e" not in shown
            box = browse.app.screen.query_one("#dialog").region
            buttons = [button for button in browse.app.screen.query(Button) if button.display]
            assert all(box.contains_region(button.region) for button in buttons), screen
            await browse.press("escape")
            await back(browse)
