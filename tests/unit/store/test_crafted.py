"""A store that someone sent: nothing in it runs, and what was never written is refused with a sentence."""

import base64
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import ormsgpack
import pytest
from langgraph.checkpoint.base import empty_checkpoint

from playground.store.database import Database
from playground.store.errors import StoreDamaged

CONFIG: Any = {"configurable": {"thread_id": "t", "checkpoint_ns": ""}}


def craft(directory: Path, value: Any) -> None:
    """A thread whose only channel has this stored value, written past all checks."""
    database = Database.open(directory)
    checkpoint: Any = {**empty_checkpoint(), "channel_values": {"c": "x"}, "channel_versions": {"c": "1"}}
    database.checkpoints.put(CONFIG, checkpoint, {}, {"c": "1"})
    database.checkpoints.put_writes(
        {"configurable": {**CONFIG["configurable"], "checkpoint_id": checkpoint["id"]}}, [("c", "x")], "task"
    )
    database.close()
    path = directory / "threads" / "t.json"
    tables = json.loads(path.read_bytes())
    for table in ("blobs", "writes"):
        tables[table]["1"]["value"] = value
    tables["checkpoints"]["1"]["metadata"]["crafted"] = value
    path.write_text(json.dumps(tables))
    path.with_name("t.json.journal").unlink()


def ext(code: int, content: Any) -> dict[str, Any]:
    data = ormsgpack.packb(ormsgpack.Ext(code, ormsgpack.packb(content)))
    return {"$": "msgpack", "v": base64.b64encode(data).decode(), "kind": "msgpack"}


def readers(database: Database) -> list[Callable[[], object]]:
    """Every way to a thread's values."""
    return [
        lambda: database.threads.values("t"),
        lambda: database.checkpoints.get_tuple(CONFIG),
        lambda: [*database.checkpoints.list(CONFIG)],
        lambda: [*database.checkpoints.list(None, filter={"crafted": 1})],
        lambda: database.checkpoints.copy_thread("t", "copy"),
        lambda: database.checkpoints.prune(["t"]),
        database.check,
    ]


def refusal(read: Callable[[], object]) -> str | None:
    """The sentence, if it is refused; whatever else is raised fails the test."""
    try:
        read()
    except StoreDamaged as error:
        return str(error)
    return None


RUNNING: list[Callable[[str], Any]] = [
    lambda trace: ext(0, ("os", "system", f"touch {trace}")),
    lambda trace: ext(1, ("os", "system", (f"touch {trace}",))),
    lambda trace: ext(1, ("subprocess", "call", (["touch", trace],))),
    lambda trace: ext(0, ("builtins", "eval", f"open({trace!r}, 'w')")),
    lambda trace: ext(2, ("builtins", "open", {"file": trace, "mode": "w"})),
    lambda trace: ext(3, ("pathlib", "Path", trace, "touch")),
    lambda trace: {"lc": 2, "type": "constructor", "id": ["pathlib", "Path"], "method": "touch", "args": [trace]},
    lambda trace: {"lc": 1, "type": "constructor", "id": ["os", "system"], "kwargs": {"command": f"touch {trace}"}},
    lambda trace: {"$": "Document", "v": {"page_content": "x", "metadata": ext(0, ("os", "system", f"touch {trace}"))}},
    lambda trace: {"$": "map", "v": [[ext(1, ("os", "system", (f"touch {trace}",))), 1]]},
    lambda trace: {"$": "pickle", "v": base64.b64encode(b"cos\nsystem\n(Vtouch x\ntR.").decode()},
    lambda trace: {"$": "msgpack", "v": base64.b64encode(b"cos\nsystem\n(Vx\ntR.").decode(), "kind": "pickle"},
]


@pytest.mark.parametrize("crafted", RUNNING)
def test_nothing_in_a_thread_runs(
    directory: Path, tmp_path: Path, crafted: Callable[[str], Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)  # langgraph says what it refuses
    trace = tmp_path / "trace"
    craft(directory, crafted(str(trace)))
    database = Database.open(directory)
    for read in readers(database):
        refusal(read)
    database.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["store"]


@pytest.mark.parametrize(
    "value",
    [
        {"$": "os.system", "v": "true"},
        {"$": ["unhashable"], "v": 1},
        {"$": "AIMessage"},
        {"$": "AIMessage", "v": {"type": "human", "content": 1}},
        {"$": "items", "v": [99]},
        {"$": "items", "v": "1"},
        {"$": "DeltaSnapshot", "v": {"$": "items", "v": [None]}},
        {"$": "uuid", "v": "x"},
        {"$": "msgpack", "v": "!", "kind": "msgpack"},
    ],
)
def test_what_was_never_written_is_refused_where_it_is_read(directory: Path, value: Any) -> None:
    craft(directory, value)
    database = Database.open(directory)
    with pytest.raises(StoreDamaged):
        database.checkpoints.get_tuple(CONFIG)
    for read in readers(database):
        refusal(read)
    database.checkpoints.put({"configurable": {"thread_id": "u", "checkpoint_ns": ""}}, empty_checkpoint(), {}, {})
    database.close()


def nested(levels: int, kind: str) -> bytes:
    """A crafted value, deeper than anything that the store would write."""
    opening, closing = {"list": (b"[", b"]"), "object": (b'{"a":', b"}"), "tag": (b'{"$":"tuple","v":[', b"]}")}[kind]
    return opening * levels + b"1" + closing * levels


@pytest.mark.parametrize("kind", ["list", "object", "tag"])
@pytest.mark.parametrize("levels", [300, 1000, 100_000])
def test_nesting_beyond_all_measure_is_refused(directory: Path, kind: str, levels: int) -> None:
    craft(directory, "CRAFTED")
    path = directory / "threads" / "t.json"
    path.write_bytes(path.read_bytes().replace(b'"CRAFTED"', nested(levels, kind)))
    database = Database.open(directory)
    assert len(database.check()) == 1
    for read in readers(database)[:3]:
        with pytest.raises(StoreDamaged, match=r"t\.json"):
            read()
    item = database.items.put(("n",), "k", {"value": "CRAFTED"})
    database.close()
    main = directory / "store.json"
    main.write_bytes(main.read_bytes().replace(b'"CRAFTED"', nested(levels, kind)))
    (directory / "store.json.journal").unlink()
    assert item["value"] == {"value": "CRAFTED"}
    with pytest.raises(StoreDamaged, match=r"store\.json is n"):
        Database.open(directory)


@pytest.mark.parametrize("kind", ["list", "object", "tag"])
def test_nesting_that_the_file_may_have_is_read_without_harm(directory: Path, kind: str) -> None:
    craft(directory, orjson.loads(nested(80, kind)))
    database = Database.open(directory)
    for read in readers(database):
        read()
    database.close()


def test_rows_that_point_in_a_circle_end(directory: Path) -> None:
    """A checkpoint that is its own parent: pruning and reading come to an end."""
    craft(directory, "x")
    path = directory / "threads" / "t.json"
    tables = json.loads(path.read_bytes())
    row = tables["checkpoints"]["1"]
    row["parent"] = row["id"]
    row["checkpoint"]["channel_versions"]["missing"] = "1"
    path.write_text(json.dumps(tables))
    path.with_name("t.json.journal").unlink(missing_ok=True)
    database = Database.open(directory)
    for read in readers(database):
        read()
    database.close()
