"""One server process: its services, its socket, its file that clients find it by, its way out."""

import asyncio
import os
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from socket import socket
from types import FrameType
from typing import TYPE_CHECKING

import orjson
import uvicorn

from playground.graphs.loader import Graphs
from playground.graphs.manifest import Manifest
from playground.runs.engine import Engine
from playground.runs.expiry import Expiry
from playground.runs.feeds import Feeds
from playground.runs.loop import GraphLoop
from playground.runs.retries import Retries
from playground.runs.threads import ThreadStates
from playground.server import handover, own_client
from playground.server.access import LOOPBACK
from playground.server.announce import Announcements
from playground.server.app import create_app
from playground.server.main import Settings
from playground.server.output import Output
from playground.server.reload import Reload, what_changed
from playground.server.services import Services
from playground.server.sources import Sources
from playground.store.database import Database

if TYPE_CHECKING:
    from playground.store.checkpoints import JournalSaver

LOG_SECONDS = 10.0  # between two looks at the size of the log
DATE_SECONDS = 1.0
LAST_REQUESTS_SECONDS = 0.25  # how long who asks one thing after the other has for the next, before a restart


class Process:
    """A project's server on a listening socket, which stays open. `run` returns when it has ended.

    `restarting` says then whether it ended only to begin again, with the code that is on disk now, and `hasty` how many
    in a row did so as soon as they had loaded it.
    """

    def __init__(
        self,
        manifest: Manifest,
        store: Path,
        database: Database,
        listener: socket,
        settings: Settings,
        *,
        before: handover.Inherited | None = None,
    ) -> None:
        self.restarting = False
        self.hasty = before.hasty if before else 0
        self._manifest = manifest
        self._store = store
        self._database = database
        self._listener = listener
        self._settings = settings
        self._takes_over = before is not None
        self._output = Output(store / "server.log")
        # A key that the user chose is the user's to keep: only a random one is written down.
        self._written_key = self._random_key() if settings.managed and not settings.key else None
        self._key = settings.key or self._written_key
        host, port = listener.getsockname()[:2]
        self._host = str(host)
        self.url = f"http://[{host}]:{port}" if ":" in self._host else f"http://{host}:{port}"

    def run(self) -> None:
        """Serve until a signal, a client, (managed) disuse or changed code ends it."""
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        services = self._services()
        server = _Server(
            self._config(),
            ready=self._ready,
            wind_down=lambda: self._wind_down(services),
            let_go=lambda: self._let_go(services),
            returns=lambda: self.restarting,
        )
        server.config.app = create_app(
            services,
            key=self._key,
            hosts=LOOPBACK | {self._host},
            origins=self._settings.origins,
            end=server.leave,
            managed=self._settings.managed,
        )

        def restart(changed: list[str], hasty: int) -> None:
            services.announcements.restarting = what_changed(changed)
            self.restarting, self.hasty = handover.POSSIBLE, hasty
            server.leave()

        services.engine.reports.on_notice = services.announcements.announce
        watchdog = services.engine.watch()
        watchdog.start()
        retries = Retries(services.engine.tried_again)
        retries.listen()
        chores = [asyncio.create_task(self._bound_log(), name="log")]
        if self._settings.reload and (handover.POSSIBLE or self._settings.managed):
            reload = Reload(Sources(self._manifest), services.graphs, services.engine, restart, hasty=self.hasty)
            chores.append(asyncio.create_task(reload.watch(), name="reload"))
        try:
            await server.serve(sockets=[self._listener.dup()])
        finally:
            for chore in chores:
                chore.cancel()
            retries.leave()
            watchdog.stop()
            services.graph_loop.stop()
            if not self.restarting:
                (self._store / "server.json").unlink(missing_ok=True)

    def _services(self) -> Services:
        graph_loop = GraphLoop((self._manifest.root, *self._manifest.dependencies))
        graph_loop.call(own_client.provide, self.url, self._key)
        graphs = Graphs(self._manifest, checkpointer=lambda: self._run_saver, store=lambda: self._database.base_store)
        self._engine = engine = Engine(self._database, graphs, graph_loop, limit=self._settings.runs)
        return Services(
            manifest=self._manifest,
            store=self._store,
            database=self._database,
            graphs=graphs,
            graph_loop=graph_loop,
            engine=engine,
            states=ThreadStates(self._database, graphs, graph_loop),
            expiry=Expiry(self._database, engine),
            feeds=Feeds(engine),
            announcements=Announcements(),
            output=self._output,
        )

    @cached_property
    def _run_saver(self) -> "JournalSaver":
        """Takes nothing from code of a run that is over: what can't be stopped must not write to its thread."""
        return self._database.checkpoints.guarded(self._engine.check_running)

    async def _wind_down(self, services: Services) -> None:
        """End what runs, so that every stream has its end."""
        if self.restarting:
            await services.engine.drained()  # of what began in the last moment
        await services.engine.stop()

    def _let_go(self, services: Services) -> None:
        services.feeds.close()
        services.announcements.close()

    def _config(self) -> uvicorn.Config:
        return uvicorn.Config(
            app="",
            ws="none",  # there are no websocket routes: a handshake is a request like any other, and refused as one
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=2,
            lifespan="on",
            server_header=False,
        )

    def _random_key(self) -> str:
        return (handover.take_key(self._store) if self._takes_over else None) or secrets.token_urlsafe(32)

    def _ready(self) -> None:
        """The server answers: write down where, say so, and give what is printed to the log."""
        about = {"url": self.url, "key": self._written_key, "pid": os.getpid()}
        _write_private(self._store / "server.json", orjson.dumps(about))
        what = "Restarted: the code changed. Serving" if self._takes_over else "Serving"
        print(f"{what} {self._manifest.root} at {self.url}", flush=True)
        if self._settings.managed:
            self._output.redirect()
        else:
            self._output.copy()

    async def _bound_log(self) -> None:
        while True:
            await asyncio.to_thread(self._output.bound)
            await asyncio.sleep(LOG_SECONDS)


class _Server(uvicorn.Server):
    """uvicorn's server that says when it is ready, and that ends in order.

    First `wind_down`, while it still answers; then nothing is accepted any more; then `let_go` of the clients: those
    who come back to the same address at once are answered by what listens there next. If it `returns`, every client is
    told first, with an answer, to come back on another connection: one that is closed under a request refuses it.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        ready: Callable[[], None],
        wind_down: Callable[[], Awaitable[None]],
        let_go: Callable[[], None],
        returns: Callable[[], bool],
    ) -> None:
        super().__init__(config)
        self._returns = returns
        self._say_ready = ready
        self._wind_down = wind_down
        self._let_go = let_go
        self._leaving = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def leave(self) -> None:
        """End. Not `should_exit`: sse-starlette cuts streams off when it sees that."""
        self._loop.call_soon_threadsafe(self._leaving.set)  # from a signal, too

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End on a signal. uvicorn's own would raise it again afterwards, and with it skip closing the store."""
        self.force_exit = self._leaving.is_set()
        self.leave()

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._say_ready()

    async def main_loop(self) -> None:
        """As uvicorn's, but not awake ten times a second."""
        while not self._leaving.is_set():
            await self.on_tick(0)  # the date in the headers
            with suppress(TimeoutError):
                await asyncio.wait_for(self._leaving.wait(), DATE_SECONDS)

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        if self._returns():
            await self._answer_last_requests()
        await self._wind_down()
        self._accept_nothing()
        for connection in list(self.server_state.connections):
            connection.shutdown()  # at once if it is idle, else after its answer
        self._let_go()
        self.should_exit = True
        await super().shutdown(sockets=sockets)

    def _accept_nothing(self) -> None:
        for server in self.servers:
            server.close()

    async def _answer_last_requests(self) -> None:
        """Who connects now is answered after the restart; who is connected, once more."""
        self._accept_nothing()
        self.config.encoded_headers.append((b"connection", b"close"))
        await self.on_tick(0)
        await asyncio.sleep(LAST_REQUESTS_SECONDS)


def _write_private(path: Path, data: bytes) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    draft = path.with_suffix(".tmp")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    draft.replace(path)
