"""What the command prints: text that cannot harm a terminal, tables, JSON."""

import dataclasses
import json
import re
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TextIO

# Control characters but tab and line feed, bidi overrides and isolates, lone surrogates.
_HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def safe(text: str) -> str:
    """The text without what a terminal would obey."""
    return _HARMFUL.sub("�", text.replace("\r\n", "\n"))


def one_line(text: str, width: int = 100) -> str:
    """The text on one line of at most `width` characters."""
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 1] + "…"


def write(text: str, stream: TextIO | None = None) -> None:
    """Writes without a line end, at once; made safe only where a terminal shows it."""
    stream = stream or sys.stdout
    stream.write(safe(text) if stream.isatty() else text)
    stream.flush()


def say(text: str = "") -> None:
    """A line on stdout."""
    write(f"{text}\n")


def tell(text: str) -> None:
    """A line on stderr: for people, not for pipes."""
    write(f"{text}\n", sys.stderr)


def say_json(value: Any) -> None:
    """One line of JSON. Its text is safe as well: what a terminal would obey is escaped."""
    text = json.dumps(value, default=_plain, ensure_ascii=False)
    sys.stdout.write(_HARMFUL.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n")
    sys.stdout.flush()


def table(rows: Sequence[Sequence[str]], heads: Sequence[str]) -> list[str]:
    """Rows under their heads, as wide as they need to be."""
    from rich.cells import cell_len

    lines = [list(heads), *([one_line(cell) for cell in row] for row in rows)]
    widths = [max(cell_len(line[column]) for line in lines) for column in range(len(heads))]
    return [
        "  ".join(_padded(cell, width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    ]


def moment(time: datetime) -> str:
    """Local time, to the minute."""
    return f"{time.astimezone():%Y-%m-%d %H:%M}"


def _padded(cell: str, width: int) -> str:
    from rich.cells import cell_len

    return cell + " " * (width - cell_len(cell))


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)
