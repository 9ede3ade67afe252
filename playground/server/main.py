"""The server process: from a project and a store to a socket that answers, and back down."""

import os
import sys
from collections.abc import Collection
from contextlib import closing
from pathlib import Path
from socket import AF_INET, AF_INET6, IPPROTO_TCP, SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET, socket

USED_WRONGLY = 2
UNREACHABLE = 3
LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "::1")


class CannotServe(Exception):
    """Why the server doesn't start: one sentence, and the exit code that says what kind of reason it is."""

    def __init__(self, sentence: str, code: int) -> None:
        super().__init__(sentence)
        self.code = code


def serve(
    project: Path | None,
    store: Path | None,
    host: str = "127.0.0.1",
    port: int = 0,
    key: str | None = None,
    managed: bool = False,
    origins: Collection[str] = (),
) -> int:
    """Serve a project until told to stop; returns the process's exit code. A failure is one sentence on stderr.

    `managed`: started by a client. A random key, an end when unused, and the user's output in `<store>/server.log`.
    """
    # Read by langgraph at import: without it, a checkpoint could name code to run.
    os.environ["LANGGRAPH_STRICT_MSGPACK"] = "true"
    try:
        _run(project, store, host, port, key, managed, origins)
    except CannotServe as error:
        print(error, file=sys.stderr)
        return error.code
    return 0


def _run(
    project: Path | None,
    store: Path | None,
    host: str,
    port: int,
    key: str | None,
    managed: bool,
    origins: Collection[str],
) -> None:
    from playground.graphs.manifest import ManifestError, find_manifest, load_manifest
    from playground.server.process import Process
    from playground.store.database import Database
    from playground.store.errors import StoreError, StoreLocked

    if host not in LOOPBACK_HOSTS and not key:
        raise CannotServe(f"Serving on {host} needs a key, since others can reach it: add --key KEY.", USED_WRONGLY)
    try:
        manifest = load_manifest(find_manifest(project or Path.cwd()))
    except ManifestError as error:
        raise CannotServe(str(error), USED_WRONGLY) from None
    directory = (store or manifest.root / ".playground").absolute()
    listener = _listen(host, port)
    try:
        database = Database.open(directory)
    except StoreLocked as error:
        raise CannotServe(str(error), UNREACHABLE) from None
    except StoreError as error:
        raise CannotServe(str(error), USED_WRONGLY) from None
    except OSError as error:
        raise CannotServe(f"The store {directory} cannot be used: {error.strerror}.", USED_WRONGLY) from None
    with closing(database), listener:
        Process(manifest, directory, database, listener, key=key, managed=managed, origins=origins).run()


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
