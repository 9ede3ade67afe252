"""`RemoteGraph`: a graph on our server, used as if it were in this process."""

from typing import Any
from uuid import uuid4

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import StateGraph
from langgraph.pregel.remote import RemoteException, RemoteGraph
from langgraph.types import Command
from langgraph_sdk import get_client, get_sync_client
from typing_extensions import TypedDict

from tests.servers import KEY


class State(TypedDict, total=False):
    foo: str
    out: list[Any]


def remote(url: str, name: str, **given: Any) -> RemoteGraph:
    return RemoteGraph(name, url=url, api_key=KEY, **given)


def on_thread(thread_id: str, **given: Any) -> Any:
    return {"configurable": {"thread_id": thread_id, **given}}


@pytest.fixture
async def thread_id(our_server: str) -> str:
    return str((await get_client(url=our_server, api_key=KEY).threads.create())["thread_id"])


async def test_invoke_and_stream_in_every_shape(our_server: str) -> None:
    graph = remote(our_server, "subgraphs")
    expected = {"foo": "after", "out": ["a", "b"]}
    assert await graph.ainvoke({}) == graph.invoke({}) == expected
    values = [part async for part in graph.astream({"foo": "x"}, stream_mode="values")]
    assert values == [{"foo": "x", "out": []}, {"foo": "x", "out": ["a", "b"]}, expected]
    pairs = [(part.event, part.data) async for part in graph.astream({}, stream_mode=["updates", "custom"])]
    assert pairs == [("updates", {"sub": {"out": ["a", "b"]}}), ("updates", {"after": {"foo": "after"}})]
    deep = list(graph.stream({}, stream_mode=["updates", "custom"], subgraphs=True))
    assert [(len(namespace), mode, data) for namespace, mode, data in deep] == [
        (1, "custom", "in sub_a"),
        (1, "updates", {"sub_a": {"out": ["a"]}}),
        (1, "updates", {"sub_b": {"out": ["b"]}}),
        (0, "updates", {"sub": {"out": ["a", "b"]}}),
        (0, "updates", {"after": {"foo": "after"}}),
    ]
    assert deep[0][0][0].startswith("sub:")


async def test_messages_come_as_chunks_with_metadata(our_server: str) -> None:
    question = {"messages": [{"role": "user", "content": "one two"}]}
    parts = [part async for part in remote(our_server, "tokens").astream(question, stream_mode="messages")]
    assert [chunk["content"] for chunk, _ in parts][:2] == ["one ", "two "]
    assert {metadata["langgraph_node"] for _, metadata in parts} == {"model"}


async def test_state_history_and_update(our_server: str, thread_id: str) -> None:
    graph, config = remote(our_server, "subgraphs"), on_thread(thread_id)
    await graph.ainvoke({"foo": "x"}, config)
    state = await graph.aget_state(config)
    assert (state.values, state.next) == ({"foo": "after", "out": ["a", "b"]}, ())
    history = [one async for one in graph.aget_state_history(config)]
    assert [one.next for one in history] == [(), ("after",), ("sub",), ("__start__",)]
    assert graph.get_state(history[1].config).next == ("after",)
    assert [one.config for one in graph.get_state_history(config, limit=2)] == [one.config for one in history[:2]]
    assert [one.config for one in graph.get_state_history(config, before=history[2].config)] == [history[3].config]
    forked = await graph.aupdate_state(history[1].config, {"out": ["forked"]}, as_node="sub")
    assert (await graph.aget_state(forked)).values["out"] == ["a", "b", "forked"]
    assert graph.get_state(config).next == ("after",)
    assert (await graph.ainvoke(None, config))["out"] == ["a", "b", "forked"]


async def test_drawing(our_server: str) -> None:
    graph = remote(our_server, "subgraphs")
    assert list(graph.get_graph().nodes) == ["__start__", "sub", "after", "__end__"]
    assert "sub:sub_a" in (await graph.aget_graph(xray=True)).nodes


async def test_an_interrupt_and_its_answer(our_server: str, thread_id: str) -> None:
    graph, config = remote(our_server, "ask"), on_thread(thread_id)
    asked = await graph.ainvoke({"foo": "x"}, config)
    assert asked["__interrupt__"][0]["value"] == {"question": "name?", "foo": "x"}
    state = await graph.aget_state(config)
    assert (state.next, state.interrupts[0].value) == (("ask",), {"question": "name?", "foo": "x"})
    answered = await graph.ainvoke(Command(resume="Ann"), config)
    assert answered == {"foo": "fin", "out": ["Ann"]}


async def test_breakpoints(our_server: str, thread_id: str) -> None:
    graph, config = remote(our_server, "subgraphs"), on_thread(thread_id)
    await graph.ainvoke({}, config, interrupt_before=["after"])
    assert graph.get_state(config).next == ("after",)
    assert (await graph.ainvoke(None, config))["foo"] == "after"


async def test_an_error_names_what_was_raised(our_server: str) -> None:
    with pytest.raises(RemoteException) as raised:
        await remote(our_server, "boom").ainvoke({})
    assert raised.value.args[0]["error"] == "ValueError"
    assert raised.value.args[0]["message"] == "boom happened"


async def test_context_with_a_thread(our_server: str, thread_id: str) -> None:
    graph = remote(our_server, "pydantic_context")
    given = {"system_prompt": "of the run"}
    (seen,) = (await graph.ainvoke({}, on_thread(thread_id), context=given))["out"]
    assert (seen["context"]["system_prompt"], seen["configurable"]["system_prompt"]) == ("of the run", "of the run")
    (configured,) = (await graph.ainvoke({}, {"configurable": given}))["out"]
    assert configured["context"]["system_prompt"] == "of the run"


async def test_an_assistant_and_its_versions(our_server: str) -> None:
    assistants = get_client(url=our_server, api_key=KEY).assistants
    made = await assistants.create("pydantic_context", context={"system_prompt": "one"})
    await assistants.update(made["assistant_id"], context={"system_prompt": "two"})

    async def prompt(name: str) -> Any:
        return (await remote(our_server, name).ainvoke({}))["out"][0]["context"]["system_prompt"]

    name = made["assistant_id"]
    assert [await prompt(one) for one in (name, f"{name}@v1", f"{name}@v2", "pydantic_context@v1")] == [
        *("two", "one", "two", "You are a writer")
    ]


async def test_as_a_node_of_another_graph(our_server: str) -> None:
    builder = StateGraph(State)
    builder.add_node("there", remote(our_server, "subgraphs"))
    builder.add_node("here", lambda state: {"foo": f"here after {state['foo']}"})
    builder.add_edge("__start__", "there")
    builder.add_edge("there", "here")
    graph = builder.compile(checkpointer=InMemorySaver())
    config = on_thread(str(uuid4()))
    assert (await graph.ainvoke({}, config))["foo"] == "here after after"
    parts = [part async for part in graph.astream({}, config, stream_mode="updates", subgraphs=True)]
    inner = [list(update) for namespace, update in parts if namespace]
    assert ["sub_a"] in inner
    assert [list(update) for namespace, update in parts if not namespace] == [["there"], ["here"]]


async def test_an_interrupt_in_a_node_that_is_elsewhere(our_server: str) -> None:
    builder = StateGraph(State)
    builder.add_node("there", remote(our_server, "ask"))
    builder.add_edge("__start__", "there")
    graph = builder.compile(checkpointer=InMemorySaver())
    config = on_thread(str(uuid4()))
    answer = await graph.ainvoke({"foo": "x"}, config)
    assert answer["__interrupt__"][0].value == {"question": "name?", "foo": "x"}
    assert graph.get_state(config).next == ("there",)


def test_with_clients_of_the_users_own(our_server: str) -> None:
    clients = {
        "client": get_client(url=our_server, api_key=KEY),
        "sync_client": get_sync_client(url=our_server, api_key=KEY),
    }
    graph = RemoteGraph("branches", **clients)
    assert graph.with_config({"tags": ["mine"]}).invoke({"foo": "left"})["out"] == ["left"]
