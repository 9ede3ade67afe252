"""What a client asks of a run."""

from dataclasses import dataclass, field
from typing import Any, Literal

JSON = dict[str, Any]
Multitask = Literal["reject", "enqueue", "interrupt", "rollback"]

STREAM_MODES = frozenset(
    {"values", "updates", "messages", "messages-tuple", "custom", "tasks", "checkpoints", "debug", "events"}
)


@dataclass(frozen=True, slots=True)
class RunRequest:
    """A run as asked for; field names and defaults are those of the LangGraph API.

    `assistant_id` is an assistant's id or a graph's name, either with `@<version>` behind it to run that version.
    """

    assistant_id: str
    input: Any = None
    command: JSON | None = None
    config: JSON | None = None
    context: JSON | None = None
    metadata: JSON | None = None
    checkpoint: JSON | None = None
    checkpoint_id: str | None = None
    stream_modes: tuple[str, ...] = ("values",)
    stream_subgraphs: bool = False
    stream_resumable: bool = False
    interrupt_before: str | list[str] | None = None
    interrupt_after: str | list[str] | None = None
    durability: Literal["sync", "async", "exit"] = "async"
    multitask_strategy: Multitask = "enqueue"
    after_seconds: float = 0
    temporary: bool = False
    kwargs: JSON = field(default_factory=dict)

    def start_checkpoint(self) -> JSON:
        """The checkpoint to start from, as keys of `configurable`; empty for the thread's latest."""
        given = {key: value for key, value in (self.checkpoint or {}).items() if value is not None}
        given.pop("thread_id", None)
        return given | ({"checkpoint_id": self.checkpoint_id} if self.checkpoint_id else {})


def command_input(command: JSON) -> Any:
    """langgraph's Command from the API's: resume, update (a dict or pairs), goto (names, or {node, input}).

    None for one that says nothing: langgraph doesn't take it.
    """
    from langgraph.types import Command, Send

    def target(item: Any) -> Any:
        return Send(item["node"], item.get("input")) if isinstance(item, dict) else item

    goto, update, resume = (command.get(key) for key in ("goto", "update", "resume"))
    targets = [target(item) for item in (goto if isinstance(goto, list) else [goto] if goto else [])]
    if isinstance(update, list) and all(_is_pair(item) for item in update):
        update = [tuple(pair) for pair in update]
    if update is None and resume is None and not targets:
        return None
    return Command(update=update, resume=resume, goto=targets)


def _is_pair(item: Any) -> bool:
    return isinstance(item, list) and len(item) == 2 and isinstance(item[0], str)
