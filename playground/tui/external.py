"""A text in the user's own editor, through a file that only the user can read."""

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from playground.client.errors import PlaygroundError
from playground.tui.editor import editor_command

if TYPE_CHECKING:
    from playground.tui.app import PlaygroundApp


def edit_text(app: "PlaygroundApp", text: str, suffix: str) -> str | None:
    """What the user made of the text; None if it is unchanged. The playground waits meanwhile.

    A line end that the editor added at the end is taken off again. Raises PlaygroundError; the file stays then.
    """
    if editor_command() is None:
        raise PlaygroundError("There is no editor to open: set $VISUAL or $EDITOR.")
    path = _write(text, suffix)
    app.open_editor(str(path))
    try:
        edited = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PlaygroundError(f"What the editor wrote can't be read as UTF-8 text: {error}. It is in {path}.") from None
    path.unlink(missing_ok=True)
    if edited.endswith("\n") and not text.endswith("\n"):
        edited = edited.removesuffix("\n").removesuffix("\r")
    return None if edited == text else edited


def _write(text: str, suffix: str) -> Path:
    descriptor, name = tempfile.mkstemp(prefix="playground-", suffix=suffix)
    with os.fdopen(descriptor, "wb") as file:
        file.write(text.encode("utf-8", "replace"))
    return Path(name)
