"""The store as a whole: its owner, its files, what it refuses to open."""

import asyncio
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import orjson
import pytest
from langgraph.checkpoint.base import empty_checkpoint
from tinydb import TinyDB

from playground.store import journal
from playground.store.database import Database
from playground.store.errors import Conflict, StoreDamaged, StoreFailed, StoreLocked, StoreTooNew
from playground.store.journal import JournalStorage


def contents(directory: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in directory.iterdir() if file.suffix != ".lock"}


def test_everything_is_there_after_a_clean_close(directory: Path) -> None:
    database = Database.open(directory)
    assistant = database.assistants.create(graph_id="g", context={"p": "ü\n"})
    thread = database.threads.create()
    run = database.runs.create({"run_id": "r", "thread_id": thread["thread_id"], "assistant_id": "a"})
    item = database.items.put(("a",), "k", {})
    database.close()

    database = Database.open(directory)
    assert database.assistants.get(assistant["assistant_id"]) == assistant
    assert database.threads.get(thread["thread_id"]) == thread
    assert database.runs.get(thread["thread_id"], "r") == run
    assert database.items.get(("a",), "k") == item
    assert database.check() == []
    assert database.notices == ()
    database.close()


def test_stock_tinydb_opens_the_file_after_a_clean_close(directory: Path) -> None:
    database = Database.open(directory)
    database.assistants.create(graph_id="g", name="Blog")
    database.close()
    with TinyDB(directory / "store.json") as stock:
        assert stock.tables() == {"_meta", "assistants", "versions"}
        assert stock.table("versions").all()[0]["name"] == "Blog"


def test_opening_and_closing_writes_nothing_new(directory: Path) -> None:
    Database.open(directory).close()
    before = contents(directory)
    Database.open(directory).close()
    assert contents(directory) == before


def test_what_a_crash_left_half_written_is_removed(directory: Path) -> None:
    (directory / "threads").mkdir(parents=True)
    for name in ("store.json.0badcafe.tmp", "threads/t.json.journal.0badcafe.tmp"):
        (directory / name).write_bytes(b"half")
    Database.open(directory).close()
    assert sorted(file.name for file in directory.glob("**/*") if file.is_file()) == [
        "store.json.journal",
        "store.json.lock",
    ]


def test_directory_and_files_are_their_owners_alone(directory: Path) -> None:
    database = Database.open(directory / "deep")
    database.items.put(("a",), "k", {})
    database.close()
    assert oct((directory / "deep").stat().st_mode & 0o777) == "0o700"
    assert {oct(file.stat().st_mode & 0o777) for file in (directory / "deep").iterdir()} == {"0o600"}


def test_a_second_opener_is_told_who_owns_the_store(database: Database, directory: Path) -> None:
    with pytest.raises(StoreLocked, match=f"in use by process {os.getpid()}") as error:
        Database.open(directory)
    assert error.value.pid == os.getpid()
    assert (directory / "store.json.lock").read_text() == str(os.getpid())
    database.items.put(("a",), "k", {})


def test_another_process_is_locked_out_too(database: Database, directory: Path) -> None:
    code = f"""
from pathlib import Path
from playground.store.database import Database
Database.open(Path({str(directory)!r}))
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert f"StoreLocked: The store {directory} is in use by process {os.getpid()}." in result.stderr


def test_the_store_is_free_again_after_a_close(directory: Path) -> None:
    for _ in range(2):
        Database.open(directory).close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_process_that_the_owner_forked_does_not_keep_the_store(directory: Path) -> None:
    code = f"""
import os, sys
from pathlib import Path
from playground.store.database import Database
database = Database.open(Path({str(directory)!r}))
ready, forked = os.pipe()
if os.fork():
    os.read(ready, 1)
    os._exit(0)  # as a kill: nothing is closed
os.write(forked, b"x")
sys.stdin.read()
"""
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) as owner:
        os.waitid(os.P_PID, owner.pid, os.WEXITED | os.WNOWAIT)
        Database.open(directory).close()


def test_a_reader_needs_no_lock_and_writes_nothing(database: Database, directory: Path) -> None:
    assistant = database.assistants.create(graph_id="g")
    before = contents(directory)
    reader = Database.open(directory, read_only=True)
    assert reader.assistants.get(assistant["assistant_id"]) == assistant
    with pytest.raises(Conflict, match="opened to be read only"):
        reader.items.put(("a",), "k", {})
    reader.close()
    assert contents(directory) == before


@pytest.mark.parametrize(
    ("table", "change", "place"),
    [
        ("versions", {"context": []}, "versions.1.context"),
        ("versions", {"version": "1"}, "versions.1.version"),
        ("assistants", {"created_at": "yesterday"}, "assistants.1.created_at"),
        ("threads", {"status": "tired"}, "threads.1.status"),
        ("runs", {"kwargs": None}, "runs.1.kwargs"),
        ("items", {"value": "x"}, "items.1.value"),
        ("items", {"namespace": "a"}, "items.1.namespace"),
    ],
)
def test_rows_of_the_wrong_shape_are_refused(directory: Path, table: str, change: dict[str, Any], place: str) -> None:
    database = Database.open(directory)
    database.assistants.create(graph_id="g")
    database.threads.create()
    database.runs.create({"run_id": "r", "thread_id": "t", "assistant_id": "a"})
    database.items.put(("a",), "k", {})
    database.close()
    tables = orjson.loads((directory / "store.json").read_bytes())
    tables[table]["1"] |= change
    (directory / "store.json").write_bytes(orjson.dumps(tables))
    (directory / "store.json.journal").unlink()
    before = contents(directory)

    with pytest.raises(StoreDamaged, match=f"is not what was written: {place}"):
        Database.open(directory)

    assert contents(directory) == before


def test_a_newer_store_is_refused_untouched(directory: Path) -> None:
    Database.open(directory).close()
    (directory / "store.json").write_bytes(b'{"_meta":{"1":{"schema":99,"generation":1}},"new":{"1":{}}}')
    (directory / "store.json.journal").unlink()
    before = contents(directory)
    for read_only in (False, True):
        with pytest.raises(StoreTooNew, match="update it to open this store"):
            Database.open(directory, read_only=read_only)
    assert contents(directory) == before


def test_a_store_that_was_refused_is_not_locked(directory: Path) -> None:
    directory.mkdir()
    (directory / "store.json").write_bytes(b"{")
    for _ in range(2):
        with pytest.raises(StoreDamaged):
            Database.open(directory)


def test_a_torn_tail_is_a_notice(directory: Path) -> None:
    Database.open(directory).close()
    with (directory / "store.json.journal").open("ab") as journal:
        journal.write(b"half a li")
    database = Database.open(directory)
    assert [notice.split(";")[0] for notice in database.notices] == [
        "The last write to store.json was cut off before it counted"
    ]
    database.close()


async def test_what_is_deleted_gives_its_space_back(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "COMPACT_ABOVE", 10_000)
    database = Database.open(directory)
    made = [database.assistants.create(graph_id="g", context={"prompt": "x" * 1000}) for _ in range(50)]
    database.close()
    database = Database.open(directory)
    before = (directory / "store.json").stat().st_size
    for assistant in made[:45]:
        database.assistants.delete(assistant["assistant_id"])
    await database.call(lambda: None)  # behind whatever the store's thread had to do
    assert sum(map(len, contents(directory).values())) < before / 4
    assert database.assistants.count() == 5
    database.close()


async def test_a_write_is_answered_before_the_store_is_compacted(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "COMPACT_ABOVE", 1000)
    compact, compacted, answered = JournalStorage.compact, threading.Event(), threading.Event()

    def after_the_answer(storage: JournalStorage) -> None:
        assert answered.wait(10)
        compact(storage)
        compacted.set()

    monkeypatch.setattr(JournalStorage, "compact", after_the_answer)
    await database.call(database.items.put, ("a",), "k", {"text": "x" * 2000})
    assert not compacted.is_set()
    answered.set()
    assert await asyncio.to_thread(compacted.wait, 10)
    assert (database.directory / "store.json").stat().st_size > 2000


def test_a_thread_whose_file_fails_is_refused_alone(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database.open(directory)

    def put(thread_id: str) -> Any:
        config: Any = {"configurable": {"thread_id": thread_id, "checkpoint_ns": ""}}
        return database.checkpoints.put(config, empty_checkpoint(), {}, {})

    def broken(_: int) -> None:
        raise OSError(5, "Input/output error")

    kept = put("t")
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", broken)
        with pytest.raises(StoreFailed, match=r"t\.json could not be written: Input/output error"):
            put("t")
    with pytest.raises(StoreFailed, match="Nothing more is written until the store is opened again"):
        put("t")
    put("other")
    database.assistants.create(graph_id="g")
    database.close()
    database = Database.open(directory)
    assert database.checkpoints.get_tuple(kept) is not None
    put("t")
    assert database.check() == []
    database.close()


async def test_calls_run_on_one_thread(database: Database) -> None:
    names = {await database.call(lambda: threading.current_thread().name) for _ in range(3)}
    assert names == {"store_0"}
    created = await database.call(database.assistants.create, graph_id="g", name="from a coroutine")
    assert created["name"] == "from a coroutine"


def test_opening_reading_and_listing_need_no_langgraph(directory: Path) -> None:
    code = f"""
import sys
from pathlib import Path
from playground.store.database import Database
database = Database.open(Path({str(directory)!r}))
thread = database.threads.create()
print(database.threads.values(thread["thread_id"]), database.check())
database.close()
assert not [name for name in sys.modules if name.startswith(("langgraph", "langchain"))]
"""
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "None []\n"
    )
