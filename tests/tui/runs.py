"""What the tests of Compare and Threads share: an app on a real server, and ways to wait for it."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from playground.client.target import Target
from playground.tui.app import PlaygroundApp
from playground.tui.screens.compare import CompareScreen
from playground.tui.screens.threads import ThreadsScreen
from playground.tui.widgets.run_input import RunInput
from tests.servers import Server

PROJECT = Path(__file__).parent / "project"
NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)

HOSTILE = "[/bold] [red]x[/] \x1b[31mred\x07 \u202egnp.exe SURROGATE $accent {0} ```\n| a |\n[link](javascript:x)"


class TestApp(PlaygroundApp):
    """The app, saying the same place wherever the tests run."""

    __test__ = False

    @property
    def place(self) -> str:
        return "~/code/tests"


@dataclass
class Running:
    """An app that is connected, and the pilot that drives it."""

    app: PlaygroundApp
    pilot: Pilot[None]

    @property
    def compare(self) -> CompareScreen:
        assert isinstance(self.app.screen_stack[0], CompareScreen)
        return self.app.screen_stack[0]

    @property
    def threads(self) -> ThreadsScreen:
        assert isinstance(self.app.screen_stack[0], ThreadsScreen)
        return self.app.screen_stack[0]

    async def until(self, condition: Callable[[], Any], what: str = "it") -> None:
        """Let the app work until the condition holds, on a busy machine, too: a new server first imports its graphs."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            await self.pilot.pause(0.01)
            if condition():
                return
        raise AssertionError(f"{what} did not happen")

    async def open_compare(self, *refs: str) -> CompareScreen:
        self.app.compare(list(refs))
        await self.until(
            lambda: (
                isinstance(self.app.screen, CompareScreen)
                and len(self.compare.panes) == len(refs)
                and isinstance(self.app.focused, RunInput)
            ),
            "the panes",
        )
        return self.compare

    async def open_chat(self, ref: str, thread_id: str | None = None) -> ThreadsScreen:
        shown = self.app.screen.conversation if isinstance(self.app.screen, ThreadsScreen) else None
        self.app.chat(ref, thread_id)
        await self.until(
            lambda: (
                isinstance(self.app.screen, ThreadsScreen)
                and self.threads.conversation is not None
                and self.threads.conversation is not shown
                and self.threads.conversation.runnable is not None
                and self.threads.conversation.thread_id == thread_id
                and (isinstance(self.app.focused, RunInput) or self.threads.pane.card.has_focus_within)
            ),
            "the thread",
        )
        return self.threads

    async def write(self, text: str) -> None:
        """Type a line."""
        await self.pilot.press(*(_KEYS.get(character, character) for character in text))

    async def type(self, text: str) -> None:
        """Type a line and send it."""
        await self.write(text)
        await self.pilot.press("enter")

    async def leave_input(self) -> None:
        """Escape from the input to its pane: until then, letters are text."""
        await self.until(lambda: isinstance(self.app.focused, RunInput), "the focus on the input")
        await self.pilot.press("escape")
        await self.until(lambda: not isinstance(self.app.focused, RunInput), "the focus on the pane")

    async def all_done(self, *statuses: str) -> None:
        """Every pane of the comparison has one of these statuses."""
        wanted = statuses or ("done",)
        await self.until(
            lambda: all(pane.conversation.status in wanted for pane in self.compare.panes), f"all panes {wanted}"
        )


_KEYS = {
    " ": "space",
    ".": "full_stop",
    ",": "comma",
    "{": "left_curly_bracket",
    "}": "right_curly_bracket",
    '"': "quotation_mark",
    ":": "colon",
    "?": "question_mark",
}


@asynccontextmanager
async def running(server: Server, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Running]:
    """The app on this server, connected."""
    app = TestApp(Target(url=server.url, key=server.key), clock=lambda: NOW)
    async with app.run_test(size=size) as pilot:
        run = Running(app, pilot)
        await run.until(lambda: app.client is not None, "the connection")
        yield run


async def two_versions(server: Server, name: str, first: dict[str, Any], second: dict[str, Any]) -> str:
    """An assistant of `sayer` with two versions; its id."""
    client = server.client()
    made = await client.assistants.create("sayer", name=name, context=first)
    await client.assistants.update(made["assistant_id"], context=second)
    return str(made["assistant_id"])
