"""Copying through the terminal (OSC 52), also out of tmux; to a file where a terminal would not take it."""

import base64
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

MOST: Final = 74_994
"""Base64 bytes that terminals take at least; xterm refuses more."""

_DEAF: Final = frozenset({"linux", "vt100", "dumb"})
"""Terminals that know no OSC 52."""


def osc52(text: str, *, tmux: bool) -> str | None:
    """The sequence that copies `text`, or None if it is too long for one.

    In tmux it is sent twice: tmux takes the plain one with `set-clipboard on`, and passes the wrapped one through
    with `allow-passthrough on`.
    """
    encoded = base64.b64encode(text.encode("utf-8", "replace")).decode("ascii")
    if len(encoded) > MOST:
        return None
    sequence = f"\x1b]52;c;{encoded}\a"
    wrapped = "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    return sequence + wrapped if tmux else sequence


def can_copy(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the terminal is likely to know OSC 52. It never says so."""
    return environment.get("TERM", "") not in _DEAF and environment.get("TERM_PROGRAM") != "Apple_Terminal"


def to_file(text: str) -> Path:
    """Write the text to a new file that only the user can read, and say where."""
    descriptor, name = tempfile.mkstemp(prefix="playground-", suffix=".txt")
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
        file.write(text)
    return Path(name)
