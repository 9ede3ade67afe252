"""The chat of a thread: a current message, by message and by turn; finding."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.app import App, ComposeResult
from textual.pilot import Pilot

from playground.client.blocks import ToolBlock
from playground.client.events import MessageChunk, ToolCall
from playground.client.transcript import Transcript
from playground.tui.widgets.chat_pane import ChatPane
from playground.tui.widgets.search_bar import SearchBar, SearchTools
from playground.tui.widgets.transcript_cursor import ChatView
from tests.tui.screen_text import screen_text
from tests.tui.test_transcript_view import human, settled, until

TURNS = 30


class ChatApp(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.chat = ChatView()

    def compose(self) -> ComposeResult:
        yield ChatPane(self.chat)


def long_thread() -> Transcript:
    """Each turn asks, calls a tool, and answers; one tool found something."""
    transcript = Transcript()
    for turn in range(TURNS):
        transcript.begin(human(f"question {turn}"))
        call = ToolCall(0, f"c{turn}", "look", f'{{"at": {turn}}}')
        transcript.apply(MessageChunk(f"call{turn}", "ai", tool_calls=(call,), last=True))
        found = "a needle in it" if turn == 7 else "nothing"
        transcript.apply(MessageChunk(f"t{turn}", "tool", found, tool_call_id=f"c{turn}", last=True))
        transcript.apply(MessageChunk(f"a{turn}", "ai", f"answer {turn} with a Word\n\nand more", last=True))
    return transcript


@asynccontextmanager
async def chatting() -> AsyncIterator[tuple[ChatView, Pilot[None]]]:
    app = ChatApp()
    async with app.run_test(size=(60, 20)) as pilot:
        app.chat.feed(long_thread().blocks)
        await settled(app.chat, pilot)
        app.chat.focus()
        yield app.chat, pilot


def rows_of(pilot: Pilot[None]) -> list[str]:
    """The screen without its scrollbar."""
    return [row[:59].rstrip() for row in screen_text(pilot.app).split("\n")]


def marked(pilot: Pilot[None]) -> list[str]:
    """The rows that are marked as the current message."""
    return [row[1:].strip() for row in rows_of(pilot) if row.startswith("▌")]


async def test_one_goes_from_message_to_message_and_from_turn_to_turn() -> None:
    async with chatting() as (view, pilot):
        assert view.current is None
        await pilot.press("K")
        await until(pilot, lambda: marked(pilot) == ["answer 29 with a Word", "", "and more"])
        await pilot.press("K")
        await pilot.pause()
        assert isinstance(view.current, ToolBlock)
        await pilot.press("enter")
        await until(pilot, lambda: "nothing" in " ".join(marked(pilot)))
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: marked(pilot) == ["> question 29"])
        for _ in range(20):
            await pilot.press("left_square_bracket")
        await until(pilot, lambda: marked(pilot) == ["> question 9"])
        assert not view.following
        await pilot.press("right_square_bracket", "J")
        await until(pilot, lambda: marked(pilot) != [] and marked(pilot)[0].startswith("⚙ look(at=10) ✔"))
        for _ in range(12):
            await pilot.press("left_square_bracket")
        await until(pilot, lambda: marked(pilot) == ["> question 0"])
        assert view.scroll_y == 0


async def test_what_is_found_is_gone_to_and_opened_if_it_was_folded() -> None:
    async with chatting() as (view, pilot):
        bar, tools = pilot.app.query_one(SearchBar), pilot.app.query_one(SearchTools)
        await pilot.press("slash")
        await until(pilot, lambda: bar.input.has_focus)
        await pilot.press(*"needle")
        await until(pilot, lambda: "1 of 1" in str(tools.render()))
        await until(pilot, lambda: "a needle in it" in screen_text(pilot.app))
        assert marked(pilot)[0].startswith("⚙ look(at=7)")
        bar.input.value = "word"
        await until(pilot, lambda: f"8 of {TURNS}" in str(tools.render()))
        await pilot.press("up")
        await until(pilot, lambda: f"7 of {TURNS}" in str(tools.render()))
        await until(pilot, lambda: "answer 6 with a Word" in marked(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: view.has_focus)
        assert "answer 6 with a Word" in marked(pilot)
        await pilot.press("slash")
        await until(pilot, lambda: bar.input.has_focus)
        await pilot.press(*"nowhere")
        await until(pilot, lambda: "✘ not there" in str(tools.render()))


async def test_a_click_chooses_a_message() -> None:
    async with chatting() as (view, pilot):
        row = next(y for y, row in enumerate(rows_of(pilot)) if "answer 29" in row)
        await pilot.click(view, offset=(6, row))
        await until(pilot, lambda: marked(pilot)[:1] == ["answer 29 with a Word"])


async def test_what_a_message_used_is_at_its_end() -> None:
    async with chatting() as (view, pilot):
        view.set_notes({"a29": "1,640→88 tok"})
        await settled(view, pilot)
        assert next(row for row in rows_of(pilot) if "tok" in row).split() == ["and", "more", "1,640→88", "tok"]
        view.set_notes({"a29": "x" * 55})
        await settled(view, pilot)
        rows = [row.strip() for row in rows_of(pilot)]
        assert rows[rows.index("x" * 55) - 1] == "and more"
