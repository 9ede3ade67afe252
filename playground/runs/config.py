"""Assistant + thread + request → the context, config and metadata that a graph sees. Pure.

Follows LangGraph Server's merge (shallow, per top-level key), but for one thing: values of the assistant that first
used a thread do not stick to the thread; the assistant of the run wins.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playground.refs import context_hash
from playground.store.errors import BothGiven

JSON = dict[str, Any]

RESERVED_METADATA = frozenset({"thread_id", "run_id", "cron_id", "assistant_id", "assistant_version", "context_hash"})

CHECKPOINT = ("checkpoint_id", "checkpoint_ns", "checkpoint_map")
# Locally the user is the only user, and has no name. Graphs read these without a default.
NOBODY: JSON = {"langgraph_auth_user": None, "langgraph_auth_user_id": "", "langgraph_auth_permissions": []}


@dataclass(frozen=True, slots=True)
class Merged:
    """What a run executes with: `context` for the runtime, `config` (with configurable and metadata) for the graph.

    `gave_context`: the run's own values came as `context`, not as `configurable`.
    """

    context: JSON
    config: JSON
    metadata: JSON
    context_hash: str
    gave_context: bool = False


def merge(
    *,
    assistant: Mapping[str, Any],
    thread: Mapping[str, Any] | None,
    context: Mapping[str, Any] | None,
    config: Mapping[str, Any] | None,
    metadata: Mapping[str, Any] | None,
    thread_id: str,
    run_id: str,
    checkpoint: Mapping[str, Any] | None = None,
) -> Merged:
    """Merge an assistant (or one version of it), the thread it runs on and a run's request. Raises BothGiven.

    `checkpoint`: the keys of the checkpoint to start from, which may be among the configurable, too.
    """
    config = dict(config or {})
    configurable = config.pop("configurable", None) or {}
    start = checkpoint or {key: value for key, value in configurable.items() if key in CHECKPOINT and value is not None}
    configurable = {k: v for k, v in configurable.items() if not _is_set_by_server(k)}
    if context and configurable:
        raise BothGiven
    given = dict(context or {}) or configurable
    run_context = {**(assistant.get("context") or {}), **given}
    ids = {
        "run_id": run_id,
        "thread_id": thread_id,
        "graph_id": assistant["graph_id"],
        "assistant_id": assistant["assistant_id"],
    }
    base = assistant.get("config") or {}
    hashed = context_hash(run_context)
    run_metadata = {
        **_unreserved(assistant.get("metadata")),
        **_unreserved((thread or {}).get("metadata")),
        **_unreserved(config.get("metadata")),
        **_unreserved(metadata),
        "graph_id": assistant["graph_id"],
        "assistant_id": assistant["assistant_id"],
        "assistant_version": assistant["version"],
        "context_hash": hashed,
    }
    merged_config = {
        **base,
        **config,
        "configurable": {
            "user_id": "",
            **(base.get("configurable") or {}),
            **_thread_values(thread),
            **given,
            **start,
            **NOBODY,
            **ids,
        },
        "metadata": run_metadata,
    }
    return Merged(run_context, merged_config, run_metadata, hashed, gave_context=bool(context))


def _thread_values(thread: Mapping[str, Any] | None) -> JSON:
    """What a user set on the thread itself."""
    config = (thread or {}).get("config") or {}
    return dict(config.get("configurable") or {})


def _unreserved(metadata: Mapping[str, Any] | None) -> JSON:
    return {key: value for key, value in (metadata or {}).items() if key not in RESERVED_METADATA}


def _is_set_by_server(key: str) -> bool:
    """Whether clients (RemoteGraph among them) only send the key along."""
    return key in {"thread_id", "run_id", "graph_id", "assistant_id"} or key.startswith("checkpoint_")
