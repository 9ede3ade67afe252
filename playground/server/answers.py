"""JSON answers of the routes."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from starlette.responses import Response

from playground.runs.encode import to_json
from playground.store.errors import Invalid


def answer(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """`value` as a JSON response."""
    return Response(to_json(value), status, headers, media_type="application/json")


def page(rows: list[Any], *, offset: int, next_offset: int | None) -> Response:
    """A page of rows; the header names the next offset if there is more, and a total that is exact on the last page."""
    headers = {"X-Pagination-Total": str(offset + len(rows) + (1 if next_offset is not None else 0))}
    if next_offset is not None:
        headers["X-Pagination-Next"] = str(next_offset)
    return answer(rows, headers=headers)


def checked_id(kind: str, text: str) -> str:
    """A UUID in its usual spelling. Raises Invalid, as LangGraph Server does, for anything else."""
    try:
        return str(UUID(text))
    except ValueError:
        raise Invalid(f"Invalid {kind} ID: must be a UUID") from None
