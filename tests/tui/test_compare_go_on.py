"""Compare goes on: panes replaced, moved, alone, tried again, begun anew; the winner followed and promoted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.widgets import Static

from playground.client.blocks import TextBlock
from playground.tui.screens.compare import CompareScreen
from playground.tui.screens.dialogs import Confirm
from playground.tui.screens.pick_ref import PickRef
from playground.tui.widgets.run_input import RunInput
from playground.tui.widgets.run_pane import RunPane
from tests.servers import Server
from tests.tui.runs import PROJECT, Running, running, two_versions


@pytest.fixture(scope="module")
def sayers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(PROJECT, Path(tmp_path_factory.mktemp("going-on")) / "store").start()
    yield server
    server.kill()


def text_of(screen: CompareScreen, selector: str) -> str:
    return str(screen.query_one(selector, Static).render())


def turns(pane: RunPane) -> list[str]:
    """What each turn was given."""
    blocks = pane.conversation.transcript.blocks
    return [block.text for block in blocks if isinstance(block, TextBlock) and block.role == "human"]


async def sent(run: Running, text: str) -> None:
    """To whom it may go, and answered."""
    if not isinstance(run.app.focused, RunInput):
        await run.pilot.press("i")
    await run.type(text)
    await run.until(lambda: any(text in turns(pane) for pane in run.compare.panes), "the turn")
    await run.all_done("done", "ready", "interrupted")
    await run.leave_input()


async def test_places_and_refs_change_while_threads_stay(sayers: Server) -> None:
    await two_versions(sayers, "places", {"say": "one"}, {"say": "two"})
    async with running(sayers, (160, 40)) as run:
        screen = await run.open_compare("places@v1", "places@v2", "places@v1")
        await sent(run, "hello")
        first, second, third = screen.panes
        threads = [pane.conversation.thread_id for pane in screen.panes]
        second.view.focus()
        await run.until(lambda: screen.pane is second)
        await run.pilot.press("left_square_bracket")
        await run.until(lambda: screen.panes == [second, first, third], "the move")
        assert [pane._letter for pane in screen.panes] == ["A", "B", "C"]
        third.view.focus()
        await run.until(lambda: screen.pane is third)
        await run.pilot.press("b")
        await run.until(lambda: screen.panes[0] is third, "the first place")
        assert third._base is None
        assert second._base is third
        assert sorted(pane.conversation.thread_id or "" for pane in screen.panes) == sorted(map(str, threads))
        await run.pilot.press("V")
        await run.until(lambda: isinstance(run.app.screen, PickRef), "the refs")
        await run.pilot.press(*"adder", "enter")
        await run.until(lambda: third.runnable.title.startswith("adder"), "the other ref")
        assert third.conversation.thread_id is None
        assert third.side.earlier == [threads[2]]
        await run.until(lambda: "don't take the same input" in text_of(screen, "#problem"), "how they differ")


async def test_a_pane_is_written_to_alone(sayers: Server) -> None:
    await two_versions(sayers, "alone", {"say": "one"}, {"say": "two"})
    async with running(sayers) as run:
        screen = await run.open_compare("alone@v1", "alone@v2")
        await run.leave_input()
        first, second = screen.panes
        second.view.focus()
        await run.until(lambda: screen.pane is second)
        await run.pilot.press("u")
        await run.until(lambda: text_of(screen, "#prompt-label") == "to B>", "whom it goes to")
        assert "B alone" in text_of(screen, "#summary")
        await sent(run, "only you")
        assert (turns(first), turns(second)) == ([], ["only you"])
        first.view.focus()
        await run.until(lambda: text_of(screen, "#prompt-label") == "to A>", "whom it goes to")
        await sent(run, "and you")
        assert (turns(first), turns(second)) == (["and you"], ["only you"])


async def test_a_pane_that_waits_stays_alone_in_that(sayers: Server) -> None:
    await two_versions(sayers, "waits", {"say": "one"}, {"ask": "May I?", "say": "two"})
    async with running(sayers) as run:
        screen = await run.open_compare("waits@v1", "waits@v2")
        await run.type("go")
        first, second = screen.panes
        await run.until(lambda: (first.conversation.status, second.conversation.status) == ("done", "interrupted"))
        first.view.focus()
        await run.until(lambda: screen.pane is first)
        await run.pilot.press("i")
        await run.type("more")
        await run.until(
            lambda: "B waits for an answer and got nothing." in text_of(screen, "#problem"), "who got nothing"
        )
        await run.until(lambda: turns(first) == ["go", "more"] and first.conversation.status == "done")
        assert turns(second) == ["go"]
        await run.leave_input()
        second.view.focus()
        await run.pilot.press("w")
        await run.until(lambda: "B waits for an answer: answer it first" in text_of(screen, "#problem"), "why not")


async def test_a_turn_is_tried_again_and_begun_anew(sayers: Server) -> None:
    await two_versions(sayers, "again", {"say": "one"}, {"say": "two", "fail": "no luck"})
    async with running(sayers) as run:
        screen = await run.open_compare("again@v1", "again@v2")
        await run.type("first")
        await run.all_done("done", "failed")
        await run.type("second")
        await run.until(lambda: all(len(pane.conversation.transcript.turns) == 2 for pane in screen.panes))
        await run.all_done("done", "failed")
        first, _ = screen.panes
        await run.leave_input()
        before = first.conversation.turn.run_id if first.conversation.turn else None
        thread = first.conversation.thread_id
        first.view.focus()
        await run.until(lambda: screen.pane is first)
        await run.pilot.press("R")
        await run.until(lambda: first.conversation.thread_id not in (None, thread), "another thread")
        await run.until(lambda: first.conversation.status == "done")
        thread = first.conversation.thread_id
        screen.action_retry()
        screen.action_retry()  # while the thread is being copied: once is enough
        await run.until(lambda: first.conversation.thread_id not in (None, thread), "another thread")
        await run.until(lambda: first.conversation.status == "done" and len(first.conversation.transcript.turns) == 2)
        assert first.conversation.turn is not None
        assert first.conversation.turn.run_id != before
        assert turns(first) == ["first", "second"]
        state = await sayers.client().threads.get_state(str(first.conversation.thread_id))
        assert [message["type"] for message in state["values"]["messages"]] == ["human", "ai", "human", "ai"]  # type: ignore[call-overload, index]
        assert first.side.earlier[0] == thread
        assert len(first.side.earlier) == 2
        await run.pilot.press("K")
        await run.until(lambda: first.conversation.thread_id is None and not turns(first), "a new thread")


async def test_all_go_on_from_the_winner_and_nobody_takes_its_credit(sayers: Server) -> None:
    await two_versions(sayers, "won", {"say": "one"}, {"say": "two"})
    async with running(sayers) as run:
        screen = await run.open_compare("won@v1", "won@v2")
        await sent(run, "hello")
        first, second = screen.panes
        first.view.focus()
        await run.until(lambda: screen.pane is first)
        await run.pilot.press("w")
        await run.until(lambda: "one" in second.view.text and "two" not in second.view.text, "the copy")
        assert second.conversation.thread_id != first.conversation.thread_id
        assert "won@v2" in second.title_content.plain
        assert second.view.sections.labels == {0: "won@v1"}
        assert second.metrics() is None
        await sent(run, "and now?")
        await run.until(lambda: second.conversation.ran is not None)
        assert [turn.title for turn in second.conversation.transcript.turns] == ["won@v1", "won@v2"]
        assert second.metrics() is not None
        assert (
            len((await sayers.client().threads.get_state(str(second.conversation.thread_id)))["values"]["messages"])
            == 4
        )  # type: ignore[call-overload]


async def test_a_draft_that_won_is_saved_as_it_ran_and_active(sayers: Server) -> None:
    assistant_id = await two_versions(sayers, "promoted", {"say": "one"}, {"say": "two"})
    async with running(sayers) as run:
        client = run.app.client
        assert client is not None
        await client.notes.save_draft(assistant_id, 2, {"context": {"say": "three"}})
        screen = await run.open_compare("promoted@v1", "promoted@draft")
        await sent(run, "hello")
        first, second = screen.panes
        for pane in (second, first):
            pane.view.focus()
            await run.until(lambda pane=pane: screen.pane is pane)  # type: ignore[misc]
            await run.pilot.press("p")
            await run.until(lambda: isinstance(run.app.screen, Confirm), "the question")
            await run.pilot.press("enter")
            await run.until(lambda: run.app.screen is screen, "the way back")
            if pane is second:
                await run.until(lambda: second.runnable.title == "promoted@v3", "the version")
        await run.until(lambda: "v1 of promoted is active" in " ".join(str(n.message) for n in run.app._notifications))
        versions = await client.assistants.versions(assistant_id)
        assert [(version.version, version.active) for version in versions] == [(3, False), (2, False), (1, True)]
        assert versions[0].context["say"] == "three"
        assert await client.notes.draft(assistant_id) is None
        assert second.conversation.transcript.turns[0].title == "promoted@draft"
