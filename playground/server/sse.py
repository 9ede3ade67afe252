"""Server-sent events of a run, framed as LangGraph Server frames them (CRLF, ids only on resumable runs)."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable, Iterator
from functools import lru_cache

from sse_starlette.sse import EventSourceResponse

from playground.runs.events import Event, EventLog

HEARTBEAT = 5  # seconds
# Seconds: what follows a write within that time is gathered for as long. A fast model's tokens share writes; the first
# token, and every one of a slow model, goes out at once.
GATHER = 0.005
# Bytes: what is written at once, so that a long log costs neither its size in memory nor the loop's time.
PIECE = 256 * 1024
CRLF = "\r\n"
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def frame(event: Event, event_id: str | None = None) -> bytes:
    """One event's bytes. `data` is JSON from orjson or json.dumps: it never contains a line break."""
    return b"".join((_start(event.name), event.data, *event.more, _end(event_id)))


@lru_cache(256)
def _start(name: str) -> bytes:
    """What is before an event's data. A node's name is part of some events' names: it must not add lines."""
    return b"event: " + CONTROLS.sub(" ", name).encode("utf-8", "replace") + b"\r\ndata: "


def _end(event_id: str | None) -> bytes:
    return b"\r\n\r\n" if event_id is None else f"\r\nid: {event_id}\r\n\r\n".encode()


async def frames(
    log: EventLog, *, start: int = 0, awaited: bool = False, ids: bool, modes: frozenset[str] | None = None
) -> AsyncIterator[bytes]:
    """A log's events from position `start`, gathered into pieces of about `PIECE` at most."""
    written = 0.0
    async for first, batch in log.read(start, awaited=awaited):
        for piece in _pieces(batch, first, log.event_id if ids else None, modes):
            yield piece
        if time.monotonic() - written < GATHER and not log.closed:
            await asyncio.sleep(GATHER)
        written = time.monotonic()


def _pieces(
    batch: list[Event], first: int, event_id: Callable[[int], str] | None, modes: frozenset[str] | None
) -> Iterator[bytes]:
    parts: list[bytes | memoryview] = []
    size = 0
    for position, event in enumerate(batch, first):
        if modes is None or event.name.partition("|")[0].partition("/")[0] in modes:
            parts += (_start(event.name), event.data, *event.more, _end(event_id and event_id(position)))
            size += len(event.data) + sum(map(len, event.more))
        if size > PIECE:
            yield b"".join(parts)
            parts, size = [], 0
    if parts:
        yield b"".join(parts)


def respond(content: AsyncIterator[bytes], headers: dict[str, str] | None = None) -> EventSourceResponse:
    """A streaming response that sends a heartbeat comment when nothing else is sent."""
    response = EventSourceResponse(content, headers=headers, sep=CRLF, ping=HEARTBEAT)
    return response
