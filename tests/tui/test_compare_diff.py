"""The differences between two panes, driven by keys and the mouse, on a real server."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from playground.client.target import Target
from playground.tui.compare.difference_lines import draw, output
from playground.tui.compare.differences import SideView, TurnView, compare
from playground.tui.screens.compare_diff import CompareDiff, DiffTabs, SidePicker
from playground.tui.widgets.difference_view import DifferenceView
from playground.tui.widgets.keybar import KeyBar
from playground.tui.widgets.pane import Pane
from tests.servers import Server
from tests.tui.runs import PROJECT, Running, TestApp, running, two_versions


@pytest.fixture(scope="module")
def sayers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with graphs that do what they are told."""
    server = Server(PROJECT, Path(tmp_path_factory.mktemp("sayers")) / "store").start()
    yield server
    server.kill()


class Diff:
    """The open differences."""

    def __init__(self, run: Running) -> None:
        self.run = run

    @property
    def screen(self) -> CompareDiff:
        assert isinstance(self.run.app.screen, CompareDiff)
        return self.run.app.screen

    @property
    def view(self) -> DifferenceView:
        return self.screen.query_one(DifferenceView)

    @property
    def head(self) -> str:
        return " | ".join(str(picker.render()) for picker in self.screen.query(SidePicker))

    @property
    def tabs(self) -> str:
        return str(self.screen.query_one(DiffTabs).render())

    @property
    def place(self) -> str:
        return str(self.screen.query_one(Pane)._border_subtitle)

    async def says(self, *texts: str) -> None:
        await self.run.until(lambda: all(text in self.view.text for text in texts), f"{texts}")


async def opened(run: Running, *refs: str) -> Diff:
    """The differences of these, from the comparison's keys."""
    await run.open_compare(*refs)
    await run.leave_input()
    return await again(run)


async def again(run: Running) -> Diff:
    await run.pilot.press("d")
    await run.until(lambda: isinstance(run.app.screen, CompareDiff), "the diff")
    diff = Diff(run)
    await run.until(lambda: diff.view.text, "the differences")
    return diff


async def answered(run: Running, *refs: str) -> Diff:
    """The differences after a turn."""
    await run.open_compare(*refs)
    await run.type("go")
    await run.all_done("done", "failed")
    await run.leave_input()
    return await again(run)


async def test_three_tabs(sayers: Server) -> None:
    await two_versions(sayers, "differ", {"say": "I like green tea"}, {"say": "I like black tea", "times": 1})
    async with running(sayers) as run:
        diff = await answered(run, "differ@v1", "differ@v2")
        await diff.says("turn 1  > go", "I like green tea", "│ I like black tea", "% equal")
        await run.pilot.press("right")
        await diff.says("= say", "No differences: both went the same way.")
        await run.pilot.press("right")
        await diff.says("~ say", "+ times", "│ 1")
        await run.pilot.press("left")
        await diff.says("No differences: both went the same way.")
        assert "Configuration ~2    Output 62 %    Path =" in diff.tabs
        await run.pilot.press("escape")
        assert run.app.screen is run.compare


async def test_nothing_has_run(sayers: Server) -> None:
    await two_versions(sayers, "silent", {"say": "same"}, {"say": "same", "hang": False})
    async with running(sayers) as run:
        diff = await opened(run, "silent@v1", "silent@v1")
        await diff.says("No differences: both ran with the same configuration.", "= say")
        assert not diff.place
        assert "Next difference" not in str(diff.screen.query_one(KeyBar).render())
        await run.pilot.press("right")
        await diff.says("Nothing has been answered yet")
        await run.pilot.press("right")
        await diff.says("Nothing has run yet")


async def test_any_pane_against_any_other(sayers: Server) -> None:
    assistant_id = await two_versions(sayers, "three", {"say": "one"}, {"say": "two"})
    await sayers.client().assistants.update(assistant_id, context={"say": "three"})
    async with running(sayers) as run:
        diff = await opened(run, "three@v1", "three@v2", "three@v3")
        assert diff.head == "- A three@v1  B  C   | + A  B three@v2  C  "
        await run.pilot.press("r")
        await diff.says("one", "│ three")
        await run.pilot.press("l")
        await diff.says("two", "│ three")
        await run.pilot.press("s")
        await diff.says("three", "│ two")
        left = diff.screen.query(SidePicker).first()
        await run.pilot.click(left, offset=(2, 0))
        await diff.says("one", "│ two")
        assert diff.head == "- A three@v1  B  C   | + A  B three@v2  C  "


async def test_tabs_and_differences_by_the_mouse(sayers: Server) -> None:
    await two_versions(sayers, "clicked", {"say": "one", "ask": ""}, {"say": "two", "times": 1})
    async with running(sayers) as run:
        diff = await opened(run, "clicked@v1", "clicked@v2")
        await run.until(lambda: diff.place == "difference 1 of 3", "the first one")
        await run.pilot.press("n")
        await run.until(lambda: diff.place == "difference 2 of 3", "the next one")
        await run.pilot.press("N", "N")
        await run.until(lambda: diff.place == "difference 3 of 3", "round the end")
        await run.pilot.click(diff.view, offset=(4, 0))
        await run.until(lambda: diff.place == "difference 1 of 3", "the click")
        await run.pilot.click(diff.screen.query_one(DiffTabs), offset=(diff.tabs.index("Output") + 2, 0))
        await diff.says("Nothing has been answered yet")


async def test_what_failed_and_what_still_runs(sayers: Server) -> None:
    await two_versions(sayers, "uneven", {"fail": "boom [/bold]"}, {"say": "working", "hang": True})
    async with running(sayers) as run:
        screen = await run.open_compare("uneven@v1", "uneven@v2")
        await run.type("go")
        await run.until(lambda: "working" in screen.panes[1].view.text, "the answer")
        await run.until(lambda: screen.panes[0].conversation.status == "failed", "the failure")
        await run.leave_input()
        diff = await again(run)
        await diff.says("failed: RuntimeError: boom [/bold]", "still runs", "working")
        await screen.panes[1].conversation.stop(run.app.client)  # type: ignore[arg-type]
        await diff.says("was stopped")


async def test_what_was_said_after_an_interrupt_belongs_to_its_turn(sayers: Server) -> None:
    await two_versions(sayers, "waits", {"ask": "Really?", "say": "Done."}, {"say": "Fine."})
    async with running(sayers) as run:
        screen = await run.open_compare("waits@v1", "waits@v2")
        await run.type("go")
        await run.all_done("done", "interrupted")
        card = screen.panes[0].card
        await run.until(lambda: card.asking, "the question")
        card.focus_answer()
        await run.until(lambda: card.has_focus_within, "the focus on the answer")
        await run.type("yes")
        await run.all_done()
        screen.panes[0].view.focus()
        await run.until(lambda: screen.panes[0].view.has_focus, "the focus")
        diff = await again(run)
        await diff.says("Done. You said yes.", "Fine.")
        assert "turn 2" not in diff.view.text


async def test_secrets_differ_without_being_shown(sayers: Server) -> None:
    key = "sk-abcdefghijklmnop"
    await two_versions(sayers, "keyed", {"say": f"use {key}1111"}, {"say": f"use {key}2222", "api_key": "hunter2"})
    async with running(sayers) as run:
        diff = await opened(run, "keyed@v1", "keyed@v2")
        await diff.says("~ say", "+ api_key", "neither is shown")
        await run.pilot.press("y")
        assert not any(secret in diff.view.text + run.app.clipboard for secret in (key, "hunter2"))
        assert "Configuration: A keyed@v1 → B keyed@v2" in run.app.clipboard


async def test_a_schema_that_cannot_be_read_hides_every_value(sayers: Server) -> None:
    assistant_id = await two_versions(sayers, "gone", {"say": "confidential"}, {"say": "private", "times": 1})
    async with running(sayers) as run:
        await run.open_compare("gone@v1", "gone@v2")
        await run.leave_input()
        await sayers.client().assistants.delete(assistant_id)
        diff = await again(run)
        await diff.says("its schema can't be read", "~ say", "+ times")
        assert "confidential" not in diff.view.text
        assert "private" not in diff.view.text


async def test_narrow_is_unified(sayers: Server) -> None:
    await two_versions(sayers, "narrow", {"say": "I like green tea"}, {"say": "I like black tea"})
    async with running(sayers, size=(80, 24)) as run:
        diff = await answered(run, "narrow@v1", "narrow@v2")
        await diff.says("- I like green tea\n+ I like black tea")


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
def test_how_it_looks(snap_compare: Callable[..., bool], sayers: Server, size: tuple[int, int]) -> None:
    name = f"tea{size[0]}"
    left = {"say": "# Tea\n\nI like green tea, and so do my friends.\n\nBuy some today.\n\nWithout sugar."}
    right = {"say": "# Tea\n\nI like black tea, and so does Ann.\n\nBuy some today.", "times": 1}

    async def before(pilot: Pilot[None]) -> None:
        await two_versions(sayers, name, left, right)
        run = Running(pilot.app, pilot)  # type: ignore[arg-type]
        await run.until(lambda: run.app.client is not None, "the connection")
        diff = await answered(run, f"{name}@v1", f"{name}@v2")
        await diff.says("turn 1", "Without sugar.")

    app = TestApp(Target(url=sayers.url, key=sayers.key))
    assert snap_compare(app, run_before=before, terminal_size=size)


def side(title: str, *answers: str) -> SideView:
    return SideView(title, {}, {}, tuple(TurnView("hello", answer, (), "done") for answer in answers))


def test_equal_lines_far_away_are_folded() -> None:
    lines = [f"line {number}" for number in range(30)]
    found = output(compare(side("A", "\n".join([*lines, "old"])), side("B", "\n".join([*lines, "new"]))))
    folded, whole = draw(found, 120), draw(found, 120, everything=True)
    assert "  … 26 equal lines" in [line.plain for line in folded.lines]
    assert folded.folded
    assert not whole.folded
    assert len(whole.lines) == 32
    assert folded.place(0) == (len(folded.lines) - 1, 1)


@pytest.mark.parametrize("width", [60, 120])
def test_no_line_is_wider_than_its_room(width: int) -> None:
    hostile = "[/bold] \x1b[31mred\u202e 漢字 " * 20 + "x" * 300
    drawn = draw(output(compare(side("A", hostile), side("B", hostile.replace("red", "blue")))), width)
    assert all(line.cell_length <= width for line in drawn.lines)
    assert not any(character in line.plain for line in drawn.lines for character in "\x1b\u202e")
