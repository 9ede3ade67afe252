"""Files that are whole or not there, readable by their owner alone."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from playground.store.errors import StoreFailed

_BINARY = getattr(os, "O_BINARY", 0)  # Windows would write \r\n


def make_directory(path: Path) -> None:
    """Create a directory, and its parents, for its owner alone (0700). One that exists stays as it is."""
    if not path.is_dir():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise failure(path, error) from error


def restored_name(directory: Path) -> Path:
    """Where a restored store waits, checked and whole, until the old one is out of its way."""
    return directory.with_name(f"{directory.name}.restored")


def finish_restore(directory: Path) -> None:
    """Put the store in place whose restore was killed after the old one was out of the way. For the owner alone."""
    ready = restored_name(directory)
    if not ready.is_dir() or any((directory / name).exists() for name in ("store.json", "store.json.journal")):
        return
    try:
        for name in ("threads", "store.json"):  # the main store last: without it this begins again
            if (ready / name).exists():
                (ready / name).rename(directory / name)
        ready.rmdir()
    except OSError as error:
        raise failure(directory, error) from error
    sync_directory(directory)


def remove_temporaries(*directories: Path) -> None:
    """Remove what a crash left half written; only the owner of the directories may."""
    for directory in directories:
        for path in directory.glob("*.json*.tmp"):
            with suppress(OSError):
                path.unlink()


def read_bytes(path: Path) -> bytes | None:
    """The file's bytes, None if there is no such file. Raises StoreFailed if it can't be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreFailed(f"{path} can't be read: {error.strerror}.") from error


def open_to_append(path: Path) -> int:
    """A descriptor that writes at the file's end, wherever that is."""
    return os.open(path, os.O_WRONLY | os.O_APPEND | _BINARY)


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of it: os.write may take a part only."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def write_atomically(path: Path, data: bytes) -> None:
    """Replace a file (0600), durably: after a crash it has the old bytes or the new ones. Raises StoreFailed."""
    replace_file(path, data)
    sync_directory(path.parent)


def replace_file(path: Path, data: bytes) -> None:
    """As `write_atomically`, but after a crash it may still be the old one. A failure (StoreFailed) changes nothing."""
    with replacing(path) as file:
        file.write(data)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A new file (0600) that takes the place of the old one once it is whole and on disk.

    If anything raises, nothing has changed. Raises StoreFailed for what the disk refuses.
    """
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        try:
            descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
            with os.fdopen(descriptor, "w+b") as file:
                yield file
                file.flush()
                os.fsync(descriptor)
            temporary.replace(path)
        except BaseException:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise failure(path, error) from error


def sync_directory(path: Path) -> None:
    """Make renames and removals in a directory durable; Windows has no such call. Raises StoreFailed."""
    if os.name == "nt":
        return
    try:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise failure(path, error) from error


def failure(path: Path, error: OSError) -> StoreFailed:
    """The sentence for a write that failed."""
    return StoreFailed(f"{path} could not be written: {error.strerror or error}.")
