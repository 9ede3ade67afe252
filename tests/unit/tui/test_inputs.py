"""What is typed, kept, or in a file, as a graph's input: the parts without a screen or a server."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.client.errors import UsageError
from playground.client.input_file import load_inputs, read_inputs
from playground.client.inputs import check_input, input_from_value, read_input
from playground.client.values import Interrupt
from playground.tui.compare.answering import kind_of
from playground.tui.forms.input_editing import InputEditing, as_typed, filled_in
from playground.tui.input_history import MOST, InputHistory, merged
from playground.tui.kept_inputs import may_be_kept

CHAT: dict[str, Any] = {"properties": {"messages": {"type": "array"}}}
WORD: dict[str, Any] = {"properties": {"text": {"type": "string"}}, "required": ["text"]}
SUM: dict[str, Any] = {"properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}, "required": ["a", "b"]}


VALUES = st.one_of(st.text(st.characters(codec="utf-8"), min_size=1), st.dictionaries(st.text(), st.integers()))


@given(st.lists(VALUES))
def test_a_file_gives_back_what_was_written(values: list[Any]) -> None:
    found = read_inputs("\n".join(json.dumps(value) for value in values).encode(), "x")
    assert list(found.inputs) == values
    assert not found.problem


def test_bad_lines_are_named_and_the_good_ones_stay() -> None:
    content = b'\xef\xbb\xbfplain text\r\n\n{"a": 1}\n{"a": \n\xff\xfe\n[NaN]\n"\\ud800"\n42\n'
    found = read_inputs(content, "x.jsonl")
    assert found.inputs == ("plain text", {"a": 1}, "42")
    assert [problem.split()[1] for problem in found.problems] == ["4", "5", "6", "7"]
    assert found.problem.startswith("x.jsonl: line 4 is not JSON")
    assert "(3 more lines" in found.problem


def test_a_file_that_gives_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n\n")
    (tmp_path / "bad").write_text("{\n")
    for name, sentence in (("empty", "has no inputs"), ("bad", "line 1"), ("none", "can't be read")):
        with pytest.raises(UsageError, match=sentence):
            load_inputs(tmp_path / name)


def test_what_is_typed_is_read_as_the_graph_takes_it() -> None:
    assert read_input("hi", CHAT)["messages"][0]["content"] == "hi"
    assert read_input('{"messages": []}', CHAT) == {"messages": []}
    assert read_input('{"a": 1}', CHAT)["messages"][0]["content"] == '{"a": 1}'
    assert read_input("hi", WORD) == {"text": "hi"}
    assert read_input('{"text": "x"}', WORD) == {"text": "x"}
    for schema in (WORD, SUM):
        with pytest.raises(ValueError, match="adder takes JSON"):
            read_input('{"a": ', schema, "adder")
    with pytest.raises(ValueError, match=r"b.* \(1 more\)|a.* \(1 more\)"):
        check_input({}, SUM)
    check_input({"anything": 1}, CHAT)


def test_a_value_of_a_file_is_taken_as_it_is() -> None:
    assert input_from_value('{"a": 1}', CHAT)["messages"][0]["content"] == '{"a": 1}'
    assert input_from_value([{"role": "user", "content": "x"}], CHAT)["messages"][0]["content"] == "x"
    assert input_from_value({"a": 1}, SUM) == {"a": 1}
    for value, schema in (([1], SUM), ({"question": "x"}, CHAT)):
        with pytest.raises(ValueError, match="takes"):
            input_from_value(value, schema)


@given(st.text(min_size=1).filter(str.strip), st.sampled_from([CHAT, WORD]))
def test_a_text_through_the_form_means_the_same(text: str, schema: dict[str, Any]) -> None:
    before = input_from_value(text, schema) if schema is CHAT else {"text": text}
    typed = as_typed(InputEditing(schema, filled_in(before, schema)).value, schema)
    after = read_input(typed, schema)
    assert filled_in(after, schema) == filled_in(before, schema)


def test_only_what_is_begun_is_wrong_before_one_tries_to_send() -> None:
    editing = InputEditing(SUM, {})
    assert not editing.shown_problems(missing=False)
    assert len(editing.shown_problems(missing=True)) == 2
    editing.write(("context", "a"), "x")
    assert set(editing.shown_problems(missing=False)) == {("context", "a")}


@given(st.lists(st.text(max_size=3)), st.lists(st.text(max_size=3)))
def test_a_history_has_each_text_once_and_the_newest_last(older: list[str], newer: list[str]) -> None:
    found = merged(older, newer)
    assert len(found) == len(set(found)) <= MOST
    assert set(found) <= {*older, *newer}
    if newer:
        assert found[-1] == newer[-1]


def test_a_history_goes_back_and_forth_and_keeps_what_is_typed() -> None:
    history = InputHistory(["one", "two"])
    assert history.go(1, "half") is None
    assert [history.go(-1, "half"), history.go(-1, "two"), history.go(-1, "one")] == ["two", "one", None]
    history.add_older(["zero", "two"])  # from the server, while one goes through it
    assert history.go(-1, "one") == "zero"
    assert [history.go(1, ""), history.go(1, ""), history.go(1, "")] == ["one", "two", "half"]


def test_what_looks_like_a_key_is_not_kept() -> None:
    assert may_be_kept("my parcel is broken")
    assert not may_be_kept('{"api_key": "abcdefgh1234"}')
    assert not may_be_kept("x" * 10_000)
    assert not may_be_kept("\ud800")


def test_the_same_kind_of_question() -> None:
    def asks(value: Any) -> tuple[object, ...]:
        return kind_of([Interrupt("i", value)])

    refund = {"action_requests": [{"name": "refund", "args": {"order": 1}}]}
    other = {"action_requests": [{"name": "refund", "args": {"order": 2}}]}
    parcel = {"action_requests": [{"name": "parcel", "args": {}}]}
    assert asks(refund) == asks(other) != asks(parcel)
    assert asks({"question": "a"}) == asks({"question": "b"}) != asks({"confirm": "a"})
    assert asks("a") != asks(refund)
    assert kind_of([None]) != asks("a")
