"""One server process: its services, its socket, its file that clients find it by, its log."""

import logging
import os
import secrets
import sys
from collections.abc import Collection
from pathlib import Path
from socket import socket
from types import FrameType

import orjson
import uvicorn

from playground.graphs.loader import Graphs
from playground.graphs.manifest import Manifest
from playground.runs.engine import Engine
from playground.runs.loop import GraphLoop
from playground.runs.threads import ThreadStates
from playground.server.access import LOOPBACK
from playground.server.announce import Announcements
from playground.server.app import create_app
from playground.server.services import Services
from playground.store.database import Database


class Process:
    """A project's server on a listening socket. `run` returns when it has ended."""

    def __init__(
        self,
        manifest: Manifest,
        store: Path,
        database: Database,
        listener: socket,
        *,
        key: str | None,
        managed: bool,
        origins: Collection[str],
    ) -> None:
        self._manifest = manifest
        self._store = store
        self._database = database
        self._listener = listener
        self._managed = managed
        self._origins = origins
        self._key = secrets.token_urlsafe(32) if managed and not key else key
        # A key that the user chose is the user's to keep: only a random one is written down.
        self._written_key = self._key if managed and not key else None
        host, port = listener.getsockname()[:2]
        self._host = str(host)
        self.url = f"http://[{host}]:{port}" if ":" in self._host else f"http://{host}:{port}"

    def run(self) -> None:
        """Serve until a signal, a client or (managed) disuse ends it."""
        import asyncio

        asyncio.run(self._serve())

    async def _serve(self) -> None:
        graph_loop = GraphLoop((self._manifest.root, *self._manifest.dependencies))
        graphs = Graphs(
            self._manifest, checkpointer=lambda: self._database.checkpoints, store=lambda: self._database.base_store
        )
        server = _Server(self._config(), ready=self._ready)
        services = Services(
            manifest=self._manifest,
            store=self._store,
            database=self._database,
            graphs=graphs,
            graph_loop=graph_loop,
            engine=Engine(self._database, graphs, graph_loop),
            states=ThreadStates(self._database, graphs, graph_loop),
            announcements=Announcements(),
        )

        def end() -> None:
            services.announcements.close()
            server.should_exit = True

        server.config.app = create_app(
            services,
            key=self._key,
            hosts=LOOPBACK | {self._host},
            origins=self._origins,
            end=end,
            managed=self._managed,
        )
        try:
            await server.serve(sockets=[self._listener])
        finally:
            graph_loop.stop()
            (self._store / "server.json").unlink(missing_ok=True)

    def _config(self) -> uvicorn.Config:
        return uvicorn.Config(
            app="", log_config=None, access_log=False, timeout_graceful_shutdown=2, lifespan="on", server_header=False
        )

    def _ready(self) -> None:
        """The server answers: write down where, say so, and give stdout to the log if a client started it."""
        about = {"url": self.url, "key": self._written_key, "pid": os.getpid()}
        _write_private(self._store / "server.json", orjson.dumps(about))
        print(f"Serving {self._manifest.root} at {self.url}", flush=True)
        log = self._store / "server.log"
        if self._managed:
            _send_output_to(log)
        logging.basicConfig(
            level=logging.WARNING, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
        )


class _Server(uvicorn.Server):
    """uvicorn's server that says when it accepts requests."""

    def __init__(self, config: uvicorn.Config, ready: object) -> None:
        super().__init__(config)
        self._say_ready = ready

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End on a signal. uvicorn's own would raise it again afterwards, and with it skip closing the store."""
        self.should_exit = True

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started and callable(self._say_ready):
            self._say_ready()


def _write_private(path: Path, data: bytes) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    draft = path.with_suffix(".tmp")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    draft.replace(path)


def _send_output_to(log: Path) -> None:
    """Send what this process and its children print to `log`: nobody reads its stdout any more."""
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    sys.stdout.flush()
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    os.close(descriptor)
