"""writer: plans a text, then writes it. The prompt decides what kind of text it becomes."""

from typing import Literal

from langchain_core.messages import AnyMessage, SystemMessage
from langgraph.constants import TAG_NOSTREAM
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.runtime import Runtime
from pydantic import BaseModel, Field
from typing_extensions import TypedDict  # pydantic asks for it below Python 3.12

from sample_agents.models import MODEL_HELP, SCRIPTED, chat_model

PROMPT = """You are a versatile writer.
Write a short, clear text on the topic that the user names. Use plain words and short sentences."""


class Context(BaseModel):
    """How the writer writes."""

    system_prompt: str = Field(
        PROMPT,
        description="What to write, for whom, and how: “Write a long blog post …”, “Write a concise tweet …”.",
        json_schema_extra={"langgraph_nodes": ["write"], "langgraph_type": "prompt"},
    )
    model: str = Field(SCRIPTED, description=MODEL_HELP, json_schema_extra={"langgraph_nodes": ["plan", "write"]})
    temperature: float = Field(
        0.7, ge=0, le=2, description="0 is sober, 2 is wild.", json_schema_extra={"langgraph_nodes": ["write"]}
    )
    tone: Literal["neutral", "friendly", "formal", "witty", "enthusiastic"] = Field(
        "neutral", description="The voice of the text.", json_schema_extra={"langgraph_nodes": ["write"]}
    )
    max_words: int = Field(
        200, ge=5, le=2000, description="The text is never longer.", json_schema_extra={"langgraph_nodes": ["write"]}
    )
    include_hashtags: bool = Field(
        False, description="End with hashtags.", json_schema_extra={"langgraph_nodes": ["write"]}
    )


class State(MessagesState):
    """A conversation, and the outline of the latest text."""

    outline: list[str]


class Update(TypedDict, total=False):
    """What a node adds to the state."""

    messages: list[AnyMessage]
    outline: list[str]


class Outline(BaseModel):
    """The outline of a text."""

    points: list[str] = Field(description="Three points, in the order in which to make them.")


async def plan(state: State, runtime: Runtime[Context]) -> Update:
    """Outline the text before writing it; the outline is not part of the answer, so it doesn't stream."""
    model = await chat_model(runtime.context.model, temperature=0)
    planner = model.with_structured_output(Outline).with_config(tags=[TAG_NOSTREAM])
    instruction = SystemMessage("Outline a text on what the user asks for, in three points.")
    outline = Outline.model_validate(await planner.ainvoke([instruction, *state["messages"]]))
    return {"outline": outline.points}


async def write(state: State, runtime: Runtime[Context]) -> Update:
    """Write the text along the outline."""
    model = await chat_model(runtime.context.model, temperature=runtime.context.temperature)
    instruction = SystemMessage(instructions(runtime.context, state["outline"]))
    return {"messages": [await model.ainvoke([instruction, *state["messages"]])]}


def instructions(context: Context, outline: list[str]) -> str:
    """The prompt, and what the other fields ask for in words."""
    points = "\n".join(f"- {point}" for point in outline)
    wishes = [f"Tone: {context.tone}.", f"Write at most {context.max_words} words."]
    if context.include_hashtags:
        wishes.append("End with hashtags.")
    return f"{context.system_prompt}\n\n{' '.join(wishes)}\n\nOutline:\n{points}"


builder = StateGraph(State, input_schema=MessagesState, context_schema=Context)
builder.add_node(plan)
builder.add_node(write)
builder.add_edge(START, "plan")
builder.add_edge("plan", "write")
builder.add_edge("write", END)
graph = builder.compile(name="writer")
