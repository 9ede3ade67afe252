"""Whatever a graph yields becomes JSON: never an error, never an executed value."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any
from uuid import UUID

import orjson
import pytest
from langchain_core.messages import AIMessage
from pydantic import BaseModel

from playground.runs.encode import to_json, to_plain


class Colour(Enum):
    RED = "red"


class Model(BaseModel):
    colour: Colour = Colour.RED


@dataclass
class Data:
    number: int = 1


class Angry:
    def __repr__(self) -> str:
        raise RuntimeError("no")

    def model_dump(self) -> Any:
        raise RuntimeError("no")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Model(), {"colour": "red"}),
        (Data(), {"number": 1}),
        ({1: {2: 3}}, {"1": {"2": 3}}),
        ((1, 2), [1, 2]),
        ({7}, [7]),
        (b"ab", "YWI="),
        (2**80, 2**80),
        ({(1, 2): 2**80}, {"(1, 2)": 2**80}),
        ("\ud800", "?"),
        (float("nan"), None),
        ([2**80, float("-inf"), Data(), {UUID(int=5): {1}}], [2**80, None, {"number": 1}, {str(UUID(int=5)): [1]}]),
        (UUID(int=5), str(UUID(int=5))),
        (datetime(2026, 1, 2, tzinfo=UTC), "2026-01-02T00:00:00+00:00"),
        (ValueError("bad"), {"error": "ValueError", "message": "bad"}),
        (Angry(), "<Angry>"),
        (Model, f"{__name__}.Model"),
    ],
)
def test_plain_form(value: object, expected: object) -> None:
    assert to_plain(value) == expected


def test_a_message_is_its_fields() -> None:
    message = to_plain(AIMessage("hi", id="m"))
    assert (message["type"], message["content"], message["id"]) == ("ai", "hi", "m")


def test_lone_surrogates_travel_as_question_marks() -> None:
    assert orjson.loads(to_json({"text": "a\ud800b"})) == {"text": "a?b"}  # as escapes the SDK could not read them


def test_a_loop_is_told_not_followed() -> None:
    loop: list[Any] = []
    loop.append(loop)
    assert "..." in orjson.loads(to_json(loop))
