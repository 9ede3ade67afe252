"""The rules of threads and their runs."""

from typing import Any
from uuid import uuid4

import pytest

from playground.store import threads as module
from playground.store.database import Database
from playground.store.errors import Conflict, Invalid, NotFound
from playground.store.runs import Runs
from playground.store.threads import Threads


@pytest.fixture
def threads(database: Database) -> Threads:
    return database.threads


@pytest.fixture
def runs(database: Database) -> Runs:
    return database.runs


def run(thread_id: str, run_id: str = "", **fields: Any) -> dict[str, Any]:
    return {"run_id": run_id or str(uuid4()), "thread_id": thread_id, "assistant_id": "a", **fields}


def test_a_new_thread_has_the_shape_of_the_api(threads: Threads) -> None:
    created = threads.create(metadata={"m": 1, "thread_id": "spoof", "assistant_id": "spoof"})
    assert created == {
        "thread_id": created["thread_id"],
        "created_at": created["created_at"],
        "updated_at": created["created_at"],
        "state_updated_at": created["created_at"],
        "metadata": {"m": 1},
        "status": "idle",
        "config": {},
        "error": None,
        "interrupts": {},
    }
    assert threads.get(created["thread_id"]) == created
    assert threads.values(created["thread_id"]) is None


def test_thread_ids_sort_by_time(threads: Threads) -> None:
    ids = [threads.create()["thread_id"] for _ in range(3)]
    assert {id[14] for id in ids} == {"7"}
    assert [id[:8] for id in ids] == sorted(id[:8] for id in ids)


def test_an_id_that_is_taken_is_refused_or_kept(threads: Threads) -> None:
    first = threads.create(thread_id=str(uuid4()))
    id = first["thread_id"]
    with pytest.raises(Conflict, match=f"Thread with ID {id} already exists"):
        threads.create(thread_id=id)
    assert threads.create(thread_id=id, metadata={"x": 1}, if_exists="do_nothing") == first
    with pytest.raises(Invalid, match="must be a UUID"):
        threads.create(thread_id="../../etc")


def test_metadata_is_merged_and_reserved_keys_stripped(threads: Threads) -> None:
    id = threads.create(metadata={"a": 1, "nest": {"x": 1}})["thread_id"]
    updated = threads.update(id, metadata={"nest": {"z": 1}, "assistant_id": "spoof"})
    assert updated["metadata"] == {"a": 1, "nest": {"z": 1}}
    assert updated["updated_at"] > updated["created_at"]
    patched = threads.patch(id, metadata={"assistant_id": "real"}, status="busy")
    assert patched["metadata"]["assistant_id"] == "real"
    assert threads.get(id) == patched


def test_a_patch_that_makes_no_sense_is_refused(threads: Threads) -> None:
    id = threads.create()["thread_id"]
    for fields in ({"status": "tired"}, {"nope": 1}, {"config": {"x": float("nan")}}):
        with pytest.raises(Invalid):
            threads.patch(id, **fields)
    assert threads.get(id)["status"] == "idle"


def test_a_missing_thread_is_not_found(threads: Threads) -> None:
    calls: list[Any] = [
        lambda: threads.get("x"),
        lambda: threads.update("x", metadata={}),
        lambda: threads.patch("x", status="idle"),
        lambda: threads.delete("x"),
    ]
    for call in calls:
        with pytest.raises(NotFound, match="Thread with ID x not found"):
            call()


def test_threads_are_found_the_last_changed_first(threads: Threads, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter(range(100))
    monkeypatch.setattr(module, "now", lambda: f"2026-01-01T00:00:{next(seconds):02}.000000+00:00")
    one, two, three = (threads.create(metadata={"n": n, "odd": n % 2 == 1})["thread_id"] for n in range(3))
    threads.patch(one, status="busy")

    def found(**query: Any) -> list[str]:
        return [row["thread_id"] for row in threads.search(**query)[0]]

    assert found() == [one, three, two]
    assert found(sort_by="created_at") == [three, two, one]
    assert found(sort_by="created_at", sort_order="asc", limit=1, offset=1) == [two]
    assert found(metadata={"odd": False}) == [one, three]
    assert found(status="busy") == [one]
    assert found(ids=[two, "x"]) == [two]
    assert threads.search(limit=2)[1] == 2
    assert threads.search(select=["thread_id", "values"], limit=1)[0] == [{"thread_id": one}]
    assert threads.count(metadata={"odd": False}) == 2
    with pytest.raises(Invalid):
        threads.search(sort_by="metadata")


def test_deleting_a_thread_takes_its_runs_along(threads: Threads, runs: Runs) -> None:
    one, two = threads.create()["thread_id"], threads.create()["thread_id"]
    runs.create(run(one))
    kept = runs.create(run(two))
    threads.delete(one)
    assert [row["thread_id"] for row in threads.search()[0]] == [two]
    assert runs.list(one) == []
    assert runs.list(two) == [kept]


def test_a_new_run_is_pending(runs: Runs) -> None:
    created = runs.create(run("t", "r", metadata={"assistant_version": 3}))
    assert created == {
        "run_id": "r",
        "thread_id": "t",
        "assistant_id": "a",
        "metadata": {"assistant_version": 3},
        "status": "pending",
        "kwargs": {},
        "multitask_strategy": "enqueue",
        "created_at": created["created_at"],
        "updated_at": created["created_at"],
        "error": None,
    }
    assert runs.get("t", "r") == created
    with pytest.raises(Conflict, match="Run r already exists"):
        runs.create(run("t", "r"))
    with pytest.raises(Invalid, match="A run needs its assistant_id"):
        runs.create({"run_id": "x", "thread_id": "t"})


def test_runs_are_listed_newest_first(runs: Runs) -> None:
    for number in range(4):
        runs.create(run("t", f"r{number}", status="success" if number % 2 else "error"))
    runs.create(run("other"))
    assert [row["run_id"] for row in runs.list("t")] == ["r3", "r2", "r1", "r0"]
    assert [row["run_id"] for row in runs.list("t", limit=2, offset=1)] == ["r2", "r1"]
    assert [row["run_id"] for row in runs.list("t", status="success")] == ["r3", "r1"]
    assert runs.list("t", status="nonsense") == []
    assert runs.list("t", limit=1, select=["run_id"]) == [{"run_id": "r3"}]


def test_runs_are_patched_and_deleted(runs: Runs) -> None:
    runs.create(run("t", "r", metadata={"a": 1}))
    patched = runs.patch("r", status="error", metadata={"b": 1}, error={"error": "E", "message": "m"})
    assert (patched["status"], patched["metadata"]) == ("error", {"a": 1, "b": 1})
    assert runs.get("t", "r") == patched
    with pytest.raises(Invalid, match="A run's status is one of"):
        runs.patch("r", status="done")
    runs.delete("r")
    missing: list[Any] = [
        lambda: runs.get("t", "r"),
        lambda: runs.get("other", "r"),
        lambda: runs.patch("r"),
        lambda: runs.delete("r"),
    ]
    for call in missing:
        with pytest.raises(NotFound, match="Run not found"):
            call()


def test_unfinished_runs_and_counts(runs: Runs) -> None:
    for id, status in (("p", "pending"), ("s", "success"), ("r", "running")):
        runs.create(run("t", id, status=status))
    runs.create({**run("t", "b", status="success"), "assistant_id": "b"})
    assert [row["run_id"] for row in runs.unfinished()] == ["p", "r"]
    assert runs.counts() == {"a": 3, "b": 1}


def test_results_are_the_callers_own(threads: Threads, runs: Runs) -> None:
    id = threads.create(metadata={"list": [1]})["thread_id"]
    for thread in (threads.get(id), threads.search()[0][0], threads.patch(id, status="busy")):
        thread["metadata"]["list"].append(2)
    runs.create(run(id, "r", kwargs={"list": [1]}))
    for row in (runs.get(id, "r"), runs.list(id)[0], runs.unfinished()[0], runs.patch("r")):
        row["kwargs"]["list"].append(2)
    assert threads.get(id)["metadata"] == {"list": [1]}
    assert runs.get(id, "r")["kwargs"] == {"list": [1]}
