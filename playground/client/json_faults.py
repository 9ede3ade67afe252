"""What is wrong with a JSON text, as a person says it."""

import json
from typing import Final

_SENTENCES: Final = (
    ("Expecting property name", "a key in double quotes must come here"),
    ("Illegal trailing comma", "nothing comes after this comma: take it away"),
    ("Expecting value", "a value must come here; a text stands in double quotes"),
    ("Expecting ',' delimiter", "a comma or the closing bracket is missing before this"),
    ("Expecting ':' delimiter", "a colon is missing before this"),
    ("Extra data", "nothing may follow the value"),
    ("Unterminated string", "this text doesn't end: its closing quote is missing"),
    ("Invalid control character", "a line end or a tab in a text is written \\n or \\t"),
    ("Invalid \\", "an escape that JSON doesn't know; a backslash itself is \\\\"),
)


def json_fault(error: json.JSONDecodeError) -> str:
    """What is wrong with a JSON text, in words."""
    return next((said for start, said in _SENTENCES if error.msg.startswith(start)), error.msg)
