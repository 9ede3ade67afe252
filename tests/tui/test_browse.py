"""Browse with keys and mouse, on a real server."""

import pytest
from textual.widgets import Input

from playground.client.client import Client
from playground.client.wire import Wire
from playground.tui.text import date
from playground.tui.widgets.keybar import KeyBar
from playground.tui.widgets.row_list import RowList
from tests.servers import Server
from tests.tui.browsing import HOSTILE, Browsing, browsing


def shown(browse: Browsing, list_id: str) -> list[str]:
    """The first columns of a list."""
    column = {"graphs": 1, "assistants": 0, "versions": 0}[list_id]
    return [row.cells[column].plain for row in browse.screen.query_one(f"#{list_id}-list", RowList).rows]


async def test_three_panes_follow_each_other(browse: Browsing) -> None:
    assert set(shown(browse, "graphs")) == {"broken", "support", "writer"}
    await browse.choose("graphs", "writer")
    assert shown(browse, "assistants") == ["tweet writer  ~draft", "✘ blog writer", "writer · default"]
    await browse.choose_assistant("blog writer")
    assert shown(browse, "versions") == ["v4", "v3", "v2", "v1"]
    assert browse.screen.version is not None
    assert browse.screen.version.version == 3, "the cursor starts on the active version"
    await browse.choose("versions", "1")
    assert "v1 → v3 (active)" in browse.text()
    assert "0.7 → 1.2" in browse.text()


async def test_a_failing_graph_says_so_in_place_and_the_others_work(browse: Browsing) -> None:
    await browse.choose("graphs", "broken")
    assert "no [/key] for" in browse.text()
    await browse.press("enter")
    await browse.on_screen("ErrorDetails")
    assert "Traceback" in browse.text() or "RuntimeError" in browse.text()
    await browse.press("escape")
    await browse.choose("graphs", "support")
    await browse.until(lambda: "├⇢ write" in browse.text(), "the drawing")


async def test_filter_as_you_type(browse: Browsing) -> None:
    await browse.choose("graphs", "writer")
    await browse.choose_assistant("blog writer")
    await browse.press("slash", *"tw")
    assert shown(browse, "assistants") == ["tweet writer  ~draft"]
    assert "1 of 3" in browse.text()
    await browse.until(lambda: "Versions of tweet writer" in browse.text(), "the versions of what is left")
    await browse.press(*"zz")
    assert "Nothing matches" in browse.text()
    await browse.press("escape")
    assert len(shown(browse, "assistants")) == 3
    assert browse.app.focused is browse.screen.query_one("#assistants-list")


async def test_marked_versions_are_compared(browse: Browsing) -> None:
    await browse.choose_assistant("blog writer")
    await browse.choose("versions", "1")
    await browse.press("space")
    await browse.choose("versions", "2")
    await browse.press("space")
    assert "2 marked" in browse.text()
    assert "Compare(2)" in browse.text()
    await browse.press("c")
    await browse.on_screen("CompareScreen")
    await browse.until(lambda: "blog writer@v1" in browse.text() and "blog writer@v2" in browse.text(), "both panes")


async def test_the_diff_is_shown_in_full_and_can_be_turned_round(browse: Browsing) -> None:
    await browse.choose_assistant("blog writer")
    await browse.choose("versions", "1")
    await browse.press("d")
    await browse.on_screen("DiffScreen")
    assert "blog writer@v1 → blog writer@v3 (active)" in browse.text()
    assert "+ End with a question." in browse.text()
    await browse.press("s")
    await browse.pilot.pause()
    assert "- End with a question." in browse.text()
    await browse.press("escape")
    await browse.on_screen("BrowseScreen")


async def test_fork_makes_a_copy_and_goes_there(browse: Browsing) -> None:
    await browse.choose_assistant("blog writer")
    await browse.choose("versions", "2")
    await browse.press("f")
    await browse.on_screen("Ask")
    browse.app.screen.query_one(Input).value = "my fork"
    await browse.press("enter")
    await browse.until(
        lambda: browse.screen.assistant is not None and browse.screen.assistant.name == "my fork", "the fork"
    )
    assert browse.screen.assistant is not None
    assert browse.screen.assistant.context["temperature"] == 0.2
    assert browse.screen.assistant.metadata["forked_from"]["version"] == 2


async def test_an_empty_name_is_refused_at_the_field(browse: Browsing) -> None:
    await browse.choose_assistant("blog writer")
    await browse.press("f")
    await browse.on_screen("Ask")
    browse.app.screen.query_one(Input).value = "  "
    await browse.press("enter")
    await browse.pilot.pause()
    assert "can't be empty" in browse.text()
    await browse.press("escape")
    await browse.on_screen("BrowseScreen")
    assert len(browse.screen.catalog.of_graph("writer")) == 3


async def test_make_active_asks_with_the_diff(browse: Browsing) -> None:
    await browse.choose_assistant("blog writer")
    assert browse.screen.check_action("make_active", ()) is False, "not from the assistants"
    await browse.choose("versions", "3")
    assert browse.screen.check_action("make_active", ()) is False, "it is active already"
    await browse.choose("versions", "2")
    await browse.press("p")
    await browse.on_screen("Confirm")
    assert "1.2 → 0.2" in browse.text()
    await browse.press("enter")
    await browse.until(lambda: browse.screen.active_version and browse.screen.active_version.version == 2, "v2 active")
    assert shown(browse, "versions") == ["v4", "v3", "v2", "v1"]


async def test_the_exact_date_and_the_whole_note_of_a_version_are_there(shelf: Server) -> None:
    client = await Client.connect(shelf.url, shelf.key)
    made = await client.assistants.create("writer", "noted", {"temperature": 0.1})
    first = (await client.assistants.versions(made.assistant_id))[0]
    note = f"{'a long reason ' * 8}and its end"
    await client.assistants.save(first, context={"temperature": 0.2}, note=note, description="What it is for.")
    second, first = await client.assistants.versions(made.assistant_id)
    await client.close()
    async with browsing(shelf) as browse:
        await browse.choose_assistant("noted")
        await browse.until(lambda: date(second.created_at) in browse.text(), "the date")
        assert "and its end" in browse.text()
        assert "What it is for." in browse.text()
        await browse.choose("versions", "1")
        await browse.until(lambda: date(first.created_at) in browse.text(), "the other date")


@pytest.mark.parametrize("too", [False, True])
async def test_delete_takes_the_threads_along_when_asked(browse: Browsing, shelf: Server, too: bool) -> None:
    await browse.choose_assistant("blog writer")
    client = await Client.connect(shelf.url, shelf.key)
    thread = await client.threads.create()
    given = {"messages": [{"role": "user", "content": "hello"}]}
    runnable = await client.resolve("blog writer")
    assert [event async for event in client.runs.stream(runnable, thread_id=thread.thread_id, input=given)]
    await browse.press("D")
    await browse.on_screen("Confirm")
    assert "Its 1 thread stays" in browse.text()
    if too:
        await browse.pilot.click("#option")
    await browse.press("y")
    await browse.until(lambda: "blog writer" not in " ".join(shown(browse, "assistants")), "the deletion")
    found = [one.thread_id for one in await client.threads.list()]
    await client.close()
    assert found == ([] if too else [thread.thread_id])


async def test_delete_names_what_goes_and_asks(browse: Browsing) -> None:
    await browse.choose_assistant("blog writer")
    await browse.press("D")
    await browse.on_screen("Confirm")
    assert all(words in browse.text() for words in ("4 versions", "the label prod", "notes"))
    await browse.press("enter")  # the harmless button has the focus
    await browse.on_screen("BrowseScreen")
    assert "blog writer" in " ".join(shown(browse, "assistants"))
    await browse.press("D")
    await browse.on_screen("Confirm")
    await browse.press("y")
    await browse.until(lambda: "blog writer" not in " ".join(shown(browse, "assistants")), "the deletion")
    assert browse.app.focused is browse.screen.query_one("#assistants-list")


async def test_labels_move(browse: Browsing) -> None:
    await browse.choose_assistant("blog writer")
    await browse.choose("versions", "1")
    await browse.press("L")
    await browse.on_screen("LabelDialog")
    browse.app.screen.query_one("#label-name", Input).value = "prod"
    browse.app.screen.query_one("#why", Input).value = "the calm one"
    await browse.pilot.click("#confirm")
    await browse.until(lambda: browse.screen.version and browse.screen.version.labels == ("prod",), "the label")
    assert all(version.labels == () for version in browse.screen.versions if version.version != 1)
    await browse.until(lambda: "the calm one" in browse.text(), "why, in the pane under the cursor")


async def test_new_makes_an_assistant_and_opens_the_editor(browse: Browsing) -> None:
    await browse.choose("graphs", "support")
    await browse.press("n")
    await browse.on_screen("Ask")
    await browse.press(*"strict", "enter")
    await browse.on_screen("EditScreen")
    await browse.until(lambda: "strict" in browse.text(), "the editor")
    assert browse.screen.assistant is not None
    assert browse.screen.assistant.name == "strict"


async def test_a_refresh_keeps_cursor_and_focus(browse: Browsing, shelf: Server) -> None:
    await browse.choose_assistant("blog writer")
    await browse.choose("versions", "2")
    client = await Client.connect(shelf.url, shelf.key)
    await client.assistants.create("writer", "from elsewhere")
    await client.close()
    await browse.press("f5")
    await browse.until(lambda: "from elsewhere" in shown(browse, "assistants"), "the new assistant")
    await browse.pilot.pause()
    assert browse.screen.assistant is not None
    assert browse.screen.assistant.name == "blog writer"
    assert browse.screen.version is not None
    assert browse.screen.version.version == 2
    assert browse.app.focused is browse.screen.query_one("#versions-list")


async def test_many_assistants_cost_no_request_each(shelf: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    client = await Client.connect(shelf.url, shelf.key)
    for number in range(60):
        await client.assistants.create("writer", f"assistant {number}")
    await client.close()
    asked: list[str] = []
    ask = Wire.ask

    async def counting(self: Wire, what: str, answer: object) -> object:
        asked.append(what)
        return await ask(self, what, answer)  # type: ignore[arg-type]

    monkeypatch.setattr(Wire, "ask", counting)
    async with browsing(shelf) as browse:
        await browse.choose("graphs", "writer")
        assert len(shown(browse, "assistants")) == 63
    assert len(asked) < 60, asked


async def test_the_mouse_does_it_too(browse: Browsing) -> None:
    await browse.choose("graphs", "writer")
    await browse.until(lambda: len(shown(browse, "assistants")) == 3)
    await browse.pilot.click("#assistants-list", offset=(10, 2))
    assert browse.screen.assistant is not None
    assert browse.screen.assistant.name == "blog writer"
    await browse.pilot.click("#assistants-list", offset=(1, 1))
    await browse.pilot.pause()
    assert "1 marked" in browse.text(), "a click on the gutter marks"
    line = browse.text().splitlines()[-1]
    await browse.pilot.click(KeyBar, offset=(line.index("Fork"), 0))
    await browse.on_screen("Ask")
    await browse.press("escape")
    await browse.pilot.click("TopBar", offset=(browse.text().splitlines()[0].index("3 Compare") + 2, 0))
    await browse.on_screen("CompareScreen")


async def test_a_double_click_opens(browse: Browsing) -> None:
    await browse.choose_assistant("blog writer")
    await browse.pilot.click("#assistants-list", offset=(10, 2), times=2)
    await browse.on_screen("ThreadsScreen")


async def test_panes_are_tabs_where_it_is_narrow(shelf: Server) -> None:
    async with browsing(shelf, size=(80, 24)) as browse:
        assert "Graphs   Assistants   Versions" in browse.text()
        assert not browse.screen.query_one("#graphs-column").display
        await browse.press("right")
        await browse.pilot.pause()
        assert browse.app.focused is browse.screen.query_one("#versions-list")
        assert not browse.screen.query_one("#assistants-column").display
        await browse.pilot.click("PaneTabs", offset=(3, 0))
        await browse.until(lambda: browse.app.focused is browse.screen.query_one("#graphs-list"), "the graphs")


async def test_zoom_and_back(browse: Browsing) -> None:
    await browse.choose_assistant("blog writer")
    await browse.press("z")
    await browse.pilot.pause()
    assert browse.screen.query_one("#assistants").size.width > 100
    await browse.press("escape")
    await browse.pilot.pause()
    assert browse.screen.maximized is None


async def test_hostile_names_notes_and_contexts_are_only_text(shelf: Server) -> None:
    client = await Client.connect(shelf.url, shelf.key)
    context = {HOSTILE: HOSTILE, "long": "x" * 1_000_000}
    made = await client.assistants.create("writer", HOSTILE, context)
    first = (await client.assistants.versions(made.assistant_id))[0]
    await client.assistants.save(first, context={**context, "long": "y" * 1_000_000}, note=HOSTILE)
    await client.close()
    async with browsing(shelf) as browse:
        await browse.choose("graphs", "writer")
        await browse.choose("assistants", made.assistant_id)
        await browse.until(lambda: len(browse.screen.versions) == 2, "its versions")
        assert "[/bold] [red]x[/]" in browse.text()
        await browse.choose("versions", "1")
        for key, screen in (("d", "DiffScreen"), ("f", "Ask"), ("p", "Confirm"), ("L", "LabelDialog")):
            await browse.press(key)
            await browse.on_screen(screen)
            assert "\x1b" not in browse.text()
            assert "\u202e" not in browse.text()
            await browse.press("escape")
            await browse.on_screen("BrowseScreen")
        await browse.choose("assistants", made.assistant_id)
        await browse.press("D")
        await browse.on_screen("Confirm")
        await browse.press("escape")
        await browse.press("ctrl+p")
        await browse.on_screen("CommandPalette")
        await browse.press(*"bold")
        await browse.until(lambda: "assistant: [/bold]" in browse.text(), "the palette")
