"""What the engine has to tell: sentences that concern no single answer."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from playground.runs.origin import Origin
from playground.runs.watchdog import Blocked

KEPT = 20

_ADVICE = "Call what blocks with `await asyncio.to_thread(…)` there, or make the node a plain `def`."
_RESTART = "Restarting the server ends it; nothing that is stored is lost."


class Notices:
    """The newest sentences, one for each thing that they are about."""

    def __init__(self) -> None:
        self._sentences: dict[str, str] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._sentences.values()))

    def put(self, about: str, sentence: str) -> bool:
        """Add a sentence, which replaces an earlier one about the same; False if it was there already."""
        if self._sentences.pop(about, None) == sentence:
            self._sentences[about] = sentence
            return False
        self._sentences[about] = sentence
        while len(self._sentences) > KEPT:
            del self._sentences[next(iter(self._sentences))]
        return True

    def drop(self, about: str) -> None:
        """Take back what was said about something, if anything was."""
        self._sentences.pop(about, None)


def blocking_sentence(report: Blocked, graph_id: str | None) -> str:
    """Of code that blocks the loop right now."""
    return f"{_who(report.origin, graph_id)} blocks the event loop: no other run goes on until it returns. {_ADVICE}"


def blocked_sentence(report: Blocked, graph_id: str | None) -> str:
    """Of code that blocked the loop and has returned."""
    return f"{_who(report.origin, graph_id)} blocked the event loop for {report.seconds:.1f} s. {_ADVICE}"


def in_thread_sentence(origin: Origin) -> str:
    """Of a sync node of a cancelled run."""
    return (
        f"{_who(origin)} goes on in its thread until it returns, since Python can't stop a thread: "
        "what it returns is dropped."
    )


def left_sentence(run_id: str, *, left: Sequence[Origin], blocking: Origin | None) -> str:
    """Of a cancelled run that doesn't end: what goes on all the same, and what ends it."""
    if blocking is not None:
        whose = "" if blocking.run_id == run_id else f"Run {run_id} could not be reached: "
        return f"{whose}{_who(blocking)} blocks the event loop and can't be stopped. {_RESTART}"
    names = dict.fromkeys(_who(one) for one in left) or [f"Code of run {run_id}"]
    return f"{', '.join(names)} goes on although it was cancelled: what it does is dropped. {_RESTART}"


def recovered_sentence(runs: Sequence[Mapping[str, Any]]) -> str:
    """Of runs that were in flight when the server before this one died."""
    graphs = ", ".join(sorted({str(run["metadata"].get("graph_id", "?")) for run in runs}))
    many = len(runs) > 1
    return (
        f"{len(runs)} run{'s were' if many else ' was'} in flight when the server process ended ({graphs}): marked as "
        "failed, with the checkpoints kept."
    )


def _who(origin: Origin, graph_id: str | None = None) -> str:
    who = origin.who
    return f"{who[0].upper()}{who[1:]}" + (f" of graph `{graph_id}`" if graph_id else "")
