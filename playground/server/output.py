"""What the server and the user's code print: to `server.log` in the store, for clients to show."""

import faulthandler
import io
import logging
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

LONGEST, KEPT = 5_000_000, 1_000_000  # bytes: a log that grows beyond the first is cut to the second
TAIL = 256_000

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class Output:
    """The log file; it exists from the first `redirect` or `copy` on."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = -1

    def redirect(self) -> None:
        """Send what this process and its children print to the log alone: nobody reads its stdout any more."""
        self._open()
        sys.stdout.flush()
        os.dup2(self._descriptor, 1)
        os.dup2(self._descriptor, 2)
        self._follow()

    def copy(self) -> None:
        """Send what Python code prints to the log as well as to the terminal."""
        with suppress(OSError):  # a full disk must not keep the server from starting
            self._open()
            sys.stdout = Tee(sys.stdout, self._descriptor)
            sys.stderr = Tee(sys.stderr, self._descriptor)
        self._follow()

    def bound(self) -> None:
        """Cut the log if it has grown too long. In place: the user's own processes may have it open."""
        with suppress(OSError):
            size = self.path.stat().st_size
            if size > LONGEST:
                with self.path.open("r+b") as file:
                    file.seek(size - KEPT)
                    kept = file.read().partition(b"\n")[2]
                    file.seek(0)
                    file.truncate()
                    file.write(kept)

    def tail(self, lines: int) -> list[str]:
        """The last lines."""
        try:
            with self.path.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(0, size - TAIL))
                found = file.read().decode("utf-8", "replace").splitlines()
        except OSError:
            return []
        return found[-lines:]

    def _open(self) -> None:
        if self._descriptor < 0:
            self._descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def _follow(self) -> None:
        """Log lines with their time, and the stacks of a crash. The root logger stays the project's to configure."""
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter(_FORMAT, "%Y-%m-%d %H:%M:%S"))
        handler.setLevel(logging.WARNING)
        logging.lastResort = handler
        for name in ("playground", "uvicorn"):
            logger = logging.getLogger(name)
            logger.setLevel(logging.WARNING)
            logger.propagate = False
            logger.handlers = [handler]
        faulthandler.enable(2)


class Tee(io.TextIOBase):
    """A text stream whose text goes to a file too."""

    def __init__(self, stream: Any, descriptor: int) -> None:
        self._stream = stream
        self._descriptor = descriptor

    def write(self, text: str) -> int:
        with suppress(OSError):
            os.write(self._descriptor, text.encode("utf-8", "backslashreplace"))
        return int(self._stream.write(text))

    def flush(self) -> None:
        self._stream.flush()

    def isatty(self) -> bool:
        return bool(self._stream.isatty())

    def fileno(self) -> int:
        return int(self._stream.fileno())

    def writable(self) -> bool:
        return True

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return str(self._stream.encoding)

    @property
    def errors(self) -> str | None:  # type: ignore[override]
        return str(self._stream.errors)

    @property
    def buffer(self) -> Any:
        return self._stream.buffer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)  # `reconfigure`, and what else libraries expect of a terminal
