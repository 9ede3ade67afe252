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
from tests.benchmarks.table import row

WRITES = 300
TURNS = 200
ROUNDS = 3
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


def creating(folder: Path, stored: int) -> tuple[float, float]:
    """Seconds of a durable create, and of an append of as many bytes with its fsync. Medians."""
    directory = folder / f"create{stored}"
    fill(directory, stored)
    database = Database.open(directory)
    journal = directory / "store.json.journal"
    before = journal.stat().st_size
    database.assistants.create(graph_id="chat", context=CONTEXT)
    line = b"x" * (journal.stat().st_size - before)
    reference = os.open(directory / "reference", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def append() -> None:
        os.write(reference, line)
        os.fsync(reference)

    rounds = [
        (timed(lambda: database.assistants.create(graph_id="chat", context=CONTEXT)), timed(append))
        for _ in range(WRITES)
    ]
    os.close(reference)
    database.close()
    return median(ours for ours, _ in rounds), median(sync for _, sync in rounds)


def create_rows(folder: Path) -> None:
    """Durable writes, in a small store and in a big one."""
    small, sync = creating(folder, 100)
    row(
        "create in 100, ms",
        f"{small * 1e3:.2f}   fsync {sync * 1e3:.2f} = {small / sync:.2f} x",
        "1.5 x fsync",
        small <= 1.5 * sync,
    )
    big, big_sync = creating(folder, 100_000)
    ratio, small_ratio = big / big_sync, small / sync
    row(
        "create in 100,000, ms",
        f"{big * 1e3:.2f}   fsync {big_sync * 1e3:.2f} = {ratio:.2f} x",
        "1.5 x fsync",
        ratio <= 1.5,
    )
    row("  grows with the store", f"{ratio / small_ratio:.2f} x", "flat: 1.25 x", ratio <= 1.25 * small_ratio)


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


async def chats(folder: Path) -> tuple[float, float, int, int]:
    """Seconds and bytes of the same chat: ours, SQLite's."""
    database = Database.open(folder / "ours")
    ours = await chat(database.checkpoints)
    database.close()
    async with AsyncSqliteSaver.from_conn_string(str(folder / "sqlite.db")) as saver:
        theirs = await chat(saver)
    size = sum(file.stat().st_size for file in (folder / "ours" / "threads").iterdir())
    return ours, theirs, size, sum(file.stat().st_size for file in folder.glob("sqlite.db*"))


async def chat_rows(folder: Path) -> None:
    """A thread's checkpoints, beside AsyncSqliteSaver at its defaults."""
    rounds = []
    for number in range(ROUNDS):
        (folder / f"chat{number}").mkdir()
        rounds.append(await chats(folder / f"chat{number}"))
    ours, theirs = median(one[0] for one in rounds), median(one[1] for one in rounds)
    row(
        f"chat of {TURNS} turns, s",
        f"{ours:.2f}   sqlite {theirs:.2f} = {ours / theirs:.2f} x",
        "1 x sqlite",
        ours <= theirs,
    )
    size, other = rounds[0][2], rounds[0][3]
    figure = f"{size / 1e6:.1f}   sqlite {other / 1e6:.1f} = {size / other:.3f} x"
    row("  its file, MB", figure, "0.1 x sqlite", size <= other / 10)


async def main() -> None:
    """Print the rows."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        create_rows(folder)
        search_rows(folder)
        await chat_rows(folder)


if __name__ == "__main__":
    asyncio.run(main())
