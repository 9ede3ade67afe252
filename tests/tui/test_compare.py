"""Compare, driven by keys, on a real server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.client import decode
from playground.client.conversation import what_ran
from playground.client.values import RAN_AS, RAN_ASSISTANT, RAN_DRAFT, RAN_VERSION, Runnable
from playground.tui.screens.pick_ref import PickRef
from playground.tui.screens.threads import ThreadsScreen
from playground.tui.text import plain
from playground.tui.widgets.keybar import KeyBar
from playground.tui.widgets.pane_tabs import PaneTabs
from playground.tui.widgets.run_input import RunInput
from tests.servers import Server
from tests.tui.runs import HOSTILE, PROJECT, running, two_versions


@pytest.fixture(scope="module")
def sayers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with graphs that do what they are told."""
    server = Server(PROJECT, Path(tmp_path_factory.mktemp("sayers")) / "store").start()
    yield server
    server.kill()


async def test_two_versions_answer_one_input(sayers: Server) -> None:
    assistant_id = await two_versions(sayers, "greeter", {"say": "Good day."}, {"say": "Hi!"})
    async with running(sayers) as run:
        screen = await run.open_compare("greeter@v1", "greeter@v2")
        await run.type("hello")
        await run.all_done()
        await run.until(lambda: all(pane.conversation.ran for pane in screen.panes))
        first, second = screen.panes
        assert "Good day." in first.view.text
        assert "Hi!" in second.view.text
        client = sayers.client()
        for pane, version in ((first, 1), (second, 2)):
            conversation = pane.conversation
            assert conversation.thread_id is not None
            (row,) = await client.runs.list(conversation.thread_id)
            assert row["assistant_id"] == assistant_id
            assert row["metadata"]["assistant_version"] == version
            digest = row["metadata"]["context_hash"][:6]
            assert pane.title_content.plain == f"{'AB'[version - 1]} greeter@v{version} · {digest}"
            assert "✔ done" in pane._border_title.plain
            assert not pane._border_subtitle.plain


async def test_several_turns_stay_on_their_threads(sayers: Server) -> None:
    await two_versions(sayers, "turns", {"say": "one"}, {"say": "two"})
    async with running(sayers) as run:
        screen = await run.open_compare("turns@v1", "turns@v2")
        await run.type("first")
        await run.all_done()
        threads = [pane.conversation.thread_id for pane in screen.panes]
        await run.type("second")
        await run.until(lambda: all(len(pane.conversation.transcript.turns) == 2 for pane in screen.panes))
        await run.all_done()
        assert [pane.conversation.thread_id for pane in screen.panes] == threads
        assert len(set(threads)) == 2
        state = await sayers.client().threads.get_state(threads[0] or "")
        assert [message["content"] for message in state["values"]["messages"]] == ["first", "one", "second", "one"]


async def test_ctrl_c_stops_only_the_focused_pane(sayers: Server) -> None:
    await two_versions(sayers, "stopper", {"say": "working", "hang": True}, {"say": "also", "hang": True})
    async with running(sayers) as run:
        screen = await run.open_compare("stopper@v1", "stopper@v2")
        await run.type("go")
        first, second = screen.panes
        await run.until(lambda: "working" in first.view.text and "also" in second.view.text, "both stream")
        second.view.focus()
        await run.pilot.pause()
        await run.pilot.press("ctrl+c")
        await run.until(lambda: second.conversation.status == "stopped", "the stop")
        assert first.conversation.status == "running"
        assert "also" in second.view.text
        await run.pilot.press("X")
        await run.until(lambda: first.conversation.status == "stopped", "stop all")


async def test_a_failing_pane_is_alone_in_that(sayers: Server) -> None:
    await two_versions(sayers, "failer", {"fail": "boom [/bold]"}, {"say": "fine"})
    async with running(sayers) as run:
        screen = await run.open_compare("failer@v1", "failer@v2")
        await run.type("go")
        await run.all_done("done", "failed")
        first, second = screen.panes
        assert (first.conversation.status, second.conversation.status) == ("failed", "done")
        await run.until(lambda: "✘ RuntimeError: boom [/bold]" in first.view.text)
        await run.until(lambda: "✘ A failed" in str(screen.query_one("#summary").render()), "the line over the panes")
        assert "Traceback" not in first.view.text
        first.view.focus()
        await run.pilot.pause()
        await run.pilot.press("o")
        await run.until(lambda: "raise RuntimeError" in first.view.text, "the traceback")
        assert "fine" in second.view.text


async def test_an_interrupt_is_answered_in_its_pane(sayers: Server) -> None:
    await two_versions(sayers, "asker", {"ask": "Really?", "say": "Done."}, {"say": "No questions."})
    async with running(sayers) as run:
        screen = await run.open_compare("asker@v1", "asker@v2")
        await run.type("go")
        await run.all_done("done", "interrupted")
        first, second = screen.panes
        assert first.card.asking
        assert not second.card.asking
        first.card.focus_answer()
        await run.pilot.pause()
        await run.type("yes")
        await run.until(lambda: first.conversation.status == "done", "the answer")
        await run.until(lambda: "Done. You said yes." in first.view.text)
        assert not first.card.asking


async def test_text_is_data(sayers: Server) -> None:
    long = {"say": "x" * 1000, "times": 1000}
    await two_versions(sayers, "hostile [/bold]", {"say": HOSTILE}, long)
    async with running(sayers) as run:
        screen = await run.open_compare("hostile [/bold]@v1", "hostile [/bold]@v2")
        await run.type("go [red]")
        await run.all_done()
        first, second = screen.panes
        await run.until(lambda: second.view.virtual_size.height > 1_000_000 // 60, "the long line")
        shown = first.view.text + run.app.export_screenshot()
        assert "[red]x[/]" in first.view.text
        assert not any(character in shown for character in "\x1b\x07\u202e")
        assert first.title_content.plain.startswith("A hostile [/bold]@v1")
        assert plain(HOSTILE).partition(" SURROGATE")[0] in first.view.text


async def test_input_that_is_not_a_chat_is_json(sayers: Server) -> None:
    async with running(sayers) as run:
        screen = await run.open_compare("adder", "adder")
        await run.until(lambda: '"a": 0' in str(screen.query_one("#input").placeholder), "the placeholder")  # type: ignore[attr-defined]
        await run.type("one and one")
        assert "takes JSON" in str(screen.query_one("#problem").render())
        await run.pilot.press("ctrl+u")
        await run.type('{"a": 1, "b": 2}')
        await run.all_done()
        await run.until(lambda: all('"sum": 3' in pane.view.text for pane in screen.panes))
        assert not screen.query_one("#problem").display


async def test_unknown_refs_are_named_in_place(sayers: Server) -> None:
    await two_versions(sayers, "known", {}, {"say": "x"})
    async with running(sayers) as run:
        run.app.compare(["knwon", "known"])
        await run.until(lambda: run.app.current_mode == "compare" and run.app.screen.query("#problem"), "the screen")
        problem = run.app.screen.query_one("#problem")
        await run.until(lambda: problem.display and str(problem.render()), "the sentence")
        assert "“knwon”" in str(problem.render())
        assert "known" in str(problem.render())
        assert "Space" in str(run.app.screen.query_one("#empty").render())


async def test_panes_come_and_go(sayers: Server) -> None:
    await two_versions(sayers, "movable", {}, {"say": "x"})
    async with running(sayers) as run:
        screen = await run.open_compare("movable@v1", "movable@v2")
        await run.leave_input()
        await run.pilot.press("a")
        await run.until(lambda: isinstance(run.app.screen, PickRef), "the choice")
        await run.until(lambda: run.app.screen.query_one("#refs").rows, "the assistants")  # type: ignore[attr-defined]
        await run.type("adder")
        await run.until(lambda: len(screen.panes) == 3, "the third pane")
        assert screen.panes[2].title_content.plain.startswith("C adder@v1")
        await run.leave_input()
        await run.pilot.press("delete")
        await run.until(lambda: len(screen.panes) == 2, "the removal")
        assert [pane.title_content.plain[:2] for pane in screen.panes] == ["A ", "B "]


async def test_enter_on_a_pane_opens_its_thread(sayers: Server) -> None:
    await two_versions(sayers, "opener", {"say": "first"}, {"say": "second"})
    async with running(sayers) as run:
        screen = await run.open_compare("opener@v1", "opener@v2")
        await run.type("go")
        await run.all_done()
        thread_id = screen.panes[1].conversation.thread_id
        screen.panes[1].view.focus()
        await run.pilot.pause()
        await run.pilot.press("enter")
        await run.until(lambda: isinstance(run.app.screen, ThreadsScreen), "Threads")
        await run.until(lambda: run.threads.conversation is not None, "the thread")
        assert run.threads.conversation is not None
        assert run.threads.conversation.thread_id == thread_id


async def test_what_was_typed_stays_while_one_is_elsewhere(sayers: Server) -> None:
    await two_versions(sayers, "keeper", {}, {"say": "x"})
    async with running(sayers) as run:
        screen = await run.open_compare("keeper@v1", "keeper@v2")
        await run.pilot.press("u", "n", "s")
        await run.leave_input()
        await run.pilot.press("1")
        await run.until(lambda: run.app.current_mode == "browse")
        await run.pilot.press("3")
        await run.until(lambda: run.app.current_mode == "compare")
        assert screen.query_one("#input").text == "uns"  # type: ignore[attr-defined]


async def test_what_was_typed_outlives_the_app(sayers: Server) -> None:
    await two_versions(sayers, "outlive", {}, {"say": "x"})
    async with running(sayers) as run:
        screen = await run.open_compare("outlive@v1", "outlive@v2")
        await run.pilot.press(*"half")
        await run.until(lambda: screen._unsent._kept == "half", "the writing")
        await run.until(lambda: not [w for w in run.app.workers if w.group == "unsent" and not w.is_finished])
    async with running(sayers) as run:
        screen = await run.open_compare("outlive@v1", "outlive@v2")
        await run.until(lambda: screen.query_one("#input").text == "half", "the restoring")  # type: ignore[attr-defined]


async def test_what_was_typed_stays_when_there_is_another_pane(sayers: Server) -> None:
    await two_versions(sayers, "wider", {}, {"say": "x"})
    async with running(sayers) as run:
        screen = await run.open_compare("wider@v1", "wider@v2")
        line = screen.query_one(RunInput)
        await run.write("half")
        await run.until(lambda: screen._unsent._kept == "half", "the writing")
        screen.add_ref("wider@v1")
        await run.until(lambda: len(screen.panes) == 3, "the pane")
        await run.until(lambda: len((screen._unsent.place or "").split()) == 3, "the text's move")
        assert line.text == "half"
        await run.write(" a word")
        await run.leave_input()
        await run.pilot.press("delete")
        await run.until(lambda: len((screen._unsent.place or "").split()) == 2, "the text's way back")
        assert line.text == "half a word"
    async with running(sayers) as run:  # though it was written a moment before the end
        screen = await run.open_compare("wider@v2", "wider@v1")
        await run.until(lambda: screen.query_one(RunInput).text == "half a word", "the restoring")


async def test_below_a_hundred_columns_panes_are_tabs(sayers: Server) -> None:
    await two_versions(sayers, "narrow", {}, {"say": "x"})
    async with running(sayers, size=(80, 24)) as run:
        screen = await run.open_compare("narrow@v1", "narrow@v2")
        assert [pane.is_on_screen for pane in screen.panes] == [True, False]
        await run.leave_input()
        await run.pilot.press("right")
        await run.pilot.pause()
        assert [pane.is_on_screen for pane in screen.panes] == [False, True]


async def test_names_give_way_when_the_terminal_does(sayers: Server) -> None:
    name = "a name that is as long as names of assistants ever get"
    await two_versions(sayers, name, {"ask": "Really?"}, {"fail": "boom"})
    async with running(sayers, size=(160, 40)) as run:
        screen = await run.open_compare(f"{name}@v1", f"{name}@v2")
        await run.type("go")
        await run.all_done("interrupted", "failed")
        summary, tabs = screen.query_one("#summary"), screen.query_one(PaneTabs)
        await run.until(lambda: "‖ A waits   ✘ B failed" in str(summary.render()), "how it stands")
        await run.pilot.resize_terminal(110, 40)
        await run.until(lambda: len(str(summary.render())) <= 108, "the shorter line")
        assert all(said in str(summary.render()) for said in ("…@v1 | ", "…@v2", "‖ A waits   ✘ B failed"))
        await run.pilot.resize_terminal(80, 24)
        await run.until(lambda: "…@v1 ‖" in str(tabs.render()) and "…@v2 ✘" in str(tabs.render()), "the tabs")
        assert len(str(tabs.render())) <= 78


ASKED = Runnable("support@v7", "a1", "g", "support", 7, {}, "3fa9c1000000")
PINNED = {"assistant_id": "pin", RAN_AS: "pin", RAN_ASSISTANT: "a1", RAN_VERSION: 7}


@pytest.mark.parametrize(
    ("assistant_id", "metadata", "differs"),
    [
        ("a1", {"assistant_version": 7, "context_hash": "3fa9c1000000"}, None),
        ("a1", {"assistant_version": 8, "context_hash": "3fa9c1000000"}, "v8 ran, not v7"),
        ("a1", {"assistant_version": 7, "context_hash": "77d0ab000000"}, "another context ran: 77d0ab, not 3fa9c1"),
        ("a2", {"assistant_version": 7}, "another assistant ran: a2"),
        ("a1", {}, "the server doesn't say which version ran"),
        ("pin", PINNED, None),
        ("pin", {**PINNED, RAN_DRAFT: True}, "a draft of v7 ran, not v7"),
        ("pin", {**PINNED, "assistant_id": "a2"}, "another assistant ran: a2"),
    ],
)
def test_what_ran_is_held_against_what_was_asked(
    assistant_id: str, metadata: dict[str, object], differs: str | None
) -> None:
    run = decode.run({"run_id": "r", "assistant_id": assistant_id, "metadata": metadata})
    assert what_ran(run, ASKED).differs == differs


async def test_a_draft_is_titled_as_one(sayers: Server) -> None:
    assistant_id = await two_versions(sayers, "drafted", {"say": "old"}, {"say": "new"})
    async with running(sayers) as run:
        assert run.app.client is not None
        await run.app.client.notes.save_draft(assistant_id, 2, {"context": {"say": "newest"}})
        screen = await run.open_compare("drafted@draft", "drafted@v2")
        await run.type("hello")
        await run.all_done()
        await run.until(lambda: all(pane.conversation.ran for pane in screen.panes))
        draft, saved = screen.panes
        assert draft.title_content.plain.startswith("A drafted@draft · ")
        assert saved.title_content.plain.startswith("B drafted@v2 · ")
        assert not draft._border_subtitle.plain
        thread_id = draft.conversation.thread_id
        opened = await run.open_chat("drafted@v1", thread_id)
        await run.until(lambda: "newest" in opened.pane.chat.text)
        assert "drafted@draft" in opened.pane.chat.sections.labels.values()
        await run.type("again")
        await run.until(lambda: "old" in opened.pane.chat.text and not opened.conversation.active)  # type: ignore[union-attr]
        await run.open_chat("adder", thread_id)
        await run.until(lambda: list(opened.pane.chat.sections.labels.values()) == ["drafted@draft", "drafted@v1"])


async def test_the_footer_shows_what_works_now(sayers: Server) -> None:
    await two_versions(sayers, "footer", {"say": "working", "hang": True}, {})
    async with running(sayers) as run:
        screen = await run.open_compare("footer@v1")
        footer = screen.query_one(KeyBar)
        await run.pilot.press("escape")
        await run.until(lambda: "Promote" in str(footer.render()))
        assert not any(key in str(footer.render()) for key in ("Stop", "Open thread", "Diff", "New threads"))
        await run.pilot.press("i")
        await run.type("go")
        await run.pilot.press("escape")
        await run.until(lambda: "^c Stop" in str(footer.render()), "the key that stops")
        await run.pilot.press("ctrl+c")
        await run.until(lambda: "Stop" not in str(footer.render()), "nothing to stop")
        assert "Open thread" in str(footer.render())


async def test_the_palette_adds_a_pane(sayers: Server) -> None:
    await two_versions(sayers, "palatable", {"say": "one"}, {"say": "two"})
    async with running(sayers) as run:
        screen = await run.open_compare("palatable@v1")
        run.app.compare_with("palatable")
        await run.until(lambda: [pane.runnable.title for pane in screen.panes] == ["palatable@v1", "palatable@v2"])
        await run.until(lambda: "threads linked" in str(screen.query_one("#summary").render()))
