"""Hears of nodes that langgraph tries again. It says so in its log, and nowhere else."""

import logging
import re
from collections.abc import Callable

from playground.runs.origin import RUN

_LOGGER = "langgraph.pregel._retry"
_RETRYING = re.compile(r"Retrying task (.+?) after [\d.]+ seconds \(attempt (\d+)\) after (.*)", re.DOTALL)


class Retries(logging.Filter):
    """`tell` gets the id of a run and a sentence, from any thread."""

    def __init__(self, tell: Callable[[str, str], None]) -> None:
        super().__init__()
        self._tell = tell

    def listen(self) -> None:
        """Hear of all retries of this process from now on."""
        logger = logging.getLogger(_LOGGER)
        logger.setLevel(logging.INFO)
        logger.addFilter(self)

    def leave(self) -> None:
        """Hear of no more."""
        logging.getLogger(_LOGGER).removeFilter(self)

    def filter(self, record: logging.LogRecord) -> bool:
        """Tells of a retry; the record goes where it would have gone without anyone listening."""
        match = _RETRYING.match(record.getMessage())
        run_id = RUN.get(None)
        if match is not None and run_id is not None:
            name, attempt, why = match.groups()
            self._tell(run_id, f"Node `{name}` was tried again: attempt {attempt} failed with {why.strip()}")
        return logging.getLogger().isEnabledFor(record.levelno)
