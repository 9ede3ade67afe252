"""What the screen remembers between two starts, in the user's own state folder: the theme, the order of a list."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any


def state_file() -> Path:
    """Where it is kept. Not a setting: settings are the user's to write, this is ours."""
    from platformdirs import user_state_path

    return user_state_path("langgraph-playground", appauthor=False) / "ui.json"


def read_theme() -> str | None:
    """The theme that was chosen last; None if there is none or the file can't be read."""
    return read_word("theme")


def write_theme(theme: str) -> None:
    """Remember the theme. Raises OSError if the folder can't be written."""
    _write("theme", theme)


def read_switch(name: str, default: bool) -> bool:
    """Whether something was switched on or off last."""
    value = _read().get(name)
    return value if isinstance(value, bool) else default


def write_switch(name: str, on: bool) -> None:
    """Remember it, if the folder can be written: it isn't worth a word if not."""
    with suppress(OSError):
        _write(name, on)


def read_word(name: str) -> str | None:
    """A word that was remembered, whoever wrote it; None if there is none."""
    value = _read().get(name)
    return value if isinstance(value, str) else None


def write_word(name: str, word: str) -> None:
    """Remember it, if the folder can be written: it isn't worth a word if not."""
    with suppress(OSError):
        _write(name, word)


def _read() -> dict[str, Any]:
    try:
        state = json.loads(state_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def _write(name: str, value: Any) -> None:
    file = state_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    written = file.with_suffix(".new")
    written.write_text(json.dumps({**_read(), name: value}) + "\n", encoding="utf-8")
    written.replace(file)  # another terminal never reads half a file
