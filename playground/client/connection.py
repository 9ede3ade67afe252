"""Finds, starts, attaches to, watches over and reconnects to the server of a target."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

from playground.client import decode
from playground.client.announced import Announced, log_tail, read_announced
from playground.client.client import Client
from playground.client.errors import ApiError, ConnectionFailed, PlaygroundError, ServerGone, UsageError
from playground.client.process import ServerProcess, exit_reason
from playground.client.target import Place, Target
from playground.client.values import GraphsChanged, ServerBack, ServerEvent, ServerLost

_LOCKED = 3  # exit code of a server whose store another server has
_LOCKED_SECONDS = 15.0  # until a server that has the store either answers or has left
_POLLS, _POLL_SECONDS = 10, 0.1
_HEALTH_SECONDS = 5.0  # between questions to a server that has no attach stream
_CRASHES, _CRASH_SECONDS = 4, 60.0  # that many within that time: it isn't started again by itself
_LONGEST_PAUSE = 5.0
_STOP_SECONDS = 3.0


class Connection:
    """A target's server. `open` once, `watch` while it is used, `close` at the end.

    A server on a project is kept alive: if it dies, another is started. One at a URL is only connected to again.
    """

    def __init__(self, target: Target) -> None:
        self._target = target
        self._client = Client()
        self._process: ServerProcess | None = None
        self._announced: Announced | None = None
        self._place: Place | None = None
        self._events: asyncio.Queue[ServerEvent] = asyncio.Queue()
        self._crashes: list[float] = []
        self._again = asyncio.Event()  # asked to try at once
        self._restarting = False
        self._back: asyncio.Future[None] | None = None
        self._supervisor: asyncio.Task[None] | None = None

    async def open(self) -> Client:
        """A client of the server, which is started if there is none. Raises ConnectionFailed."""
        try:
            await self._reach()
        except UsageError as error:
            raise ConnectionFailed(error.sentence, exit_code=2) from error
        self._supervisor = asyncio.create_task(self._supervise(), name="server supervisor")
        self._supervisor.add_done_callback(self._supervised)
        if self._target.demo:
            await self._seed()
        return self._client

    async def _seed(self) -> None:
        from playground.client.demo import seed

        try:
            await seed(self._client)
        except PlaygroundError as error:
            await self.close()
            raise ConnectionFailed(f"The demo could not be set up. {error.sentence}") from error

    async def watch(self) -> AsyncIterator[ServerEvent]:
        """What happens to the server, until `close`. For one reader."""
        while True:
            yield await self._events.get()

    async def restart(self) -> None:
        """A fresh process on the same store: changed code is read. Returns when it answers.

        Raises ConnectionFailed if it doesn't, UsageError if the server is somebody else's. At a URL: connects again.
        """
        if self._announced is not None and self._announced.key is None and self._process is None:
            raise UsageError("This server was started with `playground serve`: restart it where it runs.")
        self._restarting = True
        self._back = asyncio.get_running_loop().create_future()
        self._again.set()
        if not self._target.url and not self._client.wire.gone.is_set():
            await self._stop()
        await self._back

    async def close(self) -> None:
        """Lets go of the server, which ends soon if nobody else uses it."""
        if self._supervisor is not None:
            self._supervisor.cancel()
            await asyncio.gather(self._supervisor, return_exceptions=True)
        await self._client.close()

    async def _reach(self) -> None:
        if self._target.url:
            await self._reach_url(self._target.url)
            return
        self._place = place = self._target.place()
        if not await self._attach(place):
            await self._start(place)

    async def _reach_url(self, url: str) -> None:
        if not url.startswith(("http://", "https://")):
            raise UsageError(f"{url!r} is not the address of a server: write it as http://HOST:PORT.")
        await self._client.wire.connect(url, self._target.key)
        try:
            if not await self._client.wire.is_own():
                await self._client.wire.ask("reach the server", self._client.wire.sdk.http.get("/info"))
        except PlaygroundError as error:
            raise ConnectionFailed(error.sentence, exit_code=_exit_code(error)) from error

    async def _attach(self, place: Place) -> bool:
        """Whether the store has a server that answers. Raises ConnectionFailed if it has, but not for us."""
        announced = read_announced(place.store)
        if announced is None:
            return False
        await self._client.wire.connect(announced.url, announced.key or self._target.key)
        try:
            info = await self._client.graphs.info()
        except ServerGone:
            return False  # left over from a crash
        except ApiError as error:
            if error.status in (401, 403):
                raise ConnectionFailed(
                    f"The store {place.store} is in use by a server with a key of its own (process {announced.pid}). "
                    "Give its key with --key, or stop it.",
                    exit_code=_LOCKED,
                ) from error
            return False  # something else listens there now
        if info is None or not _same_folder(info.get("store"), place.store):
            return False
        if not _same_folder(info.get("project"), place.project):
            raise ConnectionFailed(
                f"The store {place.store} is in use by a server of another project, {info.get('project')}. "
                "Stop it, or name another store with --store.",
                exit_code=_LOCKED,
            )
        self._announced = announced
        if self._process is not None and self._process.pid != announced.pid:
            self._process = None
        return True

    async def _start(self, place: Place) -> None:
        deadline = time.monotonic() + _LOCKED_SECONDS
        while True:
            self._process = process = await ServerProcess.start(place, self._target.python)
            if await process.ready() and await self._attach(place):
                return
            code = await process.ended()
            self._process = None
            if code != _LOCKED or time.monotonic() > deadline:
                said = process.said()
                raise ConnectionFailed(_why_not(code, said, self._target.python), said, code)
            if await self._attach_to_winner(place):
                return

    async def _attach_to_winner(self, place: Place) -> bool:
        """Another server has the store, and may be starting or leaving: whether it answers within a moment.

        There is nothing to wait on but its file.
        """
        for _ in range(_POLLS):
            if await self._attach(place):
                return True
            await asyncio.sleep(_POLL_SECONDS)
        return False

    async def _stop(self) -> None:
        """Ask it to end. One that doesn't even take the request, since the user's code never lets go, is killed."""
        wire = self._client.wire
        with suppress(ServerGone, TimeoutError):
            async with asyncio.timeout(_STOP_SECONDS):
                await wire.ask("stop the server", wire.sdk.http.post("/playground/stop", json=None))
            return
        if self._process is None:
            self._restarting = False
            pid = self._announced.pid if self._announced else "unknown"
            raise ConnectionFailed(f"The server doesn't answer, and another client started it: end its process, {pid}.")
        await self._process.kill()

    async def _supervise(self) -> None:
        """Follows the server; when it goes, says so, reaches the next one, and follows that."""
        while True:
            await self._follow()
            self._client.wire.lose()
            await self._lost()
            while not await self._reached():
                pass
            self._events.put_nowait(ServerBack())
            self._answer_restart(None)

    def _supervised(self, task: "asyncio.Task[None]") -> None:
        """It never ends by itself: an error in it must not leave people waiting for a server."""
        if task.cancelled() or (error := task.exception()) is None:
            return
        sentence = f"This is a bug in the playground: {type(error).__name__}: {error}"
        self._events.put_nowait(ServerLost(sentence, gave_up=True))
        self._answer_restart(ConnectionFailed(sentence))

    async def _follow(self) -> None:
        """Returns when the server has gone."""
        wire = self._client.wire
        try:
            if await wire.is_own():
                async for rows in wire.changes():
                    self._events.put_nowait(GraphsChanged(tuple(decode.graph(row) for row in rows)))
                return
            while not self._again.is_set():
                await wire.ask("reach the server", wire.sdk.http.get("/ok"))
                await self._pause(_HEALTH_SECONDS)
        except PlaygroundError:
            return

    async def _lost(self) -> None:
        if self._restarting:
            self._events.put_nowait(ServerLost("The server is being restarted.", asked=True))
            if self._process is not None:
                await self._process.end()
            return
        if reason := self._client.wire.restarting:
            self._events.put_nowait(ServerLost(f"The server restarts with the new code: {reason}.", asked=True))
            return
        if self._process is not None:
            code = await self._process.ended()
            reason, log = f"The server {exit_reason(code)}.", self._process.said()
        elif self._place is not None:
            reason, log = "The server, which another process had started, went away.", log_tail(self._place.store)
        else:
            reason, log = f"The server at {self._client.url} went away.", []
        await self._failed(reason, log)

    async def _failed(self, reason: str, log: list[str]) -> None:
        """Tells of a loss, and waits before the next attempt: for a while, or after many until asked."""
        now = time.monotonic()
        self._crashes = [*(at for at in self._crashes if now - at < _CRASH_SECONDS), now]
        gave_up = self._place is not None and len(self._crashes) >= _CRASHES
        if gave_up:
            reason += f" That was {_CRASHES} times within a minute, so it is not started again until you ask for it."
        self._events.put_nowait(ServerLost(reason, tuple(log), gave_up))
        if gave_up:
            await self._again.wait()
            self._crashes.clear()
        elif len(self._crashes) > 1:
            await self._pause(min(0.125 * 2 ** len(self._crashes), _LONGEST_PAUSE))

    async def _reached(self) -> bool:
        self._again.clear()
        try:
            await self._reach()
        except PlaygroundError as error:
            log = error.log if isinstance(error, ConnectionFailed) else []
            self._answer_restart(ConnectionFailed(error.sentence, log))
            await self._failed(error.sentence, log)
            return False
        return True

    def _answer_restart(self, error: ConnectionFailed | None) -> None:
        self._restarting = False
        if self._back is None or self._back.done():
            return
        if error is None:
            self._back.set_result(None)
        else:
            self._back.set_exception(error)

    async def _pause(self, seconds: float) -> None:
        """That long, or until someone asks to go on at once."""
        try:
            async with asyncio.timeout(seconds):
                await self._again.wait()
        except TimeoutError:
            pass


def _why_not(code: int | None, said: list[str], python: str | None) -> str:
    """Why a server did not start: its own sentence, if it has one."""
    if said and "No module named playground" in said[-1]:
        return (
            f"{python or 'Python'} has no playground: install langgraph-playground beside the project's dependencies, "
            "or name another interpreter with --python."
        )
    if code in (2, 3) and said:
        return said[-1]
    if code is None:
        return "The server was started, but did not say where it answers."
    return f"The server {exit_reason(code)} before it could answer."


def _exit_code(error: PlaygroundError) -> int:
    """Used wrongly, where the key is wrong; else not reached."""
    return 2 if isinstance(error, ApiError) and error.status in (401, 403) else 3


def _same_folder(left: object, right: Path) -> bool:
    try:
        return Path(str(left)).samefile(right)
    except OSError:
        return False
