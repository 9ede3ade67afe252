"""Four refs side by side on the Compare screen, on a graph that sleeps a second: from Enter to the last one done."""

import os
import tempfile
import time
from pathlib import Path
from statistics import median

from tests.benchmarks.table import row
from tests.servers import PROJECTS, Server
from tests.tui.runs import Running, running

ROUNDS = 5


async def main() -> None:
    """Print the row."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"XDG_STATE_HOME": folder, "XDG_DATA_HOME": folder}
        server = Server(PROJECTS / "runs", Path(folder) / "store").start()
        try:
            refs = await versions(server)
            async with running(server) as run:
                await run.open_compare(*refs)
                seconds = median([await one_turn(run) for _ in range(ROUNDS)])
        finally:
            server.kill()
    row("four refs of 1 s each, s", f"{seconds:.2f}", "1.6", seconds <= 1.6)


async def versions(server: Server) -> list[str]:
    """Refs of four versions of one assistant."""
    assistants = server.client().assistants
    made = await assistants.create("sleep", name="sleeper", metadata={"number": 1})
    for number in (2, 3, 4):
        await assistants.update(made["assistant_id"], metadata={"number": number})
    return [f"sleeper@v{number}" for number in (1, 2, 3, 4)]


async def one_turn(run: Running) -> float:
    """Seconds from sending an input to the end of the last pane's run."""
    await run.write('{"seconds": 1}')
    started = time.perf_counter()
    await run.pilot.press("enter")
    await run.all_done("queued", "running")
    await run.all_done()
    return time.perf_counter() - started
