"""The tree on the screen: keys, the mouse, and text that would break it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual.app import App, ComposeResult
from textual.pilot import Pilot

from playground.tui.widgets.json_tree import JsonTree
from tests.tui.runs import HOSTILE

MESSAGE = {"type": "human", "content": "hello"}
VALUE = {"messages": [MESSAGE], "count": 2, "note": "one\ntwo"}


class TreeApp(App[None]):
    """A tree, and what it wants copied."""

    def __init__(self) -> None:
        super().__init__()
        self.tree_widget = JsonTree()
        self.copied: list[tuple[str, str]] = []

    def compose(self) -> ComposeResult:
        yield self.tree_widget

    def on_json_tree_copied(self, event: JsonTree.Copied) -> None:
        self.copied.append((event.text, event.what))


@asynccontextmanager
async def shown(value: Any) -> AsyncIterator[tuple[TreeApp, Pilot[None], JsonTree]]:
    app = TreeApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.tree_widget.show(value)
        app.tree_widget.focus()
        await pilot.pause()
        yield app, pilot, app.tree_widget


def lines(tree: JsonTree) -> list[str]:
    return [tree.render_line(y).text.rstrip() for y in range(tree.size.height)]


async def test_keys_fold_unfold_and_copy() -> None:
    async with shown(VALUE) as (app, pilot, tree):
        await pilot.press("left")
        assert lines(tree)[:3] == ["▌▸ messages  1 message", "   count     2", ' ▸ note      "one\\ntwo"']
        await pilot.press("right", "right", "y", "Y")
        assert app.copied == [(json.dumps(MESSAGE, indent=2), "$.messages[0]"), ("$.messages[0]", "the path")]
        await pilot.press("minus")
        assert tree.path == ("messages",)
        assert len(tree.rows) == 3
        await pilot.press("end", "enter", "down", "down", "y")
        assert lines(tree)[4] == "▌    two"
        assert app.copied[-1] == ("one\ntwo", "$.note")
        await pilot.press("space")
        assert tree.path == ("note",)
        assert len(tree.rows) == 3


async def test_the_mouse_folds_on_the_sign_and_with_two_clicks() -> None:
    async with shown(VALUE) as (_, pilot, tree):
        all_rows = len(tree.rows)
        await pilot.click(tree, offset=(1, 0))
        assert len(tree.rows) == 3
        await pilot.click(tree, offset=(20, 0), times=2)
        assert len(tree.rows) == all_rows
        await pilot.click(tree, offset=(20, 1))
        assert tree.path == ("messages", 0)


async def test_another_value_keeps_the_cursor_and_a_search_unfolds() -> None:
    async with shown(VALUE) as (_, pilot, tree):
        await pilot.press("end", "up")
        tree.show({"before": {"a": 1}, **VALUE, "count": 3})
        assert tree.path == ("count",)
        tree.action_all(False)
        assert tree.search("HELLO") == 1
        tree.show_match(tree.nearest())
        assert tree.path == ("messages", 0, "content")
        await pilot.pause()
        assert lines(tree)[tree.cursor].endswith('"hello"')


async def test_hostile_text_is_data() -> None:
    hostile = HOSTILE.replace("SURROGATE", "\ud800")
    value = {
        hostile: hostile,
        "long": "x" * 1_000_000,
        "wide": "漢字" * 400,
        "in": [{"type": "ai", "content": hostile}],
    }
    async with shown(value) as (app, pilot, tree):
        tree.action_all(True)
        await pilot.press("home", "enter", "down", "down", "down", "y", "end")
        await pilot.pause()
        tree.go_to(("long",))
        await pilot.press("enter", "down", "plus", "minus")
        tree.search("[/bold]")
        tree.show_match(0)
        await pilot.pause()
        text = "\n".join(lines(tree))
        assert "[/bold] [red]x[/]" in text
        assert not any(character in text for character in "\x1b\x07\u202e\ud800")
        assert app.copied[0][0] == hostile
