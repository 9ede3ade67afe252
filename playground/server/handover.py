"""A server that takes over from itself: the same process id, address and key, with fresh code.

The listening socket stays open over `exec`, so nobody is refused meanwhile: who asks waits until the new code answers.
"""

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from socket import IPPROTO_TCP, socket

import orjson

_VARIABLE = "PLAYGROUND_LISTENER"
POSSIBLE = sys.platform != "win32"  # there, exec starts another process and ends this one


@dataclass(frozen=True, slots=True)
class Start:
    """How this process was started: before the project's `env` and its code could change that."""

    environment: Mapping[str, str]
    folder: Path

    @classmethod
    def now(cls) -> "Start":
        return cls(dict(os.environ), Path.cwd())


def take_listener() -> socket | None:
    """The socket that the process before this one listened on; None if this is the first."""
    number = os.environ.pop(_VARIABLE, None)
    if number is None:
        return None
    try:
        found = socket(fileno=int(number))
    except (OSError, ValueError):
        return None
    # The protocol is named again, as when it was opened: not every system tells it.
    listener = socket(found.family, found.type, IPPROTO_TCP, fileno=found.detach())
    listener.set_inheritable(False)
    return listener


def take_key(store: Path) -> str | None:
    """The random key of the process before this one: in the store's `server.json`, if that names this process."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        about = orjson.loads((store / "server.json").read_bytes())
        if about["pid"] == os.getpid() and isinstance(about["key"], str):
            return str(about["key"])
    return None


def begin_again(start: Start, listener: socket) -> None:
    """Replace this process by a fresh one. Everything else must be closed; returns never."""
    listener.set_inheritable(True)
    with suppress(OSError):
        os.chdir(start.folder)  # the user's code may have left it
    sys.stdout.flush()
    sys.stderr.flush()
    environment = {**start.environment, _VARIABLE: str(listener.fileno())}
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environment)
