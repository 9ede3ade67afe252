"""The line on top: what is open, how much runs, and the four screens."""

from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from textual.content import Content
from textual.widgets import Static

from playground.tui.text import MUTED, clickable, join, one_line, safe

if TYPE_CHECKING:
    from playground.tui.app import PlaygroundApp

SCREENS: Final = (
    ("1", "browse", "Browse"),
    ("2", "edit", "Edit"),
    ("3", "compare", "Compare"),
    ("4", "threads", "Threads"),
)


class TopBar(Static):
    """`playground  ~/code/project            1 Browse  2 Edit  3 Compare  4 Threads`, its names clickable."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    TopBar { height: 1; background: $panel; padding: 0 1; }
    """
    auto_links = False

    def __init__(self, mode: str) -> None:
        super().__init__()
        self._mode = mode
        self._in_flight = 0

    def show_running(self, running: int) -> None:
        """So many runs are followed: `▍2` before the screens, which stay where they are."""
        if running != self._in_flight:
            self._in_flight = running
            self.on_resize()

    def on_resize(self) -> None:
        """The place takes what the screens leave."""
        width = self.content_size.width
        names = Content("  ").join([self._screen(*screen) for screen in SCREENS])
        screens = join(self._runs(), names)
        place = one_line(cast("PlaygroundApp", self.app).place)
        where = join(safe("playground", "bold"), "  ", safe(place, MUTED))
        where = where.truncate(max(0, width - screens.cell_length - 2), ellipsis=True)
        gap = max(0, width - where.cell_length - screens.cell_length)
        self.update(join(where, " " * gap, screens), layout=False)

    def _runs(self) -> Content:
        if not self._in_flight:
            return Content("")
        return clickable(safe(f"▍{self._in_flight}  ", "bold $text-accent"), "app.running")

    def _screen(self, key: str, mode: str, name: str) -> Content:
        style = "bold $text-accent" if mode == self._mode else MUTED
        return clickable(safe(f"{key} {name}", style), f"app.go('{mode}')")


def home_relative(path: Path) -> str:
    """`~/code/project` for a path in the user's home, else the path."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) and path != home else str(path)
