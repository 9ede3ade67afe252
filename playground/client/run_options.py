"""How a run is run, beside what it runs: what a thread keeps for its runs, or what is chosen for one."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from playground.client.values import VARIANT, Runnable
from playground.refs import context_hash


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What the server is asked for; None, or nothing, leaves it as the server and the assistant have it.

    `stream_modes` are asked for beside those that the screens need. `context` is laid over the version's: what runs
    then is an unsaved variant of it; it is for versions of the assistant `context_of`, None for any.
    `interrupt_before` and `interrupt_after` are the names of nodes.
    """

    stream_modes: tuple[str, ...] = ()
    recursion_limit: int | None = None
    durability: str | None = None
    context: Mapping[str, Any] = field(default_factory=dict)
    context_of: str | None = None
    multitask_strategy: str | None = None
    interrupt_before: tuple[str, ...] = ()
    interrupt_after: tuple[str, ...] = ()

    def runnable(self, runnable: Runnable) -> Runnable:
        """What runs with these options: itself, or a variant of it that is no version."""
        if self.context_of not in (None, runnable.assistant_id):
            return runnable
        context = {**runnable.context, **self.context}
        if context == runnable.context:
            return runnable
        return replace(runnable, context=context, context_hash=context_hash(context), draft=runnable.draft or VARIANT)

    @property
    def config(self) -> dict[str, Any] | None:
        """What is laid over the assistant's config."""
        return {"recursion_limit": self.recursion_limit} if self.recursion_limit is not None else None
