"""What steps wrote, as a graph takes it back; a thread as a file, and what is read from one."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from playground.client.errors import UsageError
from playground.client.superstep_values import plain_state, takeable
from playground.client.thread_export import SavedThread, supersteps, thread_json_text
from playground.client.thread_import import parse_thread
from playground.client.values import State, Thread

NOW = datetime(2026, 11, 23, tzinfo=UTC)
KEY = "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCD"


def state(number: int, source: str, *tasks: tuple[str, Any]) -> State:
    return State(
        checkpoint_id=f"c{number}",
        parent_checkpoint_id=f"c{number - 1}" if number else None,
        values=None,
        next=tuple(name for name, _ in tasks),
        tasks=tuple({"name": name, "result": result} for name, result in tasks),
        metadata={"source": source, "step": number - 1},
        created_at=NOW,
        interrupts=(),
    )


def test_steps_are_what_the_tasks_before_them_wrote() -> None:
    line = [
        state(0, "input", ("__start__", {"a": 1})),
        state(1, "loop", ("left", {"b": 2}), ("right", None)),
        state(2, "loop"),
    ]
    assert supersteps(line) == [
        {"updates": [{"values": {"a": 1}, "as_node": "__input__"}]},
        {"updates": [{"values": {"a": 1}, "as_node": "__start__"}]},
        {"updates": [{"values": {"b": 2}, "as_node": "left"}, {"values": None, "as_node": "right"}]},
    ]


def test_what_an_update_wrote_or_was_pruned_isnt_known() -> None:
    assert supersteps([state(0, "input", ("__start__", {})), state(1, "update")]) is None
    assert supersteps([state(1, "loop")]) is None
    assert supersteps([]) is None


def test_messages_get_the_ids_that_they_have_in_the_state() -> None:
    human = {"role": "user", "content": "same"}
    chunk = {"type": "AIMessageChunk", "content": "x", "id": "m3", "tool_call_chunks": [], "usage_metadata": None}
    steps = [
        {"updates": [{"values": {"messages": [human]}, "as_node": "__input__"}]},
        {"updates": [{"values": {"messages": [human, human]}, "as_node": "__start__"}]},
        {"updates": [{"values": {"messages": [chunk]}, "as_node": "model"}]},
    ]
    messages = [{"type": "human", "content": "same", "id": name} for name in ("m1", "m2")]
    found = takeable(steps, {"messages": messages})
    assert found[0] == steps[0]
    assert [one["id"] for one in found[1]["updates"][0]["values"]["messages"]] == ["m1", "m2"]
    assert found[2]["updates"][0]["values"]["messages"] == [{"type": "ai", "content": "x", "id": "m3"}]
    assert plain_state([{"type": "ai", "content": "x", "usage_metadata": {}}]) == [{"type": "ai", "content": "x"}]


def test_a_file_has_no_key_and_nothing_that_a_terminal_obeys() -> None:
    said = f"\x1b[31m {KEY} \ud800 \u202e"
    thread = Thread("t", "idle", NOW, NOW, {"graph_id": "g"}, {"text": said, "password": "open sesame"})
    schema = {"properties": {"password": {"type": "string", "format": "password"}}}
    line = (state(0, "input", ("__start__", {"text": said, "password": "open sesame"})),)
    text = thread_json_text(SavedThread(thread, line, schema), NOW)
    assert KEY not in text
    assert "open sesame" not in text
    assert "\x1b" not in text
    text.encode("utf-8")
    document = parse_thread(text)
    assert document["graph_id"] == "g"
    assert "values.password" in document["left_out"]
    assert document["supersteps"][0]["updates"][0]["as_node"] == "__input__"


@pytest.mark.parametrize(
    ("change", "said"),
    [({"graph_id": None}, "graph_id"), ({"format": 2}, "format 2"), ({"supersteps": [1]}, "supersteps")],
)
def test_a_bad_file_is_one_sentence(change: dict[str, Any], said: str) -> None:
    document = {"playground": "thread", "format": 1, "graph_id": "g", "supersteps": None, **change}
    with pytest.raises(UsageError, match=said):
        parse_thread(json.dumps(document))
