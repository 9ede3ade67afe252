"""What a LangGraph server knows, as plain values. Times are aware; `context` and `config` never mirror each other.

`config` is without `configurable`: LangGraph keeps a copy of the context there, and two copies are one too many.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

# Metadata of a run, and so of its thread and checkpoints: what ran, where the server can't say it. Flat, since
# LangGraph keeps no nested values in checkpoints.
RAN_AS, RAN_ASSISTANT = "playground_ran_as", "playground_ran_assistant"
RAN_VERSION, RAN_CONTEXT, RAN_DRAFT = "playground_ran_version", "playground_ran_context", "playground_ran_draft"

RAN = ("assistant_id", "assistant_version", "context_hash", RAN_AS, RAN_ASSISTANT, RAN_VERSION, RAN_CONTEXT, RAN_DRAFT)
"""All that `ran` reads of metadata."""

SAMPLE = "sample"
"""What a thread's metadata has as `playground` if it was made for one of many samples."""


VARIANT: Final = "variant"
Unsaved = bool | Literal["variant"]
"""How what runs is no version: True for an edit that wasn't saved, VARIANT for a version run with another context."""


def unsaved(told: Any) -> Unsaved:
    """What metadata says of it."""
    return VARIANT if told == VARIANT else bool(told)


def version_title(version: int | None, draft: Unsaved = False) -> str:
    """`v7`; `v7*` for a variant of it, `draft`; "" where the version isn't known."""
    if draft and draft != VARIANT:
        return "draft"
    if version is None:
        return VARIANT if draft else ""
    return f"v{version}*" if draft else f"v{version}"


def ran_title(name: str, version: int | None, draft: Unsaved = False) -> str:
    """`support@v7`, `support@v7*`, `support@draft`; the name alone where the version isn't known."""
    which = version_title(version, draft)
    return f"{name}@{which}" if which else name


def ran(metadata: dict[str, Any]) -> dict[str, Any]:
    """Which assistant made a run, thread or checkpoint: its "assistant_id", "version", "context_hash", "draft".

    What a client noted counts only as long as the server's own word (the id, and the hash if there is one) agrees with
    it: on a thread it stays behind when another assistant runs there.
    """
    assistant_id, context = metadata.get("assistant_id"), metadata.get("context_hash")
    told = metadata.get(RAN_CONTEXT)
    if assistant_id and metadata.get(RAN_AS) == assistant_id and context in (None, told):
        return {
            "assistant_id": metadata.get(RAN_ASSISTANT),
            "version": metadata.get(RAN_VERSION),
            "context_hash": told,
            "draft": metadata.get(RAN_DRAFT),
        }
    return {
        "assistant_id": assistant_id,
        "version": metadata.get("assistant_version"),
        "context_hash": context,
    }


class _Ran:
    """What its metadata says of the assistant behind a thread, checkpoint or run; None where the server doesn't say."""

    __slots__ = ()
    metadata: dict[str, Any]

    @property
    def version(self) -> int | None:
        return ran(self.metadata).get("version")

    @property
    def context_hash(self) -> str | None:
        return ran(self.metadata).get("context_hash")

    @property
    def draft(self) -> Unsaved:
        """An edit that was not saved, or a variant, ran, based on `version`."""
        return unsaved(ran(self.metadata).get("draft"))


@dataclass(frozen=True, slots=True)
class Graph:
    """`state` is "loading", "ready" or "failed"; a failed one has an error and its traceback.

    `source` is its file, `line` where in it the graph is defined; None where the server doesn't tell.
    """

    graph_id: str
    state: str = "ready"
    error: str | None = None
    traceback: str | None = None
    source: str | None = None
    description: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Assistant:
    """A named configuration of a graph, as its active version has it.

    `runs` is None where the server doesn't count them; `labels` are those of the active version, `label_versions` all
    of the assistant's: the version that each names.
    """

    assistant_id: str
    graph_id: str
    name: str
    version: int
    context: dict[str, Any]
    config: dict[str, Any]
    metadata: dict[str, Any]
    description: str | None
    created_at: datetime
    updated_at: datetime
    runs: int | None
    labels: tuple[str, ...]
    is_default: bool
    context_hash: str
    label_versions: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Version:
    """One saved state of an assistant. `active` marks the one that runs when none is named."""

    assistant_id: str
    graph_id: str
    version: int
    name: str
    description: str | None
    context: dict[str, Any]
    config: dict[str, Any]
    metadata: dict[str, Any]
    created_at: datetime
    context_hash: str
    note: str | None = None
    labels: tuple[str, ...] = ()
    active: bool = False


@dataclass(frozen=True, slots=True)
class LabelFacts:
    """Where a label is, and who put it there, when and why; what nobody said is None."""

    label: str
    version: int
    by: str | None = None
    why: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Promotion:
    """`version` was made active instead of `from_version`. `key` is its own among those of the assistant."""

    version: int
    from_version: int
    by: str | None
    note: str | None
    at: datetime
    key: str


@dataclass(frozen=True, slots=True)
class Schemas:
    """A graph's JSON schemas; None where it declares none."""

    graph_id: str
    input: dict[str, Any] | None
    output: dict[str, Any] | None
    state: dict[str, Any] | None
    context: dict[str, Any] | None
    config: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Interrupt:
    """What a paused run asks; it goes on with `command={"resume": …}`, or `{"resume": {id: …}}` where several wait.

    `schema` is that of its answer, where the graph gave one.
    """

    id: str | None
    value: Any
    schema: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Thread(_Ran):
    """`status` is "idle", "busy", "interrupted" or "error"; `values` is None before the first checkpoint."""

    thread_id: str
    status: str
    created_at: datetime
    updated_at: datetime
    metadata: dict[str, Any]
    values: Any
    interrupts: tuple[Interrupt, ...] = ()
    error: dict[str, Any] | None = None

    @property
    def graph_id(self) -> str | None:
        return self.metadata.get("graph_id")

    @property
    def is_sample(self) -> bool:
        """Whether it was made for one of many samples."""
        return self.metadata.get("playground") == SAMPLE

    @property
    def assistant_id(self) -> str | None:
        """The last assistant that ran here."""
        return ran(self.metadata).get("assistant_id")


@dataclass(frozen=True, slots=True)
class State(_Ran):
    """A thread at one checkpoint. `tasks` are as the API has them: id, name, path, error, interrupts, result …"""

    checkpoint_id: str | None
    parent_checkpoint_id: str | None
    values: Any
    next: tuple[str, ...]
    tasks: tuple[dict[str, Any], ...]
    metadata: dict[str, Any]
    created_at: datetime | None
    interrupts: tuple[Interrupt, ...]

    @property
    def step(self) -> int | None:
        """-1 is the input of the first run."""
        return self.metadata.get("step")

    @property
    def assistant_id(self) -> str | None:
        """Whose run made this checkpoint; None if an update of the state did."""
        return ran(self.metadata).get("assistant_id")


@dataclass(frozen=True, slots=True)
class Run(_Ran):
    """`status` is "pending", "running", "success", "error", "interrupted" or "timeout".

    `notices`: what our server saw of it, a sentence each: a node that blocked the event loop, or can't be stopped.
    """

    run_id: str
    thread_id: str
    assistant_id: str
    status: str
    created_at: datetime
    updated_at: datetime
    metadata: dict[str, Any]
    error: dict[str, Any] | None = None
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """Why a run doesn't run yet: `reason` is "slot" (as many run as may), "thread" (an earlier run on it) or "time".

    `ahead`: so many runs that wait get a slot before it.
    """

    reason: str
    ahead: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """An edit that is not saved. `content` is the editor's: "context", "config", "name", "description" …"""

    assistant_id: str
    base_version: int
    content: dict[str, Any]
    updated_at: datetime

    @property
    def context(self) -> dict[str, Any]:
        """Empty if what was typed is no object yet, which can neither run nor be saved."""
        context = self.content.get("context")
        return dict(context) if isinstance(context, dict) else {}

    @property
    def is_unread(self) -> bool:
        """Whether it has text that can't be read as a value: what it would run is not what it says."""
        return bool(self.content.get("texts"))


@dataclass(frozen=True, slots=True)
class Runnable:
    """A resolved ref: exactly what will run.

    A draft or a variant has the version it is based on, and its own context and config.
    """

    ref: str
    assistant_id: str
    graph_id: str
    name: str
    version: int
    context: dict[str, Any]
    context_hash: str
    config: dict[str, Any] = field(default_factory=dict)
    draft: Unsaved = False

    @property
    def title(self) -> str:
        """`support@v7`, as the screens and the command show it."""
        return ran_title(self.name, self.version, self.draft)


@dataclass(frozen=True, slots=True)
class GraphsChanged:
    """A graph was loaded, or failed to; `graphs` are all of them."""

    graphs: tuple[Graph, ...]


@dataclass(frozen=True, slots=True)
class ServerLost:
    """The server went away. `log`: its last lines. `gave_up`: it will not be started again unless asked to.

    `asked`: somebody wanted it to end, to have it started again.
    """

    reason: str
    log: tuple[str, ...] = ()
    gave_up: bool = False
    asked: bool = False


@dataclass(frozen=True, slots=True)
class ServerBack:
    """A server answers again; the same Client talks to it now."""


ServerEvent = GraphsChanged | ServerLost | ServerBack
