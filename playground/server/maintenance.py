"""What is done to a store without a server: check it, back it up, put a backup back."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from playground.store.backup import Contents, back_up, restore
from playground.store.database import Database
from playground.store.errors import Invalid, NotFound, StoreError, StoreLocked

__all__ = ["Contents", "MaintenanceFailed", "back_up_store", "check_store", "restore_store"]


class MaintenanceFailed(Exception):
    """It could not be done, as one sentence. `wrong_use`: what was asked for makes no sense."""

    def __init__(self, sentence: str, *, wrong_use: bool) -> None:
        super().__init__(sentence)
        self.wrong_use = wrong_use


def check_store(directory: Path) -> list[str]:
    """A sentence for everything in a store that isn't as it was written. A server may use it meanwhile."""
    try:
        with closing(Database.open(directory, read_only=True)) as database:
            return database.check()
    except StoreError as error:
        return [str(error)]


def back_up_store(directory: Path, target: Path) -> Contents:
    """Write a store to one file, in place of what is there. A server may use it meanwhile. Raises MaintenanceFailed."""
    with _explained():
        return back_up(directory, target)


def restore_store(source: Path, directory: Path, *, changed: bool = False) -> Contents:
    """Put a backup where the store is; the old one is kept beside it. Raises MaintenanceFailed.

    `changed`: even if versions in it were changed after they were made.
    """
    with _explained():
        return restore(source, directory, changed=changed)


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except StoreLocked as error:
        sentence = f"{error} Close the playground, or stop its server, and try again."
        raise MaintenanceFailed(sentence, wrong_use=False) from error
    except StoreError as error:
        raise MaintenanceFailed(str(error), wrong_use=isinstance(error, Invalid | NotFound)) from error
