"""Kills a writing process at random moments and looks whether anything it was told is lost.

    python tests/faults/store_kill.py DIRECTORY [ROUNDS]

Each round forks a process that makes assistants, versions, threads and checkpoints, and prunes, as fast as it can and
says so after each; it is killed (-9) somewhere, and the store opened and compared with what was said.
Exits with 1, saying what is lost.
"""

import os
import random
import signal
import sys
import time
from pathlib import Path
from typing import Any

import orjson
from langgraph.checkpoint.base import empty_checkpoint

import playground.store.checkpoints  # noqa: F401  # imported once, not by every writer
from playground.store import journal
from playground.store.database import Database

COMPACT_ABOVE = 20_000  # bytes: so that some kills hit a compaction
LONGEST = 0.15  # seconds a writer lives


def write(directory: Path, said: int) -> None:
    """Write until killed; every line said is of something that is on disk."""
    database = Database.open(directory)
    thread_id = database.threads.create()["thread_id"]
    config: Any = {"configurable": {"thread_id": thread_id, "checkpoint_ns": ""}}
    pruned: Any = {"configurable": {"thread_id": f"pruned {thread_id}", "checkpoint_ns": ""}}
    while True:
        assistant = database.assistants.create(graph_id="g", context={"number": 1})
        say(said, {"assistant": assistant})
        for number in range(2, 5):
            assistant = database.assistants.update(assistant["assistant_id"], context={"number": number})
            say(said, {"assistant": assistant})
        checkpoint: Any = {
            **empty_checkpoint(),
            "channel_values": {"messages": [{"text": "x" * 300}], "id": assistant["assistant_id"]},
            "channel_versions": {"messages": 1, "id": assistant["assistant_id"]},
        }
        config = database.checkpoints.put(config, checkpoint, {}, checkpoint["channel_versions"])
        say(said, {"thread": thread_id, "checkpoint": checkpoint["id"], "id": assistant["assistant_id"]})
        pruned = database.checkpoints.put(pruned, checkpoint, {}, checkpoint["channel_versions"])
        database.checkpoints.prune([f"pruned {thread_id}"])
        say(said, {"head": f"pruned {thread_id}", "checkpoint": checkpoint["id"]})


def say(said: int, what: dict[str, Any]) -> None:
    os.write(said, orjson.dumps(what) + b"\n")


def killed_writer(directory: Path) -> list[dict[str, Any]]:
    """What a writer said before it was killed at a random moment."""
    heard, said = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            write(directory, said)
        finally:
            os._exit(3)
    os.close(said)
    time.sleep(random.uniform(0, LONGEST))
    os.kill(pid, signal.SIGKILL)
    with os.fdopen(heard, "rb") as pipe:
        lines = pipe.read().split(b"\n")[:-1]
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status), "the writer failed by itself"
    return [orjson.loads(line) for line in lines]


def lost(database: Database, heard: list[dict[str, Any]]) -> list[str]:
    """What was said and isn't there, or isn't what was said."""
    problems = database.check()
    for what in heard:
        if assistant := what.get("assistant"):
            version = database.assistants.version(assistant["assistant_id"], assistant["version"])
            active = database.assistants.get(assistant["assistant_id"])
            newest = database.assistants.versions(assistant["assistant_id"], limit=1)[0]
            if version["context"] != assistant["context"] or active["version"] != newest["version"]:
                problems.append(f"{assistant} is {version}, active {active}")
        elif thread_id := what.get("head"):
            head = database.checkpoints.get_tuple({"configurable": {"thread_id": thread_id}})
            if head is None or head.checkpoint["id"] < what["checkpoint"]:
                problems.append(f"{what} is {head}")
        else:
            config: Any = {"configurable": {"thread_id": what["thread"], "checkpoint_id": what["checkpoint"]}}
            found = database.checkpoints.get_tuple(config)
            if found is None or found.checkpoint["channel_values"].get("id") != what["id"]:
                problems.append(f"{what} is {found}")
    return problems


def main(directory: Path, rounds: int) -> int:
    journal.COMPACT_ABOVE = COMPACT_ABOVE
    said, torn = 0, 0
    heard: list[dict[str, Any]] = []
    for number in range(rounds):
        new = killed_writer(directory)
        said += len(new)
        heard = [*heard[-200:], *new]
        database = Database.open(directory)
        torn += len(database.notices)
        problems = lost(database, heard)
        database.close()
        if problems:
            print(f"round {number}:", *problems[:5], sep="\n")
            return 1
    print(f"{rounds} kills, {said} writes, {torn} torn tails, nothing lost")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 200))
