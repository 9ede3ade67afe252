"""Assistants and their versions.

A version is written once and never changes; the tables refuse it. An assistant is a pointer to its active version, so
going back to a version restores all of it. `config["configurable"]` always equals `context`: whichever is given sets
the other.
"""

import hashlib
from typing import Literal, get_args
from uuid import UUID, uuid4, uuid5

from playground.store.clock import now
from playground.store.content import Delta
from playground.store.content import Tables as Rows
from playground.store.errors import BothGiven, Conflict, Invalid, NotFound
from playground.store.plain import JSON, canonical, copy, plain, plain_object
from playground.store.search import Order, chosen, contains, in_order, page
from playground.store.tables import KeyedTable, Tables
from playground.store.unset import UNSET, Unset

Field = Literal[
    "assistant_id",
    "graph_id",
    "config",
    "context",
    "metadata",
    "name",
    "created_at",
    "updated_at",
    "version",
    "description",
]
FIELDS: tuple[str, ...] = get_args(Field)
VERSION_FIELDS = (
    "assistant_id",
    "version",
    "graph_id",
    "config",
    "context",
    "metadata",
    "created_at",
    "name",
    "description",
)
Sortable = Literal["assistant_id", "graph_id", "name", "created_at", "updated_at"]

REMEDY = "Restore a backup (`playground restore FILE`), or delete the assistant."
_NAMESPACE = UUID("6ba7b821-9dad-11d1-80b4-00c04fd430c8")  # LangGraph's; not one of the RFC's
_RESERVED_METADATA = frozenset({"thread_id", "assistant_id", "run_id", "cron_id", "counters_since_delta_snapshot"})
_RESERVED_CONTEXT = frozenset(
    {
        *("langgraph_request_id", "__request_start_time_ms__", "__after_seconds__", "__context_provided__"),
        *("__langsmith_project__", "__langsmith_example_id__", "__pregel_node_finished"),
        *("__otel_traceparent__", "__otel_tracestate__", "__dd_trace_headers__"),
    }
)
_RESERVED_PREFIX = "langgraph_auth_"


def default_id(graph_id: str) -> str:
    """The id of a graph's default assistant, the same on every LangGraph server."""
    return str(uuid5(_NAMESPACE, graph_id))


def without_reserved_metadata(metadata: JSON) -> JSON:
    """Without the keys that only the server sets."""
    return {key: value for key, value in metadata.items() if key not in _RESERVED_METADATA}


def without_reserved_context(context: JSON) -> JSON:
    """Without the keys that only the server sets."""
    return {
        key: value
        for key, value in context.items()
        if key not in _RESERVED_CONTEXT and not key.startswith(_RESERVED_PREFIX)
    }


def refuse_changed_versions(tables: Rows, delta: Delta) -> None:
    """The tables' own rule: a version never changes, and goes only together with its assistant."""
    versions, assistants = tables.get("versions", {}), tables.get("assistants", {})
    gone = {
        assistants[id]["assistant_id"]
        for id, row in delta.get("assistants", {}).items()
        if row is None and id in assistants
    }
    for id, row in delta.get("versions", {}).items():
        old = versions.get(id)
        if old is not None and (row is not None or old["assistant_id"] not in gone):
            raise Conflict(f"Version {old['version']} of assistant {old['assistant_id']} can't be changed.")


def version_sha(row: JSON, previous: str) -> str:
    """SHA-256 over a version and its predecessor's, in hex."""
    content = {name: row[name] for name in VERSION_FIELDS}
    return hashlib.sha256(canonical([previous, content])).hexdigest()


class Assistants:
    """Create, find, change and roll back assistants. Dicts have the API's shape and are the caller's own."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._storage = tables.journal
        self._heads: KeyedTable = tables.keyed("assistants")
        self._versions: KeyedTable = tables.keyed("versions")

    def create(
        self,
        *,
        graph_id: str,
        assistant_id: str | None = None,
        config: JSON | None = None,
        context: JSON | None = None,
        metadata: JSON | None = None,
        name: str | None = "Untitled",
        description: str | None = None,
        if_exists: Literal["raise", "do_nothing"] = "raise",
    ) -> JSON:
        """A new assistant with its version 1. Raises Conflict if it exists (or returns it: `do_nothing`), Invalid."""
        assistant_id = _uuid(assistant_id) if assistant_id else str(uuid4())
        with self._storage.transaction():
            if (head := self._heads.find(assistant_id)) is not None:
                if if_exists == "do_nothing":
                    return self._assembled(head)
                raise Conflict(f"Assistant {assistant_id} already exists")
            config, context = mirrored(config or UNSET, context or UNSET, {}, {})
            return self._append(
                {"assistant_id": assistant_id, "created_at": now(), "newest": 0, "newest_sha": ""},
                {
                    "graph_id": graph_id,
                    "config": config,
                    "context": context,
                    "metadata": without_reserved_metadata(plain_object(metadata or {}, "metadata")),
                    "name": name or "Untitled",
                    "description": description,
                },
            )

    def ensure_default(
        self, graph_id: str, *, name: str, description: str | None = None, config: JSON | None = None
    ) -> JSON:
        """The graph's default assistant, made if it is missing; one that exists keeps its edits."""
        return self.create(
            graph_id=graph_id,
            assistant_id=default_id(graph_id),
            name=name,
            description=description,
            config=config,
            metadata={"created_by": "system"},
            if_exists="do_nothing",
        )

    def get(self, assistant_id: str) -> JSON:
        """The assistant as its active version has it. Raises NotFound."""
        with self._storage.lock:
            return self._assembled(self._head(assistant_id))

    def search(
        self,
        *,
        metadata: JSON | None = None,
        graph_id: str | None = None,
        name: str | None = None,
        limit: int = 10,
        offset: int = 0,
        sort_by: str | None = None,
        sort_order: Order | None = None,
        select: list[str] | None = None,
    ) -> tuple[list[JSON], int | None]:
        """A page of the assistants that match, and the offset of the next one. Newest first, if nothing else is said.

        `name` is any part of the name, `metadata` what it must contain. Raises Invalid.
        """
        with self._storage.lock:
            heads = self._matching(metadata, graph_id, name)
            # Only a page of them is put together: most fields to sort by are the head's own, the others its version's.
            rows = [self._active(head) for head in heads] if sort_by in ("name", "graph_id") else heads
            rows = in_order(rows, sort_by, sort_order, default="created_at", allowed=get_args(Sortable))
            rows, following = page(rows, limit, offset)
            found = [self._live(self._head(row["assistant_id"])) for row in rows]
            return chosen(found, select, FIELDS), following

    def count(self, *, metadata: JSON | None = None, graph_id: str | None = None, name: str | None = None) -> int:
        """How many assistants match."""
        with self._storage.lock:
            return len(self._matching(metadata, graph_id, name))

    def update(
        self,
        assistant_id: str,
        *,
        graph_id: str | Unset = UNSET,
        config: JSON | Unset = UNSET,
        context: JSON | Unset = UNSET,
        metadata: JSON | Unset = UNSET,
        name: str | Unset = UNSET,
        description: str | Unset | None = UNSET,
        replace_metadata: bool = False,
    ) -> JSON:
        """A new version, made active: the active one with what is given. Metadata is merged, the rest replaced.

        `replace_metadata` replaces that, too. What isn't given stays, the other keys of `config` when only the context
        is given, too (LangGraph drops those). Raises NotFound, Invalid.
        """
        with self._storage.transaction():
            head = self._head(assistant_id)
            active = self._version(assistant_id, head["version"])
            changes: JSON = {"graph_id": graph_id, "name": name, "description": description}
            changes["config"], changes["context"] = mirrored(config, context, active["config"], active["context"])
            if metadata is not UNSET:
                given = without_reserved_metadata(plain_object(metadata, "metadata"))
                changes["metadata"] = given if replace_metadata else {**active["metadata"], **given}
            return self._append(head, active | {key: item for key, item in changes.items() if item is not UNSET})

    def delete(self, assistant_id: str) -> None:
        """Remove an assistant with its versions; its threads and runs stay. Raises NotFound."""
        with self._storage.transaction():
            if (head := self._heads.find(assistant_id)) is None:
                raise NotFound(f"Assistant with ID {assistant_id} not found")
            versions = self._versions.ids_of((assistant_id, number) for number in range(1, head["newest"] + 1))
            heads = self._heads.ids_of([(assistant_id,)])
            self._storage.commit({"assistants": dict.fromkeys(heads), "versions": dict.fromkeys(versions)})

    def versions(
        self, assistant_id: str, *, metadata: JSON | None = None, limit: int = 10, offset: int = 0
    ) -> list[JSON]:
        """A page of its versions, newest first. Raises NotFound if there is no such assistant, Invalid."""
        with self._storage.lock:
            newest = self._head(assistant_id)["newest"]
            rows = [self._version(assistant_id, number) for number in range(newest, 0, -1)]
            found = [row for row in rows if contains(row["metadata"], metadata or {})]
            return chosen(page(found, limit, offset)[0], None, VERSION_FIELDS)

    def version(self, assistant_id: str, number: int) -> JSON:
        """One version. Raises NotFound."""
        with self._storage.lock:
            self._head(assistant_id)
            return chosen([self._version(assistant_id, number)], None, VERSION_FIELDS)[0]

    def set_latest(self, assistant_id: str, number: int) -> JSON:
        """Make a version the active one, with every field it had. Raises NotFound."""
        with self._storage.transaction():
            head = self._head(assistant_id)
            self._version(assistant_id, number)
            head |= {"version": number, "updated_at": now()}
            self._heads.put((assistant_id,), head)
            return self._assembled(head)

    def check(self) -> list[str]:
        """A sentence for every assistant whose versions aren't what was written."""
        with self._storage.lock:
            return [problem for head in self._heads.pick(lambda _: True) if (problem := self._broken_chain(head))]

    def _append(self, head: JSON, content: JSON) -> JSON:
        """Write the next version and point the assistant at it: inside a transaction."""
        moment, number, assistant_id = now(), head["newest"] + 1, head["assistant_id"]
        row = {**content, "assistant_id": assistant_id, "version": number, "created_at": moment}
        row = plain({name: row[name] for name in VERSION_FIELDS}, "The assistant")
        row["sha"] = version_sha(row, head["newest_sha"])
        head = {
            **head,
            "version": number,
            "created_at": head["created_at"] if number > 1 else moment,
            "updated_at": moment,
            "newest": number,
            "newest_sha": row["sha"],
        }
        self._versions.put((assistant_id, number), row, owned=True)
        self._heads.put((assistant_id,), head, owned=True)
        return self._assembled(head)

    def _head(self, assistant_id: str) -> JSON:
        head = self._heads.find(assistant_id)
        if head is None:
            raise NotFound(f"Assistant {assistant_id} not found")
        return head

    def _version(self, assistant_id: str, number: int) -> JSON:
        """The live row."""
        id = self._storage.id_of("versions", (assistant_id, number))
        if id is None:
            raise NotFound(f"Version {number} not found for assistant {assistant_id}")
        return self._storage.table("versions")[id]

    def _assembled(self, head: JSON) -> JSON:
        return chosen([self._live(head)], None, FIELDS)[0]

    def _live(self, head: JSON) -> JSON:
        """The assistant with all its fields and more, to look at: what its version says, then what it says itself."""
        return self._active(head) | head

    def _active(self, head: JSON) -> JSON:
        return self._version(head["assistant_id"], head["version"])

    def _matching(self, metadata: JSON | None, graph_id: str | None, name: str | None) -> list[JSON]:
        """The live heads of the assistants that match."""
        part, wanted = (name or "").lower(), metadata or {}
        if not (part or wanted or graph_id is not None):
            return self._heads.pick(lambda _: True)
        # Inlined, since it runs for every assistant there is.
        versions, id_of = self._storage.table("versions"), self._storage.ids("versions")

        def matches(head: JSON) -> bool:
            row = versions[id_of[head["assistant_id"], head["version"]]]
            return (
                (graph_id is None or row["graph_id"] == graph_id)
                and (not part or part in row["name"].lower())
                and (not wanted or contains(row["metadata"], wanted))
            )

        return self._heads.pick(matches)

    def _broken_chain(self, head: JSON) -> str | None:
        assistant_id, sha = head["assistant_id"], ""
        for number in range(1, head["newest"] + 1):
            try:
                row = self._version(assistant_id, number)
            except NotFound as error:
                return f"{error}: it was removed from outside. {REMEDY}"
            sha = version_sha(row, sha)
            if row["sha"] != sha:
                return f"Version {number} of assistant {assistant_id} was changed from outside. {REMEDY}"
        return (
            None
            if sha == head["newest_sha"]
            else f"The newest version of assistant {assistant_id} was replaced from outside. {REMEDY}"
        )


def mirrored(config: JSON | Unset, context: JSON | Unset, old_config: JSON, old_context: JSON) -> tuple[JSON, JSON]:
    """Config and context with `config["configurable"]` equal to the context, whichever of them was given.

    An empty config counts as not given, as in LangGraph; an empty context clears. Raises Invalid if both are given.
    """
    new_config = plain_object(config, "config") if config is not UNSET and config else None
    configurable = (new_config or {}).get("configurable")
    if configurable and context is not UNSET and context:
        raise BothGiven
    if context is not UNSET and not configurable:
        values = plain_object(context or {}, "context")
    elif configurable is not None:
        values = configurable
    else:
        values = old_context
    if not isinstance(values, dict):
        raise Invalid("config.configurable must be an object.")
    values = without_reserved_context(values)
    rest = {
        key: item for key, item in (old_config if new_config is None else new_config).items() if key != "configurable"
    }
    if isinstance(rest.get("metadata"), dict):
        rest["metadata"] = without_reserved_metadata(rest["metadata"])
    return (rest | {"configurable": copy(values)} if values else rest), copy(values)


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except (ValueError, AttributeError, TypeError):
        raise Invalid("Invalid assistant ID: must be a UUID") from None
