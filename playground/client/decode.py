"""JSON of the API as the values of `values.py`. What is missing gets the API's default; what is extra is left out."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeGuard
from uuid import UUID, uuid5

from playground.client.values import (
    Assistant,
    Draft,
    Graph,
    Interrupt,
    LabelFacts,
    Promotion,
    Run,
    State,
    Thread,
    Version,
    Waiting,
    ran,
)
from playground.refs import context_hash

_DEFAULT_NAMESPACE = UUID("6ba7b821-9dad-11d1-80b4-00c04fd430c8")  # LangGraph's, for a graph's default assistant
_EPOCH = datetime.fromtimestamp(0, UTC)

Json = dict[str, Any]


def default_assistant_id(graph_id: str) -> str:
    return str(uuid5(_DEFAULT_NAMESPACE, graph_id))


def moment(text: str | None) -> datetime:
    """An ISO time; one without a zone is UTC, a missing or unreadable one is 1970."""
    try:
        time = datetime.fromisoformat(text) if text else _EPOCH
    except ValueError:
        return _EPOCH
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def content(row: Mapping[str, Any]) -> tuple[Json, Json]:
    """(context, config without its mirror of the context) of an assistant or version."""
    config = dict(row.get("config") or {})
    configurable = config.pop("configurable", None) or {}
    return dict(row.get("context") or configurable), config


def graph(row: Mapping[str, Any]) -> Graph:
    return Graph(
        row["graph_id"],
        row.get("state") or "ready",
        row.get("error"),
        row.get("traceback"),
        row.get("source"),
        row.get("description"),
        row.get("line"),
    )


def assistant(row: Mapping[str, Any], labels: Mapping[str, int] | None = None, runs: int | None = None) -> Assistant:
    """`labels` are the assistant's, as {label: version}."""
    context, config = content(row)
    number = row.get("version") or 1
    return Assistant(
        assistant_id=row["assistant_id"],
        graph_id=row["graph_id"],
        name=row.get("name") or "",
        version=number,
        context=context,
        config=config,
        metadata=dict(row.get("metadata") or {}),
        description=row.get("description") or None,
        created_at=moment(row.get("created_at")),
        updated_at=moment(row.get("updated_at") or row.get("created_at")),
        runs=runs,
        labels=labels_of(labels, number),
        is_default=row["assistant_id"] == default_assistant_id(row["graph_id"]),
        context_hash=context_hash(context),
        label_versions=dict(labels or {}),
    )


def version(
    row: Mapping[str, Any],
    active: int | None = None,
    labels: Mapping[str, int] | None = None,
    note: str | None = None,
) -> Version:
    """Also of an assistant's row, which has the same fields. `active` is the number of the active version."""
    context, config = content(row)
    number = row.get("version") or 1
    return Version(
        assistant_id=row["assistant_id"],
        graph_id=row["graph_id"],
        version=number,
        name=row.get("name") or "",
        description=row.get("description") or None,
        context=context,
        config=config,
        metadata=dict(row.get("metadata") or {}),
        created_at=moment(row.get("created_at")),
        context_hash=context_hash(context),
        note=note,
        labels=labels_of(labels, number),
        active=number == active,
    )


def thread(row: Mapping[str, Any]) -> Thread:
    pending = row.get("interrupts") or {}
    return Thread(
        thread_id=row["thread_id"],
        status=row.get("status") or "idle",
        created_at=moment(row.get("created_at")),
        updated_at=moment(row.get("updated_at") or row.get("created_at")),
        metadata=dict(row.get("metadata") or {}),
        values=row.get("values"),
        interrupts=interrupts(item for items in pending.values() for item in items),
        error=_error(row.get("error")),
    )


def state(row: Mapping[str, Any]) -> State:
    return State(
        checkpoint_id=_checkpoint_id(row.get("checkpoint")),
        parent_checkpoint_id=_checkpoint_id(row.get("parent_checkpoint")),
        values=row.get("values"),
        next=tuple(row.get("next") or ()),
        tasks=tuple(row.get("tasks") or ()),
        metadata=dict(row.get("metadata") or {}),
        created_at=moment(row["created_at"]) if row.get("created_at") else None,
        interrupts=interrupts(row.get("interrupts") or ()),
    )


def run(row: Mapping[str, Any]) -> Run:
    return Run(
        run_id=row["run_id"],
        thread_id=row.get("thread_id") or "",
        assistant_id=ran(row.get("metadata") or {}).get("assistant_id") or row.get("assistant_id") or "",
        status=row.get("status") or "pending",
        created_at=moment(row.get("created_at")),
        updated_at=moment(row.get("updated_at") or row.get("created_at")),
        metadata=dict(row.get("metadata") or {}),
        error=_error(row.get("error")),
        notices=tuple(str(notice) for notice in row.get("notices") or ()),
    )


def queue(answer: Mapping[str, Any]) -> dict[str, Waiting]:
    """Of GET /playground/queue: the runs that wait, by their id. A `position` counts from 1."""
    return {
        row["run_id"]: Waiting(row["waits_for"], (row.get("position") or 1) - 1)
        for row in answer.get("runs") or ()
        if row.get("waits_for")
    }


def draft(assistant_id: str, value: Mapping[str, Any], updated_at: str | None) -> Draft:
    return Draft(
        assistant_id, int(value.get("base_version") or 1), dict(value.get("content") or {}), moment(updated_at)
    )


def label_facts(item: Mapping[str, Any]) -> LabelFacts | None:
    """None of an item that is none of ours: anyone can write to the Store API."""
    value = item.get("value")
    number = value.get("version") if isinstance(value, Mapping) else None
    if not isinstance(value, Mapping) or not _is_number(number):
        return None
    at = moment(value["at"]) if isinstance(value.get("at"), str) else None
    return LabelFacts(item["key"], int(number), _text(value.get("by")), _text(value.get("why")), at)


def note(item: Mapping[str, Any]) -> tuple[int, str] | None:
    """(version, note); None of an item that is none of ours."""
    value, number = item.get("value"), str(item["key"]).removeprefix("v")
    text = _text(value.get("note")) if isinstance(value, Mapping) else None
    return (int(number), text) if text and number.isascii() and number.isdigit() else None


def promotion(item: Mapping[str, Any]) -> Promotion | None:
    """None of an item that is none of ours."""
    value = item.get("value")
    if not isinstance(value, Mapping) or not (_is_number(value.get("version")) and _is_number(value.get("from"))):
        return None
    by, said = _text(value.get("by")), _text(value.get("note"))
    return Promotion(int(value["version"]), int(value["from"]), by, said, moment(_text(value.get("at"))), item["key"])


def interrupts(items: Iterable[Any]) -> tuple[Interrupt, ...]:
    return tuple(interrupt(item) for item in items if isinstance(item, Mapping))


def interrupt(item: Mapping[str, Any]) -> Interrupt:
    schema = item.get("response_schema")
    return Interrupt(item.get("id"), item.get("value"), schema if isinstance(schema, dict) else None)


def labels_of(labels: Mapping[str, int] | None, number: int) -> tuple[str, ...]:
    """The labels of one version, of an assistant's as {label: version}."""
    return tuple(sorted(label for label, target in (labels or {}).items() if target == number))


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and float(value).is_integer()


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _checkpoint_id(checkpoint: Any) -> str | None:
    return checkpoint.get("checkpoint_id") if isinstance(checkpoint, Mapping) else None


def _error(error: Any) -> Json | None:
    if error is None:
        return None
    return dict(error) if isinstance(error, Mapping) else {"error": "Error", "message": str(error)}
