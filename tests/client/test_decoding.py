"""Stream parts and typed text, without a server."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.client.errors import UsageError
from playground.client.events import Custom, Failed, Interrupted, MessageChunk, NodeUpdate, Started, ToolCall, Values
from playground.client.inputs import input_from_document, input_from_text
from playground.client.stream import run_events
from playground.client.values import Interrupt

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def test_a_piece_of_a_message() -> None:
    chunk = {
        "type": "AIMessageChunk",
        "id": "m1",
        "content": [{"type": "reasoning", "reasoning": "hm"}, {"type": "text", "text": "Hi"}],
        "tool_call_chunks": [{"index": 1, "id": None, "name": None, "args": '{"or'}],
        "usage_metadata": {"input_tokens": 3},
        "chunk_position": "last",
    }
    (event,) = run_events("messages|sub:1", [chunk, {"langgraph_node": "call"}])
    assert event == MessageChunk(
        "m1",
        "ai",
        "Hi",
        "hm",
        (ToolCall(1, None, None, '{"or'),),
        usage={"input_tokens": 3},
        node="call",
        namespace=("sub:1",),
        last=True,
    )


def test_whole_messages() -> None:
    answer = {"type": "tool", "id": "t1", "content": "42", "tool_call_id": "c1", "name": "look", "status": "error"}
    (event,) = run_events("messages", [answer, {}])
    assert event == MessageChunk("t1", "tool", "42", tool_call_id="c1", name="look", last=True, status="error")
    (event,) = run_events(
        "messages", [{"type": "ai", "tool_calls": [{"id": "c", "name": "n", "args": {"a": "ü"}}]}, {}]
    )
    assert isinstance(event, MessageChunk)
    assert event.tool_calls == (ToolCall(0, "c", "n", '{"a": "ü"}'),)


def test_the_other_events() -> None:
    interrupt = {"id": "i1", "value": {"question": "?"}, "response_schema": None}
    updates = {"a": {"x": 1}, "b": None, "__interrupt__": [interrupt], "__metadata__": {"cached": True}}
    assert list(run_events("updates|s:1", updates)) == [
        NodeUpdate("a", {"x": 1}, ("s:1",), cached=True),
        NodeUpdate("b", None, ("s:1",), cached=True),
        Interrupted((Interrupt("i1", {"question": "?"}),)),
    ]
    assert list(run_events("custom", [1])) == [Custom([1])]
    assert list(run_events("values", {"x": 1, "__interrupt__": []})) == [Values({"x": 1})]
    assert list(run_events("metadata", {"run_id": "r", "attempt": 2})) == [Started(2)]
    assert list(run_events("error", {"error": "E", "message": "m"})) == [Failed("E", "m")]
    assert list(run_events("end", None)) == []


@given(st.sampled_from(["messages", "updates|x", "custom", "values", "error", "nix"]), ANY_JSON)
def test_nothing_a_server_sends_raises(event: str, data: object) -> None:
    list(run_events(event, data))


CHAT = {"properties": {"messages": {}}}
CLASSIFY = {"properties": {"text": {"type": "string"}, "labels": {"type": "array"}}, "required": ["text"]}
TYPED = {"properties": {"a": {"type": "string"}, "b": {"type": "string"}}, "required": ["a", "b"]}


def test_text_as_input() -> None:
    message = {"messages": [{"role": "user", "content": '{"a": 1}'}]}
    assert input_from_text('{"a": 1}', CHAT) == message
    assert input_from_text('{"a": 1}', None) == {"a": 1}
    assert input_from_text("hi", None) == input_from_text("hi", CHAT)
    assert input_from_text("broken", CLASSIFY) == {"text": "broken"}
    assert input_from_text('{"text": "x", "labels": []}', CLASSIFY) == {"text": "x", "labels": []}
    assert input_from_text('{"a": "1", "b": "2"}', TYPED) == {"a": "1", "b": "2"}
    with pytest.raises(UsageError, match="fields: a, b"):
        input_from_text("plain", TYPED)
    assert input_from_document('{"messages": []}\n', CHAT) == {"messages": []}
    assert input_from_document("two\nlines\n", CHAT) == {"messages": [{"role": "user", "content": "two\nlines"}]}


@given(st.text())
def test_any_text_is_a_message(text: str) -> None:
    assert input_from_text(text, CHAT)["messages"][0]["content"] == text
    assert json.dumps(input_from_document(text, CHAT))
