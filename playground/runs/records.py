"""What the store keeps of a run: that it began, how it ended, that it was undone."""

from typing import Any

from playground.runs.execute import Outcome
from playground.runs.job import Job, error_of
from playground.store.clock import now
from playground.store.database import Database
from playground.store.errors import NotFound

JSON = dict[str, Any]

_NAMED = ("graph_id", "assistant_id", "assistant_version", "context_hash")


def record_start(database: Database, job: Job, is_new_thread: bool) -> None:
    """The run, and that its thread is busy, in one write."""
    with database.transaction():
        if is_new_thread:
            database.threads.create(thread_id=job.thread_id, if_exists="do_nothing")
        job.row |= database.runs.create(job.row)
        named = {key: job.merged.metadata[key] for key in _NAMED}
        database.threads.patch(job.thread_id, status="busy", metadata=named)


def record_end(database: Database, job: Job, outcome: Outcome, *, others: bool) -> None:
    """How the run ended (one that is rolled back: that it never was), and what its thread is like now, in one write.

    `others`: further runs wait on the thread.
    """
    try:
        with database.transaction():
            _end_run(database, job, outcome)
            _end_thread(database, job, outcome, others)
    except NotFound:
        return  # the thread was deleted while the run was going on


def roll_back(database: Database, job: Job) -> None:
    """Undo a run's checkpoints. Not on the graph loop: the run may be blocking it."""
    database.checkpoints.delete_for_runs([job.run_id], thread_id=job.thread_id)


def recover(database: Database) -> list[JSON]:
    """Mark the runs that a server left unfinished when it died; returns them."""
    left = database.runs.unfinished()
    error = error_of("ServerDied", "The server process ended while this run was in flight. Its checkpoints are kept.")
    for row in left:
        database.runs.patch(row["run_id"], status="error", error=error)
        database.threads.patch(row["thread_id"], status="error", error=error)
    return left


def _end_run(database: Database, job: Job, outcome: Outcome) -> None:
    if job.cancelling == "rollback":
        database.runs.delete(job.run_id)
        return
    noticed = {"notices": job.notices} if job.notices else {}
    database.runs.patch(job.run_id, status=outcome.status, error=outcome.error, **noticed)


def _end_thread(database: Database, job: Job, outcome: Outcome, others: bool) -> None:
    pending, seen = outcome.pending, dict[str, Any]()
    if outcome.shape is None:  # nothing was seen of the state: as far as is known, it is as it was
        before = database.threads.get(job.thread_id).get("shape") or {}
        pending = pending or bool(before.get("pending"))
    else:
        seen = {"interrupts": outcome.interrupts, "shape": outcome.shape, "state_updated_at": now()}
    status = "busy" if others else "error" if outcome.error else "interrupted" if pending else "idle"
    error = outcome.error or (_stop_reason(job) if job.cancelling else None)
    database.threads.patch(job.thread_id, status=status, error=error, **seen)


def _stop_reason(job: Job) -> JSON | None:
    """What the thread says of a cancelled run; nothing, if it had not begun."""
    if job.reason or job.waits_for:
        return job.reason
    kind = "UserRollback" if job.cancelling == "rollback" else "UserInterrupt"
    return error_of(kind, " ".join([f"{job.cancelling} requested for run {job.run_id}.", *job.notices]))
