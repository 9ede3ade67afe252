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


@dataclass(frozen=True, slots=True)
class Inherited:
    """What the process before this one left: the socket, and how many before it in a row lived only for moments."""

    listener: socket
    hasty: int


def inherited() -> Inherited | None:
    """None if this is the first process."""
    number, _, hasty = os.environ.pop(_VARIABLE, "").partition(":")
    try:
        found = socket(fileno=int(number))
        before = int(hasty)
    except (OSError, ValueError):
        return None
    # The protocol is named again, as when it was opened: not every system tells it.
    listener = socket(found.family, found.type, IPPROTO_TCP, fileno=found.detach())
    listener.set_inheritable(False)
    return Inherited(listener, before)


def take_key(store: Path) -> str | None:
    """The random key of the process before this one: in the store's `server.json`, if that names this process."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        about = orjson.loads((store / "server.json").read_bytes())
        if about["pid"] == os.getpid() and isinstance(about["key"], str):
            return str(about["key"])
    return None


def begin_again(start: Start, listener: socket, hasty: int) -> None:
    """Replace this process by a fresh one. Everything else must be closed; returns never."""
    listener.set_inheritable(True)
    with suppress(OSError):
        os.chdir(start.folder)  # the user's code may have left it
    sys.stdout.flush()
    sys.stderr.flush()
    environment = {**start.environment, _VARIABLE: f"{listener.fileno()}:{hasty}"}
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environment)
