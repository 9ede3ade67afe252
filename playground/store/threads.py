"""Threads: what is known of a conversation beside its values, which are in its checkpoints."""

from collections.abc import Collection
from typing import Any, Literal
from uuid import UUID

from playground.store.assistants import without_reserved_metadata
from playground.store.clock import now, uuid7
from playground.store.errors import Conflict, Invalid, NotFound
from playground.store.plain import JSON, plain_object
from playground.store.search import Order, chosen, contains, in_order, page
from playground.store.tables import KeyedTable, Tables
from playground.store.thread_files import ThreadFiles

FIELDS = (
    "thread_id",
    "created_at",
    "updated_at",
    "state_updated_at",
    "metadata",
    "status",
    "config",
    "error",
    "interrupts",
)
SORTABLE = ("thread_id", "status", "created_at", "updated_at", "state_updated_at")
SELECTABLE = (*FIELDS, "values")  # values are added by whoever can read checkpoints
STATUSES = ("idle", "busy", "interrupted", "error")


class Threads:
    """Create, find, change and delete threads. Dicts have the API's shape without `values` and are the caller's own."""

    def __init__(self, tables: Tables, files: ThreadFiles) -> None:
        self._storage = tables.journal
        self._table: KeyedTable = tables.keyed("threads")
        self._deletions: KeyedTable = tables.keyed("deletions")
        self._files = files

    def create(
        self,
        *,
        thread_id: str | None = None,
        metadata: JSON | None = None,
        if_exists: Literal["raise", "do_nothing"] = "raise",
    ) -> JSON:
        """A new, idle thread. Raises Conflict if it exists (or returns it: `do_nothing`), Invalid."""
        thread_id = _uuid(thread_id) if thread_id else uuid7()
        with self._storage.transaction():
            if (row := self._table.find(thread_id)) is not None:
                if if_exists == "do_nothing":
                    return row
                raise Conflict(f"Thread with ID {thread_id} already exists")
            moment = now()
            row = {
                "thread_id": thread_id,
                "created_at": moment,
                "updated_at": moment,
                "state_updated_at": moment,
                "metadata": without_reserved_metadata(plain_object(metadata or {}, "metadata")),
                "status": "idle",
                "config": {},
                "error": None,
                "interrupts": {},
            }
            self._table.put((thread_id,), row)
            return row

    def get(self, thread_id: str) -> JSON:
        """The thread. Raises NotFound."""
        row = self._table.find(thread_id)
        if row is None:
            raise NotFound(f"Thread with ID {thread_id} not found")
        return row

    def values(self, thread_id: str) -> Any:
        """The thread's newest state as plain JSON, None if it has none (needs no langgraph). Raises StoreDamaged."""
        return self._files.values(thread_id)

    def search(
        self,
        *,
        ids: Collection[str] | None = None,
        metadata: JSON | None = None,
        values: JSON | None = None,
        status: str | None = None,
        limit: int = 10,
        offset: int = 0,
        sort_by: str | None = None,
        sort_order: Order | None = None,
        select: list[str] | None = None,
    ) -> tuple[list[JSON], int | None]:
        """A page of the threads that match, and the offset of the next one; last changed first.

        `metadata` and `values` are what they must contain; filtering by values reads every thread's file.
        Raises Invalid.
        """
        with self._storage.lock:
            rows = in_order(
                self._matching(ids, metadata, values, status),
                sort_by,
                sort_order,
                default="updated_at",
                allowed=SORTABLE,
            )
            rows, following = page(rows, limit, offset)
            return chosen(rows, select, SELECTABLE), following

    def count(self, *, metadata: JSON | None = None, values: JSON | None = None, status: str | None = None) -> int:
        """How many threads match."""
        with self._storage.lock:
            return len(self._matching(None, metadata, values, status))

    def update(self, thread_id: str, *, metadata: JSON) -> JSON:
        """Merge what the user gives into the metadata. Raises NotFound, Invalid."""
        return self.patch(thread_id, metadata=without_reserved_metadata(plain_object(metadata, "metadata")))

    def patch(self, thread_id: str, **fields: Any) -> JSON:
        """Set fields (metadata is merged) and `updated_at`: for the server itself. Raises NotFound, Invalid."""
        _refuse_unknown(fields, FIELDS)
        with self._storage.transaction():
            row = self.get(thread_id)
            if "metadata" in fields:
                fields["metadata"] = {**row["metadata"], **fields["metadata"]}
            if fields.get("status", "idle") not in STATUSES:
                raise Invalid(f"A thread's status is one of {', '.join(STATUSES)}, not {fields['status']!r}.")
            row |= {"updated_at": now()} | plain_object(fields, "The thread")
            self._table.put((thread_id,), row)
            return row

    def delete(self, thread_id: str) -> None:
        """Remove a thread with its runs and checkpoints. Raises NotFound."""
        with self._storage.lock:
            with self._storage.transaction():
                self.get(thread_id)
                self._storage.commit(
                    {
                        "runs": {
                            id: None for id, row in self._storage.table("runs").items() if row["thread_id"] == thread_id
                        }
                    }
                )
                self._table.drop(thread_id)
                self._deletions.put((thread_id,), {"thread_id": thread_id})
            self._finish_deletion(thread_id)

    def finish_deletions(self) -> None:
        """Remove the files of deleted threads that a crash left behind."""
        with self._storage.lock:
            for row in self._deletions.all():
                self._finish_deletion(row["thread_id"])

    def _finish_deletion(self, thread_id: str) -> None:
        self._files.delete(thread_id)
        self._deletions.drop(thread_id)

    def _matching(
        self, ids: Collection[str] | None, metadata: JSON | None, values: JSON | None, status: str | None
    ) -> list[JSON]:
        wanted = None if ids is None else set(ids)
        rows = self._table.pick(
            lambda row: (
                (wanted is None or row["thread_id"] in wanted)
                and (status is None or row["status"] == status)
                and contains(row["metadata"], metadata or {})
            )
        )
        return [row for row in rows if contains(self.values(row["thread_id"]), values)] if values else rows


def _refuse_unknown(fields: JSON, known: Collection[str]) -> None:
    if unknown := fields.keys() - set(known):
        raise Invalid(f"There is no field {', '.join(sorted(unknown))}.")


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except (ValueError, AttributeError, TypeError):
        raise Invalid("Invalid thread ID: must be a UUID") from None
