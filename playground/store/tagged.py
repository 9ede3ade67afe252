"""Values of a graph's state as readable JSON, and what they look like to who only reads them.

JSON values stand for themselves. Everything else is an object `{"$": tag, "v": …}` of a closed set of tags, which the
serializer writes and revives; an object of the user's that has the key `$` is itself written as a tagged `map`.
Nothing here imports langgraph.
"""

from collections.abc import Callable, Mapping
from typing import Any

from playground.store.plain import JSON

TAG = "$"

_INTERNAL = ("__", "branch:to:", "join:")  # channels that are langgraph's own
_UNDECODED: dict[str, Callable[[Any], Any]] = {
    "float": lambda value: None,  # NaN and the infinities are null in JSON
    "str": lambda value: "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in _text(value)),
}


def tagged(tag: str, value: Any, **more: Any) -> JSON:
    """A value JSON has no form of its own for."""
    return {TAG: tag, "v": value, **more}


def shown(value: Any) -> Any:
    """A stored value as plain JSON: messages as the API shows them, tuples and sets as lists, dates as text."""
    if isinstance(value, list):
        return [shown(item) for item in value]
    if not isinstance(value, dict):
        return value
    if TAG not in value:
        return {key: shown(item) for key, item in value.items()}
    tag, content = value[TAG], value["v"]
    if tag == "map":
        return {key if isinstance(key, str) else str(shown(key)): shown(item) for key, item in content}
    if tag == "msgpack":
        return value.get("shown")
    return _UNDECODED[tag](content) if tag in _UNDECODED else shown(content)


def shown_state(channels: Mapping[str, Any]) -> Any:
    """The state of a thread from its stored channels: an object, or what a graph without named channels keeps."""
    named = {name: shown(value) for name, value in channels.items() if not name.startswith(_INTERNAL)}
    if named:
        return named
    for name in ("__root__", "__end__", "__previous__"):  # the last two are a functional entrypoint's
        if name in channels:
            return shown(channels[name])
    return {}


def _text(value: str) -> str:
    """Text with lone surrogates, written as the JSON of it."""
    import json

    return str(json.loads(value))
