"""Arguments for tools and structured answers, found in a conversation."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from langchain_core.messages import BaseMessage

from sample_agents.scripted.labelling import choose_label
from sample_agents.scripted.reading import Request, number_in
from sample_agents.scripted.writing import aspects_of

MISSING: Any = object()
"""No value was found."""
_ORDER = re.compile(r"\b([A-Z]{1,3}-?\d{3,}|\d{3,})\b")
_NUMBER = r"\d+(?:\.\d{1,2})?"
_MONEY = re.compile(rf"(?<=[$€£]){_NUMBER}|{_NUMBER}(?=\s?(?:dollars?|euros?|pounds?|usd|eur|[$€£]))", re.IGNORECASE)


def find_arguments(
    tool: Mapping[str, Any], wish: str, messages: Sequence[BaseMessage], facts: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """The arguments that the conversation gives, and the names of required ones that it doesn't."""
    parameters = tool.get("parameters", {})
    said = "\n".join(message.text for message in messages if message.type == "human")
    found = {
        name: value
        for name, schema in parameters.get("properties", {}).items()
        if (value := _find(name, schema, wish, said, facts)) is not MISSING
    }
    return found, [name for name in parameters.get("required", ()) if name not in found]


def _find(name: str, schema: Mapping[str, Any], wish: str, said: str, facts: Mapping[str, Any]) -> Any:
    if schema.get("type") in ("number", "integer"):
        number = _number(name, schema["type"], wish)
        return facts.get(name, MISSING) if number is MISSING else number
    if name in facts:
        return facts[name]
    if "enum" in schema:
        return next((option for option in schema["enum"] if str(option).lower() in wish.lower()), MISSING)
    if schema.get("type") != "string":
        return MISSING
    if re.search(r"(?:^|_)(?:id|order|number)(?:$|_)", name):
        found = _ORDER.findall(wish) or _ORDER.findall(said)
        return found[-1] if found else MISSING
    if re.search(r"reason|issue|note|comment|query|question|text|topic|search|message", name):
        return " ".join(_ORDER.sub("", wish).split()) or MISSING
    return MISSING


def _number(name: str, type_: str, wish: str) -> Any:
    pattern = _ORDER if re.search(r"(?:^|_)(?:id|order)(?:$|_)", name) else _MONEY
    found = pattern.findall(wish)
    if not found:
        return MISSING
    return int(float(found[-1])) if type_ == "integer" else float(found[-1])


def fill(request: Request, schema: Mapping[str, Any]) -> dict[str, Any]:
    """An object that fits a JSON schema, as an answer to the request."""
    return {name: _value(request, name, field) for name, field in schema.get("properties", {}).items()}


def _value(request: Request, name: str, schema: Mapping[str, Any]) -> Any:
    options = schema.get("enum") or ([schema["const"]] if "const" in schema else [])
    if options:
        return choose_label(request, options)[0]
    for choice in schema.get("anyOf", ()):
        return _value(request, name, choice)
    match schema.get("type"):
        case "array":
            return _list(request, name, schema)
        case "object":
            return fill(request, schema)
        case "boolean":
            return bool(re.search(r"\b(?:yes|please|urgent|must)\b", request.said, re.IGNORECASE))
        case "integer" | "number":
            return _amount(request, name, schema)
        case _:
            return request.topic


def _list(request: Request, name: str, schema: Mapping[str, Any]) -> list[Any]:
    """As many entries as the prompt asks for (“three questions”), or three."""
    item = schema.get("items", {})
    if item.get("type", "string") != "string":
        return [_value(request, name, item)]
    count = number_in(request.system, name.rstrip("s")) or 3
    count = max(schema.get("minItems", 1), min(count, schema.get("maxItems", count)))
    aspects = aspects_of(request, count)
    if "question" in name:
        return [aspect.question.replace("{topic}", request.topic) for aspect in aspects]
    return [aspect.heading for aspect in aspects]


def _amount(request: Request, name: str, schema: Mapping[str, Any]) -> float | int:
    if re.search(r"confidence|score|probability|certainty", name):
        return choose_label(request, ())[1]
    low = schema.get("minimum", schema.get("exclusiveMinimum", 0))
    found = re.findall(r"\d+(?:\.\d+)?", request.said)
    number = max(low, min(float(found[0]) if found else low, schema.get("maximum", float("inf"))))
    return int(number) if schema.get("type") == "integer" else number
