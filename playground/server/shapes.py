"""What answers look like: for the OpenAPI only, nothing is checked against it at run time."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

JSON = dict[str, Any]


class Health(BaseModel):
    ok: bool
    services: JSON


class Info(BaseModel):
    """Which server this is, and what of the API it has."""

    version: str
    langgraph_py_version: str
    flags: dict[str, bool]
    host: JSON


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


class Problem(BaseModel):
    """What is wrong, and where in the context: keys, and places in lists from 0."""

    path: list[str | int]
    message: str


class Validated(BaseModel):
    """What a graph's own type says of a context."""

    problems: list[Problem]


class Drawing(BaseModel):
    """A graph's nodes and edges."""

    nodes: list[JSON]
    edges: list[JSON]


class ThreadTTL(BaseModel):
    """When a thread is deleted or pruned."""

    strategy: str
    ttl_minutes: float
    expires_at: datetime


class Thread(BaseModel):
    """A thread. `values` are those of its newest state; `ttl` is there if it was asked for, and set."""

    thread_id: UUID
    created_at: datetime
    updated_at: datetime
    state_updated_at: datetime
    metadata: JSON
    status: str
    config: JSON
    error: JSON | None
    interrupts: dict[str, list[JSON]]
    values: Any
    ttl: ThreadTTL | None = None


class SelectedThread(BaseModel):
    """A thread, or the fields of it that were selected, and what was extracted."""

    thread_id: UUID | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    state_updated_at: datetime | None = None
    metadata: JSON | None = None
    status: str | None = None
    config: JSON | None = None
    error: JSON | None = None
    interrupts: dict[str, list[JSON]] | None = None
    values: Any = None
    extracted: JSON | None = None


class ThreadState(BaseModel):
    """A state, or the fields of it that were selected."""

    values: Any = None
    next: list[str] | None = None
    tasks: list[JSON] | None = None
    metadata: JSON | None = None
    created_at: datetime | None = None
    checkpoint: JSON | None = None
    parent_checkpoint: JSON | None = None
    interrupts: list[JSON] | None = None
    checkpoint_id: str | None = None
    parent_checkpoint_id: str | None = None


class WrittenState(BaseModel):
    """The checkpoint that an update made."""

    checkpoint: JSON
    configurable: JSON
    checkpoint_id: str


class Run(BaseModel):
    """A run, and what it was asked for."""

    run_id: UUID
    thread_id: UUID
    assistant_id: UUID
    metadata: JSON
    status: str
    request: JSON = Field(serialization_alias="kwargs")
    multitask_strategy: str
    created_at: datetime
    updated_at: datetime
    error: JSON | None = None
    notices: list[str] | None = None


class SelectedRun(BaseModel):
    """A run, or the fields of it that were selected."""

    run_id: UUID | None = None
    thread_id: UUID | None = None
    assistant_id: UUID | None = None
    metadata: JSON | None = None
    status: str | None = None
    request: JSON | None = Field(None, serialization_alias="kwargs")
    multitask_strategy: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    error: JSON | None = None
    notices: list[str] | None = None


class Pruned(BaseModel):
    pruned_count: int


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

EVENTS: dict[int | str, JSON] = {
    200: {
        "description": "Server-sent events: `metadata` first, `error` last if the run fails.",
        "content": {"text/event-stream": {}},
    }
}


def ok(model: Any, **more: Any) -> dict[int | str, dict[str, Any]]:
    """A route's `responses`: what status 200 brings."""
    return {200: {"model": model, **more}}
