"""The inputs that were sent to a graph, kept on its server: Up brings them back in any terminal. Never a secret."""

import json
from typing import TYPE_CHECKING, Any, Final

from playground.client.secret_values import without_secrets
from playground.tui.input_history import merged

if TYPE_CHECKING:
    from playground.client.client import Client

_LONGEST: Final = 8_000  # characters of a text that is kept


async def read_history(client: "Client", graph_id: str) -> list[str]:
    """What was sent, oldest first. Raises PlaygroundError."""
    kept = await client.notes.value(_key(graph_id))
    return [text for text in kept if isinstance(text, str)] if isinstance(kept, list) else []


async def keep_input(client: "Client", graph_id: str, text: str) -> None:
    """Keep one more, with what other terminals kept meanwhile. Raises PlaygroundError."""
    if may_be_kept(text):
        await client.notes.set_value(_key(graph_id), merged(await read_history(client, graph_id), (text,)))


def may_be_kept(text: str) -> bool:
    """Whether a text is short enough, can be stored, and holds nothing that is secret by its look or its name."""
    if len(text) > _LONGEST or any("\ud800" <= character <= "\udfff" for character in text):
        return False
    return not any(without_secrets(value)[1] for value in (text, _parsed(text)))


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _key(graph_id: str) -> str:
    return f"inputs/{graph_id}"
