"""The text area for prompts draws what Textual's own does, and takes no controls in."""

import pytest
from textual.app import App, ComposeResult
from textual.events import Key, Paste
from textual.widgets import TextArea

from playground.tui.find import Match
from playground.tui.syntax import keys_in_yaml
from playground.tui.widgets.form_text_area import LONGEST_LINE, PlainTextArea

LONG = "a few words\tand a tab, " * 300


class Both(App[None]):
    AUTO_FOCUS = None

    def compose(self) -> ComposeResult:
        yield PlainTextArea("ours")
        yield TextArea(id="theirs", compact=True, soft_wrap=True, show_line_numbers=False, highlight_cursor_line=False)


def drawn(area: TextArea) -> list[object]:
    return [area.render_line(y) for y in range(area.size.height)]


@pytest.mark.parametrize(
    "text",
    ["", "short", LONG, f"{LONG}\n{LONG}", LONG.replace("a", "語"), LONG.replace("words", "🧑‍🚀")],
    ids=["empty", "short", "long", "two lines", "wide", "emoji"],
)
async def test_it_draws_what_textuals_own_does(text: str) -> None:
    app = Both()
    async with app.run_test(size=(80, 40)) as pilot:
        ours, theirs = app.query_one("#ours", PlainTextArea), app.query_one("#theirs", TextArea)
        for area in (ours, theirs):
            area.cursor_blink = False
            area.load_text(text)
            area.move_cursor(area.document.end)
        await pilot.pause()
        assert ours.size == theirs.size
        assert drawn(ours) == drawn(theirs)


async def test_a_paste_brings_no_control_characters_and_comes_once() -> None:
    app = Both()
    async with app.run_test() as pilot:
        area = app.query_one(PlainTextArea)
        area.focus()
        await pilot.pause()
        app.post_message(Paste("a\x1b[31mb\r\nc\x00\u202ed\te"))
        await pilot.pause()
        assert area.text == "a[31mb\ncd\te"


async def test_a_line_that_is_too_long_to_type_in_is_only_shown() -> None:
    app = Both()
    async with app.run_test():
        area = app.query_one(PlainTextArea)
        area.show_text("x" * (LONGEST_LINE + 1))
        assert area.read_only
        area.show_text("x")
        assert not area.read_only


async def test_a_text_that_comes_back_as_it_was_has_its_steps_and_one_that_changed_has_none() -> None:
    app = Both()
    async with app.run_test() as pilot:
        area = app.query_one("#ours", PlainTextArea)
        area.show_text("one\ntwo", "first")
        area.focus()
        await pilot.press("down", "x", "y")
        area.show_text("other", "second")
        area.show_text("one\nxytwo", "first")
        assert area.cursor_location == (1, 2)
        await pilot.press("ctrl+z")
        assert area.text == "one\ntwo"
        area.show_text("other", "second")
        area.show_text("made elsewhere", "first")
        await pilot.press("ctrl+z")
        assert area.text == "made elsewhere"


async def test_a_line_that_a_paste_made_too_long_can_be_taken_back() -> None:
    app = Both()
    async with app.run_test() as pilot:
        area = app.query_one("#ours", PlainTextArea)
        area.show_text("short")
        area.focus()
        await pilot.pause()
        app.post_message(Paste("x" * (LONGEST_LINE + 1)))
        await pilot.pause()
        assert area.read_only
        assert len(area.text) == LONGEST_LINE + 6
        await pilot.press("ctrl+z")
        assert area.text == "short"
        assert not area.read_only


async def test_json_and_yaml_are_indented_as_one_types() -> None:
    class Code(App[None]):
        def compose(self) -> ComposeResult:
            yield PlainTextArea("code", "code", find_keys=keys_in_yaml)

    app = Code()
    async with app.run_test() as pilot:
        area = app.query_one(PlainTextArea)
        area.focus()
        await pilot.press(*"a:", "enter", *"b:", "enter", *"1", "enter", "tab", "2")
        assert area.text == "a:\n  b:\n    1\n      2"


async def test_keys_matches_and_faults_are_marked_where_they_are() -> None:
    class Code(App[None]):
        def compose(self) -> ComposeResult:
            yield PlainTextArea("code", "code", numbers=True, find_keys=keys_in_yaml)

    app = Code()
    async with app.run_test() as pilot:
        area = app.query_one(PlainTextArea)
        area.show_text("key: value\nother: value")
        area.show_matches([Match(1, 7, 12)])
        area.show_faults([1])
        await pilot.pause()
        first, second = area.render_line(0), area.render_line(1)
        assert first.text.startswith("1  key: value")
        assert second.text.startswith("2✘ other: value")
        parts = {segment.text.strip(): segment.style for segment in second}
        assert parts["other"].color != parts[":"].color
        assert parts["value"].bgcolor != parts[":"].bgcolor


async def test_a_letter_with_alt_is_a_command_and_not_typed() -> None:
    app = Both()
    async with app.run_test() as pilot:
        area = app.query_one("#ours", PlainTextArea)
        area.focus()
        await pilot.pause()
        for key, letter in (("alt+n", "n"), ("alt+q", "q")):  # as most terminals send them
            app.post_message(Key(key, letter))
        await pilot.pause()
        assert area.text == ""
        assert area.show_line_numbers


async def test_what_a_terminal_would_act_on_is_never_drawn() -> None:
    app = Both()
    async with app.run_test(size=(40, 20)) as pilot:
        area = app.query_one("#ours", PlainTextArea)
        for text in ("a\x1b[31mb", "a\x1b[31mb " * 100):
            area.show_text(text)
            for area.soft_wrap in (True, False):
                await pilot.pause()
                assert "\x1b" not in "".join(area.render_line(y).text for y in range(area.size.height))
            area.soft_wrap = True
