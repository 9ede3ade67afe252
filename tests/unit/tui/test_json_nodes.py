"""A JSON value as a tree that folds, as rows."""

import json
from typing import Any

import pytest
from rich.cells import cell_len

from playground.tui.threads.json_nodes import JsonNodes, Path, path_text, text_lines, value_text
from playground.tui.threads.json_rows import row_content

VALUE: dict[str, Any] = {
    "messages": [
        {"type": "human", "content": "my parcel is broken", "id": "h1"},
        {"type": "ai", "content": "", "tool_calls": [{"name": "refund", "args": {"order": "4411"}}], "id": "a1"},
    ],
    "refunded": True,
    "total": 42.5,
    "note": None,
    "odd key": {},
    "letter": "Dear all,\nthe parcel came.\n\nYours",
}


def paths(nodes: JsonNodes) -> list[Path]:
    return [node.path for node in nodes.rows]


def index(nodes: JsonNodes, *path: str | int) -> int:
    return next(at for at, node in enumerate(nodes.rows) if node.path == path and not node.is_line)


def texts(nodes: JsonNodes) -> list[str]:
    return [
        row_content(node, (node.parent.children or ()) if node.parent else ()).plain.rstrip() for node in nodes.rows
    ]


def test_a_small_value_is_unfolded_whole_but_for_its_texts() -> None:
    nodes = JsonNodes(VALUE)
    assert ("messages", 1, "tool_calls", 0, "args", "order") in paths(nodes)
    assert not nodes.rows[index(nodes, "letter")].is_open


def test_folding_hides_what_is_inside_and_remembers_what_was_unfolded_there() -> None:
    nodes = JsonNodes(VALUE)
    before = paths(nodes)
    nodes.close(index(nodes, "messages"))
    assert paths(nodes) == [("messages",), ("refunded",), ("total",), ("note",), ("odd key",), ("letter",)]
    assert nodes.open(0) == len(before) - 6
    assert paths(nodes) == before


def test_all_is_folded_and_unfolded_at_every_depth() -> None:
    nodes = JsonNodes(VALUE)
    before = paths(nodes)
    nodes.close_all()
    nodes.open(index(nodes, "messages"))
    assert len(nodes.rows) == 8  # the messages, and nothing in them
    assert nodes.open_all()
    assert paths(nodes) == before


def test_what_is_unfolded_is_so_in_the_next_value() -> None:
    nodes = JsonNodes(VALUE)
    nodes.close(index(nodes, "messages", 0))
    nodes.open(index(nodes, "letter"))
    newer = {**VALUE, "added": [1, 2], "messages": [*VALUE["messages"], {"type": "ai", "content": "done", "id": "a2"}]}
    again = JsonNodes(newer, nodes.opened)
    assert ("messages", 0, "content") not in paths(again)
    assert ("messages", 1, "content") in paths(again)
    assert ("messages", 2, "content") not in paths(again)
    assert again.rows[index(again, "letter")].is_open


def test_a_text_unfolds_into_lines_that_fit_and_follow_the_width() -> None:
    nodes = JsonNodes({"letter": "word " * 40}, width=42)
    nodes.open(0)
    lines = [node for node in nodes.rows if node.is_line]
    assert len(lines) > 4
    assert all(len(node.value) <= 40 and node.path == ("letter",) for node in lines)
    nodes.set_width(210)
    assert len([node for node in nodes.rows if node.is_line]) == 1


@pytest.mark.parametrize(
    "text", ["漢字" * 3_000, "x" * 9_000, "👩\u200d👧" * 2_000, "漢" * 50 + " a\tb\n\n", "\x1b[31m" * 2000]
)
def test_lines_of_a_text_take_no_more_cells_than_there_are(text: str) -> None:
    lines = text_lines(text, 30)
    assert max(cell_len(line) for line in lines) <= 30
    assert not any(character in line for line in lines for character in "\x1b\t\n")


def test_rows_say_what_is_in_them() -> None:
    nodes = JsonNodes(VALUE)
    nodes.close_all()
    assert texts(nodes) == [
        "▸ messages  2 messages",
        "  refunded  true",
        "  total     42.5",
        "  note      null",
        "  odd key   {}",
        '▸ letter    "Dear all,\\nthe parcel came.\\n\\nYours"',
    ]
    nodes.open(0)
    assert texts(nodes)[:3] == [
        "▾ messages  2 messages",
        "  ▸  0  human  my parcel is broken",
        "  ▸  1  ai  calls refund",
    ]


@pytest.mark.parametrize(
    ("found", "query"), [(("messages", 1, "tool_calls", 0, "args", "order"), "4411"), (("refunded",), "REFUNDED")]
)
def test_a_search_finds_keys_and_values_that_are_folded(found: Path, query: str) -> None:
    nodes = JsonNodes(VALUE)
    nodes.close_all()
    assert [one.path for one in nodes.find(query)] == [found]
    node = nodes.reveal(found)
    assert node is not None
    assert node in nodes.rows
    assert node.places == nodes.find(query)[0].places


def test_a_search_is_in_the_order_of_the_rows_and_tells_cases_apart_if_it_shall() -> None:
    nodes = JsonNodes({"b": ["one", {"x": "One"}], "a": "ONE"})
    assert [one.path for one in nodes.find("one")] == [("b", 0), ("b", 1, "x"), ("a",)]
    assert [one.path for one in nodes.find("One", case=True)] == [("b", 1, "x")]
    assert nodes.find("") == []
    assert sorted(nodes.find("one"), key=lambda one: one.places) == nodes.find("one")


def test_no_depth_is_too_deep() -> None:
    deep: Any = "bottom"
    for _ in range(3_000):
        deep = [deep]
    nodes = JsonNodes({"deep": deep})
    assert nodes.open_all()
    assert len(nodes.rows) == 3_001
    assert nodes.find("bottom")[0].path == ("deep", *[0] * 3_000)


def test_a_value_that_is_no_object_and_one_that_has_nothing() -> None:
    assert texts(JsonNodes("hello")) == ['  "hello"']
    assert JsonNodes({}).rows == []
    assert JsonNodes("hello").reveal(("x",)) is None


def test_a_path_is_what_jq_reads() -> None:
    assert path_text(("messages", 0, "odd key", "naïve")) == '$.messages[0]["odd key"].naïve'
    assert value_text("as\nit is") == "as\nit is"
    assert json.loads(value_text(VALUE)) == VALUE
