"""Which assistant, and which version of it, a run names."""

from typing import Any
from uuid import UUID

from playground.refs import parse_ref
from playground.store.assistants import default_id
from playground.store.database import Database
from playground.store.errors import Invalid

JSON = dict[str, Any]


def named_assistant(database: Database, graph_ids: tuple[str, ...], text: str) -> JSON:
    """The assistant that `text` names, in its active version or in the one behind the `@`.

    Raises Invalid if it names neither an id nor a graph, NotFound if that assistant or version isn't there.
    """
    assistant_id = _assistant_id(graph_ids, text)
    version = None
    if assistant_id is None:
        try:
            ref = parse_ref(text)
        except ValueError as error:
            raise Invalid(str(error)) from None
        assistant_id, version = _assistant_id(graph_ids, ref.name), ref.version
        if assistant_id is None or version is None:
            raise Invalid(
                f"Invalid assistant: '{text}'. Must be either:\n- A valid assistant UUID, or\n"
                f"- One of the registered graphs: {', '.join(graph_ids)}\nEither may have @<version> behind it."
            )
    active = database.assistants.get(assistant_id)
    if version is None or version == active["version"]:
        return active
    return {**active, **database.assistants.version(assistant_id, version)}


def _assistant_id(graph_ids: tuple[str, ...], name: str) -> str | None:
    if name in graph_ids:
        return default_id(name)
    try:
        return str(UUID(name))
    except ValueError:
        return None
