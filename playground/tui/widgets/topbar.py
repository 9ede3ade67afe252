"""The line on top: what is open, and the four screens."""

from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from playground.tui.text import MUTED, join, one_line, safe

if TYPE_CHECKING:
    from playground.tui.app import PlaygroundApp

SCREENS: Final = (
    ("1", "browse", "Browse"),
    ("2", "edit", "Edit"),
    ("3", "compare", "Compare"),
    ("4", "threads", "Threads"),
)


class TopBar(Horizontal):
    """`playground  ~/code/project            1 Browse  2 Edit  3 Compare  4 Threads`, its names clickable."""

    DEFAULT_CSS = """
    TopBar {
        height: 1;
        background: $panel;
        padding: 0 1;
        #where { width: 1fr; text-wrap: nowrap; text-overflow: ellipsis; }
        TopBarTab { width: auto; margin-left: 2; color: $text-muted; }
        TopBarTab:hover { background: $block-hover-background; pointer: pointer; }
        TopBarTab.-current { color: $text-accent; text-style: bold; }
    }
    """

    def __init__(self, mode: str) -> None:
        super().__init__()
        self._mode = mode

    def compose(self) -> ComposeResult:
        """The place on the left, the screens on the right."""
        app = cast("PlaygroundApp", self.app)
        yield Static(join(safe("playground", "bold"), "  ", safe(one_line(app.place), MUTED)), id="where")
        for key, mode, name in SCREENS:
            yield TopBarTab(key, mode, name, mode == self._mode)


class TopBarTab(Static):
    """The name of a screen; a click goes there."""

    ALLOW_SELECT = False

    def __init__(self, key: str, mode: str, name: str, current: bool) -> None:
        super().__init__(Content(f"{key} {name}"), classes="-current" if current else "")
        self._mode = mode

    async def on_click(self) -> None:
        """Go to the screen."""
        await self.go()

    async def go(self) -> None:
        """Go to the screen."""
        await self.run_action(f"app.go('{self._mode}')")


def home_relative(path: Path) -> str:
    """`~/code/project` for a path in the user's home, else the path."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) and path != home else str(path)
