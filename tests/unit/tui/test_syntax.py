"""Keys are coloured where they are keys."""

from playground.client.yaml_text import dump
from playground.tui.forms.text import to_json
from playground.tui.syntax import Spans, indent_behind, keys_in_json, keys_in_yaml

VALUE = {
    "prompt": 'Note: one\n\n  two: "x": 3\nlast: ',
    "tools": [{"a name": 1, "b": "c: d"}, "e: f"],
    "odd: key": {"#x": None},
    "n": 0.5,
}
KEYS = ["prompt", "tools", "a name", "b", "odd: key", "#x", "n"]


def told(lines: list[str], spans: Spans) -> list[str]:
    return [lines[line][start:end].strip("\"'") for line, found in sorted(spans.items()) for start, end in found]


def test_keys_of_json() -> None:
    lines = to_json(VALUE).split("\n")
    assert told(lines, keys_in_json(lines)) == KEYS
    line = ['{"a": "b:", "c" : ["d"], "e\\"": 1}']
    assert told(line, keys_in_json(line)) == ["a", "c", 'e\\"'.strip('"')]


def test_keys_of_yaml() -> None:
    lines = dump(VALUE).split("\n")
    assert told(lines, keys_in_yaml(lines)) == KEYS


def test_texts_that_are_half_typed() -> None:
    assert keys_in_yaml(["a: |", "", "  b: c", "d:"]) == {0: [(0, 1)], 3: [(0, 1)]}
    assert keys_in_yaml(["http://x", "- - a: 1", "? b", "# c: d", "-", ""]) == {1: [(4, 5)]}
    assert keys_in_json(['"a', '"b": "', "c:"]) == {1: [(0, 3)]}


def test_the_next_line_is_indented_as_this_one_and_more_in_what_it_opens() -> None:
    lines = ["", "a: 1", "  b: 1", "  b:", "p: |", '  "a": {', "  - [ ", "  text"]
    assert [indent_behind(line) for line in lines] == [0, 0, 2, 4, 2, 4, 4, 2]
