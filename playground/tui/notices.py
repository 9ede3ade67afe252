"""The project's notices: what of it this server doesn't apply, what it set aside. Each is said once."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from playground.tui.text import count, one_line

if TYPE_CHECKING:
    from playground.tui.app import PlaygroundApp

TITLE: Final = "Project notices"

_SHORT: Final = 76
"""Characters of a notice that a toast has room for in two lines: it covers what one works on."""


class Notices:
    """Says what is new among the server's notices, calmly; `F2` has the whole list."""

    def __init__(self, app: "PlaygroundApp") -> None:
        self._app = app
        self._said = set[str]()

    async def announce(self) -> None:
        """Ask the server, and say what was not said yet. Raises PlaygroundError."""
        notices = await self._read()
        new = [notice for notice in notices if notice not in self._said]
        self._said.update(new)
        if new:
            self._app.details = _details(notices)
            self._app.notify(_summary(new), timeout=5, markup=False)

    async def show(self) -> None:
        """All of them, to read and copy. Raises PlaygroundError."""
        self._app.show_details(*_details(await self._read()))

    async def _read(self) -> list[str]:
        client = self._app.client
        return await client.graphs.notices() if client else []


def _details(notices: Sequence[str]) -> tuple[str, str, str]:
    if not notices:
        return "There is nothing to say: the project runs as its langgraph.json says.", "", TITLE
    sentence = f"{count(len(notices), 'thing')} to know about this project on this server:"
    return sentence, "\n".join(f"• {notice}" for notice in notices), TITLE


def _summary(notices: Sequence[str]) -> str:
    """A short line or two: the one notice if it is short, else how many there are; F2 has all of it."""
    if len(notices) == 1 and len(notices[0]) <= _SHORT:
        return f"{one_line(notices[0])} (F2)"
    return f"{count(len(notices), 'project notice')}: F2 shows {'it' if len(notices) == 1 else 'them'}."
