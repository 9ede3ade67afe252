"""Fifty runs at once, each of a node that sleeps for a second, beside `langgraph dev` with as many jobs.

Medians of three. Sync nodes too: each blocks a thread.
"""

import asyncio
import json
import shutil
import tempfile
import time
from pathlib import Path
from statistics import median

from langgraph_sdk import get_client
from langgraph_sdk.client import LangGraphClient

from tests.benchmarks.table import row
from tests.compatibility.conftest import langgraph_dev
from tests.servers import PROJECTS, Server

RUNS = 50
ROUNDS = 3
GRAPHS = {"sleep": f"{RUNS} runs of 1 s, s", "sleep_sync": f"{RUNS} with sync nodes, s"}
BAR = 1.5  # seconds


async def at_once(client: LangGraphClient, graph: str) -> float:
    """Seconds until all have answered, on threads that exist."""
    threads = [(await client.threads.create())["thread_id"] for _ in range(RUNS)]
    started = time.perf_counter()
    await asyncio.gather(*(client.runs.wait(thread_id, graph, input={"seconds": 1}) for thread_id in threads))
    return time.perf_counter() - started


async def side_by_side(clients: list[LangGraphClient], graph: str) -> list[float]:
    """The servers' medians, measured in turns."""
    for client in clients:
        await client.runs.wait(None, graph, input={"seconds": 0})  # not counted
    rounds = [[await at_once(client, graph) for client in clients] for _ in range(ROUNDS)]
    return [median(of) for of in zip(*rounds, strict=True)]


async def main() -> None:
    """Print the rows."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project = folder / "project"
        project.mkdir()
        shutil.copy(PROJECTS / "runs" / "graphs.py", project)
        graphs = {graph: f"./graphs.py:{graph}" for graph in GRAPHS}
        (project / "langgraph.json").write_text(json.dumps({"dependencies": ["."], "graphs": graphs}))
        server = Server(project, folder / "store", env={"PLAYGROUND_RUNS": str(RUNS)}).start()
        try:
            with langgraph_dev(project, "--n-jobs-per-worker", str(RUNS)) as url:
                for graph, what in GRAPHS.items():
                    ours, real = await side_by_side([server.client(), get_client(url=url)], graph)
                    figure = f"{ours:.2f}   langgraph dev {real:.2f}"
                    row(what, figure, str(BAR), ours <= BAR)
        finally:
            server.kill()
