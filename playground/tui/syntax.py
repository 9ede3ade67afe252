"""Where the keys of a JSON or YAML text stand, to colour them: quick enough for every key press. Pure."""

import re
from collections.abc import Sequence
from typing import Final

Spans = dict[int, list[tuple[int, int]]]  # by line, from 0: first character, character behind it

_JSON_TEXT: Final = re.compile(r'"(?:[^"\\]|\\.)*"(\s*:)?')
_YAML_KEY: Final = re.compile(r"""\s*(?:-\s+)*("(?:[^"\\]|\\.)*"|'[^']*'|[^\s#'"|>&*!%@`,\[\]{}?-][^#]*?):(?:\s|$)""")
_YAML_BLOCK: Final = re.compile(r"(?:^|[:-])\s*[|>][-+0-9]*\s*(?:#.*)?$")


def keys_in_json(lines: Sequence[str]) -> Spans:
    """Each key with its quotes."""
    found: Spans = {}
    for number, line in enumerate(lines):
        spans = [(match.start(), match.start(1)) for match in _JSON_TEXT.finditer(line) if match[1]]
        if spans:
            found[number] = spans
    return found


def keys_in_yaml(lines: Sequence[str]) -> Spans:
    """Each key at the start of a line; lines of a text behind a `|` have none."""
    found: Spans = {}
    inside: int | None = None  # how far the key of the text that one is in is indented
    for number, line in enumerate(lines):
        indent = len(line) - len(line.lstrip(" "))
        if inside is not None and (not line.strip() or indent > inside):
            continue
        inside = None
        if match := _YAML_KEY.match(line):
            found[number] = [match.span(1)]
        if _YAML_BLOCK.search(line):
            inside = indent
    return found


def indent_behind(line: str) -> int:
    """How many spaces the next line begins with: as many as this one, more in what this one opens."""
    indent = len(line) - len(line.lstrip(" "))
    opens = line.rstrip().endswith(("{", "[", ":")) or _YAML_BLOCK.search(line) is not None
    return indent + 2 * opens
