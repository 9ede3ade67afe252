"""What server and SDK cost over the raw graph in process, and beside `langgraph dev` at its defaults. Medians of five.

Time to first token, and a whole stream of 4,000 chunks. Rounds take turns: the machine's own speed, which varies, is
then the same for all.
"""

import asyncio
import gc
import json
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from langgraph_sdk import get_client
from langgraph_sdk.client import LangGraphClient

from tests.benchmarks.table import row
from tests.compatibility.conftest import langgraph_dev
from tests.servers import PROJECTS, Server

ROUNDS = 5
REST = 0.3  # seconds in which the servers finish what a stream left them to do
CHUNKS = 4_000
QUESTION = {"messages": [{"role": "user", "content": str(CHUNKS)}]}

Stream = Callable[[], AsyncIterator[Any]]


class Figures(NamedTuple):
    """Medians, in seconds."""

    first: float
    whole: float


async def timed(stream: Stream) -> Figures:
    """Seconds to the first chunk and to the end, once all others have come to rest."""
    await asyncio.sleep(REST)
    started = time.perf_counter()
    first = 0.0
    async for _ in stream():
        first = first or time.perf_counter() - started
    return Figures(first, time.perf_counter() - started)


def raw_stream() -> Stream:
    """The graph in this process, without a checkpointer or a server."""
    sys.path.insert(0, str(PROJECTS / "runs"))
    from graphs import tokens  # type: ignore[import-not-found]

    def stream() -> AsyncIterator[Any]:
        found: AsyncIterator[Any] = tokens.astream(QUESTION, stream_mode="messages")
        return found

    return stream


def served_stream(client: LangGraphClient, mode: Any) -> Stream:
    """The same graph through a server and the SDK, on a thread that is new each time."""

    async def stream() -> AsyncIterator[Any]:
        async for part in client.runs.stream(None, "tokens", input=QUESTION, stream_mode=mode):
            if part.event.startswith("messages"):
                yield part

    return stream


async def side_by_side(streams: list[Stream]) -> list[Figures]:
    """The streams' figures, measured in turns."""
    for stream in streams:
        await timed(stream)  # not counted
    gc.collect()
    gc.freeze()  # what this process has imported must not slow down the raw graph, which runs in it
    rounds = [[await timed(stream) for stream in streams] for _ in range(ROUNDS)]
    return [
        Figures(median(one.first for one in of), median(one.whole for one in of)) for of in zip(*rounds, strict=True)
    ]


@contextmanager
def real_server(folder: Path) -> Iterator[str]:
    """`langgraph dev` on the same graph."""
    folder.mkdir()
    shutil.copy(PROJECTS / "runs" / "graphs.py", folder)
    (folder / "langgraph.json").write_text(
        json.dumps({"dependencies": ["."], "graphs": {"tokens": "./graphs.py:tokens"}})
    )
    with langgraph_dev(folder) as url:
        yield url


async def main() -> None:
    """Print the rows."""
    with tempfile.TemporaryDirectory() as name, real_server(Path(name) / "dev") as dev_url:
        server = Server(PROJECTS / "runs", Path(name) / "store").start()
        try:
            for mode in ("messages-tuple", "messages"):
                clients = (server.client(), get_client(url=dev_url))
                streams = [raw_stream(), *(served_stream(client, mode) for client in clients)]
                show(mode, *await side_by_side(streams))
        finally:
            server.kill()


def show(mode: str, raw: Figures, ours: Figures, dev: Figures) -> None:
    """The rows of one mode. Its bars are those of `messages-tuple`: `messages` sends every text so far again."""
    wait, dev_wait = ours.first - raw.first, dev.first - raw.first
    figure = f"raw {raw.first * 1e3:.1f} + {wait * 1e3:.1f}   dev raw + {dev_wait * 1e3:.0f} = {dev_wait / wait:.0f} x"
    print(f"{CHUNKS} chunks, {mode}")
    row("  first token, ms", figure, "+ 10, 50 x", wait <= 0.010 and dev_wait >= 50 * wait)
    ratio = ours.whole / raw.whole
    figure = f"{ours.whole * 1e3:.0f}   raw {raw.whole * 1e3:.0f} = {ratio:.2f} x   dev {dev.whole * 1e3:.0f}"
    bar, limit = ("1.5 x, < dev", 1.5) if mode == "messages-tuple" else ("< dev", float("inf"))
    row("  all, ms", figure, bar, ratio <= limit and ours.whole < dev.whole)
