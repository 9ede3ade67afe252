"""Messages of a thread, changed."""

from typing import Any

from playground.client.blocks import TextBlock, ToolBlock
from playground.client.message_edit import (
    edited_input,
    find_message,
    has_gone,
    removal,
    with_answers,
    with_text,
    written,
)


def human(text: Any, identifier: str | None = None) -> dict[str, Any]:
    return {"type": "human", "content": text, **({"id": identifier} if identifier else {})}


def shown(text: str, key: str) -> TextBlock:
    return TextBlock(key, role="human", pieces=[text])


CALL = {"type": "ai", "content": "", "id": "a", "tool_calls": [{"id": "c1"}, {"id": "c2"}]}
STATE = {
    "messages": [
        human("hi", "h"),
        CALL,
        {"type": "tool", "content": "1", "id": "t1", "tool_call_id": "c1"},
        {"type": "tool", "content": "2", "id": "t2", "tool_call_id": "c2"},
        {"type": "tool", "content": "3", "id": "t3", "tool_call_id": "other"},
    ]
}


def test_an_input_gets_another_text_and_keeps_the_id_that_the_graph_gave_its_message() -> None:
    given = {"messages": [{"role": "user", "content": "yes"}], "order": 7}
    before = {"messages": [human("yes", "old")]}
    after = {"messages": [human("yes", "old"), human("yes", "new")]}
    changed = edited_input(given, before, after, shown("yes", "new"), "no")
    assert changed == {"messages": [{"role": "user", "content": "no", "id": "new"}], "order": 7}
    assert given["messages"] == [{"role": "user", "content": "yes"}]


def test_what_was_just_sent_is_found_by_what_it_says() -> None:
    given = {"messages": [human("first"), human("second")]}
    after = {"messages": [human("first", "1"), human("second", "2")]}
    changed = edited_input(given, {}, after, shown("second", "message#4"), "third")
    assert changed["messages"] == [human("first"), human("third", "2")]
    assert edited_input(given, {}, after, shown("another", "message#4"), "third") is None
    assert edited_input({"a": 1}, {}, {}, shown("another", "x"), "third") is None


def test_images_of_an_edited_message_stay() -> None:
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    message = human([{"type": "text", "text": "what is this?"}, image])
    assert with_text(message, "and this?")["content"] == [{"type": "text", "text": "and this?"}, image]


def test_with_a_call_go_its_answers_and_no_others() -> None:
    assert with_answers(STATE, CALL) == ["a", "t1", "t2"]
    assert find_message(STATE, ToolBlock("x/tool/0", call_id="c2")) is CALL
    assert with_answers(STATE, human("without an id")) == []


def test_whether_messages_have_gone() -> None:
    assert has_gone({"messages": [human("hi", "h")]}, ["a"])
    assert not has_gone(STATE, ["a"])
    assert not has_gone({"messages": [human("hi", "h"), *removal(["a"])["messages"]]}, ["a"])  # appended, not obeyed
    assert not has_gone({"other": []}, ["a"])


def test_the_names_of_images_are_not_written_in_the_message() -> None:
    image = {"type": "image", "base64": "AAAA", "mime_type": "image/png"}
    assert written(human([{"type": "text", "text": "what "}, "is this?", image])) == "what is this?"
    assert written(human("plain")) == "plain"
