"""backup, restore: a store as one file, and back."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from playground.cli.output import say, tell
from playground.cli.session import DONE
from playground.client.errors import PlaygroundError, UsageError
from playground.client.target import Place, Target

if TYPE_CHECKING:
    from playground.server.maintenance import Contents, MaintenanceFailed


def backup(target: Target, file: Path | None, force: bool) -> int:
    """Writes the project's store to a file. One that exists is overwritten with `force` only."""
    from playground.server.maintenance import MaintenanceFailed, back_up_store

    place = _place(target, "backed up")
    file = file or Path(f"{place.project.name}-{datetime.now():%Y%m%d-%H%M%S}.zip")
    if file.is_dir():
        raise UsageError(f"{file} is a folder: name a file.")
    if file.exists() and not force:
        raise UsageError(f"{file} exists: name another file, or overwrite it with --force.")
    try:
        made = back_up_store(place.store, file)
    except MaintenanceFailed as error:
        raise _explained(error) from error
    _tell_problems(made)
    say(f"{file} has {_contents(made)}.")
    return DONE


def restore(target: Target, file: Path, force: bool) -> int:
    """Puts a backup where the project's store is; with `force` even one whose versions were changed."""
    from playground.server.maintenance import MaintenanceFailed, restore_store

    place = _place(target, "restored")
    try:
        found = restore_store(file, place.store, changed=force)
    except MaintenanceFailed as error:
        raise _explained(error) from error
    _tell_problems(found)
    say(f"{place.store} has {_contents(found)}.")
    if found.aside:
        say(f"What was there is in {found.aside}.")
    return DONE


def _place(target: Target, what: str) -> Place:
    if target.url:
        raise UsageError(f"Only a store on this machine can be {what}: leave --url out.")
    return target.place()


def _contents(moved: "Contents") -> str:
    counts = {"assistant": moved.assistants, "version": moved.versions, "thread": moved.threads}
    parts = [f"{count:,} {name}{'' if count == 1 else 's'}" for name, count in counts.items()]
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def _tell_problems(moved: "Contents") -> None:
    for problem in moved.problems:
        tell(problem)


def _explained(error: "MaintenanceFailed") -> PlaygroundError:
    return UsageError(str(error)) if error.wrong_use else PlaygroundError(str(error))
