"""Server-sent events of a run, framed as LangGraph Server frames them (CRLF, ids only on resumable runs)."""

import asyncio
import time
from collections.abc import AsyncIterator

from sse_starlette.sse import EventSourceResponse

from playground.runs.events import Event, EventLog

HEARTBEAT = 5  # seconds
# Seconds: what follows a write within that time is gathered for as long. A fast model's tokens share writes; the first
# token, and every one of a slow model, goes out at once.
GATHER = 0.002
CRLF = "\r\n"


def frame(event: Event, event_id: str | None = None) -> bytes:
    """One event's bytes. `data` is JSON from orjson or json.dumps: it never contains a line break."""
    end = f"\r\nid: {event_id}\r\n\r\n" if event_id is not None else "\r\n\r\n"
    return b"event: " + event.name.encode() + b"\r\ndata: " + event.data + end.encode()


async def frames(
    log: EventLog, *, start: int = 0, ids: bool, modes: frozenset[str] | None = None
) -> AsyncIterator[bytes]:
    """A log's events from position `start`, what is there at once in one piece; ids count from 1."""
    written = 0.0
    async for first, batch in log.read(start):
        chosen = [
            frame(event, str(position + 1) if ids else None)
            for position, event in enumerate(batch, first)
            if modes is None or event.name.partition("|")[0].partition("/")[0] in modes
        ]
        if chosen:
            yield b"".join(chosen)
        if time.monotonic() - written < GATHER and not log.closed:
            await asyncio.sleep(GATHER)
        written = time.monotonic()


def respond(content: AsyncIterator[bytes], headers: dict[str, str] | None = None) -> EventSourceResponse:
    """A streaming response that sends a heartbeat comment when nothing else is sent."""
    response = EventSourceResponse(content, headers=headers, sep=CRLF, ping=HEARTBEAT)
    return response
