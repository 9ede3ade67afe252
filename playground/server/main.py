"""The server process: from a project and a store to a socket that answers, and back down."""

import gc
import os
import sys
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from socket import AF_INET, AF_INET6, IPPROTO_TCP, SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET, socket

from playground.server.handover import Start, begin_again, inherited

USED_WRONGLY = 2
UNREACHABLE = 3
LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "::1")
RUNS = 10
LEAVE_SECONDS = 2.0


class CannotServe(Exception):
    """Why the server doesn't start: one sentence, and the exit code that says what kind of reason it is."""

    def __init__(self, sentence: str, code: int) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True, slots=True)
class Settings:
    """How a project is served.

    `managed`: started by a client. A random key, an end when unused, and the user's output in `<store>/server.log`
    alone. `runs`: how many execute at once. `reload`: whether changed code is picked up.
    """

    host: str = "127.0.0.1"
    port: int = 0
    key: str | None = None
    managed: bool = False
    origins: tuple[str, ...] = ()
    runs: int = RUNS
    reload: bool = True


def serve(project: Path | None, store: Path | None, settings: Settings) -> int:
    """Serve a project until told to stop; returns the process's exit code. A failure is one sentence on stderr."""
    start = Start.now()
    # Read by langgraph at import: without it, a checkpoint could name code to run.
    os.environ["LANGGRAPH_STRICT_MSGPACK"] = "true"
    # Seconds: how long a graph that computes may keep the interpreter from the API. By default a token waits for 5 ms.
    sys.setswitchinterval(0.0005)
    try:
        _run(project, store, settings, start)
    except CannotServe as error:
        print(error, file=sys.stderr)
        return error.code
    return 0


def _run(project: Path | None, store: Path | None, settings: Settings, start: Start) -> None:
    from playground.graphs.manifest import ManifestError, find_manifest, load_manifest
    from playground.server.process import Process
    from playground.store.database import Database
    from playground.store.errors import StoreError, StoreLocked

    if settings.host not in LOOPBACK_HOSTS and not settings.key:
        raise CannotServe(
            f"Serving on {settings.host} needs a key, since others can reach it: add --key KEY.", USED_WRONGLY
        )
    try:
        manifest = load_manifest(find_manifest(project or Path.cwd()))
    except ManifestError as error:
        raise CannotServe(str(error), USED_WRONGLY) from None
    directory = (store or manifest.root / ".playground").absolute()
    before = inherited()
    listener = before.listener if before else _listen(settings.host, settings.port)
    try:
        database = Database.open(directory)
    except StoreLocked as error:
        raise CannotServe(str(error), UNREACHABLE) from None
    except StoreError as error:
        raise CannotServe(str(error), USED_WRONGLY) from None
    except OSError as error:
        raise CannotServe(f"The store {directory} cannot be used: {error.strerror}.", USED_WRONGLY) from None
    gc.freeze()  # or every full collection would stop the server to look at all documents of the store
    with listener:
        with closing(database):
            process = Process(manifest, directory, database, listener, settings, before=before)
            process.run()
        if process.restarting:
            begin_again(start, listener, process.hasty)
    _leave_soon()


def _leave_soon() -> None:
    """End the process even if a thread of the user's code doesn't: Python would wait for it, for ever.

    Everything is on disk; what the user's code does at exit has a moment.
    """

    def leave() -> None:
        time.sleep(LEAVE_SECONDS)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)

    threading.Thread(target=leave, name="leave", daemon=True).start()


def _listen(host: str, port: int) -> socket:
    # The protocol is named, or asyncio would not set TCP_NODELAY: every answer with a body would wait 40 ms for an ACK.
    listener = socket(AF_INET6 if ":" in host else AF_INET, SOCK_STREAM, IPPROTO_TCP)
    listener.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        reason = (error.strerror or str(error)).lower()
        sentence = f"Port {port} on {host} cannot be used: {reason}. Choose another with --port."
        raise CannotServe(sentence, UNREACHABLE) from None
    return listener
