"""The parts of an assistant beside its context: what they may hold, as schemas of our own."""

from typing import Any, Final

JSON = dict[str, Any]

ANYTHING: Final[JSON] = {
    "anyOf": [
        {"type": "string"},
        {"type": "number"},
        {"type": "boolean"},
        {"type": "array", "title": "list", "items": {}},
        {"type": "object", "title": "object"},
        {"type": "null"},
    ]
}
ABOUT: Final[JSON] = {
    "properties": {
        "name": {"type": "string", "minLength": 1, "description": "What the assistant is called"},
        "description": {
            "anyOf": [{"type": "string"}, {"type": "null"}],
            "default": None,
            "description": "What it is for",
        },
    }
}
METADATA: Final[JSON] = {
    "properties": {
        "metadata": {
            "type": "object",
            "additionalProperties": ANYTHING,
            "default": {},
            "description": "Yours: to find the assistant by, for example",
        }
    }
}
CONFIG: Final[JSON] = {
    "properties": {
        "tags": {
            "type": "array",
            "items": {"type": "string"},
            "default": [],
            "description": "Put on every run of the assistant, to find its traces by",
        },
        "recursion_limit": {
            "type": "integer",
            "minimum": 1,
            "description": "Steps after which a run that doesn't end is stopped",
        },
    }
}
