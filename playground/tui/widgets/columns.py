"""Columns of a list: how wide each is, and a row laid out in them. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final, Literal

from textual.content import Content

GAP: Final = 2
"""Cells between two columns."""

_EMPTY: Final = Content("")


@dataclass(frozen=True, slots=True)
class Column:
    """A column as wide as its widest cell, at most `most`; the one with `grow` takes what is left, at least `least`.

    Where there isn't room for all, those with `shrink` become as narrow as that, then the columns with the highest
    `drop` go first; `drop=0` always stays. A column that
    may go, goes where all its cells are empty, too. `sort` names the order that a click on its title asks for.
    """

    title: str = ""
    align: Literal["left", "right"] = "left"
    grow: bool = False
    least: int = 8
    most: int = 24
    drop: int = 0
    shrink: int = 0
    sort: str = ""


def widest(columns: Sequence[Column], rows: Iterable[Sequence[Content]]) -> tuple[int, ...]:
    """The cells that each column's widest content takes."""
    found = [0] * len(columns)
    for cells in rows:
        for index, cell in enumerate(cells[: len(columns)]):
            found[index] = max(found[index], cell.cell_length)
    return tuple(found)


def fit(columns: Sequence[Column], widest: Sequence[int], width: int) -> tuple[int, ...]:
    """The width of each column in cells, 0 for those that are left out."""
    widths = [_own_width(column, wide) for column, wide in zip(columns, widest, strict=True)]
    return _squeeze(columns, widths, width)


def column_at(columns: Sequence[Column], widths: Sequence[int], x: int) -> Column | None:
    """The column that the cell `x` of a line belongs to."""
    end = 0
    for column, wide in zip(columns, widths, strict=True):
        end += wide + GAP if wide else 0
        if wide and x < end:
            return column
    return None


def _own_width(column: Column, widest: int) -> int:
    if column.drop and not widest:
        return 0
    return min(max(widest, len(column.title)), column.most)


def _squeeze(columns: Sequence[Column], widths: list[int], width: int) -> tuple[int, ...]:
    growing = next((index for index, column in enumerate(columns) if column.grow), None)
    if growing is not None:
        widths[growing] = columns[growing].least
    for index, column in enumerate(columns):
        if column.shrink:
            excess = max(0, _total(widths) - width)
            widths[index] = max(min(widths[index], column.shrink), widths[index] - excess)
    for index in sorted(range(len(columns)), key=lambda index: -columns[index].drop):
        if columns[index].drop == 0 or _total(widths) <= width:
            break
        widths[index] = 0
    if growing is not None and widths[growing]:
        widths[growing] = max(1, width - _total(widths) + widths[growing])
    return tuple(widths)


def _total(widths: Sequence[int]) -> int:
    shown = [wide for wide in widths if wide]
    return sum(shown) + GAP * max(0, len(shown) - 1)


def lay_out(columns: Sequence[Column], cells: Sequence[Content], widths: Sequence[int]) -> Content:
    """The cells on one line, each cut with … or padded to its column."""
    shown = [
        _place(cell, wide, column.align)
        for column, cell, wide in zip_longest(columns, cells[: len(columns)], widths)
        if wide
    ]
    return Content(" " * GAP).join(shown)


def _place(cell: Content | None, width: int, align: str) -> Content:
    cut = (cell or _EMPTY).truncate(width, ellipsis=True)
    missing = width - cut.cell_length
    return cut.pad_left(missing) if align == "right" else cut.pad_right(missing)
