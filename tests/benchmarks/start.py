"""How long a server takes to answer, with an empty store and with 10,000 assistants; what it takes when it idles.

Medians of five, beside one start of `langgraph dev`. Memory is what the server has beyond a bare process that imports
the project's graphs; processor time is that of twenty idle seconds.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import httpx
import psutil

from playground.store.database import Database
from tests.benchmarks.table import row
from tests.compatibility.conftest import langgraph_dev
from tests.servers import PROJECTS, Server

ROUNDS = 5
ASSISTANTS = 10_000
IDLE_SECONDS = 20
MEGABYTE = 1024 * 1024

BARE = "import sys; sys.path.insert(0, sys.argv[1]); import graphs; print(flush=True); sys.stdin.read()"


def seconds_to_ok(server: Server) -> float:
    """From the start of the process to an answer."""
    started = time.perf_counter()
    server.start()
    httpx.get(f"{server.url}/ok", headers={"x-api-key": server.key}, trust_env=False).raise_for_status()
    taken = time.perf_counter() - started
    server.kill()
    return taken


def seconds_to_search(server: Server) -> float:
    """From the start of the process to the answer of a search among the assistants."""
    started = time.perf_counter()
    server.start()
    with server.sync_client() as client:
        assert len(client.assistants.search(name="support 7", limit=10)) == 10
    taken = time.perf_counter() - started
    server.kill()
    return taken


def fill(store: Path) -> None:
    """Ten thousand assistants."""
    database = Database.open(store)
    with database.transaction():
        for number in range(ASSISTANTS):
            context = {"system_prompt": f"You are number {number}. " * 20}
            database.assistants.create(
                graph_id="echo", name=f"support {number}", context=context, metadata={"team": number % 7}
            )
    database.close()


def memory_of_bare_graphs() -> int:
    """Resident bytes of a process that has imported the graphs, and nothing else."""
    command = [sys.executable, "-c", BARE, str(PROJECTS / "runs")]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    process.stdout.readline()
    resident = int(psutil.Process(process.pid).memory_info().rss)
    process.kill()
    process.wait()
    return resident


def settle(server: Server) -> None:
    """Returns when every graph is loaded."""
    headers = {"x-api-key": server.key}
    with httpx.stream("GET", f"{server.url}/playground/attach", headers=headers, timeout=60, trust_env=False) as events:
        for line in events.iter_lines():
            if line.startswith("data: ") and '"loading"' not in line:
                return


def idle(server: Server) -> tuple[int, float]:
    """Resident bytes once the graphs are loaded, and the share of a core that it takes then."""
    server.start()
    assert server.process is not None
    process = psutil.Process(server.process.pid)
    settle(server)
    time.sleep(2)  # what loading leaves to do
    before = sum(process.cpu_times()[:2])
    time.sleep(IDLE_SECONDS)
    share = (sum(process.cpu_times()[:2]) - before) / IDLE_SECONDS
    resident = int(process.memory_info().rss)
    server.kill()
    return resident, share


def repeated(measure: Callable[[Server], float], server: Server) -> float:
    """The median of some rounds."""
    return median(measure(server) for _ in range(ROUNDS))


def real_start(folder: Path) -> float:
    """Seconds until `langgraph dev` answers."""
    folder.mkdir()
    shutil.copy(PROJECTS / "runs" / "graphs.py", folder)
    (folder / "langgraph.json").write_text(json.dumps({"dependencies": ["."], "graphs": {"echo": "./graphs.py:echo"}}))
    started = time.perf_counter()
    with langgraph_dev(folder):
        return time.perf_counter() - started


def main() -> None:
    """Print the rows."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        empty, full = Server(PROJECTS / "runs", folder / "empty"), Server(PROJECTS / "runs", folder / "full")
        seconds_to_ok(empty)  # not counted
        fill(full.store)
        real = real_start(folder / "real")
        first = repeated(seconds_to_ok, empty)
        row("start to /ok, s", f"{first:.2f}   langgraph dev {real:.2f}", "1.0", first <= 1.0)
        many, search = repeated(seconds_to_ok, full), repeated(seconds_to_search, full)
        row("with 10,000 assistants, s", f"{many:.2f}   to a search {search:.2f}", "2.0", max(many, search) <= 2.0)
        resident, share = idle(empty)
        bare = memory_of_bare_graphs()
        beyond = (resident - bare) / MEGABYTE
        figure = f"{beyond:.0f}   {resident / MEGABYTE:.0f}, bare graphs {bare / MEGABYTE:.0f}"
        row("idle beyond graphs, MB", figure, "150", beyond <= 150)
        row("idle, % of a core", f"{share * 100:.2f}", "0.5", share <= 0.005)
