"""Searching threads: their rows, their values, what is asked to be extracted of both."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, field_validator

from playground.server.fields import JSON, Id, Limit, Offset, left_out
from playground.store.database import Database
from playground.store.errors import BadRequest, StoreDamaged
from playground.store.threads import SELECTABLE, Selectable, Sortable, Status

EXTRACTABLE = ("config", "interrupts", "metadata", "values")
MOST_PATHS = 10
_ALIAS = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PATH = re.compile(rf"({'|'.join(EXTRACTABLE)})((?:\.[^.\[\]]+|\[-?\d+\])*)")
_STEP = re.compile(r"\.([^.\[\]]+)|\[(-?\d+)\]")


class ThreadFilter(BaseModel):
    """`metadata` and `values`: what those of a thread must contain."""

    metadata: JSON = left_out()
    values: JSON = left_out()
    status: Status = left_out()


class ThreadSearch(ThreadFilter):
    """Which threads, in which order, and what of them. `extract` names paths like `values.messages[-1].content`."""

    ids: list[Id] = []
    limit: Limit = 10
    offset: Offset = 0
    sort_by: Sortable = left_out()
    sort_order: Literal["asc", "desc"] = left_out()
    select: list[Selectable] = []
    extract: Annotated[dict[str, str], Field(max_length=MOST_PATHS)] = {}

    @field_validator("extract")
    @classmethod
    def _readable(cls, value: dict[str, str]) -> dict[str, str]:
        for alias, path in value.items():
            if not _ALIAS.fullmatch(alias) or alias in SELECTABLE:
                raise ValueError(f"{alias!r} can't name an extract: letters, digits and _, no field of a thread")
            if not _PATH.fullmatch(path):
                roots = ", ".join(EXTRACTABLE)
                raise ValueError(f"{path!r} is no path like values.messages[-1].content, which begins with {roots}")
        return value


def found(database: Database, search: ThreadSearch) -> tuple[list[JSON], int | None]:
    """A page of threads and the offset of the next. Reads the files of those whose values are asked for."""
    filters = search.model_dump(exclude={"select", "extract", "ids"}) | {"ids": _ids(search.ids) or None}
    needed = {*search.select, *(path.partition(".")[0].partition("[")[0] for path in search.extract.values())}
    with_values = not search.select or "values" in needed
    # The thread's id finds its values, whatever is selected.
    select: list[str] = [*needed, "thread_id"] if search.select else []
    rows, following = database.threads.search(**filters, select=select or None)
    return [_shown(database, row, search, with_values=with_values) for row in rows], following


def extracted(thread: Mapping[str, Any], path: str) -> Any:
    """The value at a path of a thread, None if there is none."""
    match = _PATH.fullmatch(path)
    if match is None:
        return None
    value: Any = thread.get(match[1])
    for key, index in _STEP.findall(match[2]):
        try:
            value = value[key] if key and isinstance(value, dict) else value[int(index)]
        except (KeyError, IndexError, TypeError, ValueError):
            return None
    return value


def _ids(given: list[str]) -> list[str]:
    try:
        return [str(UUID(text)) for text in given]
    except ValueError:
        raise BadRequest(f"Invalid thread ID among {', '.join(given)[:200]}: each must be a UUID") from None


def _shown(database: Database, row: JSON, search: ThreadSearch, *, with_values: bool) -> JSON:
    if with_values:
        try:
            row["values"] = database.threads.values(row["thread_id"])
        except StoreDamaged as error:  # one thread's file: the others are shown, and this one with the reason
            row |= {"values": None, "error": {"error": "StoreDamaged", "message": str(error)}}
    shown = {key: row[key] for key in SELECTABLE if key in row and (not search.select or key in search.select)}
    if search.extract:
        shown["extracted"] = {alias: extracted(row, path) for alias, path in search.extract.items()}
    return shown
