"""Comparisons that outlive the playground: kept by themselves, listed, named, opened again. On a real server."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from uuid import uuid4

import pytest

from playground.client.saved import SavedComparison, SavedTurn
from playground.tui.screens.compare import CompareScreen
from playground.tui.screens.comparisons import ComparisonsDialog
from playground.tui.screens.dialogs import Ask, Confirm
from playground.tui.widgets.last_comparison import LastComparison
from playground.tui.widgets.list_pane import ListPane
from playground.tui.widgets.run_input import RunInput
from tests.servers import Server
from tests.tui.runs import PROJECT, Running, running, two_versions
from tests.tui.test_edit_faults import network_to


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


async def send(run: Running, text: str) -> None:
    """Send this from the input, without a key for each letter."""
    field = run.compare.query_one(RunInput)
    await run.until(lambda: run.app.focused is field, "the focus on the input")
    before = [len(pane.conversation.transcript.turns) for pane in run.compare.panes]
    # What was typed there before may be read late: then it takes the place of a text that is set so fast.
    await run.until(lambda: not [w for w in run.app.workers if w.group == "open" and not w.is_finished], "the opening")
    field.text = text
    await run.pilot.press("enter")
    await run.until(
        lambda: [len(pane.conversation.transcript.turns) for pane in run.compare.panes] != before, "the sending"
    )


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
    run.app.open_comparison(saved)
    await run.until(lambda: isinstance(run.app.screen, CompareScreen), "the screen")
    await run.until(lambda: run.compare.comparison.comparison_id == comparison_id, "the opening")
    await run.until(lambda: len(run.compare.panes) == len(saved.sides), "the panes")
    return run.compare


async def test_a_new_app_finds_every_turn_and_every_figure(sayers: Server) -> None:
    await two_versions(sayers, "again", {"say": "Good day."}, {"fail": "boom"})
    async with running(sayers) as run:
        screen = await run.open_compare("again@v1", "again@v2")
        for text, turns in (("hello", 1), ("more", 2)):
            await send(run, text)
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
        for before, after in zip(chain(*figures), chain(*again), strict=True):
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
        await send(run, "go")
        await run.until(lambda: len(order) == 2, "the keeping")
        assert sorted(order) == sorted(pane.conversation.thread_id or "" for pane in screen.panes)
        await run.until(lambda: all(pane.conversation.turn.run_id for pane in screen.panes), "the runs")  # type: ignore[union-attr]
        await run.leave_input()
        await run.pilot.press("X")
        await run.all_done("stopped")


async def test_what_still_runs_is_followed_by_the_next_app(sayers: Server) -> None:
    await two_versions(sayers, "flying", {"say": "still going", "hang": True}, {"say": "over"})
    async with running(sayers) as run:
        screen = await run.open_compare("flying@v1", "flying@v2")
        await send(run, "go")
        await run.until(lambda: "still going" in screen.panes[0].view.text, "the first words")
        saved = await until_kept(run, "running", "done")
    async with running(sayers) as run:
        screen = await reopen(run, saved.comparison_id)
        first, second = screen.panes
        await run.until(lambda: "still going" in first.view.text and "> go" in first.view.text, "the joining")
        assert (first.conversation.status, second.conversation.status) == ("running", "done")
        await run.until(lambda: first.conversation.ran, "what runs")
        assert first.title_content.plain.startswith("A flying@v1 · ")
        await run.leave_input()
        await run.pilot.press("X")
        await run.until(lambda: first.conversation.status == "stopped", "the stop")
        await until_kept(run, "stopped", "done")


async def test_a_run_that_the_server_never_had_is_not_lost(sayers: Server) -> None:
    """As after a crash between the keeping and the sending: the thread has an id, and nobody has made it."""
    await two_versions(sayers, "unsent", {"say": "one"}, {"say": "two"})
    async with running(sayers) as run:
        await run.open_compare("unsent@v1")
        await send(run, "first")
        await run.all_done()
        saved = await until_kept(run, "done")
        assert run.app.client is not None
        (side,) = saved.sides
        asked = SavedTurn(input={"messages": [{"role": "human", "content": "never sent"}]})
        lost = replace(side, turns=(*side.turns, asked))
        fresh = replace(side, side_id="fresh", thread_id=str(uuid4()), turns=(asked,))
        await run.app.client.comparisons.save(replace(saved, sides=(lost, fresh)))
    async with running(sayers) as run:
        screen = await reopen(run, saved.comparison_id)
        await run.until(lambda: all("> never sent" in pane.view.text for pane in screen.panes), "what was typed")
        assert all("before it was sent" in pane.view.text for pane in screen.panes)
        assert "one" in screen.panes[0].view.text
        await send(run, "again")
        await run.all_done()
        await run.until(lambda: all(pane.view.text.rstrip().endswith("one") for pane in screen.panes), "the answers")


async def test_what_is_deleted_is_said_and_what_is_kept_stays_readable(sayers: Server) -> None:
    gone = await two_versions(sayers, "mortal", {"say": "I was here."}, {"say": "Me, too."})
    await two_versions(sayers, "stays", {"say": "mine"}, {"say": "other"})
    async with running(sayers) as run:
        screen = await run.open_compare("mortal@v1", "stays@v2")
        await send(run, "hello")
        await run.all_done()
        saved = await until_kept(run, "done", "done")
        thread_id = screen.panes[1].conversation.thread_id
    client = sayers.client()
    await client.assistants.delete(gone)
    await client.threads.delete(thread_id or "")
    async with running(sayers) as run:
        screen = await reopen(run, saved.comparison_id)
        first, second = screen.panes
        await run.until(lambda: "I was here." in first.view.text, "its answer")
        assert first.side.notice == "mortal is deleted: it can be read, not run"
        assert "mortal is deleted" in first._border_subtitle.plain
        assert "> hello" in second.view.text
        assert "The thread is deleted" in second.view.text
        assert second.conversation.turn is not None
        assert second.conversation.turn.metrics(0).running is not None
        assert (await kept(run)) == saved, "nothing of it is lost by opening it"


async def test_a_draft_is_run_as_it_was_though_it_has_gone_on(sayers: Server) -> None:
    assistant_id = await two_versions(sayers, "sketch", {"say": "old"}, {"say": "new"})
    async with running(sayers) as run:
        assert run.app.client is not None
        await run.app.client.notes.save_draft(assistant_id, 2, {"context": {"say": "as drafted"}})
        await run.open_compare("sketch@draft", "sketch")
        await send(run, "hello")
        await run.all_done()
        saved = await until_kept(run, "done", "done")
        await run.app.client.notes.save_draft(assistant_id, 2, {"context": {"say": "drafted on"}})
        await run.app.client.assistants.promote(assistant_id, 1)
    async with running(sayers) as run:
        screen = await reopen(run, saved.comparison_id)
        await run.until(lambda: isinstance(run.app.focused, RunInput), "the input")
        await send(run, "again")
        await run.until(lambda: all(len(pane.conversation.transcript.turns) == 2 for pane in screen.panes), "the turns")
        await run.all_done()
        first, second = screen.panes
        await run.until(lambda: first.view.text.count("as drafted") == 2 and second.view.text.count("new") == 2)
        assert [pane.conversation.ran.title for pane in screen.panes] == ["sketch@draft", "sketch@v2"]  # type: ignore[union-attr]
        assert not any(pane.conversation.ran.differs for pane in screen.panes)  # type: ignore[union-attr]


async def test_two_terminals_keep_each_others_turns(sayers: Server) -> None:
    await two_versions(sayers, "both", {"say": "one"}, {"say": "two"})
    async with running(sayers) as here:
        await here.open_compare("both@v1", "both@v2")
        await send(here, "first")
        await here.all_done()
        saved = await until_kept(here, "done", "done")
        async with running(sayers) as there:
            await reopen(there, saved.comparison_id)
            await there.until(lambda: isinstance(there.app.focused, RunInput), "the input")
            await there.compare.rename_comparison("named there")
            await send(there, "second")
            await there.until(lambda: [len(s.turns) for s in there.compare.saver.kept.sides] == [2, 2])  # type: ignore[union-attr]
            await until_kept(there, "done", "done")
        await send(here, "third")
        await here.until(lambda: [len(s.turns) for s in here.compare.saver.kept.sides] == [2, 2])  # type: ignore[union-attr]
        await until_kept(here, "done", "done")
        found = await kept(here)
        assert found is not None
        assert [len(side.turns) for side in found.sides] == [3, 3]
        assert found.inputs == ["first", "second", "third"]
        assert (found.name, here.compare.comparison.name) == ("named there", "named there")


async def test_the_list_opens_renames_and_deletes(sayers: Server) -> None:
    await two_versions(sayers, "listed", {"say": "one"}, {"say": "two"})
    async with running(sayers) as run:
        await run.open_compare("listed@v1", "listed@v2")
        await send(run, "what is listed")
        await run.all_done()
        saved = await until_kept(run, "done", "done")
        await run.leave_input()
        await run.pilot.press("O")
        await run.until(lambda: isinstance(run.app.screen, ComparisonsDialog), "the list")
        pane = run.app.screen.query_one(ListPane)
        await run.until(lambda: pane.key == saved.comparison_id, "the newest on top")
        await run.pilot.press("R")
        await run.until(lambda: isinstance(run.app.screen, Ask), "the question")
        await run.type("tone [/bold]")
        await run.until(lambda: "● tone [/bold]" in pane.list.rows[0].cells[0].plain if pane.total else False)
        assert run.compare.comparison.name == "tone [/bold]"
        assert "tone [/bold]" in str(run.compare.query_one("#summary").render())
        await run.pilot.press("slash", *"what", "space", *"is", "enter")
        await run.until(lambda: len(pane.list.rows) == 1, "the filter")
        await run.pilot.press("D")
        await run.until(lambda: isinstance(run.app.screen, Confirm), "the question")
        await run.pilot.press("y")
        await run.until(lambda: not run.compare.panes, "the empty screen")
        assert run.app.client is not None
        await run.until(lambda: saved.comparison_id not in [row.key for row in pane.list.rows], "the deletion")
        assert await run.app.client.comparisons.get(saved.comparison_id) is None
        thread_id = saved.sides[0].thread_id or ""
        assert (await run.app.client.threads.get(thread_id)).thread_id == thread_id


async def test_an_empty_compare_goes_on_with_the_last_one(sayers: Server) -> None:
    await two_versions(sayers, "goon", {"say": "one"}, {"say": "two"})
    async with running(sayers) as run:
        await run.open_compare("goon@v1", "goon@v2")
        await send(run, "where was I")
        await run.all_done()
        await until_kept(run, "done", "done")
        await run.leave_input()
        await run.pilot.press("C")
        await run.until(lambda: not run.compare.panes and isinstance(run.app.focused, LastComparison), "the offer")
    async with running(sayers) as run:
        await run.pilot.press("3")
        await run.until(lambda: isinstance(run.app.focused, LastComparison), "the offer")
        assert "goon@v1 | goon@v2" in str(run.app.focused.render())  # type: ignore[union-attr]
        await run.pilot.press("enter")
        await run.until(lambda: [pane.conversation.status for pane in run.compare.panes] == ["done", "done"])


async def test_a_comparison_in_which_nothing_ran_is_not_kept_when_it_is_left(sayers: Server) -> None:
    await two_versions(sayers, "nothing", {"say": "one"}, {"say": "two"})
    async with running(sayers) as run:
        await run.open_compare("nothing@v1", "nothing@v2")
        await run.until(lambda: run.compare.saver.kept is not None, "the saving")
        found = await kept(run)
        assert found is not None
        assert found.refs == "nothing@v1 | nothing@v2", "a crash does not lose what was chosen"
        left = run.compare.saver
        await run.open_compare("nothing@v2")
        await run.until(lambda: run.compare.saver is not left, "the next one")
        client = run.app.client
        assert client is not None
        await run.until(lambda: not [w for w in run.app.workers if w.group == "saving" and not w.is_finished])
        assert await client.comparisons.get(found.comparison_id) is None


async def test_while_the_server_is_away_it_is_said_and_then_saved(sayers: Server) -> None:
    await two_versions(sayers, "away", {"say": "one"}, {"say": "two"})
    async with network_to(sayers) as network, running(replace(sayers, url=network.url)) as run:
        screen = await run.open_compare("away@v1", "away@v2")
        await send(run, "before")
        await run.all_done()
        await until_kept(run, "done", "done")
        network.cut()
        await screen.rename_comparison("named while away")
        line = screen.query_one("#unsaved")
        await run.until(lambda: line.display, "the sentence")
        assert "It is tried again." in str(line.render())
        network.is_down = False
        await run.until(lambda: not line.display and not screen.saver.dirty, "the saving")
        found = await kept(run)
        assert found is not None
        assert found.name == "named while away"


async def test_no_key_is_kept(sayers: Server) -> None:
    key = "sk-abcdefghijklmnopqrstuvwxyz"
    await two_versions(sayers, "keyed", {"say": f"use {key}"}, {"say": "two"})
    async with running(sayers) as run:
        await run.open_compare("keyed@v1", "keyed@v2")
        await send(run, f"with {key}")
        await run.all_done()
        found = await until_kept(run, "done", "done")
        assert key not in repr(found)
        assert [side.left_out for side in found.sides] == [("say",), ()]
    async with running(sayers) as run:
        screen = await reopen(run, found.comparison_id)
        assert screen.panes[0].runnable.context == {"say": f"use {key}"}, "the version itself"
