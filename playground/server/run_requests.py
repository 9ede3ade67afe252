"""Runs as clients ask for them, checked before anything starts."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

from playground.runs.request import STREAM_MODES, RunRequest
from playground.store.errors import Invalid

JSON = dict[str, Any]

PASSED_ON = {
    *("assistant_id", "input", "config", "context", "metadata", "checkpoint", "checkpoint_id", "command"),
    *("stream_subgraphs", "stream_resumable", "interrupt_before", "interrupt_after"),
    *("multitask_strategy", "after_seconds"),
}
RECORDED = {"input", "command", "interrupt_before", "interrupt_after", "feedback_keys", "webhook"}


class Target(BaseModel):
    """A node to go to, with an input of its own."""

    node: str
    input: Any = None


class Command(BaseModel):
    """What to do with the thread's state before or instead of an input."""

    model_config = ConfigDict(extra="forbid")

    resume: Any = None
    update: JSON | list[Any] | None = None
    goto: str | Target | list[str | Target] | None = None  # RemoteGraph sends an empty list


class Config(BaseModel):
    """A run's configuration; other keys are kept as they are."""

    model_config = ConfigDict(extra="allow")

    tags: list[str] | None = None
    recursion_limit: int | None = None
    configurable: JSON | None = None
    metadata: JSON | None = None


def _checkpoint_id(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise ValueError("it must be a UUID") from None


class Create(BaseModel):
    """A run. Without effect here: `feedback_keys` and `langsmith_tracer`, which are about LangSmith."""

    assistant_id: str = Field(description="An assistant's id or a graph's name; `@<version>` behind it runs that one.")
    input: Any = None
    command: Command | None = None
    config: Config | None = None
    context: JSON | None = None
    metadata: JSON | None = None
    checkpoint: JSON | None = None
    checkpoint_id: Annotated[str, AfterValidator(_checkpoint_id)] | None = None
    stream_mode: str | list[str] | None = None
    stream_subgraphs: bool = False
    stream_resumable: bool = False
    interrupt_before: Literal["*"] | list[str] | None = None
    interrupt_after: Literal["*"] | list[str] | None = None
    feedback_keys: list[str] | None = None
    langsmith_tracer: JSON | None = None
    webhook: str | None = None
    on_disconnect: Literal["cancel", "continue"] = "continue"
    on_completion: Literal["delete", "keep"] = "delete"
    multitask_strategy: Literal["reject", "enqueue", "interrupt", "rollback"] = "enqueue"
    if_not_exists: Literal["create", "reject"] = "reject"
    after_seconds: Annotated[float, Field(ge=0)] = 0
    durability: Literal["sync", "async", "exit"] | None = None
    checkpoint_during: bool | None = None

    @field_validator("stream_mode")
    @classmethod
    def _known_modes(cls, value: str | list[str] | None) -> str | list[str] | None:
        unknown = [mode for mode in ([value] if isinstance(value, str) else value or []) if mode not in STREAM_MODES]
        if unknown:
            raise ValueError(f"{unknown[0]!r} is not one of {', '.join(sorted(STREAM_MODES))}")
        return value

    def request(self, *, also: str | None = None, stateless: bool = False) -> RunRequest:
        """The engine's request; `also` adds a stream mode that the route itself reads. Raises Invalid."""
        if self.webhook:
            raise Invalid("Webhooks are not supported by this server: leave `webhook` out.")
        modes = [self.stream_mode] if isinstance(self.stream_mode, str) else self.stream_mode or ["values"]
        durability = self.durability or ("exit" if self.checkpoint_during is False else "async")
        temporary = stateless and self.on_completion == "delete"
        given = self.model_dump(include=PASSED_ON | RECORDED, exclude={"command", "config"})
        given["command"] = self.command and self.command.model_dump(exclude_unset=True)
        given["config"] = self.config and self.config.model_dump(exclude_unset=True)
        return RunRequest(
            **{key: given[key] for key in PASSED_ON},
            stream_modes=tuple(dict.fromkeys([*modes, also] if also else modes)),
            durability=durability,
            temporary=temporary,
            kwargs={key: given[key] for key in RECORDED}
            | {
                "stream_mode": modes,
                "temporary": temporary,
                "subgraphs": self.stream_subgraphs,
                "resumable": self.stream_resumable,
                "checkpoint_during": self.checkpoint_during is not False,
                "durability": durability,
            },
        )


class Cancel(BaseModel):
    """Which runs to cancel: some of one thread, or all in a status."""

    thread_id: str | None = None
    run_ids: list[str] | None = None
    status: Literal["pending", "running", "all"] | None = None
