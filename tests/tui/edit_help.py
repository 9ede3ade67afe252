"""Driving the Edit screen: the real app against a real server, without a sleep."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from textual.pilot import Pilot

from playground.client.target import Target
from playground.tui.app import PlaygroundApp
from playground.tui.forms.document import Path
from playground.tui.screens.edit import EditScreen
from playground.tui.widgets.form_cells import FieldState
from playground.tui.widgets.form_info import FieldInfo
from playground.tui.widgets.form_rows import FormRows
from playground.tui.widgets.form_text_area import PlainTextArea
from tests.tui.screen_text import screen_text

NOW = datetime(2026, 1, 2, 12, 4, tzinfo=UTC)
HEAT = ("context", "temperature")
PROMPT = ("context", "system_prompt")


class Driver:
    """The app on the Edit screen, and what a test asks of it."""

    def __init__(self, app: PlaygroundApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def screen(self) -> EditScreen:
        """The Edit screen, also while a dialog is over it."""
        found = self.app.screen_stack[0]
        assert isinstance(found, EditScreen)
        return found

    async def until(self, condition: Callable[[], Any], seconds: float = 15) -> None:
        """Wait for what the screen becomes by itself."""
        async with asyncio.timeout(seconds):
            while not condition():
                await self.pilot.pause(0.01)

    async def open(self, assistant_id: str, version: int | None = None) -> None:
        """Open an assistant on the Edit screen."""
        self.app.edit(assistant_id, version)
        await self.until(lambda: isinstance(self.app.screen, EditScreen) and self.screen.session is not None)
        await self.until(lambda: self.screen.form_view.form.has_focus)

    async def press(self, *keys: str) -> None:
        """Press keys."""
        await self.pilot.press(*keys)

    async def type(self, text: str) -> None:
        """Type a text."""
        await self.pilot.press(*["space" if char == " " else char for char in text])

    async def go_to(self, path: Path) -> None:
        """Put the cursor on a field as a user would: with the arrows, and look at it once it is told about."""
        form = self.screen.form_view.form
        form.focus()
        await self.until(lambda: form.has_focus)
        paths = [row.state.path for row in form.rows]
        assert path in paths, f"the form has no field {path}"
        await self.press("home")
        # Textual takes an app that gets no processor time for one that is done: wait for what each key does.
        for step in paths[: paths.index(path) + 1]:
            await self.until(lambda step=step: form.state is not None and form.state.path == step)
            if step != path:
                await self.press("down")
        await self.until(lambda: (told := self.screen.query_one(FieldInfo)._shown[0]) and told.path == path)

    def field(self, *path: str) -> FieldState:
        """What the form shows of a field."""
        return next(row.state for row in self.screen.form_view.form.rows if row.state.path == path)

    async def click_value(self, path: Path, cell: int = 1) -> None:
        """Click on a field's value, so many cells from its left edge."""
        painted = self.screen.query_one(FormRows)
        row = next(row for row in painted.rows if row.state.path == path)
        await self.pilot.click(painted, offset=(painted.value_start + cell, painted.line_of(row)))

    def context_text(self, notation: str) -> PlainTextArea:
        """Where the whole context is edited as text."""
        return next(text.area for text in self.screen.views.texts if text.notation == notation)

    def text(self) -> str:
        """The whole screen as text."""
        return screen_text(self.app)

    def told(self) -> str:
        """What the toasts say."""
        return "\n".join(str(notification.message) for notification in self.app._notifications)


@asynccontextmanager
async def run(target: Target, *, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Driver]:
    """The app, connected."""
    app = PlaygroundApp(target, clock=lambda: NOW)
    async with app.run_test(size=size) as pilot:
        driver = Driver(app, pilot)
        await driver.until(lambda: app.client is not None, 60)
        yield driver


@asynccontextmanager
async def edit(
    server: Any, assistant_id: str | None, *, size: tuple[int, int] = (120, 40), version: int | None = None
) -> AsyncIterator[Driver]:
    """The app, attached to a server (its `url` and `key`), with the assistant open on the Edit screen."""
    async with run(Target(project=None, store=None, url=server.url, key=server.key), size=size) as driver:
        if assistant_id is None:
            await driver.press("2")
            await driver.until(lambda: isinstance(driver.app.screen, EditScreen))
        else:
            await driver.open(assistant_id, version)
        yield driver
