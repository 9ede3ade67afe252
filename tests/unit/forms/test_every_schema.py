"""For schemas made at random: form → value → form is the identity, and what the form accepts, the graph's type accepts.

The schemas are those of pydantic models that are made at random, with every kind of field, and each in each.
"""

from contextlib import suppress
from datetime import date, datetime
from enum import Enum
from random import Random
from typing import Annotated, Any, Literal, Union
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field, TypeAdapter, ValidationError, create_model

from playground.tui.forms.document import UNSET, get, same
from playground.tui.forms.editing import CONTEXT, Editing
from playground.tui.forms.fields import Kind
from playground.tui.forms.kinds import choose, options
from playground.tui.forms.steps import stepped
from playground.tui.forms.text import TextError

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Tree(BaseModel):
    name: str = ""
    children: list["Tree"] = []
    parent: "Tree | None" = None


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int = Field(9, ge=0, le=9)


class Dog(BaseModel):
    kind: Literal["dog"]
    tricks: list[str] = []


Pet = Annotated[Cat | Dog, Field(discriminator="kind")]

scalars: st.SearchStrategy[Any] = st.sampled_from(
    [
        str,
        int,
        float,
        bool,
        Colour,
        date,
        datetime,
        UUID,
        Any,
        Literal["a", "b"],
        Literal[1, "x", None],
        Annotated[int, Field(ge=1, le=9)],
        Annotated[int, Field(gt=-3, multiple_of=5)],
        Annotated[float, Field(ge=0, lt=2)],
        Annotated[float, Field(multiple_of=0.1)],
        Annotated[str, Field(min_length=2, max_length=5)],
        Annotated[str, Field(pattern="^[a-c]+$")],
    ]
)
whole = st.sampled_from([Tree, Pet, dict[str, Any], tuple[int, str], list[Literal["a", "b"]], list[Any]])


def model_of(types: list[Any]) -> type[BaseModel]:
    fields: dict[str, Any] = {f"f{at}": (type_, ...) for at, type_ in enumerate(types)}
    return create_model("Model", **fields)


def union_of(members: list[Any]) -> Any:
    return Any if Any in members else Union[tuple(members)]  # noqa: UP007  made at random


types = st.recursive(
    scalars | whole,
    lambda inner: st.one_of(
        inner.map(lambda type_: union_of([type_, None])),
        inner.map(lambda type_: list[type_]),
        inner.map(lambda type_: Annotated[list[type_], Field(min_length=1, max_length=3)]),
        inner.map(lambda type_: dict[str, type_]),
        st.lists(inner, min_size=2, max_size=3).map(union_of),
        st.lists(inner, min_size=1, max_size=3).map(model_of),
    ),
    max_leaves=5,
)


contexts = st.lists(st.tuples(scalars | types, st.booleans()), min_size=1, max_size=6).map(
    lambda given: create_model(
        "Context",
        **{f"x{at}": (type_, ... if required else None) for at, (type_, required) in enumerate(given)},  # type: ignore[call-overload]
    )
)
TEXTS = ["", "a", "ab", "abcabc", "1", "-5", "0.3", "2", "true", "null", "{}", "[1]", "x\ny", '{"a": 1}', '[1, "a"]']
DATES = ["2024-02-30", "2024-02-29", "2024-02-29T12:00:00Z", "6fa459ea-ee8a-3ca4-894e-db77e160355e"]
TYPED = (Kind.TEXT, Kind.PROMPT, Kind.INTEGER, Kind.NUMBER, Kind.JSON)
ACTS = ("kind", "add", "remove", "move", "rename", "none", "reset", "revert", "undo", "redo")
OFTEN = {
    **dict.fromkeys(TYPED, ("write", "write", "write")),
    Kind.INTEGER: ("write", "write", "step"),
    Kind.NUMBER: ("write", "write", "step"),
    Kind.LIST: ("add", "add", "add"),
    Kind.MAP: ("add", "add", "add"),
    Kind.GROUP: ("add",),
    Kind.CHOICE: ("choose", "choose"),
    Kind.CHECKLIST: ("choose", "choose"),
    Kind.BOOLEAN: ("choose", "choose"),
}


chances = st.integers(0, 2**32).map(Random)


def base(context: Any) -> dict[str, Any]:
    return {"name": "a", "description": None, "context": context, "config": {}, "metadata": {}}


def act(chance: Random, editing: Editing) -> None:
    """Do something to some field, as a user would."""
    entries = [entry for entry in editing.entries() if entry.field.path[:1] == CONTEXT]
    entry = chance.choice(entries)
    path, field = entry.field.path, entry.field
    match chance.choice([*OFTEN.get(field.kind, ()), *ACTS]):
        case "write":
            editing.write(path, chance.choice(TEXTS + DATES))
        case "choose" if field.kind is Kind.CHOICE:
            editing.assign(path, chance.choice(field.choices).value)
        case "choose" if field.kind is Kind.CHECKLIST:
            editing.assign(path, [chance.choice(field.choices).value])
        case "choose":
            editing.assign(path, chance.choice([True, False]))
        case "kind" if found := options(entry):
            choose(editing, entry, chance.choice(found))
        case "add":
            with suppress(TextError):
                editing.add(path, chance.choice(["a", "b", None]))
        case "rename":
            with suppress(TextError):
                editing.rename(path, chance.choice(["a", "c"]))
        case "remove":
            editing.remove(path)
        case "move":
            editing.move(path, chance.choice([-1, 1]))
        case "step":
            editing.assign(path, stepped(field, entry.effective, chance.choice([-1, 1])))
        case "none" if field.nullable:
            editing.assign(path, None)
        case "reset":
            editing.reset(path)
        case "revert":
            editing.revert(path)
        case "undo":
            editing.undo(path)
        case "redo":
            editing.redo(path)


@settings(QUICK, max_examples=150)
@given(contexts, chances)
def test_what_the_form_accepts_the_graphs_type_accepts(model: type[BaseModel], chance: Random) -> None:
    editing = Editing(model.model_json_schema(), base({}))
    for _ in range(42):
        act(chance, editing)
        problems = editing.problems()
        context = editing.document["context"]
        wrong = {path[1] for path in problems if len(path) > 1}
        for name in context.keys() - wrong if CONTEXT not in problems else ():
            accepted(model, name, context[name])
        if not problems:
            TypeAdapter(model).validate_python(context)


def accepted(model: type[BaseModel], name: str, value: Any) -> None:
    """Let the type of one field have its say, whatever the others hold."""
    try:
        model.__pydantic_validator__.validate_assignment(model.model_construct(), name, value)
    except ValidationError as error:
        pytest.fail(f"{value!r} was accepted, and is not: {error}")


@QUICK
@given(contexts, chances)
def test_the_form_shows_what_there_is_and_typing_it_again_changes_nothing(
    model: type[BaseModel], chance: Random
) -> None:
    first = Editing(model.model_json_schema(), base({}))
    for _ in range(30):
        act(chance, first)
    made = first.document
    editing = Editing(model.model_json_schema(), made)
    for entry in list(editing.entries()):
        assert same(get(made, entry.field.path), entry.value)
        if entry.is_set and entry.field.kind in TYPED:
            editing.write(entry.field.path, entry.text + "1")
            editing.write(entry.field.path, entry.text)
    assert same(editing.document, made)
    assert editing.changes() == []


@QUICK
@given(contexts, chances)
def test_every_field_can_be_set_and_reset_and_all_of_it_undone(model: type[BaseModel], chance: Random) -> None:
    editing = Editing(model.model_json_schema(), base({}))
    for entry in list(editing.entries()):
        path = entry.field.path
        if path[:1] != CONTEXT:
            continue
        for option in options(entry):
            choose(editing, entry, option)
            if option.variant is not None:
                assert get(editing.document, path) is not UNSET
            else:
                assert same(get(editing.document, path), option.value)
            editing.reset(path)
            assert get(editing.document, path) is UNSET
    assert editing.changes() == []


@QUICK
@given(contexts, chances)
def test_undoing_everything_leads_back_to_the_start_and_redoing_it_forth(
    model: type[BaseModel], chance: Random
) -> None:
    editing = Editing(model.model_json_schema(), base({}))
    for _ in range(30):
        act(chance, editing)
    end, texts = editing.document, dict(editing.texts)
    steps = 0
    while editing.undo(CONTEXT):
        steps += 1
    assert same(editing.document["context"], {})
    assert not editing.texts
    for _ in range(steps):
        editing.redo(CONTEXT)
    assert same(editing.document, end)
    assert editing.texts == texts


@QUICK
@given(contexts, chances)
def test_a_draft_and_each_text_of_a_context_bring_it_back(model: type[BaseModel], chance: Random) -> None:
    editing = Editing(model.model_json_schema(), base({}))
    for _ in range(30):
        act(chance, editing)
    again = Editing(model.model_json_schema(), base({}))
    again.restore(editing.content())
    assert again.content() == editing.content()
    for notation in ("json", "yaml"):
        other = Editing(model.model_json_schema(), base({}))
        other.write_text(notation, editing.text_of(notation))
        assert same(other.document["context"], editing.document["context"])
