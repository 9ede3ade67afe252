"""Runs: one execution each, with the request that made it."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from playground.store.clock import now
from playground.store.errors import Conflict, Invalid, NotFound
from playground.store.plain import JSON, copy, plain_object
from playground.store.search import chosen, page
from playground.store.tables import KeyedTable, Tables

FIELDS = (
    "run_id",
    "thread_id",
    "assistant_id",
    "metadata",
    "status",
    "kwargs",
    "multitask_strategy",
    "created_at",
    "updated_at",
    "error",
)
STATUSES = ("pending", "running", "success", "error", "interrupted", "timeout")
Rows = list[JSON]  # the method `list` hides the type
Ids = list[str]
UNFINISHED = ("pending", "running")


class Runs:
    """Create, find and change runs. Dicts have the API's shape and are the caller's own."""

    def __init__(self, tables: Tables) -> None:
        self._storage = tables.journal
        self._table: KeyedTable = tables.keyed("runs")

    def create(self, row: JSON) -> JSON:
        """Store a new run: `run_id`, `thread_id`, `assistant_id` and what else is known. Raises Conflict, Invalid."""
        moment = now()
        row = {
            "status": "pending",
            "metadata": {},
            "kwargs": {},
            "multitask_strategy": "enqueue",
            "created_at": moment,
            "updated_at": moment,
            "error": None,
            **plain_object(row, "The run"),
        }
        if missing := {"run_id", "thread_id", "assistant_id"} - row.keys():
            raise Invalid(f"A run needs its {', '.join(sorted(missing))}.")
        _check_status(row["status"])
        with self._storage.transaction():
            if self._table.find(row["run_id"]) is not None:
                raise Conflict(f"Run {row['run_id']} already exists")
            self._table.put((row["run_id"],), row)
        return row

    def get(self, thread_id: str, run_id: str) -> JSON:
        """A run of this thread. Raises NotFound."""
        row = self._table.find(run_id)
        if row is None or row["thread_id"] != thread_id:
            raise NotFound("Run not found")
        return row

    def list(
        self,
        thread_id: str,
        limit: int = 10,
        offset: int = 0,
        status: str | None = None,
        select: Sequence[str] | None = None,
    ) -> Rows:
        """A page of the thread's runs, newest first. Raises Invalid."""
        with self._storage.lock:
            rows = [row for row in self._table.group(thread_id) if status is None or row["status"] == status]
            return chosen(page(rows[::-1], limit, offset)[0], select, FIELDS)

    def patch(self, run_id: str, **fields: Any) -> JSON:
        """Set fields and `updated_at`; metadata is merged. Raises NotFound, Invalid."""
        with self._storage.transaction():
            row = self._table.find(run_id)
            if row is None:
                raise NotFound("Run not found")
            if "metadata" in fields:
                fields["metadata"] = {**row["metadata"], **fields["metadata"]}
            row = row | {"updated_at": now()} | plain_object(fields, "The run")
            _check_status(row["status"])
            self._table.put((run_id,), row)
            return row

    def delete(self, run_id: str) -> None:
        """Remove a run; its checkpoints are the checkpointer's. Raises NotFound."""
        if not self._table.drop(run_id):
            raise NotFound("Run not found")

    def unfinished(self) -> Rows:
        """The runs that are pending or running, oldest first: at start, those a crash cut off."""
        with self._storage.lock:
            rows = self._table.pick(lambda row: row["status"] in UNFINISHED)
            return copy(sorted(rows, key=lambda row: str(row["created_at"])))

    def threads(self, condition: Callable[[JSON], bool]) -> Ids:
        """The threads that have a run which matches, each once."""
        with self._storage.lock:
            return [*dict.fromkeys(str(row["thread_id"]) for row in self._table.pick(condition))]

    def counts(self) -> dict[str, int]:
        """How many runs each assistant has."""
        with self._storage.lock:
            return dict(Counter(row["assistant_id"] for row in self._table.pick(lambda _: True)))


def _check_status(status: Any) -> None:
    if status not in STATUSES:
        raise Invalid(f"A run's status is one of {', '.join(STATUSES)}, not {status!r}.")
