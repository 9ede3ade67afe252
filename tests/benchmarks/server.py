"""What the server costs over the raw graph: time to first token, a whole stream, concurrent runs.

    python tests/benchmarks/server.py

Everything in one run; medians of five. Ratios count, the machine's own speed doesn't.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from tests.servers import PROJECTS, Server

ROUNDS = 5
CHUNKS = 1_000
QUESTION = {"messages": [{"role": "user", "content": str(CHUNKS)}]}

Stream = Callable[[], AsyncIterator[Any]]


async def timed(stream: Stream) -> tuple[float, float]:
    """Seconds to the first chunk and to the end."""
    started = time.perf_counter()
    first = 0.0
    async for _ in stream():
        first = first or time.perf_counter() - started
    return first, time.perf_counter() - started


async def medians(stream: Stream) -> tuple[float, float]:
    """Medians of first chunk and end, after one round that isn't counted."""
    await timed(stream)
    rounds = [await timed(stream) for _ in range(ROUNDS)]
    return median(first for first, _ in rounds), median(end for _, end in rounds)


def raw_stream() -> Stream:
    """The graph in this process, without a checkpointer or a server."""
    sys.path.insert(0, str(PROJECTS / "runs"))
    from graphs import tokens  # type: ignore[import-not-found]

    def stream() -> AsyncIterator[Any]:
        found: AsyncIterator[Any] = tokens.astream(QUESTION, stream_mode="messages")
        return found

    return stream


def served_stream(server: Server) -> Stream:
    """The same graph through server and SDK, on a thread that is new each time."""
    client = server.client()

    async def stream() -> AsyncIterator[Any]:
        async for part in client.runs.stream(None, "tokens", input=QUESTION, stream_mode="messages-tuple"):
            if part.event == "messages":
                yield part

    return stream


async def four_at_once(server: Server) -> float:
    """Seconds until four runs, of a second's sleep each, have all ended."""
    client = server.client()

    async def run() -> None:
        await client.runs.wait(None, "sleep", input={"seconds": 1})

    started = time.perf_counter()
    await asyncio.gather(*(run() for _ in range(4)))
    return time.perf_counter() - started


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = Server(PROJECTS / "runs", Path(folder) / "store").start()
        try:
            raw_first, raw_end = await medians(raw_stream())
            first, end = await medians(served_stream(server))
            at_once = median([await four_at_once(server) for _ in range(ROUNDS)])
        finally:
            server.kill()
    row("", "raw", "server", "bar")
    row("first token, ms", f"{raw_first * 1e3:.1f}", f"{first * 1e3:.1f}", "raw + 25", first - raw_first <= 0.025)
    row(f"{CHUNKS} chunks, ms", f"{raw_end * 1e3:.1f}", f"{end * 1e3:.1f}", "2 x raw", end <= 2 * raw_end)
    row("four runs of 1 s, s", "1.00", f"{at_once:.2f}", "1.6", at_once <= 1.6)


def row(what: str, raw: str, served: str, bar: str, holds: bool | None = None) -> None:
    """A line of the table."""
    verdict = "" if holds is None else "ok" if holds else "MISSED"
    print(f"{what:24}{raw:>10}{served:>10}   {bar:10}{verdict}")


if __name__ == "__main__":
    os.environ["LANGSMITH_TRACING"] = "false"
    asyncio.run(main())
