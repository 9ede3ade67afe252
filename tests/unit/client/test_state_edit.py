"""An edit of a state as what is written."""

from typing import Any

from langchain_core.messages import convert_to_messages
from langgraph.graph.message import add_messages

from playground.client.state_edit import followers, gone, otherwise, update_of, with_ids, writers

MESSAGES = [
    {"type": "human", "id": "h1", "content": "one"},
    {"type": "ai", "id": "a1", "content": "two"},
    {"type": "human", "id": "h2", "content": "three"},
]


def reduced(before: list[Any], written: list[Any]) -> list[tuple[str, Any]]:
    """What LangGraph makes of it."""
    left: Any = convert_to_messages(before)
    right: Any = written
    return [(str(message.id), message.content) for message in add_messages(left, right)]  # type: ignore[union-attr]


def made_of(after: list[Any]) -> list[tuple[str, Any]]:
    written = update_of({"messages": MESSAGES}, {"messages": after})
    return reduced(MESSAGES, written["messages"])


def said(messages: list[Any]) -> list[tuple[str, Any]]:
    return [(message["id"], message["content"]) for message in messages]


def test_messages_become_what_was_written_whatever_was_changed() -> None:
    changed = {**MESSAGES[1], "content": "TWO"}
    new = {"type": "ai", "id": "a2", "content": "four"}
    for after in (
        [MESSAGES[0], changed, MESSAGES[2]],
        [MESSAGES[0], MESSAGES[2]],
        [*MESSAGES, new],
        [MESSAGES[0], new, changed],
        [new, *MESSAGES],
        MESSAGES[::-1],
        [],
    ):
        assert made_of(after) == said(after)


def test_only_what_changed_is_written() -> None:
    changed = {**MESSAGES[1], "content": "TWO"}
    before = {"messages": MESSAGES, "count": 1, "note": "x"}
    after = {"messages": [MESSAGES[0], changed, MESSAGES[2]], "count": 2, "note": "x"}
    assert update_of(before, after) == {"messages": [changed], "count": 2}
    assert update_of(before, before) == {}


def test_new_messages_get_ids_where_the_others_have_them() -> None:
    typed = {"messages": [*MESSAGES, {"type": "human", "content": "new"}], "drafts": [{"type": "ai", "content": "a"}]}
    found = with_ids(typed, {"messages": MESSAGES, "drafts": []})
    assert found["messages"][:3] == MESSAGES
    assert len(found["messages"][3]["id"]) == 36
    assert found["drafts"] == typed["drafts"]


def test_fields_that_a_reducer_made_something_else_of_are_told() -> None:
    wanted = {"messages": MESSAGES, "log": ["b"], "count": 2}
    written = {"messages": [{**one, "additional_kwargs": {}} for one in MESSAGES], "log": ["a", "b"], "count": 2}
    assert otherwise(wanted, written, wanted) == ["log"]
    assert otherwise(wanted, {**written, "messages": MESSAGES[:2]}, ["messages"]) == ["messages"]


def test_a_field_can_be_emptied_and_not_taken_away() -> None:
    assert gone({"a": 1, "b": 2}, {"a": None}) == ["b"]


def test_nodes_and_what_follows_them_are_read_from_the_drawing() -> None:
    drawing = {
        "nodes": [{"id": "__start__"}, {"id": "plan"}, {"id": "write"}, {"id": "__end__"}],
        "edges": [
            {"source": "__start__", "target": "plan"},
            {"source": "plan", "target": "write", "conditional": True},
        ],
    }
    assert writers(drawing) == ["plan", "write"]
    assert followers(drawing, "plan") == ["write"]
    assert followers(drawing, "write") == []
