"""Each way a value can be wrong gives one clear sentence at its place, for every keyword that pydantic writes."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from ipaddress import IPv4Address
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from pydantic import AnyUrl, BaseModel, Field, SecretStr, TypeAdapter
from typing_extensions import TypedDict

from playground.client.validation import Checker, outdated, said


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int = Field(9, ge=1)


class Dog(BaseModel):
    kind: Literal["dog", "puppy"]
    name: str


class Spoon(BaseModel):
    size: int


class Fork(BaseModel):
    model_config = {"extra": "forbid"}
    tines: int


class Named(BaseModel):
    name: str = ""
    tags: list[str] = []


class Context(BaseModel):
    pet: Annotated[Cat | Dog, Field(discriminator="kind")] | None = None
    untold: Cat | Dog | None = None
    tool: Spoon | Fork | int = 1
    either: int | list[str] | None = 1
    literal: Literal["a"] | Literal[1, 2] = "a"
    rows: list[Named] = []
    pair: tuple[int, str] = (1, "a")
    limits: dict[Literal["a", "b"], int] = {}
    many: dict[str, Named] = {}
    few: Annotated[list[str], Field(min_length=2, max_length=3)] = ["a", "b"]
    once: set[int] = set()
    price: float = Field(1, gt=0, lt=1_000_000)
    day: date | None = None
    moment: datetime | None = None
    clock: time | None = None
    id: UUID | None = None
    mail: str = Field("", json_schema_extra={"format": "email"})
    address: IPv4Address | None = None
    link: AnyUrl | None = None
    secret: SecretStr | None = None
    deep: dict[str, list[Named]] = {}


def problems(value: dict[str, Any]) -> list[str]:
    return [said(problem) for problem in Checker(Context.model_json_schema()).problems(value)]


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("pet", {"kind": "cow"}, "pet.kind: must be one of: cat, dog, puppy"),
        ("pet", {}, "pet.kind: is required, one of: cat, dog, puppy"),
        ("pet", {"kind": "cat", "lives": 0}, "pet.lives: must be ≥ 1"),
        ("pet", {"kind": "puppy"}, "pet.name: is required: it has no default"),
        ("pet", "cat", "pet: must be Cat or Dog"),
        ("untold", {"kind": "cow"}, "untold.kind: must be one of: cat, dog, puppy"),
        ("untold", {"kind": "cat", "lives": "x"}, "untold.lives: must be a whole number"),
        ("untold", 1, "untold: must be Cat or Dog"),
        ("tool", {"size": "x"}, "tool: must be Spoon, Fork or a whole number"),
        ("tool", "x", "tool: must be Spoon, Fork or a whole number"),
        ("either", 1.5, "either: must be a whole number or a list"),
        ("either", ["a", 2], "either[2]: must be text"),
        ("literal", "b", "literal: must be one of: a, 1, 2"),
        ("rows", [{}, {"name": 3}], "rows[2].name: must be text"),
        ("rows", [3], "rows[1]: must be an object"),
        ("pair", [1], "pair: must have 2 entries"),
        ("pair", [1, "a", 3], "pair: must have 2 entries"),
        ("limits", {"A": 1}, 'limits: has the key "A", which must be one of: a, b'),
        ("limits", {"a": "x"}, "limits.a: must be a whole number"),
        ("many", {"x": {"tags": "y"}}, "many.x.tags: must be a list"),
        ("few", ["a"], "few: must have at least 2 entries"),
        ("few", ["a"] * 4, "few: must have at most 3 entries"),
        ("once", [1, 1], "once: must not have an entry twice"),
        ("price", 1_000_000, "price: must be < 1000000"),
        ("day", "tomorrow", "day: must be a date, as 2026-01-31"),
        ("moment", "tomorrow", "moment: must be a date and time, as 2026-01-31T18:30:00Z"),
        ("clock", "noon", "clock: must be a time, as 18:30"),
        ("id", "1", "id: must be a UUID"),
        ("mail", "nobody", "mail: must be an e-mail address"),
        ("address", "1.2.3", "address: must be an IPv4 address"),
        ("link", "example.com", "link: must be a URL, as https://example.com"),
        ("secret", 3, "secret: must be text"),
        ("deep", {"a": [{}, {"tags": ["x", 1]}]}, "deep.a[2].tags[2]: must be text"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(name: str, value: Any, sentence: str) -> None:
    assert problems({name: value}) == [sentence]
    with pytest.raises(ValueError):
        Context.model_validate({name: value}) if name not in ("mail", "once") else int("no")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("moment", "2026-01-31T18:30:00+02:00"),
        ("moment", "1700000000"),
        ("day", "2026-01-31"),
        ("day", "2026-01-31T00:00:00Z"),
        ("clock", "18:30:05.5Z"),
        ("id", "12345678123456781234567812345678"),
        ("id", "urn:uuid:12345678-1234-5678-1234-567812345678"),
        ("link", "HTTP://example.com"),
        ("tool", {"tines": 3}),
        ("pet", {"kind": "cat"}),
    ],
)
def test_what_pydantic_reads_is_no_problem(name: str, value: Any) -> None:
    Context.model_validate({name: value})
    assert problems({name: value}) == []


def test_a_union_that_fits_twice() -> None:
    schema = {"oneOf": [{"type": "integer"}, {"minimum": 0}]}
    assert Checker(schema).problems(3) == [((), "fits more than one of the forms it may have")]


@pytest.mark.parametrize(
    ("schema", "value", "sentence"),
    [
        ({"dependentRequired": {"a": ["b", "c"]}}, {"a": 1, "c": 1}, 'b: is required where "a" is set'),
        ({"if": {"required": ["a"]}, "then": {"required": ["b"]}}, {"a": 1}, "b: is required: it has no default"),
        ({"if": {"required": ["a"]}, "else": {"maxProperties": 1}}, {"b": 1, "c": 2}, "must have at most 1 entry"),
        ({"dependentSchemas": {"a": {"minProperties": 2}}}, {"a": 1}, "must have at least 2 entries"),
        ({"not": {"type": "string"}}, "x", "must not be text"),
        ({"contains": {"type": "integer"}}, ["x"], "must have at least 1 of its entries be a whole number"),
        ({"contains": {"const": 1}, "maxContains": 1}, [1, 1], "must have at most 1 of its entries be 1"),
        ({"prefixItems": [{}], "items": False}, [1, 2], "must have at most 1 entry"),
        ({"properties": {"a": False}}, {"a": 1}, "has a value where there must be none"),
        ({"allOf": [{"minimum": 3}, {"multipleOf": 2}]}, 1, "must be ≥ 3"),
        ({"properties": {"a": {}}, "unevaluatedProperties": False}, {"b": 1}, "b: is not a field of this graph"),
        (
            {"patternProperties": {"^x": {}}, "additionalProperties": False},
            {"x1": 1, "y": 1},
            "y: is not a field of this graph",
        ),
        ({"const": {"a": 1}}, {}, 'must be {"a": 1}'),
        ({"type": ["integer", "null"]}, "x", "must be a whole number or null"),
    ],
)
def test_keywords_that_pydantic_leaves_to_others(schema: Any, value: Any, sentence: str) -> None:
    assert said(Checker(schema).problems(value)[0]) == sentence


def test_no_sentence_grows_with_the_value_or_harms_a_terminal() -> None:
    long = "\x1b[31m" + "x" * 100_000
    for value in ({"either": long}, {"limits": {long: 1}}, {"pet": {"kind": long}}, {"few": long}, {"day": long}):
        for path, sentence in Checker(Context.model_json_schema()).problems(value):
            assert len(sentence) < 200, path
            assert "\x1b" not in sentence


class Older(BaseModel):
    tone: Literal["casual", "brief"] = "casual"
    heat: float = Field(1, ge=0.5, le=2)
    rows: list[Named] = []
    steps: int | None = None
    word: Literal["only"] = "only"
    code: str = Field("abc", max_length=3, pattern="^[a-z]*$")
    secret: SecretStr | Literal["none"] = "none"
    pin: SecretStr = Field(SecretStr(""), max_length=3)
    api_key: str = Field("", pattern="^sk-")
    pet: Annotated[Cat | Dog, Field(discriminator="kind")] | None = None
    maybe: Named | None = None


@pytest.mark.parametrize(
    ("saved", "sentences"),
    [
        ({"tone": "formal"}, ['tone: "formal" is no longer one of: casual, brief']),
        ({"word": "other"}, ['word: "other" is no longer only']),
        ({"heat": 2.5}, ["heat: 2.5 is more than the 2 it may be now"]),
        ({"heat": 0}, ["heat: 0 is less than the 0.5 it must be now"]),
        ({"steps": "three"}, ['steps: must be a whole number now, but is "three"']),
        ({"rows": {"a": 1}}, ["rows: must be a list now"]),
        ({"code": "abcd"}, ["code: must have at most 3 characters now, has 4"]),
        ({"code": "A"}, ['code: must match ^[a-z]*$ now, but is "A"']),
        ({"gone": 1, "heat": 1}, ["gone: is no longer a field of this graph"]),
        ({"rows": [{"nme": "x"}]}, ["rows[1].nme: is no longer a field of this graph"]),
        ({"maybe": {"nme": "x"}}, ["maybe.nme: is no longer a field of this graph"]),
        ({"pet": {"kind": "cow"}}, ['pet.kind: "cow" is no longer one of: cat, dog, puppy']),
        ({"pin": "hunter2"}, ["pin: must have at most 3 characters now, has 7"]),
        ({"pin": 1234567}, ["pin: must be text now"]),
        ({"api_key": "hunter2"}, ["api_key: must match ^sk- now"]),
        (
            {"code": "sk-abcdefghijklmnop1234"},
            ["code: must have at most 3 characters now, has 23", "code: must match ^[a-z]*$ now"],
        ),
        ({"heat": 1, "tone": "brief", "steps": None}, []),
    ],
)
def test_a_saved_value_that_no_longer_fits_is_said_as_such(saved: Any, sentences: list[str]) -> None:
    assert [said(problem) for problem in outdated(Older.model_json_schema(), saved)] == sentences


def test_a_field_that_came_to_be_required() -> None:
    assert outdated(Dog.model_json_schema(), {"kind": "dog"}) == [(("name",), "is required: it has no default")]


class Typed(TypedDict, total=False):
    a: int


@dataclass
class Data:
    a: int = 0
    rows: list[Named] = field(default_factory=list)


@pytest.mark.parametrize("type_", [Typed, Data])
def test_other_kinds_of_context_lose_fields_too(type_: Any) -> None:
    schema = TypeAdapter(type_).json_schema()
    assert outdated(schema, {"a": 1, "b": 2}) == [(("b",), "is no longer a field of this graph")]


def test_what_takes_anything_takes_all_keys() -> None:
    class Open(BaseModel):
        model_config = {"extra": "allow"}
        a: int = 1

    assert outdated(Open.model_json_schema(), {"b": 2}) == []
    assert outdated(None, {"b": 2}) == outdated({}, {"b": 2}) == outdated({"type": "object"}, {"b": 2}) == []


def test_a_schema_that_contains_itself_ends() -> None:
    schema = {
        "$ref": "#/$defs/Node",
        "$defs": {"Node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/Node"}}}},
    }
    assert outdated(schema, {"next": {"next": {"old": 1}}}) == [
        (("next", "next", "old"), "is no longer a field of this graph")
    ]
    assert outdated({"$ref": "#"}, {"a": 1}) == []
