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

_WAIT: Final = {**dict.fromkeys((*_GOTO_LINE, "subl", "zed"), "--wait"), "gvim": "-f", "mate": "-w"}
"""How editors with a window of their own are told to end only once the file is closed."""


def editor_command(environment: Mapping[str, str] = os.environ) -> list[str] | None:
    """`$VISUAL` or `$EDITOR` with its arguments, else one that every system has; None if there is none."""
    from shutil import which

    named = environment.get("VISUAL") or environment.get("EDITOR")
    if named:
        return _split(named)
    return next(([name] for name in ("sensible-editor", "nano", "vim", "vi", "notepad") if which(name)), None)


def edit_file(path: str, command: list[str], line: int | None = None) -> int:
    """Open a file in the editor, at a line; its exit code when it ends. Raises OSError if it can't be started."""
    return subprocess.run([*command, *at_line(command[0], path, line)], check=False).returncode


def waiting(command: list[str]) -> list[str]:
    """The command as it ends only once the file is closed."""
    flag = _WAIT.get(_name(command[0]))
    known = flag is None or any(part in (flag, "-w", "--wait") for part in command[1:])
    return command if known else [*command, str(flag)]


def at_line(editor: str, path: str, line: int | None) -> list[str]:
    """What an editor is given to open a file at a line; just the file where it isn't known how."""
    name = _name(editor)
    if line is None:
        return [path]
    if name in _PLUS_LINE:
        return [f"+{line}", path]
    if name in _COLON_LINE:
        return [f"{path}:{line}"]
    return ["--goto", f"{path}:{line}"] if name in _GOTO_LINE else [path]


def _name(editor: str) -> str:
    return Path(editor).name.removesuffix(".exe")


def _split(command: str) -> list[str]:
    try:
        return shlex.split(command) or [command]
    except ValueError:  # a quote that doesn't end: starting it fails, and says what it was
        return [command]
