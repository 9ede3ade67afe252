"""Contexts whose own type says more than a JSON schema can, or misbehaves while it does."""

import sys
import time
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from langchain_core.runnables import RunnableConfig
from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime
from langgraph_sdk.runtime import ServerRuntime
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator
from typing_extensions import TypedDict


class State(TypedDict):
    text: str


def answer(state: State, runtime: Runtime) -> dict:
    return {"text": "fine"}


def build(schema: Any = None):
    builder = StateGraph(State, context_schema=schema)
    builder.add_node("answer", answer)
    builder.add_edge(START, "answer")
    builder.add_edge("answer", END)
    return builder.compile()


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int = Field(9, ge=1)


class Dog(BaseModel):
    kind: Literal["dog"]
    name: str


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")
    size: int = 1


class Checked(BaseModel):
    tone: str = "dry"
    loud: bool = False
    heat: float = Field(0.5, le=2)
    pet: Annotated[Cat | Dog, Field(discriminator="kind")] | None = None
    either: int | list[str] = 1
    tool: Strict | Cat | None = None
    rows: list[Strict] = []
    limits: dict[Annotated[str, Field(pattern="^[a-z]+$")], int] = {}
    api_key: str = ""
    secret: SecretStr = SecretStr("")
    model_name: str = Field("small", alias="model")

    @field_validator("tone")
    @classmethod
    def known(cls, value: str) -> str:
        if value == "formal":
            raise ValueError("formal was never liked here")
        return value

    @field_validator("api_key")
    @classmethod
    def like_a_key(cls, value: str) -> str:
        if value and not value.startswith("sk-"):
            raise ValueError(f"{value!r} is no key")
        return value

    @field_validator("secret")
    @classmethod
    def long(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() == "hunter2":
            raise ValueError(f"{value.get_secret_value()} is known to everybody")
        return value

    @model_validator(mode="after")
    def together(self) -> "Checked":
        if self.loud and self.tone == "dry":
            raise ValueError("what is loud can't be dry")
        return self


@dataclass
class PostInit:
    low: int
    high: int = 10

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError(f"low is {self.low}, which is above high")


class Odd(BaseModel):
    what: str = ""

    @field_validator("what")
    @classmethod
    def oddly(cls, value: str) -> str:
        if value == "block":
            time.sleep(60)
        if value == "exit":
            sys.exit(3)
        if value == "raise":
            raise KeyError("[/bold]\x1b[31mno such thing")
        return value


class Typed(TypedDict, total=False):
    heat: float


def factory(config: RunnableConfig):
    if config["configurable"].get("model") == "gone":
        raise LookupError("there is no model gone")
    return build(Checked)


def runtime_factory(runtime: ServerRuntime[PostInit]):
    return build()


checked = build(Checked)
post_init = build(PostInit)
blocks = exits = raises = build(Odd)
typed = build(Typed)
none = build()
