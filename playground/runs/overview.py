"""What the engine does right now, as `GET /playground` tells it."""

import time
from typing import Any

from playground.runs.engine import Engine
from playground.runs.job import Job

JSON = dict[str, Any]

SHOWN = 100


def overview(engine: Engine) -> JSON:
    """How many runs execute and wait, and what blocks the graphs' loop, if anything does."""
    executing = sum(job.phase != "queued" for job in engine.unfinished)
    blocked = engine.reports.blocked
    return {
        "limit": engine.limit,
        "executing": executing,
        "queued": engine.active - executing,
        "blocked": None
        if blocked is None
        else {"run_id": blocked.origin.run_id, "node": blocked.origin.node, "line": blocked.origin.line},
    }


def queue(engine: Engine) -> JSON:
    """The runs that execute or wait, the oldest first: since how many seconds, and what for."""
    return {**overview(engine), "runs": [_row(engine, job) for job in engine.unfinished[:SHOWN]]}


def _row(engine: Engine, job: Job) -> JSON:
    """`waits_for`: "time" (`after_seconds`), "thread" (an earlier run on it), "slot" (the limit; `position` from 1)."""
    return {
        "run_id": job.run_id,
        "thread_id": job.thread_id,
        "assistant_id": job.row["assistant_id"],
        "graph_id": job.merged.metadata["graph_id"],
        "status": "pending" if job.phase == "queued" else "running",
        "seconds": round(time.monotonic() - job.since, 3),
        "waits_for": job.waits_for if job.phase == "queued" else None,
        "position": engine.position(job),
        "stopping": job.cancelling is not None,
    }
