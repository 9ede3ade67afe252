"""What is typed, as a graph's input; what stands in an empty input."""

import json
from typing import Any
from uuid import uuid4

from playground.client.values import Schemas


def chat_input(text: str) -> dict[str, Any]:
    """A message of the user as a graph's input. Its id makes it the same message wherever it comes back."""
    return {"messages": [{"type": "human", "content": text, "id": str(uuid4())}]}


def input_schema(schemas: Schemas) -> dict[str, Any] | None:
    """What a graph takes; its state where its input can't be drawn up as a schema."""
    return schemas.input or schemas.state


def takes_messages(schema: dict[str, Any] | None) -> bool:
    """Whether a graph is a chat: its input has `messages`. One that says nothing of its input may be."""
    properties = (schema or {}).get("properties")
    return not isinstance(properties, dict) or "messages" in properties


def read_input(text: str, schema: dict[str, Any] | None, name: str = "This graph") -> Any:
    """What was typed as a graph's input: a message for a chat, JSON for another graph.

    JSON with `messages` in it goes to a chat as it is. Raises ValueError, a sentence to show.
    """
    given = _json_object(text)
    if not takes_messages(schema):
        if given is None:
            raise ValueError(f"{name} takes JSON, and that isn't: {_json_problem(text)}.")
        return given
    return given if given is not None and (schema is None or "messages" in given) else chat_input(text)


def input_hint(schema: dict[str, Any] | None, message: str) -> str:
    """What stands in an empty input: `message` for a chat, else the fields of the JSON."""
    return message if takes_messages(schema) else json_placeholder(schema)


def _json_object(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _json_problem(text: str) -> str:
    try:
        json.loads(text)
    except ValueError as error:
        return str(error)
    return 'an object like {"field": value} is wanted'


def json_placeholder(schema: dict[str, Any] | None) -> str:
    """`{"text": …, "labels": […]}` from the input's schema."""
    properties = (schema or {}).get("properties")
    if not isinstance(properties, dict):
        return "JSON"
    shapes = {"string": '"…"', "array": "[…]", "object": "{…}", "integer": "0", "number": "0.0", "boolean": "true"}
    fields = [
        f"{json.dumps(name)}: {shapes.get(field.get('type', ''), '…') if isinstance(field, dict) else '…'}"
        for name, field in properties.items()
    ]
    return f"JSON: {{{', '.join(fields)}}}"
