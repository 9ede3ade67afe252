"""Every kind of graph whose behaviour over the API is compared with the real server's."""

import asyncio
import operator
from collections.abc import Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import Annotated, Any, Literal

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import RunnableConfig
from langchain_core.tools import tool
from langgraph.config import get_store, get_stream_writer
from langgraph.func import entrypoint, task
from langgraph.graph import MessagesState, StateGraph
from langgraph.prebuilt import ToolNode, tools_condition
from langgraph.runtime import Runtime
from langgraph.store.base import GetOp, SearchOp
from langgraph.types import Command, Send, interrupt
from langgraph_sdk import get_client
from langgraph_sdk.runtime import ServerRuntime
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

# What a graph may show of its configurable: the rest is the server's.
SHOWN = ("system_prompt", "temperature", "model", "nested", "n_nodes", "extra", "thread_key")


class State(TypedDict, total=False):
    foo: str
    out: Annotated[list[Any], operator.add]


class Output(TypedDict, total=False):
    out: list[Any]


def _shown(config: RunnableConfig) -> dict[str, Any]:
    return {key: value for key, value in config["configurable"].items() if key in SHOWN}


def _context(context: Any) -> Any:
    if isinstance(context, BaseModel):
        return context.model_dump(mode="json")
    return context.__dict__ | {} if hasattr(context, "__dataclass_fields__") else context


def _echo(state: State, runtime: Runtime[Any], config: RunnableConfig) -> State:
    """What the graph sees of its context, its configurable and its tags."""
    seen = {"context": _context(runtime.context), "configurable": _shown(config), "tags": config.get("tags")}
    return {"out": [seen | {"recursion_limit": config.get("recursion_limit")}]}


def chain(*nodes: Any, state: Any = State, **given: Any) -> StateGraph:
    """The nodes, one after the other, named as their functions."""
    builder = StateGraph(state, **given)
    names = [node.__name__.lstrip("_") for node in nodes]
    for name, node in zip(names, nodes, strict=True):
        builder.add_node(name, node)
    for source, target in zip(["__start__", *names], [*names, "__end__"], strict=True):
        builder.add_edge(source, target)
    return builder


# A context of every kind


class Color(Enum):
    RED = "red"
    BLUE = "blue"


class Nested(BaseModel):
    k: int = 4
    tags: list[str] = []


class PydanticContext(BaseModel):
    """What the writer is told."""

    system_prompt: str = Field(
        "You are a writer",
        description="The system prompt",
        json_schema_extra={"langgraph_nodes": ["echo"], "langgraph_type": "prompt"},
    )
    temperature: float = Field(0.5, ge=0, le=2)
    model: Literal["small", "large"] | None = None
    color: Color = Color.RED
    nested: Nested = Nested()
    stop: list[str] = Field(default_factory=list)


@dataclass
class DataclassContext:
    """A dataclass of settings."""

    system_prompt: str = "dataclass"
    temperature: float = field(default=0.5, metadata={"description": "How wild"})
    stop: list[str] = field(default_factory=list)


class DictContext(TypedDict, total=False):
    system_prompt: Annotated[str, Field(description="The system prompt")]
    temperature: float


@dataclass
class Required:
    system_prompt: str


pydantic_context = chain(_echo, context_schema=PydanticContext).compile()
dataclass_context = chain(_echo, context_schema=DataclassContext).compile()
dict_context = chain(_echo, context_schema=DictContext).compile()
required_context = chain(_echo, context_schema=Required).compile()
no_context = chain(_echo).compile()
builder = chain(_echo)  # compiled by the server
named = chain(_echo).compile(name="A name of its own")
split = chain(_echo, output_schema=Output, input_schema=State).compile()


class PydanticState(BaseModel):
    foo: str = Field("", description="what comes in")
    count: int = Field(0, ge=0)


def _add_one(state: PydanticState) -> dict[str, Any]:
    return {"count": state.count + 1}


pydantic_state = chain(_add_one, state=PydanticState).compile()


# Functional


@task
async def _double(number: int) -> int:
    return number * 2


@entrypoint()
async def functional(numbers: list[int], *, previous: Any = None) -> dict[str, Any]:
    return {"doubled": [await _double(number) for number in numbers], "previous": previous}


# Factories


def no_arguments() -> Any:
    return chain(_echo)


def from_config(config: RunnableConfig) -> Any:
    """As many nodes as the assistant says."""
    build = StateGraph(State)
    build.add_sequence([(f"node{n}", _echo) for n in range(config["configurable"].get("n_nodes", 1))])
    build.add_edge("__start__", "node0")
    return build.compile()


async def from_runtime(runtime: ServerRuntime) -> Any:
    def where(state: State) -> State:
        return {"out": [type(runtime.store).__name__ != "NoneType"]}

    return chain(where).compile()


@asynccontextmanager
async def context_manager(config: RunnableConfig) -> Any:
    yield chain(_echo).compile()


def failing_factory(config: RunnableConfig) -> Any:
    raise RuntimeError("no such model")


# Subgraphs, branches, loops


def _sub_a(state: State) -> State:
    get_stream_writer()("in sub_a")
    return {"out": ["a"]}


def _sub_b(state: State) -> State:
    return {"out": ["b"]}


def _after(state: State) -> State:
    return {"foo": "after"}


_inner = chain(_sub_a, _sub_b).compile()
subgraphs = StateGraph(State)
subgraphs.add_node("sub", _inner)
subgraphs.add_node("after", _after)
subgraphs.add_edge("__start__", "sub")
subgraphs.add_edge("sub", "after")
subgraphs = subgraphs.compile()


def _route(state: State) -> Literal["left", "right"]:
    return "left" if state.get("foo") == "left" else "right"


branches = StateGraph(State)
branches.add_node("left", lambda state: {"out": ["left"]})
branches.add_node("right", lambda state: {"out": ["right"]})
branches.add_conditional_edges("__start__", _route)
branches = branches.compile()


def _fan(state: State) -> list[Send]:
    return [Send("work", {"foo": str(number)}) for number in range(3)]


def _work(state: State) -> State:
    return {"out": [state["foo"]]}


fan_out = StateGraph(State)
fan_out.add_node("work", _work)
fan_out.add_conditional_edges("__start__", _fan, ["work"])
fan_out = fan_out.compile()


def _loop(state: State) -> Command[Literal["loop", "__end__"]]:
    return Command(goto="__end__" if len(state.get("out", [])) >= 2 else "loop", update={"out": ["again"]})


loop = StateGraph(State)
loop.add_node("loop", _loop)
loop.add_edge("__start__", "loop")
loop = loop.compile()


# Interrupts


def _ask(state: State) -> State:
    return {"out": [interrupt({"question": "name?", "foo": state.get("foo")})]}


def _ask_twice(state: State) -> State:
    return {"out": [interrupt("first?"), interrupt("second?")]}


def _left(state: State) -> State:
    return {"out": [interrupt("left?")]}


def _right(state: State) -> State:
    return {"out": [interrupt("right?")]}


def _fin(state: State) -> State:
    return {"foo": "fin"}


ask = chain(_ask, _fin).compile()
ask_twice = chain(_ask_twice).compile()
parallel = StateGraph(State)
parallel.add_node("left", _left)
parallel.add_node("right", _right)
parallel.add_node("fin", _fin)
parallel.add_edge("__start__", "left")
parallel.add_edge("__start__", "right")
parallel.add_edge(["left", "right"], "fin")
parallel = parallel.compile()
nested_ask = StateGraph(State)
nested_ask.add_node("sub", chain(_ask).compile())
nested_ask.add_node("fin", _fin)
nested_ask.add_edge("__start__", "sub")
nested_ask.add_edge("sub", "fin")
nested_ask = nested_ask.compile()


# Errors, slowness


class OwnError(Exception):
    pass


def _boom(state: State) -> State:
    if state.get("foo") == "own":
        raise OwnError("boom happened")
    raise ValueError("boom happened")


async def _step_1(state: State) -> State:
    await asyncio.sleep(0.2)
    return {"out": [1]}


async def _step_2(state: State) -> State:
    await asyncio.sleep(0.2)
    return {"out": [2]}


async def _wait(state: State) -> State:
    """Long enough to be cancelled."""
    get_stream_writer()("waiting")
    await asyncio.sleep(30 if state.get("foo") == "long" else 1.5)
    return {"out": ["waited"]}


boom = chain(_sub_b, _boom).compile()
steps = chain(_step_1, _step_2).compile()
slow = chain(_step_1, _wait, _step_2).compile()


# Streaming, tools, store


class Words(BaseChatModel):
    """Says the last message again, word by word; if that is `weather …`, it calls the tool first."""

    @property
    def _llm_type(self) -> str:
        return "words"

    def _generate(self, messages: Any, stop: Any = None, run_manager: Any = None, **given: Any) -> ChatResult:
        last = messages[-1]
        if last.type == "human" and str(last.content).startswith("weather"):
            call = {"name": "weather", "args": {"city": "Paris"}, "id": "call-1"}
            return ChatResult(generations=[ChatGeneration(message=AIMessage("", tool_calls=[call], id="ai-tool"))])
        return ChatResult(generations=[ChatGeneration(message=AIMessage(str(last.content), id="ai-whole"))])

    async def _astream(self, messages: Any, stop: Any = None, run_manager: Any = None, **given: Any) -> Any:
        whole = self._generate(messages).generations[0].message
        if whole.tool_calls:
            calls = [{"name": "weather", "args": '{"city": "Paris"}', "id": "call-1", "index": 0}]
            yield ChatGenerationChunk(message=AIMessageChunk("", tool_call_chunks=calls, id="ai-tool"))
            return
        for word in str(whole.content).split():
            yield ChatGenerationChunk(message=AIMessageChunk(word + " ", id="ai-words"))


@tool
def weather(city: str) -> str:
    """The weather in a city."""
    return f"rain in {city}"


async def _model(state: MessagesState) -> Any:
    return {"messages": [await Words().ainvoke(state["messages"])]}


def _whole_message(state: MessagesState) -> Any:
    return {"messages": [AIMessage("not streamed", id="ai-static")]}


tokens = chain(_model, state=MessagesState).compile()
whole_message = chain(_whole_message, state=MessagesState).compile()
agent = StateGraph(MessagesState)
agent.add_node("model", _model)
agent.add_node("tools", ToolNode([weather]))
agent.add_edge("__start__", "model")
agent.add_conditional_edges("model", tools_condition)
agent.add_edge("tools", "model")
agent = agent.compile()


async def _remember(state: State) -> State:
    store = get_store()
    await store.aput(("memories", state["foo"]), "key", {"text": state["foo"]})
    found = await store.asearch(("memories", state["foo"]))
    return {"out": [item.value for item in found]}


async def _progress(state: State) -> State:
    for number in range(3):
        get_stream_writer()({"progress": number})
    return {"out": ["done"]}


remember = chain(_remember).compile()
progress = chain(_progress).compile()


# What a run is given, and a graph that uses its own server


def _see(state: State, config: RunnableConfig) -> State:
    """Everything that is JSON in the config that a node gets."""
    plain = (str, int, float, bool, list, dict, type(None))
    configurable = {
        key: value
        for key, value in config["configurable"].items()
        if not key.startswith("__") and isinstance(value, plain)
    }
    return {"out": [{"configurable": configurable, "metadata": dict(config["metadata"]), "tags": config.get("tags")}]}


async def _ask_the_server(state: State, config: RunnableConfig) -> State:
    """Finds itself on the server that runs it; for `run`, runs another graph there (where the real one gets stuck)."""
    client, ids = get_client(), config["configurable"]
    itself = await client.runs.get(ids["thread_id"], ids["run_id"])
    out: list[Any] = [itself["status"], (await client.threads.create(metadata={"by": "graph"}))["metadata"]]
    if state.get("foo") == "run":
        out.append(await client.runs.wait(None, "branches", input={"foo": "left"}))
        out.append([part.event async for part in client.runs.stream(None, "branches", input={}, stream_mode="updates")])
    return {"out": out}


see = chain(_see).compile()
ask_the_server = chain(_ask_the_server).compile()


# The store from inside, and schemas of the odder kinds


async def _use_store(state: State) -> State:
    """What a graph gets from the store for all that it can ask."""
    store, mark = get_store(), state["foo"]
    root = ("inside", mark)
    await store.aput((*root, "a"), "one", {"n": 1, "text": "x"}, index=False)
    await store.aput((*root, "a"), "two", {"n": 2, "text": "y"}, index=["text"])
    await store.aput((*root, "b", "c"), "three", {"n": 3})
    await store.aput((*root, "b", "c"), "three", {"n": 4})
    await store.aput((*root, "a"), "gone", {})
    await store.adelete((*root, "a"), "gone")
    item = await store.aget((*root, "a"), "one")
    found = await store.asearch(root, filter={"n": {"$gte": 2}})
    every = await store.asearch(root, limit=50)
    meant = await store.asearch(root, query="anything", limit=2)
    batch = await store.abatch([GetOp((*root, "a"), "two"), GetOp((*root, "a"), "gone"), SearchOp((*root, "b"))])
    return {
        "out": [
            [item.namespace, item.key, item.value, type(item.created_at).__name__],
            sorted([found.key, found.value["n"], found.score] for found in found),
            sorted(found.key for found in every),
            len(meant),
            [batch[0].value, batch[1], [found.key for found in batch[2]]],
            sorted(await store.alist_namespaces(prefix=root)),
            await store.alist_namespaces(prefix=root, max_depth=3, limit=1),
            await store.alist_namespaces(prefix=("inside", mark, "*"), suffix=("c",)),
            [await _refusal(store, namespace) for namespace in ((), ("a.b",), ("",), ("langgraph",), (1,))],
        ]
    }


async def _refusal(store: Any, namespace: Any) -> str:
    try:
        await store.aput(namespace, "k", {})
    except ValueError as error:
        return f"{type(error).__name__}: {error}"
    return "taken"


use_store = chain(_use_store).compile()


class Unrenderable(TypedDict, total=False):
    text: str
    call: Callable[[], Any]


def _pass(state: Unrenderable) -> Unrenderable:
    return {}


unrenderable = chain(_pass, state=Unrenderable, context_schema=Unrenderable).compile()
config_schema = chain(_echo, config_schema=DictContext).compile()
deeper = StateGraph(State)
deeper.add_node("outer", subgraphs)
deeper.add_edge("__start__", "outer")
deeper = deeper.compile()


# A model in a subgraph


nested_tokens = StateGraph(MessagesState)
nested_tokens.add_node("sub", tokens)
nested_tokens.add_edge("__start__", "sub")
nested_tokens.add_edge("sub", "__end__")
nested_tokens = nested_tokens.compile()
