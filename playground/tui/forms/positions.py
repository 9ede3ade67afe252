"""Where the values of a JSON or YAML text stand, and where one that can't be read is wrong. Pure.

Lines and columns begin at 0.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from playground.client.json_faults import json_fault
from playground.tui.forms.document import Path

if TYPE_CHECKING:
    from yaml import Node

Notation = Literal["json", "yaml"]
Place = tuple[int, int]  # line, column

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s\[\]{},:"]+')


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text can't be read, and where."""

    sentence: str
    place: Place

    def __str__(self) -> str:
        return f"line {self.place[0] + 1}, column {self.place[1] + 1}: {self.sentence}"


def places(text: str, notation: Notation) -> dict[Path, Place]:
    """Where each value stands: the place of its key, or of itself in a list. Empty if the text can't be read."""
    if notation == "json":
        return dict(_in_json(text)) if _fault_of_json(text) is None else {}
    from playground.client.yaml_text import YamlError, compose

    try:
        node = compose(text)
    except YamlError:
        return {}
    return dict(_in_yaml(node, (), _mark(node))) if node is not None else {}


def place_of(path: Path, known: dict[Path, Place]) -> Place:
    """Where a value stands, else what it is in: a key that is missing has no place of its own."""
    while path and path not in known:
        path = path[:-1]
    return known.get(path, (0, 0))


def fault(text: str, notation: Notation) -> Fault | None:
    """Why the text can't be read; None if it can."""
    return _fault_of_json(text) if notation == "json" else _fault_of_yaml(text)


def _fault_of_yaml(text: str) -> Fault | None:
    from playground.client.yaml_text import YamlError, load

    try:
        load(text)
    except YamlError as error:
        return Fault(error.sentence, (error.line - 1, error.column - 1))
    return None


def _fault_of_json(text: str) -> Fault | None:
    if not text.strip():
        return None
    try:
        json.loads(text, parse_constant=_no_number, parse_int=_whole)
    except json.JSONDecodeError as error:
        return Fault(json_fault(error), (error.lineno - 1, error.colno - 1))
    except RecursionError:
        return Fault("is nested too deeply", (0, 0))
    except _NotJson as error:
        at = next((match.start() for match in _TOKEN.finditer(text) if match[0] == error.token), 0)
        return Fault(str(error), _place(at, _line_starts(text)))
    seen: set[Path] = set()
    for path, place in _in_json(text):
        if path in seen:
            return Fault(f"the key “{str(path[-1])[:40]}” is there twice", place)
        seen.add(path)
    return None


class _NotJson(ValueError):
    def __init__(self, sentence: str, token: str) -> None:
        super().__init__(sentence)
        self.token = token


def _no_number(name: str) -> None:
    raise _NotJson(f"{name} is no number that JSON has", name)


def _whole(digits: str) -> int:
    try:
        return int(digits)
    except ValueError:  # of more than 4,300 digits
        raise _NotJson("this number is too long", digits) from None


def _in_json(text: str) -> Iterator[tuple[Path, Place]]:
    """The paths of a text that is JSON, in its order; a key that is there twice comes twice."""
    starts = _line_starts(text)
    inside: list[str | int | None] = []  # for each open bracket the key or index that it is at; None before a key
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token in "]}":
            inside.pop()
        elif token == ",":
            inside[-1] = inside[-1] + 1 if isinstance(inside[-1], int) else None
        elif inside and inside[-1] is None:
            inside[-1] = json.loads(token)
            yield _path(inside), _place(match.start(), starts)
        elif token != ":":
            if not inside or isinstance(inside[-1], int):
                yield _path(inside), _place(match.start(), starts)
            if token in "[{":
                inside.append(0 if token == "[" else None)


def _in_yaml(node: "Node", path: Path, place: Place) -> Iterator[tuple[Path, Place]]:
    from yaml import MappingNode, SequenceNode

    yield path, place
    if isinstance(node, MappingNode):
        for key, value in node.value:
            yield from _in_yaml(value, (*path, key.value), _mark(key))
    elif isinstance(node, SequenceNode):
        for index, entry in enumerate(node.value):
            yield from _in_yaml(entry, (*path, index), _mark(entry))


def _mark(node: "Node | None") -> Place:
    return (node.start_mark.line, node.start_mark.column) if node is not None else (0, 0)


def _path(inside: list[str | int | None]) -> Path:
    return tuple(key for key in inside if key is not None)


def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer("\n", text))]


def _place(index: int, starts: list[int]) -> Place:
    line = bisect_right(starts, index) - 1
    return line, index - starts[line]
