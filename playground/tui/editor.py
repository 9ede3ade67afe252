"""The user's own editor."""

import os
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_PLUS_LINE: Final = ("vi", "vim", "nvim", "nano", "emacs", "emacsclient", "micro", "joe", "kak", "sensible-editor")
_COLON_LINE: Final = ("hx", "helix", "subl", "zed")
_GOTO_LINE: Final = ("code", "codium", "vscodium", "cursor", "windsurf")
"""How editors are told a line."""


def editor_command(environment: Mapping[str, str] = os.environ) -> list[str] | None:
    """`$VISUAL` or `$EDITOR` with its arguments, else one that every system has; None if there is none."""
    from shutil import which

    named = environment.get("VISUAL") or environment.get("EDITOR")
    if named:
        return shlex.split(named)
    return next(([name] for name in ("sensible-editor", "nano", "vim", "vi", "notepad") if which(name)), None)


def edit_file(path: str, command: list[str], line: int | None = None) -> None:
    """Open a file in the editor, at a line, and wait for it. Raises OSError if the editor can't be started."""
    subprocess.run([*command, *at_line(command[0], path, line)], check=False)


def at_line(editor: str, path: str, line: int | None) -> list[str]:
    """What an editor is given to open a file at a line; just the file where it isn't known how."""
    name = Path(editor).name.removesuffix(".exe")
    if line is None:
        return [path]
    if name in _PLUS_LINE:
        return [f"+{line}", path]
    if name in _COLON_LINE:
        return [f"{path}:{line}"]
    return ["--goto", f"{path}:{line}"] if name in _GOTO_LINE else [path]
