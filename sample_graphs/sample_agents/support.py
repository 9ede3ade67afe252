"""support: an agent that calls tools. A refund above the limit waits for somebody's approval."""

import json
import operator
from enum import StrEnum
from typing import Annotated, Any, Literal, cast

from langchain_core.messages import AIMessage, AnyMessage, SystemMessage, ToolCall, ToolMessage
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.runtime import Runtime
from langgraph.types import interrupt
from pydantic import BaseModel, Field
from typing_extensions import TypedDict  # pydantic asks for it below Python 3.12

from sample_agents.models import MODEL_HELP, SCRIPTED, chat_model
from sample_agents.shop import TOOLS

PROMPT = """You are the support agent of {company}, a small lamp shop.
Be friendly and brief. Look up the order before you say anything about it. Refund what arrived broken."""


class ToolName(StrEnum):
    """What the agent can do."""

    LOOKUP_ORDER = "lookup_order"
    TRACK_PARCEL = "track_parcel"
    SEARCH_HELP = "search_help"
    REFUND_ORDER = "refund_order"


class Context(BaseModel):
    """How the agent behaves, and what it may do."""

    system_prompt: str = Field(
        PROMPT,
        description="Who the agent is and what its rules are. `{company}` stands for the company's name.",
        json_schema_extra={"langgraph_nodes": ["agent"], "langgraph_type": "prompt"},
    )
    company: str = Field(
        "Lampions",
        min_length=1,
        description="Takes the place of `{company}` in the prompt.",
        json_schema_extra={"langgraph_nodes": ["agent"]},
    )
    model: str = Field(SCRIPTED, description=MODEL_HELP, json_schema_extra={"langgraph_nodes": ["agent"]})
    temperature: float = Field(
        0.0, ge=0, le=2, description="0 is sober, 2 is wild.", json_schema_extra={"langgraph_nodes": ["agent"]}
    )
    tools: list[ToolName] = Field(
        list(ToolName),
        description="The tools that the agent may call.",
        json_schema_extra={"langgraph_nodes": ["agent", "tools"]},
    )
    refund_limit: float = Field(
        50.0,
        ge=0,
        le=1000,
        description="Dollars. A refund above it waits for approval.",
        json_schema_extra={"langgraph_nodes": ["approve"]},
    )


class State(MessagesState):
    """A conversation, and the dollars refunded in it."""

    refunded: Annotated[float, operator.add]


class Update(TypedDict, total=False):
    """What a node adds to the state."""

    messages: list[AnyMessage]
    refunded: float


async def agent(state: State, runtime: Runtime[Context]) -> Update:
    """Answer, or call tools."""
    context = runtime.context
    model = await chat_model(context.model, temperature=context.temperature)
    tools = [TOOLS[name] for name in context.tools]
    instruction = SystemMessage(context.system_prompt.replace("{company}", context.company))
    answer = await (model.bind_tools(tools) if tools else model).ainvoke([instruction, *state["messages"]])
    return {"messages": [answer]}


def approve(state: State, runtime: Runtime[Context]) -> Update:
    """Wait for somebody's decision on each refund above the limit.

    The interrupt's value and its answer are those of LangChain's Agent Inbox: a list of requests
    `{"action_request": {"action", "args"}, "config": {"allow_…"}, "description"}`, and for each of them
    `{"type": "accept" | "edit" | "response" | "ignore", "args": …}`.
    Source: https://github.com/langchain-ai/agent-inbox
    """
    calls = _large_refunds(state, runtime.context.refund_limit)
    message = cast(AIMessage, state["messages"][-1])
    replies: list[AnyMessage] = []
    for call, decision in zip(calls, _decisions(calls, runtime.context.refund_limit), strict=True):
        decided = _decide(call, decision)
        if isinstance(decided, ToolMessage):
            replies.append(decided)
        else:
            message = _with_call(message, decided)
    return {"messages": [message, *replies]}


def _decisions(calls: list[ToolCall], limit: float) -> list[dict[str, Any]]:
    """A decision on each call. What isn't one is asked for again: an error would keep the wrong answer for good."""
    problem = ""
    while True:
        answers = interrupt([_request(call, limit, problem) for call in calls])
        decisions = [_decision(answer) for answer in (answers if isinstance(answers, list) else [answers])]
        if len(decisions) == len(calls) and None not in decisions:
            return [decision for decision in decisions if decision is not None]
        problem = f"That was no decision on {len(calls)} refund(s): accept, edit, respond or ignore. "


def _request(call: ToolCall, limit: float, problem: str) -> dict[str, Any]:
    amount, order = call["args"].get("amount", 0), call["args"].get("order_id", "?")
    return {
        "action_request": {"action": call["name"], "args": call["args"]},
        "config": {"allow_accept": True, "allow_edit": True, "allow_respond": True, "allow_ignore": True},
        "description": f"{problem}Approve a refund of ${amount:.2f} for order {order}? The limit is ${limit:.2f}.",
    }


def _decision(answer: Any) -> dict[str, Any] | None:
    """An answer in the inbox's form, also from a plain yes, no or text; None if it is no decision."""
    if isinstance(answer, bool):
        return {"type": "accept" if answer else "ignore"}
    if isinstance(answer, str):
        return {"type": "response", "args": answer}
    if not isinstance(answer, dict) or answer.get("type") not in ("accept", "edit", "response", "ignore"):
        return None
    if answer["type"] == "edit" and not isinstance(answer.get("args"), dict):
        return None
    return answer


def _decide(call: ToolCall, decision: dict[str, Any]) -> ToolCall | ToolMessage:
    """The call to make, or what to tell the agent instead."""
    match decision["type"]:
        case "accept":
            return call
        case "edit":
            edited = decision["args"]
            return {**call, "args": {**call["args"], **edited.get("args", edited)}}
        case "response":
            return _refusal(call, f"A colleague has looked at the refund and says: {decision.get('args')}")
    return _refusal(call, "The refund was not approved.")


def _refusal(call: ToolCall, text: str) -> ToolMessage:
    return ToolMessage(text, tool_call_id=call["id"], name=call["name"], status="error")


def _with_call(message: AIMessage, changed: ToolCall) -> AIMessage:
    calls = [changed if call["id"] == changed["id"] else call for call in message.tool_calls]
    return message.model_copy(update={"tool_calls": calls})


async def tools(state: State, runtime: Runtime[Context]) -> Update:
    """Call the tools that have not been answered yet."""
    results = [await _call(call, runtime.context.tools) for call in _open_calls(state)]
    return {"messages": list(results), "refunded": sum(_refunded(result) for result in results)}


async def _call(call: ToolCall, allowed: list[ToolName]) -> ToolMessage:
    if call["name"] not in allowed:
        return _refusal(call, f"There is no tool {call['name']} here.")
    try:
        result = await TOOLS[call["name"]].ainvoke(call)
    except ValueError as error:  # arguments that don't fit: the model may try again
        return _refusal(call, f"{call['name']} can't be called like this: {error}")
    return cast(ToolMessage, result)


def _refunded(result: ToolMessage) -> float:
    if result.name != ToolName.REFUND_ORDER or result.status == "error":
        return 0.0
    return float(json.loads(result.text)["refunded"])


def _open_calls(state: State) -> list[ToolCall]:
    """The calls of the latest answer without a result."""
    answer = next(message for message in reversed(state["messages"]) if isinstance(message, AIMessage))
    done = {message.tool_call_id for message in state["messages"] if isinstance(message, ToolMessage)}
    return [call for call in answer.tool_calls if call["id"] not in done]


def _large_refunds(state: State, limit: float) -> list[ToolCall]:
    calls = (call for call in _open_calls(state) if call["name"] == ToolName.REFUND_ORDER)
    return [call for call in calls if _is_above(call["args"].get("amount"), limit)]


def _is_above(amount: Any, limit: float) -> bool:
    return isinstance(amount, int | float) and amount > limit


def after_agent(state: State, runtime: Runtime[Context]) -> Literal["approve", "tools", "__end__"]:
    """To the approval if a large refund is asked for, to the tools if any is, or done."""
    if not _open_calls(state):
        return "__end__"
    return "approve" if _large_refunds(state, runtime.context.refund_limit) else "tools"


def after_approve(state: State) -> Literal["tools", "agent"]:
    """To the tools, unless nothing of what was asked for is left to do."""
    return "tools" if _open_calls(state) else "agent"


builder = StateGraph(State, input_schema=MessagesState, context_schema=Context)
builder.add_node(agent)
builder.add_node(approve)
builder.add_node(tools)
builder.add_edge(START, "agent")
builder.add_conditional_edges("agent", after_agent, ["approve", "tools", END])
builder.add_conditional_edges("approve", after_approve, ["tools", "agent"])
builder.add_edge("tools", "agent")
graph = builder.compile(name="support")
