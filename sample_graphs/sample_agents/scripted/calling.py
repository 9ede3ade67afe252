"""Which tools the script calls, and with which arguments."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sample_agents.scripted.reading import Request, number_in
from sample_agents.scripted.writing import aspects_of, write


@dataclass(frozen=True, slots=True)
class Call:
    """A tool to call."""

    name: str
    args: dict[str, Any]


def choose_calls(request: Request, tools: Sequence[Mapping[str, Any]], tool_choice: Any) -> list[Call] | str:
    """The calls to make now, or what to say instead. `tools` are function declarations of OpenAI's format."""
    if forced := _forced(tools, tool_choice):
        return [Call(forced["name"], fill(request, forced.get("parameters", {})))]
    return write(request)


def _forced(tools: Sequence[Mapping[str, Any]], tool_choice: Any) -> Mapping[str, Any] | None:
    """The tool that must be called, if one must."""
    if tool_choice in (None, "auto", "none", False):
        return None
    name = tool_choice.get("function", {}).get("name") if isinstance(tool_choice, dict) else tool_choice
    return next((tool for tool in tools if tool["name"] == name), tools[0])


def fill(request: Request, schema: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments that fit a JSON schema of an object."""
    return {name: _value(request, name, field) for name, field in schema.get("properties", {}).items()}


def _value(request: Request, name: str, schema: Mapping[str, Any]) -> Any:
    match schema.get("type"):
        case "array":
            return _texts(request, name, schema)
        case "object":
            return fill(request, schema)
        case _:
            return request.topic


def _texts(request: Request, name: str, schema: Mapping[str, Any]) -> list[str]:
    count = number_in(request.system, name) or 3
    aspects = aspects_of(request, count)
    if "question" in name:
        return [aspect.question.replace("{topic}", request.topic) for aspect in aspects]
    return [aspect.heading for aspect in aspects]


_ = json, re
