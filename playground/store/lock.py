"""One owner of a store."""

import os
import weakref
from contextlib import suppress
from pathlib import Path

import portalocker

from playground.store.errors import StoreLocked
from playground.store.files import failure


class OwnerLock:
    """Held from creation to `release`, or until the process ends, however it ends. Raises StoreLocked."""

    def __init__(self, path: Path) -> None:
        try:
            # Neither truncated nor written before it is ours: the file has the owner's process id.
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise failure(path, error) from error
        try:
            portalocker.lock(self._descriptor, portalocker.LockFlags.EXCLUSIVE | portalocker.LockFlags.NON_BLOCKING)
        except portalocker.LockException:
            pid = self._read_pid()
            os.close(self._descriptor)
            who = f"process {pid}" if pid else "another process"
            raise StoreLocked(f"The store {path.parent} is in use by {who}.", pid) from None
        os.ftruncate(self._descriptor, 0)
        os.write(self._descriptor, str(os.getpid()).encode())
        _close_in_forks(self)

    def release(self) -> None:
        """Let go. The file stays: removing it could remove the next owner's."""
        if self._descriptor >= 0:
            portalocker.unlock(self._descriptor)  # closing is not enough while a forked process has it open too
            self.forget()

    def forget(self) -> None:
        """Close the file without letting go of what another process holds with it."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _read_pid(self) -> int | None:
        with suppress(OSError, ValueError):  # Windows doesn't let others read a locked file
            return int(os.read(self._descriptor, 20))
        return None


def _close_in_forks(lock: OwnerLock) -> None:
    """A process forked by the user's code would otherwise hold the lock after the server has gone."""
    reference = weakref.ref(lock)

    def close() -> None:
        if held := reference():
            held.forget()

    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=close)
