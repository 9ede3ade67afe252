"""What a user does to assistants and versions: ask what must be asked, do it, say what was done.

Each is awaited in a worker of the screen that started it. Errors of the client pass through; the screen reports them.
"""

from playground.tui.usecases.copying import copy_menu
from playground.tui.usecases.deleting import delete
from playground.tui.usecases.labels import set_label
from playground.tui.usecases.naming import create, describe, edit_metadata, fork, rename
from playground.tui.usecases.saying import say
from playground.tui.usecases.transfer import export_assistants, import_assistants
from playground.tui.usecases.versions import make_active, undo_make_active

__all__ = [
    "copy_menu",
    "create",
    "delete",
    "describe",
    "edit_metadata",
    "export_assistants",
    "fork",
    "import_assistants",
    "make_active",
    "rename",
    "say",
    "set_label",
    "undo_make_active",
]
