"""What Browse lists beside assistants and versions: drafts, misfits; orders; what other terminals change."""

from collections.abc import AsyncIterator, Callable

import pytest
from textual.widgets import Input

from playground.client.client import Client
from playground.client.values import Assistant, Version
from playground.client.wire import Wire
from playground.tui.browse.order import Order
from playground.tui.ui_state import read_word
from playground.tui.widgets.drafts_strip import DraftsStrip
from playground.tui.widgets.misfits_strip import MisfitsStrip
from playground.tui.widgets.row_list import RowList
from tests.servers import Server
from tests.tui.browsing import Browsing, browsing

ASSISTANTS, DRAFTS = "#assistants-list", "#drafts-list"


@pytest.fixture
async def still(still_shelf: Server) -> AsyncIterator[Browsing]:
    """Browse on a server that other tests use, too: nothing is changed there."""
    async with browsing(still_shelf) as running:
        yield running


def names(browse: Browsing, list_id: str = ASSISTANTS) -> list[str]:
    """The first column of a list."""
    return [row.cells[0].plain for row in browse.screen.query_one(list_id, RowList).rows]


def is_focused(browse: Browsing, selector: str) -> Callable[[], bool]:
    return lambda: browse.app.focused is browse.screen.query_one(selector)


async def versions_of(client: Client, name: str) -> list[Version]:
    found = next(one for one in await client.assistants.list() if one.name == name)
    return await client.assistants.versions(found.assistant_id)


async def to_drafts(browse: Browsing) -> None:
    """With Tab from the assistants, past the misfits."""
    await browse.choose_assistant("blog writer")
    await browse.press("tab")
    await browse.until(is_focused(browse, "MisfitsStrip"), "the strip of misfits")
    await browse.press("tab")
    await browse.until(is_focused(browse, DRAFTS), "the drafts")


async def test_drafts_are_listed_with_what_they_change(still: Browsing) -> None:
    await to_drafts(still)
    assert names(still, DRAFTS) == ["~ tweet writer"]
    await still.until(lambda: "1 field changed" in still.text(), "how much it changes")
    await still.press("tab")
    await still.until(is_focused(still, "#versions-list"), "the versions")
    await still.press("left")
    await still.until(is_focused(still, ASSISTANTS), "the arrow passes the drafts by")


async def test_without_a_draft_nothing_is_there(browse: Browsing, shelf: Server) -> None:
    assert browse.screen.query_one(DraftsStrip).display
    client = await Client.connect(shelf.url, shelf.key)
    await client.notes.drop_draft((await versions_of(client, "tweet writer"))[0].assistant_id)
    await client.close()
    await to_drafts(browse)
    await browse.press("f5")
    await browse.until(lambda: not browse.screen.query_one(DraftsStrip).display, "the empty strip")
    await browse.until(is_focused(browse, ASSISTANTS), "the focus where something is")


async def test_a_draft_is_compared_shown_and_opened(still: Browsing) -> None:
    await to_drafts(still)
    await still.press("d")
    await still.on_screen("DiffScreen")
    assert "tweet writer@v1 (active) → tweet writer@draft" in still.text()
    assert "Shorter." in still.text()
    await still.press("escape")
    await still.on_screen("BrowseScreen")
    await still.press("c")
    await still.on_screen("CompareScreen")
    await still.until(lambda: "tweet writer@v1" in still.text() and "tweet writer@draft" in still.text(), "both")
    still.app.action_go("browse")
    await still.on_screen("BrowseScreen")
    await still.press("enter")
    await still.on_screen("EditScreen")
    await still.until(lambda: "Shorter." in still.text(), "the draft in the editor")


async def test_a_draft_is_discarded_after_a_question_and_stays_gone(browse: Browsing, shelf: Server) -> None:
    await to_drafts(browse)
    await browse.press("e")
    await browse.on_screen("EditScreen")
    await browse.until(lambda: "Shorter." in browse.text(), "the draft in the editor")
    await browse.press("1")
    await browse.on_screen("BrowseScreen")
    await browse.press("D")
    await browse.on_screen("Confirm")
    assert "1 field changed since v1" in browse.text()
    await browse.press("enter")  # the harmless button has the focus
    await browse.on_screen("BrowseScreen")
    assert names(browse, DRAFTS)
    await browse.press("D")
    await browse.on_screen("Confirm")
    await browse.press("y")
    await browse.until(lambda: not names(browse, DRAFTS), "the draft to go")
    await browse.press("2")
    await browse.on_screen("EditScreen")
    await browse.until(lambda: "Shorter." not in browse.text(), "the editor on the version")
    client = await Client.connect(shelf.url, shelf.key)
    assert await client.notes.drafts() == []
    await client.close()


async def test_misfits_say_why_and_can_be_listed_alone(still: Browsing) -> None:
    await still.choose_assistant("blog writer")
    assert "✘ blog writer" in names(still)
    assert "model: is no longer a field of this graph" in " ".join(still.text().replace("│", "").split())
    await still.pilot.click(MisfitsStrip)
    await still.until(lambda: names(still) == ["✘ blog writer"], "only those")
    assert "Enter lists all" in still.text()
    await still.press("escape")
    assert len(names(still)) == 3
    assert "Enter lists them" in still.text()


async def test_orders_by_key_and_by_the_titles_and_over_restarts(still_shelf: Server) -> None:
    async with browsing(still_shelf) as browse:
        await browse.choose_assistant("blog writer")
        assert names(browse) == ["tweet writer  ~draft", "✘ blog writer", "writer · default"]
        await browse.press("s")
        await browse.until(lambda: names(browse)[0] == "✘ blog writer", "by name")
        assert "NAME▴" in browse.text()
        assert browse.screen.assistant is not None
        assert browse.screen.assistant.name == "blog writer", "the cursor stays where it is"
        line = next(line for line in browse.text().splitlines() if "NAME▴" in line)
        head = line[line.index("NAME▴") - 3 :]
        await browse.pilot.click(ASSISTANTS, offset=(head.index("UPDATED") + 1, 0))
        await browse.until(lambda: browse.screen.order == Order("updated"), "a click on a title")
        await browse.pilot.click(ASSISTANTS, offset=(4, 0))
        await browse.pilot.click(ASSISTANTS, offset=(4, 0))
        await browse.until(lambda: browse.screen.order == Order("name", reverse=True), "a second click turns it round")
        assert names(browse)[0] == "tweet writer  ~draft"
        await browse.until(lambda: read_word("browse.order") == "-name", "it to be remembered")
    async with browsing(still_shelf) as browse:
        await browse.choose("graphs", "writer")
        assert names(browse)[0] == "tweet writer  ~draft"
        assert "NAME▾" in browse.text()


async def test_a_filter_finds_by_label_metadata_and_state(shelf: Server) -> None:
    client = await Client.connect(shelf.url, shelf.key)
    for owner in ("ann", "bob"):
        await client.assistants.create("writer", f"of {owner}", metadata={"owner": owner})
    await client.close()
    async with browsing(shelf) as browse:
        await browse.choose_assistant("of ann")
        await browse.press("slash")
        await browse.until(lambda: "label:prod" in browse.text(), "what can be typed")
        for text, found in (
            ("label:prod", ["✘ blog writer"]),
            ("owner:ann", ["of ann"]),
            ("is:draft", ["tweet writer  ~draft"]),
            ("of bob", ["of bob"]),
        ):
            browse.app.screen.query_one(Input).value = text
            await browse.until(lambda found=found: names(browse) == found, text)
        assert "1 of 5" in browse.text()


async def test_a_fork_says_where_it_comes_from_also_when_that_is_gone(browse: Browsing, shelf: Server) -> None:
    client = await Client.connect(shelf.url, shelf.key)
    source = (await versions_of(client, "blog writer"))[-1]
    await client.assistants.fork(source, "forked")
    await client.close()
    await browse.press("f5")
    await browse.until(lambda: any(one.name == "forked" for one in browse.screen.catalog.assistants), "the fork")
    await browse.choose_assistant("forked")
    await browse.until(lambda: "forked from blog writer@v1" in browse.text(), "its source")
    client = await Client.connect(shelf.url, shelf.key)
    await client.assistants.delete(source.assistant_id)
    await client.close()
    await browse.press("f5")
    await browse.until(lambda: "blog writer@v1 (gone)" in browse.text(), "that it is gone")


async def test_coming_back_reads_what_changed_and_not_all(
    browse: Browsing, shelf: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    await browse.choose_assistant("blog writer")
    await browse.press("3")
    await browse.on_screen("CompareScreen")
    client = await Client.connect(shelf.url, shelf.key)
    made: Assistant = await client.assistants.create("writer", "from elsewhere")
    asked: list[str] = []
    ask = Wire.ask

    async def noting(self: Wire, what: str, answer: object) -> object:
        asked.append(what)
        return await ask(self, what, answer)  # type: ignore[arg-type]

    monkeypatch.setattr(Wire, "ask", noting)
    kept = browse.screen.assistant
    await browse.press("1")
    await browse.on_screen("BrowseScreen")
    await browse.until(lambda: "from elsewhere" in names(browse), "what another terminal made")
    assert browse.screen.assistant is kept, "what didn't change is not read again"
    assert asked.count("list the assistants") == 1
    await client.assistants.delete(made.assistant_id)
    await client.close()
    await browse.press("f5")
    await browse.until(lambda: "from elsewhere" not in names(browse), "what another terminal deleted")


async def test_hundreds_of_versions_scroll_and_say_what_they_repeat(shelf: Server) -> None:
    client = await Client.connect(shelf.url, shelf.key)
    base = (await versions_of(client, "tweet writer"))[0]
    for number in range(2, 122):
        base = await client.assistants.save(base, context={"temperature": number % 40 / 20})
    await client.close()
    async with browsing(shelf) as browse:
        await browse.choose_assistant("tweet writer")
        versions = browse.screen.query_one("#versions-list", RowList)
        assert len(versions.rows) == 121
        assert "same as v81" in browse.text()
        versions.focus()
        await browse.press("end")
        await browse.until(lambda: browse.screen.version and browse.screen.version.version == 1, "the first version")
        await browse.press("slash", *"v77")
        await browse.until(lambda: names(browse, "#versions-list") == ["v77"], "a version by its number")


async def test_a_promotion_says_who_and_why_and_can_be_undone(browse: Browsing) -> None:
    await browse.choose_assistant("blog writer")
    await browse.choose("versions", "2")
    await browse.press("p")
    await browse.on_screen("Confirm")
    browse.app.screen.query_one(Input).value = "it sells"
    await browse.pilot.click("#confirm")
    await browse.until(lambda: browse.screen.active_version and browse.screen.active_version.version == 2, "v2 active")
    await browse.until(lambda: "made active instead of v3" in browse.text(), "who, and why")
    await browse.press("u")
    await browse.until(lambda: browse.screen.active_version and browse.screen.active_version.version == 3, "v3 again")


async def test_keys_of_an_assistant_open_their_dialogs(still: Browsing) -> None:
    await still.choose_assistant("blog writer")
    for key, screen in (("R", "Ask"), ("i", "Ask"), ("m", "MetadataDialog"), ("y", "CopyMenu")):
        await still.press(key)
        await still.until(lambda: type(still.app.screen).__name__ != "BrowseScreen", f"what {key} opens")
        assert type(still.app.screen).__name__ == screen
        await still.press("escape")
        await still.on_screen("BrowseScreen")


async def test_enter_on_a_ready_graph_opens_its_view(still: Browsing) -> None:
    await still.choose("graphs", "writer")
    await still.press("enter")
    await still.on_screen("GraphScreen")
    await still.press("escape")
    await still.on_screen("BrowseScreen")
