"""What a user types, as a graph's input. Pure."""

import json
from typing import Any

from playground.client.errors import UsageError


def input_from_text(text: str, schema: dict[str, Any] | None) -> Any:
    """TEXT as the input of a graph with this input schema.

    A message of the user where the graph takes messages; the one required text where there is exactly one; else JSON.
    Where the graph doesn't say what it takes, JSON as it is, other text as a message. Raises UsageError.
    """
    found = None if schema and takes_messages(schema) else _json_object(text)
    if found is not None:
        return found
    if takes_messages(schema):
        return {"messages": [{"role": "user", "content": text}]}
    field = only_text_field(schema)
    if field is not None:
        return {field: text}
    fields = ", ".join(_properties(schema)) or "none"
    raise UsageError(f"This graph doesn't take a message: give its input as a JSON object (fields: {fields}).")


def input_from_document(text: str, schema: dict[str, Any] | None) -> Any:
    """A file's or a pipe's content: a JSON object is the whole input, anything else is as TEXT."""
    found = _json_object(text)
    return found if found is not None else input_from_text(text.rstrip("\n"), schema)


def takes_messages(schema: dict[str, Any] | None) -> bool:
    """Whether a graph is a chat. One that declares no input is taken for one."""
    return not schema or "messages" in _properties(schema)


def only_text_field(schema: dict[str, Any] | None) -> str | None:
    """The name of the required text, if there is exactly one required field and it is a text."""
    required = (schema or {}).get("required") or []
    if len(required) != 1:
        return None
    declared = _properties(schema).get(required[0])
    return required[0] if isinstance(declared, dict) and declared.get("type") == "string" else None


def _properties(schema: dict[str, Any] | None) -> dict[str, Any]:
    properties = (schema or {}).get("properties")
    return properties if isinstance(properties, dict) else {}


def _json_object(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
