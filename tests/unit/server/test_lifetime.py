"""A server that a client started lives as long as someone uses it."""

import asyncio

from starlette.types import Message, Receive, Scope, Send

from playground.server.lifetime import Lifetime

IDLE = 0.05


class Harness:
    """A Lifetime over an app that holds its request open until told, and the moment of the end."""

    def __init__(self) -> None:
        self.ended = asyncio.Event()
        self.release = asyncio.Event()
        self.entered = asyncio.Event()
        self.busy = False
        self.lifetime = Lifetime(self._app, end=self.ended.set, busy=lambda: self.busy, idle=IDLE)

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await send({"type": "lifespan.startup.complete"})
            return
        self.entered.set()
        await self.release.wait()

    async def call(self, kind: str) -> None:
        async def receive() -> Message:
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            return

        await self.lifetime({"type": kind}, receive, send)

    async def ends(self) -> bool:
        try:
            await asyncio.wait_for(self.ended.wait(), IDLE * 10)
        except TimeoutError:
            return False
        return True


async def test_it_ends_if_nobody_ever_comes() -> None:
    harness = Harness()
    await harness.call("lifespan")
    assert await harness.ends()


async def test_it_stays_while_a_client_is_attached_and_ends_when_it_has_gone() -> None:
    harness = Harness()
    await harness.call("lifespan")
    attached = asyncio.create_task(harness.call("http"))
    await harness.entered.wait()
    assert not await harness.ends()
    harness.release.set()
    await attached
    assert await harness.ends()


async def test_a_run_keeps_it_up() -> None:
    harness = Harness()
    harness.busy = True
    await harness.call("lifespan")
    assert not await harness.ends()
    harness.busy = False
    assert await harness.ends()
