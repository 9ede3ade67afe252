"""How long a server lives that a client started: as long as someone uses it."""

import asyncio
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Lifetime:
    """ASGI middleware that counts requests under way, and calls `end` when there have been none for `idle` seconds.

    A client stays by keeping `/playground/attach` open. `busy` says whether something else (a run) keeps the server up.
    """

    def __init__(self, app: ASGIApp, *, end: Callable[[], None], busy: Callable[[], bool], idle: float = 5.0) -> None:
        self._app = app
        self._end = end
        self._busy = busy
        self._idle = idle
        self._open = 0
        self._timer: asyncio.TimerHandle | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, self._started(send))
            return
        self._open += 1
        self._stop_timer()
        try:
            await self._app(scope, receive, send)
        finally:
            self._open -= 1
            if self._open == 0:
                self._start_timer()

    def _started(self, send: Send) -> Send:
        async def watch(message: Message) -> None:
            await send(message)
            if message["type"] == "lifespan.startup.complete":
                self._start_timer()  # also for a client that died before its first request

        return watch

    def _start_timer(self) -> None:
        self._stop_timer()
        self._timer = asyncio.get_running_loop().call_later(self._idle, self._expired)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _expired(self) -> None:
        if self._open:
            return
        if self._busy():
            self._start_timer()
        else:
            self._end()
