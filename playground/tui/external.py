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
    """What the user made of the text; None if it is unchanged, which is said. The playground waits meanwhile.

    A line end that the editor added at the end is taken off again. Raises PlaygroundError if there is no editor, if it
    ended with an error, or wrote what isn't text; what it wrote is never thrown away then.
    """
    command = editor_command()
    if command is None:
        raise PlaygroundError("There is no editor to open: set $VISUAL or $EDITOR.")
    path = _write(text, suffix)
    code = app.open_editor(str(path), wait=True)
    edited = _read(path, text, Path(command[0]).name, code)
    path.unlink(missing_ok=True)
    if edited.endswith("\n") and not text.endswith("\n"):
        edited = edited.removesuffix("\n").removesuffix("\r")
    if edited == text:
        if code is not None:
            app.notify("Nothing changed in the editor.", timeout=3, markup=False)
        return None
    return edited


def _read(path: Path, text: str, editor: str, code: int | None) -> str:
    """What is in the file now. Raises PlaygroundError, and keeps the file, if that isn't what the user meant."""
    try:
        written = path.read_bytes()
    except FileNotFoundError:
        raise PlaygroundError(f"{editor} took its file away: the text is as it was.") from None
    except OSError as error:
        raise PlaygroundError(f"What {editor} wrote can't be read: {error}. It is in {path}.") from None
    if code and written != _bytes(text):
        raise PlaygroundError(
            f"{editor} ended with an error ({code}): the text is as it was. What it wrote is in {path}."
        )
    if code:
        path.unlink()
        raise PlaygroundError(f"{editor} ended with an error ({code}): the text is as it was.")
    try:
        return written.decode("utf-8")
    except UnicodeDecodeError as error:
        where = f"byte {error.start + 1}"
        raise PlaygroundError(
            f"What {editor} wrote isn't UTF-8 ({where}): the text is as it was. It is in {path}."
        ) from None


def _write(text: str, suffix: str) -> Path:
    descriptor, name = tempfile.mkstemp(prefix="playground-", suffix=suffix)
    with os.fdopen(descriptor, "wb") as file:
        file.write(_bytes(text))
    return Path(name)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")
