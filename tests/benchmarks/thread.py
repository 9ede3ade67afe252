"""A thread of 2,000 messages: how long it takes to open at its end, to scroll, to stream into, and what it keeps.

The app on a real server, 120x40, headless: from the key until the screen is made, the terminal's drawing not included.
Beside the stream into the long thread, the same stream into an empty one.

python tests/benchmarks/thread.py [messages]
"""

import asyncio
import gc
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

import psutil

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from playground.client.events import MessageChunk
from playground.client.target import Target
from playground.client.transcript import Transcript
from playground.tui.app import PlaygroundApp
from playground.tui.screens.threads import ThreadsScreen
from playground.tui.widgets.transcript_cursor import ChatView
from tests.benchmarks.table import row
from tests.servers import PROJECTS, Server

MESSAGES = 2_000
PROJECT = PROJECTS / "steady"
TOKENS = 1_500
QUESTION = "How do I get a refund for order {0}? It came broken, and I need another one by Friday."
ANSWER = """I looked up **order {0}** and it left our house on Tuesday.

- The parcel was handed over at 9:40, and scanned twice on the way.
- A refund of `42.00` is possible until the end of the month.

```python
refund(order="{0}", amount=42.00, reason="broken")
```

Shall I send another one, or give you the money back?

That is all about {0}"""


def messages(number: int) -> list[dict[str, str]]:
    """Questions and answers, of about 250 characters each."""
    texts = [(QUESTION, "human"), (ANSWER, "ai")]
    return [
        {"type": texts[i % 2][1], "content": texts[i % 2][0].format(4_000 + i), "id": f"m{i}"} for i in range(number)
    ]


async def fill(server: Server, number: int) -> tuple[str, str]:
    """(assistant, thread) with so many messages, in as many checkpoints."""
    client = server.client()
    assistant = await client.assistants.create("steady", name="writer", context={"pane": "A"})
    nodes = ["__start__", "write"]
    steps = [
        {"updates": [{"values": {"messages": [message]}, "as_node": nodes[i % 2]}]}
        for i, message in enumerate(messages(number))
    ]
    thread = await client.threads.create(graph_id="steady", supersteps=steps)
    return assistant["assistant_id"], thread["thread_id"]


async def until(app: PlaygroundApp, condition: object) -> None:
    """As soon as it is so."""
    end = time.monotonic() + 40
    while not condition():  # type: ignore[operator]
        if time.monotonic() > end:
            raise TimeoutError("\n".join(shown_rows(app)))
        await asyncio.sleep(0.001)


def shown_rows(app: PlaygroundApp) -> list[str]:
    """What is on the screen."""
    return [strip.text for strip in app.screen._compositor.render_strips()]


def painted(app: PlaygroundApp, text: str) -> bool:
    """Whether the text is on the screen."""
    return any(text in row for row in shown_rows(app))


async def opening(app: PlaygroundApp, ref: str, thread_id: str, number: int) -> tuple[float, float]:
    """Seconds from the command until the last message is painted, and from when it was read until then."""
    began, read = time.monotonic(), 0.0
    show = ThreadsScreen.show_conversation

    def noted(screen: ThreadsScreen, *given: object) -> None:
        nonlocal read
        read = time.monotonic()
        show(screen, *given)  # type: ignore[arg-type]

    ThreadsScreen.show_conversation = noted  # type: ignore[method-assign]
    app.chat(ref, thread_id)
    await until(app, lambda: read and painted(app, f"all about {4_000 + number - 1}"))
    ended = time.monotonic()
    ThreadsScreen.show_conversation = show  # type: ignore[method-assign]
    return ended - began, ended - read


async def scrolling(app: PlaygroundApp, view: ChatView) -> list[float]:
    """Seconds of each step up: by pages through a part of the thread, then by rows, then far away."""
    steps = [-30] * 60 + [-1] * 120 + [-400, 300] * 10 + [30] * 60
    took: list[float] = []
    for rows in steps:
        began = time.process_time()
        view.scroll_relative(y=rows, animate=False)
        app.screen._compositor.render_strips()
        took.append(time.process_time() - began)
        await until(app, lambda: view.settled)
    return took


async def streaming(view: ChatView, transcript: Transcript) -> float:
    """Seconds of CPU a token, 4 characters each, as they come 20 times a second."""
    text = ANSWER.format(1) * 10
    began = time.process_time()
    for at in range(0, TOKENS):
        piece = text[at * 4 % len(text) :][:4]
        view.feed(transcript.apply(MessageChunk("streamed", "ai", piece, node="write")))
        if at % 5 == 4:
            view.paint_now()
            await asyncio.sleep(0)
    return (time.process_time() - began) / TOKENS


async def measure(server: Server, number: int) -> None:
    """Print the rows."""
    began = time.monotonic()
    assistant, thread_id = await fill(server, number)
    print(f"a thread of {number:,} messages in as many checkpoints; made in {time.monotonic() - began:.0f} s")
    process = psutil.Process()
    app = PlaygroundApp(Target(url=server.url, key=server.key))
    async with app.run_test(size=(120, 40)) as pilot:
        app.chat(assistant)
        await until(app, lambda: isinstance(app.screen, ThreadsScreen) and app.screen.runnable is not None)
        screen = app.screen
        assert isinstance(screen, ThreadsScreen)
        view = screen.pane.chat
        await pilot.pause(1)
        empty = await streaming(view, Transcript())
        gc.collect()
        before = process.memory_info().rss
        whole, shown = await opening(app, assistant, thread_id, number)
        row("opens at its end, ms", f"view {shown * 1e3:.0f}   with reading {whole * 1e3:.0f}", "500", shown <= 0.5)
        await until(app, lambda: view.settled)
        assert screen.conversation is not None
        transcript = screen.conversation.transcript
        blocks = len(transcript.blocks)
        steps = await scrolling(app, view)
        p95 = quantiles(steps, n=20)[-1]
        worst = f"p95 {p95 * 1e3:.0f}   median {median(steps) * 1e3:.1f}   max {max(steps) * 1e3:.0f}"
        row("a step of scrolling, ms", worst, "30", p95 <= 0.03)
        view.follow()
        long = await streaming(view, transcript)
        figure = f"{long * 1e6:.0f} µs   empty {empty * 1e6:.0f} µs"
        row("CPU a token", figure, "1.2 x empty", long <= 1.2 * empty)
        began = time.process_time()
        found = view.search("4411")
        row("finding, ms", f"{(time.process_time() - began) * 1e3:.0f}   {found} matches", "100", found > 0)
        view.end_search()
        gc.collect()
        grown = (process.memory_info().rss - before) / 1e6
        row("memory, MB", f"{grown:.0f}   {blocks:,} blocks, {view.sections.laid_out} laid out", "200", grown <= 200)
        nodes = len(app.screen.query("*"))
        row("mounted nodes", f"{nodes}", "1,000", nodes <= 1_000)


def main(number: int = MESSAGES) -> None:
    """Of a new server."""
    with tempfile.TemporaryDirectory() as name:
        os.environ["XDG_STATE_HOME"] = os.environ["XDG_DATA_HOME"] = name
        server = Server(PROJECT, Path(name) / "store").start()
        try:
            asyncio.run(measure(server, number))
        finally:
            server.stop()


if __name__ == "__main__":
    os.environ["LANGSMITH_TRACING"] = "false"
    main(*(int(argument) for argument in sys.argv[1:]))
