"""A server process that this client started. It outlives the client for as long as others use it."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from collections import deque
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import IO

from playground.client.announced import LOG_LINES, log_size, log_tail
from playground.client.errors import ConnectionFailed
from playground.client.target import Place

_READY_SECONDS = 60.0  # until it says that it answers: graphs are imported after that
_END_SECONDS = 5.0  # the server itself gives runs 1 to stop
_PASSED_ON = ("PLAYGROUND_RUNS", "PLAYGROUND_RELOAD")  # settings of a server, not of a client


class ServerProcess:
    """`python -m playground serve --managed`, detached from this terminal's signals."""

    def __init__(self, process: "subprocess.Popen[bytes]", stderr: IO[bytes], place: Place, log_start: int) -> None:
        self._process = process
        self._stderr = stderr
        self._place = place
        self._log_start = log_start

    @classmethod
    async def start(cls, place: Place, python: str | None) -> "ServerProcess":
        """Raises ConnectionFailed if there is no such interpreter."""
        command = _command(place, python)
        stderr = tempfile.TemporaryFile()  # noqa: SIM115 - not a pipe: nobody may be left to read it
        log_start = log_size(place.store)
        try:
            process = await asyncio.to_thread(_spawn, command, place.project, stderr)
        except OSError as error:
            stderr.close()
            reason = error.strerror or str(error)
            raise ConnectionFailed(
                f"The interpreter {command[0]} cannot be started ({reason.lower()}): name another with --python.",
                exit_code=2,
            ) from error
        return cls(process, stderr, place, log_start)

    @property
    def pid(self) -> int:
        return self._process.pid

    async def ready(self) -> bool:
        """Waits until it says that it answers; False if it ended before, or took too long and was ended."""
        line: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        Thread(target=_read_line, args=(self._process, asyncio.get_running_loop(), line), daemon=True).start()
        try:
            async with asyncio.timeout(_READY_SECONDS):
                return bool(await line)
        except TimeoutError:
            self._process.kill()
            return False
        except asyncio.CancelledError:
            self._process.terminate()
            raise

    async def ended(self) -> int | None:
        """Its exit code, negative for a signal; None if it still runs after a moment."""
        try:
            return await asyncio.to_thread(self._process.wait, _END_SECONDS)
        except subprocess.TimeoutExpired:
            return None

    async def end(self) -> None:
        """Waits for a server that was told to stop. Code of the user that doesn't let it is killed."""
        if await self.ended() is None:
            self._process.kill()
            await self.ended()

    async def kill(self) -> None:
        """Ends a server that takes no request any more."""
        self._process.kill()
        await self.ended()

    def said(self) -> list[str]:
        """The last lines of its stderr and its log."""
        self._stderr.seek(0)
        stderr = self._stderr.read().decode("utf-8", "replace").splitlines()
        return list(deque([*stderr, *log_tail(self._place.store, self._log_start)], maxlen=LOG_LINES))


def exit_reason(code: int | None) -> str:
    """How a process ended, in words that follow "The server"."""
    if code is None:
        return "closed the connection"
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        return f"was killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"was killed by signal {-code}"


def _command(place: Place, python: str | None) -> list[str]:
    interpreter = str(Path(python).expanduser()) if python else sys.executable
    # -P: the project's folder is the working directory, and a `playground` in it must not be taken for ours.
    options = ["--project", str(place.project), "--store", str(place.store)]
    return [interpreter, "-P", "-m", "playground", "serve", "--managed", *options]


def _spawn(command: list[str], folder: Path, stderr: IO[bytes]) -> "subprocess.Popen[bytes]":
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("PLAYGROUND_") or name in _PASSED_ON
    }
    environment["PYTHONUNBUFFERED"] = "1"  # what the user's code printed last must be in the log when it crashes
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=stderr,
        cwd=folder,
        env=environment,
        start_new_session=True,
    )


def _read_line(
    process: "subprocess.Popen[bytes]", loop: asyncio.AbstractEventLoop, line: "asyncio.Future[bytes]"
) -> None:
    """In a thread of its own, since no thread pool may wait for a server that hangs."""
    assert process.stdout is not None
    with process.stdout as stdout:
        text = stdout.readline()
    with suppress(RuntimeError):  # the loop may be closed by now
        loop.call_soon_threadsafe(_settle, line, text)


def _settle(line: "asyncio.Future[bytes]", text: bytes) -> None:
    if not line.done():
        line.set_result(text)
