"""JSON values as Python to paste. Pure."""

from typing import Any

_STEP = "    "


def literal(value: Any, indent: int = 0) -> str:
    """The value as an expression, over several lines where it holds something; texts of several lines as they are."""
    inner, outer = _STEP * (indent + 1), _STEP * indent
    if isinstance(value, dict) and value:
        entries = (f"{inner}{literal(key)}: {literal(item, indent + 1)},\n" for key, item in value.items())
        return f"{{\n{''.join(entries)}{outer}}}"
    if isinstance(value, list) and value:
        entries = (f"{inner}{literal(item, indent + 1)},\n" for item in value)
        return f"[\n{''.join(entries)}{outer}]"
    return _text(value) if isinstance(value, str) else repr(value)


def _text(text: str) -> str:
    lines = text.split("\n")
    as_it_is = len(lines) > 1 and all(line.isprintable() for line in lines) and "\\" not in text and '"""' not in text
    if as_it_is and not text.endswith('"'):
        return f'"""\\\n{text}"""'
    if text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return repr(text)
