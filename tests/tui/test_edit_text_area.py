"""The text area for prompts draws what Textual's own does, and takes no controls in."""

import pytest
from textual.app import App, ComposeResult
from textual.events import Paste
from textual.widgets import TextArea

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
    ["", "short", LONG, f"{LONG}\n{LONG}", LONG.replace("a", "語")],
    ids=["empty", "short", "long", "two lines", "wide"],
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
