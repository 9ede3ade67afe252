"""A store as one file, and back.

A backup is a zip of `store.json` and a `threads/*.json` each, all plain TinyDB files, and `backup.json`, which says
what it is. It has no keys and no logs. It is read as data: nothing in it is run, and nothing is put in place before all
of it is checked.
"""

import os
import re
import shutil
import zipfile
import zlib
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import orjson

from playground.store.assistants import Assistants
from playground.store.clock import now
from playground.store.content import Tables, base_bytes, journal_path
from playground.store.database import RULES
from playground.store.errors import Invalid, NotFound, StoreDamaged, StoreFailed, StoreTooNew
from playground.store.files import failure, make_directory, replacing, restored_name, sync_directory, write_atomically
from playground.store.journal import JournalStorage
from playground.store.lock import OwnerLock
from playground.store.plain import dumps
from playground.store.tables import Tables as Live
from playground.store.thread_files import ThreadFiles, read_thread

FORMAT = 1
ABOUT, STORE, THREADS = "backup.json", "store.json", "threads"
LARGEST = 1 << 30  # bytes of a file in a backup
_LONGEST_ABOUT = 10_000
_THREAD = re.compile(rf"{THREADS}/[a-z0-9_%A-F-]{{0,130}}\.json")
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


@dataclass(frozen=True, slots=True)
class Contents:
    """What went into a backup or came out of one."""

    assistants: int
    versions: int
    threads: int
    problems: tuple[str, ...] = ()  # sentences about versions that were changed from outside
    aside: Path | None = None  # where the store is that a restored one replaced


def is_store(directory: Path) -> bool:
    """Whether there is a store in a directory."""
    return any(path.exists() for path in (directory / STORE, journal_path(directory / STORE)))


# Making one


def back_up(directory: Path, target: Path) -> Contents:
    """Write all of a store to one file (0600), whole or not at all, in place of what is there.

    A server may go on writing. The backup has the main store as it was at one moment, and each thread's checkpoints as
    they were then or a little later; a thread that is deleted meanwhile is left out with its runs.
    Raises NotFound if there is no store, StoreDamaged, StoreTooNew, StoreFailed.
    """
    if not is_store(directory):
        raise NotFound(f"There is no store in {directory}: nothing to back up.")
    files = ThreadFiles(directory / THREADS, read_only=True)
    # The names first: a file made after the main store was read belongs to a thread that this backup doesn't have.
    paths = set(files.paths())
    main = _read_main(directory)
    tables = main.read()
    paths |= {files.path(row["thread_id"]) for row in tables.get("threads", {}).values()}
    paths -= {files.path(row["thread_id"]) for row in tables.get("deletions", {}).values()}
    problems = tuple(Assistants(Live(main)).check())
    threads = 0
    with replacing(target) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        for path in sorted(paths):
            if (storage := read_thread(path)) is not None:
                archive.writestr(_entry(f"{THREADS}/{path.name}"), storage.whole())
                threads += 1
        kept = _without_deleted(tables, _read_main(directory).read())
        archive.writestr(_entry(STORE), base_bytes(kept, {**main.meta, "schema": RULES.schema}))
        archive.writestr(_entry(ABOUT), dumps({"backup": FORMAT, "schema": RULES.schema, "created_at": now()}))
    sync_directory(target.parent)
    return Contents(len(kept.get("assistants", {})), len(kept.get("versions", {})), threads, problems)


def _read_main(directory: Path) -> JournalStorage:
    return JournalStorage(directory / STORE, RULES, read_only=True)


def _without_deleted(tables: Tables, later: Tables) -> Tables:
    """The tables without the threads (and their runs) that are gone in the later ones; their files go on opening."""
    there = {row["thread_id"] for row in later.get("threads", {}).values()}
    gone = {row["thread_id"] for row in tables.get("threads", {}).values()} - there
    if not gone:
        return tables
    kept = {
        name: {id: row for id, row in table.items() if name not in ("threads", "runs") or row["thread_id"] not in gone}
        for name, table in tables.items()
    }
    first = max((int(id) for id in kept.get("deletions", {})), default=0) + 1
    kept.setdefault("deletions", {}).update(
        {str(first + n): {"thread_id": thread_id} for n, thread_id in enumerate(sorted(gone))}
    )
    return kept


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, datetime.now().timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


# Putting one back


def restore(source: Path, directory: Path, *, changed: bool = False) -> Contents:
    """Put a backup where the store is; the one that was there is kept beside it.

    All of the backup is checked before anything is touched, the history of every assistant too (`changed`: take it even
    if its versions were changed). Raises Invalid if it isn't a backup, StoreDamaged, StoreTooNew, StoreLocked if the
    store is in use, StoreFailed; nothing has changed then.
    """
    if directory.is_dir() and any(directory.iterdir()) and not _holds_only_a_store(directory):
        raise Invalid(f"{directory} has other things than a store in it: name another directory.")
    fresh = directory.with_name(f"{directory.name}.restoring-{datetime.now():%Y%m%d-%H%M%S-%f}")
    lock = OwnerLock(directory / "store.json.lock") if is_store(directory) else None
    try:
        make_directory(fresh)
        _unpack(source, fresh)
        found = _checked(source, fresh, changed)
        aside = _swap(directory, fresh, lock)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        if lock:
            lock.release()
    return replace(found, aside=aside)


def _holds_only_a_store(directory: Path) -> bool:
    known = (".", "store.json", "server.", THREADS)
    return all(path.name.startswith(known) for path in directory.iterdir())


def _unpack(source: Path, fresh: Path) -> None:
    """The files of a backup, each checked to be what one has before it is written, and its CRC after."""
    try:
        with zipfile.ZipFile(source) as archive:
            entries = archive.infolist()
            _refuse_strange(source, entries)
            _check_about(source, archive)
            if (size := sum(entry.file_size for entry in entries)) > shutil.disk_usage(fresh).free:
                raise Invalid(f"{source} unpacks to {size:,} bytes, more than the disk has left.")
            make_directory(fresh / THREADS)
            for entry in entries:
                if entry.filename != ABOUT:
                    write_atomically(fresh / entry.filename, archive.read(entry))
    except FileNotFoundError:
        raise Invalid(f"There is no file {source}.") from None
    except _UNREADABLE as error:
        raise Invalid(f"{source} is not a backup of the playground, or is damaged ({error}).") from None
    except OSError as error:
        raise StoreFailed(f"{source} can't be read: {error.strerror or error}.") from error


def _refuse_strange(source: Path, entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if ABOUT not in names or STORE not in names:
        raise Invalid(f"{source} is not a backup of the playground: it has no {ABOUT} and {STORE}.")
    for entry in entries:
        if entry.filename not in (ABOUT, STORE) and not _THREAD.fullmatch(entry.filename):
            raise Invalid(f"{source} is not a backup of the playground: {entry.filename!r} is no file of a store.")
        if entry.file_size > LARGEST:
            raise Invalid(f"{source} can't be restored: {entry.filename} has {entry.file_size:,} bytes.")
    if len({name.casefold() for name in names}) < len(names):
        raise Invalid(f"{source} is not a backup of the playground: it has a file twice.")


def _check_about(source: Path, archive: zipfile.ZipFile) -> None:
    entry = archive.getinfo(ABOUT)
    about = orjson.loads(archive.read(entry)) if entry.file_size < _LONGEST_ABOUT else None
    if not isinstance(about, dict) or not isinstance(about.get("backup"), int):
        raise Invalid(f"{source} is not a backup of the playground: {ABOUT} doesn't say so.")
    if about["backup"] > FORMAT:
        raise StoreTooNew(f"{source} was made by a newer version of the playground: update it to restore this backup.")


def _checked(source: Path, fresh: Path, changed: bool) -> Contents:
    """What is in the unpacked store. Raises StoreDamaged, StoreTooNew, in the words of the backup."""
    try:
        main = _read_main(fresh)
        files = ThreadFiles(fresh / THREADS, read_only=True)
        if broken := files.check():
            raise StoreDamaged(broken[0])
        problems = tuple(Assistants(Live(main)).check())
    except (StoreDamaged, StoreTooNew) as error:
        inside = str(error).replace(f"{fresh}/", "").replace(str(fresh), "")
        raise type(error)(f"{source} can't be restored: {inside}") from None
    if problems and not changed:
        raise StoreDamaged(f"{source} can't be restored: {problems[0]}")
    tables = main.read()
    return Contents(len(tables.get("assistants", {})), len(tables.get("versions", {})), len(files.paths()), problems)


def _swap(directory: Path, fresh: Path, lock: OwnerLock | None) -> Path | None:
    """Out with the old store, in with the fresh one. A kill in between is made good when the store is opened."""
    aside = None
    ready = restored_name(directory)
    if lock and os.name == "nt":
        lock.release()  # Windows moves no directory with an open file in it
    try:
        shutil.rmtree(ready, ignore_errors=True)  # of a restore that was killed before it touched the store
        fresh.rename(ready)
        if directory.is_dir():
            aside = directory.with_name(f"{directory.name}.before-restore-{datetime.now():%Y%m%d-%H%M%S-%f}")
            directory.rename(aside)
        try:
            ready.rename(directory)
        except OSError:
            if aside:
                aside.rename(directory)
            shutil.rmtree(ready, ignore_errors=True)
            raise
    except OSError as error:
        raise failure(directory, error) from error
    sync_directory(directory.parent)
    if aside and not is_store(aside):
        shutil.rmtree(aside, ignore_errors=True)
        return None
    return aside
