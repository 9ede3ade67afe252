"""What threads share with their files: copies, ids that are reserved, times to live, searches by values."""

from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.base import empty_checkpoint

from playground.store.database import Database
from playground.store.errors import Conflict, Invalid, NotFound


def write(database: Database, thread_id: str, version: str, values: dict[str, Any]) -> None:
    """A checkpoint with these values."""
    versions = dict.fromkeys(values, version)
    checkpoint: Any = {**empty_checkpoint(), "channel_values": values, "channel_versions": versions}
    config: Any = {"configurable": {"thread_id": thread_id, "checkpoint_ns": ""}}
    metadata: Any = {"source": "loop", "thread_id": thread_id}
    database.checkpoints.put(config, checkpoint, metadata, versions)


def test_a_copy_has_the_checkpoints_and_is_apart(database: Database) -> None:
    source = database.threads.create(metadata={"topic": "tea", "graph_id": "g"})["thread_id"]
    write(database, source, "1", {"foo": "one"})
    write(database, source, "2", {"foo": "two"})
    database.threads.patch(source, status="interrupted", interrupts={"task": [{"id": "i", "value": 1}]})
    copied = database.threads.copy(source)
    assert copied["thread_id"] != source
    assert (copied["metadata"], copied["status"]) == ({"topic": "tea", "graph_id": "g"}, "interrupted")
    assert database.threads.get(copied["thread_id"]) == copied
    database.threads.delete(source)
    assert database.threads.values(copied["thread_id"]) == {"foo": "two"}
    listed = list(database.checkpoints.list({"configurable": {"thread_id": copied["thread_id"]}}))
    assert [found.metadata["thread_id"] for found in listed] == [copied["thread_id"]] * 2  # type: ignore[typeddict-item]
    with pytest.raises(NotFound):
        database.threads.copy(source)


def test_an_id_that_was_reserved_and_left_is_gone_at_the_next_start(directory: Path) -> None:
    first = Database.open(directory)
    left, kept, discarded = (first.threads.reserve() for _ in range(3))
    for id in (left, kept, discarded):
        write(first, id, "1", {"foo": "x"})
    with pytest.raises(Conflict):
        first.threads.reserve(left)
    first.threads.create(thread_id=kept)
    first.threads.discard(discarded)
    first.close()
    second = Database.open(directory)
    assert [second.threads.values(id) for id in (left, kept, discarded)] == [None, {"foo": "x"}, None]
    assert second.threads.create(thread_id=left)["thread_id"] == left
    second.close()


def test_expiring_threads_in_the_order_of_their_time(database: Database) -> None:
    later = database.threads.create(ttl={"ttl": 10})
    sooner = database.threads.create()
    database.threads.update(sooner["thread_id"], metadata={}, ttl={"ttl": 5, "strategy": "keep_latest"})
    database.threads.create()
    expiring = database.threads.expiring()
    assert [row["thread_id"] for row in expiring] == [sooner["thread_id"], later["thread_id"]]
    assert [row["ttl"]["strategy"] for row in expiring] == ["keep_latest", "delete"]
    assert later["ttl"]["ttl_minutes"] == 10


@pytest.mark.parametrize("ttl", [{"ttl": 0}, {"ttl": -1}, {"ttl": 1e300}, {"ttl": "5"}, {"strategy": "delete"}])
def test_a_ttl_that_means_nothing_is_refused(database: Database, ttl: dict[str, object]) -> None:
    with pytest.raises(Invalid, match="minutes"):
        database.threads.create(ttl=ttl)


def test_a_search_by_values_reads_no_more_files_than_its_page_needs(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [database.threads.create()["thread_id"] for _ in range(6)]
    for id in ids:
        write(database, id, "1", {"foo": "same"})
    read: list[str] = []
    values = database.threads.values
    monkeypatch.setattr(database.threads, "values", lambda id: [read.append(id), values(id)][1])
    rows, following = database.threads.search(values={"foo": "same"}, limit=2)
    assert ([row["thread_id"] for row in rows], following) == (ids[:3:-1], 2)
    assert len(read) == 3


def test_whether_a_thread_or_a_subgraph_has_a_checkpoint(database: Database) -> None:
    thread_id = database.threads.create()["thread_id"]
    has = database.threads.has_checkpoint
    assert not has(thread_id, "", "x")
    write(database, thread_id, "1", {"foo": "one"})
    (found,) = database.checkpoints.list({"configurable": {"thread_id": thread_id}})
    id = found.checkpoint["id"]
    assert (has(thread_id, "", id), has(thread_id, "sub:1", id), has(thread_id, "", "x")) == (True, False, False)


def test_values_are_shown_in_the_shape_of_the_graphs_state(database: Database) -> None:
    thread_id = database.threads.create()["thread_id"]
    write(database, thread_id, "1", {"foo": "one", "private": 1})
    assert database.threads.values(thread_id) == {"foo": "one", "private": 1}
    shape = {"pending": False, "keys": ["messages", "foo", "gone"], "empty": {"messages": []}}
    database.threads.patch(thread_id, shape=shape)
    assert database.threads.values(thread_id) == {"messages": [], "foo": "one"}
    database.threads.patch(thread_id, status="busy")  # with a graph whose keys aren't known yet
    assert database.threads.values(thread_id) == {"messages": [], "foo": "one", "private": 1}
    copied = database.threads.copy(thread_id)
    assert copied["status"] == "idle"
    assert database.threads.values(copied["thread_id"]) == {"messages": [], "foo": "one"}
