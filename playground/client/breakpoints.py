"""Where a thread's runs pause: before or after nodes of its graph. Kept on the server, for every terminal."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from playground.client.run_options import RunOptions

if TYPE_CHECKING:
    from playground.client.client import Client

EVERYWHERE = "*"
"""In place of nodes' names: after each step."""


@dataclass(frozen=True, slots=True)
class Breakpoints:
    """Names of the graph's own nodes; those inside of its subgraphs can't be named to a server."""

    before: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.before or self.after)

    def toggled(self, node: str, where: str) -> "Breakpoints":
        """With or without one "before" or "after" the node."""
        if where == "before":
            return replace(self, before=self.before ^ {node})
        return replace(self, after=self.after ^ {node})

    def within(self, options: RunOptions) -> RunOptions:
        """The options of a run that pauses here, too."""
        return replace(
            options,
            interrupt_before=tuple(sorted({*options.interrupt_before, *self.before})),
            interrupt_after=tuple(sorted({*options.interrupt_after, *self.after})),
        )

    def marks(self) -> dict[str, str]:
        """For each node that has one, what a drawing says: `‖ before`."""
        nodes = sorted(self.before | self.after)
        return {
            node: "‖ "
            + " and ".join(word for word, there in (("before", self.before), ("after", self.after)) if node in there)
            for node in nodes
        }


def one_step(options: RunOptions) -> RunOptions:
    """The options of a run that pauses after its next step."""
    return replace(options, interrupt_before=(), interrupt_after=(EVERYWHERE,))


async def read_breakpoints(client: "Client", thread_id: str) -> Breakpoints:
    """Those of a thread. Raises PlaygroundError."""
    kept = await client.notes.value(_key(thread_id))
    if not isinstance(kept, dict):
        return Breakpoints()
    return Breakpoints(_names(kept.get("before")), _names(kept.get("after")))


async def keep_breakpoints(client: "Client", thread_id: str, breakpoints: Breakpoints) -> None:
    """Raises PlaygroundError."""
    kept = {"before": sorted(breakpoints.before), "after": sorted(breakpoints.after)} if breakpoints else None
    await client.notes.set_value(_key(thread_id), kept)


def _key(thread_id: str) -> str:
    return f"breakpoints/{thread_id}"


def _names(kept: Any) -> frozenset[str]:
    return frozenset(name for name in kept if isinstance(name, str)) if isinstance(kept, list) else frozenset()
