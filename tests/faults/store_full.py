"""Fills the disk under a store and looks whether it stays what it says it is.

    python tests/faults/store_full.py DIRECTORY

The limit on a file's size stands in for a full disk. Exits with 1 if anything is amiss.
"""

import resource
import sys
from pathlib import Path
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import empty_checkpoint

from playground.store.database import Database
from playground.store.errors import StoreFailed


def checkpoints_until_full(database: Database) -> list[RunnableConfig]:
    """Every checkpoint that was answered."""
    steps: list[RunnableConfig] = []
    config: RunnableConfig = {"configurable": {"thread_id": "t", "checkpoint_ns": ""}}
    try:
        while True:
            checkpoint: Any = {**empty_checkpoint(), "channel_values": {"c": "x" * 300}, "channel_versions": {"c": "1"}}
            checkpoint["channel_versions"] = {"c": checkpoint["id"]}
            config = database.checkpoints.put(config, checkpoint, {}, checkpoint["channel_versions"])
            steps.append(config)
    except StoreFailed as error:
        print(error)
    assert len(steps) > 10
    return steps


def main(directory: Path) -> None:
    database = Database.open(directory)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))
    made = []
    try:
        while True:
            made.append(database.assistants.create(graph_id="g", context={"prompt": "x" * 300})["assistant_id"])
    except StoreFailed as error:
        print(error)
    assert database.assistants.count() == len(made) > 10
    database.items.put(("small",), "k", {})  # what fits is still written
    steps = checkpoints_until_full(database)
    database.close()  # compacting fails as well, and loses nothing

    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    database = Database.open(directory)
    assert database.notices == ()
    assert sorted(row["assistant_id"] for row in database.assistants.search(limit=1000)[0]) == sorted(made)
    assert database.items.get(("small",), "k") is not None
    assert database.check() == []
    for step in steps:
        assert database.checkpoints.get_tuple(step) is not None
    database.assistants.create(graph_id="g")
    database.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
