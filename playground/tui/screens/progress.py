"""Something that takes a while: how far it is, and a button that stops it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Button, ProgressBar, Static

from playground.tui.screens.dialogs import Dialog
from playground.tui.text import MUTED, one_line, safe

if TYPE_CHECKING:
    from playground.client.transfer import OnStep, Step
    from playground.tui.app import PlaygroundApp

T = TypeVar("T")

_SOON: Final = 0.3
"""Seconds: what is done by then shows no dialog."""


class Progress(Dialog[None]):
    """A bar, and what is at work. Escape and the button stop it; what stops cleanly says what is there."""

    DEFAULT_CSS = """
    Progress {
        ProgressBar { width: 1fr; margin-bottom: 1; }
        ProgressBar Bar { width: 1fr; }
        #what { height: 1; margin-bottom: 1; }
    }
    """

    def __init__(self, title: str, stop: Callable[[], None]) -> None:
        super().__init__(title)
        self._stop = stop
        self._stopping = False
        self._step: Step | None = None

    def compose_body(self) -> ComposeResult:
        """The bar over what is at work."""
        yield ProgressBar(show_eta=False)
        yield Static(id="what")
        with Horizontal(id="buttons"):
            yield Button("Stop", id="stop", compact=True)

    def on_mount(self) -> None:
        """Show how far it is already; Enter stops it."""
        self.query_one("#stop").focus()
        self._show()

    def step(self, step: "Step") -> None:
        """Show how far it is."""
        self._step = step
        if self.is_mounted:
            self._show()

    def _show(self) -> None:
        step = self._step
        if step is None:
            self.query_one("#what", Static).update(safe("Reading…", MUTED))
            return
        self.query_one(ProgressBar).update(total=step.total, progress=step.done)
        if not self._stopping:
            self.query_one("#what", Static).update(
                safe(f"{step.done:,} of {step.total:,} · {one_line(step.what, 60)}", MUTED)
            )

    @on(Button.Pressed, "#stop")
    def action_cancel(self) -> None:
        """Stop after what is at work now."""
        self._stopping = True
        self.query_one("#stop", Button).disabled = True
        self.query_one("#what", Static).update(safe("Stopping…", MUTED))
        self._stop()


async def with_progress(
    app: "PlaygroundApp", title: str, work: "Callable[[OnStep], Awaitable[T]]", stop: Callable[[], None] | None = None
) -> T:
    """Await the work, and show how far it is if it takes longer than a moment.

    Without a `stop` of its own the work is cancelled, and CancelledError raised.
    """
    dialog: Progress
    task: asyncio.Future[T]

    def halt() -> None:
        if stop is None:
            task.cancel()
        else:
            stop()

    dialog = Progress(title, halt)
    task = asyncio.ensure_future(work(dialog.step))
    try:
        await asyncio.wait({task}, timeout=_SOON)
        if not task.done():
            await app.push_screen(dialog)
            await asyncio.wait({task})
    finally:
        task.cancel()
        if dialog.is_current:
            dialog.dismiss()
    return task.result()
