"""Runs as clients ask for them, checked before anything starts."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator, with_config
from typing_extensions import TypedDict

from playground.runs.request import STREAM_MODES, RunRequest
from playground.server.fields import JSON, Boolean, Config, left_out, number
from playground.store.errors import Invalid

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


class RunCommand(BaseModel):
    """What to do with the thread's state before or instead of an input."""

    model_config = ConfigDict(extra="forbid")

    resume: Any = None
    update: JSON | list[Any] | None = None
    goto: str | Target | list[str | Target] | None = None  # RemoteGraph sends an empty list


@with_config(ConfigDict(extra="allow"))
class StartCheckpoint(TypedDict, total=False):
    """A checkpoint of the thread, as its states name it."""

    thread_id: str | None
    checkpoint_ns: str | None
    checkpoint_id: str | None
    checkpoint_map: JSON | None


def _checkpoint_id(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise ValueError("it must be a UUID") from None


class RunCreate(BaseModel):
    """A run. Without effect here: `feedback_keys` and `langsmith_tracer`, which are about LangSmith."""

    assistant_id: str = Field(description="An assistant's id or a graph's name; `@<version>` behind it runs that one.")
    input: Any = None
    command: RunCommand | None = None
    config: Config = left_out()
    context: JSON = left_out()
    metadata: JSON = left_out()
    checkpoint: StartCheckpoint = left_out()
    checkpoint_id: Annotated[str, AfterValidator(_checkpoint_id)] | None = None
    stream_mode: str | list[str] = left_out()
    stream_subgraphs: Boolean = False
    stream_resumable: Boolean = False
    interrupt_before: Literal["*"] | list[str] = left_out()
    interrupt_after: Literal["*"] | list[str] = left_out()
    feedback_keys: list[str] = left_out()
    langsmith_tracer: JSON | None = None
    webhook: str = left_out()
    on_disconnect: Literal["cancel", "continue"] = "continue"
    on_completion: Literal["delete", "keep"] = "delete"
    multitask_strategy: Literal["reject", "enqueue", "interrupt", "rollback"] = "enqueue"
    if_not_exists: Literal["create", "reject"] = "reject"
    after_seconds: Annotated[float, Field(ge=0), BeforeValidator(number)] = 0
    durability: Literal["sync", "async", "exit"] = left_out()
    checkpoint_during: Boolean = left_out()

    @field_validator("stream_mode")
    @classmethod
    def _known_modes(cls, value: str | list[str]) -> str | list[str]:
        unknown = [mode for mode in ([value] if isinstance(value, str) else value) if mode not in STREAM_MODES]
        if unknown:
            raise ValueError(f"{unknown[0]!r} is not one of {', '.join(sorted(STREAM_MODES))}")
        return value

    def request(self, *, also: str | None = None, stateless: bool = False) -> RunRequest:
        """The engine's request; `also` adds a stream mode that the route itself reads. Raises Invalid."""
        if self.webhook:
            raise Invalid("Webhooks are not supported by this server: leave `webhook` out.")
        modes = self.stream_mode or "values"
        modes = [modes] if isinstance(modes, str) else modes
        temporary = stateless and self.on_completion == "delete"
        given = self.model_dump(include=PASSED_ON | RECORDED, exclude={"command"})
        given["command"] = self.command and self.command.model_dump(exclude_unset=True)
        return RunRequest(
            **{key: given[key] for key in PASSED_ON},
            stream_modes=tuple(dict.fromkeys([*modes, also] if also else modes)),
            durability=self._durability,
            temporary=temporary,
            kwargs={key: given[key] for key in RECORDED}
            | {
                "stream_mode": modes,
                "temporary": temporary,
                "subgraphs": self.stream_subgraphs,
                "resumable": self.stream_resumable,
                "checkpoint_during": self.checkpoint_during is not False,
                "durability": self._durability,
            },
        )

    @property
    def _durability(self) -> Literal["sync", "async", "exit"]:
        if "durability" in self.model_fields_set:
            return self.durability
        return "exit" if self.checkpoint_during is False else "async"


class RunCancel(BaseModel):
    """Which runs to cancel: some of one thread, or all in a status."""

    thread_id: str = left_out()
    run_ids: list[str] = left_out()
    status: Literal["pending", "running", "all"] = left_out()
