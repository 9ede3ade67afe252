"""What the store costs beside its references, measured in the same run: an fsync, and langgraph's SQLite checkpointer.

What is compared takes turns: the machine's own speed, which varies, is then the same for both.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Annotated, Any, TypedDict

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from langgraph.graph import START, StateGraph
from langgraph.graph.message import add_messages

from playground.store.database import Database
from playground.store.files import make_directory
from tests.benchmarks.table import row

WRITES = 300
TURNS = 200
ROUNDS = 5
CONTEXT = {"model": "openai:gpt-5", "system_prompt": "You are a helpful writer of short texts. " * 8}


def timed(action: Callable[[], object]) -> float:
    """Seconds."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def fill(directory: Path, assistants: int, versions: int = 1) -> None:
    """A store with so many assistants, each of so many versions, in one write."""
    database = Database.open(directory)
    with database.transaction():
        for number in range(assistants):
            made = database.assistants.create(
                graph_id="chat", name=f"Writer {number}", context=CONTEXT, metadata={"team": number // 1000}
            )
            for version in range(1, versions):
                database.assistants.update(made["assistant_id"], context={**CONTEXT, "temperature": version / 10})
    database.close()


def create_rows(folder: Path) -> None:
    """A durable create in a small store and in a big one, beside an append of as many bytes with its fsync."""
    stores = []
    for stored in (100, 100_000):
        fill(folder / str(stored), stored)
        stores.append(Database.open(folder / str(stored)))
    journal = folder / "100" / "store.json.journal"
    before = journal.stat().st_size
    create(stores[0])
    line = b"x" * (journal.stat().st_size - before)
    reference = os.open(folder / "reference", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def append() -> None:
        os.write(reference, line)
        os.fsync(reference)

    actions = (append, lambda: create(stores[0]), lambda: create(stores[1]))
    rounds = [[timed(action) for action in actions] for _ in range(WRITES)]
    sync, small, big = (median(one[i] for one in rounds) * 1e3 for i in range(3))
    for stored, taken in (("100", small), ("100,000", big)):
        figure = f"{taken:.2f}   fsync {sync:.2f} = {taken / sync:.2f} x"
        row(f"create in {stored}, ms", figure, "1.5 x fsync", taken <= 1.5 * sync)
    row("  in 100,000 over in 100", f"{big / small:.2f} x", "1.25 x", big <= 1.25 * small)
    os.close(reference)
    for database in stores:
        database.close()


def create(database: Database) -> None:
    """One assistant more."""
    database.assistants.create(graph_id="chat", context=CONTEXT)


def search_rows(folder: Path) -> None:
    """Opening and searching 10,000 assistants, of one version each and of ten."""
    directory = folder / "search"
    fill(directory, 10_000, 10)
    opened = median(timed(lambda: Database.open(directory).close()) for _ in range(ROUNDS))
    row("open 100,000 versions, s", f"{opened:.2f}", "3", opened <= 3)
    fill(folder / "one", 10_000)
    opened = median(timed(lambda: Database.open(folder / "one").close()) for _ in range(ROUNDS))
    row("open 10,000 assistants, s", f"{opened:.2f}", "1", opened <= 1)
    database = Database.open(folder / "one")

    def search() -> None:
        found, _ = database.assistants.search(name="writer 12", metadata={"team": 1}, limit=10)
        assert len(found) == 10

    seconds = median(timed(search) for _ in range(30))
    row("search 10 in 10,000, ms", f"{seconds * 1e3:.1f}", "10", seconds <= 0.010)
    database.close()


class State(TypedDict):
    messages: Annotated[list[AnyMessage], add_messages]


async def chat(saver: Any) -> float:
    """Seconds of a chat of 200 turns on one thread."""
    builder = StateGraph(State).add_node("answer", lambda _: {"messages": [AIMessage("a" * 500)]})
    graph = builder.add_edge(START, "answer").compile(checkpointer=saver)
    started = time.perf_counter()
    for turn in range(TURNS):
        question = HumanMessage(f"{turn} " + "q" * 300)
        await graph.ainvoke({"messages": [question]}, {"configurable": {"thread_id": "t"}})
    return time.perf_counter() - started


def size(folder: Path) -> int:
    """Bytes of its files."""
    return sum(file.stat().st_size for file in folder.iterdir())


async def our_chat(folder: Path) -> tuple[float, int]:
    """Seconds, and bytes of what is left on disk."""
    database = Database.open(folder)
    seconds = await chat(database.checkpoints)
    database.close()
    return seconds, size(folder / "threads")


async def sqlite_chat(folder: Path) -> tuple[float, int]:
    """As ours, with AsyncSqliteSaver at its defaults."""
    make_directory(folder)
    async with AsyncSqliteSaver.from_conn_string(str(folder / "sqlite.db")) as saver:
        seconds = await chat(saver)
    return seconds, size(folder)


async def chat_rows(folder: Path) -> None:
    """A thread's checkpoints, beside SQLite's; who goes first takes turns."""
    rounds = []
    for number in range(ROUNDS):
        found = {}
        for play in (our_chat, sqlite_chat) if number % 2 else (sqlite_chat, our_chat):
            found[play] = await play(folder / f"{play.__name__}{number}")
        rounds.append((*found[our_chat], *found[sqlite_chat]))
    ours, kept, theirs, other = (median(column) for column in zip(*rounds, strict=True))
    ratio = median(one[0] / one[2] for one in rounds)
    row(f"chat of {TURNS} turns, s", f"{ours:.2f}   sqlite {theirs:.2f} = {ratio:.2f} x", "1 x sqlite", ratio <= 1)
    figure = f"{kept / 1e6:.1f}   sqlite {other / 1e6:.1f} = {kept / other:.3f} x"
    row("  its file, MB", figure, "0.1 x sqlite", kept <= other / 10)


async def main() -> None:
    """Print the rows."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        create_rows(folder)
        search_rows(folder)
        await chat_rows(folder)


if __name__ == "__main__":
    asyncio.run(main())
