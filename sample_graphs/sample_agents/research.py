"""research: splits a topic into questions, answers them side by side, and sums up."""

from typing import Annotated, Any, Literal

from langchain_core.messages import AnyMessage, HumanMessage, SystemMessage
from langgraph.constants import TAG_NOSTREAM
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.runtime import Runtime
from langgraph.types import Send
from pydantic import BaseModel, Field
from typing_extensions import TypedDict  # pydantic asks for it below Python 3.12

from sample_agents.models import MODEL_HELP, SCRIPTED, chat_model

PLAN_PROMPT = "Split the user's topic into questions that somebody new to it would ask."
ANSWER_PROMPT = "Answer the question in at most 60 words, in plain words."
SUMMARY_PROMPT = "Write a summary of the findings: one point for each, and what follows from them."


class Context(BaseModel):
    """How the research is done."""

    plan_prompt: str = Field(
        PLAN_PROMPT,
        description="How to split the topic.",
        json_schema_extra={"langgraph_nodes": ["plan"], "langgraph_type": "prompt"},
    )
    answer_prompt: str = Field(
        ANSWER_PROMPT,
        description="How to answer one question.",
        json_schema_extra={"langgraph_nodes": ["investigate"], "langgraph_type": "prompt"},
    )
    summary_prompt: str = Field(
        SUMMARY_PROMPT,
        description="How to sum up.",
        json_schema_extra={"langgraph_nodes": ["summarise"], "langgraph_type": "prompt"},
    )
    questions: int = Field(
        3, ge=1, le=8, description="How many questions to ask.", json_schema_extra={"langgraph_nodes": ["plan"]}
    )
    depth: Literal["quick", "thorough"] = Field(
        "quick",
        description="A thorough answer is checked and written again.",
        json_schema_extra={"langgraph_nodes": ["investigate"]},
    )
    model: str = Field(
        SCRIPTED, description=MODEL_HELP, json_schema_extra={"langgraph_nodes": ["plan", "investigate", "summarise"]}
    )


class Finding(TypedDict):
    """A question and its answer."""

    number: int
    question: str
    answer: str


def gather(old: list[Finding], new: list[Finding]) -> list[Finding]:
    """The findings so far and new ones, in the order of the questions; an empty list starts over."""
    return sorted([*old, *new], key=lambda finding: finding["number"]) if new else []


class State(MessagesState):
    """A conversation, and the latest research."""

    questions: list[str]
    findings: Annotated[list[Finding], gather]


class Update(TypedDict, total=False):
    """What a node adds to the state."""

    messages: list[AnyMessage]
    questions: list[str]
    findings: list[Finding]


class Investigation(TypedDict):
    """The work on one question of several."""

    number: int
    of: int
    question: str
    draft: str
    findings: list[Finding]


class Questions(BaseModel):
    """The questions to answer."""

    questions: list[str] = Field(description="One short question each.")


async def plan(state: State, runtime: Runtime[Context]) -> Update:
    """Split the topic into questions."""
    count = runtime.context.questions
    runtime.stream_writer({"step": "plan", "text": f"Looking for {count} questions"})
    model = await chat_model(runtime.context.model, temperature=0)
    planner = model.with_structured_output(Questions).with_config(tags=[TAG_NOSTREAM])
    instruction = SystemMessage(f"{runtime.context.plan_prompt}\n\nAsk exactly {count} questions.")
    planned = Questions.model_validate(await planner.ainvoke([instruction, *state["messages"]]))
    return {"questions": planned.questions[:count], "findings": []}


def fan_out(state: State) -> list[Send] | Literal["summarise"]:
    """An investigation for each question, all at the same time."""
    questions = state["questions"]
    if not questions:
        return "summarise"
    return [
        Send("investigate", {"number": number, "of": len(questions), "question": question})
        for number, question in enumerate(questions, start=1)
    ]


async def answer(state: Investigation, runtime: Runtime[Context]) -> dict[str, Any]:
    """Answer a question."""
    _report(runtime, state, "answer", f"Answering: {state['question']}")
    return {"draft": await _ask(runtime.context, runtime.context.answer_prompt, state["question"])}


async def check(state: Investigation, runtime: Runtime[Context]) -> dict[str, Any]:
    """Look at an answer again: a thorough one is rewritten."""
    text = state["draft"]
    if runtime.context.depth == "thorough":
        _report(runtime, state, "check", f"Checking: {state['question']}")
        text = await _ask(runtime.context, f"{runtime.context.answer_prompt} Check it twice.", state["question"])
    _report(runtime, state, "done", f"Done: {state['question']}")
    return {"findings": [Finding(number=state["number"], question=state["question"], answer=text)]}


def _report(runtime: Runtime[Context], state: Investigation, step: str, text: str) -> None:
    runtime.stream_writer({"step": step, "question": state["number"], "of": state["of"], "text": text})


async def _ask(context: Context, prompt: str, question: str) -> str:
    model = await chat_model(context.model, temperature=0)
    reply = await model.ainvoke([SystemMessage(prompt), HumanMessage(question)])
    return str(reply.text)


async def summarise(state: State, runtime: Runtime[Context]) -> Update:
    """Sum up the findings."""
    runtime.stream_writer({"step": "summarise", "text": f"Summing up {len(state['findings'])} findings"})
    model = await chat_model(runtime.context.model)
    found = "\n".join(f"{f['number']}. {f['question']}\n{f['answer']}\n" for f in state["findings"])
    topic = next(message.text for message in reversed(state["messages"]) if message.type == "human")
    question = HumanMessage(f"Topic: {topic}\n\nFindings:\n\n{found}")
    summary = await model.ainvoke([SystemMessage(runtime.context.summary_prompt), question])
    return {"messages": [summary]}


investigation = StateGraph(Investigation, context_schema=Context)
investigation.add_node(answer)
investigation.add_node(check)
investigation.add_edge(START, "answer")
investigation.add_edge("answer", "check")
investigation.add_edge("check", END)

builder = StateGraph(State, input_schema=MessagesState, context_schema=Context)
builder.add_node(plan)
builder.add_node("investigate", investigation.compile(name="investigate"))
builder.add_node(summarise)
builder.add_edge(START, "plan")
builder.add_conditional_edges("plan", fan_out, ["investigate", "summarise"])
builder.add_edge("investigate", "summarise")
builder.add_edge("summarise", END)
graph = builder.compile(name="research")
