"""A thread made again from a file: with its steps where the graph takes them back, else with its newest state."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from playground.client import decode
from playground.client.errors import ApiError, UsageError
from playground.client.json_faults import json_fault
from playground.client.superstep_values import INPUT, plain_state, takeable
from playground.client.thread_export import FORMAT, KIND
from playground.client.thread_text import TITLE
from playground.client.values import Thread

if TYPE_CHECKING:
    from playground.client.client import Client

Json = dict[str, Any]

_START: Final = "__start__"
_END: Final = "__end__"
_SHOWN: Final = 5  # names in a sentence


@dataclass(frozen=True, slots=True)
class Imported:
    """A new thread, `steps` of it written one by one; `differs`: what of its state isn't as in the file."""

    thread: Thread
    steps: int
    reason: str = ""
    """Why it has its newest state only."""
    differs: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """What was made, and what isn't as it was."""
        what = f"with its {self.steps} steps" if self.steps else f"with its newest state only: {self.reason}"
        names = ", ".join(self.differs[:_SHOWN])
        differs = f" Not as in the file: {names}." if names else ""
        return f"Thread {self.thread.thread_id} is made {what.rstrip('.')}.{differs}"


def parse_thread(text: str) -> Json:
    """The document of a file. Raises UsageError with what is wrong with it."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise UsageError(f"The file is no JSON: line {error.lineno}: {json_fault(error)}.") from error
    except RecursionError as error:
        raise UsageError("The file is nested too deep.") from error
    if not isinstance(document, dict) or document.get("playground") != KIND:
        raise UsageError("The file is no exported thread: `playground threads export ID -o thread.json` writes one.")
    if document.get("format") != FORMAT:
        raise UsageError(f"The file has format {document.get('format')!r}; this version reads format {FORMAT}.")
    if not isinstance(document.get("graph_id"), str):
        raise UsageError("The file doesn't say of which graph the thread is: graph_id is missing.")
    steps = document.get("supersteps")
    if not (steps is None or (isinstance(steps, list) and all(isinstance(step, dict) for step in steps))):
        raise UsageError("supersteps must be a list of objects, or null.")
    return document


async def import_thread(client: "Client", document: Json) -> Imported:
    """Makes the thread under a new id. Raises PlaygroundError if not even its newest state can be written."""
    title, values = document.get("title"), document.get("values")
    metadata: Json = {"graph_id": document["graph_id"], "imported_from": document.get("thread_id")}
    if isinstance(title, str) and title:
        metadata[TITLE] = title
    steps, reason = document.get("supersteps"), "the file doesn't tell all that was written"
    thread: Thread | None = None
    if steps:
        try:
            thread = await _create(client, metadata, steps)
        except ApiError as error:
            if not 400 <= error.status < 500:
                raise
            steps, reason = None, f"its steps aren't taken back: {error.sentence}"
    if thread is None:
        steps = None
        thread = await _create(client, metadata, takeable(_newest(values), values))
    state = await client.threads.state(thread.thread_id)
    return Imported(
        thread, len(steps or ()), "" if steps else reason, _differing(plain_state(values), plain_state(state.values))
    )


async def _create(client: "Client", metadata: Json, steps: list[Json]) -> Thread:
    sdk = client.wire.sdk
    made = sdk.threads.create(metadata=metadata, supersteps=cast(Any, steps), graph_id=metadata["graph_id"])
    return decode.thread(await client.wire.ask("make the thread", made))


def _newest(values: Any) -> list[Json]:
    """A state as an input that no node ran on."""
    if not values:
        return []
    return [
        {"updates": [{"values": values, "as_node": INPUT}]},
        {"updates": [{"values": values, "as_node": _START}]},
        {"updates": [{"values": None, "as_node": _END}]},
    ]


def _differing(wanted: Any, found: Any) -> tuple[str, ...]:
    if not (isinstance(wanted, dict) and isinstance(found, dict)):
        return () if wanted == found or not (wanted or found) else ("the state",)
    return tuple(sorted(key for key in {*wanted, *found} if wanted.get(key) != found.get(key)))
