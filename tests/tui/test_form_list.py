"""The form alone: what is painted of many, deep and hostile fields, and what is typed while they change."""

from typing import Any

import pytest
from textual.app import App, ComposeResult

from playground.tui.forms.document import Path
from playground.tui.forms.editing import Editing
from playground.tui.widgets.form_cells import FieldState
from playground.tui.widgets.form_inline import InlineInput
from playground.tui.widgets.form_list import FormList
from tests.tui.screen_text import screen_text

HOSTILE = "[/bold] [red]x \x1b[31mESC\x1b[0m \u202ebidi {braces} \x07"


class Alone(App[None]):
    """A form, and what it says."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[tuple[str, Path, Any]] = []

    def compose(self) -> ComposeResult:
        yield FormList(id="form")

    @property
    def form(self) -> FormList:
        return self.query_one(FormList)

    def on_form_list_typed(self, event: FormList.Typed) -> None:
        self.said.append(("typed", event.path, event.text))

    def on_form_list_chosen(self, event: FormList.Chosen) -> None:
        self.said.append(("chosen", event.path, event.value))

    def text(self) -> str:
        return screen_text(self)


def editing(properties: dict[str, Any], **context: Any) -> Editing:
    return Editing({"properties": properties}, {"name": "a", "description": None, "context": context, "config": {}})


def sections(edit: Editing) -> list[tuple[str, list[FieldState]]]:
    problems = edit.problems()
    return [
        (section.title, [FieldState(entry, problem=problems.get(entry.field.path)) for entry in section.entries])
        for section in edit.sections()
    ]


async def test_only_what_is_visible_is_laid_out_and_the_cursor_is_always_seen() -> None:
    app = Alone()
    async with app.run_test(size=(80, 24)) as pilot:
        edit = editing({f"field_{number}": {"type": "string"} for number in range(600)})
        await app.form.set_sections(sections(edit))
        app.form.focus()
        assert len(list(app.form.walk_children())) < 5
        await pilot.press("end")
        assert "recursion_limit" in app.text()
        await pilot.press("home")
        assert "field_0" in app.text()
        for _ in range(5):
            await pilot.press("pagedown")
        assert app.form.state is not None
        assert str(app.form.state.path[-1]) in app.text()


async def test_the_cursor_and_what_is_typed_stay_while_fields_come_and_go() -> None:
    app = Alone()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.form.set_sections(sections(editing({"a": {"type": "string"}, "b": {"type": "string"}})))
        app.form.focus()
        await pilot.press("down", "enter", "x")
        new = {"z": {"type": "string"}, "a": {"type": "integer"}, "b": {"type": "string"}}
        await app.form.set_sections(sections(editing(new, b="x")))
        await pilot.press("y")
        assert app.said[-1] == ("typed", ("context", "b"), "xy")
        assert isinstance(app.focused, InlineInput)
        row = app.form.row
        assert row is not None
        assert app.focused.region.y == app.form.region.y + row.top
        await app.form.set_sections(sections(editing({"a": {"type": "string"}}, c=1)))
        await pilot.pause()
        assert app.focused is app.form
        assert app.form.state is not None


async def test_what_is_deep_is_folded_and_tells_what_is_wrong_in_it() -> None:
    leaf = {"type": "object", "properties": {"x": {"type": "integer"}}}
    for _ in range(3):
        leaf = {"type": "object", "properties": {"in": leaf}}
    app = Alone()
    async with app.run_test(size=(80, 24)) as pilot:
        edit = editing({"top": leaf}, top={"in": {"in": {"in": {"x": "no"}}}})
        await app.form.set_sections(sections(edit))
        folded = [row.state for row in app.form.rows if row.state.folded]
        assert [state.path for state in folded] == [("context", "top", "in", "in")]
        assert folded[0].problem == "in.x must be a whole number"
        app.form.focus()
        app.form.move_to(("context", "top", "in", "in", "in", "x"))
        await pilot.pause()
        assert "✘ must be a whole number" in app.text()
        await pilot.press("left", "left")
        assert ("context", "top", "in", "in", "in", "x") not in [row.state.path for row in app.form.rows]


@pytest.mark.parametrize("size", [(24, 10), (80, 24), (200, 60)])
async def test_hostile_names_keys_and_values_are_data(size: tuple[int, int]) -> None:
    app = Alone()
    async with app.run_test(size=size) as pilot:
        edit = editing(
            {
                HOSTILE: {"type": "string", "description": HOSTILE},
                "map": {"type": "object", "additionalProperties": {"type": "string"}},
                "pick": {"enum": [HOSTILE, "b"]},
                "rows": {
                    "type": "array",
                    "items": {"anyOf": [{"type": "string", "title": HOSTILE}, {"type": "number"}]},
                },
            },
            **{HOSTILE: HOSTILE, "map": {HOSTILE: HOSTILE, "": "x"}, "pick": HOSTILE, "rows": [HOSTILE, 1, None]},
        )
        await app.form.set_sections(sections(edit))
        app.form.focus()
        for _ in app.form.rows:
            assert "\x1b" not in app.text()
            assert "\u202e" not in app.text()
            await pilot.press("down")


async def test_a_step_and_nothing_are_said_and_only_where_they_mean_something() -> None:
    app = Alone()
    number = {"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, {"type": "null"}], "default": 0.5}
    async with app.run_test(size=(80, 24)) as pilot:
        await app.form.set_sections(sections(editing({"n": number, "s": {"type": "string"}})))
        app.form.focus()
        await pilot.press("right", "minus", "n", "down", "right", "n")
        path = ("context", "n")
        assert app.said == [("chosen", path, 0.6), ("chosen", path, 0.4), ("chosen", path, None)]
