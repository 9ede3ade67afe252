"""A file whose text goes into an input."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playground.client.errors import UsageError

MOST: Final = 500_000
"""Bytes of a file. A line that one types in stays fast with it, and no model reads much more."""


@dataclass(frozen=True, slots=True)
class TextFile:
    """The text, with its line ends as `\\n`; `size` is the file's in bytes."""

    name: str
    text: str
    size: int


def read_text_file(path: Path) -> TextFile:
    """Raises UsageError, a sentence, if there is no text in it, too much of it, or it can't be read."""
    try:
        size = path.stat().st_size
        if size > MOST:
            raise UsageError(f"{path.name} has {size:,} bytes: at most {MOST:,} go into an input.")
        with path.open("rb") as file:  # what grows meanwhile is not read without an end
            content = file.read(MOST + 1)
    except OSError as error:
        raise UsageError(f"{path.name} can't be read: {error.strerror or error}.") from error
    if len(content) > MOST:
        raise UsageError(f"{path.name} has more than {MOST:,} bytes: less goes into an input.")
    if b"\0" in content:
        raise UsageError(f"{path.name} is no text file.")
    try:
        text = content.removeprefix(b"\xef\xbb\xbf").decode()
    except UnicodeDecodeError as error:
        raise UsageError(f"{path.name} is not UTF-8 text (byte {error.start:,}).") from error
    if not text.strip():
        raise UsageError(f"{path.name} is empty.")
    return TextFile(path.name, "\n".join(text.splitlines()), len(content))
