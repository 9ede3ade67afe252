"""A TCP proxy before a server, which loses connections as a bad network does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_FULL = 64 * 1024


@dataclass
class Proxy:
    """`url` is the server's, through the proxy.

    A stream is lost after the first of `cuts` bytes of it, the next one after the second, and so on: cut off with all
    connections, or `silent`: it stays open and says nothing more. `refused`: so many connections after a cut aren't
    accepted. `without_ids`: the server has no ids for its events.
    """

    url: str
    cuts: list[int] = field(default_factory=list)
    silent: bool = False
    refused: int = 0
    without_ids: bool = False
    lost: int = 0
    _refusing: int = 0
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, port: int) -> None:
        """One connection, to its end."""
        if self._refusing:
            self._refusing -= 1
            writer.transport.abort()
            return
        upstream, downstream = await asyncio.open_connection(host, port)
        self._open.add(writer)
        asking = asyncio.create_task(_pipe(reader, downstream))
        with suppress(OSError):
            await self._answers(upstream, writer)
        asking.cancel()
        self._open.discard(writer)
        for one in (writer, downstream):
            one.transport.abort()

    def close(self) -> None:
        """Lose all connections."""
        for writer in self._open:
            writer.transport.abort()

    async def _answers(self, upstream: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        passed, is_stream, begun = 0, False, b""
        while data := await upstream.read(_FULL):
            if not is_stream and b"text/event-stream" in data:
                is_stream, passed = True, -len(data.partition(b"\r\n\r\n")[0])
            if is_stream and self.without_ids:
                whole, newline, begun = (begun + data).rpartition(b"\n")
                lines = [b":" + line[1:] if line.startswith(b"id: ") else line for line in whole.split(b"\n")]
                data = b"\n".join(lines) + newline
                if not begun.startswith(b"id: "[: len(begun)]):  # nothing is held back that may be the last
                    data, begun = data + begun, b""
            if not is_stream or not self.cuts or passed + len(data) <= self.cuts[0]:
                passed += len(data)
                writer.write(data)
                await writer.drain()
                continue
            writer.write(data[: max(0, self.cuts.pop(0) - passed)])
            await writer.drain()
            self.lost += 1
            self._refusing = self.refused
            if not self.silent:
                self.close()
                return
            while await upstream.read(_FULL):
                pass


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(_FULL):
            writer.write(data)
            await writer.drain()


@asynccontextmanager
async def proxy(url: str) -> AsyncIterator[Proxy]:
    """A proxy before the server at `url`."""
    parts = urlsplit(url)
    made = Proxy("")
    host, port = str(parts.hostname), int(parts.port or 80)
    tasks: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(made.serve(reader, writer, host, port))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield made
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
