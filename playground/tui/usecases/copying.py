"""Copying: an id, a ref, the version as JSON or YAML, or the code that makes or runs it."""

from typing import TYPE_CHECKING

from playground.client.values import Version
from playground.tui.text import one_line

if TYPE_CHECKING:
    from playground.tui.app import PlaygroundApp


async def copy_menu(app: "PlaygroundApp", version: Version) -> bool:
    """Choose what of the version is copied; False if nothing was."""
    from playground.client.snippets import snippets
    from playground.tui.screens.copy_menu import CopyMenu

    store = None if app.target.url else app.target.place().store
    title = f"Copy of {one_line(version.name, 60)}@v{version.version}"
    chosen = await app.push_screen_wait(CopyMenu(title, await snippets(app.connected_client, version, store)))
    if chosen is not None:
        app.copy(chosen.text, chosen.what)
    return chosen is not None
