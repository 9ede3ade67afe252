"""What the screen remembers between two starts, in the user's own state folder: the theme."""

import json
from pathlib import Path


def state_file() -> Path:
    """Where it is kept. Not a setting: settings are the user's to write, this is ours."""
    from platformdirs import user_state_path

    return user_state_path("langgraph-playground", appauthor=False) / "ui.json"


def read_theme() -> str | None:
    """The theme that was chosen last; None if there is none or the file can't be read."""
    try:
        state = json.loads(state_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    theme = state.get("theme") if isinstance(state, dict) else None
    return theme if isinstance(theme, str) else None


def write_theme(theme: str) -> None:
    """Remember the theme. Raises OSError if the folder can't be written."""
    file = state_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"theme": theme}) + "\n", encoding="utf-8")
