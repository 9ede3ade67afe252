"""One input to all panes of a comparison: the line, the form, the file, the history, one answer for all."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.client.input_file import read_inputs
from playground.tui.forms.document import Path as FieldPath
from playground.tui.kept_inputs import keep_input, may_be_kept
from playground.tui.screens.input_form import InputForm
from playground.tui.widgets.compare_input import Place
from playground.tui.widgets.run_input import RunInput
from tests.servers import Server
from tests.tui.runs import PROJECT, Running, running, two_versions


@pytest.fixture(scope="module")
def sayers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with graphs that do what they are told."""
    server = Server(PROJECT, Path(tmp_path_factory.mktemp("inputs")) / "store").start()
    yield server
    server.kill()


async def the_form(run: Running) -> InputForm:
    """The form, opened from the line, once one can type in it."""
    await run.pilot.press("f7")
    await run.until(
        lambda: (
            isinstance(run.app.screen, InputForm)
            and run.app.screen.form.rows
            and (run.app.screen.form.has_focus or run.app.screen.editor.area.has_focus)
        ),
        "the form",
    )
    assert isinstance(run.app.screen, InputForm)
    return run.app.screen


async def fill_in(run: Running, form: InputForm, path: FieldPath, text: str) -> None:
    """Type a short value into its row."""
    form.form.move_to(path)
    await run.until(lambda: form.form.state is not None and form.form.state.path == path, "the cursor")
    await run.pilot.press("enter", *text, "enter")
    await run.until(lambda: form.form.has_focus, "the row")


async def test_a_form_sends_what_its_fields_say_to_all(sayers: Server) -> None:
    client = sayers.client()
    await client.assistants.create("adder", name="summer")
    async with running(sayers) as run:
        screen = await run.open_compare("adder", "summer")
        form = await the_form(run)
        assert not form.problems  # nothing is wrong with what nobody has filled in yet
        await run.pilot.press("ctrl+s")
        await run.until(lambda: len(form.problems) == 2, "the problems")
        await fill_in(run, form, ("context", "a"), "2")
        await fill_in(run, form, ("context", "b"), "40")
        await run.pilot.press("ctrl+s")
        await run.until(lambda: run.app.screen is screen, "the way back")
        await run.all_done()
        assert all("42" in pane.view.text for pane in screen.panes)
        assert not screen.query_one(RunInput).text


async def test_the_form_begins_with_what_is_typed_and_goes_back_to_the_line(sayers: Server) -> None:
    async with running(sayers) as run:
        screen = await run.open_compare("adder", "adder")
        line = screen.query_one(RunInput)
        await run.write('{"a": 1}')
        form = await the_form(run)
        assert form.editing.value == {"a": 1}
        await fill_in(run, form, ("context", "b"), "x")
        await run.until(lambda: form.problems, "the problem")
        await run.pilot.press("escape")
        await run.until(lambda: run.app.focused is line, "the line")
        assert line.text == '{"a": 1}'
        form = await the_form(run)  # what could not be read is still there
        assert form.editing.texts == {("context", "b"): "x"}
        form.editing.write(("context", "b"), "5")
        await run.pilot.press("escape")
        await run.until(lambda: run.app.focused is line, "the line")
        assert line.text == '{"a": 1, "b": 5}'
        line.text = '{"a": '
        await run.pilot.press("f7")
        await run.until(lambda: "takes JSON" in str(screen.query_one("#problem").render()), "the problem")
        assert line.text == '{"a": '


async def test_a_message_stays_a_message_through_the_form(sayers: Server) -> None:
    await two_versions(sayers, "talker", {"say": "Good day."}, {"say": "Hi!"})
    async with running(sayers) as run:
        screen = await run.open_compare("talker@v1", "talker@v2")
        await run.write("hello")
        form = await the_form(run)
        await run.until(lambda: form.editor.area.has_focus, "the editor")
        await run.pilot.press("space", "y", "o", "u", "ctrl+s")
        await run.all_done()
        for pane in screen.panes:
            values = await sayers.client().threads.get_state(pane.conversation.thread_id or "")
            assert values["values"]["messages"][0]["content"] == "hello you"


async def test_inputs_of_a_file_one_after_the_other(sayers: Server) -> None:
    await two_versions(sayers, "filed", {"say": "one"}, {"say": "two"})
    content = (
        b'my parcel is broken\n\n{"messages": [{"role": "user", "content": "third"}]}\n{"a": \n"quoted \\"text\\""\n'
    )
    found = read_inputs(content, "inputs.jsonl")
    assert found.problem.startswith("inputs.jsonl: line 4 is not JSON")
    async with running(sayers) as run:
        screen = await run.open_compare("filed@v1", "filed@v2")
        line, place = screen.query_one(RunInput), screen.query_one(Place)
        screen.show_inputs(found)
        assert "line 4" in str(screen.query_one("#problem").render())
        assert line.text == "my parcel is broken"
        assert "1/3" in str(place.render())
        await run.pilot.press("enter")
        await run.all_done()
        await run.leave_input()
        await run.pilot.press("full_stop")
        await run.until(lambda: "2/3" in str(place.render()), "the second")
        await run.pilot.press("i", "pagedown")
        await run.until(lambda: line.text == 'quoted "text"', "the third")
        await run.pilot.press("pagedown", "pageup")
        await run.until(lambda: "2/3" in str(place.render()), "the second again")
        await run.pilot.press("enter")
        await run.until(lambda: all(len(pane.conversation.transcript.turns) == 2 for pane in screen.panes))
        await run.all_done()
        assert all("third" in pane.view.text for pane in screen.panes)


async def test_what_was_sent_comes_back_in_another_terminal(sayers: Server) -> None:
    await two_versions(sayers, "again", {"say": "one"}, {"say": "two"})
    async with running(sayers) as run:
        screen = await run.open_compare("again@v1", "again@v2")
        await run.type("first one")
        await run.all_done()
        await run.type("second one")
        await run.until(lambda: all(len(pane.conversation.transcript.turns) == 2 for pane in screen.panes))
        await run.all_done()
    async with running(sayers) as run:
        screen = await run.open_compare("again@v2", "again@v1")
        line = screen.query_one(RunInput)
        await run.until(lambda: line.sent.texts[-2:] == ["first one", "second one"], "the history")
        await run.write("half")
        await run.pilot.press("up", "up")
        await run.until(lambda: line.text == "first one", "the first")
        await run.pilot.press("down", "down")
        await run.until(lambda: line.text == "half", "what was being typed")
        assert run.app.client is not None
        key = f"sk-{'a1' * 20}"
        assert not may_be_kept(f"use {key}")
        await keep_input(run.app.client, "sayer", f"use {key}")
        assert key not in str(await run.app.client.notes.value("inputs/sayer"))


async def test_one_answer_for_all_that_ask_the_same(sayers: Server) -> None:
    await two_versions(sayers, "asker", {"ask": "Really?", "say": "A."}, {"ask": "Are you sure?", "say": "B."})
    async with running(sayers) as run:
        screen = await run.open_compare("asker@v1", "asker@v2", "asker@v1")
        await run.type("go")
        await run.all_done("interrupted")
        await run.leave_input()
        screen.panes[1].card.focus()
        await run.until(lambda: screen.pane is screen.panes[1], "the pane")
        await run.pilot.press("A")
        await run.until(lambda: screen.panes[1].card.for_all, "the card")
        assert "for A, B and C: Are you sure?" in str(screen.panes[1].card.query_one("#question").render())
        await run.type("yes")
        await run.all_done()
        assert all("You said yes." in pane.view.text for pane in screen.panes)
