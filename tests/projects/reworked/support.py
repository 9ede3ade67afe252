"""A graph whose context's type is changed while its assistants are in use."""

from typing import Literal

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime
from pydantic import BaseModel, Field, field_validator
from typing_extensions import TypedDict


class State(TypedDict):
    text: str


class Context(BaseModel):
    tone: Literal["formal", "casual", "brief"] = "casual"
    temperature: float = Field(0.5, ge=0, le=3)
    greeting: str = "Hello"

    @field_validator("greeting")
    @classmethod
    def not_shouted(cls, value: str) -> str:
        if value.isupper():
            raise ValueError("must not be shouted")
        return value


def answer(state: State, runtime: Runtime[Context]) -> dict:
    return {"text": f"{runtime.context.greeting} ({runtime.context.tone})"}


builder = StateGraph(State, context_schema=Context)
builder.add_node("answer", answer)
builder.add_edge(START, "answer")
builder.add_edge("answer", END)
graph = builder.compile()
