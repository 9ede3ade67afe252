"""A context with every kind of field that a form has."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, Optional
from uuid import UUID

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime
from pydantic import BaseModel, Field, SecretStr
from typing_extensions import TypedDict


class State(TypedDict):
    text: str


class Tone(StrEnum):
    BRIEF = "brief"
    CASUAL = "casual"
    FORMAL = "formal"


class Docs(BaseModel):
    """Facts from the project's own pages."""

    kind: Literal["docs"] = "docs"
    folder: str = "docs/"
    depth: int = Field(2, ge=1, le=9)


class Web(BaseModel):
    """Facts from the web."""

    kind: Literal["web"] = "web"
    sites: list[str] = []
    fresh: bool = True


class Node(BaseModel):
    """A step of a plan, with steps of its own."""

    title: str
    steps: list["Node"] = []
    otherwise: Optional["Node"] = None


class Limits(BaseModel):
    tokens: int = Field(4000, ge=0, multiple_of=500)
    seconds: Annotated[float, Field(gt=0, le=120)] = 30.0


class Retrieval(BaseModel):
    """Where facts come from, and how many."""

    source: Literal["docs", "web"] = "docs"
    count: int = Field(3, ge=1, le=10)
    limits: Limits = Limits()


class Example(BaseModel):
    question: str
    answer: str = ""
    weight: float = Field(1.0, ge=0, le=1)


def ui(type_: str, **more: Any) -> dict[str, Any]:
    return {"metadata": {"x_oap_ui_config": {"type": type_, **more}}}


class EveryKind(BaseModel):
    """Every kind of field."""

    system_prompt: str = Field(
        "You are the support agent of {company}.\nAsk for the order id before any refund.",
        description="What the model is told first. {company} is filled in from the field below.",
        json_schema_extra={"langgraph_nodes": ["answer"], "langgraph_type": "prompt"},
    )
    model: str = Field(
        "small",
        json_schema_extra={
            "langgraph_nodes": ["answer"],
            **ui("select", options=[{"label": "Small", "value": "small"}, {"label": "Large", "value": "large"}]),
        },
    )
    temperature: float = Field(
        0.5, ge=0, le=2, description="How random", json_schema_extra={"langgraph_nodes": ["answer"]}
    )
    company: str = Field(description="Whose customers they are", min_length=2, max_length=40)
    tone: Tone = Tone.BRIEF
    signature: str | None = Field(None, description="Put under every answer; none for none")
    retries: int = Field(2, ge=0)
    budget: int = Field(500, ge=0, le=5000, multiple_of=50)
    creativity: float = Field(0.3, json_schema_extra=ui("slider", min=0, max=1, step=0.1))
    verbose: bool = False
    strict: bool | None = None
    tools: list[Literal["search", "calculator", "refund"]] = ["search"]
    keywords: list[str] = Field(default_factory=list, description="Words that end the conversation")
    thresholds: list[float] = [0.2, 0.8]
    greetings: list[str] = ["Hello!\nHow can I help?", "Hi"]
    retrieval: Retrieval = Retrieval()
    fallback: Retrieval | None = None
    examples: list[Example] = []
    source: Annotated[Docs | Web, Field(discriminator="kind")] = Docs()
    either: int | str | list[str] = 1
    headers: dict[str, str] = {"accept": "text/html"}
    weights: dict[str, float] = {}
    teams: dict[str, Example] = {}
    plan: Node | None = None
    since: date | None = None
    until: datetime | None = None
    tenant: UUID | None = None
    pair: tuple[int, str] = (1, "a")
    anything: Any = None
    servers: dict[str, Any] | None = Field(None, json_schema_extra=ui("mcp", label="MCP servers"))
    api_key: SecretStr | None = Field(None, description="The provider's key")


def answer(state: State, runtime: Runtime[EveryKind]) -> dict[str, Any]:
    return {"text": runtime.context.model_dump_json() if runtime.context else ""}


builder = StateGraph(State, context_schema=EveryKind)
builder.add_node("answer", answer)
builder.add_edge(START, "answer")
builder.add_edge("answer", END)
graph = builder.compile()
