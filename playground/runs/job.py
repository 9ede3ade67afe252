"""A run in flight: what it was asked to do, where it stands, and who waits for it."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any, Literal

from playground.runs.config import Merged
from playground.runs.events import EventLog
from playground.runs.execute import Outcome
from playground.runs.request import RunRequest

JSON = dict[str, Any]
Action = Literal["interrupt", "rollback"]

# Seconds that cancelled code has to end. Then the run is over without it.
GRACE = 2.0


class Closing(Exception):
    """The server ends, and takes no more runs."""


class RunEnded(Exception):
    """Code of a run that is over tried to write to its thread."""


@dataclass(eq=False, slots=True)
class Job:
    """A run that is queued or executing, and its events."""

    row: JSON
    request: RunRequest
    merged: Merged
    log: EventLog
    done: asyncio.Future[Outcome]
    task: asyncio.Task[None] | None = None
    graph_task: asyncio.Task[Outcome] | None = None
    phase: Literal["queued", "executing", "ending"] = "queued"
    cancelling: Action | None = None
    reason: JSON | None = field(default=None)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    grace: float = GRACE
    waits_for: Literal["time", "thread", "slot"] | None = None
    since: float = field(default_factory=time.monotonic)  # when it was made, then when it began to execute
    notices: list[str] = field(default_factory=list)
    is_within: bool = False  # another run waits for it

    @property
    def run_id(self) -> str:
        return str(self.row["run_id"])

    @property
    def thread_id(self) -> str:
        return str(self.row["thread_id"])


def error_of(kind: str, message: str) -> JSON:
    """An error of ours, as runs and threads have them."""
    return {"error": kind, "message": message}
