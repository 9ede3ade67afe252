"""What answers look like: for the OpenAPI only, nothing is checked against it at run time."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

JSON = dict[str, Any]


class Version(BaseModel):
    """A version of an assistant, as it was written."""

    assistant_id: UUID
    version: int
    graph_id: str
    config: JSON
    context: JSON
    metadata: JSON
    created_at: datetime
    name: str
    description: str | None


class Assistant(Version):
    """An assistant as its active version has it."""

    updated_at: datetime


class SelectedAssistant(BaseModel):
    """An assistant, or the fields of it that were selected."""

    assistant_id: UUID | None = None
    graph_id: str | None = None
    config: JSON | None = None
    context: JSON | None = None
    metadata: JSON | None = None
    name: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    version: int | None = None
    description: str | None = None


class SubgraphSchemas(BaseModel):
    """JSON schemas; null for one that can't be rendered."""

    input_schema: JSON | None
    output_schema: JSON | None
    state_schema: JSON | None
    config_schema: JSON | None
    context_schema: JSON | None


class Schemas(SubgraphSchemas):
    """A graph's JSON schemas; null for one that can't be rendered."""

    graph_id: str


class Drawing(BaseModel):
    """A graph's nodes and edges."""

    nodes: list[JSON]
    edges: list[JSON]


class Item(BaseModel):
    """An item of the store."""

    namespace: list[str]
    key: str
    value: JSON
    created_at: datetime
    updated_at: datetime


class FoundItem(Item):
    """An item as a search finds it; `score` is how close it is to the query, if there is one."""

    score: float | None


class Found(BaseModel):
    items: list[FoundItem]


class Namespaces(BaseModel):
    namespaces: list[list[str]]


PAGE_HEADERS: JSON = {
    "X-Pagination-Total": {
        "description": "The offset behind this page, and one more if there is another.",
        "schema": {"type": "integer"},
    },
    "X-Pagination-Next": {
        "description": "The offset of the next page, if there is one.",
        "schema": {"type": "integer"},
    },
}


def ok(model: Any, **more: Any) -> dict[int | str, dict[str, Any]]:
    """A route's `responses`: what status 200 brings."""
    return {200: {"model": model, **more}}
