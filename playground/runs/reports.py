"""Tells what concerns no answer: in the log, and to every client."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any

from playground.runs.job import Job
from playground.runs.notices import Notices, blocked_sentence, blocking_sentence
from playground.runs.watchdog import Blocked

log = logging.getLogger("playground")


class Reports:
    """What was told and still holds. `on_notice` is called with every change, `blocked` is what blocks the graphs."""

    def __init__(self) -> None:
        self.on_notice: Callable[[], None] = lambda: None
        self.blocked: Blocked | None = None
        self._blocked_graph: str | None = None
        self._notices = Notices()

    def __iter__(self) -> Iterator[str]:
        return iter(self._notices)

    def tell(self, about: str, sentence: str) -> None:
        """Say it; the next sentence about the same replaces it."""
        if self._notices.put(about, sentence):
            log.warning("%s", sentence)
            self.on_notice()

    def tell_until(self, end: "asyncio.Future[Any] | Future[Any]", job: Job, sentence: str) -> None:
        """Say it on the run for good, and to everyone until `end`."""
        loop, about = asyncio.get_running_loop(), f"{job.run_id} {sentence}"

        def take_back(_: object) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._take_back, about)

        job.notices.append(sentence)
        self.tell(about, sentence)
        end.add_done_callback(take_back)

    def loop_blocked(self, report: Blocked, job: Job | None) -> None:
        """Code of `job` (None: of no run) blocks the graph loop, or did."""
        if not report.over:
            self._blocked_graph = job.merged.metadata["graph_id"] if job else None
        self.blocked = None if report.over else report
        sentence = (blocked_sentence if report.over else blocking_sentence)(report, self._blocked_graph)
        if job is not None and report.over:
            job.notices.append(sentence)
        self.tell(f"blocked {self._blocked_graph} {report.origin.node}", sentence)

    def _take_back(self, about: str) -> None:
        self._notices.drop(about)
        self.on_notice()
