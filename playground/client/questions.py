"""What an interrupt asks, as text. Pure."""

import json
from typing import Any


def question_text(value: Any) -> str:
    """Its text; else its JSON, under what is said of it if it follows a known convention."""
    if isinstance(value, str):
        return value
    said = [text for request in _requests(value) if (text := request.get("description")) and isinstance(text, str)]
    return "\n".join([*said, json.dumps(value, ensure_ascii=False)])


def _requests(value: Any) -> list[dict[str, Any]]:
    """What waits for a word: an action alone, several in a list, or in `action_requests`."""
    inside = value.get("action_requests", value) if isinstance(value, dict) else value
    return [request for request in (inside if isinstance(inside, list) else [inside]) if isinstance(request, dict)]
