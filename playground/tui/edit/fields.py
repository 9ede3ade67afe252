"""What a user does to the field under the cursor beside typing: steps back, rows, keys, and kinds of a union.

Each answers where the cursor goes, or None if nothing changed. Awaited in a worker of the screen with the form.
"""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from playground.tui.forms import rows
from playground.tui.forms.document import Path
from playground.tui.forms.editing import Editing
from playground.tui.forms.fields import Kind
from playground.tui.forms.form import Entry
from playground.tui.forms.kinds import choose, options
from playground.tui.forms.text import TextError
from playground.tui.screens.dialogs import Ask
from playground.tui.screens.pick import Pick
from playground.tui.text import MUTED, one_line, safe
from playground.tui.widgets.columns import Column
from playground.tui.widgets.row_list import Row

if TYPE_CHECKING:
    from playground.tui.app import PlaygroundApp

Step = Callable[["PlaygroundApp", Editing, Path], Awaitable[Path | None]]
COLUMNS: Final = (Column(most=30), Column(grow=True, least=10))


async def undo(app: "PlaygroundApp", editing: Editing, path: Path) -> Path | None:
    """One change of the field back."""
    return path if editing.undo(path) else None


async def redo(app: "PlaygroundApp", editing: Editing, path: Path) -> Path | None:
    """The last undo back."""
    return path if editing.redo(path) else None


async def add(app: "PlaygroundApp", editing: Editing, path: Path) -> Path | None:
    """A row behind this one, or an entry of a map, whose key is asked for."""
    holder = rows.holder(editing.entry, path)
    if holder is None:
        return None
    if not _wants_key(holder):
        return editing.add(path)
    title = f"Add to {one_line(holder.field.label, 40)}"
    key = await app.push_screen_wait(Ask(title, "Key", action="Add", check=lambda key: _taken(holder, key)))
    return editing.add(path, key) if key is not None else None


async def remove(app: "PlaygroundApp", editing: Editing, path: Path) -> Path | None:
    """The row, or the key that isn't a field, goes."""
    return editing.remove(path)


async def up(app: "PlaygroundApp", editing: Editing, path: Path) -> Path | None:
    """The row moves up."""
    return editing.move(path, -1)


async def down(app: "PlaygroundApp", editing: Editing, path: Path) -> Path | None:
    """The row moves down."""
    return editing.move(path, 1)


async def rename(app: "PlaygroundApp", editing: Editing, path: Path) -> Path | None:
    """Another name for a key of a map."""
    entry, holder = editing.entry(path), editing.entry(path[:-1])
    if entry is None or holder is None or entry.holder is not Kind.MAP:
        return None
    old = str(path[-1])
    dialog = Ask(f"Rename {one_line(old, 40)}", "Key", old, action="Rename", check=lambda key: _taken(holder, key, old))
    key = await app.push_screen_wait(dialog)
    return editing.rename(path, key) if key is not None else None


async def variant(app: "PlaygroundApp", editing: Editing, path: Path) -> Path | None:
    """Another kind of value for a union; for anything, whether it is empty, none, or not set."""
    entry = editing.entry(path)
    found = options(entry) if entry else []
    if entry is None or len(found) < 2:
        return None
    choices = [
        Row(str(at), (safe(one_line(one.label, 60)), safe(one_line(one.description, 120), MUTED)))
        for at, one in enumerate(found)
    ]
    current = next((at for at, one in enumerate(found) if one.current), 0)
    title = f"What {one_line(entry.field.label, 40)} is"
    picked = await app.push_screen_wait(Pick(title, COLUMNS, choices, str(current)))
    if picked is None or found[int(picked)].current:
        return None
    choose(editing, entry, found[int(picked)])
    return path


STEPS: Final[dict[str, Step]] = {
    "undo": undo,
    "redo": redo,
    "add": add,
    "remove": remove,
    "up": up,
    "down": down,
    "rename": rename,
    "variant": variant,
}


def can(what: str, editing: Editing, entry: Entry) -> bool:
    """Whether a step would do something with the field of this entry."""
    path = entry.field.path
    match what:
        case "add":
            return rows.holder(editing.entry, path) is not None
        case "remove":
            return entry.holder is not None
        case "rename":
            return entry.holder is Kind.MAP and entry.field.known
        case "up" | "down":
            return isinstance(path[-1], int)
        case "variant":
            return len(options(entry)) > 1
        case _:
            return True


def _wants_key(holder: Entry) -> bool:
    if holder.field.kind is Kind.GROUP:
        return isinstance(holder.effective, dict)
    return holder.field.kind is Kind.MAP


def _taken(holder: Entry, key: str, own: str | None = None) -> str | None:
    if key == own:
        return None
    try:
        rows.check_key(holder, key)
    except TextError as error:
        return str(error)
    return None
