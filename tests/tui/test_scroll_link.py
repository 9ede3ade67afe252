"""Panes that scroll in step."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.pilot import Pilot

from playground.client.events import MessageChunk
from playground.client.values import Runnable
from playground.tui.compare.scroll_link import ScrollLink
from playground.tui.compare.side import Side
from playground.tui.widgets.run_pane import RunPane
from playground.tui.widgets.transcript_view import TranscriptView


class LinkedApp(App[None]):
    """Three panes with two turns each, whose answers have different lengths."""

    def __init__(self) -> None:
        super().__init__()
        self.panes = [RunPane(side(lines)) for lines in (40, 25, 60)]
        self.link = ScrollLink(self)

    def compose(self) -> ComposeResult:
        yield Horizontal(*self.panes)

    def on_mount(self) -> None:
        for pane in self.panes:
            pane.show()

    def on_transcript_view_scrolled(self, event: TranscriptView.Scrolled) -> None:
        self.link.follow(event.view)


def side(lines: int) -> Side:
    made = Side(Runnable("support@v1", "a", "g", "support", 1, {}, ""))
    transcript = made.conversation.transcript
    for turn in range(2):
        transcript.begin({"messages": [{"type": "human", "content": f"question {turn}", "id": f"h{turn}"}]})
        text = "".join(f"line {number}\n\n" for number in range(lines))
        transcript.apply(MessageChunk(f"a{turn}", "ai", text, last=True))
    return made


@asynccontextmanager
async def linked() -> AsyncIterator[tuple[LinkedApp, Pilot[None]]]:
    app = LinkedApp()
    async with app.run_test(size=(120, 30)) as pilot:
        while any(not pane.view.settled or not pane.view.allow_vertical_scroll for pane in app.panes):
            await pilot.pause(0.01)
        yield app, pilot


async def test_linked_panes_show_the_same_turn_at_the_same_row() -> None:
    async with linked() as (app, pilot):
        first, second, third = app.panes
        first.view.scroll_to(y=0, animate=False, immediate=True)
        await pilot.pause()
        assert [pane.view.place() for pane in app.panes] == [(0, 0)] * 3
        third.view.scroll_to(y=122, animate=False, immediate=True)  # the first row of its second turn
        await pilot.pause()
        assert third.view.place()[0] == 1
        assert [pane.view.place() for pane in (first, second)] == [third.view.place()] * 2


async def test_at_the_end_of_one_all_follow_theirs() -> None:
    async with linked() as (app, pilot):
        app.panes[0].view.scroll_to(y=0, animate=False, immediate=True)
        await pilot.pause()
        assert not any(pane.view.following for pane in app.panes)
        app.panes[1].view.focus()
        await pilot.press("G")
        assert all(pane.view.following for pane in app.panes)


async def test_an_unlinked_pane_stays_and_moves_none() -> None:
    async with linked() as (app, pilot):
        first, second, third = app.panes
        third.side.linked = False
        before = third.view.place()
        first.view.scroll_to(y=3, animate=False, immediate=True)
        await pilot.pause()
        assert second.view.place() == (0, 3)
        assert third.view.place() == before
        third.view.scroll_to(y=0, animate=False, immediate=True)
        await pilot.pause()
        assert second.view.place() == (0, 3)


async def test_freely_each_pane_is_scrolled_alone() -> None:
    async with linked() as (app, pilot):
        assert app.link.toggle() is False
        app.panes[0].view.scroll_to(y=0, animate=False, immediate=True)
        await pilot.pause()
        assert [pane.view.following for pane in app.panes] == [False, True, True]
