"""What a run does, as it happens. A run's events come in the order of this file; only the last one always comes.

The stream may break off at any place: `Disconnected`, and `Reconnected` when it goes on."""

from dataclasses import dataclass
from typing import Any, Final

from playground.client.values import Interrupt

SERVER_DIED: Final = "ServerDied"
"""The error of a run that our server had in flight when its process ended."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server has the run; it may still wait for its turn."""

    run_id: str
    thread_id: str


@dataclass(frozen=True, slots=True)
class Started:
    """The run runs. `attempt` counts from 1."""

    attempt: int


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool call, or a piece of one: pieces with the same `index` belong together, and their `args` are appended.

    `args` is JSON text, whole in a whole message. `id` and `name` come with the first piece.
    """

    index: int
    id: str | None
    name: str | None
    args: str


@dataclass(frozen=True, slots=True)
class MessageChunk:
    """A piece of a message, to be appended to what came with the same `message_id`; or a whole message, then `last`.

    `kind` is "ai", "human", "tool", "system" or what else the server sends. Not every server marks the last piece.
    `tool_call_id` and `status` ("success", "error") are of a tool's answer. `usage` counts input_tokens, output_tokens,
    total_tokens. `cost` is what the model says that the message cost. `cached`: a cache gave it, no model was asked.
    `namespace` is the path of subgraphs, empty for the graph itself.
    """

    message_id: str
    kind: str
    text: str = ""
    reasoning: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None
    name: str | None = None
    usage: dict[str, Any] | None = None
    cost: float | None = None
    node: str | None = None
    namespace: tuple[str, ...] = ()
    last: bool = False
    status: str | None = None
    cached: bool = False


@dataclass(frozen=True, slots=True)
class NodeUpdate:
    """A node is done and wrote `update` (None: nothing). `cached`: it didn't run, a cache knew what it writes."""

    node: str
    update: Any
    namespace: tuple[str, ...] = ()
    cached: bool = False


@dataclass(frozen=True, slots=True)
class Custom:
    """What a graph wrote to its stream writer."""

    data: Any
    namespace: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Values:
    """The whole state after a step; only when asked for."""

    values: Any
    namespace: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Interrupted:
    """The run waits for an answer; `interrupts` is empty at a breakpoint, where it goes on without one."""

    interrupts: tuple[Interrupt, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """The graph raised `error`, an exception's name. Not every server gives a traceback."""

    error: str
    message: str
    traceback: str | None = None


@dataclass(frozen=True, slots=True)
class Disconnected:
    """The stream broke off, `sentence` says how; it is sought until the server is back."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Reconnected:
    """The server is back, and what follows comes from where the stream broke off, as far as it kept it."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The run's status as read after its end: "success", "error", "interrupted" (stopped) or "timeout".

    A run that the graph interrupted is a success: `Interrupted` came before.
    """

    status: str


RunEvent = (
    Accepted
    | Started
    | MessageChunk
    | NodeUpdate
    | Custom
    | Values
    | Interrupted
    | Failed
    | Disconnected
    | Reconnected
    | Ended
)
