"""A graph for each way to declare a context. Each answers with the context that it got."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Annotated, Any, Literal

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime
from pydantic import BaseModel, Field
from typing_extensions import NotRequired, TypedDict


class State(TypedDict):
    text: str
    seen: Any


def answer(state: State, runtime: Runtime) -> dict:
    context = runtime.context
    return {"seen": context.model_dump(mode="json") if isinstance(context, BaseModel) else repr(context)}


def build(**schema: Any):
    builder = StateGraph(State, **schema)
    builder.add_node("answer", answer)
    builder.add_edge(START, "answer")
    builder.add_edge("answer", END)
    return builder.compile()


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Retrieval(BaseModel):
    """Where facts come from."""

    source: Literal["docs", "web"] = "docs"
    count: int = Field(3, ge=1, le=10)


class PydanticContext(BaseModel):
    """Every kind of field."""

    system_prompt: str = Field(
        "You are {name}.\nBe brief.",
        description="The system prompt",
        json_schema_extra={"langgraph_nodes": ["answer"], "langgraph_type": "prompt"},
    )
    temperature: float = Field(0.5, ge=0, le=2)
    retries: int = Field(2, ge=0)
    verbose: bool = False
    language: Literal["en", "de", "fr"] = "en"
    colour: Colour = Colour.RED
    tools: list[Literal["search", "calculator"]] = ["search"]
    colours: list[Colour] = [Colour.RED]
    keywords: list[str] = Field(default_factory=list)
    limit: int | None = None
    nickname: str | None = Field(None, max_length=20)
    retrieval: Retrieval = Retrieval()
    sources: list[Retrieval] = []
    headers: dict[str, str] = {}
    anything: Any = None
    model: str = Field(
        "small",
        json_schema_extra={
            "x_oap_ui_config": {
                "type": "select",
                "label": "Model",
                "options": [{"label": "Small", "value": "small"}, {"label": "Large", "value": "large"}],
            }
        },
    )
    creativity: float = Field(
        0.3, json_schema_extra={"x_oap_ui_config": {"type": "slider", "min": 0, "max": 1, "step": 0.1}}
    )


@dataclass
class DataclassContext:
    """A dataclass."""

    system_prompt: str = field(
        default="You are a writer",
        metadata={"description": "The prompt", "json_schema_extra": {"langgraph_type": "prompt"}},
    )
    temperature: Annotated[float, Field(ge=0, le=1)] = 0.5
    tags: list[str] = field(default_factory=list)


class TypedDictContext(TypedDict, total=False):
    """A typed dictionary."""

    system_prompt: Annotated[str, Field(description="The prompt", json_schema_extra={"langgraph_type": "prompt"})]
    temperature: float


class OldContext(TypedDict):
    prompt: NotRequired[str]


@dataclass
class RequiredContext:
    """A field without a default."""

    user: str
    prompt: str = "Hello"


with_pydantic = build(context_schema=PydanticContext)
with_dataclass = build(context_schema=DataclassContext)
with_typeddict = build(context_schema=TypedDictContext)
with_config_schema = build(config_schema=OldContext)
without = build()
with_required = build(context_schema=RequiredContext)
