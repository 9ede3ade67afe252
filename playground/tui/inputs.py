"""What stands in an empty input: what a graph takes."""

import json
from typing import Any, Final

from playground.client.inputs import only_text_field, properties_of, takes_messages

_SHAPES: Final = {
    "string": '"…"',
    "array": "[…]",
    "object": "{…}",
    "integer": "0",
    "number": "0.0",
    "boolean": "true",
}


def input_hint(schema: dict[str, Any] | None, message: str) -> str:
    """`message` for a chat, the one text that a graph wants, else the fields of the JSON."""
    if takes_messages(schema):
        return message
    field = only_text_field(schema)
    return f"{field}, as text or JSON" if field else json_placeholder(schema)


def json_placeholder(schema: dict[str, Any] | None) -> str:
    """`{"text": …, "labels": […]}` from the input's schema."""
    properties = properties_of(schema)
    if properties is None:
        return "JSON"
    fields = [
        f"{json.dumps(name)}: {_SHAPES.get(str(field.get('type')), '…') if isinstance(field, dict) else '…'}"
        for name, field in properties.items()
    ]
    return f"JSON: {{{', '.join(fields)}}}"
