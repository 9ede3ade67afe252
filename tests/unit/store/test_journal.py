"""The storage: transactions, recovery after every kind of crash, and damage it refuses."""

import json
import os
import zlib
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest
from tinydb import TinyDB

from playground.store import journal as module
from playground.store.content import Tables, journal_path, read_content
from playground.store.errors import Conflict, Invalid, StoreDamaged, StoreFailed, StoreTooNew
from playground.store.journal import JournalStorage, Rules
from playground.store.plain import copy

KEYED = Rules(keys={"t": lambda row: (row["k"],)})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.json"


def row(number: int) -> dict[str, Any]:
    return {"k": f"key {number}", "text": "ü" * number}


def fill(path: Path, count: int, *, compact_at: int | None = None) -> Tables:
    """A store of so many commits, left as a killed process leaves it."""
    storage = JournalStorage(path, KEYED)
    for number in range(1, count + 1):
        storage.commit({"t": {str(number): row(number)}})
        if number == compact_at:
            storage.compact()
    tables = storage.read()
    storage.close(compact=False)
    return tables


def snapshot(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in path.parent.iterdir()}


def refused(path: Path, error: type[Exception], match: str, rules: Rules = KEYED) -> None:
    """Opening raises, and changes nothing."""
    before = snapshot(path)
    with pytest.raises(error, match=match):
        JournalStorage(path, rules)
    assert snapshot(path) == before


def fail_after(storage: JournalStorage, *deltas: Any) -> None:
    """A transaction that raises once all of it is done."""
    with suppress(ZeroDivisionError), storage.transaction():
        for delta in deltas:
            storage.commit(delta)
        raise ZeroDivisionError


# Writing


def test_a_commit_is_on_disk_when_it_returns(path: Path) -> None:
    tables = fill(path, 3)
    assert read_content(path).tables == tables


def test_a_transaction_over_two_tables_is_one_line(path: Path) -> None:
    storage = JournalStorage(path)
    with storage.transaction():
        storage.commit({"a": {"1": {"x": 1}}})
        storage.commit({"b": {"1": {"y": 1}}})
    assert journal_path(path).read_bytes().count(b"\n") == 2  # the header, and this


def test_a_transaction_that_raises_leaves_nothing(path: Path) -> None:
    storage = JournalStorage(path, KEYED)
    storage.commit({"t": {"1": row(1)}})
    before, size = copy(storage.read()), journal_path(path).stat().st_size

    fail_after(storage, {"t": {"1": {"k": "other"}, "2": row(2)}, "u": {"1": {}}}, {"t": {"1": None}})

    assert storage.read() == before
    assert storage.id_of("t", ("key 1",)) == "1"
    assert storage.id_of("t", ("key 2",)) is None
    assert journal_path(path).stat().st_size == size


def test_an_inner_transaction_undoes_only_itself(path: Path) -> None:
    storage = JournalStorage(path)
    with storage.transaction():
        storage.commit({"t": {"1": {"x": 1}}})
        fail_after(storage, {"t": {"1": {"x": 2}, "2": {}}})
        storage.commit({"t": {"3": {}}})
    assert read_content(path).tables == {"t": {"1": {"x": 1}, "3": {}}} == storage.read()


def test_unique_keys_are_held_on_insert_and_on_change(path: Path) -> None:
    storage = JournalStorage(path, KEYED)
    storage.commit({"t": {"1": row(1), "2": row(2)}})
    for change in ({"3": row(1)}, {"2": row(1)}):
        with pytest.raises(Conflict):
            storage.commit({"t": change})
    assert storage.read() == {"t": {"1": row(1), "2": row(2)}}
    storage.commit({"t": {"1": None}})
    storage.commit({"t": {"2": row(1)}})
    assert storage.id_of("t", ("key 1",)) == "2"


def test_a_document_that_json_cannot_hold_is_refused_before_anything_is_written(path: Path) -> None:
    storage = JournalStorage(path)
    with pytest.raises(Invalid):
        storage.commit({"t": {"1": {"fine": 1}, "2": {"x": float("nan")}}})
    assert storage.read() == {}
    assert read_content(path).tables == {}


def test_documents_are_not_shared_with_the_caller(path: Path) -> None:
    storage = JournalStorage(path)
    document = {"list": [1]}
    storage.commit({"t": {"1": document}})
    document["list"].append(2)
    assert storage.read() == {"t": {"1": {"list": [1]}}}


def test_an_append_only_table_cannot_be_dropped(path: Path) -> None:
    storage = JournalStorage(path, Rules(append_only=frozenset({"versions"})))
    storage.commit({"versions": {"1": {}}, "other": {"1": {}}})
    with pytest.raises(Conflict):
        storage.write({})
    with pytest.raises(Conflict):
        storage.write({"other": {}})
    storage.write({"versions": {"1": {}}})
    assert storage.read() == {"versions": {"1": {}}}


# Compaction


def test_a_clean_close_leaves_a_file_that_tinydb_opens(path: Path) -> None:
    fill(path, 3)
    JournalStorage(path).close()
    with TinyDB(path) as stock:
        assert [dict(document) for document in stock.table("t")] == [row(1), row(2), row(3)]


def test_the_journal_is_folded_when_it_outgrows_the_base(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "COMPACT_ABOVE", 1000)
    storage = JournalStorage(path)
    sizes = []
    for number in range(200):
        storage.commit({"t": {str(number): {"text": "x" * 50}}})
        sizes.append(journal_path(path).stat().st_size)
    compactions = sum(later < earlier for earlier, later in pairwise(sizes))
    assert 3 < compactions < 10  # each once the journal is as large as the base: rarer and rarer
    assert read_content(path).tables == storage.read()


def test_a_compaction_that_fails_loses_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "COMPACT_ABOVE", 100)
    storage = JournalStorage(path)

    def full(*_: Any) -> None:
        raise StoreFailed("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(module, "replace_file", full)
        storage.commit({"t": {"1": {"text": "x" * 200}}})
        assert storage.notice == "store.json could not be compacted: The disk is full."
        storage.commit({"t": {"2": {}}})
    assert read_content(path).tables == storage.read()
    storage.close()
    assert json.loads(path.read_bytes())["t"].keys() == {"1", "2"}


@pytest.mark.parametrize("step", ["sync_directory", "write_atomically"])
def test_nothing_is_written_to_a_journal_whose_base_is_gone(
    path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    storage = JournalStorage(path)
    storage.commit({"t": {"1": {}}})

    def full(*_: Any) -> None:
        raise StoreFailed("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(module, step, full)  # the base was replaced by then
        with pytest.raises(StoreFailed):
            storage.compact()
    with pytest.raises(StoreFailed, match=r"The disk is full\. Nothing more is written"):
        storage.commit({"t": {"2": {}}})
    assert JournalStorage(path).read() == {"t": {"1": {}}}


# Crashes


@pytest.mark.parametrize("compact_at", [None, 1])
def test_a_journal_cut_anywhere_loses_only_what_was_cut(path: Path, tmp_path: Path, compact_at: int | None) -> None:
    fill(path, 3, compact_at=compact_at)
    whole, base = journal_path(path).read_bytes(), path.read_bytes() if path.exists() else None
    ends = [index + 1 for index, byte in enumerate(whole) if byte == ord("\n")]
    first = compact_at or 0
    for cut in range(ends[0], len(whole) + 1):
        other = tmp_path / str(cut) / "store.json"
        other.parent.mkdir()
        if base is not None:
            other.write_bytes(base)
        journal_path(other).write_bytes(whole[:cut])
        commits = first + sum(end <= cut for end in ends[1:])

        storage = JournalStorage(other, KEYED)
        assert storage.read().get("t", {}) == {str(n): row(n) for n in range(1, commits + 1)}
        torn = other.with_name("store.json.torn")
        assert (torn.read_bytes() if torn.exists() else b"") == whole[max(end for end in ends if end <= cut) : cut]
        storage.commit({"t": {"9": row(9)}})
        storage.close(compact=False)
        assert read_content(other).tables["t"]["9"] == row(9)


def test_a_journal_without_its_first_line_is_refused(path: Path) -> None:
    fill(path, 2)
    header = journal_path(path).read_bytes().index(b"\n")
    for cut in range(header + 1):
        journal_path(path).write_bytes(journal_path(path).read_bytes()[:cut])
        refused(path, StoreDamaged, "no readable first line")


@pytest.mark.parametrize("tail", [b"\0" * 700, b"\n", b"\n\n garbage \n", Random(1).randbytes(500), b'0badcafe {"t":'])
def test_a_garbage_tail_is_set_aside(path: Path, tail: bytes) -> None:
    tables = fill(path, 3)
    with journal_path(path).open("ab") as file:
        file.write(tail)

    storage = JournalStorage(path, KEYED)

    assert storage.read() == tables
    assert path.with_name("store.json.torn").read_bytes() == tail
    assert storage.notice is not None
    assert "was cut off before it counted" in storage.notice


def test_every_bit_flip_before_the_last_line_is_refused(path: Path) -> None:
    fill(path, 4)
    whole = journal_path(path).read_bytes()
    last = whole[:-1].rindex(b"\n") + 1
    for position in range(0, last - 1):
        flipped = bytearray(whole)
        flipped[position] ^= 1 << position % 8
        journal_path(path).write_bytes(flipped)
        with pytest.raises(StoreDamaged):
            JournalStorage(path, KEYED)
        assert journal_path(path).read_bytes() == flipped


def test_every_bit_flip_in_the_base_is_refused(path: Path) -> None:
    fill(path, 4, compact_at=4)
    whole = path.read_bytes()
    for position in range(len(whole)):
        flipped = bytearray(whole)
        flipped[position] ^= 1 << position % 8
        path.write_bytes(flipped)
        with pytest.raises((StoreDamaged, StoreTooNew)):
            JournalStorage(path, KEYED)


def test_a_journal_folded_in_already_is_dropped(path: Path) -> None:
    fill(path, 3)
    stale = journal_path(path).read_bytes()
    JournalStorage(path, KEYED).close()
    journal_path(path).write_bytes(stale)
    storage = JournalStorage(path, KEYED)
    storage.commit({"t": {"1": None}})
    storage.close(compact=False)
    assert read_content(path).tables["t"].keys() == {"2", "3"}


def test_an_older_base_under_a_newer_journal_is_refused(path: Path) -> None:
    fill(path, 2, compact_at=2)
    older = path.read_bytes()
    storage = JournalStorage(path, KEYED)
    storage.commit({"t": {"3": row(3)}})
    storage.close()
    path.write_bytes(older)
    refused(path, StoreDamaged, "older than its journal")
    path.unlink()
    refused(path, StoreDamaged, "older than its journal")


def test_a_copy_put_back_without_its_journal_is_taken(path: Path) -> None:
    fill(path, 2, compact_at=2)
    kept = path.read_bytes()
    JournalStorage(path, KEYED).commit({"t": {"3": row(3)}})
    path.write_bytes(kept)
    journal_path(path).unlink()
    assert JournalStorage(path, KEYED).read()["t"].keys() == {"1", "2"}


def test_a_base_changed_from_outside_is_refused_until_the_journal_is_deleted(path: Path) -> None:
    fill(path, 1, compact_at=1)
    with TinyDB(path) as stock:
        stock.table("t").update({"text": "edited"})
    refused(path, StoreDamaged, "was changed from outside: .* delete store.json.journal")
    journal_path(path).unlink()
    assert JournalStorage(path, KEYED).read()["t"]["1"]["text"] == "edited"


# Damage


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"t": []}',
        b'{"t": {"x": {}}}',
        b'{"t": {"1": 1}}',
        b'{"_meta": {"1": {"schema": "1"}}}',
        b"\xff",
    ],
)
def test_a_base_that_is_not_one_is_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    refused(path, StoreDamaged, "put a copy of it back")


@pytest.mark.parametrize("rows", [{"1": {"x": 1}}, {"1": {"k": []}}, {"1": {"k": 1}, "2": {"k": 1}}])
def test_rows_without_their_unique_key_are_refused(path: Path, rows: dict[str, Any]) -> None:
    path.write_bytes(orjson.dumps({"t": rows}))
    refused(path, StoreDamaged, "key")


def test_a_newer_journal_format_is_refused(path: Path) -> None:
    payload = b'{"journal":2,"generation":0,"base":0}'
    journal_path(path).write_bytes(b"%08x %s\n" % (zlib.crc32(payload), payload))
    refused(path, StoreTooNew, "newer version")


def test_a_newer_schema_is_refused(path: Path) -> None:
    JournalStorage(path, Rules(schema=3)).compact()
    refused(path, StoreTooNew, r"schema 3, this one knows 1")


# Migrations


def rename(tables: Tables) -> None:
    for document in tables.get("t", {}).values():
        document["new"] = document.pop("old")


def test_an_older_schema_is_migrated_in_order_after_a_backup(path: Path) -> None:
    old = JournalStorage(path)
    old.commit({"t": {"1": {"old": 1}}})
    old.compact()
    old.commit({"t": {"2": {"old": 2}}})
    old.close(compact=False)

    def double(tables: Tables) -> None:
        for document in tables["t"].values():
            document["new"] *= 2

    storage = JournalStorage(path, Rules(schema=3, migrations={1: rename, 2: double}))

    assert storage.read() == {"t": {"1": {"new": 2}, "2": {"new": 4}}}
    assert json.loads(path.read_bytes())["_meta"]["1"]["schema"] == 3
    backup = path.with_name("store.json.v1.bak")
    assert json.loads(backup.read_bytes())["t"] == {"1": {"old": 1}, "2": {"old": 2}}
    storage.close()
    assert JournalStorage(path, Rules(schema=3)).read() == {"t": {"1": {"new": 2}, "2": {"new": 4}}}


def test_a_migration_that_fails_leaves_the_store_as_it_was(path: Path) -> None:
    old = JournalStorage(path)
    old.commit({"t": {"1": {"other": 1}}})
    old.close()
    refused(path, StoreDamaged, "could not be brought from schema 1 to 2", Rules(schema=2, migrations={1: rename}))


def test_a_backup_opens_as_a_store(path: Path, tmp_path: Path) -> None:
    fill(path, 2, compact_at=1)
    JournalStorage(path, Rules(schema=2, migrations={1: lambda _: None})).close()
    restored = tmp_path / "restored.json"
    path.with_name("store.json.v1.bak").rename(restored)
    assert JournalStorage(restored, KEYED).read() == {"t": {"1": row(1), "2": row(2)}}


# Failing disks


def test_a_failed_fsync_refuses_all_later_writes_until_reopened(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    storage = JournalStorage(path)
    storage.commit({"t": {"1": {}}})

    def broken(_: int) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", broken)
        with pytest.raises(StoreFailed, match="could not be written: Input/output error"):
            storage.commit({"t": {"2": {}}})
    assert storage.read() == {"t": {"1": {}}}
    with pytest.raises(StoreFailed, match="Nothing more is written until the store is opened again"):
        storage.commit({"t": {"3": {}}})
    storage.close()
    reopened = JournalStorage(path)
    assert reopened.read()["t"].keys() in ({"1"}, {"1", "2"})  # unknown, but never 3
    reopened.commit({"t": {"4": {}}})


def test_a_write_that_fails_half_way_is_cut_back(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    storage = JournalStorage(path)
    storage.commit({"t": {"1": {}}})

    def half(descriptor: int, data: bytes) -> None:
        os.write(descriptor, bytes(data)[: len(data) // 2])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(module, "write_all", half)
        with pytest.raises(StoreFailed, match="No space left on device"):
            storage.commit({"t": {"2": {}}})
    assert read_content(path).torn == b""
    storage.commit({"t": {"3": {}}})
    assert read_content(path).tables == storage.read() == {"t": {"1": {}, "3": {}}}


# Readers


def test_a_reader_changes_nothing(path: Path) -> None:
    tables = fill(path, 3)
    with journal_path(path).open("ab") as file:
        file.write(b"half a li")
    before = snapshot(path)
    reader = JournalStorage(path, KEYED, read_only=True)
    assert reader.read() == tables
    with pytest.raises(Conflict, match="opened to be read only"):
        reader.commit({"t": {"1": None}})
    reader.close()
    assert snapshot(path) == before


def test_files_are_their_owners_alone(path: Path) -> None:
    fill(path, 2, compact_at=1)
    assert {oct(file.stat().st_mode & 0o777) for file in path.parent.iterdir()} == {"0o600"}
