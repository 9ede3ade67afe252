"""What was typed and not sent: kept on the server, so that it outlives a crash of the playground."""

import asyncio
from typing import TYPE_CHECKING, Final

from textual.timer import Timer

from playground.client.errors import PlaygroundError
from playground.tui.widgets.run_input import RunInput

if TYPE_CHECKING:
    from playground.tui.screens.base import PlaygroundScreen

_QUIET: Final = 0.5  # seconds without a key, after which the text is written


class Unsent:
    """One text a place: a thread, the panes of a comparison.

    `restore` when another place is opened, `move` when the same one is called otherwise, `note` on every change.
    """

    def __init__(self, screen: "PlaygroundScreen") -> None:
        self._screen = screen
        self._place: str | None = None
        self._timer: Timer | None = None
        self._kept: str | None = None
        self._noted: str | None = None  # not written yet
        self._writing = asyncio.Lock()  # of two texts the later one stays

    @property
    def place(self) -> str | None:
        """Where the text belongs."""
        return self._place

    async def restore(self, field: RunInput, place: str) -> None:
        """Show what was typed there. What is typed while that is being read stays."""
        client = self._screen.client
        if place == self._place or client is None:
            return
        if self._place is not None:
            self._write_now(field.text)
            field.clear()
        self._place, self._kept = place, None
        try:
            kept = await client.notes.value(_key(place))
        except PlaygroundError:
            return  # the text is a convenience: the thread opens without it
        if isinstance(kept, str) and kept and place == self._place and not field.text:
            field.text = self._kept = kept
            field.move_cursor(field.document.end)

    def move(self, field: RunInput, place: str) -> None:
        """What is typed goes along to the place's new name; under the one before it doesn't come back."""
        if place == self._place:
            return
        before, self._place = self._place, place
        kept, self._kept = self._kept, None
        if before is not None and kept:
            self._start(before, "")
        self._write_now(field.text)

    def note(self, text: str) -> None:
        """The text has changed: write it when the keys are quiet."""
        if self._timer is not None:
            self._timer.stop()
        self._noted = text
        self._timer = self._screen.set_timer(_QUIET, lambda: self._write_now(text))

    async def flush(self) -> None:
        """The screen goes: what was typed within the last moment is written."""
        if self._timer is not None:
            self._timer.stop()
        text = self._noted
        if self._place is not None and text is not None and text != (self._kept or ""):
            await self._write(self._place, text)

    def _write_now(self, text: str) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._noted = None
        if self._place is not None and text != (self._kept or ""):
            self._kept = text
            self._start(self._place, text)

    def _start(self, place: str, text: str) -> None:
        self._screen.run_worker(self._write(place, text), group="unsent", exit_on_error=False)

    async def _write(self, place: str, text: str) -> None:
        client = self._screen.client
        if client is None:
            return
        async with self._writing:
            try:
                await client.notes.set_value(_key(place), text or None)
            except PlaygroundError:
                self._kept = None  # it is still in the field: the next key tries again


def _key(place: str) -> str:
    return f"unsent/{place}"
