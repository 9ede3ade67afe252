"""What server and SDK cost over the raw graph in process: time to first token, and a whole stream. Medians of five.

Raw and served rounds take turns: the machine's own speed, which varies, is then the same for both.
"""

import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.table import row
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


async def main() -> None:
    """Print the rows."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(PROJECTS / "runs", Path(folder) / "store").start()
        try:
            raw, served = raw_stream(), served_stream(server)
            await timed(raw), await timed(served)  # not counted
            rounds = [(await timed(raw), await timed(served)) for _ in range(ROUNDS)]
        finally:
            server.kill()
    raw_first, first = (median(pair[i][0] for pair in rounds) for i in (0, 1))
    raw_end, end = (median(pair[i][1] for pair in rounds) for i in (0, 1))
    row("first token, ms", f"{first * 1e3:.1f}   raw {raw_first * 1e3:.1f}", "raw + 25", first - raw_first <= 0.025)
    figure = f"{end * 1e3:.1f}   raw {raw_end * 1e3:.1f} = {end / raw_end:.2f} x"
    row(f"{CHUNKS} chunks, ms", figure, "2 x raw", end <= 2 * raw_end)
