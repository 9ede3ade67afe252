"""A JSON value as a tree that folds: nodes are made when their parent is unfolded. Pure, and nothing here recurses."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from textual.content import Content

from playground.tui.text import plain

Key = str | int
Path = tuple[Key, ...]
_Place = tuple[Key | None, int, "_Place | None", Any]

MOST_ROWS: Final = 200_000
"""Rows that unfolding everything makes at most."""
MOST_FOUND: Final = 5_000
"""Places that a search tells apart."""
LONG: Final = 48
"""Characters of a text from which it can be unfolded into its lines."""
_AT_FIRST: Final = 120  # rows that are unfolded when a value is first shown
_PARAGRAPH: Final = 4_000  # characters of a line up to which it is broken between words
_NAME: Final = re.compile(r"[^\W\d]\w*")


class Node:
    """A value in the tree. `lines` of a text have no key: they are its text, broken for the width there is."""

    __slots__ = ("at", "children", "depth", "is_line", "is_open", "key", "parent", "value")

    def __init__(
        self, parent: "Node | None", key: Key | None, value: Any, depth: int, at: int = 0, is_line: bool = False
    ) -> None:
        self.parent = parent
        self.key = key
        self.value = value
        self.depth = depth
        self.at = at  # its place among its siblings
        self.is_line = is_line
        self.is_open = False
        self.children: list[Node] | None = None

    @property
    def can_open(self) -> bool:
        """Whether there is more to it than its own row shows."""
        return not self.is_line and (bool(self.value) if isinstance(self.value, dict | list) else is_long(self.value))

    @property
    def path(self) -> Path:
        """Where the value is; that of a line is its text's."""
        node, keys = self, list[Key]()
        while node.parent is not None:
            if node.key is not None:
                keys.append(node.key)
            node = node.parent
        return tuple(reversed(keys))

    @property
    def places(self) -> tuple[int, ...]:
        """The same as places among siblings."""
        node, places = self, list[int]()
        while node.parent is not None:
            if not node.is_line:
                places.append(node.at)
            node = node.parent
        return tuple(reversed(places))


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, a key or a value: its path, and the same as places among siblings, which sort as rows do."""

    path: Path
    places: tuple[int, ...]


class JsonNodes:
    """The tree of one value, and the rows that are unfolded. The root of an object or a list has no row of its own."""

    def __init__(self, value: Any, opened: Sequence[Path] | None = None, width: int = 80) -> None:
        """`opened`: what is unfolded, else as much as fits on a few screens; `width`: cells of a row."""
        self._width = width
        self.root = Node(None, None, value, -1)
        self.rows: list[Node] = []
        if isinstance(value, dict | list):
            self.rows = self._children(self.root)[:]
        else:
            self.rows = [Node(self.root, None, value, 0)]
            self.root.children = self.rows[:]
        self.root.is_open = True
        if opened is None:
            self._open_some()
        else:
            self._open_again(frozenset(opened))

    # Folding

    def open(self, index: int) -> int:
        """Unfold a row; how many rows came."""
        node = self.rows[index]
        if node.is_open or not node.can_open:
            return 0
        node.is_open = True
        shown = self._shown(node)
        self.rows[index + 1 : index + 1] = shown
        return len(shown)

    def close(self, index: int) -> None:
        """Fold a row; what is unfolded inside stays so for the next time."""
        node = self.rows[index]
        if node.is_open:
            node.is_open = False
            del self.rows[index + 1 : self.behind(index)]

    def behind(self, index: int) -> int:
        """The first row that isn't inside this one."""
        depth, end = self.rows[index].depth, index + 1
        while end < len(self.rows) and self.rows[end].depth > depth:
            end += 1
        return end

    def open_all(self, index: int | None = None) -> bool:
        """Unfold everything, or everything in one row; long texts stay folded. False if it became too much."""
        top = self.root if index is None else self.rows[index]
        made, waiting = len(self.rows), [top]
        whole = True
        while waiting:
            node = waiting.pop()
            if made > MOST_ROWS:
                whole = False
                break
            if isinstance(node.value, dict | list) and node.value:
                node.is_open = True
                children = self._children(node)
                made += len(children)
                waiting += [child for child in children if isinstance(child.value, dict | list)]
        self._show_again()
        return whole

    def close_all(self) -> None:
        """Fold everything, at every depth."""
        waiting = list(self.root.children or ())
        while waiting:
            node = waiting.pop()
            node.is_open = False
            waiting += node.children or ()
        self._show_again()

    def reveal(self, path: Sequence[Key]) -> Node | None:
        """Unfold what is above a place; its node, None if there is no such place."""
        node = self.root
        fresh = False
        for key in path:
            fresh = fresh or not node.is_open
            node.is_open = True
            found = _child(self._children(node), node.value, key)
            if found is None:
                node = self.root
                break
            node = found
        if fresh:
            self._show_again()
        return node if node is not self.root else None

    @property
    def opened(self) -> list[Path]:
        """The rows that are unfolded, to unfold them in the next value."""
        return [node.path for node in self.rows if node.is_open]

    def set_width(self, width: int) -> None:
        """Rows have this many cells: unfolded texts are broken anew."""
        if width == self._width:
            return
        self._width = width
        texts = [node for node in self.rows if node.is_open and isinstance(node.value, str)]
        waiting = list(self.root.children or ())
        while waiting:  # also those in folded values, which would come back broken for the old width
            node = waiting.pop()
            if isinstance(node.value, str) and not node.is_line:
                node.children = None
            else:
                waiting += node.children or ()
        if texts:
            self._show_again()

    def _children(self, node: Node) -> list[Node]:
        if node.children is None:
            depth, value = node.depth + 1, node.value
            if isinstance(value, dict):
                node.children = [Node(node, key, inner, depth, at) for at, (key, inner) in enumerate(value.items())]
            elif isinstance(value, list):
                node.children = [Node(node, at, inner, depth, at) for at, inner in enumerate(value)]
            else:
                lines = text_lines(str(value), max(20, self._width - 2 * depth - 2))
                node.children = [Node(node, None, line, depth, is_line=True) for line in lines]
        return node.children

    def _shown(self, top: Node) -> list[Node]:
        """What is unfolded in a node, in order."""
        shown: list[Node] = []
        waiting = self._children(top)[::-1]
        while waiting:
            node = waiting.pop()
            shown.append(node)
            if node.is_open:
                waiting += self._children(node)[::-1]
        return shown

    def _show_again(self) -> None:
        self.rows = self._shown(self.root)

    def _open_some(self) -> None:
        """From the outside in, while there is room; an entry that is too long for it stays folded."""
        made, waiting = len(self.rows), self.rows[:_AT_FIRST]
        for node in waiting:  # grows while it is walked
            inner = node.value
            if isinstance(inner, dict | list) and inner and made + len(inner) <= _AT_FIRST:
                node.is_open = True
                made += len(inner)
                waiting += self._children(node)
        self._show_again()

    def _open_again(self, opened: frozenset[Path]) -> None:
        waiting: list[tuple[Path, Node]] = [((), self.root)]
        while waiting:
            above, node = waiting.pop()
            for child in self._children(node):
                path = above if child.key is None else (*above, child.key)
                if path in opened and child.can_open:
                    child.is_open = True
                    waiting.append((path, child))
        self._show_again()

    # Finding

    def find(self, query: str, *, case: bool = False) -> list[Found]:
        """Where a key or a value has the text, in the order of the rows, folded ones too; at most `MOST_FOUND`."""
        if not query:
            return []
        pattern = re.compile(re.escape(query), 0 if case else re.IGNORECASE)
        found: list[Found] = []
        # A value with its key, its place, and the entry of what it is in, so that paths are made only of what is found.
        waiting: list[_Place] = [(None, 0, None, self.root.value)]
        while waiting and len(found) < MOST_FOUND:
            place = waiting.pop()
            key, _, _, value = place
            is_leaf = not isinstance(value, dict | list)
            if (isinstance(key, str) and pattern.search(key)) or (is_leaf and pattern.search(_searched(value))):
                found.append(_found(place))
            if isinstance(value, dict):
                inner: list[_Place] = [(name, at, place, one) for at, (name, one) in enumerate(value.items())]
                waiting += inner[::-1]
            elif isinstance(value, list):
                waiting += [(at, at, place, value[at]) for at in range(len(value) - 1, -1, -1)]
        return found


def is_long(value: Any) -> bool:
    """Whether a text takes lines of its own."""
    return isinstance(value, str) and (len(value) > LONG or "\n" in value)


def text_lines(text: str, width: int) -> list[str]:
    """A text as lines of at most `width` cells."""
    lines: list[str] = []
    for line in plain(text).expandtabs(4).split("\n"):
        if len(line) <= width and line.isascii():
            lines.append(line)
        elif len(line) <= _PARAGRAPH:
            lines += [part.plain for part in Content(line).wrap(width)] or [""]
        else:
            lines += _pieces(line, width)
    return lines


def path_text(path: Sequence[Key]) -> str:
    """The path as JSONPath and jq have it: `$.messages[3]["odd key"]`, entries counted from 0."""
    parts = (
        f"[{key}]"
        if isinstance(key, int)
        else f".{key}"
        if _NAME.fullmatch(key)
        else f"[{json.dumps(key, ensure_ascii=False)}]"
        for key in path
    )
    return "$" + "".join(parts)


def value_text(value: Any) -> str:
    """A text as it is, everything else as indented JSON."""
    return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False, default=str)


def _found(place: _Place) -> Found:
    keys, places = list[Key](), list[int]()
    at: _Place | None = place
    while at is not None and at[0] is not None:
        keys.append(at[0])
        places.append(at[1])
        at = at[2]
    return Found(tuple(reversed(keys)), tuple(reversed(places)))


def _searched(value: Any) -> str:
    """A value without others in it, as a row shows it."""
    if isinstance(value, str):
        return value
    return repr(value) if type(value) in (int, float) else json.dumps(value, default=str)


def _child(children: Sequence[Node], value: Any, key: Key) -> Node | None:
    if isinstance(value, list):
        return children[key] if isinstance(key, int) and 0 <= key < len(children) else None
    return next((child for child in children if child.key == key), None) if isinstance(value, dict) else None


def _pieces(line: str, width: int) -> Iterator[str]:
    """A very long line, in pieces: between words it would take too long."""
    if line.isascii():
        yield from (line[at : at + width] for at in range(0, len(line), width))
        return
    from rich.cells import cell_len

    at = 0
    while at < len(line):
        end = at + width
        while end > at + 1 and cell_len(line[at:end]) > width:
            end -= max(1, (cell_len(line[at:end]) - width) // 2)
        yield line[at:end]
        at = end
