"""What the searches of all resources share: filters, order, pages, chosen fields."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Literal

from playground.store.errors import Invalid
from playground.store.plain import JSON, copy

Order = Literal["asc", "desc"]


def contains(value: Any, wanted: Any) -> bool:
    """Whether `value` has all of `wanted`: objects by containment, everything else by equality."""
    if isinstance(wanted, dict):
        if not isinstance(value, dict):
            return False
        for key, item in wanted.items():  # noqa: SIM110  # it runs for every row there is
            if key not in value or not contains(value[key], item):
                return False
        return True
    return bool(value == wanted) and isinstance(value, bool) == isinstance(wanted, bool)  # 1 == True


def in_order(
    rows: Sequence[JSON], sort_by: str | None, sort_order: Order | None, *, default: str, allowed: Collection[str]
) -> list[JSON]:
    """Sorted rows: newest first unless told otherwise, names without regard to case, missing values as the smallest."""
    field = sort_by or default
    if field not in allowed:
        raise Invalid(f"Can't sort by {field!r}; choose one of {', '.join(sorted(allowed))}.")
    if sort_order not in (None, "asc", "desc"):
        raise Invalid(f"The sort order is 'asc' or 'desc', not {sort_order!r}.")
    descending = sort_order != "asc"

    def key(row: JSON) -> tuple[bool, Any]:
        value = row.get(field)
        return value is not None, value.casefold() if isinstance(value, str) else value or 0

    return sorted(rows, key=key, reverse=descending)  # equal ones stay in the order in which they were made


def page(rows: Sequence[JSON], limit: int, offset: int) -> tuple[list[JSON], int | None]:
    """The rows of a page, and where the next one begins (None: there is none). Raises Invalid."""
    if limit < 0 or offset < 0:
        raise Invalid("limit and offset can't be negative.")
    end = offset + limit
    return list(rows[offset:end]), end if end < len(rows) else None


def chosen(rows: Iterable[JSON], select: Collection[str] | None, fields: Collection[str]) -> list[JSON]:
    """Copies of the rows with the selected fields only, or with all there are. Raises Invalid."""
    for name in select or ():
        if name not in fields:
            raise Invalid(f"Can't select {name!r}; choose among {', '.join(sorted(fields))}.")
    names = [name for name in fields if not select or name in select]
    return [{name: copy(row[name]) for name in names if name in row} for row in rows]
