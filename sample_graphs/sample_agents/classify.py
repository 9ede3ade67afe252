"""classify: gives a text one of your labels, and says how sure it is. Not a chat."""

from dataclasses import dataclass, field
from typing import Annotated, Any, NotRequired

from langchain_core.messages import HumanMessage, SystemMessage
from langgraph.constants import TAG_NOSTREAM
from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime
from pydantic import Field
from typing_extensions import TypedDict  # pydantic asks for it below Python 3.12

from sample_agents.models import MODEL_HELP, SCRIPTED, chat_model

PROMPT = """Choose the label that fits the text best.
billing: invoices, prices, charged twice
bug: crashes, errors, something that used to work"""
DEFAULT_LABELS = ("billing", "bug", "feature", "question", "praise")


@dataclass
class Context:
    """How texts are classified."""

    instructions: str = field(
        default=PROMPT,
        metadata={
            "description": "What to look for. A line `label: words, more words` says what speaks for a label.",
            "json_schema_extra": {"langgraph_nodes": ["classify"], "langgraph_type": "prompt"},
        },
    )
    model: str = field(
        default=SCRIPTED,
        metadata={"description": MODEL_HELP, "json_schema_extra": {"langgraph_nodes": ["classify"]}},
    )
    min_confidence: Annotated[float, Field(ge=0, le=1)] = field(
        default=0.3,
        metadata={
            "description": "Below it, the text gets the label of the next field.",
            "json_schema_extra": {"langgraph_nodes": ["check"]},
        },
    )
    unsure_label: str = field(
        default="unsure",
        metadata={
            "description": "The label of texts that nothing fits.",
            "json_schema_extra": {"langgraph_nodes": ["check"]},
        },
    )


class Input(TypedDict):
    """What to classify."""

    text: Annotated[str, Field(description="The text to classify.")]
    labels: NotRequired[Annotated[list[str], Field(description=f"Default: {', '.join(DEFAULT_LABELS)}.")]]


class Output(TypedDict):
    """The decision."""

    label: Annotated[str, Field(description="One of the labels, or the one for unsure.")]
    confidence: Annotated[float, Field(ge=0, le=1, description="From 0, a guess, to 1, certain.")]


class State(Input, Output):
    """Both."""


async def classify(state: State, runtime: Runtime[Context]) -> Output:
    """Ask the model for the label that fits best."""
    labels = list(dict.fromkeys(state.get("labels") or DEFAULT_LABELS))
    model = await chat_model(runtime.context.model, temperature=0)
    decider = model.with_structured_output(_answer_schema(labels)).with_config(tags=[TAG_NOSTREAM])
    instruction = SystemMessage(f"{runtime.context.instructions}\n\nLabels: {', '.join(labels)}")
    decision: Any = await decider.ainvoke([instruction, HumanMessage(state["text"])])
    return {"label": str(decision["label"]), "confidence": float(decision["confidence"])}


def _answer_schema(labels: list[str]) -> dict[str, Any]:
    return {
        "title": "decision",
        "description": "The label that fits the text best.",
        "type": "object",
        "properties": {
            "label": {"type": "string", "enum": labels, "description": "The label."},
            "confidence": {"type": "number", "minimum": 0, "maximum": 1, "description": "How sure you are."},
        },
        "required": ["label", "confidence"],
    }


def check(state: State, runtime: Runtime[Context]) -> dict[str, str]:
    """Replace a label that the model isn't sure of."""
    sure = state["confidence"] >= runtime.context.min_confidence
    return {"label": state["label"] if sure else runtime.context.unsure_label}


builder = StateGraph(State, input_schema=Input, output_schema=Output, context_schema=Context)
builder.add_node(classify)
builder.add_node(check)
builder.add_edge(START, "classify")
builder.add_edge("classify", "check")
builder.add_edge("check", END)
graph = builder.compile(name="classify")
