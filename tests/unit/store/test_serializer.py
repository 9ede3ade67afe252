"""State as readable JSON: equal when it comes back, and no code runs."""

import base64
import logging
import subprocess
from collections import deque
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
import ormsgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.documents import Document
from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    ChatMessage,
    FunctionMessage,
    HumanMessage,
    RemoveMessage,
    SystemMessage,
    ToolMessage,
)
from langgraph.checkpoint.serde.types import _DeltaSnapshot
from langgraph.types import Interrupt, Send
from pydantic import BaseModel

from playground.store.errors import Invalid, StoreDamaged
from playground.store.plain import plain
from playground.store.serializer import Serializer
from playground.store.tagged import shown, shown_state


class Color(Enum):
    RED = "red"


@dataclass
class Point:
    x: int
    color: Color


class Order(BaseModel):
    number: int
    at: Point | None = None


class Pair(NamedTuple):
    a: int
    b: int


OWN = [(__name__, kind.__name__) for kind in (Color, Point, Order, Pair)]
NESTED: list[Any] = []
for _ in range(150):
    NESTED = [NESTED]

VALUES: list[Any] = [
    None,
    True,
    0,
    -(2**63),
    2**64 - 1,
    2**64,
    -(2**200),
    1.5,
    -0.0,
    float("inf"),
    "",
    "ü\x00\n",
    "half \ud83d and \\ud83d",
    b"\x00\xff",
    bytearray(b"x"),
    [1, [2, {}]],
    (1, ("a",), []),
    {1, 2},
    frozenset({"a"}),
    {"a": {"b": [1]}},
    {"$": "AIMessage", "v": {}},
    {1: "int", (1, 2): "tuple", None: "none", "a": 1},
    {"\ud83d": 1},
    datetime(2026, 1, 2, 3, 4, 5, 6),
    datetime(2026, 1, 2, tzinfo=UTC),
    datetime(2026, 1, 2, tzinfo=ZoneInfo("Europe/Berlin")),
    date(2026, 1, 2),
    time(1, 2, 3),
    timedelta(days=1, microseconds=1),
    UUID("6ba7b821-9dad-11d1-80b4-00c04fd430c8"),
    Decimal("1.10"),
    deque([1, 2]),
    Path("/a/b"),
    HumanMessage("hi", id="1", name="ann"),
    HumanMessage([{"type": "text", "text": "hi"}, {"type": "image_url", "image_url": {"url": "x"}}]),
    AIMessage(
        "",
        tool_calls=[{"name": "look", "args": {"x": [1, "\ud83d"]}, "id": "t"}],
        usage_metadata={"input_tokens": 1, "output_tokens": 2, "total_tokens": 3},
        response_metadata={"at": datetime(2026, 1, 1, tzinfo=UTC)},
    ),
    AIMessageChunk("x", tool_call_chunks=[{"name": "a", "args": "{", "id": "t", "index": 0}], chunk_position="last"),
    SystemMessage("s"),
    ToolMessage("out", tool_call_id="t", artifact=(1, b"x"), status="error"),
    ChatMessage("c", role="r"),
    FunctionMessage("f", name="n"),
    RemoveMessage("1"),
    Document("text", metadata={"n": (1,)}, id="d"),
    Send("node", {"messages": [HumanMessage("x")]}),
    Send("node", 1, timeout=3),
    Interrupt(value={"question": ("?",)}, id="i"),
    Interrupt(value=1, id="i", response_schema={"type": "object"}),
    _DeltaSnapshot([HumanMessage("x")]),
    Color.RED,
    Point(1, Color.RED),
    Order(number=1, at=Point(2, Color.RED)),
    [Pair(1, 2)],
    NESTED,
]


def through_json(serializer: Serializer, value: Any) -> Any:
    return serializer.decode(orjson.loads(orjson.dumps(plain(serializer.encode(value)))))


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_comes_back_equal(value: Any) -> None:
    serializer = Serializer().with_msgpack_allowlist(OWN)
    back = through_json(serializer, value)
    assert back == value
    assert type(back) is type(value)
    assert serializer.loads_typed(serializer.dumps_typed(value)) == value
    orjson.dumps(shown(serializer.encode(value)))


keys = st.text(st.characters()) | st.integers() | st.booleans() | st.none() | st.tuples(st.integers())
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters()) | st.binary()
    | st.datetimes() | st.decimals(allow_nan=False) | st.uuids(),
    lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(keys | st.just("$"), inner),
    max_leaves=10,
)  # fmt: skip


@given(anything)
def test_any_nested_value_comes_back_equal(value: Any) -> None:
    assert through_json(Serializer(), value) == value


def test_nan_comes_back() -> None:
    assert str(through_json(Serializer(), float("nan"))) == "nan"


def test_messages_read_like_the_api() -> None:
    message = AIMessage("hi", id="1", tool_calls=[{"name": "look", "args": {}, "id": "t"}])
    encoded = Serializer().encode([message])
    assert encoded == [{"$": "AIMessage", "v": message.model_dump()}]
    assert shown(encoded) == [message.model_dump()]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((1,), [1]),
        (b"x", bytearray(b"x")),
        (1, True),
        (1, 1.0),
        (0.0, -0.0),
        (None, float("nan")),
        (UUID(int=1), str(UUID(int=1))),
        (Color.RED, "red"),
        ({"a": [1]}, {"a": [2]}),
        ("\ud83d", "\ud83e"),
    ],
)
def test_messages_that_differ_are_never_taken_for_each_other(one: Any, other: Any) -> None:
    serializer = Serializer()
    first, second = (ToolMessage("x", tool_call_id="t", artifact=value) for value in (one, other))
    prints = serializer.fingerprint(first), serializer.fingerprint(second)
    assert prints[0] != prints[1] or prints == (None, None)
    assert serializer.fingerprint(one) is None


def test_equal_messages_have_one_fingerprint() -> None:
    serializer = Serializer()
    first, second = (AIMessage("x" * 2, id="1", tool_calls=[{"name": "n", "args": {}, "id": "t"}]) for _ in range(2))
    assert serializer.fingerprint(first) is not None
    assert serializer.fingerprint(first) == serializer.fingerprint(second)
    assert serializer.fingerprint(first) != serializer.fingerprint(AIMessageChunk("xx", id="1"))


def test_types_that_were_not_allowed_come_back_as_data(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    serializer = Serializer()
    assert through_json(serializer, Color.RED) == "red"
    assert through_json(serializer, Order(number=1)) == {"number": 1, "at": None}
    assert shown(serializer.encode({"order": Order(number=1, at=Point(2, Color.RED)), "pair": Pair(1, 2)})) == {
        "order": {"number": 1, "at": {"x": 2, "color": "red"}},
        "pair": [1, 2],
    }


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        ((1, {2}), [1, [2]]),
        ({1: "a"}, {"1": "a"}),
        ({(1, 2): "a"}, {"[1, 2]": "a"}),
        (2**70, str(2**70)),
        (float("nan"), None),
        ("\ud83d", "\ufffd"),
        (b"hi", "aGk="),
        (datetime(2026, 1, 2), "2026-01-02T00:00:00"),
        (Interrupt(value=(1,), id="i"), {"value": [1], "id": "i", "response_schema": None}),
    ],
)
def test_what_the_state_looks_like_to_a_reader(value: Any, seen: Any) -> None:
    assert shown(Serializer().encode(value)) == seen


def test_which_channels_are_the_state() -> None:
    encode = Serializer().encode
    assert shown_state({"a": encode((1,)), "__start__": 1, "branch:to:x": None, "join:a:b": []}) == {"a": [1]}
    assert shown_state({"__root__": [1]}) == [1]
    assert shown_state({"__end__": {"x": 1}, "__previous__": 2}) == {"x": 1}
    assert shown_state({"__previous__": 2, "__start__": 1}) == 2
    assert shown_state({"__start__": 1}) == {}


def test_what_no_checkpoint_can_hold_is_refused() -> None:
    with pytest.raises(Invalid, match="A value of type function can't be stored in a checkpoint"):
        Serializer().encode({"f": lambda: None})


@pytest.mark.parametrize(
    "stored",
    [
        {"$": "os.system", "v": "true"},
        {"$": "AIMessage", "v": {"nonsense": 1}},
        {"$": "AIMessage"},
        {"$": "map", "v": 1},
        {"$": ["x"], "v": 1},
        {"$": "uuid", "v": "x"},
        {"$": "msgpack", "v": "!", "kind": "msgpack"},
        {"$": "msgpack", "v": "", "kind": "pickle"},
    ],
)
def test_what_was_never_written_is_refused(stored: Any) -> None:
    with pytest.raises(StoreDamaged, match="can't be read"):
        Serializer().decode(stored)


@pytest.mark.parametrize(
    ("code", "content"),
    [
        (0, ("os", "system", "touch {0}")),
        (1, ("os", "system", ("touch {0}",))),
        (1, ("subprocess", "call", (["touch", "{0}"],))),
        (0, ("builtins", "eval", "open('{0}', 'w')")),
        (3, ("pathlib", "Path", "{0}", "touch")),
        (2, ("builtins", "open", {"file": "{0}", "mode": "w"})),
    ],
)
def test_a_file_someone_sent_runs_no_code(code: int, content: Any, tmp_path: Path, caplog: Any) -> None:
    caplog.set_level(logging.CRITICAL)
    trace = tmp_path / "trace"
    filled = eval(repr(content).replace("{0}", str(trace)))  # noqa: S307  # the test's own literals
    data = ormsgpack.packb(ormsgpack.Ext(code, ormsgpack.packb(filled)))
    stored = {"$": "msgpack", "v": base64.b64encode(data).decode(), "kind": "msgpack"}
    message = {"$": "HumanMessage", "v": {"content": "x", "additional_kwargs": {"y": stored}}}
    for serializer in (Serializer(), Serializer().with_msgpack_allowlist(OWN)):
        serializer.decode(stored)
        serializer.decode(message)
        serializer.decode({"lc": 1, "type": "constructor", "id": ["os", "system"], "kwargs": {"command": "x"}})
    assert not trace.exists()
    assert subprocess.run(["ls", str(tmp_path)], capture_output=True, check=True).stdout == b""
