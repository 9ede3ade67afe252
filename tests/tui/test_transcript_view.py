"""The view of a transcript: what it shows, what a frame costs, what it follows."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.pilot import Pilot

from playground.client.blocks import TextBlock
from playground.client.events import Ended, MessageChunk, NodeUpdate, ToolCall
from playground.client.transcript import Transcript
from playground.tui.widgets.stream_markdown import Line
from playground.tui.widgets.stream_text import StreamText
from playground.tui.widgets.transcript_sections import Section
from playground.tui.widgets.transcript_view import NEWS, TranscriptView
from tests.tui.runs import HOSTILE
from tests.tui.screen_text import screen_text


class ViewApp(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.view = TranscriptView(empty="nothing yet")

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield self.view


@asynccontextmanager
async def viewing() -> AsyncIterator[tuple[TranscriptView, Pilot[None]]]:
    app = ViewApp()
    async with app.run_test(size=(60, 20)) as pilot:
        yield app.view, pilot


async def settled(view: TranscriptView, pilot: Pilot[None]) -> None:
    """Everything that was fed is laid out."""
    while not view.settled:
        await pilot.pause(0.01)
    await pilot.pause()


async def until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    """Let the app work until the condition holds."""
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        await pilot.pause(0.01)


def human(text: str) -> dict[str, Any]:
    return {"messages": [{"type": "human", "content": text, "id": text}]}


async def test_it_says_that_it_is_empty() -> None:
    async with viewing() as (_, pilot):
        await pilot.pause()
        assert "nothing yet" in screen_text(pilot.app)


async def test_a_long_answer_is_followed_until_one_scrolls_up() -> None:
    transcript = Transcript()
    async with viewing() as (view, pilot):
        view.feed(transcript.begin(human("count")))
        for number in range(100):
            view.feed(transcript.apply(MessageChunk("a", "ai", f"line {number}\n\n")))
        await settled(view, pilot)
        assert "line 99" in screen_text(pilot.app)
        view.focus()
        await pilot.press("pageup")
        await pilot.pause(0.5)
        assert not view.following
        view.feed(transcript.apply(MessageChunk("a", "ai", "line 100\n\n")))
        await settled(view, pilot)
        assert "line 100" not in screen_text(pilot.app)
        await pilot.press("G")
        view.feed(transcript.apply(MessageChunk("a", "ai", "line 101\n\n")))
        await settled(view, pilot)
        assert view.following
        assert "line 101" in screen_text(pilot.app)


async def test_details_open_and_fold() -> None:
    transcript = Transcript()
    async with viewing() as (view, pilot):
        view.feed(transcript.begin(human("hi")))
        view.feed(transcript.apply(MessageChunk("r", "ai", reasoning="let me think")))
        view.feed(transcript.apply(MessageChunk("r", "ai", tool_calls=(ToolCall(0, "c", "look", '{"id": 7}'),))))
        view.feed(transcript.apply(MessageChunk("t", "tool", '{"found": true}', tool_call_id="c", last=True)))
        await settled(view, pilot)
        assert "look(id=7) ✔" in view.text
        assert "let me think" not in view.text
        view.focus()
        await pilot.press("o")
        await settled(view, pilot)
        assert "let me think" in view.text
        assert '"found": true' in view.text
        await pilot.press("o")
        await settled(view, pilot)
        assert "let me think" not in view.text
        await pilot.click(view, offset=(4, 2))
        await settled(view, pilot)
        assert "let me think" in view.text


async def test_hostile_text_stays_text() -> None:
    transcript = Transcript()
    hostile = HOSTILE.replace("SURROGATE", "\ud800")
    async with viewing() as (view, pilot):
        view.feed(transcript.begin(human(hostile)))
        view.feed(transcript.begin({"text": hostile, hostile: [hostile]}))
        for piece in hostile:
            view.feed(transcript.apply(MessageChunk("a", "ai", piece)))
        view.feed(transcript.apply(MessageChunk("a", "ai", reasoning=hostile, node=hostile)))
        view.feed(transcript.apply(MessageChunk("b", "ai", tool_calls=(ToolCall(0, "c", hostile, hostile),))))
        view.feed(transcript.apply(MessageChunk("t", "tool", hostile, tool_call_id="c", last=True)))
        view.feed(transcript.apply(NodeUpdate(hostile, {hostile: hostile}, (hostile,))))
        view.feed(transcript.lost(hostile, hostile))
        await settled(view, pilot)
        view.focus()
        await pilot.press("o")
        await settled(view, pilot)
        shown = view.text + screen_text(pilot.app)
        assert "[/bold] [red]x[/]" in shown
        assert "�" in shown
        assert not any(character in shown for character in "\x1b\x07\u202e\ud800")


@pytest.fixture
def laid_out(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The characters of every line that was wrapped."""
    lengths: list[int] = []
    rows = Line.rows

    def counted(line: Line, width: int) -> list[Content]:
        lengths.append(len(line.body))
        return rows(line, width)

    monkeypatch.setattr(Line, "rows", counted)
    return lengths


async def test_a_line_of_a_megabyte_does_not_hold_the_screen(laid_out: list[int]) -> None:
    transcript = Transcript()
    async with viewing() as (view, pilot):
        view.feed(transcript.begin(human("x" * 1_000_000)))
        view.feed(transcript.apply(MessageChunk("a", "ai", "y" * 1_000_000)))
        frames: list[int] = []
        while not view.settled:
            laid_out.clear()
            view.paint_now()
            frames.append(sum(laid_out))
        await pilot.pause()
        assert view.virtual_size.height > 2_000_000 // 60
        assert sum(frames) >= 2_000_000
        assert max(frames) < 2 * 45_000  # what a frame lays out of each of the two, keys being answered after it


async def test_a_frame_costs_the_same_after_many_blocks_and_a_long_answer(laid_out: list[int]) -> None:
    async def cost(blocks: int, length: int) -> int:
        transcript = Transcript()
        async with viewing() as (view, pilot):
            for number in range(blocks):
                view.feed(transcript.apply(MessageChunk(f"m{number}", "ai", "finished **text** here", last=True)))
            view.feed(transcript.apply(MessageChunk("live", "ai", "some words of an answer.\n\n" * length)))
            await settled(view, pilot)
            laid_out.clear()
            for number in range(30):
                view.feed(transcript.apply(MessageChunk("live", "ai", f"word {number} ")))
                view.paint_now()
            return sum(laid_out)

    assert await cost(500, 1000) == await cost(5, 5) > 0


def test_waits_between_frames_are_not_shorter_than_a_twentieth_of_a_second() -> None:
    view = TranscriptView()
    assert view._wait >= 1 / 20


async def test_the_paints_are_gathered() -> None:
    transcript = Transcript()
    async with viewing() as (view, pilot):
        paints = 0
        lay_out = view.sections.lay_out

        def counted(section: Section) -> bool:
            nonlocal paints
            paints += 1
            return lay_out(section)

        view.sections.lay_out = counted  # type: ignore[method-assign]
        start = time.monotonic()
        for number in range(300):
            view.feed(transcript.apply(MessageChunk("a", "ai", f"{number} ")))
            await pilot.pause(0.001)
        await settled(view, pilot)
        assert paints <= 20 * (time.monotonic() - start) + 2


pieces = st.lists(st.text(st.sampled_from("ab `*#-\n1.|>"), max_size=12), max_size=10)


@settings(max_examples=150, deadline=None)
@given(pieces)
def test_a_text_reads_the_same_however_it_came(parts: list[str]) -> None:
    """As long as no block is so long that it had to be cut."""
    whole, cut = StreamText(), StreamText()
    whole.write("".join(parts))
    whole.finish()
    assert whole.layout(40)
    for part in parts:
        cut.write(part)
        assert cut.layout(40)
    cut.finish()
    assert cut.layout(40)
    assert [row.plain for row in cut.rows] == [row.plain for row in whole.rows]


@pytest.mark.parametrize("width", [10, 40, 200])
def test_no_row_is_wider_than_the_pane(width: int) -> None:
    text = StreamText()
    text.write(
        "# A heading that is long\n\n- item 日本語日本語 with words\n  - nested one\n\n> quote\n\n```py\nx = 1\n```\n"
    )
    text.write("a paragraph " * 50 + "\n\n" + "unbroken" * 50)
    text.finish()
    assert text.layout(width)
    assert max(row.cell_length for row in text.rows) <= width


def test_markdown_looks_like_it() -> None:
    text = StreamText()
    text.write("# Title\n\nSome **bold** `code` <tag>.\n\n1. one\n2. two\n\n---\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")
    text.finish()
    text.layout(20)
    assert [row.plain for row in text.rows] == [
        "Title",
        "",
        "Some bold code",
        "<tag>.",
        "",
        "1. one",
        "2. two",
        "",
        "─" * 20,
        "",
        "a │ b",
        "──┼──",
        "1 │ 2",
    ]


async def test_the_end_of_a_run_is_shown_at_once() -> None:
    transcript = Transcript()
    async with viewing() as (view, pilot):
        view.feed(transcript.apply(MessageChunk("a", "ai", "the last words")))
        view.feed(transcript.apply(Ended("success")))
        view.paint_now()
        assert "the last words" in view.text
        assert isinstance(transcript.blocks[0], TextBlock)
        await pilot.pause()


async def test_a_place_is_told_by_turn_and_shown_where_turns_have_other_lengths() -> None:
    def turns(lines: int) -> Transcript:
        transcript = Transcript()
        for turn in range(3):
            transcript.begin(human(f"question {turn}"))
            text = "".join(f"line {turn}.{number}\n\n" for number in range(lines))
            transcript.apply(MessageChunk(f"a{turn}", "ai", text, last=True))
        return transcript

    async with viewing() as (view, pilot):
        view.feed(turns(30).blocks)
        await settled(view, pilot)
        view.show_place(1, 0)
        assert view.place() == (1, 0)
        await pilot.pause()
        assert "question 1" in screen_text(pilot.app).split("\n")[0]
        view.reset(turns(12).blocks)
        await settled(view, pilot)
        view.show_place(1, 50)
        assert view.place() == (1, 24)
        await pilot.pause()
        assert "line 1.11" in screen_text(pilot.app).split("\n")[0]
        view.show_place(7, 0)
        assert view.following


async def test_an_answer_is_wrapped_anew_when_another_pane_comes() -> None:
    """Textual sends no Resize where somebody asked for the new layout before it was applied."""
    transcript = Transcript()
    async with viewing() as (view, pilot):
        view.feed(transcript.begin(human("question " * 10)))
        view.feed(transcript.apply(MessageChunk("a", "ai", "an answer of some words " * 10, last=True)))
        await settled(view, pilot)
        for _ in range(2):
            await pilot.app.query_one(Horizontal).mount(TranscriptView())
            assert view.app.screen._compositor.full_map
            await pilot.pause()
            await until(pilot, lambda: max(map(len, view.text.split("\n"))) <= view.size.width)
            await pilot.pause()
            assert "…" not in screen_text(pilot.app)
            assert view.text.split().count("answer") == 10


async def test_a_view_without_any_width_is_no_fault() -> None:
    transcript = Transcript()
    async with viewing() as (view, pilot):
        view.feed(transcript.begin(human("question " * 10)))
        await settled(view, pilot)
        view.styles.width = 1
        await pilot.pause()
        view.styles.width = 0
        await pilot.pause()
        view.styles.width = 40
        await until(pilot, lambda: 10 < max(map(len, view.text.split("\n"))) < 40)


def long_thread(turns: int) -> Transcript:
    transcript = Transcript()
    for turn in range(turns):
        transcript.begin(human(f"question {turn}"))
        text = f"answer {turn} begins\n\n- so\n- it\n\nends {turn}"
        transcript.apply(MessageChunk(f"a{turn}", "ai", text, last=True))
    return transcript


async def test_of_a_long_thread_only_what_is_near_is_laid_out() -> None:
    transcript = long_thread(1000)
    async with viewing() as (view, pilot):
        view.feed(transcript.blocks)
        await settled(view, pilot)
        assert "ends 999" in screen_text(pilot.app)
        assert view.sections.laid_out < 100
        view.focus()
        await pilot.press("g")
        await settled(view, pilot)
        assert "question 0" in screen_text(pilot.app)
        assert view.sections.laid_out < 200
        await pilot.press("G")
        await settled(view, pilot)
        assert "ends 999" in screen_text(pilot.app)


async def test_scrolling_up_a_long_thread_shows_every_row_once_and_in_order() -> None:
    """Heights are estimated, and those above become exact while one scrolls: what is seen must not move."""
    transcript = long_thread(40)
    async with viewing() as (view, pilot):
        view.feed(transcript.blocks)
        await settled(view, pilot)
        view.focus()
        seen = screen_text(pilot.app).split("\n")
        while view.scroll_y > 0:
            before = screen_text(pilot.app).split("\n")
            view.scroll_relative(y=-7, animate=False)
            await settled(view, pilot)
            after = screen_text(pilot.app).split("\n")
            if view.scroll_y > 0:
                assert [row[:40].rstrip() for row in after[7:19]] == [row[:40].rstrip() for row in before[:12]]
            seen = after + seen
        shown = [row.split()[1] for row in seen if row.strip().startswith("ends")]
        assert sorted({int(number) for number in shown}) == list(range(40))


async def test_what_ran_stands_over_an_answer_that_begins_a_turn() -> None:
    transcript = Transcript()
    async with viewing() as (view, pilot):
        view.feed(transcript.begin(human("question")))
        view.feed(transcript.apply(MessageChunk("a", "ai", "word " * 30, last=True)))
        transcript.apply(Ended("success"))
        transcript.begin()
        view.feed(transcript.apply(MessageChunk("b", "ai", "other " * 30, last=True)))
        view.set_labels({0: "one@v1", 1: "other@v2"})
        await settled(view, pilot)
        rows = [row.strip() for row in screen_text(pilot.app).split("\n")]
        assert rows[0].split() == [">", "question", "one@v1"]
        at = rows.index("other@v2")
        assert len(rows[at + 1]) > 50  # the answer has the whole width
        assert view.text.count("other") == 30


async def test_what_comes_below_is_said_to_whom_reads_above() -> None:
    transcript = long_thread(10)
    async with viewing() as (view, pilot):
        view.feed(transcript.blocks)
        await settled(view, pilot)
        view.focus()
        await pilot.press("pageup")
        await until(pilot, lambda: not view.following)
        assert NEWS.strip() not in screen_text(pilot.app)
        top = screen_text(pilot.app).split("\n")[0]
        view.feed(transcript.apply(MessageChunk("new", "ai", "something new\n\n" * 5)))
        await settled(view, pilot)
        assert NEWS.strip() in screen_text(pilot.app)
        assert screen_text(pilot.app).split("\n")[0] == top
        await pilot.click(view, offset=(50, 19))
        await until(pilot, lambda: "something new" in screen_text(pilot.app))
        assert view.following
        assert NEWS.strip() not in screen_text(pilot.app)
