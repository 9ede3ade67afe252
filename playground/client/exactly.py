"""How a server is asked to run exactly this: one version, or a draft, whatever happens to the assistant meanwhile."""

from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

from playground.client.assistant_list import PIN
from playground.client.assistants import Assistants
from playground.client.decode import Json
from playground.client.values import RAN_AS, RAN_ASSISTANT, RAN_CONTEXT, RAN_DRAFT, RAN_VERSION, Runnable
from playground.client.wire import Wire
from playground.refs import context_hash


@dataclass(frozen=True, slots=True)
class Request:
    """What a run is asked with. `metadata` says what ran where the server can't; the run and its thread carry it."""

    assistant_id: str
    context: Json | None = None
    config: Json | None = None
    metadata: Json | None = None


class Exactly:
    def __init__(self, wire: Wire, assistants: Assistants) -> None:
        self._wire = wire
        self._assistants = assistants

    async def request(self, runnable: Runnable) -> Request:
        """Our server runs any version by its number, and a draft that only adds to one. For all else there are pins."""
        if await self._wire.is_own():
            numbered = f"{runnable.assistant_id}@{runnable.version}"
            if not runnable.draft:
                return Request(numbered)
            if await self._only_adds(runnable):
                told = _told(runnable, runnable.assistant_id)
                return Request(numbered, runnable.context or None, runnable.config or None, told)
        held_by = await self._pin(runnable)
        # The context is sent along because a thread may keep the values of the first assistant that ran on it.
        return Request(held_by, runnable.context or None, None, _told(runnable, held_by))

    async def _only_adds(self, runnable: Runnable) -> bool:
        """Whether the draft, laid over its version as a server lays a request over an assistant, is the draft."""
        versions = await self._assistants.versions(runnable.assistant_id)
        base = next((version for version in versions if version.version == runnable.version), None)
        if base is None or base.graph_id != runnable.graph_id:
            return False
        return base.context.keys() <= runnable.context.keys() and base.config.keys() <= runnable.config.keys()

    async def _pin(self, runnable: Runnable) -> str:
        """The id of a hidden assistant that is exactly `runnable`.

        The id comes from what it holds, so a pin is made once. One that somebody edited is put right.
        """
        held_by = pin_id(runnable)
        pin = await self._assistants.create(
            runnable.graph_id,
            runnable.title,
            runnable.context,
            config=runnable.config,
            metadata=pin_metadata(runnable),
            assistant_id=held_by,
        )
        if (pin.graph_id, pin.context, pin.config) != (runnable.graph_id, runnable.context, runnable.config):
            await self._assistants.overwrite(pin, runnable.graph_id, runnable.context, runnable.config)
        return held_by


def pin_id(runnable: Runnable) -> str:
    """The id of the helper that is exactly `runnable`."""
    held = f"{runnable.assistant_id}@{runnable.version}:{runnable.context_hash}:{context_hash(runnable.config)}"
    return str(uuid5(NAMESPACE_URL, f"playground:pin:{runnable.graph_id}:{held}"))


def pin_metadata(runnable: Runnable) -> Json:
    """What tells a helper from the user's own assistants."""
    return {"playground": PIN, "pin_of": runnable.assistant_id, "pin_version": runnable.version}


def _told(runnable: Runnable, runs_as: str) -> Json:
    """What `values.ran` reads; it only holds for runs of that id with that context."""
    return {
        RAN_AS: runs_as,
        RAN_ASSISTANT: runnable.assistant_id,
        RAN_VERSION: runnable.version,
        RAN_CONTEXT: runnable.context_hash,
        RAN_DRAFT: runnable.draft,
    }
