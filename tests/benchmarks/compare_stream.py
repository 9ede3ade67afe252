"""Four panes that stream side by side: what that costs the program, how late they are, how long a key takes.

The real program in a pseudo-terminal of 120x40, on a real server whose model writes 100 tokens a second in each pane:
mixed Markdown, half of it long code blocks. Beside it, four of Textual's own `MarkdownStream`s with the same text.

python tests/benchmarks/compare_stream.py [seconds]
"""

import asyncio
import os
import re
import select
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

import psutil

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from tests.benchmarks.table import row
from tests.benchmarks.terminal import Terminal
from tests.servers import PROJECTS, Server

PANES = "ABCD"
RATE = 100  # tokens a second in each pane
KEY_EVERY = 0.5  # seconds
LETTERS = [chr(code) for code in (*range(0x0410, 0x0450), *range(0x0531, 0x0557))]  # none is in the stream
PROJECT = PROJECTS / "steady"
OURS = """
import sys
from playground.client.target import Target
from playground.tui.app import PlaygroundApp

class Started(PlaygroundApp):
    def on_ready(self):
        self.compare(sys.argv[3:])

Started(Target(url=sys.argv[1], key=sys.argv[2])).run()
"""
TEXTUALS = """
import asyncio, sys
sys.path.insert(0, sys.argv[1])
from mixed import RATE, pieces
from textual.app import App
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Markdown

class Streams(App):
    CSS = "VerticalScroll { width: 1fr; }"

    def compose(self):
        with Horizontal():
            for pane in "ABCD":
                with VerticalScroll():
                    yield Markdown()

    async def on_ready(self):
        self.title = "ready"
        for scroll in self.query(VerticalScroll):
            scroll.anchor()
        self.run_worker(self.write())

    async def write(self):
        await asyncio.gather(*(self.feed(*one) for one in zip("ABCD", self.query(Markdown))))
        await self.query_one(Horizontal).remove()
        await self.mount(Markdown("all-is-written"))

    async def feed(self, pane, markdown):
        stream, text = Markdown.get_stream(markdown), pieces(pane)
        loop = asyncio.get_running_loop()
        begun = loop.time()
        for number in range(int(sys.argv[2]) * RATE):
            await asyncio.sleep(begun + number / RATE - loop.time())
            await stream.write(next(text))
        await stream.stop()

Streams().run()
"""
_MARK = re.compile(rb"t([A-D])(\d{7})")


@dataclass
class Watched:
    """What was seen of a program while it streamed: `lags` by pane and `keys` in seconds, `cpu` in seconds."""

    lags: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    keys: list[float] = field(default_factory=list)
    cpu: float = 0.0
    took: float = 0.0
    written: int = 0  # bytes


class Watch:
    """Reads a terminal, notes when marks of the stream are painted, and types."""

    def __init__(self, terminal: Terminal) -> None:
        self.seen = Watched()
        self._terminal = terminal
        self._marks: set[bytes] = set()
        self._rest = b""
        self._sent = 0.0
        self._awaited = b""

    def run(self, ends: list[bytes], keys: bool, limit: float) -> Watched:
        """Until all ends were painted."""
        process = psutil.Process(self._terminal.pid)
        before, begun = sum(process.cpu_times()[:2]), time.monotonic()
        missing, letters, next_key = set(ends), iter(LETTERS), begun + KEY_EVERY
        while missing:
            now = time.monotonic()
            if now > begun + limit:
                raise TimeoutError(f"{missing} did not appear; the last output: {self._rest[-500:]!r}")
            if keys and now >= next_key and not self._awaited and (letter := next(letters, None)):
                self._awaited, self._sent = letter.encode(), time.monotonic()
                os.write(self._terminal.fd, self._awaited)
                next_key = now + KEY_EVERY
            if select.select([self._terminal.fd], [], [], 0.02)[0]:
                text = self._take(os.read(self._terminal.fd, 1 << 20))
                missing = {end for end in missing if end not in text}
        self.seen.cpu = sum(process.cpu_times()[:2]) - before
        self.seen.took = time.monotonic() - begun
        return self.seen

    def _take(self, data: bytes) -> bytes:
        """What was written, after the end of what was before: a mark may come in two parts."""
        now = time.monotonic()
        self.seen.written += len(data)
        text = self._rest + data
        if self._awaited and self._awaited in text:
            self.seen.keys.append(now - self._sent)
            self._awaited = b""
        for match in _MARK.finditer(text):
            if match[0] not in self._marks:
                self._marks.add(match[0])
                late = (int(now * 1_000) - int(match[2])) % 10**7 / 1_000
                self.seen.lags[match[1].decode()].append(late)
        self._rest = text[-64:]
        return text


def ours(folder: Path, seconds: int) -> tuple[Watched, float]:
    """The Compare screen with four versions; and the seconds of CPU that the server took."""
    server = Server(PROJECT, folder / "store").start()
    try:
        refs = asyncio.run(versions(server))
        terminal = Terminal([sys.executable, "-c", OURS, server.url, server.key, *refs], environment(folder))
        try:
            terminal.wait(b"writer@v4")
            terminal.wait(b"to all>")
            terminal.settle()
            terminal.settle(str(seconds).encode())
            assert server.process is not None
            process = psutil.Process(server.process.pid)
            before = sum(process.cpu_times()[:2])
            os.write(terminal.fd, b"\r")
            seen = Watch(terminal).run([f"the-end-of-{pane}".encode() for pane in PANES], True, seconds * 4 + 20)
            return seen, sum(process.cpu_times()[:2]) - before
        finally:
            terminal.close()
    finally:
        server.kill()


def textuals(folder: Path, seconds: int) -> Watched:
    """Four MarkdownStreams in a bare app, which makes the tokens itself: no server, no wire."""
    terminal = Terminal([sys.executable, "-c", TEXTUALS, str(PROJECT), str(seconds)], environment(folder))
    try:
        return Watch(terminal).run([b"all-is-written"], False, seconds * 20 + 60)
    finally:
        terminal.close()


async def versions(server: Server) -> list[str]:
    """Refs of four versions of one assistant, each of which knows its pane."""
    assistants = server.client().assistants
    made = await assistants.create("steady", name="writer", context={"pane": PANES[0]})
    for pane in PANES[1:]:
        await assistants.update(made["assistant_id"], context={"pane": pane})
    return [f"writer@v{number}" for number in range(1, len(PANES) + 1)]


def environment(folder: Path) -> dict[str, str]:
    """Of a program that keeps its things in the folder."""
    home = str(folder)
    return {"HOME": home, "XDG_STATE_HOME": home, "XDG_DATA_HOME": home, "PYTHONPATH": str(Path.cwd())}


def p95(seconds: list[float]) -> float:
    """The 95th percentile."""
    return quantiles(seconds, n=20)[-1]


def main(seconds: int = 60) -> None:
    """Print the rows."""
    with tempfile.TemporaryDirectory() as name:
        seen, served = ours(Path(name), seconds)
        theirs = textuals(Path(name), seconds)
    tokens = len(PANES) * RATE * seconds
    print(f"four panes, {seconds} s, {RATE} tokens a second each; the server took {served / seconds:.0%} of a core")
    share = seen.cpu / seen.took
    row("UI process, of a core", f"{share:.1%}", "50 %", share < 0.5)
    keys = p95(seen.keys)
    row("key to paint, p95 ms", f"{keys * 1e3:.0f}   median {median(seen.keys) * 1e3:.0f}", "50", keys <= 0.05)
    late = {pane: max(lags) for pane, lags in sorted(seen.lags.items())}
    every = [lag for lags in seen.lags.values() for lag in lags]
    worst = "  ".join(f"{pane} {lag * 1e3:.0f}" for pane, lag in late.items())
    holds = len(late) == len(PANES) and max(late.values()) <= 0.2
    row("behind the stream, ms", f"{worst}   p95 {p95(every) * 1e3:.0f}, n {len(every)}", "200", holds)
    mine, base = seen.cpu / tokens, theirs.cpu / tokens
    figure = f"{mine * 1e6:.0f} µs   MarkdownStream {base * 1e6:.0f} µs = 1/{base / mine:.1f}"
    row("CPU a token", figure, "1/5", mine <= base / 5)
    print(f"  to the terminal: {seen.written / seen.took / 1e3:.0f} kB/s; MarkdownStreams took {theirs.took:.0f} s")


if __name__ == "__main__":
    os.environ["LANGSMITH_TRACING"] = "false"
    main(*(int(argument) for argument in sys.argv[1:]))
