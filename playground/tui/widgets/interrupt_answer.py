"""What an interrupt asks for, and how its answers look to the graph. Pure.

Two conventions are known, everything else is answered with JSON or text:
- LangChain's HumanInTheLoopMiddleware: `{"action_requests": […], "review_configs": […]}` → `{"decisions": […]}`;
- Agent Inbox (langgraph.prebuilt.interrupt.HumanInterrupt): `{"action_request", "config", "description"}`, alone or
  several in a list → `[{"type", "args"}]`, one for each.
"""

import json
from dataclasses import dataclass
from typing import Any, Final, Literal

from playground.client.values import Interrupt

ANSWER: Final = "answer"
_SCHEMA_WORDS: Final = frozenset({"type", "properties", "enum", "anyOf", "oneOf", "$ref", "allOf", "const"})

Way = Literal["approve", "edit", "reply", "ignore"]
WAYS: Final[tuple[Way, ...]] = ("approve", "edit", "reply", "ignore")


@dataclass(frozen=True, slots=True)
class Action:
    """Something that waits for the user's word: its name, arguments, what is said of it, and how it may be answered."""

    name: str
    arguments: dict[str, Any]
    description: str
    ways: tuple[Way, ...]
    reply_as: str = "reject"


@dataclass(frozen=True, slots=True)
class Review:
    """Actions that want a decision each; `answer` makes the graph's answer of the decisions, in the actions' order."""

    convention: Literal["middleware", "inbox"]
    actions: tuple[Action, ...]

    def approve(self) -> dict[str, Any]:
        """Do it as it is."""
        return {"type": "accept", "args": None} if self.convention == "inbox" else {"type": "approve"}

    def ignore(self) -> dict[str, Any]:
        """Don't do it."""
        return {"type": "ignore", "args": None} if self.convention == "inbox" else {"type": "reject"}

    def reply(self, action: Action, text: str) -> dict[str, Any]:
        """Say something instead."""
        if self.convention == "inbox":
            return {"type": "response", "args": text}
        return {"type": action.reply_as, "message": text}

    def edit(self, action: Action, arguments: dict[str, Any]) -> dict[str, Any]:
        """Do it with other arguments."""
        if self.convention == "inbox":
            return {"type": "edit", "args": {"action": action.name, "args": arguments}}
        return {"type": "edit", "edited_action": {"name": action.name, "args": arguments}}

    def answer(self, decisions: list[dict[str, Any]]) -> Any:
        """What the graph is resumed with."""
        return decisions if self.convention == "inbox" else {"decisions": decisions}


def review_of(value: Any) -> Review | None:
    """The review that an interrupt's payload asks for, None if it follows no known convention."""
    if isinstance(value, dict) and isinstance(value.get("action_requests"), list):
        return _middleware(value)
    requests = value if isinstance(value, list) else [value]
    if requests and all(isinstance(r, dict) and isinstance(r.get("action_request"), dict) for r in requests):
        return Review("inbox", tuple(_inbox(request) for request in requests))
    return None


def _middleware(value: dict[str, Any]) -> Review | None:
    requests = [request for request in value["action_requests"] if isinstance(request, dict)]
    configs = {c.get("action_name"): c for c in value.get("review_configs") or [] if isinstance(c, dict)}
    actions = []
    for request in requests:
        name = str(request.get("name") or request.get("action") or "?")
        decisions = set(configs.get(name, {}).get("allowed_decisions") or ("approve", "edit", "reject"))
        allowed = {
            "approve": "approve" in decisions,
            "edit": "edit" in decisions,
            "reply": bool(decisions & {"reject", "respond"}),
            "ignore": "reject" in decisions,
        }
        ways = tuple(way for way in WAYS if allowed[way])
        reply_as = "respond" if "respond" in decisions else "reject"
        actions.append(Action(name, _arguments(request), str(request.get("description") or ""), ways, reply_as))
    return Review("middleware", tuple(actions)) if actions else None


def _inbox(value: dict[str, Any]) -> Action:
    request = value["action_request"]
    config = value.get("config")
    config = config if isinstance(config, dict) else {}
    keys = {"approve": "allow_accept", "edit": "allow_edit", "reply": "allow_respond", "ignore": "allow_ignore"}
    ways = tuple(way for way in WAYS if config.get(keys[way], True))
    description = str(value.get("description") or "")
    return Action(str(request.get("action") or "?"), _arguments(request), description, ways)


def _arguments(request: dict[str, Any]) -> dict[str, Any]:
    arguments = request.get("args", request.get("arguments"))
    return arguments if isinstance(arguments, dict) else {}


def read_answer(text: str) -> Any:
    """What the user typed: JSON if it is, else the text."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def schema_of(interrupt: Interrupt | None) -> dict[str, Any] | None:
    """The JSON schema of the answer: the interrupt's own, or one that its payload carries; None if there is none."""
    if interrupt is None or interrupt.schema is not None:
        return interrupt.schema if interrupt is not None else None
    value = interrupt.value
    if isinstance(value, dict):
        for key in ("response_schema", "json_schema", "schema"):
            if isinstance(found := value.get(key), dict) and found.keys() & _SCHEMA_WORDS:
                return found
    return None


def form_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema that a form has fields for: an answer that is no object becomes the one field of one."""
    if is_object(schema):
        return schema
    definitions: dict[str, Any] = {key: schema[key] for key in ("$defs", "definitions") if key in schema}
    return {"type": "object", "properties": {ANSWER: schema}, "required": [ANSWER], **definitions}


def form_answer(value: Any, schema: dict[str, Any]) -> Any:
    """What was filled in, as the schema has it."""
    return value if is_object(schema) or not isinstance(value, dict) else value.get(ANSWER)


def is_object(schema: dict[str, Any]) -> bool:
    """Whether answers are JSON objects."""
    return schema.get("type") == "object" or "properties" in schema
