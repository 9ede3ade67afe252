"""Comparisons that outlive the playground: kept by themselves, listed, named, opened again. On a real server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.client.saved import SavedComparison
from playground.tui.screens.compare import CompareScreen
from playground.tui.screens.comparisons import ComparisonsDialog
from playground.tui.widgets.list_pane import ListPane
from tests.servers import Server
from tests.tui.runs import PROJECT, Running, running, two_versions


@pytest.fixture(scope="module")
def sayers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with graphs that do what they are told."""
    server = Server(PROJECT, Path(tmp_path_factory.mktemp("sayers")) / "store").start()
    yield server
    server.kill()


async def kept(run: Running) -> SavedComparison | None:
    """What the server has of the comparison on the screen."""
    assert run.app.client is not None
    return await run.app.client.comparisons.get(run.compare.comparison.comparison_id)


def last_statuses(saved: SavedComparison | None) -> tuple[str, ...]:
    """How each pane's last turn is going."""
    return tuple(side.turns[-1].status for side in saved.sides if side.turns) if saved else ()


async def until_kept(run: Running, *statuses: str) -> SavedComparison:
    """The comparison, once the server has the last turns with these statuses."""
    await run.until(lambda: last_statuses(run.compare.saver.kept) == statuses, "the saving")
    found = await kept(run)
    assert found is not None
    assert last_statuses(found) == statuses
    return found


async def reopen(run: Running, comparison_id: str) -> CompareScreen:
    """The comparison on the Compare screen, from the server."""
    assert run.app.client is not None
    saved = await run.app.client.comparisons.get(comparison_id)
    assert saved is not None
    run.app.action_go("compare")
    await run.until(lambda: run.app.current_mode == "compare" and isinstance(run.app.screen, CompareScreen))
    run.compare.show_comparison(saved)
    await run.until(lambda: run.compare.comparison.comparison_id == comparison_id, "the opening")
    await run.until(lambda: len(run.compare.panes) == len(saved.sides), "the panes")
    return run.compare


async def test_a_new_app_finds_every_turn_and_every_figure(sayers: Server) -> None:
    await two_versions(sayers, "again", {"say": "Good day."}, {"fail": "boom"})
    async with running(sayers) as run:
        screen = await run.open_compare("again@v1", "again@v2")
        for text, turns in (("hello", 1), ("more", 2)):
            await run.type(text)
            await run.until(
                lambda turns=turns: all(len(p.conversation.transcript.turns) == turns for p in screen.panes)
            )
            await run.all_done("done", "failed")
        saved = await until_kept(run, "done", "failed")
        figures = [[t.metrics(0) for t in pane.conversation.transcript.turns] for pane in screen.panes]
        texts = [pane.view.text for pane in screen.panes]
    async with running(sayers) as run:
        screen = await reopen(run, saved.comparison_id)
        await run.until(lambda: [pane.view.text for pane in screen.panes] == texts, "what was said")
        again = [[t.metrics(0) for t in pane.conversation.transcript.turns] for pane in screen.panes]
        assert [[f.path for f in side] for side in again] == [[f.path for f in side] for side in figures]
        for before, after in zip(sum(figures, []), sum(again, []), strict=True):
            assert after.queued == pytest.approx(before.queued)
            assert after.running == pytest.approx(before.running)
            assert (after.output_tokens, after.steps) == (before.output_tokens, before.steps)
        assert [pane.conversation.status for pane in screen.panes] == ["done", "failed"]
        titles = [pane.title_content.plain for pane in screen.panes]
        assert [title.rpartition(" · ")[0] for title in titles] == ["A again@v1", "B again@v2"]
        assert [len(title.rpartition(" · ")[2]) for title in titles] == [6, 6]


async def test_the_thread_is_kept_before_the_run_begins(sayers: Server) -> None:
    await two_versions(sayers, "before", {"say": "one", "hang": True}, {"say": "two", "hang": True})
    async with running(sayers) as run:
        screen = await run.open_compare("before@v1", "before@v2")
        order: list[str] = []
        for pane in screen.panes:
            assert run.app.client is not None
            real = pane.conversation.before_run

            async def before(real: object = real, side: object = pane.side) -> None:
                await real()  # type: ignore[operator]
                found = await kept(run)
                assert found is not None
                order.extend(one.thread_id or "" for one in found.sides if one.side_id == side.side_id)  # type: ignore[attr-defined]

            pane.conversation.before_run = before
        await run.type("go")
        await run.until(lambda: all(pane.conversation.status == "running" for pane in screen.panes), "the runs")
        assert sorted(order) == sorted(pane.conversation.thread_id or "" for pane in screen.panes)
        await run.pilot.press("escape", "X")
        await run.all_done("stopped")
