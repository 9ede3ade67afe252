"""Samples in Compare, driven by keys, on a real server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.tui.screens.dialogs import Ask
from playground.tui.screens.sample_answer import SampleAnswer
from playground.tui.screens.samples import SamplesScreen
from playground.tui.screens.threads import ThreadsScreen
from tests.servers import Server
from tests.tui.runs import HOSTILE, PROJECT, Running, running, two_versions


@pytest.fixture(scope="module")
def sayers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with graphs that do what they are told."""
    server = Server(PROJECT, Path(tmp_path_factory.mktemp("sampled")) / "store").start()
    yield server
    server.kill()


async def samples_of(run: Running, *progress: str) -> SamplesScreen:
    """The samples, when the panes are that far: `✔ 5/5`."""

    def far() -> bool:
        screen = run.app.screen
        return isinstance(screen, SamplesScreen) and all(
            pane._border_title.plain.endswith(wanted) for pane, wanted in zip(screen.panes, progress, strict=True)
        )

    await run.until(far, f"samples {progress}")
    assert isinstance(run.app.screen, SamplesScreen)
    return run.app.screen


async def test_a_digit_and_r_take_so_many(sayers: Server) -> None:
    await two_versions(sayers, "polite", {"say": "Good day."}, {"say": "Hi! [/b]"})
    async with running(sayers) as run:
        compare = await run.open_compare("polite@v1", "polite@v2")
        await run.type("hello")
        await run.all_done()
        threads = [pane.conversation.thread_id for pane in compare.panes]
        await run.leave_input()
        await run.pilot.press("5", "r")
        screen = await samples_of(run, "✔ 5/5", "✔ 5/5")
        first, second = screen.panes
        assert [(one.count, one.text) for one in first.groups] == [(5, "Good day.")]
        assert [(one.count, one.text) for one in second.groups] == [(5, "Hi! [/b]")]
        assert first._border_title.plain.startswith("A polite@v1 · ")
        figures = first.query_one(".figures").content.plain
        assert "no tool was called" in figures
        assert "median" in figures

        await run.pilot.press("enter")
        await run.until(lambda: isinstance(run.app.screen, SampleAnswer), "the answer")
        await run.pilot.press("n")
        await run.until(lambda: "2 of 5 that are equal" in str(run.app.screen.query_one("#dialog").border_subtitle))
        sample = run.app.screen.sample
        assert sample.thread_id not in threads
        await run.pilot.press("t")
        await run.until(
            lambda: (
                isinstance(run.app.screen, ThreadsScreen)
                and run.threads.conversation is not None
                and run.threads.conversation.thread_id == sample.thread_id
            ),
            "the sample's thread",
        )
        assert [pane.conversation.thread_id for pane in compare.panes] == threads

        def listed() -> set[str]:
            return {row.key for row in run.threads.list.list.rows}

        await run.until(lambda: threads[0] in listed(), "the list")
        assert sample.thread_id not in listed()
        run.threads.show_left("threads")
        await run.pilot.press("S")
        await run.until(lambda: {sample.thread_id, threads[0]} <= listed(), "the threads of samples")


async def test_r_asks_how_many_and_what_is_typed_is_enough(sayers: Server) -> None:
    await two_versions(sayers, "asked", {"ask": "Really?"}, {"fail": "boom [/bold]"})
    async with running(sayers) as run:
        await run.open_compare("asked@v1", "asked@v2")
        await run.leave_input()
        await run.pilot.press("r")
        await run.until(lambda: "nothing to run yet" in str(run.compare.query_one("#problem").content), "the sentence")
        await run.pilot.press("i")
        await run.write("go")
        await run.leave_input()
        await run.pilot.press("r")
        await run.until(lambda: isinstance(run.app.screen, Ask), "the question")
        assert run.app.screen.query_one("#answer").value == "5"
        await run.pilot.press("backspace", "2", "enter")
        screen = await samples_of(run, "✔ 2/2", "✔ 2/2")
        first, second = screen.panes
        assert [(one.count, one.status) for one in first.groups] == [(2, "interrupted")]
        assert [(one.count, one.status, one.text) for one in second.groups] == [
            (2, "failed", "RuntimeError: boom [/bold]")
        ]
        assert not run.compare.comparison.active
        assert not any(pane.conversation.turn for pane in run.compare.panes)


async def test_samples_are_stopped_and_what_ended_stays(sayers: Server) -> None:
    await two_versions(sayers, "hanging", {"say": "never", "hang": True}, {"say": "quick"})
    async with running(sayers) as run:
        await run.open_compare("hanging@v1", "hanging@v2")
        await run.write("go")
        await run.leave_input()
        await run.pilot.press("6", "r")
        await run.until(lambda: isinstance(run.app.screen, SamplesScreen), "the samples")
        screen = run.app.screen
        assert isinstance(screen, SamplesScreen)
        await run.until(lambda: len(screen.panes[1].samples) > 0 and screen.check_action("stop", ()), "the first one")
        await run.pilot.press("escape")
        await run.until(lambda: "samples A 0/6" in str(run.compare.query_one("#summary").content), "the progress")
        await run.pilot.press("X")
        await run.until(lambda: not run.compare.samples.active, "the stop")
        quick = len(run.compare.samples.of(run.compare.comparison.sides[1]))
        assert quick > 0
        await run.pilot.press("S")
        await run.until(lambda: isinstance(run.app.screen, SamplesScreen), "the samples")
        first, second = run.app.screen.panes
        await run.until(lambda: len(second.samples) == quick)
        assert {one.status for one in first.groups} == {"stopped"}
        assert any((one.text, one.status) == ("quick", "done") for one in second.groups)


async def test_equal_can_be_loose_and_text_is_data(sayers: Server) -> None:
    await two_versions(sayers, "hostile sampled", {"say": HOSTILE}, {"say": "x" * 1000, "times": 300})
    async with running(sayers, size=(80, 24)) as run:
        await run.open_compare("hostile sampled@v1", "hostile sampled@v2")
        await run.type("go")
        await run.all_done()
        await run.leave_input()
        await run.pilot.press("5", "r")
        screen = await samples_of(run, "✔ 5/5", "✔ 5/5")
        assert [pane.display for pane in screen.panes] == [True, False]
        assert "exactly" in str(screen.query_one("#about").content)
        await run.pilot.press("e")
        await run.until(lambda: "ignoring case" in str(screen.query_one("#about").content))
        await run.pilot.press("right")
        await run.until(lambda: [pane.display for pane in screen.panes] == [False, True], "the other pane")
        await run.pilot.press("enter")
        await run.until(lambda: isinstance(run.app.screen, SampleAnswer), "the answer")


async def test_samples_are_kept_with_the_comparison(sayers: Server) -> None:
    await two_versions(sayers, "kept", {"say": "one"}, {"say": "two"})
    async with running(sayers) as run:
        await run.open_compare("kept@v1", "kept@v2")
        await run.type("go")
        await run.all_done()
        await run.leave_input()
        await run.pilot.press("5", "r")
        await samples_of(run, "✔ 5/5", "✔ 5/5")
        comparison = run.compare.comparison
        client = run.app.client
        assert client is not None
        await run.until(lambda: all(len(side.samples) == 5 for side in comparison.sides))
        rows: list[object] = []
        while len(rows) < 5:
            rows = await client.comparisons.samples(comparison.comparison_id, comparison.sides[1].side_id)
            await run.pilot.pause(0.01)
    async with running(sayers) as run:
        assert run.app.client is not None
        saved = await run.app.client.comparisons.get(comparison.comparison_id)
        assert saved is not None
        await run.pilot.press("3")
        await run.until(lambda: run.app.screen is run.compare, "Compare")
        run.compare.show_comparison(saved)
        await run.until(lambda: len(run.compare.panes) == 2, "the comparison")
        await run.until(lambda: run.compare.panes[0].conversation.status == "done")
        await run.leave_input()
        await run.pilot.press("S")
        screen = await samples_of(run, "✔ 5/5", "✔ 5/5")
        assert [[(one.count, one.text) for one in pane.groups] for pane in screen.panes] == [[(5, "one")], [(5, "two")]]
        assert "go" in str(screen.query_one("#about").content)
