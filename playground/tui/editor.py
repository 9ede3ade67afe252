"""The user's own editor."""

import os
import shlex
import subprocess
from collections.abc import Mapping


def editor_command(environment: Mapping[str, str] = os.environ) -> list[str] | None:
    """`$VISUAL` or `$EDITOR` with its arguments, else one that every system has; None if there is none."""
    from shutil import which

    named = environment.get("VISUAL") or environment.get("EDITOR")
    if named:
        return shlex.split(named)
    return next(([name] for name in ("sensible-editor", "nano", "vim", "vi", "notepad") if which(name)), None)


def edit_file(path: str, command: list[str]) -> None:
    """Open a file in the editor and wait for it. Raises OSError if the editor can't be started."""
    subprocess.run([*command, path], check=False)
