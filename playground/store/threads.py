"""Threads: what is known of a conversation beside its values, which are in its checkpoints."""

from collections.abc import Collection, Iterator
from itertools import islice
from typing import Any, Literal, get_args
from uuid import UUID

from playground.store.assistants import without_reserved_metadata
from playground.store.clock import now, uuid7
from playground.store.errors import Conflict, Invalid, NotFound, StoreDamaged
from playground.store.items import expiry
from playground.store.plain import JSON, copy, plain_object
from playground.store.search import Order, chosen, contains, in_order, page
from playground.store.tables import KeyedTable, Tables
from playground.store.thread_files import ThreadFiles

Field = Literal[
    "thread_id",
    "created_at",
    "updated_at",
    "state_updated_at",
    "metadata",
    "status",
    "config",
    "error",
    "interrupts",
]
FIELDS: tuple[str, ...] = get_args(Field)
HIDDEN = ("ttl", "shape")
Sortable = Literal["thread_id", "status", "created_at", "updated_at", "state_updated_at"]
Selectable = Field | Literal["values"]  # values are added by whoever can read checkpoints
SELECTABLE = (*FIELDS, "values")
Status = Literal["idle", "busy", "interrupted", "error"]
STATUSES: tuple[str, ...] = get_args(Status)
TTL_STRATEGIES = ("delete", "keep_latest")
LONGEST_TTL = 1_000_000_000  # minutes: what a date can hold


class Threads:
    """Create, find, change and delete threads. Dicts have the API's shape without `values` and are the caller's own.

    A thread that is to be deleted or pruned has a `ttl` besides: `strategy`, `ttl_minutes`, `expires_at`; one that has
    a state has its `shape`: whether it is `pending`, which `keys` its graph shows, what is `empty` and so not stored.
    """

    def __init__(self, tables: Tables, files: ThreadFiles) -> None:
        self._storage = tables.journal
        self._table: KeyedTable = tables.keyed("threads")
        self._deletions: KeyedTable = tables.keyed("deletions")
        self._files = files
        self._reserved: set[str] = set()

    def create(
        self,
        *,
        thread_id: str | None = None,
        metadata: JSON | None = None,
        if_exists: Literal["raise", "do_nothing"] = "raise",
        ttl: JSON | None = None,
        **found: Any,
    ) -> JSON:
        """A new thread, idle unless `found` (fields of the row) says otherwise; `ttl` is `{"strategy", "ttl"}`.

        Raises Conflict if it exists (or returns it: `do_nothing`), Invalid.
        """
        _refuse_unknown(found, (*FIELDS, *HIDDEN))
        row = _new(_uuid(thread_id) if thread_id else uuid7(), metadata, ttl) | plain_object(found, "The thread")
        with self._storage.lock:
            if (existing := self._table.find(row["thread_id"])) is not None:
                if if_exists == "do_nothing":
                    return existing
                raise Conflict(f"Thread with ID {row['thread_id']} already exists")
            self._insert(row)
            return row

    def reserve(self, thread_id: str | None = None) -> str:
        """An id whose checkpoints are written before the thread is there: by `create` or, if that fails, `discard`.

        A crash in between leaves nothing. Raises Conflict, Invalid.
        """
        thread_id = _uuid(thread_id) if thread_id else uuid7()
        with self._storage.lock:
            if thread_id in self._reserved or self._table.find(thread_id) is not None:
                raise Conflict(f"Thread with ID {thread_id} already exists")
            self._deletions.put((thread_id,), {"thread_id": thread_id})
            self._finish_deletion(thread_id, forget=False)  # checkpoints that nobody owns
            self._reserved.add(thread_id)
            return thread_id

    def discard(self, thread_id: str) -> None:
        """Give a reserved id back, with what was written under it."""
        with self._storage.lock:
            self._reserved.discard(thread_id)
            self._finish_deletion(thread_id)

    def copy(self, thread_id: str) -> JSON:
        """A new thread with the metadata, the state and all checkpoints of this one, and no runs. Raises NotFound."""
        source = self.get(thread_id)
        target = self.reserve()
        try:
            self._files.copy(thread_id, target)
            kept = {
                name: source[name]
                for name in ("metadata", "config", "status", "error", "interrupts", "shape")
                if name in source
            }
            if source["status"] == "busy":
                kept["status"] = "interrupted" if source.get("shape", {}).get("pending") else "idle"
            row = _new(target) | kept
            with self._storage.lock:
                self.get(thread_id)  # it may have been deleted while its file was being copied
                self._insert(row)
            return row
        except BaseException:
            self.discard(target)
            raise

    def get(self, thread_id: str) -> JSON:
        """The thread. Raises NotFound."""
        row = self._table.find(thread_id)
        if row is None:
            raise NotFound(f"Thread with ID {thread_id} not found")
        return row

    def values(self, thread_id: str) -> Any:
        """The thread's newest state as plain JSON, None if it has none (needs no langgraph). Raises StoreDamaged."""
        return self._shown(thread_id, self._files.values(thread_id))

    def steps(self, thread_id: str) -> tuple[Any, list[JSON]]:
        """As `values`, with the metadata of every checkpoint, newest first; to look at. Raises StoreDamaged."""
        values, steps = self._files.steps(thread_id)
        return self._shown(thread_id, values), steps

    def size(self, thread_id: str) -> int:
        """Bytes that its checkpoints take on disk."""
        return self._files.size(thread_id)

    def _shown(self, thread_id: str, values: Any) -> Any:
        """What of a state the thread's graph shows."""
        row = self._table.find(thread_id)
        shape = row.get("shape") if row else None
        if row is None or not shape or "keys" not in shape or not isinstance(values, dict):
            return values
        every = {**shape["empty"], **values}
        return every if row["status"] == "busy" else {key: every[key] for key in shape["keys"] if key in every}

    def has_checkpoint(self, thread_id: str, ns: str, checkpoint_id: str) -> bool:
        """Whether the thread (with an empty namespace) or a subgraph of it has this checkpoint. Raises StoreDamaged."""
        with self._files.using(thread_id) as file:
            if file is None:
                return False
            # A subgraph with a history of its own is named with its task's id, but stored without.
            return any(row["id"] == checkpoint_id and bool(row["ns"]) == bool(ns) for row in file.rows("checkpoints"))

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

        `metadata` and `values` are what they must contain. To filter by values, the files of the threads that match
        otherwise are read one after the other until the page is full. Raises Invalid.
        """
        with self._storage.lock:
            matching = self._matching(ids, metadata, status)
            rows = in_order(matching, sort_by, sort_order, default="updated_at", allowed=get_args(Sortable))
        if values:
            rows = list(islice(self._with_values(rows, values), offset + limit + 1))
        rows, following = page(rows, limit, offset)
        return chosen(rows, select, SELECTABLE), following

    def count(self, *, metadata: JSON | None = None, values: JSON | None = None, status: str | None = None) -> int:
        """How many threads match. Counting by values reads the files of all that match otherwise."""
        with self._storage.lock:
            rows = self._matching(None, metadata, status)
        return sum(1 for _ in self._with_values(rows, values)) if values else len(rows)

    def update(self, thread_id: str, *, metadata: JSON, ttl: JSON | None = None) -> JSON:
        """Merge what the user gives into the metadata; a `ttl` counts from now. Raises NotFound, Invalid."""
        fields: JSON = {"metadata": without_reserved_metadata(plain_object(metadata, "metadata"))}
        return self.patch(thread_id, **fields | ({"ttl": _expiring(ttl)} if ttl else {}))

    def patch(self, thread_id: str, **fields: Any) -> JSON:
        """Set fields (metadata is merged) and `updated_at`: for the server itself. Raises NotFound, Invalid."""
        _refuse_unknown(fields, (*FIELDS, *HIDDEN))
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
                self._storage.commit({"runs": dict.fromkeys(self._storage.order("runs").ids(thread_id))})
                self._table.drop(thread_id)
                self._deletions.put((thread_id,), {"thread_id": thread_id})
            self._finish_deletion(thread_id)

    def expiring(self) -> list[JSON]:
        """The threads that have a `ttl`, first the one whose time is over first."""
        with self._storage.lock:
            rows = self._table.pick(lambda row: bool(row.get("ttl")))
            return copy(sorted(rows, key=lambda row: str(row["ttl"]["expires_at"])))

    def finish_deletions(self) -> None:
        """Remove the files of deleted threads that a crash left behind."""
        with self._storage.lock:
            for row in self._deletions.all():
                self._finish_deletion(row["thread_id"])

    def _insert(self, row: JSON) -> None:
        thread_id = row["thread_id"]
        if thread_id not in self._reserved and self._deletions.find(thread_id):
            self._finish_deletion(thread_id)  # or the next start would remove the new thread's file
        with self._storage.transaction():
            self._table.put((thread_id,), row)
            self._deletions.drop(thread_id)
        self._reserved.discard(thread_id)

    def _finish_deletion(self, thread_id: str, *, forget: bool = True) -> None:
        self._files.delete(thread_id)
        if forget:
            self._deletions.drop(thread_id)

    def _matching(self, ids: Collection[str] | None, metadata: JSON | None, status: str | None) -> list[JSON]:
        wanted = None if ids is None else set(ids)
        return self._table.pick(
            lambda row: (
                (wanted is None or row["thread_id"] in wanted)
                and (status is None or row["status"] == status)
                and contains(row["metadata"], metadata or {})
            )
        )

    def _with_values(self, rows: list[JSON], values: JSON) -> Iterator[JSON]:
        return (row for row in rows if self._has_values(row["thread_id"], values))

    def _has_values(self, thread_id: str, values: JSON) -> bool:
        """Whether a thread's values contain these; a damaged file, which hides no other thread, has none."""
        try:
            return contains(self.values(thread_id), values)
        except StoreDamaged:
            return False


def _new(thread_id: str, metadata: JSON | None = None, ttl: JSON | None = None) -> JSON:
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
    return row | ({"ttl": _expiring(ttl)} if ttl else {})


def _expiring(ttl: JSON) -> JSON:
    """What is kept of a time to live, counted from now. Raises Invalid."""
    strategy, minutes = ttl.get("strategy") or "delete", ttl.get("ttl")
    if strategy not in TTL_STRATEGIES:
        raise Invalid(f"The strategy of a ttl is {' or '.join(TTL_STRATEGIES)}, not {strategy!r}.")
    if not isinstance(minutes, int | float) or isinstance(minutes, bool) or not 0 < minutes < LONGEST_TTL:
        raise Invalid(f"A ttl is a number of minutes over 0 and under {LONGEST_TTL:,}, not {minutes!r}.")
    return {"strategy": strategy, "ttl_minutes": minutes, "expires_at": expiry(minutes)}


def _refuse_unknown(fields: JSON, known: Collection[str]) -> None:
    if unknown := fields.keys() - set(known):
        raise Invalid(f"There is no field {', '.join(sorted(unknown))}.")


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except (ValueError, AttributeError, TypeError):
        raise Invalid("Invalid thread ID: must be a UUID") from None
