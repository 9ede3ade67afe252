"""What a user types, or a file has, as a graph's input. Pure."""

import json
from typing import Any
from uuid import uuid4

from playground.client.errors import UsageError
from playground.client.values import Schemas

JSON = dict[str, Any]


def input_schema(schemas: Schemas) -> JSON | None:
    """What a graph takes; its state where its input can't be drawn up as a schema."""
    return schemas.input or schemas.state


def takes_messages(schema: JSON | None) -> bool:
    """Whether a graph is a chat: its input has `messages`. One that says nothing of its input may be."""
    properties = properties_of(schema)
    return properties is None or "messages" in properties


def only_text_field(schema: JSON | None) -> str | None:
    """The name of the required text, if there is exactly one required field and it is a text."""
    required = (schema or {}).get("required") or []
    if len(required) != 1:
        return None
    declared = (properties_of(schema) or {}).get(required[0])
    return required[0] if isinstance(declared, dict) and declared.get("type") == "string" else None


def properties_of(schema: JSON | None) -> JSON | None:
    """The fields of an input, by name; None where its schema doesn't say."""
    properties = (schema or {}).get("properties")
    return properties if isinstance(properties, dict) else None


def chat_input(text: str) -> JSON:
    """A message of the user as a graph's input. Its id makes it the same message wherever it comes back."""
    return {"messages": [{"type": "human", "content": text, "id": str(uuid4())}]}


def read_input(text: str, schema: JSON | None, name: str = "This graph") -> Any:
    """What was typed as a graph's input: a message for a chat, the one text that it wants, else JSON.

    JSON with `messages` in it goes to a chat as it is. Raises ValueError, a sentence to show.
    """
    given = _json_object(text)
    if takes_messages(schema):
        whole = given is not None and (properties_of(schema) is None or "messages" in given)
        return given if whole else chat_input(text)
    if given is not None:
        return given
    field = only_text_field(schema)
    if field is not None and not text.lstrip().startswith("{"):
        return {field: text}
    raise ValueError(f"{name} takes JSON, and that isn't: {_json_problem(text)}.")


def input_from_value(value: Any, schema: JSON | None, name: str = "This graph") -> Any:
    """A line of a file of inputs as a graph's input: an object is all of it, a text is as if it were typed.

    Raises ValueError, a sentence to show.
    """
    if isinstance(value, str):
        return chat_input(value) if takes_messages(schema) else read_input(value, schema, name)
    if isinstance(value, list) and takes_messages(schema):
        return {"messages": value}
    if not isinstance(value, dict):
        raise ValueError(f"{name} takes an object or a text, not {json.dumps(value)[:40]}.")
    known = properties_of(schema)
    if known and takes_messages(schema) and not value.keys() & known.keys():
        raise ValueError(f"{name} takes {', '.join(known)}, not {', '.join(value) or 'nothing'}.")
    return value


def file_as_input(text: str, schema: JSON | None, before: str = "") -> str:
    """A file's text as it goes into the line, behind what is `before` it there.

    A chat, and the one text that a graph wants, take it as it is, on lines of its own; JSON takes JSON as it is, and
    anything else as a text in quotes.
    """
    if takes_messages(schema) or (only_text_field(schema) is not None and not before.lstrip().startswith("{")):
        return text if not before or before.endswith("\n") else f"\n{text}"
    is_whole = not before.strip() and _json_object(text) is not None
    return text if is_whole else json.dumps(text, ensure_ascii=False)


def check_input(given: Any, schema: JSON | None) -> None:
    """Holds an input against its schema. Raises ValueError, a sentence to show.

    A chat's is not: its schema is often the whole state's, of which a message is enough.
    """
    if schema is None or takes_messages(schema):
        return
    from playground.client.validation import Checker, said

    problems = Checker(schema).problems(given)
    if problems:
        more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
        raise ValueError(f"{said(problems[0])}{more}" if problems[0][0] else f"the input {problems[0][1]}{more}")


def input_from_text(text: str, schema: JSON | None) -> Any:
    """TEXT of a command as the input of a graph with this input schema.

    A message of the user where the graph takes messages; the one required text where there is exactly one; else JSON.
    Where the graph doesn't say what it takes, JSON as it is, other text as a message. Raises UsageError.
    """
    is_chat = properties_of(schema) is not None and takes_messages(schema)
    found = None if is_chat else _json_object(text)
    if found is not None:
        return found
    if takes_messages(schema):
        return {"messages": [{"role": "user", "content": text}]}
    field = only_text_field(schema)
    if field is not None:
        return {field: text}
    fields = ", ".join(properties_of(schema) or ()) or "none"
    raise UsageError(f"This graph doesn't take a message: give its input as a JSON object (fields: {fields}).")


def input_from_document(text: str, schema: JSON | None) -> Any:
    """A file's or a pipe's content: a JSON object is the whole input, anything else is as TEXT."""
    found = _json_object(text)
    return found if found is not None else input_from_text(text.rstrip("\n"), schema)


def _json_object(text: str) -> JSON | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _json_problem(text: str) -> str:
    try:
        json.loads(text)
    except (ValueError, RecursionError) as error:
        return str(error)
    return 'an object like {"field": value} is wanted'
