"""The short ways of the message modes say what the long ones would."""

from functools import reduce
from operator import add
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, AIMessageChunk, HumanMessage, message_chunk_to_message

from playground.runs.encode import to_json, to_plain
from playground.runs.events import Event
from playground.runs.messages import GrowingBytes, MessageStream, MessageTuples

TEXTS = st.text(max_size=20) | st.sampled_from(["", '"', "\\", "\x00\n", "\u2028", "é🙂", "lone\ud800", "x" * 2_000])
CHUNKS = st.one_of(
    TEXTS.map(lambda text: {"content": text}),
    st.just({"content": [{"type": "text", "text": "block", "index": 0}]}),
    st.just({"content": "", "usage_metadata": {"input_tokens": 1, "output_tokens": 2, "total_tokens": 3}}),
    st.just({"content": "", "tool_call_chunks": [{"name": "f", "args": '{"a', "id": "1", "index": 0}]}),
    st.just({"content": "", "tool_call_chunks": [{"name": None, "args": '": 1}', "id": None, "index": 0}]}),
    st.just({"content": "why", "additional_kwargs": {"reasoning": "because"}}),
    st.just({"content": "", "response_metadata": {"finish_reason": "stop"}}),
    st.just({"content": "", "chunk_position": "last"}),
)


def data(event: Event) -> Any:
    return orjson.loads(b"".join((event.data, *event.more)))


@given(st.lists(CHUNKS, min_size=1, max_size=12))
def test_each_chunk_and_all_chunks_so_far(fields: list[dict[str, Any]]) -> None:
    chunks = [AIMessageChunk(id="m", **one) for one in fields]
    stream, tuples, metadata = MessageStream(), MessageTuples(), {"langgraph_node": "node"}
    kept: list[tuple[Event, Any]] = []
    for number, chunk in enumerate(chunks, 1):
        assert data(tuples.event(chunk, metadata, "")) == [to_plain(chunk), metadata]
        *_, partial = stream.events(chunk, metadata)
        assert partial.name == "messages/partial"
        kept.append((partial, to_plain([message_chunk_to_message(reduce(add, chunks[:number]))])))
    for partial, whole in kept:  # an event stays what it was when others came after it
        assert data(partial) == whole


def test_messages_are_told_apart_and_named_once() -> None:
    stream = MessageStream()
    given_messages = [
        AIMessageChunk("a", id="1"),
        AIMessageChunk("x", id="2"),
        AIMessageChunk("b", id="1"),
        AIMessage("done", id="3"),
        HumanMessage("and", id="4"),
    ]
    events = [event for message in given_messages for event in stream.events(message, {"step": 1})]
    assert [event.name for event in events] == [
        *("messages/metadata", "messages/partial", "messages/metadata", "messages/partial", "messages/partial"),
        *("messages/metadata", "messages/complete", "messages/metadata", "messages/complete"),
    ]
    assert data(events[0]) == {"1": {"metadata": {"step": 1}}}
    assert [data(event)[0]["content"] for event in events if "metadata" not in event.name] == [
        *("a", "x", "ab", "done", "and")
    ]


@pytest.mark.parametrize("message", [HumanMessage("hi", id="1"), "no message", {"content": "a dict"}, None])
def test_what_is_no_chunk_is_encoded_as_anything_else(message: Any) -> None:
    event = MessageTuples().event(message, {"step": 1}, "")
    assert b"".join((event.data, *event.more)) == to_json([message, {"step": 1}])


def test_metadata_of_two_calls_that_take_turns() -> None:
    tuples, first, second = MessageTuples(), {"call": 1}, {"call": 2}
    events = [tuples.event(AIMessageChunk("x"), metadata, "") for metadata in (first, second, first, first)]
    assert [data(event)[1]["call"] for event in events] == [1, 2, 1, 1]
    assert events[2].more is events[3].more  # kept once, not per chunk


def test_views_of_growing_bytes_stay_what_they_were() -> None:
    growing, so_far, views = GrowingBytes(), b"", []
    for number in range(300):
        so_far += (piece := str(number).encode() * 7)
        views.append((growing.append(piece), so_far))
    assert all(bytes(view) == expected for view, expected in views)
