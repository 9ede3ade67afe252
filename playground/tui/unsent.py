"""What was typed and not sent: kept on the server, so that it outlives a crash of the playground."""

from typing import TYPE_CHECKING, Final

from textual.timer import Timer

from playground.client.errors import PlaygroundError
from playground.tui.widgets.run_input import RunInput

if TYPE_CHECKING:
    from playground.tui.screens.base import PlaygroundScreen

_QUIET: Final = 0.5  # seconds without a key, after which the text is written


class Unsent:
    """One text a place: a thread, a comparison. `restore` when another place is opened, `note` on every change."""

    def __init__(self, screen: "PlaygroundScreen") -> None:
        self._screen = screen
        self._place: str | None = None
        self._timer: Timer | None = None
        self._kept: str | None = None

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

    def move(self, place: str) -> None:
        """The place has another name from now on."""
        self._place = place

    def note(self, text: str) -> None:
        """The text has changed: write it when the keys are quiet."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._screen.set_timer(_QUIET, lambda: self._write_now(text))

    def _write_now(self, text: str) -> None:
        if self._timer is not None:
            self._timer.stop()
        if self._place is not None and text != (self._kept or ""):
            self._kept = text
            self._screen.run_worker(self._write(self._place, text), group="unsent", exit_on_error=False)

    async def _write(self, place: str, text: str) -> None:
        client = self._screen.client
        if client is None:
            return
        try:
            await client.notes.set_value(_key(place), text or None)
        except PlaygroundError:
            self._kept = None  # it is still in the field: the next key tries again


def _key(place: str) -> str:
    return f"unsent/{place}"
