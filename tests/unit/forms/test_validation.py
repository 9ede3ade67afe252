"""Each way a value can be wrong gives one clear sentence at its field."""

from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field

from playground.tui.forms.editing import Editing


class Inner(BaseModel):
    model_config = {"extra": "forbid"}
    k: int = 1


class Context(BaseModel):
    heat: float = Field(0.5, ge=0, le=2)
    above: float = Field(1, gt=0, lt=9)
    steps: int | None = None
    tone: Literal["dry", "warm"] = "dry"
    maybe: Literal["a", "b"] | None = None
    code: str = Field("ab", min_length=2, max_length=4, pattern="^[a-z]+$")
    tools: list[Literal["x", "y"]] = []
    tags: list[str] = Field([], max_length=2)
    inner: Inner = Inner()
    flag: bool = False
    even: int = Field(2, multiple_of=2)
    needed: str
    either: int | list[str] = 1


def problems(context: Any, **other: Any) -> dict[str, str]:
    document = {"name": "a", "description": None, "context": context, "config": {}, **other}
    found = Editing(Context.model_json_schema(), document).problems()
    return {".".join(path): sentence for path, sentence in found.items()}


OK = {"needed": "x"}


def test_a_valid_context_has_no_problem() -> None:
    assert problems(OK | {"steps": None, "maybe": None, "inner": {"k": 2}, "either": ["a"]}) == {}


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("heat", 2.5, "must be ≤ 2"),
        ("heat", -1, "must be ≥ 0"),
        ("heat", "warm", "must be a number"),
        ("heat", None, "must be a number"),
        ("heat", True, "must be a number"),
        ("above", 0, "must be > 0"),
        ("above", 9, "must be < 9"),
        ("steps", 1.5, "must be a whole number"),
        ("tone", "loud", "must be one of: dry, warm"),
        ("maybe", "c", "must be one of: a, b"),
        ("code", "a", "must have at least 2 characters"),
        ("code", "abcde", "must have at most 4 characters, has 5"),
        ("code", "AB", "must match ^[a-z]+$"),
        ("tools", ["x", "z"], "[2] must be one of: x, y"),
        ("tools", "x", "must be a list"),
        ("tags", ["a", "b", "c"], "must have at most 2 entries"),
        ("inner", 3, "must be an object"),
        ("inner.k", "x", "must be a whole number"),
        ("inner.more", "x", "is not a field of this graph"),
        ("flag", "yes", "must be true or false"),
        ("even", 3, "must be a multiple of 2"),
        ("either", 1.5, "must be a whole number or a list"),
        ("needed", "\ud800", "has half of a surrogate pair, which can't be stored"),
    ],
)
def test_a_bad_value_is_refused_at_its_field(name: str, value: Any, sentence: str) -> None:
    top, _, inner = name.partition(".")
    context = OK | {top: {inner: value} if inner else value}
    assert problems(context) == {f"context.{name}": sentence}


def test_a_missing_value_is_refused_only_without_a_default() -> None:
    assert problems({}) == {"context.needed": "is required: it has no default"}


def test_every_missing_value_is_named() -> None:
    class Two(BaseModel):
        first: str
        second: str

    editing = Editing(Two.model_json_schema(), {"name": "a", "context": {}, "config": {}})
    assert set(editing.problems()) == {("context", "first"), ("context", "second")}


def test_name_and_config_are_checked_too() -> None:
    assert problems(OK, name="") == {"name": "must not be empty"}
    assert problems(OK, config={"recursion_limit": 0}) == {"config.recursion_limit": "must be ≥ 1"}
    assert problems(OK, config={"tags": "x"}) == {"config.tags": "must be a list"}


def test_a_context_that_is_no_object_is_refused() -> None:
    assert problems([1]) == {"context": "must be an object"}


@pytest.mark.parametrize("value", [2.5, -1])
def test_the_range_of_a_hint_counts(value: float) -> None:
    schema = {
        "properties": {"x": {"type": "number", "metadata": {"x_oap_ui_config": {"type": "slider", "min": 0, "max": 2}}}}
    }
    editing = Editing(schema, {"name": "a", "context": {"x": value}, "config": {}})
    assert ("context", "x") in editing.problems()


@pytest.mark.parametrize(
    "prop", [{"type": "nonsense"}, {"pattern": "(", "type": "string"}, {"$ref": "#/no"}, {"$ref": "http://localhost/x"}]
)
def test_a_broken_schema_checks_nothing_and_raises_nothing(prop: dict[str, Any]) -> None:
    editing = Editing({"properties": {"x": prop}}, {"name": "a", "context": {"x": "y"}, "config": {}})
    assert editing.problems() == {}
