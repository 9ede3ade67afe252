"""What the rows of the main store are: checked when a store is opened, since others may have edited its files."""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, NotRequired

from pydantic import AfterValidator, ConfigDict, TypeAdapter, ValidationError, with_config
from typing_extensions import TypedDict

from playground.store.errors import StoreDamaged
from playground.store.plain import JSON


def _timestamp(value: str) -> str:
    datetime.fromisoformat(value)
    return value


Timestamp = Annotated[str, AfterValidator(_timestamp)]  # ISO 8601 with offset
_strict = ConfigDict(strict=True, extra="allow")


@with_config(_strict)
class Version(TypedDict):
    """One version of an assistant: written once."""

    assistant_id: str
    version: int
    graph_id: str
    name: str
    description: str | None
    config: dict[str, Any]
    context: dict[str, Any]
    metadata: dict[str, Any]
    created_at: Timestamp
    sha: str  # over this row and the sha of the version before


@with_config(_strict)
class Assistant(TypedDict):
    """An assistant: the version that is active, and the newest one."""

    assistant_id: str
    version: int
    created_at: Timestamp
    updated_at: Timestamp
    newest: int
    newest_sha: str


@with_config(_strict)
class TimeToLive(TypedDict):
    """When a thread is deleted, or its history pruned."""

    strategy: Literal["delete", "keep_latest"]
    ttl_minutes: float
    expires_at: Timestamp


@with_config(_strict)
class Thread(TypedDict):
    """A thread without its values, which are in its checkpoints."""

    thread_id: str
    created_at: Timestamp
    updated_at: Timestamp
    state_updated_at: NotRequired[Timestamp | None]
    metadata: dict[str, Any]
    status: Literal["idle", "busy", "interrupted", "error"]
    config: dict[str, Any]
    error: NotRequired[Any]
    interrupts: dict[str, Any]
    ttl: NotRequired[TimeToLive | None]
    shape: NotRequired[dict[str, Any]]


@with_config(_strict)
class Run(TypedDict):
    """A run, with the request that made it in `kwargs`."""

    run_id: str
    thread_id: str
    assistant_id: str
    created_at: Timestamp
    updated_at: Timestamp
    status: Literal["pending", "running", "success", "error", "interrupted", "timeout"]
    metadata: dict[str, Any]
    kwargs: dict[str, Any]


@with_config(_strict)
class Item(TypedDict):
    """An item of the Store API. `ttl` is in minutes."""

    namespace: list[str]
    key: str
    value: dict[str, Any]
    created_at: Timestamp
    updated_at: Timestamp
    ttl: NotRequired[float | None]
    expires_at: NotRequired[Timestamp | None]
    index: NotRequired[list[str] | Literal[False]]  # what of it is searched by meaning, if that is not what is usual


@with_config(_strict)
class Deletion(TypedDict):
    """A thread whose row is gone and whose files are about to be."""

    thread_id: str


@with_config(_strict)
class ThreadName(TypedDict):
    """Whose checkpoints a file has."""

    thread_id: str


@with_config(_strict)
class Checkpoint(TypedDict):
    """A step of a thread: langgraph's checkpoint without the values of its channels."""

    ns: str
    id: str
    parent: str | None
    checkpoint: dict[str, Any]
    metadata: dict[str, Any]


@with_config(_strict)
class Blob(TypedDict):
    """The value of a channel at one of its versions."""

    ns: str
    channel: str
    version: str | int | float
    value: Any


@with_config(_strict)
class Write(TypedDict):
    """What a task wrote after a checkpoint."""

    ns: str
    checkpoint: str
    task: str
    index: int
    path: str
    channel: str
    value: Any


@with_config(_strict)
class Element(TypedDict):
    """An element of a list in a channel."""

    value: dict[str, Any]


STORE_ROWS: dict[str, Any] = {
    "assistants": Assistant,
    "versions": Version,
    "threads": Thread,
    "runs": Run,
    "items": Item,
    "deletions": Deletion,
}
THREAD_ROWS: dict[str, Any] = {
    "thread": ThreadName,
    "checkpoints": Checkpoint,
    "blobs": Blob,
    "writes": Write,
    "items": Element,
}


@cache
def _adapter(row: Any) -> TypeAdapter[Any]:
    return TypeAdapter(dict[str, row])


def check_rows(rows: dict[str, Any], path: Path, tables: dict[str, dict[str, JSON]]) -> None:
    """Raise StoreDamaged, saying where, if a document isn't what its table holds."""
    for name in rows.keys() & tables.keys():
        try:
            _adapter(rows[name]).validate_python(tables[name])
        except ValidationError as error:
            problem = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(str(part) for part in (name, *problem["loc"]))
            raise StoreDamaged(f"{path} is not what was written: {place}: {problem['msg']}. Put a copy back.") from None
