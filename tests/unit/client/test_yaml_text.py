"""YAML of JSON values: what is written is read again as it was, and nothing but JSON's types is read."""

import math
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.client.yaml_text import YamlError, dump, load
from playground.tui.forms.document import same
from playground.tui.forms.text import UNSAFE

WORDS = (  # noqa: SIM905 - a list of these is unreadable
    "yes on No ~ null 2026-01-02 1e5 0x1F 0o7 017 1_000 12:30:45 .inf .nan << = ... --- - é 🧑‍🚀 true 1. .5 +1 1.5 %a"
).split()
SHAPES = [
    *("", "\n", "\n\n", " a\n", "a\n ", "a\n\n", "\na", "\ta\n\tb", "a \nb", "   \n  a", "---\na", "...\n", "#a\nb"),
    *("a\r\nb", "\u2028", "\ufeffa", "- a", "a: b", "a #b"),
]
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=[]), max_size=30),
    st.text("ab \n\t:#-|>'\"{}[]!&*%@`?,~\\\r", max_size=20),
    st.sampled_from(WORDS),
    st.sampled_from(SHAPES),
)
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
@settings(max_examples=150, deadline=None)
def test_what_is_written_is_read_again_as_it_was(value: Any) -> None:
    text = dump(value)
    assert same(load(text), value)
    assert not UNSAFE.search(text)


@given(VALUES)
@settings(max_examples=100, deadline=None)
def test_other_tools_read_the_same(value: Any) -> None:
    assert same(yaml.safe_load(dump(value)), value)


@given(st.text(" ab:-\n\t'\"{}[],&*!|>#?%1.e", max_size=40))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_or_refused_with_its_place(text: str) -> None:
    read = refused = None
    try:
        read = load(text)
    except YamlError as error:
        refused = error
    if refused:
        assert 1 <= refused.line <= text.count("\n") + 2
        assert refused.column >= 1
        assert refused.sentence
    else:
        assert same(load(dump(read)), read)


def test_a_prompt_is_written_as_it_is() -> None:
    prompt = "You are  the agent of {company}.\n\n\t- Ask 語 🧑‍🚀 \n# be kind: always\n"
    assert dump({"system_prompt": prompt, "temperature": 0.5, "tools": ["a", "b"], "none": None, "empty": {}}) == (
        "system_prompt: |\n"
        "  You are  the agent of {company}.\n\n  \t- Ask 語 🧑‍🚀 \n  # be kind: always\n"
        "temperature: 0.5\n"
        "tools:\n- a\n- b\n"
        "none: null\n"
        "empty: {}\n"
    )


def test_what_a_terminal_would_act_on_is_escaped() -> None:
    assert dump("a\x1b[31m\u202eb\n") == '"a\\x1b[31m\\u202eb\\n"\n'


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("# nothing", None),
        (
            "a: yes\nb: on\nc: 2026-01-02\nd: 017\ne: 1_000\nf: 12:30:45",
            {"a": "yes", "b": "on", "c": "2026-01-02"} | {"d": "017", "e": "1_000", "f": "12:30:45"},
        ),
        ("[.5, 1., 1e3, 5, +5, -0.0, True, ~, null]", [0.5, 1.0, 1000.0, 5, 5, -0.0, True, None, None]),
        ('{"json": [1, "two", null]}', {"json": [1, "two", None]}),
        ("1: a\ntrue: b", {"1": "a", "true": "b"}),
        ("<<: {a: 1}", {"<<": {"a": 1}}),
        ("a: >\n  folded\n  text\n", {"a": "folded text\n"}),
    ],
)
def test_types_are_those_of_json(text: str, value: Any) -> None:
    assert same(load(text), value)


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("a: 1\nb: *a", 2, 4, "aliases"),
        ("a: &a [1]", 1, 4, "anchors"),
        ("a: !!python/name:os.system x", 1, 4, "tag"),
        ("a: !!str 1", 1, 4, "tag"),
        ("a: 1\n\nb: 2\na: 3", 4, 1, "“a” is there twice"),
        ("a:\n\t- b", 2, 1, "tab"),
        ("a: b: c", 1, 5, "can't stand here"),
        ("a: [1, 2\nb: 3", 2, 2, "it opens in line 1"),
        ("a: 'b\nc: d", 1, 4, "doesn't end"),
        ("a: .inf", 1, 4, "no number"),
        ("a: 1e999", 1, 4, "no number"),
        ("a: 1\n--- \nb: 2", 2, 1, "second document"),
        ("? [a]\n: b", 1, 3, "a key must be a text"),
        ("a\x00", 1, 2, "U+0000"),
        ("a: 1\n  b\x1b", 2, 4, "U+001B"),
        ("a: @b", 1, 4, "quote it"),
        ("[" * 5000, 1, 1, "deeply"),
        ("a: " + "9" * 5000, 1, 4, "no number"),
    ],
)
def test_what_is_refused_says_what_and_where(text: str, line: int, column: int, words: str) -> None:
    with pytest.raises(YamlError) as caught:
        load(text)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert words in caught.value.sentence


def test_a_number_that_json_lacks_is_not_written() -> None:
    with pytest.raises(ValueError, match="JSON"):
        dump({"a": math.nan})
