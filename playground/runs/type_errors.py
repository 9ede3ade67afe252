"""What a context's type raises, as sentences at their places. Pure. No sentence holds a secret of the context."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

Place = tuple[str | int, ...]
Problem = tuple[Place, str]

_OPENING = re.compile(r"^[A-Z]\w*(?: \w+)? should ")  # of pydantic: “Input should be …”, “String should have …”
_ABOUT_THE_INPUT = re.compile(r", (?:unable to|got a number).*| or (?:object to extract|instance of).*")
_WORDS = {  # pydantic's → those of the sentences about a schema
    "must be a valid string": "must be text",
    "must be a valid integer": "must be a whole number",
    "must be a valid number": "must be a number",
    "must be a valid boolean": "must be true or false",
    "must be a valid list": "must be a list",
    "must be a valid dictionary": "must be an object",
    "greater than or equal to ": "≥ ",
    "less than or equal to ": "≤ ",
    "greater than ": "> ",
    "less than ": "< ",
}
_TAGS = {"str": "text", "int": "a whole number", "float": "a number", "bool": "true or false", "none": "null"}
_SECRET_KEY = re.compile(r"api_?key|secret|token|passwor|passphrase|credential|private_?key", re.IGNORECASE)
_KIND = re.compile(r"[A-Za-z][\w .\[\], ]*")  # of a union's alternatives, those that a reader knows
_LONGEST = 300  # characters of a sentence


def pydantic_problems(errors: Iterable[Mapping[str, Any]], value: Any) -> Iterator[Problem]:
    """pydantic's errors about `value`, one at each place; the alternatives of a union are one problem."""
    groups: dict[Place, dict[str | int | None, list[Problem]]] = defaultdict(lambda: defaultdict(list))
    for error in errors:
        place, union, tag = _place(error, value)
        groups[place if union is None else union][tag].append((place, _sentence(error)))
    for union, alternatives in groups.items():
        found = [problem for problems in alternatives.values() for problem in problems]
        tags = [tag for tag in alternatives if tag is not None]
        yield from found if len(tags) < 2 else [(union, _none_of(tags, found, union))]


def other_problem(error: BaseException) -> str:
    """Any other exception in a sentence: what a constructor wanted to say, or that it failed."""
    text = " ".join(str(error).split())
    if isinstance(error, (ValueError, AssertionError)) and text:
        return text
    return f"its type refuses it: {type(error).__name__}{f': {text}' if text else ''}"


def told(problems: Iterable[Problem], context: Any, secret_names: Collection[str] = ()) -> list[Problem]:
    """The problems for people: once each, of a bounded length, without the context's secrets.

    Those are texts under `secret_names`, and under keys that are called like keys.
    """
    secrets = sorted((text for text in _secrets(context, secret_names) if len(text) > 3), key=len, reverse=True)
    found: dict[Problem, None] = {}
    for place, sentence in problems:
        for secret in secrets:
            sentence = sentence.replace(secret, "…")
        found.setdefault((place, sentence if len(sentence) <= _LONGEST else f"{sentence[: _LONGEST - 1]}…"))
    return list(found)


def said(problem: Problem) -> str:
    """A problem as one sentence, `tools[2].name: must be text`: entries of lists are counted from 1."""
    place, sentence = problem
    where = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in place).removeprefix(".")
    return f"{where}: {sentence}" if where else sentence


def _place(error: Mapping[str, Any], value: Any) -> tuple[Place, Place | None, str | int | None]:
    """Where an error is in `value`: its `loc` without the names of unions' alternatives; and which, where.

    A key that isn't there is the one that is missing.
    """
    place: list[str | int] = []
    union, tag = None, None
    for part in error["loc"]:
        if _has(value, part):
            value = value[part]
            place.append(part)
        elif isinstance(value, Mapping) and error["type"].startswith("missing") and part == error["loc"][-1]:
            place.append(part)
        elif union is None:
            union, tag = tuple(place), part
    if error["type"] in ("union_tag_invalid", "union_tag_not_found"):
        place.append(str(error["ctx"]["discriminator"]).strip("'"))
    return tuple(place), union, tag


def _has(value: Any, part: str | int) -> bool:
    if isinstance(value, Mapping):
        return part in value
    return isinstance(value, (list, tuple)) and isinstance(part, int) and 0 <= part < len(value)


def _sentence(error: Mapping[str, Any]) -> str:
    message = " ".join(str(error["msg"]).split())
    if error["type"] == "missing":
        return "is required: it has no default"
    if error["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
        return "is not a field of this graph"
    if error["type"] == "union_tag_invalid":
        return f"must be one of: {error['ctx']['expected_tags'].replace(chr(39), '')}"
    if error["type"] == "union_tag_not_found":
        return "is required: it says which of several kinds this is"
    if error["type"] in ("value_error", "assertion_error"):
        return message.partition(", ")[2] or message
    sentence = _ABOUT_THE_INPUT.sub("", _OPENING.sub("must ", message))
    for theirs, ours in _WORDS.items():
        sentence = sentence.replace(theirs, ours)
    return f"has a key that {sentence}" if "[key]" in error["loc"] else sentence


def _none_of(tags: list[str | int], found: list[Problem], union: Place) -> str:
    wanted = [sentence.removeprefix("must be ") for place, sentence in found if place == union]
    if len(wanted) == len(found) and all(sentence.startswith("must be ") for _, sentence in found):
        return f"must be {_either(wanted)}"
    kinds = [_TAGS.get(tag, tag) for tag in tags if isinstance(tag, str) and _KIND.fullmatch(tag)]
    kinds = [
        "a list" if kind.startswith("list[") else "an object" if kind.startswith("dict[") else kind for kind in kinds
    ]
    return f"fits none of the forms it may have: {_either(kinds)}" if kinds else "fits none of the forms it may have"


def _either(names: Sequence[str]) -> str:
    names = list(dict.fromkeys(names))
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def secret_names(schema: Any) -> Iterator[str]:
    """The fields of a JSON schema, at any depth, whose values are never shown: pydantic's SecretStr."""
    if isinstance(schema, Mapping):
        for name, prop in (schema.get("properties") or {}).items():
            if _is_secret(prop):
                yield name
        for inner in schema.values():
            yield from secret_names(inner)


def _is_secret(prop: Any) -> bool:
    if isinstance(prop, list):
        return any(map(_is_secret, prop))
    if not isinstance(prop, Mapping):
        return False
    if prop.get("format") == "password" or prop.get("writeOnly"):
        return True
    return any(_is_secret(prop.get(inside)) for inside in ("anyOf", "items", "additionalProperties"))


def _secrets(value: Any, names: Collection[str], secret: bool = False) -> Iterator[str]:
    if isinstance(value, str):
        if secret:
            yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _secrets(inner, names, secret or key in names or _SECRET_KEY.search(str(key)) is not None)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _secrets(inner, names, secret)
