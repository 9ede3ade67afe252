"""The file by which a store's server is found, `server.json`, and the log that it leaves."""

import json
import os
import sys
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

LOG_LINES = 50
_LOG_BYTES = 64_000
_HERE = {"localhost", "127.0.0.1", "::1"}
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}


@dataclass(frozen=True, slots=True)
class Announced:
    """Where a store's server says that it is. The key is there only if a client started that server."""

    url: str
    key: str | None = field(repr=False)
    pid: int


def read_announced(store: Path) -> Announced | None:
    """What `server.json` says, if its process may be alive and is on this machine: a store may come from elsewhere."""
    try:
        about = json.loads((store / "server.json").read_bytes())
        url, pid, key = str(about["url"]), int(about["pid"]), about.get("key")
        host = urlsplit(url).hostname
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    if host in _EVERYWHERE:
        url = url.replace(f"[{host}]" if ":" in host else host, _EVERYWHERE[host], 1)
    elif host not in _HERE:
        return None
    return Announced(url, key if isinstance(key, str) else None, pid) if _may_live(pid) else None


def log_size(store: Path) -> int:
    """How long the server's log is, in bytes."""
    try:
        return (store / "server.log").stat().st_size
    except OSError:
        return 0


def log_tail(store: Path, start: int = 0) -> list[str]:
    """The last lines of the server's log that were written after byte `start`; of one that was cut, the last lines."""
    try:
        with (store / "server.log").open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(start if start <= size else 0, size - _LOG_BYTES))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return []
    return list(deque(text.splitlines(), maxlen=LOG_LINES))


def _may_live(pid: int) -> bool:
    """False if there is surely no such process. On Windows signal 0 would end it, so there the server is asked."""
    if sys.platform == "win32":
        return True
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
