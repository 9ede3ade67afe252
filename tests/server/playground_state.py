"""What a playground's server tells of itself, waited for without sleeping."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tests.servers import Server

JSON = dict[str, Any]


@asynccontextmanager
async def http_of(server: Server) -> AsyncIterator[httpx.AsyncClient]:
    """For routes that the SDK doesn't know."""
    async with httpx.AsyncClient(
        base_url=server.url, headers={"x-api-key": server.key}, timeout=30, trust_env=False
    ) as http:
        yield http


async def events(http: httpx.AsyncClient) -> AsyncIterator[tuple[str, Any]]:
    """The attach stream, to its end."""
    async with http.stream("GET", "/playground/attach") as response:
        name = ""
        async for line in response.aiter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                yield name, json.loads(line.removeprefix("data: "))


async def told(http: httpx.AsyncClient, what: Callable[[JSON], bool]) -> JSON:
    """`GET /playground` as soon as it says so; the attach stream tells when to look."""
    async with asyncio.timeout(30):
        while True:
            async for _ in events(http):
                about: JSON = (await http.get("/playground")).json()
                if what(about):
                    return about


@asynccontextmanager
async def restarting(http: httpx.AsyncClient, why: str) -> AsyncIterator[None]:
    """What is done inside makes the server restart, and say so: waits for that."""
    attached = asyncio.Event()

    async def reason() -> str:
        async for name, data in events(http):
            attached.set()
            if name == "restarting":
                return str(data["reason"])
        raise AssertionError("the server ended, and not to restart")

    async with asyncio.timeout(30):
        task = asyncio.create_task(reason())
        await attached.wait()
        yield
        assert await task == why


def noticed(text: str) -> Callable[[JSON], bool]:
    """Whether one of the notices has this text."""
    return lambda about: any(text in notice for notice in about["notices"])
