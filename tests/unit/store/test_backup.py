"""A backup and back: whole, checked before anything is touched, the old store kept."""

import json
import os
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson
import pytest
from langgraph.checkpoint.base import empty_checkpoint

from playground.store import backup as module
from playground.store import thread_files
from playground.store.backup import Contents, back_up, restore
from playground.store.database import Database
from playground.store.errors import Invalid, NotFound, StoreDamaged, StoreError, StoreFailed, StoreLocked, StoreTooNew
from playground.store.journal import JournalStorage

Files = dict[str, bytes]


def write_thread(database: Database, thread_id: str, text: str) -> None:
    config: Any = {"configurable": {"thread_id": thread_id, "checkpoint_ns": ""}}
    checkpoint: Any = {**empty_checkpoint(), "channel_values": {"text": text}, "channel_versions": {"text": text}}
    database.checkpoints.put(config, checkpoint, {}, checkpoint["channel_versions"])


def fill(directory: Path) -> tuple[str, str]:
    """An assistant of two versions and a thread: their ids."""
    database = Database.open(directory)
    assistant_id = database.assistants.create(graph_id="g", name="first")["assistant_id"]
    database.assistants.update(assistant_id, name="second")
    thread_id = database.threads.create()["thread_id"]
    write_thread(database, thread_id, "hello")
    database.close()
    return assistant_id, thread_id


def contents(directory: Path) -> Files:
    return {str(file.relative_to(directory)): file.read_bytes() for file in directory.rglob("*") if file.is_file()}


def unpacked(path: Path) -> Files:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(path: Path, files: Files) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


@pytest.fixture
def archive(directory: Path, tmp_path: Path) -> Path:
    fill(directory)
    back_up(directory, tmp_path / "backup.zip")
    return tmp_path / "backup.zip"


def test_a_store_comes_back_as_it_was_and_the_one_that_was_there_is_kept(directory: Path, tmp_path: Path) -> None:
    assistant_id, thread_id = fill(directory)
    (directory / "server.json").write_text('{"key": "secret"}')
    (directory / "server.log").write_text("secret")
    assert back_up(directory, tmp_path / "b.zip") == Contents(1, 2, 1)
    assert set(unpacked(tmp_path / "b.zip")) == {"backup.json", "store.json", f"threads/{thread_id}.json"}
    database = Database.open(directory)
    database.assistants.delete(assistant_id)
    database.threads.delete(thread_id)
    later = database.assistants.create(graph_id="g")["assistant_id"]
    database.close()
    before = contents(directory)

    found = restore(tmp_path / "b.zip", directory)

    assert found.aside is not None
    assert found.aside.name.startswith("store.before-restore-")
    assert contents(found.aside) == before
    assert {path.name for path in tmp_path.iterdir()} == {"b.zip", "store", found.aside.name}
    assert directory.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in directory.rglob("*.json")} == {0o600}
    database = Database.open(directory)
    assert [row["name"] for row in database.assistants.versions(assistant_id)] == ["second", "first"]
    assert database.threads.values(thread_id) == {"text": "hello"}
    assert database.assistants.search(limit=9)[0][0]["assistant_id"] != later
    assert database.check() == []
    database.close()


@pytest.mark.parametrize("empty", [False, True])
def test_a_backup_goes_where_no_store_is(archive: Path, tmp_path: Path, empty: bool) -> None:
    other = tmp_path / "deep" / "other"
    if empty:
        other.mkdir(parents=True)
    assert restore(archive, other).aside is None
    assert [path.name for path in other.parent.iterdir()] == ["other"]
    Database.open(other).close()


def test_a_store_in_use_is_backed_up_as_it_is(database: Database, directory: Path, tmp_path: Path) -> None:
    thread_id = database.threads.create()["thread_id"]
    write_thread(database, thread_id, "in the journal")
    back_up(directory, tmp_path / "b.zip")
    database.assistants.create(graph_id="later")
    restore(tmp_path / "b.zip", tmp_path / "other")
    other = Database.open(tmp_path / "other", read_only=True)
    assert other.threads.values(thread_id) == {"text": "in the journal"}
    assert other.assistants.count() == 0
    assert oct((tmp_path / "b.zip").stat().st_mode & 0o777) == "0o600"


def test_what_changes_during_a_backup_leaves_no_thread_without_its_checkpoints(
    database: Database, directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, gone = (database.threads.create()["thread_id"] for _ in range(2))
    for thread_id in (kept, gone):
        write_thread(database, thread_id, "hello")
        database.runs.create({"run_id": f"run of {thread_id}", "thread_id": thread_id, "assistant_id": "a"})
    read = module.read_thread
    made: list[str] = []

    def meanwhile(path: Path) -> JournalStorage | None:
        if not made:
            made.append(database.threads.create()["thread_id"])
            write_thread(database, made[0], "new")
            database.threads.delete(gone)
        return read(path)

    monkeypatch.setattr(module, "read_thread", meanwhile)
    assert back_up(directory, tmp_path / "b.zip").threads == 1
    restore(tmp_path / "b.zip", tmp_path / "other")
    other = Database.open(tmp_path / "other")
    assert [row["thread_id"] for row in other.threads.search()[0]] == [kept]
    assert [row["thread_id"] for row in other.runs.unfinished()] == [kept]
    assert other.threads.values(kept) == {"text": "hello"}
    assert other.check() == []
    other.close()


def test_a_backup_replaces_a_file_whole_or_not_at_all(
    directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(directory)
    target = tmp_path / "b.zip"
    target.write_bytes(b"the one before")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(StoreFailed, match=r"b\.zip could not be written: No space left on device"):
            back_up(directory, target)
    assert target.read_bytes() == b"the one before"
    assert {path.name for path in tmp_path.iterdir()} == {"b.zip", "store"}


def test_there_is_nothing_to_back_up_without_a_store(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="There is no store in"):
        back_up(tmp_path / "none", tmp_path / "b.zip")
    assert [*tmp_path.iterdir()] == []


def test_a_damaged_store_is_not_backed_up(directory: Path, tmp_path: Path) -> None:
    _, thread_id = fill(directory)
    (directory / "threads" / f"{thread_id}.json").write_bytes(b"{")
    with pytest.raises(StoreDamaged, match=f"{thread_id}.json"):
        back_up(directory, tmp_path / "b.zip")
    assert not (tmp_path / "b.zip").exists()


def test_versions_that_were_changed_are_restored_only_if_one_insists(archive: Path, tmp_path: Path) -> None:
    files = unpacked(archive)
    tables = orjson.loads(files["store.json"])
    tables["versions"]["1"]["name"] = "never"
    forged = packed(tmp_path / "forged.zip", files | {"store.json": orjson.dumps(tables)})
    with pytest.raises(StoreDamaged, match=r"forged.zip can't be restored: Version 1 of assistant \S+ was changed"):
        restore(forged, tmp_path / "other")
    found = restore(forged, tmp_path / "other", changed=True)
    assert "was changed from outside" in found.problems[0]
    assert "was changed from outside" in back_up(tmp_path / "other", tmp_path / "again.zip").problems[0]


def test_a_store_in_use_is_not_replaced(archive: Path, directory: Path, tmp_path: Path) -> None:
    database = Database.open(directory)
    with pytest.raises(StoreLocked, match=f"in use by process {os.getpid()}"):
        restore(archive, directory)
    database.items.put(("still",), "mine", {})
    database.close()
    assert {path.name for path in tmp_path.iterdir()} == {"backup.zip", "store"}


def test_a_folder_with_other_things_is_not_replaced(archive: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("x")
    (mine / "store.json").write_text("{}")
    with pytest.raises(Invalid, match="has other things than a store in it"):
        restore(archive, mine)
    assert {path.name for path in mine.iterdir()} == {"thesis.txt", "store.json"}


def test_a_rename_that_fails_is_taken_back(archive: Path, directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents(directory)
    rename = Path.rename

    def refused(path: Path, target: Path) -> Path:
        if path.name.endswith(".restored"):
            raise OSError(13, "Permission denied")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refused)
    with pytest.raises(StoreFailed, match="Permission denied"):
        restore(archive, directory)
    assert contents(directory) == before
    Database.open(directory).close()


class Killed(BaseException):
    """What no code of ours catches."""


@pytest.mark.parametrize("at", [{1}, {2}, {3}, {3, 4}, {3, 5}])
def test_a_restore_that_is_killed_is_finished_or_never_was(
    at: set[int], archive: Path, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = Database.open(directory)
    changed.assistants.create(graph_id="g", name="later")
    changed.close()
    rename, renamed = Path.rename, 0

    def killed(path: Path, target: Path) -> Path:
        nonlocal renamed
        renamed += 1
        if renamed in at:
            raise Killed
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", killed)
    for act in (lambda: restore(archive, directory), lambda: Database.open(directory).close()):
        with suppress(Killed):
            act()
    monkeypatch.undo()
    database = Database.open(directory)
    names = {row["name"] for row in database.assistants.search(limit=10)[0]}
    assert names == {"second"} or (names == {"second", "later"} and 3 not in at)
    assert [database.threads.values(row["thread_id"]) for row in database.threads.search(limit=10)[0]]
    assert database.check() == []
    database.close()


# Archives that someone sent


def with_(**changes: bytes | None) -> Callable[[Files], Files]:
    """The files of a backup with some replaced, or (None) left out; `thread` is the name of its thread's file."""

    def change(files: Files) -> Files:
        thread = next(name for name in files if name.startswith("threads/"))
        named = {
            {"about": "backup.json", "store": "store.json", "thread": thread}[key]: changes[key] for key in changes
        }
        return {name: data for name, data in (files | named).items() if data is not None}  # type: ignore[operator]

    return change


def also(name: str, data: bytes = b"{}") -> Callable[[Files], Files]:
    return lambda files: files | {name: data}


def deep(levels: int) -> bytes:
    return b'{"items":{"1":' + b'{"a":' * levels + b"1" + b"}" * levels + b"}}"


NEWER = b'{"_meta":{"1":{"schema":99,"generation":1}}}'
HOSTILE: list[tuple[Callable[[Files], Files], type[StoreError], str]] = [
    (also("../outside.json"), Invalid, "is no file of a store"),
    (also("threads/../../outside.json"), Invalid, "is no file of a store"),
    (also("/outside.json"), Invalid, "is no file of a store"),
    (also("threads/..\\outside.json"), Invalid, "is no file of a store"),
    (also("threads/"), Invalid, "is no file of a store"),
    (also("threads/x.json.journal"), Invalid, "is no file of a store"),
    (also("store.json.journal"), Invalid, "is no file of a store"),
    (also("server.json"), Invalid, "is no file of a store"),
    (also("STORE.json"), Invalid, "is no file of a store"),
    (with_(about=None), Invalid, "is not a backup of the playground"),
    (with_(about=b"[]"), Invalid, "is not a backup of the playground"),
    (with_(about=b"{"), Invalid, "is not a backup of the playground"),
    (with_(about=b" " * 20_000), Invalid, "is not a backup of the playground"),
    (with_(about=b'{"backup":2}'), StoreTooNew, "newer version of the playground"),
    (with_(store=None), Invalid, "is not a backup of the playground"),
    (with_(store=NEWER), StoreTooNew, "update it to open this store"),
    (with_(thread=NEWER), StoreDamaged, "update it to open this store"),
    (with_(store=b"{"), StoreDamaged, "store.json is not JSON"),
    (with_(store=b"[" * 100_000), StoreDamaged, "store.json is not JSON"),
    (with_(store=deep(900)), StoreDamaged, "levels deep"),
    (with_(thread=deep(900)), StoreDamaged, "levels deep"),
    (with_(store=b'{"assistants":{"1":{}}}'), StoreDamaged, "store.json has a row without its key in assistants"),
    (with_(thread=b'{"checkpoints":{"1":{"ns":1}}}'), StoreDamaged, "has a row without its key in checkpoints"),
    (
        with_(thread=b'{"thread":{"1":{"thread_id":"someone else"}}}'),
        StoreDamaged,
        "is the file of thread someone else",
    ),
]


@pytest.mark.parametrize(("change", "error", "match"), HOSTILE)
def test_an_archive_that_is_not_a_backup_touches_nothing(
    archive: Path,
    directory: Path,
    tmp_path: Path,
    change: Callable[[Files], Files],
    error: type[StoreError],
    match: str,
) -> None:
    hostile = packed(tmp_path / "hostile.zip", change(unpacked(archive)))
    before = contents(tmp_path)
    with pytest.raises(error, match=match) as raised:
        restore(hostile, tmp_path / "store")
    assert str(hostile) in str(raised.value)
    assert "restoring" not in str(raised.value)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x05\x06" + b"\0" * 18, b"PK\x03\x04" + b"\xff" * 500])
def test_a_file_that_is_no_zip_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(data)
    with pytest.raises(Invalid, match=r"x\.zip is not a backup of the playground"):
        restore(tmp_path / "x.zip", tmp_path / "store")
    assert not (tmp_path / "store").exists()


def test_every_flipped_byte_of_an_archive_is_refused_or_harmless(archive: Path, tmp_path: Path) -> None:
    whole, expected = archive.read_bytes(), unpacked(archive)
    for position in range(0, len(whole), 7):
        flipped = bytearray(whole)
        flipped[position] ^= 0xFF
        (tmp_path / "flipped.zip").write_bytes(flipped)
        other = tmp_path / f"other{position}"
        try:
            restore(tmp_path / "flipped.zip", other)
        except StoreError:
            assert not other.exists()
        else:  # a date or an attribute of the zip's
            assert contents(other) == {name: data for name, data in expected.items() if name != "backup.json"}


def test_an_archive_cut_anywhere_is_refused(archive: Path, tmp_path: Path) -> None:
    whole = archive.read_bytes()
    for cut in range(0, len(whole), 11):
        (tmp_path / "cut.zip").write_bytes(whole[:cut])
        with pytest.raises(Invalid):
            restore(tmp_path / "cut.zip", tmp_path / "other")
    assert not (tmp_path / "other").exists()


def test_a_bomb_is_refused_before_it_is_unpacked(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = packed(tmp_path / "bomb.zip", unpacked(archive) | {"threads/a.json": b" " * 5_000_000})
    assert bomb.stat().st_size < 50_000
    with monkeypatch.context() as patched:
        patched.setattr(module, "LARGEST", 4_000_000)
        with pytest.raises(Invalid, match=r"threads/a\.json has 5,000,000 bytes"):
            restore(bomb, tmp_path / "other")
    with monkeypatch.context() as patched:
        usage = module.shutil.disk_usage(tmp_path)._replace(free=4_000_000)
        patched.setattr(module.shutil, "disk_usage", lambda _: usage)
        with pytest.raises(Invalid, match="more than the disk has left"):
            restore(bomb, tmp_path / "other")
    assert not (tmp_path / "other").exists()


def test_a_file_twice_is_refused(archive: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(archive, "a") as opened, pytest.warns(UserWarning, match="Duplicate name"):
        opened.writestr("store.json", b"{}")
    with pytest.raises(Invalid, match="a file twice"):
        restore(archive, tmp_path / "other")


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on this playground's thread files have schema 2."""

    def migrate(tables: Any) -> None:
        for row in tables.get("thread", {}).values():
            row["migrated"] = True

    rules = module.RULES.__class__(
        schema=2, migrations={1: migrate}, keys=thread_files.RULES.keys, check=thread_files.RULES.check
    )
    monkeypatch.setattr(thread_files, "RULES", rules)


def test_thread_files_are_migrated_each_with_a_copy_of_what_it_was(directory: Path, request: Any) -> None:
    _, thread_id = fill(directory)
    path = directory / "threads" / f"{thread_id}.json"
    before = path.read_bytes()
    request.getfixturevalue("newer")
    database = Database.open(directory)
    assert database.threads.values(thread_id) == {"text": "hello"}  # read as it will be, without being changed
    assert path.read_bytes() == before
    write_thread(database, thread_id, "more")
    database.close()
    tables = json.loads(path.read_bytes())
    assert tables["_meta"]["1"]["schema"] == 2
    assert tables["thread"]["1"]["migrated"] is True
    assert json.loads(path.with_name(f"{path.name}.v1.bak").read_bytes()) == json.loads(before)
    database = Database.open(directory)
    assert database.check() == []
    database.threads.delete(thread_id)
    assert [*path.parent.iterdir()] == []
    database.close()
